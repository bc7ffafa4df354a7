//! Drives the core's flows with minreq, a small blocking HTTP library: `cargo run --example driver-minreq -- BASE_URL
//! SESSION_TOKEN create`. The duties of a driver are in the documentation of [`nexus_types::flow`].
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod program;

use std::io::ErrorKind;

use nexus_types::decide::budget::Budget;
use nexus_types::flow::{Event, Flow, Lost, Moment, Send, Step};
use nexus_types::{Response, TransportProblem};
use program::Clocks;

const NO_RESPONSE: &str = "Server did not provide a status line";

/// A base address, a session that was opened elsewhere, and the clocks.
pub struct Minreq {
    base: String,
    token: String,
    clocks: Clocks,
}

impl Minreq {
    /// Drives flows against this address, in this session.
    pub fn new(base: String, token: String) -> Minreq {
        Minreq { base, token, clocks: Clocks::start() }
    }

    /// minreq makes a new connection for every request, and repeats none.
    fn carry(&self, send: &Send) -> Event {
        let request = &send.request;
        let method = minreq::Method::Custom(request.method.as_str().to_owned());
        let mut out = minreq::Request::new(method, format!("{}{}", self.base, request.path));
        // minreq counts whole seconds.
        out = out.with_timeout(send.timeout.as_secs().max(1)).with_follow_redirects(false);
        for (name, value) in request.headers() {
            out = out.with_header(name, value);
        }
        out = out.with_header(request.auth.header_name(), &self.token);
        if let Some(body) = &request.body {
            out = out.with_body(body.to_vec());
        }
        match out.send() {
            // minreq makes a 503 of its own if the server closes the connection without a response.
            Ok(response) if response.reason_phrase == NO_RESPONSE => Event::MaybeSent(Lost::new(TransportProblem::Io)),
            Ok(response) => {
                let status = response.status_code;
                let named = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("retry-after");
                let retry_after = response.headers.iter().find(named).map(|(_, value)| value.clone());
                let received = Response::new(status, response.into_bytes());
                Event::Response(retry_after.into_iter().fold(received, Response::with_retry_after))
            }
            // Only what cannot happen on a connection that stands proves that nothing was sent.
            Err(minreq::Error::AddressNotFound) => Event::NotSent(Lost::new(TransportProblem::Connect)),
            Err(minreq::Error::IoError(error)) => match error.kind() {
                ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                    Event::NotSent(Lost::new(TransportProblem::Connect))
                }
                ErrorKind::TimedOut | ErrorKind::WouldBlock => Event::MaybeSent(Lost::new(TransportProblem::Timeout)),
                _ => Event::MaybeSent(Lost::new(TransportProblem::Io)),
            },
            Err(_) => Event::MaybeSent(Lost::new(TransportProblem::Protocol)),
        }
    }
}

impl program::Driver for Minreq {
    fn drive<F: Flow>(&mut self, mut flow: F) -> F::Output {
        let mut budget = Budget::default();
        loop {
            let event = match flow.next(self.moment(), 0.5, &mut budget) {
                Step::Done(output) => return output,
                Step::Send(send) => self.carry(&send),
                Step::SendOnce(permit) => self.carry(&permit.spend().send),
                Step::Sleep(sleep) => {
                    std::thread::sleep(self.clocks.nap(&sleep));
                    continue;
                }
                Step::Renew(_) => Event::NotRenewable,
                Step::Journal(_) => Event::JournalFailed,
            };
            flow.handle(self.moment(), event);
        }
    }

    fn moment(&self) -> Moment {
        self.clocks.now()
    }
}

fn main() -> std::process::ExitCode {
    program::main(Minreq::new)
}
