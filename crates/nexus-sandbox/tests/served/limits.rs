//! Connections that only hold an open file, and too many of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::*;
use nexus_sandbox::{Effect, Fault, Notice, Options, Sandbox, Serving};
use nexus_types::Operation;

fn serving(change: impl FnOnce(&mut Serving)) -> Sandbox {
    let mut serving = Serving::default();
    change(&mut serving);
    Sandbox::start_with(Options::default(), serving).unwrap()
}

/// The beginning of a request that never ends.
fn half_open(sandbox: &Sandbox) -> Wire {
    let mut wire = Wire::new(sandbox);
    wire.write(b"GET /_sandbox/state HTTP/1.1\r\nHo");
    wire
}

#[test]
fn one_connection_too_many_is_told_so_and_the_others_go_on() {
    static SAID: AtomicUsize = AtomicUsize::new(0);
    fn count(notice: &Notice) {
        assert_eq!(*notice, Notice::TooManyConnections { limit: 4 });
        assert!(notice.to_string().contains("4 connections"), "{notice}");
        SAID.fetch_add(1, Ordering::SeqCst);
    }
    let sandbox = serving(|serving| {
        serving.connections = Some(4);
        serving.notify = Some(count);
    });
    let mut served = Wire::new(&sandbox);
    assert_eq!(served.ask("GET", "/_sandbox/state", &[], b"").0, 200);
    let held = [0; 3].map(|_| half_open(&sandbox));
    for _ in 0..5 {
        let mut refused = Wire::new(&sandbox);
        // The refusal comes unasked, and while the request is on its way.
        refused.write(b"GET /_sandbox/state HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        let error = value(&refused.response(), 503);
        assert!(error["error"]["message"].as_str().unwrap().contains("Too many connections"), "{error}");
        assert!(refused.is_closed());
    }
    assert_eq!(served.ask("GET", "/_sandbox/state", &[], b"").0, 200, "who is in is served");
    assert_eq!(SAID.load(Ordering::SeqCst), 1, "said once");
    drop(held);
    // The server hears of the three ends in its own time.
    let again = || Wire::new(&sandbox).ask("GET", "/_sandbox/state", &[], b"").0;
    while again() != 200 {}
}

#[test]
fn eleven_hundred_half_open_requests_do_not_stop_the_service() {
    let sandbox = serving(|serving| serving.raise_open_files = true);
    let held: Vec<Wire> = (0..1100).map(|_| half_open(&sandbox)).collect();
    let caller = Caller::new(&sandbox);
    let guid = caller.made("333312345");
    assert_eq!(caller.get("GET", &format!("/micro_deposits/{guid}"), "")["micro_deposit"]["guid"], guid);
    assert_eq!(held.len(), 1100);
}

#[test]
fn a_request_that_does_not_end_is_given_up() {
    let sandbox = serving(|serving| serving.request_timeout = Duration::from_millis(40));
    let head = format!("POST /_sandbox/reset HTTP/1.1\r\nHost: {}\r\n", host(&sandbox));
    let json = "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n";
    for begun in ["G", &*head, &format!("{head}{json}"), &format!("{head}{json}{{\"a\"")] {
        let mut wire = Wire::new(&sandbox);
        wire.write(begun.as_bytes());
        assert!(wire.is_closed(), "{begun}");
    }
    // And in the middle of a conversation.
    let mut wire = Wire::new(&sandbox);
    assert_eq!(wire.ask("GET", "/_sandbox/state", &[], b"").0, 200);
    wire.write(b"GET /_san");
    assert!(wire.is_closed());
}

#[test]
fn an_idle_connection_is_closed_and_a_slow_response_is_waited_for() {
    let sandbox = serving(|serving| {
        (serving.idle_timeout, serving.request_timeout) = (Duration::from_millis(40), Duration::from_millis(40));
    });
    let mut idle = [Wire::new(&sandbox), Wire::new(&sandbox)];
    assert_eq!(idle[1].ask("GET", "/_sandbox/state", &[], b"").0, 200);
    for wire in &mut idle {
        assert!(wire.is_closed());
    }
    let caller = Caller::new(&sandbox);
    for slow in [Effect::Delay(Duration::from_millis(400)), Effect::Slow(Duration::from_millis(10))] {
        sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::List, 1, slow)));
        assert_eq!(caller.ask("GET", "/micro_deposits", "").2, r#"{"micro_deposits":[]}"#);
    }
}

#[test]
fn by_default_a_person_in_a_debugger_has_time() {
    let serving = Serving::default();
    assert_eq!((serving.request_timeout.as_secs(), serving.idle_timeout.as_secs()), (120, 1800));
}
