//! A TCP proxy that closes the connection after the n-th byte.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Which way the bytes go that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    ToServer,
    ToClient,
}

pub(crate) struct Proxy {
    pub(crate) url: String,
    address: std::net::SocketAddr,
    stop: Arc<AtomicBool>,
    /// Bytes passed so far, to the server and to the client.
    pub(crate) passed: Arc<[AtomicUsize; 2]>,
}

impl Proxy {
    /// Passes everything on, but for one cut: when so many bytes have gone this way, the connection that carries the next
    /// one is closed on both sides, and what comes after it passes again.
    pub(crate) fn start(server: &str, cut: Option<(Way, usize)>) -> Proxy {
        let server: std::net::SocketAddr = server.trim_start_matches("http://").parse().expect("an address");
        let listener = super::patiently(|| TcpListener::bind("127.0.0.1:0"));
        let address = listener.local_addr().expect("an address");
        let stop = Arc::new(AtomicBool::new(false));
        let passed: Arc<[AtomicUsize; 2]> = Arc::default();
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&passed));
        let done = Arc::new(AtomicBool::new(cut.is_none()));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(client) = client else { continue };
                let Ok(server) = TcpStream::connect(server) else { continue };
                for stream in [&client, &server] {
                    let _ = stream.set_nodelay(true);
                }
                let pair =
                    [(client.try_clone(), server.try_clone(), Way::ToServer), (Ok(server), Ok(client), Way::ToClient)];
                for (from, to, way) in pair {
                    let (Ok(from), Ok(to)) = (from, to) else { continue };
                    let limit = cut.filter(|(cut_way, _)| *cut_way == way).map(|(_, bytes)| bytes);
                    let (counted, done) = (Arc::clone(&counted), Arc::clone(&done));
                    std::thread::Builder::new()
                        .stack_size(64 * 1024)
                        .spawn(move || pump(from, to, &counted[way as usize], limit, &done))
                        .expect("a thread");
                }
            }
        });
        Proxy { url: format!("http://{address}"), address, stop, passed }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
    }
}

fn pump(mut from: TcpStream, mut to: TcpStream, counted: &AtomicUsize, limit: Option<usize>, done: &AtomicBool) {
    let mut buffer = [0; 4096];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(read) if read > 0 => read,
            _ => break,
        };
        let before = counted.fetch_add(read, Ordering::SeqCst);
        let cut_here = limit.filter(|limit| !done.load(Ordering::SeqCst) && before + read > *limit);
        let pass = cut_here.map_or(read, |limit| limit.saturating_sub(before));
        if to.write_all(&buffer[..pass]).is_err() {
            break;
        }
        if cut_here.is_some() && !done.swap(true, Ordering::SeqCst) {
            break;
        }
    }
    // Both sides, so that neither waits for the other.
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
