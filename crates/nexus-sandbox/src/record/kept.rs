//! [`Kept`]: a record as an export has it.

use nexus_types::{AccountType, Authority, Event, KnownStatus, Position};
use serde::{Deserialize, Serialize};

use super::{Moment, Record, Requests};
use crate::instant::Instant;
use crate::json_reader::Problem;
use crate::rare::{Rare, Submission};
use crate::request_body::{Account, Party};
use crate::rng::Chance;
use crate::trouble::Trouble;

/// All of a record that decides its future, with a pseudonym for what a person has typed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    pub(crate) guid: String,
    pub(crate) user: u32,
    first_name: String,
    last_name: String,
    email: String,
    account_name: Option<String>,
    account_number: Option<String>,
    account_type: Option<String>,
    routing_number: Option<String>,
    /// Null once deleted.
    status: Option<String>,
    shown: Option<String>,
    attempts: u8,
    created: Instant,
    begun: Instant,
    changed: Option<Instant>,
    shown_changed: Option<Instant>,
    verified: Option<Instant>,
    trouble: Option<String>,
    /// What deleted it.
    gone: Option<String>,
    reads: u32,
    verifies: u32,
    touched: Option<Instant>,
    denied: Option<Instant>,
    pending: Vec<Pending>,
}

/// A submission that is not judged yet.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pending {
    due: Instant,
    request: u64,
    event: String,
}

impl Record {
    /// As an export has it; the record has been settled.
    pub(crate) fn keep(&self, guid: String, chance: &Chance) -> Kept {
        let unless = |invented: bool, text: &str, pseudonym: &dyn Fn(&str) -> String| {
            if invented { text.to_owned() } else { pseudonym(text) }
        };
        let text = |text: &str, pseudonym: &dyn Fn(&str) -> String| unless(self.invented, text, pseudonym);
        let of_account =
            |text: &str, pseudonym: &dyn Fn(&str) -> String| unless(self.account_invented, text, pseudonym);
        let name = |status: KnownStatus| status.name().to_owned();
        let moment = |moment: Moment| moment.get().map(Instant);
        let with_account = self.kind.is_some();
        let number = || of_account(self.account_number(), &|number| chance.pseudonym_of_account(number));
        let rare = self.rare.as_deref();
        let pending = |one: &Submission| Pending {
            due: Instant(one.due),
            request: one.request,
            event: one.event.name().to_owned(),
        };
        Kept {
            guid,
            user: self.user,
            first_name: text(self.first_name(), &|name| chance.pseudonym_of_first_name(name).to_owned()),
            last_name: text(self.last_name(), &|name| chance.pseudonym_of_last_name(name).to_owned()),
            email: text(self.email(), &|email| chance.pseudonym_of_email(email)),
            account_name: self
                .account_name()
                .map(|name| of_account(name, &|name| chance.pseudonym_of_account_name(name))),
            account_number: with_account.then(number),
            account_type: self.kind.map(|kind| kind.name().to_owned()),
            routing_number: with_account.then(|| format!("{:09}", self.routing)),
            status: self.state.status().map(name),
            shown: self.shown.map(name),
            attempts: self.state.attempts(),
            created: Instant(self.created),
            begun: Instant(self.begun),
            changed: moment(self.changed),
            shown_changed: moment(self.shown_changed),
            verified: moment(self.verified),
            trouble: self.trouble.map(Trouble::code),
            gone: self.gone.map(|event| event.name().to_owned()),
            reads: self.requests.reads,
            verifies: self.requests.verifies,
            touched: rare.and_then(|rare| rare.touched).map(Instant),
            denied: rare.and_then(|rare| rare.denied).map(Instant),
            pending: rare.into_iter().flat_map(|rare| &rare.pending).map(pending).collect(),
        }
    }
}

