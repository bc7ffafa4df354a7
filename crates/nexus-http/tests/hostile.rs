//! Servers that are silent, slow, endless, broken or hostile: every call ends in time, with a clear error, in bounded memory,
//! and sends the token nowhere else.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "support/nobody.rs"]
mod nobody;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nexus_http::{Client, Limits, RetryPolicy};
use nexus_types::{DepositAmount, Error, ErrorKind, MicrodepositGuid, SessionToken, TransportCause};
use nobody::Nobody;

const CALL: Duration = Duration::from_millis(400);
const TOKEN: &str = "CANARY-TOKEN-0123456789";

/// A server that does as it likes with each connection, once a whole request head has come.
struct Peer {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Peer {
    fn new(behave: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(AtomicUsize::new(0));
        let (counted, behave) = (Arc::clone(&requests), Arc::new(behave));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (counted, behave) = (Arc::clone(&counted), Arc::clone(&behave));
                std::thread::spawn(move || serve(stream, &counted, &*behave));
            }
        });
        Peer { address, requests }
    }

    fn client(&self) -> Client {
        let mut limits = Limits::default();
        (limits.call, limits.reconcile, limits.body) = (CALL, Duration::from_millis(50), 100_000);
        let mut retry = RetryPolicy::default();
        retry.base = Duration::from_millis(1);
        let builder = Client::builder(format!("http://{}", self.address)).limits(limits).retry(retry);
        builder.session_token(SessionToken::new(TOKEN).unwrap()).build().unwrap()
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, counted: &AtomicUsize, behave: &dyn Fn(&mut TcpStream, &str)) {
    let mut head = Vec::new();
    let mut byte = [0];
    while stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
        if head.ends_with(b"\r\n\r\n") {
            counted.fetch_add(1, Ordering::SeqCst);
            let text = String::from_utf8_lossy(&head).to_lowercase();
            let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            if stream.read_exact(&mut body).is_err() {
                return;
            }
            behave(&mut stream, &text);
            head.clear();
        }
    }
}

fn guid() -> MicrodepositGuid {
    MicrodepositGuid::new("MIC-1").unwrap()
}

fn cents() -> DepositAmount {
    DepositAmount::from_cents(9).unwrap()
}

fn respond(stream: &mut TcpStream, head: &str, body: &str) {
    let length = body.len();
    let text = format!("HTTP/1.1 {head}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}");
    let _ = stream.write_all(text.as_bytes());
}

/// The least of three, for a busy machine may be late once; what is systematic is late three times.
fn ends_in_time(peer: &Peer, call: impl Fn(&Client) -> Error) -> Error {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let client = peer.client();
        let began = Instant::now();
        let error = call(&client);
        best = best.min(began.elapsed());
        if best <= CALL + Duration::from_millis(50) {
            return error;
        }
    }
    panic!("took {best:?} at least");
}

fn read_fails(client: &Client) -> Error {
    client.read(&guid()).expect_err("no response")
}

const DEPOSITED: &str = r#"{"micro_deposit":{"guid":"MIC-1","status":2}}"#;

#[test]
fn silent_slow_and_endless_responses_end_in_time() {
    let forever = |stream: &mut TcpStream, text: &[u8], pause: Duration| {
        while stream.write_all(text).is_ok() {
            std::thread::sleep(pause);
        }
    };
    let second = Duration::from_secs(1);
    let peers = [
        ("silent", Peer::new(|_, _| std::thread::sleep(Duration::from_secs(5)))),
        ("dribbled head", Peer::new(move |stream, _| forever(stream, b"H", second))),
        (
            "endless headers",
            Peer::new(move |stream, _| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
                forever(stream, b"x: y\r\n", Duration::from_millis(20));
            }),
        ),
        (
            "dribbled body",
            Peer::new(move |stream, _| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
                forever(stream, b" ", second);
            }),
        ),
        (
            "endless body",
            Peer::new(move |stream, _| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
                forever(stream, b"1\r\n \r\n", Duration::from_millis(20));
            }),
        ),
        (
            "endless continues",
            Peer::new(move |stream, _| forever(stream, b"HTTP/1.1 100 Continue\r\n\r\n", Duration::from_millis(20))),
        ),
    ];
    for (name, peer) in &peers {
        let error = ends_in_time(peer, read_fails);
        let expected = [ErrorKind::Timeout, ErrorKind::Protocol];
        assert!(expected.contains(&error.kind()), "{name}: {error:?}");
        assert!(!format!("{error:?} {error}").contains("CANARY"), "{name}");
    }
}

