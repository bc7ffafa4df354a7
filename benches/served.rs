//! The served sandbox against bare hyper: requests per second over 16 kept connections, the start, and the memory.
//!
//! `cargo bench --bench served`
//!
//! Both serve with one thread and get the same requests from the same threads over plain sockets, one request at a time on
//! each connection; bare hyper responds with the very body that the sandbox gave. Rounds in turn, and the middle ratio. All of
//! it on one core, the asking too, which is the same for both and so makes the difference look a little smaller than it is.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use nexus_sandbox::{Options, Sandbox};
use nexus_types::MEDIA_TYPE;
use support::process::{one_core, resident, tell_cores};
use support::wire::Connection;

const CONNECTIONS: usize = 16;
/// They drive the connections, each its part of them.
const THREADS: usize = 1;
/// This program as a child: starts a sandbox, asks once, tells its memory.
const CHILD: &str = "--idle-child";

fn main() {
    if std::env::args().any(|argument| argument == CHILD) {
        return child();
    }
    tell_cores(one_core());
    let short = support::short();
    throughput(if short { 4 } else { 60 }, if short { 50 } else { 200 });
    start(if short { 3 } else { 50 });
    memory();
}

fn throughput(rounds: usize, requests: usize) {
    let sandbox = Sandbox::start(Options::default()).expect("a sandbox");
    let served = address(&sandbox);
    let guid = create(&sandbox, served);
    let request = get(&sandbox, &format!("/micro_deposits/{guid}"));
    let mut first = Connection::new(served, request.as_bytes());
    first.send(request.as_bytes());
    first.receive();
    let bare = support::bare::server(MEDIA_TYPE, first.body());
    drop(first);

    let mut ours = Load::new(served, &request);
    let mut yardstick = Load::new(bare, &request);
    assert_eq!(ours.response_length(), yardstick.response_length(), "the same bytes are carried");
    let times: Vec<(Duration, Duration)> = (0..rounds)
        .map(|round| {
            if round % 2 == 0 {
                let time = ours.run(requests);
                (time, yardstick.run(requests))
            } else {
                let time = yardstick.run(requests);
                (ours.run(requests), time)
            }
        })
        .collect();
    let all = (CONNECTIONS * requests) as f64;
    let per_second = |time: Duration| all / time.as_secs_f64().max(1e-12);
    let ours = support::middle(times.iter().map(|(ours, _)| per_second(*ours)));
    let bare = support::middle(times.iter().map(|(_, bare)| per_second(*bare)));
    // Requests per second are the inverse of time.
    let ratio = support::middle_ratio(times.iter().map(|(ours, bare)| (*bare, *ours)));
    println!(
        "served, {CONNECTIONS} connections: {ours:.0} requests/s against {bare:.0}, ratio {ratio:.2} (goal: at least 0.70)"
    );
}

/// Connections to one server, in parts.
struct Load {
    parts: Vec<Vec<Connection>>,
    request: String,
}

impl Load {
    fn new(address: SocketAddr, request: &str) -> Load {
        let part = |_| (0..CONNECTIONS / THREADS).map(|_| Connection::new(address, request.as_bytes())).collect();
        Load { parts: (0..THREADS).map(part).collect(), request: request.to_owned() }
    }

    fn response_length(&self) -> usize {
        self.parts[0][0].response_length()
    }

    /// So many requests on each connection.
    fn run(&mut self, requests: usize) -> Duration {
        let request = self.request.as_bytes();
        let start = Instant::now();
        std::thread::scope(|scope| {
            for part in &mut self.parts {
                scope.spawn(move || {
                    for _ in 0..requests {
                        part.iter_mut().for_each(|connection| connection.send(request));
                        part.iter_mut().for_each(Connection::receive);
                    }
                });
            }
        });
        start.elapsed()
    }
}

/// From nothing to the first response.
fn start(rounds: usize) {
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        let sandbox = Sandbox::start(Options::default()).expect("a sandbox");
        let list = get(&sandbox, "/micro_deposits");
        let connection = Connection::new(address(&sandbox), list.as_bytes());
        let time = start.elapsed().as_secs_f64() * 1e3;
        drop(connection);
        time
    });
    let times: Vec<f64> = times.collect();
    let slowest = times.iter().copied().fold(0.0, f64::max);
    let middle = support::middle(times);
    println!("start to the first response: {middle:.2} ms, slowest {slowest:.2} ms (goal: under 20 ms)");
}

fn memory() {
    let program = std::env::current_exe().expect("this program");
    let child = std::process::Command::new(program).arg(CHILD).output().expect("a child");
    assert!(child.status.success(), "the child failed");
    match String::from_utf8_lossy(&child.stdout).trim().parse::<u64>() {
        Ok(bytes) => println!("memory when idle: {:.1} MB resident (goal: under 15 MB)", bytes as f64 / 1e6),
        Err(_) => println!("memory when idle: this system does not tell; on Linux it does"),
    }
}

fn child() {
    let sandbox = Sandbox::start(Options::default()).expect("a sandbox");
    let connection = Connection::new(address(&sandbox), get(&sandbox, "/micro_deposits").as_bytes());
    if let Some(bytes) = resident() {
        println!("{bytes}");
    }
    drop(connection);
}

fn address(sandbox: &Sandbox) -> SocketAddr {
    sandbox.url().trim_start_matches("http://").parse().expect("an address")
}

fn head(sandbox: &Sandbox, method: &str, path: &str) -> String {
    let (host, token) = (address(sandbox), &sandbox.credentials().session_token);
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {MEDIA_TYPE}\r\nMD-SESSION-TOKEN: {token}\r\n")
}

fn get(sandbox: &Sandbox, path: &str) -> String {
    head(sandbox, "GET", path) + "\r\n"
}

/// A record; returns its guid.
fn create(sandbox: &Sandbox, address: SocketAddr) -> String {
    let body = r#"{"micro_deposit":{"first_name":"Josh","last_name":"James","email":"example@example.com","routing_number":"091000019","account_number":"333312345","account_type_name":"CHECKING"}}"#;
    let head = head(sandbox, "POST", "/micro_deposits");
    let request = format!("{head}Content-Type: {MEDIA_TYPE}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let made = Connection::new(address, request.as_bytes());
    let made: serde_json::Value = serde_json::from_str(made.body()).expect("JSON");
    made["micro_deposit"]["guid"].as_str().expect("a guid").to_owned()
}
