//! A small server for behaviour that the sandbox does not have.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// A server whose response depends on the request's first line and number. None closes the connection.
pub(crate) fn peer(respond: impl Fn(&str, usize) -> Option<(u16, String)> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (count, respond) = (Arc::new(Mutex::new(0)), Arc::new(respond));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (count, respond) = (Arc::clone(&count), Arc::clone(&respond));
            std::thread::spawn(move || {
                let (mut head, mut byte) = (Vec::new(), [0]);
                while stream.read(&mut byte).is_ok_and(|read| read == 1) {
                    head.push(byte[0]);
                    if !head.ends_with(b"\r\n\r\n") {
                        continue;
                    }
                    let text = String::from_utf8_lossy(&head).to_lowercase();
                    let length =
                        text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
                    let mut body = vec![0; length.unwrap_or(0)];
                    let whole = stream.read_exact(&mut body).is_ok();
                    let number = {
                        let mut count = count.lock().unwrap();
                        *count += 1;
                        *count
                    };
                    let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
                    head.clear();
                    let Some((status, body)) = respond(&line, number).filter(|_| whole) else { return };
                    let length = body.len();
                    let _ = write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n{body}");
                }
            });
        }
    });
    url
}
