//! Every reported result is true: over sockets, against a sandbox with plausible policies other than the defaults. The core's
//! own tests cover what no sandbox can do.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod making;
#[path = "../support/nobody.rs"]
mod nobody;
#[path = "../support/mod.rs"]
mod support;
mod verifying;
mod waiting;

use std::time::Duration;

use nexus_http::Limits;
use nexus_sandbox::{Effect, Fault, Options, Policy, Sandbox};
use nexus_types::{MicrodepositGuid, Operation};
use support::{Checked, create_of, sso_with};

/// What is late here is late on purpose, not because the machine is busy.
fn patient() -> Limits {
    let mut limits = support::limits();
    (limits.call, limits.attempt, limits.connect) =
        (Duration::from_secs(2), Duration::from_secs(1), Duration::from_secs(1));
    limits
}

/// A sandbox with this policy, and a client with time to look.
fn with_policy(change: impl FnOnce(&mut Policy)) -> Checked {
    let mut options = Options::default();
    change(&mut options.policy);
    let sandbox = Sandbox::start(options).expect("a sandbox");
    let client = sso_with(&sandbox, sandbox.url(), patient());
    Checked::with(sandbox, client)
}

/// A record whose deposits are there.
fn deposited(checked: &Checked) -> MicrodepositGuid {
    let guid = checked.client.create(&create_of("333312345")).expect("a record").record.guid;
    checked.sandbox.advance(Duration::from_secs(120));
    guid
}

/// This effect on the next request of this operation.
fn next(checked: &Checked, operation: Operation, effect: Effect) {
    checked.sandbox.with_world(|world| world.add_fault(Fault::nth(operation, 1, effect)));
}

/// How many requests of this operation have arrived.
fn received(sandbox: &Sandbox, operation: Operation) -> usize {
    sandbox.with_world(|world| world.received().into_iter().filter(|one| *one == Some(operation)).count())
}

/// A refusal that comes although the request is carried out.
fn acting(status: u16) -> Effect {
    Effect::Status { status, retry_after: None, acting: true }
}
