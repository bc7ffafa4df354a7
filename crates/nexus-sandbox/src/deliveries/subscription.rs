//! [`Subscription`]: where webhook events go, which of them, and how the sender shows who it is.

use std::fmt;

use crate::json_reader::Problem;
use hyper::Uri;

/// Where webhook events go.
///
/// Printing it shows neither secrets nor the query of the address.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subscription {
    /// `https://` anywhere; `http://` on loopback, and at the hosts of
    /// [`Options::webhook_hosts`](crate::Options::webhook_hosts).
    pub url: String,
    /// Whether events with the action `created` go there.
    pub created: bool,
    /// Whether events with the action `updated` go there.
    pub updated: bool,
    /// How the sender shows who it is.
    pub auth: WebhookAuth,
}

/// How the sender of a webhook shows who it is: the documented ways that need no certificate (domain.md 8).
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum WebhookAuth {
    /// It does not.
    #[default]
    None,
    /// HTTP's basic authentication.
    Basic {
        /// The user's name; without a colon.
        username: String,
        /// The password.
        password: String,
    },
    /// A bearer token that it gets by OAuth 2 client credentials, and keeps until the token's life is over.
    Bearer {
        /// Where it gets the token. The same rules as for the address of the events.
        token_url: String,
        /// The client's identifier there.
        client_id: String,
        /// The client's secret there.
        client_secret: String,
        /// The scope to ask for.
        scope: Option<String>,
    },
}

/// No address or credential is longer.
const LONGEST: usize = 2048;

impl Subscription {
    /// Every event, without authentication.
    pub fn new(url: impl Into<String>) -> Subscription {
        Subscription { url: url.into(), created: true, updated: true, auth: WebhookAuth::None }
    }

    /// The same with this authentication.
    #[must_use]
    pub fn with_auth(mut self, auth: WebhookAuth) -> Subscription {
        self.auth = auth;
        self
    }

    /// Whether it can be sent to. `hosts` may be reached without TLS, beside loopback.
    pub(crate) fn check(&self, hosts: &[String]) -> Result<(), Problem> {
        address("url", &self.url, hosts)?;
        if !self.created && !self.updated {
            return Err(Problem::new("actions", "must name created, updated or both"));
        }
        match &self.auth {
            WebhookAuth::None => Ok(()),
            WebhookAuth::Basic { username, password } => {
                text("username", username)?;
                text("password", password)?;
                if username.contains(':') { Err(Problem::new("username", "must have no colon")) } else { Ok(()) }
            }
            WebhookAuth::Bearer { token_url, client_id, client_secret, scope } => {
                address("token_url", token_url, hosts)?;
                text("client_id", client_id)?;
                text("client_secret", client_secret)?;
                scope.as_deref().map_or(Ok(()), |scope| text("scope", scope))
            }
        }
    }

    /// The address as it may be shown: a query may hold a secret.
    pub(crate) fn shown_url(&self) -> String {
        match self.url.split_once('?') {
            Some((before, _)) => format!("{before}?***"),
            None => self.url.clone(),
        }
    }
}

impl WebhookAuth {
    /// `none`, `basic` or `bearer`.
    pub fn name(&self) -> &'static str {
        match self {
            WebhookAuth::None => "none",
            WebhookAuth::Basic { .. } => "basic",
            WebhookAuth::Bearer { .. } => "bearer",
        }
    }
}

fn text(field: &'static str, text: &str) -> Result<(), Problem> {
    let fits = (1..=LONGEST).contains(&text.len()) && !text.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(Problem::new(field, "must be 1 to 2048 characters")) }
}

/// Plain HTTP would show account numbers and passwords to a network; only what stays on this machine, or in a network that
/// somebody named, may have it.
fn address(field: &'static str, url: &str, hosts: &[String]) -> Result<(), Problem> {
    let wrong = || Problem::new(field, "must be an address that begins with http:// or https://");
    let printable = url.len() <= LONGEST && url.bytes().all(|byte| byte.is_ascii_graphic());
    let parsed: Uri = url.parse().ok().filter(|_| printable).ok_or_else(wrong)?;
    let authority = parsed.authority().ok_or_else(wrong)?;
    if authority.as_str().contains('@') {
        return Err(Problem::new(field, "must hold no credentials; they belong into auth"));
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let loopback = host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    let named = hosts.iter().any(|named| named.eq_ignore_ascii_case(host));
    match parsed.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if loopback || named => Ok(()),
        Some("http") => Err(Problem::new(
            field,
            "must be https, or on loopback, or at a host that was named when the sandbox began",
        )),
        _ => Err(wrong()),
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("url", &self.shown_url())
            .field("created", &self.created)
            .field("updated", &self.updated)
            .field("auth", &self.auth)
            .finish()
    }
}

impl fmt::Debug for WebhookAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(url: &str, hosts: &[&str]) -> Option<String> {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        Subscription::new(url).check(&hosts).err().map(|problem| problem.to_string())
    }

    #[test]
    fn where_events_may_go() {
        for url in [
            "http://127.0.0.1:9",
            "http://127.9.9.9/x",
            "http://[::1]:9/a?b=c",
            "http://LOCALHOST/",
            "https://example.com/hook",
        ] {
            assert_eq!(complaint(url, &[]), None, "{url}");
        }
        for url in [
            "http://example.com/",
            "http://127.0.0.1.example.com/",
            "http://10.0.0.1/",
            "http://[::2]/",
            "http://localhost.example/",
        ] {
            assert!(complaint(url, &["receiver"]).unwrap().contains("on loopback"), "{url}");
        }
        assert_eq!(complaint("http://receiver:8000/", &["receiver"]), None);
        for url in [
            "",
            "/hook",
            "127.0.0.1:9",
            "ftp://127.0.0.1/",
            "http://",
            "http://127.0.0.1/\r\nX: y",
            "http://127.0.0.1/ü",
        ] {
            assert!(complaint(url, &[]).unwrap().starts_with("url must be an address"), "{url}");
        }
        let complaint = complaint("http://josh:s3cret@127.0.0.1/", &[]).unwrap();
        assert!(complaint.contains("credentials") && !complaint.contains("s3cret"), "{complaint}");
    }

    #[test]
    fn credentials_are_checked_and_not_printed() {
        let basic = |username: &str, password: &str| {
            let auth = WebhookAuth::Basic { username: username.to_owned(), password: password.to_owned() };
            Subscription::new("http://127.0.0.1/hook?key=s3cret").with_auth(auth)
        };
        assert_eq!(basic("josh", "s3cret").check(&[]), Ok(()));
        for (wrong, field) in [
            (basic("jo:sh", "s3cret"), "username"),
            (basic("josh", "s3\ncret"), "password"),
            (basic("", "x"), "username"),
        ] {
            assert_eq!(wrong.check(&[]).unwrap_err().field, field);
        }
        let bearer = WebhookAuth::Bearer {
            token_url: "http://example.com/token".to_owned(),
            client_id: "s3cret".to_owned(),
            client_secret: "s3cret".to_owned(),
            scope: None,
        };
        let bearer = Subscription::new("http://127.0.0.1/").with_auth(bearer);
        assert_eq!(bearer.check(&[]).unwrap_err().field, "token_url");
        for printed in [format!("{:?}", basic("josh", "s3cret")), format!("{bearer:?}")] {
            assert!(!printed.contains("s3cret") && !printed.contains("josh"), "{printed}");
        }
    }
}
