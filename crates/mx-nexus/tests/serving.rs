//! How `nexus sandbox` serves: who may call it, and how many at once.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use support::{Served, code, err, nexus, out};

/// A request with these headers in place of the usual `Host`; all of the response.
fn ask(address: &str, request: &str, headers: &[String]) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    write!(stream, "{request} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n").expect("written");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("text");
    response
}

fn address(served: &Served) -> String {
    served.text("url").trim_start_matches("http://").to_owned()
}

#[test]
fn names_and_origins_are_those_that_were_given() {
    let served = Served::start(&[
        "--host-name",
        "sandbox.test",
        "--host-name",
        "b.test:9",
        "--cors-origin",
        "http://localhost:3000",
    ]);
    let plain = Served::start(&[]);
    for (host, named) in [("sandbox.test:80", true), ("b.test:9", true), ("b.test:8", false), ("evil.example", false)] {
        let headers = [format!("Host: {host}")];
        let of = |served: &Served| ask(&address(served), "GET /_sandbox/state", &headers)[9..12].to_owned();
        assert_eq!((of(&served).as_str(), of(&plain).as_str()), (if named { "200" } else { "421" }, "421"), "{host}");
    }
    let preflight = |served: &Served| {
        let host = format!("Host: {}", address(served));
        let more = ["Origin: http://localhost:3000", "Access-Control-Request-Method: POST"].map(str::to_owned);
        ask(&address(served), "OPTIONS /micro_deposits", &[vec![host], more.to_vec()].concat()).to_lowercase()
    };
    assert!(preflight(&served).contains("access-control-allow-origin: http://localhost:3000\r\n"));
    let refused = preflight(&plain);
    assert!(!refused.contains("access-control") && refused.contains("allow: get, head, post, options"), "{refused}");
    for option in [["--host-name", "a/b"], ["--cors-origin", "*"], ["--cors-origin", "null"]] {
        let output = nexus().arg("sandbox").args(option).output().expect("the program");
        assert!(code(&output) == Some(2) && err(&output).contains(option[0]), "{}", err(&output));
    }
    let help = out(&nexus().args(["sandbox", "--help"]).output().expect("the program"));
    assert!(help.contains("--host-name") && help.contains("--cors-origin"), "{help}");
}

/// `nexus sandbox` that begins with these limits of open files, soft and hard.
fn limited(soft: u32, hard: u32, more: &str) -> (Child, String) {
    let program = env!("CARGO_BIN_EXE_nexus");
    let line = format!("ulimit -S -n {soft}; ulimit -H -n {hard}; exec '{program}' sandbox --json {more}");
    let mut child = Command::new("sh")
        .args(["-c", &line])
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut line).expect("a line");
    let told: Value = serde_json::from_str(&line).expect("JSON");
    let address = told["url"].as_str().expect("an address").trim_start_matches("http://").to_owned();
    (child, address)
}

fn ended(mut child: Child) -> String {
    child.kill().and_then(|()| child.wait()).expect("its end");
    let mut said = String::new();
    child.stderr.take().expect("its errors").read_to_string(&mut said).expect("text");
    said
}

#[test]
fn the_soft_limit_of_files_is_raised() {
    let (child, address) = limited(64, 512, "");
    // More than the soft limit; less than three quarters of the hard one.
    let held: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).expect("a connection");
            stream.write_all(b"GET /_sandbox/state HTTP/1.1\r\nHost").expect("written");
            stream
        })
        .collect();
    let response = ask(&address, "GET /_sandbox/state", &[format!("Host: {address}")]);
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    drop(held);
    assert_eq!(ended(child), "");
}

#[test]
fn too_many_connections_are_refused_and_said_once() {
    let (child, address) = limited(64, 64, "");
    // Three quarters of 64.
    let held: Vec<TcpStream> = (0..48).map(|_| TcpStream::connect(&address).expect("a connection")).collect();
    for _ in 0..3 {
        let response = ask(&address, "GET /_sandbox/state", &[format!("Host: {address}")]);
        assert!(response.starts_with("HTTP/1.1 503") && response.contains("Too many connections"), "{response}");
    }
    drop(held);
    let said = ended(child);
    let said: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0]["notice"].as_str().is_some_and(|notice| notice.contains("48 connections")), "{said:?}");
}
