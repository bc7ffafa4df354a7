//! Lists that are longer than one part, and headers that come twice.

use std::io::{BufRead, Read};

use crate::support::*;
use nexus_sandbox::{Call, ListShape, Options, Policy, Sandbox};
use nexus_types::MEDIA_TYPE;

/// A sandbox with so many pre-initiated records of its first user.
fn filled(policy: Policy, count: usize) -> Sandbox {
    let mut options = Options::default();
    options.policy = policy;
    let sandbox = Sandbox::start(options).unwrap();
    let token = sandbox.credentials().session_token.clone();
    sandbox.with_world(|world| {
        for number in 0..count {
            let body = format!(
                r#"{{"micro_deposit":{{"first_name":"Josh","last_name":"Boy","email":"user{number}@example.com"}}}}"#
            );
            let mut call = Call::new("POST", "/micro_deposits");
            (call.session_token, call.content_type, call.body) = (Some(&*token), Some(MEDIA_TYPE), body.as_bytes());
            assert_eq!(world.respond(&call).status, 200);
        }
    });
    sandbox
}

/// What a list is in process, where it is whole.
fn whole(sandbox: &Sandbox) -> String {
    let token = sandbox.credentials().session_token.clone();
    let mut call = Call::new("GET", "/micro_deposits");
    call.session_token = Some(&token);
    String::from_utf8(sandbox.with_world(|world| world.respond(&call)).body).unwrap()
}

#[test]
fn a_long_list_arrives_whole_in_parts() {
    for (count, list_shape) in
        [(999, ListShape::Nested), (1000, ListShape::Nested), (1001, ListShape::Nested), (3500, ListShape::Flat)]
    {
        let sandbox = filled(Policy { list_shape, ..Policy::default() }, count);
        let caller = Caller::new(&sandbox);
        let (status, _, body) = caller.ask("GET", "/micro_deposits", "");
        assert_eq!((status, &body), (200, &whole(&sandbox)), "{count}");
        let list: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(list["micro_deposits"].as_array().unwrap().len(), count);
        // Connections are kept, and the next response is whole too.
        assert_eq!(caller.get("GET", "/micro_deposits", "")["micro_deposits"].as_array().unwrap().len(), count);
    }
}

/// Asks for the list by hand, so that what is not read stays unwritten, and gives the wire behind the response's head.
fn asked(sandbox: &Sandbox) -> (Wire, Vec<String>) {
    let mut wire = Wire::new(sandbox);
    let token = sandbox.credentials().session_token.clone();
    wire.write(
        format!("GET /micro_deposits HTTP/1.1\r\nHost: {}\r\nMD-SESSION-TOKEN: {token}\r\n\r\n", host(sandbox))
            .as_bytes(),
    );
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        wire.stream.read_line(&mut line).unwrap();
        if line.trim_end().is_empty() {
            assert!(head.first().is_some_and(|status: &String| status.contains(" 200 ")), "{head:?}");
            return (wire, head);
        }
        head.push(line.trim_end().to_ascii_lowercase());
    }
}

#[test]
fn a_long_list_is_written_as_it_is_read_and_others_are_served_meanwhile() {
    // More than the buffers of a socket hold.
    let sandbox = filled(Policy::default(), 40_000);
    let (mut wire, head) = asked(&sandbox);
    assert!(head.contains(&"transfer-encoding: chunked".to_owned()), "{head:?}");
    let caller = Caller::new(&sandbox);
    let late = caller.made("333312345");
    let mut rest = String::new();
    // The last chunk has no length.
    while !rest.ends_with("\r\n0\r\n\r\n") {
        let mut buffer = [0; 65_536];
        let read = wire.stream.read(&mut buffer).unwrap();
        assert_ne!(read, 0, "it ended early");
        rest.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    assert_eq!(rest.matches("\"guid\"").count() + rest.matches("PREINITIATED").count(), 80_000);
    assert!(!rest.contains(&late), "what was created after the request is in no part of it");
    assert!(whole(&sandbox).contains(&late));
}

#[test]
fn a_reset_ends_a_list_that_is_under_way() {
    let sandbox = filled(Policy::default(), 40_000);
    let (mut wire, _) = asked(&sandbox);
    sandbox.with_world(|world| world.reset());
    let mut rest = Vec::new();
    // Broken off or closed, but never as if it were complete.
    let _ = wire.stream.read_to_end(&mut rest);
    assert!(!rest.ends_with(b"\r\n0\r\n\r\n"));
    assert_eq!(Caller::new(&sandbox).ask("GET", "/micro_deposits", "").0, 200);
}

#[test]
fn every_header_accept_counts() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let token = sandbox.credentials().session_token.clone();
    let ask = |accepts: &[&str]| {
        let mut headers: Vec<(&str, &[u8])> = vec![("MD-SESSION-TOKEN", token.as_bytes())];
        headers.extend(accepts.iter().map(|accept| ("Accept", accept.as_bytes())));
        Wire::new(&sandbox).ask("GET", "/micro_deposits", &headers, b"").0
    };
    assert_eq!(ask(&["text/html", MEDIA_TYPE]), 200);
    assert_eq!(ask(&[MEDIA_TYPE, "text/html"]), 200);
    assert_eq!(ask(&["text/html", "image/png"]), 406);
    assert_eq!(ask(&[]), 200);
}

/// Bytes resident in this process, caller included.
#[cfg(target_os = "linux")]
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

/// A list of a million records is 470 MB; what is held of it at any time is a part.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "minutes unoptimised: cargo test --release -p nexus-sandbox --test served -- --ignored"]
fn a_list_of_a_million_needs_no_more_memory() {
    let sandbox = filled(Policy::default(), 1_000_000);
    let before = resident();
    let (mut wire, _) = asked(&sandbox);
    let (mut received, mut most, mut last) = (0, 0, Vec::new());
    let mut buffer = vec![0; 1 << 20];
    while !last.ends_with(b"\r\n0\r\n\r\n") {
        let read = wire.stream.read(&mut buffer).unwrap();
        assert_ne!(read, 0, "it ended early");
        received += read;
        last = [&last[last.len().saturating_sub(7)..], &buffer[..read]].concat();
        most = most.max(resident().saturating_sub(before));
    }
    assert!(received > 300_000_000, "{received}");
    assert!(most < 16 << 20, "{most} bytes more while {received} were sent");
}
