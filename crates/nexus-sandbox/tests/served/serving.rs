//! Starting and stopping the server, and its clock.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::support::*;
use nexus_sandbox::{Options, Sandbox, Serving};
use serde_json::json;

#[test]
fn sandbox_stops_with_open_connections() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let address = sandbox.url().strip_prefix("http://").unwrap().to_owned();
    assert!(!address.ends_with(":0"), "{address}");
    let mut wires = [0; 3].map(|_| Wire::new(&sandbox));
    for wire in &mut wires {
        assert_eq!(wire.ask("GET", "/_sandbox/state", &[], b"").0, 200);
    }
    // One in the middle of a request that never ends.
    wires[0].write(format!("POST /_sandbox/reset HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{{").as_bytes());
    let (ended, end) = mpsc::channel();
    thread::spawn(move || {
        sandbox.stop();
        ended.send(()).unwrap();
    });
    assert_eq!(end.recv_timeout(PATIENCE), Ok(()), "it does not wait for its clients");
    for mut wire in wires {
        assert!(wire.is_closed());
    }
    assert_eq!(TcpStream::connect(&address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn dropping_stops_it_and_two_do_not_know_each_other() {
    let (first, second) = (Sandbox::start(Options::default()).unwrap(), Sandbox::start(Options::default()).unwrap());
    assert_ne!(first.url(), second.url());
    let mut serving = Serving::default();
    serving.port = second.url().rsplit(':').next().unwrap().parse().unwrap();
    let taken = Sandbox::start_with(Options::default(), serving);
    assert_eq!(taken.unwrap_err().kind(), ErrorKind::AddrInUse);
    Caller::new(&first).made("333312345");
    assert_eq!(Caller::new(&second).get("GET", "/micro_deposits", ""), json!({"micro_deposits": []}));
    let address = first.url().strip_prefix("http://").unwrap().to_owned();
    drop(first);
    assert_eq!(TcpStream::connect(&address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    assert_eq!(Caller::new(&second).get("GET", "/micro_deposits", ""), json!({"micro_deposits": []}));
}

#[test]
fn the_clock_moves_by_itself_only_if_asked_to() {
    let now = |caller: &Caller| caller.get("GET", "/_sandbox/state", "")["now"].as_str().unwrap().to_owned();
    let still = Sandbox::start(Options::default()).unwrap();
    let mut serving = Serving::default();
    serving.real_time = true;
    let moving = Sandbox::start_with(Options::default(), serving).unwrap();
    let (still, caller) = (Caller::new(&still), Caller::new(&moving));
    let begun = now(&caller);
    while now(&caller) == begun {
        thread::sleep(Duration::from_millis(5));
    }
    assert!(now(&caller) > begun);
    // ISO 8601 of one form: later is greater.
    moving.advance(Duration::from_secs(86_400));
    let next_day = now(&caller);
    assert!(*"2026-01-06T09:00:00.000Z" < *next_day && *next_day < *"2026-01-06T10:00:00.000Z", "{next_day}");
    assert_eq!(now(&still), "2026-01-05T09:00:00.000Z");
}
