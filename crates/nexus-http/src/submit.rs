//! Create, pre-initiate and verify: what must not happen twice, and what is done when nobody knows whether it happened.
//!
//! ```text
//! look --> send once, on a new connection --> answer --------------------------------> record or error
//!                                       no usable answer --> look until time is up --> found: the record
//!                                                                                      not found: outcome unknown
//! ```
//!
//! The look before tells what was there already, so that what is new can be told from it. Looking is safe; nothing is sent
//! a second time, but after a 401, which proves that the first was not carried out.

use std::time::{Duration, Instant};

use nexus_types::decide::poll::next_read_after_verify;
use nexus_types::decide::reconcile::{Answered, Found, answered, could_be, created, preinitiated};
use nexus_types::{
    Create, DepositAmount, Error, ErrorKind, List, Microdeposit, MicrodepositGuid, Operation, Preinitiate, Read,
    StateProblem, Verify,
};

use crate::client::{Client, Deadline};
use crate::observe::Observation;

impl Client {
    /// Creates a microdeposit. The record comes back INITIATED, or at once in one of the failed statuses: look at it.
    ///
    /// Sends at most one POST that the server can have acted on. Lists before, and, if no usable answer comes, after: the
    /// one new record that fits is taken for this call's. That presumes that nobody else creates the same one meanwhile.
    ///
    /// # Errors
    /// Every kind but `Boundary` and `State`. [`Error::outcome_unknown`] says whether the record may exist;
    /// [`Error::candidates`] which new ones fit, where there are several.
    pub fn create(&self, create: &Create) -> Result<Microdeposit, Error> {
        self.make(create, Operation::Create, |before, after| created_or_like(create, before, after))
    }

    /// Creates a microdeposit without account details, PREINITIATED; the person gives them in the Connect Widget. As
    /// careful as [`create`](Client::create).
    ///
    /// # Errors
    /// As [`create`](Client::create).
    pub fn preinitiate(&self, preinitiate: &Preinitiate) -> Result<Microdeposit, Error> {
        self.make(preinitiate, Operation::Preinitiate, |before, after| sifted(preinitiated(preinitiate, before, after)))
    }

    /// Submits the two amounts. The record shows the outcome: VERIFIED, DENIED or PREVENTED; or, where the server decides
    /// later, the status from before (see [`verify_and_wait`](Client::verify_and_wait)).
    ///
    /// Sends at most one PUT that the server can have acted on. Reads before, and refuses where the status admits no
    /// answer; if no usable answer comes, reads after, and an outcome that shows is returned as if nothing had happened.
    /// That presumes that nobody else answers meanwhile. A 409 with a new outcome to be seen is told as unknown: it may be a
    /// gateway's that sent the PUT twice, or somebody else's answer.
    ///
    /// # Errors
    /// `State` `NotVerifiable` where nothing was sent because of the status; every other kind but `Boundary`.
    /// [`Error::outcome_unknown`] says whether the answer may have been counted; [`Error::last_seen`] is the record then.
    pub fn verify(
        &self,
        guid: &MicrodepositGuid,
        first: DepositAmount,
        second: DepositAmount,
    ) -> Result<Microdeposit, Error> {
        self.submit(guid, [first, second], self.deadline()).map(|(_, after)| after)
    }

    /// As [`verify`](Client::verify), and waits for the outcome where the server decides later; within this client's limit
    /// for a call.
    ///
    /// # Errors
    /// As [`verify`](Client::verify); and `State` `WaitTimedOut`, its outcome unknown, where none showed in time.
    pub fn verify_and_wait(
        &self,
        guid: &MicrodepositGuid,
        first: DepositAmount,
        second: DepositAmount,
    ) -> Result<Microdeposit, Error> {
        let deadline = self.deadline();
        let (before, mut after) = self.submit(guid, [first, second], deadline)?;
        let mut reads = 0;
        while answered(Some(&before), &after) == Answered::Unclear && !after.status.is_terminal() {
            let left = deadline.saturating_duration_since(Instant::now());
            let pause = next_read_after_verify(&after.status, reads).filter(|pause| *pause < left);
            let Some(pause) = pause else {
                let error = Error::state(StateProblem::WaitTimedOut, Some(Operation::Verify));
                return Err(told(error, Operation::Verify, Some(guid))
                    .with_outcome_unknown(true)
                    .with_last_seen(after));
            };
            let unknown = |error: Error| told(error, Operation::Verify, Some(guid)).with_outcome_unknown(true);
            self.pause(pause, Operation::Verify).map_err(unknown)?;
            reads += 1;
            after =
                self.run(&Read::new(guid.clone()), deadline).map_err(|error| unknown(error).with_last_seen(after))?;
        }
        Ok(after)
    }

    /// The record before and after one submission.
    fn submit(
        &self,
        guid: &MicrodepositGuid,
        [first, second]: [DepositAmount; 2],
        deadline: Deadline,
    ) -> Result<(Microdeposit, Microdeposit), Error> {
        let told = |error| told(error, Operation::Verify, Some(guid));
        let before = self.run(&Read::new(guid.clone()), self.early(deadline)).map_err(told)?;
        if before.status.is_known() && !before.status.may_verify() {
            return Err(told(Error::state(StateProblem::NotVerifiable, None)).with_last_seen(before));
        }
        let error = match self.run(&Verify::new(guid.clone(), first, second), self.early(deadline)) {
            Ok(after) => return Ok((before, after)),
            Err(error) if !error.outcome_unknown() => return Err(told(error)),
            Err(error) => error,
        };
        let mut seen = None;
        let found = self.look(Operation::Verify, deadline, |client, deadline| {
            let after = client.run(&Read::new(guid.clone()), deadline).ok()?;
            let counted = answered(Some(&before), &after) == Answered::Yes;
            seen = Some(after);
            seen.take_if(|_| counted)
        });
        // A 409 that left no trace was a refusal. With a trace, it is a gateway's that sent the PUT twice, or somebody else
        // has answered meanwhile: nobody can say whose answer it was.
        let conflict = error.kind() == ErrorKind::Conflict;
        match (found, seen) {
            (Some(after), _) if conflict => Err(error.with_last_seen(after)),
            (Some(after), _) => Ok((before, after)),
            (None, Some(after)) => Err(error.with_outcome_unknown(!conflict).with_last_seen(after)),
            (None, None) => Err(error.with_last_seen(before)),
        }
    }

