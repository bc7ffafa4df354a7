//! Every route of the tables, called as a web page of another origin would: nothing changes, nothing can be read.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::routes::{Guard, ROUTES, Route, SERVER};
use crate::{Effect, Fault, Options, Sandbox, TenantOptions, World};

const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT"];
const OURS: &str = "HOST";

/// What a page can make a browser send; `HOST` stands for the sandbox's own name and port.
struct Attack {
    what: &'static str,
    headers: &'static [&'static str],
    /// Whether it lets the name of another host through, so that no route at all may serve it.
    renamed: bool,
}

const ATTACKS: [Attack; 10] = [
    Attack { what: "DNS rebinding", headers: &["Host: evil.example"], renamed: true },
    Attack { what: "two hosts", headers: &["Host: HOST", "Host: evil.example"], renamed: true },
    Attack {
        what: "DNS rebinding, with what a browser thinks is its own origin",
        headers: &[
            "Host: evil.example:8080",
            "Origin: http://evil.example:8080",
            "Sec-Fetch-Site: same-origin",
            "Content-Type: application/json",
        ],
        renamed: true,
    },
    Attack {
        what: "fetch, text/plain",
        headers: &[
            "Host: HOST",
            "Origin: http://evil.example",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: no-cors",
            "Content-Type: text/plain",
        ],
        renamed: false,
    },
    Attack {
        what: "fetch, JSON after a preflight that nobody answered",
        headers: &[
            "Host: HOST",
            "Origin: http://evil.example",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: cors",
            "Content-Type: application/json",
        ],
        renamed: false,
    },
    Attack {
        what: "a frame without an origin",
        headers: &["Host: HOST", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"],
        renamed: false,
    },
    Attack {
        what: "a page on another port",
        headers: &[
            "Host: HOST",
            "Origin: http://127.0.0.1:1",
            "Sec-Fetch-Site: same-site",
            "Sec-Fetch-Mode: no-cors",
            "Content-Type: text/plain",
        ],
        renamed: false,
    },
    Attack {
        what: "an image",
        headers: &["Host: HOST", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"],
        renamed: false,
    },
    Attack {
        what: "a form",
        headers: &[
            "Host: HOST",
            "Origin: http://evil.example",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: navigate",
            "Content-Type: application/x-www-form-urlencoded",
        ],
        renamed: false,
    },
    Attack {
        what: "a web socket",
        headers: &[
            "Host: HOST",
            "Origin: http://evil.example",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: websocket",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ],
        renamed: false,
    },
];

/// Everything of a response.
fn ask(host: &str, method: &str, path: &str, headers: &[&str], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    for header in headers {
        text.push_str(&format!("{}\r\n", header.replace(OURS, host)));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(format!("{text}\r\n{body}").as_bytes()).unwrap();
    let mut response = Vec::new();
    // The stream of changes goes on: its first event is enough.
    while !String::from_utf8_lossy(&response).contains("event: hello") {
        let mut part = [0; 4096];
        match stream.read(&mut part).unwrap() {
            0 => break,
            read => response.extend_from_slice(&part[..read]),
        }
    }
    String::from_utf8(response).unwrap()
}

/// What must not change.
fn snapshot(world: &mut World) -> String {
    let events = world.books.outbox.after(0).count();
    let faults = world.faults.all().iter().map(|armed| (armed.id, armed.seen, armed.hits)).collect::<Vec<_>>();
    let (now, statuses) = (world.now, world.statuses());
    let (requests, sessions) = (world.requests_received(), world.sessions_opened());
    // Any page may show a page.
    let counted = ROUTES.iter().zip(&world.served).filter(|(route, _)| route.guard != Guard::Page);
    let served: Vec<_> = counted.map(|(_, counts)| counts).collect();
    format!("{now} {statuses:?} {requests} {sessions} {events} {faults:?} {served:?}")
}

/// The paths of every route; admin paths of a tenant too.
fn walk() -> Vec<(&'static Route, String)> {
    let mut all = Vec::new();
    for route in ROUTES.iter().chain(SERVER) {
        let path = route.path.replace("{client_id}", "sandbox-client").replace("{user_id}", "user-1");
        let path = path.replace("{tenant}", "worker").replace("{fault_id}", "1").replace("{scenario}", "happy");
        let path = path.replace("{micro_deposit_guid}", "MIC-2026e463-bd0a-4f99-9f0e-4c5f9ea04311");
        if let Some(rest) = path.strip_prefix("/_sandbox/").filter(|_| ROUTES.iter().any(|own| own.path == route.path))
        {
            all.push((route, format!("/_sandbox/t/worker/{rest}")));
        }
        all.push((route, path));
    }
    all
}

#[test]
fn a_page_of_another_origin_changes_nothing_and_reads_nothing_on_any_route() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let wanted = TenantOptions { name: Some("worker".to_owned()), ..TenantOptions::default() };
    let tenant = sandbox.tenant(wanted).unwrap();
    sandbox.with_world(|world| world.add_fault(Fault::always(Effect::ResetAfter)));
    let host = sandbox.url().strip_prefix("http://").unwrap().to_owned();
    let before = (sandbox.with_world(snapshot), tenant.with_world(snapshot));
    let walked = walk();
    assert!(walked.len() > ROUTES.len() + 10);
    let mut refused = 0;
    for (route, path) in &walked {
        for attack in &ATTACKS {
            for method in METHODS {
                let body = if matches!(method, "GET" | "HEAD" | "OPTIONS" | "CONNECT") { "" } else { "{}" };
                let path = if method == "CONNECT" { &host } else { path };
                let response = ask(&host, method, path, attack.headers, body);
                let at = format!("{method} {path}, {}: {response}", attack.what);
                let status = response.split(' ').nth(1).unwrap();
                let navigates =
                    attack.headers.contains(&"Sec-Fetch-Mode: navigate") && matches!(method, "GET" | "HEAD");
                assert!(!response.to_ascii_lowercase().contains("access-control"), "{at}");
                if route.guard == Guard::Page && navigates {
                    assert_ne!(status, "101", "{at}");
                    continue;
                }
                assert!(
                    response.ends_with("}}") || matches!(method, "HEAD" | "CONNECT"),
                    "no more than an error: {at}"
                );
                assert_eq!(status, if attack.renamed { "421" } else { "403" }, "{at}");
                refused += 1;
            }
        }
    }
    assert!(refused > 2000, "{refused}");
    assert_eq!((sandbox.with_world(snapshot), tenant.with_world(snapshot)), before);
    assert!(tenant.delete(), "it is still there");
}

/// Browsers that send no `Sec-Fetch-Site` still send `Origin` with every request that could change something.
#[test]
fn older_browsers_change_nothing_either() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let host = sandbox.url().strip_prefix("http://").unwrap().to_owned();
    let before = sandbox.with_world(|world| (world.now, world.created(), world.sessions_opened()));
    for (route, path) in walk() {
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            for origin in ["http://evil.example", "null"] {
                let headers = ["Host: HOST", &*format!("Origin: {origin}"), &*format!("Content-Type: {media_type}")];
                let response = ask(&host, "POST", &path, &headers, r#"{"seconds":60}"#);
                let status: u16 = response.split(' ').nth(1).unwrap().parse().unwrap();
                // A page cannot send the headers that the API asks for.
                let wanted: &[u16] = if route.guard == Guard::Api { &[401, 405, 415] } else { &[403] };
                assert!(wanted.contains(&status), "{path} {response}");
            }
        }
    }
    assert_eq!(sandbox.with_world(|world| (world.now, world.created(), world.sessions_opened())), before);
}

/// The same requests from a program, and from a page of the sandbox's own.
#[test]
fn programs_and_own_pages_pass_on_every_route() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let host = sandbox.url().strip_prefix("http://").unwrap().to_owned();
    let own_page =
        ["Host: HOST", "Origin: http://HOST", "Sec-Fetch-Site: same-origin", "Content-Type: application/json"];
    let local = host.replace("127.0.0.1", "Host: localhost");
    for (_, path) in walk() {
        for headers in [&["Host: HOST", "Content-Type: application/json"][..], &own_page, &[&local]] {
            for method in ["GET", "OPTIONS"] {
                let response = ask(&host, method, &path, headers, "");
                let status = response.split(' ').nth(1).unwrap();
                assert!(!["403", "421"].contains(&status), "{method} {path} {headers:?}: {response}");
            }
        }
    }
    let reset = ask(&host, "POST", "/_sandbox/reset", &["Host: HOST"], "");
    assert!(reset.starts_with("HTTP/1.1 200"), "no body, no media type: {reset}");
}
