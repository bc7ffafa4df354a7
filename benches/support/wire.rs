//! A minimal HTTP/1.1 client for both sides of a measurement. It is small and constant, so that it does not hide what is
//! compared.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// A connection that is kept, over which requests go one at a time.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The length of a response, headers included: the same for each, so that only the first is taken apart.
    whole: usize,
}

impl Connection {
    /// Connects, asks once, and insists on a 200.
    pub fn new(address: SocketAddr, request: &[u8]) -> Connection {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("a socket option");
        let mut connection = Connection { stream, buffer: vec![0; 64 * 1024], whole: 0 };
        connection.send(request);
        let (mut filled, mut whole) = (0, usize::MAX);
        while filled < whole {
            filled += connection.more(filled);
            whole = length(&connection.buffer[..filled]).unwrap_or(usize::MAX);
        }
        assert!(connection.buffer.starts_with(b"HTTP/1.1 200 "), "a 200");
        connection.whole = whole;
        connection
    }

    /// Sends, and does not wait.
    pub fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).expect("sent");
    }

    /// Reads the response to what was sent.
    pub fn receive(&mut self) {
        let mut filled = 0;
        while filled < self.whole {
            filled += self.more(filled);
        }
        assert!(filled == self.whole && self.buffer.starts_with(b"HTTP/1.1 200 "), "the same response as the first");
    }

    /// The length of each response, headers included.
    pub fn response_length(&self) -> usize {
        self.whole
    }

    /// The body of the last response.
    pub fn body(&self) -> &str {
        let response = std::str::from_utf8(&self.buffer[..self.whole]).expect("text");
        response.split_once("\r\n\r\n").expect("a body").1
    }

    fn more(&mut self, filled: usize) -> usize {
        let read = self.stream.read(&mut self.buffer[filled..]).expect("a response");
        assert!(read > 0, "the server has closed");
        read
    }
}

/// How long a response is in all, once its headers are there.
fn length(response: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(response).ok()?;
    let (head, _) = text.split_once("\r\n\r\n")?;
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    };
    Some(head.len() + 4 + head.lines().find_map(header)?)
}
