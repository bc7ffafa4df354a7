//! The gate, row by row.

use super::*;

const HOST: &str = "127.0.0.1:8080";

fn gate(names: &[&str], origins: &[&str]) -> Gate {
    let names = names.iter().map(|name| HostName::new(name).unwrap()).collect();
    Gate::new(8080, names, origins.iter().map(|origin| Origin::new(origin).unwrap()).collect())
}

fn asking(method: &str) -> Asking<'_> {
    Asking { method, host: Some(HOST), ..Asking::default() }
}

#[test]
fn the_name_in_host() {
    let (plain, named) = (gate(&[], &[]), gate(&["sandbox.test", "proxy.test:9000"], &[]));
    let rows: &[(Option<&str>, bool, bool)] = &[
        (Some("127.0.0.1:8080"), true, true),
        (Some("localhost:8080"), true, true),
        (Some("LOCALHOST:8080"), true, true),
        (Some("[::1]:8080"), true, true),
        (Some("sandbox.test"), false, true),
        (Some("sandbox.test:8080"), false, true),
        (Some("sandbox.test:1"), false, true),
        (Some("proxy.test:9000"), false, true),
        (Some("proxy.test:8080"), false, false),
        (None, false, false),
        (Some(""), false, false),
        (Some("?"), false, false),
        (Some("127.0.0.1"), false, false),
        (Some("127.0.0.1:8081"), false, false),
        (Some("127.0.0.2:8080"), false, false),
        (Some("127.1:8080"), false, false),
        (Some("0.0.0.0:8080"), false, false),
        (Some("localhost.:8080"), false, false),
        (Some("localhost:8080.evil.example"), false, false),
        (Some("evil.example"), false, false),
        (Some("evil.example:8080"), false, false),
        (Some("localhost.evil.example:8080"), false, false),
        (Some("127.0.0.1:8080@evil.example"), false, false),
        (Some("sandbox.test.evil.example"), false, false),
    ];
    for (host, of_plain, of_named) in rows {
        for guard in [Guard::Strict, Guard::Api, Guard::Page] {
            for method in ["GET", "POST", "OPTIONS", "BREW"] {
                let asking = Asking { host: *host, ..asking(method) };
                for (gate, passes) in [(&plain, of_plain), (&named, of_named)] {
                    let wanted = if *passes { Ok(()) } else { Err(Refused::Host) };
                    assert_eq!(gate.pass(guard, &asking), wanted, "{guard:?} {host:?}");
                }
            }
        }
    }
    let other = Asking { authority: Some("evil.example"), ..asking("GET") };
    assert_eq!(plain.pass(Guard::Strict, &other), Err(Refused::Host));
    assert_eq!(plain.pass(Guard::Strict, &Asking { authority: Some(HOST), ..asking("GET") }), Ok(()));
    let usual = Gate::new(80, Vec::new(), Vec::new());
    for host in ["localhost", "localhost:80", "[::1]"] {
        assert_eq!(usual.pass(Guard::Strict, &Asking { host: Some(host), ..asking("GET") }), Ok(()), "{host}");
    }
}

