//! [`Client::create_once`]: a create that survives the process that sends it.

use nexus_types::{Create, Error, Microdeposit, MicrodepositGuid, Operation, Read, TransportProblem};

use crate::client::{Client, Deadline, now};
use crate::journal::{Ended, Intent, Journal, Prior};
use crate::submit::{created_or_like, told};

impl Client {
    /// As [`create`](Client::create), for a process that may be killed at any moment: the intent is written to the journal
    /// before it is sent, and a later call with the same `key` goes on where the earlier one stopped. It returns the record
    /// that was made, finds the one whose answer was never heard, or sends anew.
    ///
    /// It sends anew only when no server can act on the earlier request any more ([`Limits::late`](crate::Limits), assumed),
    /// and a list made after that shows no new record which could be it. It presumes that clocks do not jump forward.
    ///
    /// `key` is your own name for this create, such as the number of an application; one key is one microdeposit, for ever.
    ///
    /// # Errors
    /// As [`create`](Client::create); `Input` on `journal` where it cannot be used (nothing is sent then), and on `key`
    /// where it stands for another create. The outcome is unknown while a server may still act on an earlier request: call
    /// again later; and where a new record could be the one but does not say so: [`Error::candidates`] are for a person then.
    pub fn create_once(&self, key: &str, create: &Create, journal: &dyn Journal) -> Result<Microdeposit, Error> {
        let deadline = self.deadline();
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::TimedOut => Error::transport(TransportProblem::Timeout, Operation::Create),
            kind => Error::input("journal", format!("cannot be used: {kind}")),
        };
        let mut instead_of = None;
        let intent = loop {
            let known = self.guids(Operation::Create, deadline)?;
            let until = now().saturating_add(self.longest());
            let intent = Intent { key, create, known, until, attempt: fastrand::u64(..), deadline };
            match journal.before(&intent, instead_of).map_err(failed)? {
                Prior::Nothing => break intent,
                Prior::Different => return Err(Error::input("key", "was used for another create")),
                Prior::Made(guid) => {
                    let told = |error| told(error, Operation::Create, Some(&guid));
                    return self.run(&Read::new(guid.clone()), deadline).map_err(told);
                }
                Prior::Pending { known, until, attempt } => {
                    if let Some(record) = self.resume(create, &known, until, deadline)? {
                        let _ = journal.after(&intent, &Ended::Made(record.guid.clone()));
                        return Ok(record);
                    }
                    // This attempt may take the place of the earlier one; unless another does so first.
                    instead_of = Some(attempt);
                }
            }
        };
        let known = &intent.known;
        let outcome =
            self.send_once(create, Operation::Create, deadline, |after| created_or_like(create, known, after));
        // Where this cannot be written, the intent stays pending, and the next call finds the record by looking.
        let _ = match &outcome {
            Ok(record) => journal.after(&intent, &Ended::Made(record.guid.clone())),
            Err(error) if !error.outcome_unknown() => journal.after(&intent, &Ended::NotMade),
            Err(_) => Ok(()),
        };
        outcome
    }

    /// The seconds from now in which a request of this call can be acted on, in whole ones upwards.
    fn longest(&self) -> i64 {
        let longest = self.timeout().saturating_add(self.shared.settings.limits.late);
        i64::try_from(longest.as_secs()).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// Looks for what an earlier call may have made; none where nothing speaks for that any more.
    fn resume(
        &self,
        create: &Create,
        known: &[MicrodepositGuid],
        until: i64,
        deadline: Deadline,
    ) -> Result<Option<Microdeposit>, Error> {
        // Before the look: what is seen after it must be seen after the time is over.
        let over = now() > until;
        let seen = self.find(Operation::Create, deadline, |after| created_or_like(create, known, after));
        match seen.record {
            Some(record) => Ok(Some(record)),
            None if over && seen.looked && seen.like.is_empty() => Ok(None),
            None => {
                let error = Error::transport(TransportProblem::Timeout, Operation::Create).with_attempts(0);
                Err(error.with_outcome_unknown(true).with_candidates(seen.like))
            }
        }
    }
}
