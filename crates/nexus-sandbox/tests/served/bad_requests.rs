//! Requests that break a rule.

use std::net::Shutdown;

use crate::support::*;
use nexus_sandbox::{MediaType, Options, Policy, Sandbox};
use nexus_types::{MEDIA_TYPE, MicrodepositGuid};

/// A request that breaks a rule: method, path, what is sent instead of the right headers, body; the status of the response
/// it and a word that the message must have.
struct Bad {
    method: &'static str,
    path: String,
    instead: Option<(&'static str, &'static [u8])>,
    body: Vec<u8>,
    status: u16,
    names: &'static str,
}

fn bad_requests(guid: &str) -> Vec<Bad> {
    let one = format!("/micro_deposits/{guid}");
    let all = "/micro_deposits";
    let mut out = Vec::new();
    let mut add = |method, path: &str, instead, body: &[u8], status, names| {
        out.push(Bad { method, path: path.to_owned(), instead, body: body.to_vec(), status, names });
    };
    let good = creation("333312345");
    for path in ["/", "/nowhere", "/micro_deposits/", "/micro_deposits/MIC-unknown", "/%FF", "/_sandbox"] {
        add("GET", path, None, b"", 404, "found");
    }
    add("GET", &format!("/{}", "a".repeat(60_000)), None, b"", 404, "found");
    add("GET", &format!("/micro_deposits/{}", "%C3%A9".repeat(9_000)), None, b"", 404, "found");
    for (method, path) in [("DELETE", all), ("PUT", all), ("PATCH", &*one), ("POST", &*one), ("GET", "/sessions")] {
        add(method, path, None, good.as_bytes(), 405, "method");
    }
    for (method, path) in [("POST", all), ("PUT", &*one)] {
        for wrong in ["application/json", "text/plain", "", "application/vnd.mx.nexus.beta+json"] {
            add(method, path, Some(("Content-Type", wrong.as_bytes())), b"{}", 415, "Type");
        }
        add(method, path, Some(("Content-Type", b"\xff\xfe")), b"{}", 415, "Type");
        add(method, path, Some(("Accept", b"text/html, image/*")), b"{}", 406, "Accept");
        add(method, path, Some(("Accept", b"\xff")), b"{}", 406, "Accept");
        add(method, path, Some(("MD-SESSION-TOKEN", b"\xff")), b"{}", 401, "session");
        add(method, path, Some(("MD-SESSION-TOKEN", b"")), b"{}", 401, "session");
        for malformed in [&b""[..], b"{", b"{}{", b"[]", b"null", b"\xff\xfe", b"{\"\xff\":1}", b"{'a':1}", b"\0"] {
            add(method, path, None, malformed, 400, "body");
        }
        add(method, path, None, &[b' '; 65_537], 413, "large");
        add(method, path, None, &vec![b'['; 60_000], 400, "body");
        add(method, path, None, br#"{"extra":1}"#, 400, "extra");
    }
    for (body, names) in [
        (r#"{}"#, "micro_deposit"),
        (r#"{"micro_deposit":1}"#, "micro_deposit"),
        (r#"{"micro_deposit":{}}"#, "first_name"),
        (&*good.replace(r#""Josh""#, "1"), "first_name"),
        (&*good.replace(r#""James""#, "null"), "last_name"),
        (&*good.replace(r#""example@example.com""#, "[]"), "email"),
        (&*good.replace(r#""333312345""#, "333312345"), "account_number"),
        (&*good.replace(r#""CHECKING""#, "{}"), "account_type_name"),
        (&*good.replace(r#""091000019""#, "91000019"), "routing_number"),
        (&*good.replace("first_name", "fist_name"), "fist_name"),
        (&*good.replace("Josh", &"J".repeat(51)), "first_name"),
        (&*good.replace("James", ""), "last_name"),
        (&*good.replace("example@", ""), "email"),
        (&*good.replace("333312345", "123456789012345678"), "account_number"),
        (&*good.replace("CHECKING", "checking"), "account_type_name"),
        (&*good.replace("091000019", "123456789"), "routing_number"),
        (&*good.replace("091000019", "222222226"), "routing_number"),
    ] {
        add("POST", all, None, body.as_bytes(), 400, names);
    }
    for (body, names) in [
        (r#"{"deposit_amount_1":0.09}"#, "deposit_amount_2"),
        (r#"{"micro_deposit":{"deposit_amount_1":0.09,"deposit_amount_2":0.09}}"#, "micro_deposit"),
        (r#"{"deposit_amount_1":"0.09","deposit_amount_2":0.09}"#, "deposit_amount_1"),
        (r#"{"deposit_amount_1":0.09,"deposit_amount_2":1.00}"#, "deposit_amount_2"),
        (r#"{"deposit_amount_1":0.095,"deposit_amount_2":0.09}"#, "deposit_amount_1"),
        (r#"{"deposit_amount_1":9e9223372036854775807,"deposit_amount_2":0.09}"#, "deposit_amount_1"),
        (r#"{"deposit_amount_1":-0.09,"deposit_amount_2":0.09}"#, "deposit_amount_1"),
    ] {
        add("PUT", &one, None, body.as_bytes(), 400, names);
    }
    add("PUT", &one, None, RIGHT.as_bytes(), 409, "status");
    out
}

fn allowed(path: &str) -> Option<&'static str> {
    Some(match path {
        "/micro_deposits" => "GET, HEAD, POST, OPTIONS",
        "/sessions" => "POST, OPTIONS",
        _ => "GET, HEAD, PUT, OPTIONS",
    })
}

#[test]
fn a_bad_request_gets_a_json_error_and_harms_nothing() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Caller::new(&sandbox);
    let guid = caller.made("333300001");
    let mut wire = Wire::new(&sandbox);
    let cases = bad_requests(&guid);
    assert!(cases.len() > 60, "{}", cases.len());
    for bad in cases {
        let at = format!("{} {:.60} {:.60}", bad.method, bad.path, String::from_utf8_lossy(&bad.body));
        let mut headers: Vec<(&str, &[u8])> =
            vec![("MD-SESSION-TOKEN", caller.session.as_bytes()), ("Content-Type", MEDIA_TYPE.as_bytes())];
        headers.retain(|(name, _)| bad.instead.is_none_or(|(other, _)| other != *name));
        headers.extend(bad.instead);
        let response = caller.raw(bad.method, &bad.path, &headers, &bad.body);
        let error = &value(&response, bad.status)["error"];
        assert!(error["code"].is_u64(), "{at}");
        let message = error["message"].as_str().unwrap();
        let mut words = message.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        assert!(words.any(|word| word == bad.names), "{at}: {message}");
        assert_eq!(response.1.as_deref(), allowed(&bad.path).filter(|_| bad.status == 405), "{at}");
        assert_eq!(wire.ask(bad.method, &bad.path, &headers, &bad.body), response, "{at}");
        // The same connection stays usable.
        let next = wire.ask("GET", "/micro_deposits", &[("MD-SESSION-TOKEN", caller.session.as_bytes())], b"");
        assert_eq!(value(&next, 200)["micro_deposits"].as_array().unwrap().len(), 1, "{at}");
    }
    let guid = MicrodepositGuid::new(guid).unwrap();
    assert_eq!(sandbox.with_world(|world| (world.created(), world.attempts(&guid))), (1, Some(0)));
}

#[test]
fn a_policy_admits_application_json() {
    let mut options = Options::default();
    options.policy = Policy { media_type: MediaType::AdmitJson, ..Policy::default() };
    let sandbox = Sandbox::start(options).unwrap();
    let caller = Caller::new(&sandbox);
    for (media_type, status) in [("Application/JSON; charset=utf-8", 200), (MEDIA_TYPE, 200), ("text/json", 415)] {
        let headers: [(&str, &[u8]); 2] =
            [("MD-SESSION-TOKEN", caller.session.as_bytes()), ("Content-Type", media_type.as_bytes())];
        let body = creation(&format!("3333{status}{}", media_type.len()));
        assert_eq!(caller.raw("POST", "/micro_deposits", &headers, body.as_bytes()).0, status, "{media_type}");
    }
}

#[test]
fn a_body_that_breaks_off_or_comes_in_pieces() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Caller::new(&sandbox);
    let head = |length: &str| {
        let (session, host) = (&caller.session, host(&sandbox));
        format!(
            "POST /micro_deposits HTTP/1.1\r\nHost: {host}\r\nMD-SESSION-TOKEN: {session}\r\nContent-Type: {MEDIA_TYPE}\r\n{length}\r\n\r\n"
        )
    };
    for (length, begun) in [
        ("Content-Length: 100", "{\"micro_"),
        ("Transfer-Encoding: chunked", "ff\r\n{\"micro_"),
        ("Transfer-Encoding: chunked", "x\r\n"),
    ] {
        let mut wire = Wire::new(&sandbox);
        wire.write(format!("{}{begun}", head(length)).as_bytes());
        wire.stream.get_mut().shutdown(Shutdown::Write).unwrap();
        let error = value(&wire.response(), 400);
        assert!(error["error"]["message"].as_str().unwrap().contains("body"), "{error}");
    }
    // The client closes the connection in the middle of a request.
    for sent in ["", "GET", "POST /micro_deposits HTTP/1.1\r\n", &head("Content-Length: 9")] {
        Wire::new(&sandbox).write(sent.as_bytes());
    }
    // Longer than the HTTP library reads: no JSON then, but a response.
    assert_eq!(Wire::new(&sandbox).ask("GET", &format!("/{}", "a".repeat(70_000)), &[], b"").0, 414);
    assert_eq!(sandbox.with_world(|world| world.created()), 0);
    let whole = creation("333312345");
    let (first, second) = whole.split_at(20);
    let mut wire = Wire::new(&sandbox);
    wire.write(format!("{}{:x}\r\n{first}\r\n", head("Transfer-Encoding: chunked"), first.len()).as_bytes());
    wire.write(format!("{:x}\r\n{second}\r\n0\r\n\r\n", second.len()).as_bytes());
    assert_eq!(value(&wire.response(), 200)["micro_deposit"]["status_name"], "INITIATED");
}
