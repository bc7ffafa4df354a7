//! Tests of connections that are interrupted while they are made and while they wait.

use std::cell::Cell;
use std::net::{Ipv4Addr, TcpListener};
use std::rc::Rc;

use nexus_sandbox::{Effect, Fault, Options, Sandbox};
use nexus_types::{ApiKey, ClientId, ErrorKind, MicrodepositGuid, Operation, SessionToken, UserId};
use socket2::{Domain, Socket, Type};

use super::*;
use crate::check::while_waiting;
use crate::{Canceller, Client, Limits};

/// Long beyond what a test waits for, and no time that a call here may take.
const FOREVER: Duration = Duration::from_secs(60);

/// A port on which nobody accepts, with a queue that is full: an attempt to connect hangs.
struct Full {
    address: SocketAddr,
    _socket: Socket,
    _queue: Vec<TcpStream>,
}

impl Full {
    fn new() -> Full {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        socket.listen(0).unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        let mut queue = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
            queue.push(stream);
        }
        Full { address, _socket: socket, _queue: queue }
    }
}

fn client(address: SocketAddr) -> Client {
    let mut limits = Limits::default();
    (limits.connect, limits.attempt, limits.call) = (FOREVER, FOREVER, FOREVER);
    let url = format!("http://{address}");
    Client::builder(url).session_token(SessionToken::new("token").unwrap()).limits(limits).build().unwrap()
}

fn read(client: &Client) -> ErrorKind {
    client.read(&MicrodepositGuid::new("MIC-1").unwrap()).unwrap_err().kind()
}

/// A check that cancels when it is made for the third time.
fn third_time(canceller: Canceller) -> (impl Fn() + 'static, Rc<Cell<u32>>) {
    let count = Rc::new(Cell::new(0));
    let counted = Rc::clone(&count);
    let check = move || {
        counted.set(counted.get() + 1);
        if counted.get() == 3 {
            canceller.cancel();
        }
    };
    (check, count)
}

#[test]
fn attempt_to_connect_ends_with_its_client() {
    let full = Full::new();
    let (client, canceller) = client(full.address).cancellable();
    let began = Instant::now();
    let kind = std::thread::scope(|scope| {
        let call = scope.spawn(|| read(&client));
        std::thread::sleep(Duration::from_millis(50));
        canceller.cancel();
        call.join().unwrap()
    });
    assert_eq!(kind, ErrorKind::Cancelled);
    assert!(began.elapsed() < FOREVER / 4);
}

#[test]
fn check_is_made_while_a_connection_is_made() {
    let full = Full::new();
    let (client, canceller) = client(full.address).cancellable();
    let (check, count) = third_time(canceller);
    assert_eq!(while_waiting(check, || read(&client)), ErrorKind::Cancelled);
    assert!(count.get() >= 3);
}

#[cfg(unix)]
#[test]
fn check_is_made_while_a_response_is_awaited() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (client, canceller) = client(silent.local_addr().unwrap()).cancellable();
    let (check, count) = third_time(canceller);
    assert_eq!(while_waiting(check, || read(&client)), ErrorKind::Cancelled);
    assert!(count.get() >= 3);
}

#[test]
fn check_is_made_between_two_attempts() {
    let refusing = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    refusing.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    let address = refusing.local_addr().unwrap().as_socket().unwrap();
    let count = Rc::new(Cell::new(0));
    let counted = Rc::clone(&count);
    let kind = while_waiting(move || counted.set(counted.get() + 1), || read(&client(address)));
    assert_eq!(kind, ErrorKind::Connect);
    assert!(count.get() >= 1, "three attempts with two pauses");
}

#[test]
fn next_address_is_tried_where_the_first_refuses() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let refusing = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let (good, tcp) = (listener.local_addr().unwrap(), Tcp { interrupts: Interrupts::default() });
    let within = |seconds| NextTimeout { after: Limit::from_secs(seconds), ..NextTimeout::default() };
    assert_eq!(tcp.first_of(&[refusing, good], within(9)).unwrap().peer_addr().unwrap(), good);
    let refused = tcp.first_of(&[refusing, refusing], within(9)).unwrap_err();
    assert!(matches!(&refused, Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused), "{refused}");
    assert!(matches!(tcp.first_of(&[good], within(0)), Err(Error::Timeout(_))));
    assert!(tcp.first_of(&[], within(9)).is_err());
}

#[test]
fn address_that_hangs_takes_half_of_the_time() {
    let (full, listener) = (Full::new(), TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
    let (good, tcp) = (listener.local_addr().unwrap(), Tcp { interrupts: Interrupts::default() });
    let timeout = NextTimeout { after: Limit::from_millis(400), ..NextTimeout::default() };
    assert_eq!(tcp.first_of(&[full.address, good], timeout).unwrap().peer_addr().unwrap(), good);
    assert!(matches!(tcp.first_of(&[full.address], timeout), Err(Error::Timeout(Timeout::Global))));
}

#[test]
fn connection_is_open_only_while_nothing_has_come() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let connection = || {
        let stream = Arc::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let buffers = LazyBuffers::new(100, 100);
        (TcpConnection { stream, buffers, read_limit: None, write_limit: None }, listener.accept().unwrap().0)
    };
    let seen = |connection: &TcpConnection| {
        // Until what the peer has done has arrived.
        connection.stream.set_read_timeout(Some(FOREVER)).unwrap();
        connection.stream.peek(&mut [0]).unwrap();
    };
    let (mut quiet, _peer) = connection();
    assert!(quiet.is_open() && quiet.is_open());
    let (mut closed, peer) = connection();
    drop(peer);
    seen(&closed);
    assert!(!closed.is_open());
    let (mut chatty, mut peer) = connection();
    peer.write_all(b"x").unwrap();
    seen(&chatty);
    assert!(!chatty.is_open());
}

#[test]
fn wait_for_input_ends_at_its_limit() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let stream = Arc::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
    let mut silent = TcpConnection { stream, buffers: LazyBuffers::new(100, 100), read_limit: None, write_limit: None };
    let limit = Duration::from_millis(60);
    let timeout = NextTimeout { after: Limit::Exact(limit), ..NextTimeout::default() };
    let began = Instant::now();
    assert!(matches!(silent.await_input(timeout), Err(Error::Timeout(Timeout::Global))));
    assert!(began.elapsed() >= limit);
}

#[cfg(unix)]
#[test]
fn check_may_make_calls_of_its_own_during_a_renewal() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let own = sandbox.credentials().clone();
    let slow = Effect::Delay(Duration::from_millis(200));
    sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::OpenSession, 1, slow)));
    let limits = Limits { call: FOREVER, ..Limits::default() };
    let (client_id, user_id) = (ClientId::new(own.client_id).unwrap(), UserId::new(own.user_id).unwrap());
    let builder = Client::builder(sandbox.url()).sso_url(sandbox.url());
    let builder = builder.sso(client_id, user_id, ApiKey::new(own.api_key).unwrap());
    let client = builder.limits(limits).build().unwrap();
    let (inner, made, began) = (client.clone(), Rc::new(Cell::new(false)), Instant::now());
    let once = Rc::clone(&made);
    let check = move || {
        if !once.replace(true) {
            inner.list().unwrap();
        }
    };
    while_waiting(check, || client.list()).unwrap();
    assert!(made.get() && began.elapsed() < FOREVER / 4);
}
