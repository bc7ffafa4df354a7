//! `HEAD` and `OPTIONS`, headers that come twice, and the ways to the same port.

use std::net::{Ipv6Addr, TcpListener};

use crate::support::*;
use nexus_sandbox::{HostName, Options, Origin, Sandbox, Serving};
use nexus_types::MEDIA_TYPE;

/// The head of a response in lower case, and its body.
fn head(sandbox: &Sandbox, method: &str, path: &str, headers: &[String]) -> (String, String) {
    let mut wire = Wire::new(sandbox);
    let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    for header in headers {
        text.push_str(&format!("{header}\r\n"));
    }
    if !headers.iter().any(|header| header.starts_with("Host")) {
        text.push_str(&format!("Host: {}\r\n", host(sandbox)));
    }
    wire.write(format!("{text}\r\n").as_bytes());
    let mut response = String::new();
    std::io::Read::read_to_string(&mut wire.stream, &mut response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), body.to_owned())
}

fn session(sandbox: &Sandbox) -> String {
    format!("MD-SESSION-TOKEN: {}", sandbox.credentials().session_token)
}

#[test]
fn head_is_a_get_without_its_body() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Caller::new(&sandbox);
    let guid = caller.made("333312345");
    let without_date =
        |head: &str| head.lines().filter(|line| !line.starts_with("date")).collect::<Vec<_>>().join("\n");
    for (path, status) in [
        (format!("/micro_deposits/{guid}"), 200),
        ("/micro_deposits".to_owned(), 200),
        ("/micro_deposits/MIC-unknown".to_owned(), 404),
        (format!("/_sandbox/state/{guid}"), 200),
        ("/_sandbox/openapi.json".to_owned(), 200),
        ("/_sandbox/tenants".to_owned(), 200),
        ("/nowhere".to_owned(), 404),
    ] {
        let headers = [session(&sandbox)];
        let (got, body) = head(&sandbox, "GET", &path, &headers);
        let (bare, nothing) = head(&sandbox, "HEAD", &path, &headers);
        assert!(bare.starts_with(&format!("http/1.1 {status}")), "{bare}");
        assert!(bare.contains(&format!("content-length: {}", body.len())), "{path}: {bare}");
        // A read counts, so the length of the state may differ; nothing else.
        if !path.contains("/state/") {
            assert_eq!(without_date(&bare), without_date(&got), "{path}");
        }
        assert_eq!(nothing, "", "{path}");
    }
    let (refused, _) = head(&sandbox, "HEAD", "/_sandbox/reset", &[]);
    assert!(refused.starts_with("http/1.1 405") && refused.contains("allow: post, options"), "{refused}");
}

#[test]
fn options_says_what_a_path_has() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    for (path, allowed) in [
        ("/micro_deposits", "get, head, post, options"),
        ("/sessions", "post, options"),
        ("/_sandbox/faults", "get, head, post, delete, options"),
        ("/_sandbox/t/default/faults", "get, head, post, delete, options"),
        ("/_sandbox/tenants/x", "delete, options"),
    ] {
        let (head, body) = head(&sandbox, "OPTIONS", path, &[]);
        assert!(head.starts_with("http/1.1 204") && body.is_empty(), "{path}: {head}");
        assert!(head.lines().any(|line| line == format!("allow: {allowed}")), "{path}: {head}");
        assert!(!head.contains("access-control") && !head.contains("vary"), "{head}");
    }
    assert!(head(&sandbox, "OPTIONS", "/nowhere", &[]).0.starts_with("http/1.1 404"));
    assert_eq!(sandbox.with_world(|world| world.requests_received()), 1, "the one for the unknown path");
}

#[test]
fn a_second_accept_goes_on_with_the_first() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let ask = |accepts: &[&str]| {
        let mut headers = vec![session(&sandbox)];
        headers.extend(accepts.iter().map(|accept| format!("Accept: {accept}")));
        head(&sandbox, "GET", "/micro_deposits", &headers).0[9..12].to_owned()
    };
    assert_eq!(ask(&["text/html", MEDIA_TYPE]), "200");
    assert_eq!(ask(&[MEDIA_TYPE, "text/html"]), "200");
    assert_eq!(ask(&["text/html", "image/png"]), "406");
}