impl Kept {
    /// The record, as of this time.
    pub(crate) fn restored(self, now: i64) -> Result<Record, Problem> {
        let known = |field: &'static str, name: Option<String>| {
            let found = name.map(|name| KnownStatus::ALL.into_iter().find(|known| known.name() == name).ok_or(field));
            found.transpose().map_err(|field| Problem::new(field, "must be the name of a status, or null"))
        };
        for (field, text, most) in [
            ("first_name", Some(&self.first_name), 200),
            ("last_name", Some(&self.last_name), 200),
            ("email", Some(&self.email), 254),
            ("account_name", self.account_name.as_ref(), 200),
            ("account_number", self.account_number.as_ref(), 17),
        ] {
            if text.is_some_and(|text| text.is_empty() || text.len() > most) {
                return Err(Problem::new(field, format!("must have 1 to {most} bytes")));
            }
        }
        let account = match (&self.account_number, &self.account_type, &self.routing_number) {
            (None, None, None) if self.account_name.is_none() => None,
            (Some(number), Some(kind), Some(routing)) => Some(Account {
                name: self.account_name.as_deref().map(Into::into),
                number: number.as_str().into(),
                routing: routing
                    .parse()
                    .ok()
                    .filter(|routing| *routing <= 999_999_999)
                    .ok_or_else(|| Problem::new("routing_number", "must be nine digits"))?,
                kind: AccountType::from_name(kind)
                    .ok_or_else(|| Problem::new("account_type", "must be CHECKING or SAVINGS"))?,
            }),
            _ => {
                return Err(Problem::new(
                    "account_number",
                    "must stand with account_type and routing_number, and account_name with them",
                ));
            }
        };
        let party = Party {
            first_name: self.first_name.as_str().into(),
            last_name: self.last_name.as_str().into(),
            email: self.email.as_str().into(),
        };
        let mut record = Record::new(self.user, &party, account.as_ref(), self.created.0);
        let position = known("status", self.status)?.map_or(Position::Deleted, Position::At);
        record.state = reached(position, self.attempts)
            .ok_or_else(|| Problem::new("attempts", "must be as many as lead to the status"))?;
        record.shown = known("shown", self.shown)?;
        let moment = |at: Option<Instant>| at.map_or(Moment::NONE, |at| Moment(at.0));
        record.begun = self.begun.0;
        (record.changed, record.shown_changed) = (moment(self.changed), moment(self.shown_changed));
        record.verified = moment(self.verified);
        record.settled = now;
        let trouble =
            self.trouble.map(|code| Trouble::from_code(&code).ok_or_else(|| Problem::new("trouble", "is not known")));
        record.trouble = trouble.transpose()?;
        let event = |field, name: &str| {
            Event::from_name(name).ok_or_else(|| Problem::new(field, "must be an event of the state machine"))
        };
        record.gone = self.gone.map(|name| event("gone", &name)).transpose()?;
        record.requests = Requests { reads: self.reads, verifies: self.verifies };
        (record.invented, record.account_invented) = (true, true);
        let pending = self.pending.into_iter().map(|one| {
            let event = event("pending", &one.event)?;
            Ok(Submission { due: one.due.0, request: one.request, event })
        });
        let pending: std::collections::VecDeque<Submission> = pending.collect::<Result<_, Problem>>()?;
        let (touched, denied) = (self.touched.map(|at| at.0), self.denied.map(|at| at.0));
        if !pending.is_empty() || touched.is_some() || denied.is_some() {
            record.rare = Some(Box::new(Rare { pending, touched, denied }));
        }
        Ok(record)
    }
}

/// The state of the machine that is in this position after so many submissions, if it can get there.
fn reached(position: Position, attempts: u8) -> Option<Authority> {
    let mut seen = vec![Authority::new()];
    let mut next = 0;
    while let Some(state) = seen.get(next).copied() {
        if state.position() == position && state.attempts() == attempts {
            return Some(state);
        }
        next += 1;
        let after = Event::ALL.iter().filter_map(|event| state.apply(*event).ok());
        // Submissions are counted up to three, so this ends.
        for state in after {
            if !seen.contains(&state) {
                seen.push(state);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reached_finds_what_the_table_leads_to_and_nothing_else() {
        for (position, attempts, possible) in [
            (Position::At(KnownStatus::Preinitiated), 0, true),
            (Position::At(KnownStatus::Denied), 2, true),
            (Position::At(KnownStatus::Verified), 3, true),
            (Position::At(KnownStatus::Prevented), 1, true),
            (Position::Deleted, 2, true),
            (Position::At(KnownStatus::Denied), 0, false),
            (Position::At(KnownStatus::Denied), 3, false),
            (Position::At(KnownStatus::Initiated), 1, false),
            (Position::At(KnownStatus::Verified), 4, false),
        ] {
            let found = reached(position, attempts);
            assert_eq!(found.is_some(), possible, "{position:?} {attempts}");
            assert!(found.is_none_or(|state| (state.position(), state.attempts()) == (position, attempts)));
        }
    }
}
