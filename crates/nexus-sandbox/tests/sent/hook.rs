//! [`Hook`]: a receiver in a few lines over bare sockets, so that nothing can hide what arrives.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::support::{Caller, PATIENCE, value};

/// One request as it came: the head as it was written, the body as far as it came.
#[derive(Clone)]
pub(crate) struct Got {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    pub(crate) whole: bool,
    pub(crate) answered: String,
}

/// What a receiver answers, given the request and how many came before.
type Answer = dyn Fn(&Got, usize) -> String + Send + Sync;

pub(crate) struct Hook {
    pub(crate) url: String,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Hook {
    /// A receiver that answers with a status line, or with a whole response; with nothing, it closes the connection.
    pub(crate) fn new(answer: impl Fn(&Got, usize) -> String + Send + Sync + 'static) -> Hook {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (got, answer): (Arc<Mutex<Vec<Got>>>, Box<Answer>) = (Arc::default(), Box::new(answer));
        let kept = Arc::clone(&got);
        thread::spawn(move || {
            // One after the other: of a connection that breaks off the sender does not wait for an end.
            for stream in listener.incoming() {
                one(stream.unwrap(), &kept, &*answer);
            }
        });
        Hook { url, got }
    }

    /// Always this status.
    pub(crate) fn always(status: u16) -> Hook {
        Hook::new(move |_, _| status.to_string())
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// The statuses in the bodies, in order of arrival.
    pub(crate) fn statuses(&self) -> Vec<String> {
        self.got().iter().map(|got| got.record()["status_name"].as_str().unwrap().to_owned()).collect()
    }
}

fn one(stream: TcpStream, kept: &Mutex<Vec<Got>>, answer: &Answer) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok()).unwrap();
    let mut body = Vec::new();
    let whole = (&mut stream).take(length).read_to_end(&mut body).is_ok() && body.len() as u64 == length;
    let mut got = Got { head, body, whole, answered: String::new() };
    let before = kept.lock().unwrap().len();
    // Not locked while it answers: it may ask for what came before.
    got.answered = answer(&got, before);
    let response = match got.answered.as_str() {
        "" => String::new(),
        status if status.len() == 3 => format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n"),
        whole => whole.to_owned(),
    };
    kept.lock().unwrap().push(got);
    let _ = stream.get_mut().write_all(response.as_bytes());
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn record(&self) -> Value {
        serde_json::from_slice::<Value>(&self.body).unwrap()["micro_deposit"].clone()
    }
}

impl Caller {
    /// The admin interface, with JSON.
    pub(crate) fn admin(&self, method: &str, path: &str, body: &str) -> Value {
        let headers: [(&str, &[u8]); 1] = [("Content-Type", b"application/json")];
        value(&self.raw(method, &format!("/_sandbox/{path}"), &headers, body.as_bytes()), 200)
    }

    pub(crate) fn subscribe(&self, url: &str) -> Value {
        self.admin("POST", "webhooks", &format!(r#"{{"url":"{url}"}}"#))["id"].clone()
    }

    /// Sends what is due now, and waits for it.
    pub(crate) fn flush(&self) {
        self.admin("POST", "advance", r#"{"seconds":0}"#);
    }

    pub(crate) fn preinitiated(&self, email: &str) -> String {
        let body = format!(r#"{{"micro_deposit":{{"first_name":"Josh","last_name":"Boy","email":"{email}"}}}}"#);
        self.get("POST", "/micro_deposits", &body)["micro_deposit"]["guid"].as_str().unwrap().to_owned()
    }

    pub(crate) fn deliveries(&self) -> Vec<Value> {
        self.admin("GET", "webhooks/deliveries", "")["deliveries"].as_array().unwrap().clone()
    }
}
