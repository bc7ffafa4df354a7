//! [`Sender`]: posts one webhook to its receiver and says what came of it. Only the courier's thread uses it.

use std::collections::HashMap;
use std::io::{self, Read};
use std::net::ToSocketAddrs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, SendBody};

use crate::deliveries::{WebhookAttempt, WebhookAuth, WebhookManner, WebhookOutcome, WebhookTrouble};

const USER_AGENT: &str = concat!("nexus-sandbox/", env!("CARGO_PKG_VERSION"));
/// No response to a request for a token is longer.
const TOKEN_BODY: u64 = 64 * 1024;
/// So long a token lives where its server does not say (assumed).
const TOKEN_LIFE: u64 = 3600;

pub(crate) struct Sender {
    agent: Agent,
    /// By the beginning of the world and the subscription.
    tokens: HashMap<(u64, u32), Token>,
}

/// A token, and until when it lives: by the sandbox's clock, and by the real one, which is its server's.
struct Token {
    text: String,
    until: i64,
    until_real: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

impl Sender {
    /// With other roots than the usual ones if given.
    pub(crate) fn new(roots: Option<&str>) -> Sender {
        let tls = TlsConfig::builder();
        let tls = match roots {
            Some(pem) => tls.root_certs(RootCerts::new_with_certs(&certificates(pem))),
            None => tls,
        };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // A redirect is an answer like another.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            // A receiver that was started anew has forgotten old connections.
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .user_agent(USER_AGENT)
            .tls_config(tls.build())
            .build();
        Sender { agent: config.into(), tokens: HashMap::new() }
    }

    pub(crate) fn send(&mut self, attempt: &WebhookAttempt) -> WebhookOutcome {
        let end = Instant::now() + attempt.timeout;
        let outcome = self.authorization(attempt, end).and_then(|authorization| self.post(attempt, authorization, end));
        if outcome == Ok(401) {
            // Its server may have been started anew.
            self.tokens.remove(&(attempt.generation, attempt.subscription));
        }
        outcome.map_or_else(WebhookOutcome::Failed, WebhookOutcome::Response)
    }

    fn post(
        &self,
        attempt: &WebhookAttempt,
        authorization: Option<String>,
        end: Instant,
    ) -> Result<u16, WebhookTrouble> {
        let mut request = self
            .agent
            .post(&attempt.url)
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header(ACCEPT, "application/json")
            .header(CONTENT_LENGTH, attempt.body.len())
            .config()
            .timeout_global(Some(left(end)?))
            .build();
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let body = |pause, stop| Dribble { body: Arc::clone(&attempt.body), at: 0, pause, stop, end };
        let sent = match attempt.manner {
            WebhookManner::Whole => request.send(&*attempt.body),
            WebhookManner::Slow(pause) => {
                request.send(SendBody::from_owned_reader(body(Some(pause), attempt.body.len())))
            }
            WebhookManner::Reset => request.send(SendBody::from_owned_reader(body(None, attempt.body.len() / 2))),
        };
        sent.map(|response| response.status().as_u16()).map_err(|error| trouble(&error, &attempt.url))
    }

    fn authorization(&mut self, attempt: &WebhookAttempt, end: Instant) -> Result<Option<String>, WebhookTrouble> {
        Ok(match &attempt.auth {
            WebhookAuth::None => None,
            WebhookAuth::Basic { username, password } => {
                let wrong = if attempt.wrong_auth { "-wrong" } else { "" };
                Some(basic(username, &format!("{password}{wrong}")))
            }
            WebhookAuth::Bearer { .. } if attempt.wrong_auth => Some("Bearer wrong".to_owned()),
            WebhookAuth::Bearer { .. } => Some(format!("Bearer {}", self.token(attempt, end)?)),
        })
    }

    /// The subscription's token; a new one where there is none that lives.
    fn token(&mut self, attempt: &WebhookAttempt, end: Instant) -> Result<&str, WebhookTrouble> {
        let (key, now) = ((attempt.generation, attempt.subscription), Instant::now());
        self.tokens.retain(|(generation, _), token| {
            *generation == attempt.generation && token.until > attempt.millis && token.until_real > now
        });
        if !self.tokens.contains_key(&key) {
            let granted = self.grant(attempt, end).ok_or(WebhookTrouble::Token)?;
            let life = granted.expires_in.unwrap_or(TOKEN_LIFE).min(365 * 86_400);
            let until = attempt.millis.saturating_add(i64::try_from(life * 1000).unwrap_or(i64::MAX));
            let until_real = now + Duration::from_secs(life);
            self.tokens.insert(key, Token { text: granted.access_token, until, until_real });
        }
        self.tokens.get(&key).map(|token| token.text.as_str()).ok_or(WebhookTrouble::Token)
    }

