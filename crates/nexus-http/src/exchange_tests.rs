//! Tests of one exchange: name lookup, connecting, panics and bodies.

#[path = "../tests/support/nobody.rs"]
mod nobody;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};

use nexus_types::{DepositAmount, Endpoint, MicrodepositGuid, Read as ReadRecord, Verify};
use nobody::Nobody;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport};

use super::*;
use crate::connecting::connector;
use crate::names::Names;
use crate::resolver::Resolver;

const TIME: Duration = Duration::from_secs(5);
const BODY: &str = r#"{"micro_deposit":{"guid":"MIC-1","status":2}}"#;

fn guid() -> MicrodepositGuid {
    MicrodepositGuid::new("MIC-1").unwrap()
}

fn read() -> Request {
    ReadRecord::new(guid()).request()
}

fn verify() -> Request {
    let cents = DepositAmount::from_cents(9).unwrap();
    Verify::new(guid(), cents, cents).request()
}

fn agent(connector: impl Connector<Out: Transport>, resolver: Resolver) -> Agent {
    Agent::with_parts(Agent::config_builder().http_status_as_error(false).max_redirects(0).build(), connector, resolver)
}

fn named(lookup: impl Fn(&str) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static) -> Agent {
    let resolver = Resolver::with(Names::new(lookup));
    agent(connector(resolver.clone()), resolver)
}

fn ask(agent: &Agent, url: &str, request: &Request) -> Result<Response, Broken> {
    exchange(agent, url, request, "token", (Instant::now(), TIME), 1 << 20, None)
}

fn broken(problem: TransportProblem, cause: TransportCause, sent: bool) -> Option<Broken> {
    Some(Broken { problem, cause: Some(cause), sent })
}