#[test]
fn verify_without_response_is_unknown_and_sent_once() {
    let submissions = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&submissions);
    let peer = Peer::new(move |stream, head| match head.starts_with("put") {
        true => {
            counted.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_secs(5));
        }
        false => respond(stream, "200 OK", DEPOSITED),
    });
    let client = peer.client();
    let began = Instant::now();
    let error = client.verify(&guid(), cents(), cents()).expect_err("no response");
    assert!(began.elapsed() < CALL + Duration::from_millis(500));
    assert!(error.outcome_unknown() && error.kind() == ErrorKind::Timeout, "{error:?}");
    assert_eq!(error.last_seen().map(|record| record.status.name()), Some("DEPOSITED"));
    assert_eq!(submissions.load(Ordering::SeqCst), 1);
    // The last look may have been given up before the peer has read it.
    assert!(error.attempts() as usize >= peer.requests().max(3), "the reads before and after are counted too");
}

#[test]
fn large_and_odd_responses_are_clear_errors() {
    let cases: Vec<(&str, String, ErrorKind)> = vec![
        ("over the limit", format!("\"{}\"", "x".repeat(200_000)), ErrorKind::TooLarge),
        ("deep nesting", format!(r#"{{"micro_deposit":{{"guid":{}"#, "[".repeat(90_000)), ErrorKind::NotJson),
        ("HTML", "<html>".to_owned(), ErrorKind::NotJson),
        ("nothing", String::new(), ErrorKind::NotJson),
        ("no guid", r#"{"micro_deposit":{"status":2}}"#.to_owned(), ErrorKind::MissingField),
        ("cut short", DEPOSITED[..30].to_owned(), ErrorKind::NotJson),
    ];
    for (name, body, kind) in cases {
        let peer = Peer::new(move |stream, _| respond(stream, "200 OK", &body));
        let error = read_fails(&peer.client());
        assert_eq!(error.kind(), kind, "{name}: {error:?}");
        assert_eq!(peer.requests(), 1, "{name}: what is odd once is odd again");
    }
}

#[test]
fn wrong_content_length_is_a_clear_error() {
    let flood = Peer::new(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        for number in 0..100_000 {
            if write!(stream, "x-{number}: {}\r\n", "y".repeat(100)).is_err() {
                return;
            }
        }
    });
    let error = read_fails(&flood.client());
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error:?}");
    let short = Peer::new(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{");
        let _ = stream.shutdown(std::net::Shutdown::Both);
    });
    let error = read_fails(&short.client());
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Io, 3), "{error:?}");
    assert!(matches!(error.cause(), Some(TransportCause::Closed | TransportCause::Reset)), "{error:?}");
    let bomb = Peer::new(|stream, _| {
        // Compression is not asked for, so what comes compressed is not decompressed.
        let _ =
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00");
    });
    assert_eq!(read_fails(&bomb.client()).kind(), ErrorKind::NotJson);
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Peer::new(|stream, _| respond(stream, "200 OK", DEPOSITED));
    for status in [301, 302, 303, 307, 308] {
        let target = elsewhere.address;
        let peer = Peer::new(move |stream, _| {
            let text = format!("HTTP/1.1 {status} Moved\r\nlocation: http://{target}/\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.write_all(text.as_bytes());
        });
        let error = read_fails(&peer.client());
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::Redirect, Some(status)));
    }
    assert_eq!(elsewhere.requests(), 0, "the token was not sent elsewhere");
}

