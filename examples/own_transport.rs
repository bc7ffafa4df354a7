//! The core with another HTTP library, here minreq: `cargo run --example own_transport`.
//!
//! Whoever moves bytes in their own way needs `nexus-types` only: an endpoint becomes a request, the answer becomes a
//! record. What must not be repeated is theirs to keep then: [`Operation::repeatable`](nexus_types::Operation::repeatable)
//! says what that is, and `error.outcome_unknown()` when to look before anything else.
#![allow(clippy::print_stdout)]

use nexus_sandbox::{Options, Sandbox};
use nexus_types::{Endpoint, Error, Method, Operation, Person, Preinitiate, Read, Request, Response, TransportProblem};

/// Carries one request: base address, headers, the secret under its name, the body. minreq follows no redirect here.
fn carry(base: &str, request: &Request, secret: &str) -> Result<Response, Error> {
    let url = format!("{base}{}", request.path);
    let method = match request.method {
        Method::Get => minreq::Method::Get,
        Method::Post => minreq::Method::Post,
        Method::Put => minreq::Method::Put,
    };
    let mut out = minreq::Request::new(method, url).with_timeout(30).with_follow_redirects(false);
    for (name, value) in request.headers() {
        out = out.with_header(name, value);
    }
    out = out.with_header(request.auth.header_name(), secret);
    if let Some(body) = &request.body {
        out = out.with_body(body.to_vec());
    }
    let answer = out.send().map_err(|_| broken(request.operation))?;
    let status = u16::try_from(answer.status_code).map_err(|_| broken(request.operation))?;
    Ok(Response::new(status, answer.into_bytes()))
}

/// Nothing is known of what the server has seen, so what must not be repeated has an unknown outcome.
fn broken(operation: Operation) -> Error {
    Error::transport(TransportProblem::Io, operation).with_outcome_unknown(!operation.repeatable())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", story()?);
    Ok(())
}

/// Pre-initiates a microdeposit and reads it again.
pub fn story() -> Result<String, Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start(Options::default())?;
    let token = &sandbox.credentials().session_token;
    let preinitiate = Preinitiate::new(Person::new("Josh", "Boy", "joshboy@example.com")?);
    let made = preinitiate.parse(&carry(sandbox.url(), &preinitiate.request(), token)?)?;
    let read = Read::new(made.guid.clone());
    let seen = read.parse(&carry(sandbox.url(), &read.request(), token)?)?;
    Ok(format!("pre-initiated {}: {}\n", made.guid, seen.status))
}
