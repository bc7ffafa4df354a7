//! Drives the core's flows with reqwest on tokio: `cargo run --example driver-reqwest -- BASE_URL SESSION_TOKEN create`. The
//! duties of a driver are in the documentation of [`nexus_types::flow`].
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::expect_used)]

mod program;

use nexus_types::decide::budget::Budget;
use nexus_types::flow::{Event, Flow, Lost, Moment, Send, Step};
use nexus_types::{Response, TransportProblem};
use program::Clocks;
use reqwest::header::RETRY_AFTER;

/// A base address, a session that was opened elsewhere, and connections that are kept for what may be repeated.
pub struct Reqwest {
    base: String,
    token: String,
    kept: reqwest::Client,
    clocks: Clocks,
    runtime: tokio::runtime::Runtime,
}

/// No redirects, no proxy that the environment names, no retries.
fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.retry(reqwest::retry::never()).build().expect("a client without TLS has nothing to load")
}

impl Reqwest {
    /// Drives flows against this address, in this session.
    pub fn new(base: String, token: String) -> Reqwest {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Reqwest { base, token, kept: client(), clocks: Clocks::start(), runtime }
    }

    async fn carry(&self, client: &reqwest::Client, send: &Send) -> Event {
        let request = &send.request;
        let method = reqwest::Method::from_bytes(request.method.as_str().as_bytes()).expect("a method of HTTP");
        let mut out = client.request(method, format!("{}{}", self.base, request.path)).timeout(send.timeout);
        for (name, value) in request.headers() {
            out = out.header(name, value);
        }
        out = out.header(request.auth.header_name(), &self.token);
        if let Some(body) = &request.body {
            out = out.body(body.to_vec());
        }
        match self.exchange(out).await {
            Ok(response) => Event::Response(response),
            Err(error) if error.is_connect() => Event::NotSent(Lost::new(TransportProblem::Connect)),
            Err(error) if error.is_timeout() => Event::MaybeSent(Lost::new(TransportProblem::Timeout)),
            Err(_) => Event::MaybeSent(Lost::new(TransportProblem::Io)),
        }
    }

    async fn exchange(&self, out: reqwest::RequestBuilder) -> reqwest::Result<Response> {
        let received = out.send().await?;
        let retry_after = received.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let response = Response::new(received.status().as_u16(), received.bytes().await?.to_vec());
        Ok(retry_after.into_iter().fold(response, Response::with_retry_after))
    }

    async fn carried<F: Flow>(&self, mut flow: F) -> F::Output {
        let mut budget = Budget::default();
        loop {
            let event = match flow.next(self.clocks.now(), 0.5, &mut budget) {
                Step::Done(output) => return output,
                Step::Send(send) => self.carry(&self.kept, &send).await,
                // A client of its own has no connection yet.
                Step::SendOnce(permit) => self.carry(&client(), &permit.spend().send).await,
                Step::Sleep(sleep) => {
                    tokio::time::sleep(self.clocks.nap(&sleep)).await;
                    continue;
                }
                Step::Renew(_) => Event::NotRenewable,
                Step::Journal(_) => Event::JournalFailed,
            };
            flow.handle(self.clocks.now(), event);
        }
    }
}

impl program::Driver for Reqwest {
    fn drive<F: Flow>(&mut self, flow: F) -> F::Output {
        self.runtime.block_on(self.carried(flow))
    }

    fn moment(&self) -> Moment {
        self.clocks.now()
    }
}

fn main() -> std::process::ExitCode {
    program::main(Reqwest::new)
}
