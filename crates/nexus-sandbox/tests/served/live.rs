//! The stream of changes over a socket: it tells what happens when it happens, goes on where it was, and ends with the server.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use nexus_sandbox::{Options, Sandbox, TenantOptions};

use crate::support::PATIENCE;

struct Stream(BufReader<TcpStream>);

impl Stream {
    fn open(sandbox: &Sandbox, path: &str, header: &str) -> Stream {
        let host = sandbox.url().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{header}\r\n").as_bytes()).unwrap();
        Stream(BufReader::new(stream))
    }

    /// The next line that begins so; none where the stream ends first.
    fn next(&mut self, beginning: &str) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap_or(0) == 0 {
                return None;
            }
            if let Some(rest) = line.trim_end().strip_prefix(beginning) {
                return Some(rest.to_owned());
            }
        }
    }

    /// The next event of this name: its number and data.
    fn event(&mut self, name: &str) -> (Option<u64>, String) {
        while self.next("event: ").as_deref() != Some(name) {}
        let line = self.next("").unwrap();
        match line.strip_prefix("id: ") {
            Some(id) => (Some(id.parse().unwrap()), self.next("data: ").unwrap()),
            None => (None, line.strip_prefix("data: ").unwrap().to_owned()),
        }
    }
}

#[test]
fn what_happens_is_told_and_who_comes_back_misses_nothing() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let mut first = Stream::open(&sandbox, "/_sandbox/live", "");
    assert_eq!(first.next("content-type: ").as_deref(), Some("text/event-stream"));
    let (begun, hello) = first.event("hello");
    assert!(hello.contains(r#""resumed":false"#), "{hello}");
    // By another thread, as a test does it in the process.
    sandbox.advance(Duration::from_secs(60));
    let (told, clock) = first.event("clock");
    assert!(clock.contains("09:01:00") && told > begun);
    drop(first);
    sandbox.advance(Duration::from_secs(60));
    let last = format!("Last-Event-ID: {}\r\n", told.unwrap());
    // The address is the one of the first time; the header says more.
    let mut again = Stream::open(&sandbox, "/_sandbox/live?after=0", &last);
    assert!(again.event("hello").1.contains(r#""resumed":true"#));
    assert!(again.event("clock").1.contains("09:02:00"));
    sandbox.with_world(nexus_sandbox::World::reset);
    assert!(again.event("reset").1.contains("09:00:00"));
}

#[test]
fn a_tenants_stream_tells_of_nobody_else() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let mut wanted = TenantOptions::default();
    wanted.name = Some("a".to_owned());
    let tenant = sandbox.tenant(wanted).unwrap();
    let mut stream = Stream::open(&sandbox, "/_sandbox/t/a/live", "");
    stream.event("hello");
    sandbox.advance(Duration::from_secs(3600));
    tenant.advance(Duration::from_secs(60));
    assert!(stream.event("clock").1.contains("09:01:00"));
}

#[test]
fn with_real_time_the_clock_is_told_by_itself() {
    let mut serving = nexus_sandbox::Serving::default();
    serving.real_time = true;
    let sandbox = Sandbox::start_with(Options::default(), serving).unwrap();
    let mut stream = Stream::open(&sandbox, "/_sandbox/live", "");
    stream.event("hello");
    stream.event("clock");
    stream.event("clock");
}

#[test]
fn the_end_of_the_server_ends_its_streams_at_once() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let mut stream = Stream::open(&sandbox, "/_sandbox/live", "");
    stream.event("hello");
    sandbox.stop();
    assert_eq!(stream.next("event: "), None);
}
