//! TCP connections for ureq that can be interrupted while they are made and while they wait.
//!
//! ureq's own cannot: its `connect` waits for its whole limit, whoever cancels, and its `read` gives a signal no chance. It also
//! asks the system for more: whether a kept connection is open takes one call of the system here instead of three, and the limits
//! of a read and a write are set once and not for each request.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use ureq::unversioned::transport::time::Duration as Limit;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, ShutdownHandle, Transport,
};
use ureq::{Error, Timeout};

use crate::check::{CHECK_EVERY, check, is_checking};
use crate::interrupt::Interrupts;

/// No address of several gets less.
const LEAST: Duration = Duration::from_millis(10);
/// The system's own limit of a wait, where nothing is to be checked meanwhile and more time is left.
const LONGEST: Duration = Duration::from_secs(1);

/// Makes TCP connections.
#[derive(Clone)]
pub(crate) struct Tcp {
    pub(crate) interrupts: Interrupts,
}

impl<In: Transport> Connector<In> for Tcp {
    type Out = Either<In, TcpConnection>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        if let Some(tunnel) = chained {
            return Ok(Some(Either::A(tunnel)));
        }
        let stream = self.first_of(&details.addrs, details.timeout)?;
        if details.config.no_delay() {
            stream.set_nodelay(true)?;
        }
        let stream = Arc::new(stream);
        let handle = Arc::downgrade(&stream);
        (details.register_shutdown)(handle as Weak<dyn ShutdownHandle>)?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Either::B(TcpConnection { stream, buffers, read_limit: None, write_limit: None })))
    }
}

impl Tcp {
    /// Tries each address. The first gets half of the time where there are several, the next half of what is left, and so on.
    fn first_of(&self, addresses: &[SocketAddr], timeout: NextTimeout) -> Result<TcpStream, Error> {
        let began = Instant::now();
        let whole = limit_of(timeout);
        let mut failure = None;
        for (index, address) in addresses.iter().enumerate() {
            let left = whole.map(|whole| whole.saturating_sub(began.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(Error::Timeout(timeout.reason));
            }
            let last = index + 1 == addresses.len();
            let share = left.map(|left| if last { left } else { (left / 2).max(LEAST) });
            match self.one(*address, share) {
                Ok(stream) => return Ok(stream),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    failure = Some(Error::Timeout(if last { timeout.reason } else { Timeout::Connect }));
                }
                Err(error) if is_of_this_address(&error) => failure = Some(Error::Io(error)),
                Err(error) => return Err(Error::Io(error)),
            }
        }
        Err(failure.unwrap_or_else(|| Error::Io(io::ErrorKind::ConnectionRefused.into())))
    }

    /// Where the attempt may have to be given up, a thread makes it, which ends by its own limit.
    fn one(&self, address: SocketAddr, time: Option<Duration>) -> io::Result<TcpStream> {
        if !self.interrupts.are_possible() {
            return attempt(address, time);
        }
        let (made, attempts) = channel();
        let work = move || drop(made.send(attempt(address, time)));
        if std::thread::Builder::new().name("nexus-connect".to_owned()).spawn(work).is_err() {
            return attempt(address, time);
        }
        loop {
            match attempts.recv_timeout(CHECK_EVERY) {
                Ok(result) => return result,
                Err(RecvTimeoutError::Timeout) if self.interrupts.end_the_wait() => {
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(io::ErrorKind::Other.into()),
            }
        }
    }
}

fn attempt(address: SocketAddr, time: Option<Duration>) -> io::Result<TcpStream> {
    let stream = match time {
        Some(time) => TcpStream::connect_timeout(&address, time),
        None => TcpStream::connect(address),
    };
    // Some systems say that they would have to wait.
    stream.map_err(|error| if would_wait(&error) { io::ErrorKind::TimedOut.into() } else { error })
}

/// Whether another address of the same name may do better: this one refuses, or this machine has no way to it.
fn is_of_this_address(error: &io::Error) -> bool {
    // A firewall on Windows.
    #[cfg(windows)]
    if error.raw_os_error() == Some(10013) {
        return true;
    }
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable
    )
}

