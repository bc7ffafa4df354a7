//! A proxy in front of the sandbox for the drivers' suite. It forwards HTTP/1.1, notes the connection of each request, and
//! injects one kind of failure.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What becomes of the first PUT or POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nothing.
    None,
    /// It is read and not passed on; the connection is closed.
    Lost,
    /// It is passed on; its response is not.
    ResponseLost,
    /// The request is forwarded; the response is this status with an empty body.
    Acted(u16),
    /// It is not passed on; the response is this status, and it may be asked again at once.
    Refused(u16),
    /// Not passed on; a redirect to this very server.
    Redirect,
    /// It is passed on; the response is an HTML page.
    Html,
    /// No response ever comes.
    Silence,
    /// After the first GET nobody listens any more.
    Gone,
    /// A request that comes on a connection that had one before finds it closed.
    ClosedWhenIdle,
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// `GET`, `POST` or `PUT`.
    pub(crate) method: String,
    /// Which request of its connection, from 1.
    pub(crate) of_connection: usize,
}

pub(crate) struct Front {
    pub(crate) url: String,
    state: Arc<State>,
}

struct State {
    server: String,
    trouble: Trouble,
    seen: Mutex<Vec<Seen>>,
    listener: Mutex<Option<TcpListener>>,
}

impl Front {
    pub(crate) fn start(server: &str, trouble: Trouble) -> std::io::Result<Front> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let own = listener.try_clone()?;
        let server = server.trim_start_matches("http://").to_owned();
        let state = Arc::new(State { server, trouble, seen: Mutex::default(), listener: Mutex::new(Some(listener)) });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in own.incoming().flatten() {
                if lock(&shared.listener).is_none() {
                    // Woken to end: whoever comes from here on is refused.
                    return;
                }
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || drop(serve(&shared, stream)));
            }
        });
        Ok(Front { url, state })
    }

    /// What came so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        lock(&self.state.seen).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A whole request: its head, its body, and its first line's words.
fn request(stream: &mut impl Read) -> std::io::Result<(Vec<u8>, String)> {
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        text.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&text).to_lowercase();
    if head.contains("transfer-encoding: chunked") {
        while !text.ends_with(b"\r\n0\r\n\r\n") {
            stream.read_exact(&mut byte)?;
            text.push(byte[0]);
        }
    }
    let length = head.split("content-length:").nth(1).and_then(|rest| rest.split("\r\n").next()?.trim().parse().ok());
    let start = text.len();
    text.resize(start + length.unwrap_or(0), 0);
    stream.read_exact(&mut text[start..])?;
    let method = head.split(' ').next().unwrap_or_default().to_uppercase();
    Ok((text, method))
}

fn serve(state: &State, mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut server = TcpStream::connect(&state.server)?;
    for of_connection in 1.. {
        let (text, method) = request(&mut stream)?;
        let changes = method != "GET";
        if of_connection > 1 && state.trouble == Trouble::ClosedWhenIdle {
            return stream.shutdown(Shutdown::Both);
        }
        let first = {
            let mut seen = lock(&state.seen);
            let first = changes && !seen.iter().any(|seen| seen.method != "GET");
            seen.push(Seen { method, of_connection });
            first
        };
        let trouble = if first { state.trouble } else { Trouble::None };
        match trouble {
            Trouble::Lost => return stream.shutdown(Shutdown::Both),
            Trouble::Refused(status) => {
                write!(stream, "HTTP/1.1 {status} X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")?;
                continue;
            }
            Trouble::Redirect => {
                write!(stream, "HTTP/1.1 307 X\r\nLocation: /micro_deposits/elsewhere\r\nContent-Length: 0\r\n\r\n")?;
                continue;
            }
            _ => {}
        }
        server.write_all(&text)?;
        let response = response(&mut server)?;
        match trouble {
            Trouble::ResponseLost => return stream.shutdown(Shutdown::Both),
            Trouble::Acted(status) => write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n")?,
            Trouble::Html => {
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>")?
            }
            Trouble::Silence => std::thread::sleep(Duration::from_secs(12)),
            _ if state.trouble == Trouble::Gone && !changes => {
                let address = lock(&state.listener).take().map(|listener| listener.local_addr());
                // Wakes the thread that accepts, so that it ends and the port is closed before the response is out.
                if let Some(address) = address {
                    drop(TcpStream::connect(address?));
                    std::thread::sleep(Duration::from_millis(100));
                }
                let text = String::from_utf8_lossy(&response).replacen("\r\n", "\r\nConnection: close\r\n", 1);
                stream.write_all(text.as_bytes())?;
                return stream.shutdown(Shutdown::Both);
            }
            _ => stream.write_all(&response)?,
        }
    }
    Ok(())
}

fn response(server: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    Ok(request(server)?.0)
}