    pub(crate) fn guids(&self, operation: Operation, deadline: Deadline) -> Result<Vec<MicrodepositGuid>, Error> {
        let records = self.run(&List::new(), self.early(deadline)).map_err(|error| told(error, operation, None))?;
        Ok(records.into_iter().map(|record| record.guid).collect())
    }

    fn make<E>(
        &self,
        endpoint: &E,
        operation: Operation,
        sift: impl Fn(&[MicrodepositGuid], Vec<Microdeposit>) -> Sifted,
    ) -> Result<Microdeposit, Error>
    where
        E: nexus_types::Endpoint<Output = Microdeposit>,
    {
        let deadline = self.deadline();
        let before = self.guids(operation, deadline)?;
        self.send_once(endpoint, operation, deadline, |after| sift(&before, after))
    }

    pub(crate) fn send_once<E>(
        &self,
        endpoint: &E,
        operation: Operation,
        deadline: Deadline,
        sift: impl Fn(Vec<Microdeposit>) -> Sifted,
    ) -> Result<Microdeposit, Error>
    where
        E: nexus_types::Endpoint<Output = Microdeposit>,
    {
        let error = match self.run(endpoint, self.early(deadline)) {
            Ok(record) => return Ok(record),
            Err(error) if !error.outcome_unknown() => return Err(error),
            Err(error) => error,
        };
        let seen = self.find(operation, deadline, sift);
        // As for a verify: a 409 that left no trace was a refusal, and one that did belongs to nobody knows whom.
        match seen.record {
            Some(record) if error.kind() == ErrorKind::Conflict => Err(error.with_candidates(vec![record.guid])),
            Some(record) => Ok(record),
            None => {
                let refused = error.kind() == ErrorKind::Conflict && seen.looked && seen.like.is_empty();
                Err(error.with_outcome_unknown(!refused).with_candidates(seen.like))
            }
        }
    }

    /// Looks for the one new record that fits, or what is like it.
    pub(crate) fn find(
        &self,
        operation: Operation,
        deadline: Deadline,
        sift: impl Fn(Vec<Microdeposit>) -> Sifted,
    ) -> Seen {
        let (mut looked, mut like) = (false, Vec::new());
        let record = self.look(operation, deadline, |client, deadline| {
            let sifted = sift(client.run(&List::new(), deadline).ok()?);
            looked = true;
            match sifted {
                Ok(record) => Some(record),
                Err(guids) => {
                    like = guids;
                    None
                }
            }
        });
        Seen { record, looked, like }
    }

    /// Looks again and again until something is found, or the time for it is up.
    fn look<T>(
        &self,
        operation: Operation,
        deadline: Deadline,
        mut one: impl FnMut(&Client, Deadline) -> Option<T>,
    ) -> Option<T> {
        self.observe(Observation::Looking { operation });
        let end = deadline.min(Instant::now() + self.shared.settings.limits.look);
        let mut pause = FIRST_PAUSE;
        loop {
            if self.is_cancelled() {
                return None;
            }
            if let Some(found) = one(self, end) {
                return Some(found);
            }
            let left = end.saturating_duration_since(Instant::now());
            if pause >= left {
                return None;
            }
            self.pause(pause, operation).ok()?;
            pause *= 2;
        }
    }

    /// A deadline that leaves a quarter of the time for looking afterwards.
    fn early(&self, deadline: Deadline) -> Deadline {
        let left = deadline.saturating_duration_since(Instant::now());
        deadline - (left / 4).min(self.shared.settings.limits.look)
    }
}

/// The one record, or those that are like it.
pub(crate) type Sifted = Result<Microdeposit, Vec<MicrodepositGuid>>;

/// What looking brought.
pub(crate) struct Seen {
    pub(crate) record: Option<Microdeposit>,
    /// Whether the server could be looked at at all.
    pub(crate) looked: bool,
    pub(crate) like: Vec<MicrodepositGuid>,
}

fn sifted(found: Found) -> Sifted {
    match found {
        Found::One(record) => Ok(*record),
        Found::Several(guids) => Err(guids),
        Found::Nothing => Err(Vec::new()),
    }
}

pub(crate) fn created_or_like(create: &Create, before: &[MicrodepositGuid], after: Vec<Microdeposit>) -> Sifted {
    let like = after.iter().filter(|record| could_be(create, before, record)).map(|record| record.guid.clone());
    let like: Vec<_> = like.collect();
    sifted(created(create, before, after)).map_err(|several| if several.is_empty() { like } else { several })
}

/// What is being processed at this moment shows soon; what takes longer is looked for less and less often.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// An error of a step, told as one of the whole.
pub(crate) fn told(error: Error, operation: Operation, guid: Option<&MicrodepositGuid>) -> Error {
    let error = error.with_operation(operation);
    if guid.is_some() { error.with_guid(guid.cloned()) } else { error }
}