#[test]
fn a_connection_that_the_server_has_just_closed_leads_to_no_needless_unknown() {
    // Responds to each request without announcing a close, and closes.
    let peer = Peer::new(|stream, head| {
        let status = if head.starts_with("put") { 3 } else { 2 };
        respond(stream, "200 OK", &format!(r#"{{"micro_deposit":{{"guid":"MIC-1","status":{status}}}}}"#));
        let _ = stream.shutdown(std::net::Shutdown::Both);
    });
    let client = peer.client();
    for _ in 0..100 {
        let outcome = client.verify(&guid(), cents(), cents()).expect("a verdict");
        assert_eq!(outcome.verdict.name(), "verified");
    }
}

#[test]
fn a_proxy_that_dribbles_holds_no_call() {
    let proxy = Peer::new(|stream, head| {
        assert!(head.starts_with("connect "), "{head}");
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx: ");
        while stream.write_all(b"y").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let mut limits = Limits::default();
    limits.call = CALL;
    let ends = |connect: Duration| {
        let mut limits = limits;
        limits.connect = connect;
        let builder = Client::builder("https://localhost:9").proxy(format!("http://{}", proxy.address)).limits(limits);
        let client = builder.session_token(SessionToken::new(TOKEN).unwrap()).build().unwrap();
        let began = Instant::now();
        let error = read_fails(&client);
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
        began.elapsed()
    };
    for connect in [CALL / 4, CALL, CALL * 4] {
        let best = (0..3).map(|_| ends(connect)).min().unwrap();
        assert!(best <= CALL + Duration::from_millis(50), "took {best:?} at least, with {connect:?} to connect");
    }
}

#[test]
fn a_proxy_that_refuses_is_the_cause() {
    let proxy = Peer::new(|stream, _| respond(stream, "403 Forbidden", "CANARY"));
    let builder = Client::builder("https://localhost:9").proxy(format!("http://{}", proxy.address));
    let client = builder.session_token(SessionToken::new(TOKEN).unwrap()).build().unwrap();
    let error = client.verify(&guid(), cents(), cents()).expect_err("no tunnel");
    assert_eq!((error.kind(), error.cause()), (ErrorKind::Connect, Some(TransportCause::ProxyRefused)));
    assert!(!error.outcome_unknown() && !format!("{error:?} {error}").contains("CANARY"), "{error:?}");
}

#[test]
fn connection_refused_is_the_cause() {
    let nobody = Nobody::new();
    let peer = Peer { address: nobody.address(), requests: Arc::default() };
    let error = read_fails(&peer.client());
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    assert_eq!(error.cause(), Some(TransportCause::Refused));
    let error = peer.client().verify(&guid(), cents(), cents()).expect_err("nobody");
    assert!(!error.outcome_unknown(), "{error:?}");
}

#[test]
fn a_call_is_cancelled_from_another_thread() {
    let peer = Peer::new(|_, _| std::thread::sleep(Duration::from_secs(30)));
    let (client, canceller) = peer.client().with_timeout(Duration::from_secs(20)).expect("a time").cancellable();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let call = scope.spawn(|| client.read(&guid()));
        while peer.requests() == 0 {
            std::thread::yield_now();
        }
        canceller.cancel();
        let error = call.join().unwrap().expect_err("cancelled");
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{error:?}");
    });
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn retry_after_is_obeyed_up_to_its_cap_and_told() {
    let peer = Peer::new(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 429 Too Many\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n");
    });
    let began = Instant::now();
    let error = read_fails(&peer.client());
    assert!(began.elapsed() < CALL);
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(Duration::from_secs(3600))));
    assert_eq!(peer.requests(), 1);
}

#[test]
fn an_outage_is_not_multiplied() {
    let peer = Peer::new(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n");
    });
    let client = peer.client();
    for _ in 0..100 {
        assert_eq!(read_fails(&client).kind(), ErrorKind::Server);
    }
    assert_eq!(peer.requests(), 110, "a hundred calls and the budget of ten retries");
}