#[test]
fn cors_is_by_name_for_the_api_and_for_nobody_else() {
    let mut serving = Serving::default();
    serving.cors_origins =
        ["http://localhost:3000", "https://app.example"].map(|one| Origin::new(one).unwrap()).to_vec();
    let named = Sandbox::start_with(Options::default(), serving).unwrap();
    let plain = Sandbox::start(Options::default()).unwrap();
    let preflight = |origin: &str| {
        [
            format!("Origin: {origin}"),
            "Sec-Fetch-Site: same-site".to_owned(),
            "Sec-Fetch-Mode: cors".to_owned(),
            "Access-Control-Request-Method: PUT".to_owned(),
            "Access-Control-Request-Headers: content-type,md-session-token".to_owned(),
        ]
    };
    let lines = |head: &str| -> Vec<String> {
        let ours = |line: &&str| line.starts_with("access-control") || line.starts_with("vary");
        head.lines().filter(ours).map(str::to_owned).collect()
    };
    // Sandbox, path, origin; the status of the preflight, and whether the page may.
    for (sandbox, path, origin, status, admitted) in [
        (&named, "/micro_deposits/MIC-1", "http://localhost:3000", 204, true),
        (&named, "/sessions", "https://app.example", 204, true),
        (&named, "/sandbox-client/users/user-1/urls.json", "http://localhost:3000", 204, true),
        (&named, "/micro_deposits", "http://localhost:3001", 403, false),
        (&named, "/micro_deposits", "http://localhost:3000.evil.example", 403, false),
        (&named, "/micro_deposits", "null", 403, false),
        (&named, "/_sandbox/state", "http://localhost:3000", 403, false),
        (&named, "/_sandbox/tenants", "http://localhost:3000", 403, false),
        (&named, "/nowhere", "http://localhost:3000", 403, false),
        (&plain, "/micro_deposits", "http://localhost:3000", 403, false),
    ] {
        let (head, _) = head(sandbox, "OPTIONS", path, &preflight(origin));
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{path} {origin}: {head}");
        if !admitted {
            assert!(!head.contains("access-control"), "{path} {origin}: {head}");
            continue;
        }
        let shown = lines(&head);
        for line in [
            format!("access-control-allow-origin: {origin}"),
            "access-control-allow-headers: content-type,md-session-token".to_owned(),
            "access-control-max-age: 600".to_owned(),
            "vary: origin".to_owned(),
        ] {
            assert!(shown.contains(&line), "{line}: {shown:?}");
        }
        assert!(
            shown.iter().any(|line| line.starts_with("access-control-allow-methods: ") && line.contains("options"))
        );
        assert!(!head.contains("credentials") && !head.contains('*'), "{head}");
    }
    // The request itself.
    let asked = |sandbox, origin: &str, more: &[&str]| {
        let mut headers = vec![session(sandbox), format!("Origin: {origin}")];
        headers.extend(more.iter().map(|&one| one.to_owned()));
        head(sandbox, "GET", "/micro_deposits", &headers)
    };
    let (of_page, body) = asked(&named, "http://localhost:3000", &["Sec-Fetch-Site: same-site"]);
    assert!(of_page.starts_with("http/1.1 200") && body.contains("micro_deposits"), "{of_page}");
    assert_eq!(
        lines(&of_page),
        [
            "vary: origin",
            "access-control-allow-origin: http://localhost:3000",
            "access-control-expose-headers: retry-after"
        ]
    );
    let (of_other, _) = asked(&named, "http://localhost:3001", &[]);
    assert_eq!((&of_other[..12], lines(&of_other)), ("http/1.1 200", vec!["vary: origin".to_owned()]));
    let (of_plain, _) = asked(&plain, "http://localhost:3000", &[]);
    assert_eq!((&of_plain[..12], lines(&of_plain)), ("http/1.1 200", Vec::new()), "a program may say what it likes");
}

#[test]
fn other_names_are_served_only_if_given() {
    let mut serving = Serving::default();
    serving.host_names = vec![HostName::new("sandbox.test").unwrap()];
    let named = Sandbox::start_with(Options::default(), serving).unwrap();
    let plain = Sandbox::start(Options::default()).unwrap();
    for (sandbox, name, status) in
        [(&named, "sandbox.test:4000", "200"), (&named, "other.test:4000", "421"), (&plain, "sandbox.test:4000", "421")]
    {
        let (head, body) = head(sandbox, "GET", "/_sandbox/state", &[format!("Host: {name}")]);
        assert_eq!(&head[9..12], status, "{name}");
        assert!(status == "200" || body.contains("--host-name"), "{body}");
    }
}

#[test]
fn both_loopback_addresses_lead_to_the_same_world() {
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        println!("skipped: this machine has no [::1]");
        return;
    }
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let guid = Caller::new(&sandbox).made("333312345");
    let other = host(&sandbox).replace("127.0.0.1", "[::1]");
    let mut wire = Wire::to(&other);
    let headers: [(&str, &[u8]); 1] = [("MD-SESSION-TOKEN", sandbox.credentials().session_token.as_bytes())];
    let read = value(&wire.ask("GET", &format!("/micro_deposits/{guid}"), &headers, b""), 200);
    assert_eq!(read["micro_deposit"]["guid"], guid);
}
