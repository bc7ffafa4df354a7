//! Host names: resolving needs no thread for each request, a name gives the same responses as its address, and an unknown name
//! has an error of its own.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use nexus_http::Client;
use nexus_sandbox::{Options, Sandbox};
use nexus_types::{DepositAmount, ErrorKind, MicrodepositGuid, SessionToken, TransportCause};

fn client(address: &str) -> Client {
    Client::builder(address).session_token(SessionToken::new("token").unwrap()).build().unwrap()
}

/// The number that Linux gives to a thread made now; threads and processes are numbered upwards.
#[cfg(target_os = "linux")]
fn next_thread() -> u32 {
    let read = || {
        let own = std::fs::read_link("/proc/thread-self").expect("a thread");
        own.file_name().unwrap().to_str().unwrap().parse().expect("its number")
    };
    std::thread::spawn(read).join().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn requests_by_name_start_no_thread_each() {
    let sandbox = Sandbox::start(Options::default()).expect("a sandbox");
    let port = sandbox.url().rsplit(':').next().unwrap().to_owned();
    let client = client(&format!("http://localhost:{port}"));
    let started = || {
        let before = next_thread();
        for _ in 0..300 {
            assert_eq!(client.list().expect_err("an unknown session").kind(), ErrorKind::Unauthorized);
        }
        next_thread().wrapping_sub(before)
    };
    // Other processes are numbered with ours: the least of several.
    let least = (0..3).map(|_| started()).min().unwrap();
    assert!(least < 50, "{least} threads at least for 300 requests");
}

#[test]
fn an_unknown_name_is_no_connection_and_nothing_was_sent() {
    let client = client("https://nobody.invalid");
    let guid = MicrodepositGuid::new("MIC-1").unwrap();
    let error = client.read(&guid).expect_err("no such name");
    assert_eq!((error.kind(), error.cause()), (ErrorKind::Connect, Some(TransportCause::NameNotFound)), "{error}");
    assert_eq!(error.to_string(), "no connection: the name was not found (in read of MIC-1, 3 requests)");
    let cents = DepositAmount::from_cents(9).unwrap();
    let error = client.verify(&guid, cents, cents).expect_err("no such name");
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Connect, false), "{error}");
}
