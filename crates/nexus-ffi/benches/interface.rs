//! The cost of the C interface: `cargo bench -p nexus-ffi` (`-- --short` takes seconds). Ratios within one run, medians of
//! rounds, CPU time of the calling thread (on Linux; elsewhere it says that it measures nothing).
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

#[path = "support/server.rs"]
#[allow(unreachable_pub)]
mod server;
#[path = "../tests/support/mod.rs"]
#[allow(unreachable_pub)]
mod support;

use std::io::{Read, Write};
use std::process::Command;

use nexus_types::{Endpoint, List, Response};
use server::Server;
use support::{Bench, C_FLAGS, Linkage, compiler, root};

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The columns of what a run of the program in C printed.
fn columns(bench: &Bench, program: &std::path::Path, words: &[&str]) -> Vec<Vec<f64>> {
    let output = bench.output_of(&[], program, words);
    let rows = output.lines().map(|line| line.split(' ').map(|cell| cell.parse().expect("a number")).collect());
    rows.collect()
}

fn column(rows: &[Vec<f64>], at: usize) -> Vec<f64> {
    rows.iter().filter_map(|row| row.get(at).copied()).collect()
}

/// Nanoseconds of CPU that this thread has had.
fn cpu() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn body(count: usize) -> String {
    let record = |at: usize| {
        format!(
            r#"{{"micro_deposit":{{"account_name":"My Test Account","account_number":"3333{at:08}","account_type":1,"account_type_name":"CHECKING","created_at":"2021-09-01T18:29:06.000Z","email":"a{at}@example.com","error_code":null,"error_message":null,"first_name":"Josh","guid":"MIC-09ba578e-8448-4f7f-89e1-{at:012}","institution_name":"MX Bank","last_name":"James","routing_number":"091000019","status":2,"status_name":"DEPOSITED","updated_at":"2021-09-01T18:29:07.000Z","verified_at":null}}}}"#
        )
    };
    let records: Vec<String> = (0..count).map(record).collect();
    format!(r#"{{"micro_deposits":[{}]}}"#, records.join(","))
}

/// The same in Rust: read the list, look at every record.
fn rust_list(body: &str) -> Option<f64> {
    let began = cpu()?;
    let list = List::new().parse_success(200, body.as_bytes()).expect("a list");
    let letters: usize = list.iter().map(|record| record.guid.as_str().len() + record.status.name().len()).sum();
    assert!(letters > list.len());
    drop(list);
    let took = cpu()? - began;
    // What is not measured: that the two ways of reading are one.
    debug_assert!(List::new().parse(&Response::new(200, body)).is_ok());
    Some(took)
}

/// Serves this body to every request, until the process ends.
fn served(body: &str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (mut stream, mut request) = (stream, Vec::new());
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                match stream.read(&mut byte) {
                    Ok(1) => request.extend(byte),
                    _ => break,
                }
            }
            let _ = stream.write_all(response.as_bytes());
        }
    });
    url
}

fn main() {
    if cpu().is_none() {
        println!("nothing is measured here: no CPU time of a thread");
        return;
    }
    let short = std::env::args().any(|word| word == "--short");
    let (rounds, records) = if short { (3, 2_000) } else { (15, 100_000) };
    let curl = Command::new("curl-config").args(["--cflags", "--libs"]).output().ok();
    let curl = curl.filter(|output| output.status.success()).and_then(|output| String::from_utf8(output.stdout).ok());
    let curl = curl.unwrap_or_default();
    let bench = Bench::new();
    let mut flags: Vec<&str> = C_FLAGS.iter().copied().chain(["-O2", "-Wl,--no-as-needed"]).collect();
    if !curl.is_empty() {
        flags.push("-DWITH_CURL");
        flags.extend(curl.split_whitespace());
    }
    let source = root().join("crates/nexus-ffi/benches/c/bench.c");
    let program = bench.compile(&compiler("CC", "cc"), &flags, &[source], Linkage::Shared);
    let times = rounds.to_string();

    let name = median(column(&columns(&bench, &program, &["name", &times]), 0));
    println!("a status name through the interface: {name:.1} ns a call");

    let file = bench.path().join("list.json");
    let body = body(records);
    std::fs::write(&file, &body).expect("written");
    let path = file.to_string_lossy().into_owned();
    let (mut whole, mut each) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        // Three in a process, so that fresh memory counts no more than here.
        let rust = median((0..3).filter_map(|_| rust_list(&body)).collect());
        let rows = columns(&bench, &program, &["list", "3", &path]);
        whole.push(median(column(&rows, 0)) / rust);
        each.push(median(column(&rows, 1)) / rust);
    }
    println!("a list of {records} records read through C: {:.2} of Rust's own (wanted: at most 1.1)", median(whole));
    println!("  and a masked view of each record taken, where Rust looks at two fields: {:.2}", median(each));

    let (url, length) = (served(&body), body.len() as f64);
    let rows: Vec<Vec<f64>> = (0..3).flat_map(|_| columns(&bench, &program, &["peak", &url])).collect();
    let [listed, kept] = [0, 1].map(|at| median(column(&rows, at)) / length);
    println!("the peak of memory of that list over HTTP: {listed:.2} of its {length} bytes (wanted: at most 3)");
    println!("  and with a masked view of every record kept: {kept:.2}");

    if curl.is_empty() {
        println!("libcurl is not installed: reads and submissions are not compared");
        return;
    }
    // What a read and a submission cost, beside libcurl's easy handle with a small JSON search, at the same server.
    // On one core, so that a wake-up costs both alike; what is started from here on inherits it.
    let pinned = Command::new("taskset").args(["-pc", "0", &std::process::id().to_string()]).output();
    if pinned.is_ok_and(|output| output.status.success()) {
        println!("from here on all threads on one core");
    }
    let (plain, tls) = (Server::start(false), Server::start(true));
    let authority = bench.path().join("authority.pem");
    std::fs::write(&authority, &tls.authority).expect("written");
    let authority = authority.to_string_lossy().into_owned();
    for (what, url, roots) in [
        ("by address, plain", format!("http://127.0.0.1:{}", plain.port), "-"),
        ("by name, plain", format!("http://localhost:{}", plain.port), "-"),
        ("by name, TLS", format!("https://localhost:{}", tls.port), authority.as_str()),
    ] {
        for (call, about) in [("read", "kept connection"), ("verify", "read, then a new connection")] {
            let rows = columns(&bench, &program, &[call, &times, &url, roots]);
            let ours = median(column(&rows, 0)) / 1000.0;
            let ratio = median(rows.iter().filter_map(|row| Some(row.first()? / row.get(1)?)).collect());
            println!("{call} {what} ({about}): {ours:.1} us of CPU, {ratio:.2} of libcurl's (wanted: at most 1.1)");
        }
    }
}