/// Method, origin, site, mode, media type; what becomes of it under `Strict`, `Api` and `Page`.
type Row<'a> = (&'a str, [Option<&'a str>; 4], [Option<Refused>; 3]);

#[test]
fn who_asks() {
    use Refused::{Media, Origin, Site};
    let own = Some("http://127.0.0.1:8080");
    let evil = Some("http://evil.example");
    let front = Some("http://localhost:3000");
    let json = Some("application/json");
    let (cross, same_site, same) = (Some("cross-site"), Some("same-site"), Some("same-origin"));
    let (cors, no_cors, navigate) = (Some("cors"), Some("no-cors"), Some("navigate"));
    let rows: &[Row<'_>] = &[
        // Programs.
        ("GET", [None; 4], [None; 3]),
        ("POST", [None, None, None, json], [None; 3]),
        ("POST", [None, None, None, Some("Application/JSON; charset=utf-8")], [None; 3]),
        ("POST", [None, None, None, Some("application/vnd.mx.nexus.v1+json")], [None; 3]),
        ("POST", [None; 4], [Some(Media), None, Some(Media)]),
        ("DELETE", [None, None, None, Some("text/plain")], [Some(Media), None, Some(Media)]),
        ("POST", [None, None, None, Some("?")], [Some(Media), None, Some(Media)]),
        ("POST", [None, None, None, Some("text/json+json")], [Some(Media), None, Some(Media)]),
        // The sandbox's own pages, and a person at the address bar.
        ("GET", [None, same, cors, None], [None; 3]),
        ("POST", [own, same, cors, json], [None; 3]),
        ("POST", [own, same, cors, Some("text/plain")], [Some(Media), None, Some(Media)]),
        ("GET", [None, Some("none"), navigate, None], [None; 3]),
        // Another page: fetch, form, image, script, frame, link, socket.
        ("POST", [evil, cross, cors, json], [Some(Origin), Some(Site), Some(Origin)]),
        ("POST", [evil, None, None, json], [Some(Origin), None, Some(Origin)]),
        ("POST", [Some("null"), None, None, json], [Some(Origin), None, Some(Origin)]),
        ("POST", [Some("?"), None, None, json], [Some(Origin), None, Some(Origin)]),
        ("POST", [None, cross, navigate, Some("text/plain")], [Some(Site), Some(Site), Some(Site)]),
        ("GET", [None, cross, no_cors, None], [Some(Site); 3]),
        ("GET", [None, same_site, no_cors, None], [Some(Site); 3]),
        ("GET", [evil, cross, cors, None], [Some(Origin), Some(Site), Some(Origin)]),
        ("GET", [evil, None, None, None], [Some(Origin), None, Some(Origin)]),
        ("GET", [evil, cross, Some("websocket"), None], [Some(Origin), Some(Site), Some(Origin)]),
        ("OPTIONS", [evil, cross, cors, None], [Some(Origin), Some(Site), Some(Origin)]),
        ("GET", [None, cross, navigate, None], [Some(Site), Some(Site), None]),
        ("HEAD", [None, cross, navigate, None], [Some(Site), Some(Site), None]),
        ("DELETE", [None, cross, navigate, json], [Some(Site); 3]),
        // Origins that look like ours.
        ("POST", [Some("http://127.0.0.1:8080.evil.example"), None, None, json], [Some(Origin), None, Some(Origin)]),
        ("POST", [Some("http://127.0.0.1:3000"), None, None, json], [Some(Origin), None, Some(Origin)]),
        ("POST", [Some("http://localhost:8080"), None, None, json], [Some(Origin), None, Some(Origin)]),
        ("POST", [Some("127.0.0.1:8080"), None, None, json], [Some(Origin), None, Some(Origin)]),
        // One that is named: for the API alone.
        ("POST", [front, cross, cors, json], [Some(Origin), None, Some(Origin)]),
        ("OPTIONS", [front, same_site, cors, None], [Some(Origin), None, Some(Origin)]),
        // An unknown word of a later browser.
        ("GET", [None, Some("somewhere"), None, None], [Some(Site); 3]),
    ];
    let gate = gate(&[], &["http://localhost:3000"]);
    for (method, [origin, fetch_site, fetch_mode, content_type], wanted) in rows {
        let (origin, fetch_site) = (*origin, *fetch_site);
        let body = !matches!(*method, "GET" | "HEAD" | "OPTIONS");
        let asking =
            Asking { origin, fetch_site, fetch_mode: *fetch_mode, content_type: *content_type, body, ..asking(method) };
        for (guard, refused) in [Guard::Strict, Guard::Api, Guard::Page].into_iter().zip(wanted) {
            let at = format!("{guard:?} {method} {origin:?} {fetch_site:?} {fetch_mode:?} {content_type:?}");
            assert_eq!(gate.pass(guard, &asking).err(), *refused, "{at}");
        }
    }
    // Without a body there is nothing whose media type could be wrong.
    assert_eq!(gate.pass(Guard::Strict, &asking("POST")), Ok(()));
}

#[test]
fn refusals_name_the_rule_and_no_value() {
    for (refused, status, word) in [
        (Refused::Host, 421, "Host"),
        (Refused::Origin, 403, "Origin"),
        (Refused::Site, 403, "Sec-Fetch-Site"),
        (Refused::Media, 403, "Content-Type"),
    ] {
        assert!(refused.status() == status && refused.to_string().contains(word), "{refused}");
    }
}
