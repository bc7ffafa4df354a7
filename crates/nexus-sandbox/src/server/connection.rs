//! One connection: its socket, and since when it keeps the server waiting.
//!
//! A connection on which no request ever ends holds an open file. A timer for each request would cost a part of it, so
//! a connection only notes what it waits for and since which tick of the server's slow clock; the server looks through
//! all of them once a tick.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// No request has begun.
const IDLE: u8 = 0;
/// A request has begun and is not complete.
const REQUEST: u8 = 1;
/// A request is being responded to, however long that takes.
const BUSY: u8 = 2;

/// The server's slow clock, and how many connections are open.
#[derive(Debug, Default)]
pub(crate) struct Ticks {
    now: AtomicU32,
    open: AtomicUsize,
}

impl Ticks {
    pub(crate) fn open(&self) -> usize {
        self.open.load(Relaxed)
    }

    pub(crate) fn pass(&self) {
        self.now.fetch_add(1, Relaxed);
    }
}

/// After how many ticks a connection is given up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) request: u32,
    pub(crate) idle: u32,
}

pub(crate) struct Connection {
    stream: TcpStream,
    ticks: Arc<Ticks>,
    phase: AtomicU8,
    since: AtomicU32,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, ticks: Arc<Ticks>) -> Arc<Connection> {
        ticks.open.fetch_add(1, Relaxed);
        let since = AtomicU32::new(ticks.now.load(Relaxed));
        Arc::new(Connection { stream, ticks, phase: AtomicU8::new(IDLE), since })
    }

    /// From now on it is closed by a reset instead of an orderly end.
    pub(crate) fn reset_at_the_end(&self) {
        let _ = self.stream.set_zero_linger();
    }

    /// A request is complete: it is not waited for any more, until this is dropped.
    pub(crate) fn busy(self: &Arc<Connection>) -> Busy {
        self.enter(BUSY);
        Busy(Arc::clone(self))
    }

    pub(crate) fn is_overdue(&self, patience: Patience) -> bool {
        let waited = self.ticks.now.load(Relaxed).wrapping_sub(self.since.load(Relaxed));
        match self.phase.load(Relaxed) {
            IDLE => waited > patience.idle,
            REQUEST => waited > patience.request,
            _ => false,
        }
    }

    fn enter(&self, phase: u8) {
        self.phase.store(phase, Relaxed);
        self.since.store(self.ticks.now.load(Relaxed), Relaxed);
    }

    fn arrived(&self) {
        if self.phase.load(Relaxed) == IDLE {
            self.enter(REQUEST);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.ticks.open.fetch_sub(1, Relaxed);
    }
}

/// A request that is being responded to.
pub(crate) struct Busy(Arc<Connection>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.enter(IDLE);
    }
}

/// The socket as the HTTP library uses it, shared with the code that may reset it.
pub(crate) struct Wire(pub(crate) Arc<Connection>);

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let stream = &self.0.stream;
        loop {
            ready!(stream.poll_read_ready(cx))?;
            match stream.try_read(buffer.initialize_unfilled()) {
                Ok(read) => {
                    buffer.advance(read);
                    if read > 0 {
                        self.0.arrived();
                    }
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(data)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let stream = &self.0.stream;
        loop {
            ready!(stream.poll_write_ready(cx))?;
            match stream.try_write_vectored(data) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                other => return Poll::Ready(other),
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // An `Arc` cannot shut down one direction without unsafe code or another crate; closing the socket says the same.
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_overdue_by_what_it_waits_for() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let _inside = runtime.enter();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        stream.set_nonblocking(true).unwrap();
        let ticks = Arc::new(Ticks::default());
        let connection = Connection::new(TcpStream::from_std(stream).unwrap(), Arc::clone(&ticks));
        let patience = Patience { request: 2, idle: 5 };
        let wait = |count: u32| (0..count).for_each(|_| ticks.pass());
        let overdue = || connection.is_overdue(patience);
        wait(5);
        assert!(!overdue());
        wait(1);
        assert!(overdue(), "nothing ever came");
        connection.arrived();
        wait(2);
        connection.arrived();
        assert!(!overdue());
        wait(1);
        assert!(overdue(), "a request that does not end, byte by byte or not");
        let busy = connection.busy();
        wait(100);
        assert!(!overdue(), "it is the server's turn");
        drop(busy);
        wait(5);
        assert!(!overdue());
        wait(1);
        assert!(overdue());
        assert_eq!(ticks.open(), 1);
        drop(connection);
        assert_eq!(ticks.open(), 0);
    }
}