fn would_wait(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

fn limit_of(timeout: NextTimeout) -> Option<Duration> {
    match timeout.after {
        Limit::Exact(limit) => Some(limit),
        Limit::NotHappening => None,
    }
}

/// A TCP connection.
pub(crate) struct TcpConnection {
    /// Shared with what shuts it down when the client is cancelled.
    stream: Arc<TcpStream>,
    buffers: LazyBuffers,
    /// The limits that the system has.
    read_limit: Option<Duration>,
    write_limit: Option<Duration>,
}

/// How long the system may wait next; the failure where the time is up.
fn next_wait(end: Option<Instant>, reason: Timeout) -> Result<Option<Duration>, Error> {
    let left = end.map(|end| end.saturating_duration_since(Instant::now()));
    if left.is_some_and(|left| left.is_zero()) {
        return Err(Error::Timeout(reason));
    }
    // On Windows a socket can lose data when a read or write reaches its limit, so there is one limit, the last.
    let longest = match () {
        () if cfg!(windows) => return Ok(left),
        () if is_checking() => CHECK_EVERY,
        () => LONGEST,
    };
    Ok(Some(left.map_or(longest, |left| left.min(longest))))
}

/// Sets a limit of the system's, unless it is set already.
fn limited(
    present: &mut Option<Duration>,
    wanted: Option<Duration>,
    set: impl FnOnce(Option<Duration>) -> io::Result<()>,
) -> io::Result<()> {
    if *present == wanted {
        return Ok(());
    }
    match set(wanted) {
        Ok(()) => *present = wanted,
        // macOS refuses it once the peer has closed. What the peer has sent before can be read all the same.
        Err(error) if cfg!(target_os = "macos") && error.kind() == io::ErrorKind::InvalidInput => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Does something that may have to be begun again after a while.
fn waiting(
    end: Option<Instant>,
    reason: Timeout,
    mut go: impl FnMut(Option<Duration>) -> io::Result<usize>,
) -> Result<usize, Error> {
    loop {
        match go(next_wait(end, reason)?) {
            Err(error) if would_wait(&error) || error.kind() == io::ErrorKind::Interrupted => check(),
            result => return Ok(result?),
        }
    }
}

impl Transport for TcpConnection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let timeout = timeout.for_write();
        let end = limit_of(timeout).and_then(|limit| Instant::now().checked_add(limit));
        let (stream, present) = (&self.stream, &mut self.write_limit);
        let mut rest = self.buffers.output().get(..amount).unwrap_or_default();
        while !rest.is_empty() {
            let written = waiting(end, timeout.reason, |wait| {
                limited(present, wait, |limit| stream.set_write_timeout(limit))?;
                (&**stream).write(rest)
            })?;
            if written == 0 {
                return Err(Error::Io(io::ErrorKind::WriteZero.into()));
            }
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let timeout = timeout.for_read();
        let end = limit_of(timeout).and_then(|limit| Instant::now().checked_add(limit));
        let (stream, present, buffers) = (&self.stream, &mut self.read_limit, &mut self.buffers);
        let amount = waiting(end, timeout.reason, |wait| {
            limited(present, wait, |limit| stream.set_read_timeout(limit))?;
            (&**stream).read(buffers.input_append_buf())
        })?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    /// Whether the peer has neither closed it nor sent what nobody asked for.
    fn is_open(&mut self) -> bool {
        peek(&self.stream).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }
}

/// Looks for a byte without waiting.
#[cfg(unix)]
fn peek(stream: &TcpStream) -> io::Result<usize> {
    let mut byte = [std::mem::MaybeUninit::uninit()];
    socket2::SockRef::from(stream).recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT)
}

#[cfg(not(unix))]
fn peek(stream: &TcpStream) -> io::Result<usize> {
    stream.set_nonblocking(true)?;
    let seen = stream.peek(&mut [0]);
    stream.set_nonblocking(false)?;
    seen
}

impl std::fmt::Debug for Tcp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tcp")
    }
}

impl std::fmt::Debug for TcpConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TcpConnection").field("peer", &self.stream.peer_addr().ok()).finish()
    }
}

#[cfg(test)]
#[path = "tcp_tests.rs"]
mod tests;