    /// Asks for a token by OAuth 2 client credentials (RFC 6749, 4.4), the client by basic authentication (2.3.1).
    fn grant(&self, attempt: &WebhookAttempt, end: Instant) -> Option<Granted> {
        let WebhookAuth::Bearer { token_url, client_id, client_secret, scope } = &attempt.auth else { return None };
        let form = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let scope = scope.as_deref().map_or_else(String::new, |scope| format!("&scope={}", form(scope)));
        let mut response = self
            .agent
            .post(token_url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, basic(&form(client_id), &form(client_secret)))
            .config()
            .timeout_global(Some(left(end).ok()?))
            .build()
            .send(format!("grant_type=client_credentials{scope}"))
            .ok()?;
        let body = response.body_mut().with_config().limit(TOKEN_BODY).read_to_vec().ok()?;
        let granted: Granted = serde_json::from_slice(&body).ok().filter(|_| response.status().is_success())?;
        let fits = !granted.access_token.is_empty() && granted.access_token.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then_some(granted)
    }
}

/// The certificates in a PEM text; what else it holds is left out.
pub(crate) fn certificates(pem: &str) -> Vec<Certificate<'static>> {
    let items = parse_pem(pem.as_bytes()).filter_map(Result::ok);
    let certificate = |item| if let PemItem::Certificate(certificate) = item { Some(certificate) } else { None };
    items.filter_map(certificate).collect()
}

/// The value of `Authorization` for basic authentication.
pub(crate) fn basic(username: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{username}:{password}")))
}

fn left(end: Instant) -> Result<Duration, WebhookTrouble> {
    let left = end.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(WebhookTrouble::Timeout) } else { Ok(left) }
}

fn trouble(error: &ureq::Error, url: &str) -> WebhookTrouble {
    match error {
        ureq::Error::Timeout(_) => WebhookTrouble::Timeout,
        ureq::Error::HostNotFound => WebhookTrouble::UnknownHost,
        ureq::Error::ConnectionFailed => WebhookTrouble::Refused,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) | ureq::Error::TlsRequired => {
            WebhookTrouble::Tls
        }
        ureq::Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused => WebhookTrouble::Refused,
            io::ErrorKind::TimedOut => WebhookTrouble::Timeout,
            // So the TLS library's errors come here.
            io::ErrorKind::InvalidData => WebhookTrouble::Tls,
            // A name that is not found is an error without a kind of its own.
            _ if !is_found(url) => WebhookTrouble::UnknownHost,
            _ => WebhookTrouble::Closed,
        },
        _ => WebhookTrouble::Closed,
    }
}

/// Whether the host of an address is known.
fn is_found(url: &str) -> bool {
    let host = url.parse::<ureq::http::Uri>().ok().and_then(|parsed| parsed.host().map(str::to_owned));
    host.is_some_and(|host| (host.trim_matches(['[', ']']), 0).to_socket_addrs().is_ok())
}

/// A body that comes byte by byte, or breaks off.
struct Dribble {
    body: Arc<[u8]>,
    at: usize,
    pause: Option<Duration>,
    /// Nothing comes from here on.
    stop: usize,
    end: Instant,
}

impl Read for Dribble {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.body.len() {
            return Ok(0);
        }
        if self.at >= self.stop {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let most = match self.pause {
            Some(pause) => {
                let left = self.end.saturating_duration_since(Instant::now());
                std::thread::sleep(pause.min(left));
                if pause >= left {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                1
            }
            None => self.stop - self.at,
        };
        let from = self.body.get(self.at..).unwrap_or_default();
        let mut count = 0;
        for (slot, byte) in buffer.iter_mut().zip(from).take(most) {
            *slot = *byte;
            count += 1;
        }
        self.at += count;
        Ok(count)
    }
}