/// Responds to whatever it reads on `127.0.0.1`, or closes; and keeps what it read.
struct Server {
    port: u16,
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    fn start(response: Option<String>) -> Server {
        use std::io::Write as _;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let received = Arc::clone(&bytes);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut buffer = [0; 4096];
                while let Ok(read) = stream.read(&mut buffer) {
                    received.lock().unwrap().extend_from_slice(&buffer[..read]);
                    match &response {
                        Some(response) if read > 0 => drop(stream.write_all(response.as_bytes())),
                        _ => break,
                    }
                }
            }
        });
        Server { port, bytes }
    }

    fn responding() -> Server {
        Server::start(Some(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{BODY}", BODY.len())))
    }

    fn received(&self) -> String {
        String::from_utf8(self.bytes.lock().unwrap().clone()).unwrap()
    }
}

#[cfg(target_os = "linux")]
#[test]
fn exchange_connects_to_the_second_address_of_a_name() {
    let server = Server::responding();
    let agent = named(|_| Ok(vec![SocketAddr::from(([127, 0, 0, 2], 0)), SocketAddr::from(([127, 0, 0, 1], 0))]));
    let url = format!("http://two.example:{}/", server.port);
    assert_eq!(ask(&agent, &url, &read()).unwrap().status, 200);
}

#[test]
fn exchange_looks_a_name_up_again_after_a_failed_connection() {
    let nobody = Nobody::new();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let agent = named(move |name| {
        assert_eq!(name, "moves.example", "in lower case");
        counter.fetch_add(1, Ordering::SeqCst);
        Ok(vec![SocketAddr::from(([127, 0, 0, 1], 0))])
    });
    let refused = broken(TransportProblem::Connect, TransportCause::Refused, false);
    for lookups in 1..=2 {
        assert_eq!(
            ask(&agent, &format!("http://Moves.Example:{}/", nobody.address().port()), &verify()).err(),
            refused
        );
        assert_eq!(count.load(Ordering::SeqCst), lookups);
    }
    let server = Server::responding();
    for _ in 0..3 {
        assert!(ask(&agent, &format!("http://moves.example:{}/", server.port), &read()).is_ok());
    }
    assert_eq!(count.load(Ordering::SeqCst), 3, "an address that leads somewhere is kept");
}

#[test]
fn exchange_reports_a_hanging_or_failed_lookup_as_not_sent() {
    let (_hold, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let agent = named(move |name| match name {
        "silent.example" => {
            let _ = gate.lock().unwrap().recv();
            Ok(Vec::new())
        }
        _ => Err(io::Error::other("no such name")),
    });
    for request in [read(), verify()] {
        let time = Duration::from_millis(100);
        let began = Instant::now();
        let silent =
            exchange(&agent, "https://silent.example/", &request, "token", (Instant::now(), time), 1000, None).err();
        assert!(began.elapsed() < Duration::from_secs(2));
        assert_eq!(silent, broken(TransportProblem::Timeout, TransportCause::NameServiceSilent, false));
        let unknown = ask(&agent, "https://unknown.example/", &request).err();
        assert_eq!(unknown, broken(TransportProblem::Connect, TransportCause::NameNotFound, false));
    }
}

#[test]
fn exchange_does_not_begin_a_body_after_not_after() {
    let server = Server::responding();
    let agent = agent(connector(Resolver::default()), Resolver::default());
    let url = format!("http://127.0.0.1:{}/", server.port);
    let late = exchange(&agent, &url, &verify(), "token", (Instant::now(), TIME), 1000, Some(now() - 1)).err();
    assert_eq!(late, broken(TransportProblem::Timeout, TransportCause::TooLate, false));
    assert!(exchange(&agent, &url, &verify(), "token", (Instant::now(), TIME), 1000, Some(now() + 60)).is_ok());
    assert_eq!(server.received().matches("deposit_amount_1").count(), 1, "{}", server.received());
}

#[test]
fn connection_closed_without_a_response_may_have_carried_the_body() {
    let server = Server::start(None);
    let agent = agent(connector(Resolver::default()), Resolver::default());
    let closed = ask(&agent, &format!("http://127.0.0.1:{}/", server.port), &verify()).err().unwrap();
    assert_eq!((closed.problem, closed.sent), (TransportProblem::Io, true));
    assert!(matches!(closed.cause, Some(TransportCause::Closed | TransportCause::Reset)), "{closed:?}");
}

/// Carries nothing, and panics when it is given something for this time.
#[derive(Debug)]
struct Trap {
    at: usize,
}

#[derive(Debug)]
struct Trapped {
    left: usize,
    buffers: LazyBuffers,
}

impl Connector<()> for Trap {
    type Out = Trapped;

    fn connect(&self, _: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Trapped>, ureq::Error> {
        assert!(self.at > 0, "on purpose");
        Ok(Some(Trapped { left: self.at - 1, buffers: LazyBuffers::new(4096, 4096) }))
    }
}

impl Transport for Trapped {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        assert!(self.left > 0, "on purpose");
        self.left -= 1;
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        panic!("on purpose");
    }

    fn is_open(&mut self) -> bool {
        true
    }
}

#[test]
fn exchange_panic_keeps_whether_the_body_was_begun() {
    use TransportProblem::{Connect, Io};
    let internal = |problem, sent| broken(problem, TransportCause::Internal, sent);
    let places = ["connecting", "the headers", "the body", "waiting for a response"];
    for (at, (place, sent)) in places.into_iter().zip([false, false, true, true]).enumerate() {
        let agent = agent(Trap { at }, Resolver::default());
        for _ in 0..2 {
            let error = ask(&agent, "http://127.0.0.1:9/", &verify()).err();
            assert_eq!(error, internal(if sent { Io } else { Connect }, sent), "{place}");
        }
        assert_eq!(ask(&agent, "http://127.0.0.1:9/", &read()).err(), internal(Io, true), "{place}");
    }
}

#[test]
fn exchange_reads_bodies_of_any_announced_length() {
    for (length, announced) in [(0, 0), (0, 10), (10, 10), (10, 0), (1000, 1000), (5000, 0), (5000, 4999), (70_000, 1)]
    {
        let bytes: Vec<u8> = (0..length).map(|byte: u32| (byte % 251) as u8).collect();
        let read = read_all(&bytes[..], announced).unwrap();
        assert_eq!(*read, bytes, "{length} bytes, {announced} announced");
        if announced >= bytes.len() {
            assert_eq!(read.capacity(), announced + 1, "allocated once");
        }
    }
}
