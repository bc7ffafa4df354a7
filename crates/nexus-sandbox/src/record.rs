//! [`Record`]: one microdeposit as the imitated server keeps it, and how time changes it.
//!
//! Nothing runs in the background. A record holds the time when it began; [`Record::settle`] computes on each access what
//! has happened since. So a clock that jumps over 21 days costs nothing, however many records there are.

use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use nexus_types::{AccountType, Authority, Event, KnownStatus, Position};

use crate::books::{Books, Counted};
use crate::outbox::Happening;
use crate::policy::{ReadsTouch, UpdatedAt};
use crate::rare::{Rare, Submission};
use crate::request_body::{Account, Party};
use crate::rules::{Rules, Schedule};
use crate::trouble::Trouble;

mod kept;

pub(crate) use kept::Kept;

pub(crate) struct Record {
    /// First name, last name, e-mail, account name, account number, one after the other; an absent one is empty.
    text: Box<str>,
    /// Where each ends.
    ends: [u16; 5],
    /// Nine digits; 0 while there is no account.
    routing: u32,
    kind: Option<AccountType>,
    pub(crate) user: u32,
    /// The truth.
    pub(crate) state: Authority,
    /// What a list shows of it.
    shown: Option<KnownStatus>,
    pub(crate) created: i64,
    /// When the schedule began: the creation, or the submission of the account details.
    pub(crate) begun: i64,
    changed: Moment,
    shown_changed: Moment,
    verified: Moment,
    /// When the record was last settled.
    settled: i64,
    pub(crate) trouble: Option<Trouble>,
    /// What deleted it.
    gone: Option<Event>,
    /// Whether the person is a pseudonym, out of an export.
    pub(crate) invented: bool,
    /// Whether the account is one.
    pub(crate) account_invented: bool,
    pub(crate) requests: Requests,
    rare: Option<Box<Rare>>,
}

/// So old must `updated_at` be for a read to move it, where it does so at most once a minute.
const MINUTE: i64 = 60_000;

/// Milliseconds since 1970, or none: as small as the number alone, for there may be a million records.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Moment(i64);

impl Moment {
    const NONE: Moment = Moment(i64::MIN);

    fn get(self) -> Option<i64> {
        (self != Moment::NONE).then_some(self.0)
    }
}

/// Requests that named this record, by what they wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Requests {
    pub(crate) reads: u32,
    pub(crate) verifies: u32,
}

impl Record {
    /// A record to which nothing has happened yet.
    pub(crate) fn new(user: u32, party: &Party<'_>, account: Option<&Account<'_>>, now: i64) -> Record {
        let mut record = Record {
            text: Box::default(),
            ends: [0; 5],
            routing: 0,
            kind: None,
            user,
            state: Authority::new(),
            shown: None,
            created: now,
            begun: now,
            changed: Moment::NONE,
            shown_changed: Moment::NONE,
            verified: Moment::NONE,
            settled: now,
            trouble: None,
            gone: None,
            invented: false,
            account_invented: false,
            requests: Requests::default(),
            rare: None,
        };
        record.write([&party.first_name, &party.last_name, &party.email], account);
        record
    }

    /// Adds the account details, as the widget does.
    pub(crate) fn submit(&mut self, account: &Account<'_>, now: i64) {
        let [first, last, email] = [0, 1, 2].map(|index| self.part(index).to_owned());
        self.write([&first, &last, &email], Some(account));
        (self.begun, self.account_invented) = (now, false);
    }

    fn write(&mut self, party: [&str; 3], account: Option<&Account<'_>>) {
        let name = account.and_then(|account| account.name.as_deref()).unwrap_or_default();
        let number = account.map_or("", |account| &account.number);
        let mut text =
            String::with_capacity(party.iter().map(|part| part.len()).sum::<usize>() + name.len() + number.len());
        for (end, part) in self.ends.iter_mut().zip(party.into_iter().chain([name, number])) {
            text.push_str(part);
            // No part is longer than 254 bytes: the fields are validated.
            *end = u16::try_from(text.len()).unwrap_or(u16::MAX);
        }
        self.text = text.into_boxed_str();
        self.routing = account.map_or(0, |account| account.routing);
        self.kind = account.map(|account| account.kind);
    }

    fn part(&self, index: usize) -> &str {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(0);
        self.text.get(usize::from(start)..usize::from(end)).unwrap_or_default()
    }

    pub(crate) fn first_name(&self) -> &str {
        self.part(0)
    }

    pub(crate) fn last_name(&self) -> &str {
        self.part(1)
    }

    pub(crate) fn email(&self) -> &str {
        self.part(2)
    }

    pub(crate) fn account_name(&self) -> Option<&str> {
        Some(self.part(3)).filter(|name| !name.is_empty())
    }

    pub(crate) fn account_number(&self) -> &str {
        self.part(4)
    }

    pub(crate) fn routing(&self) -> u32 {
        self.routing
    }

    /// None while there is no account.
    pub(crate) fn kind(&self) -> Option<AccountType> {
        self.kind
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.state.status().is_none()
    }

    /// What says when something happens to it by itself; none once it is deleted.
    fn schedule(&self, number: u32) -> Option<Schedule<'_>> {
        let (status, changed) = (self.state.status()?, self.changed.get());
        Some(Schedule { number, status, begun: self.begun, changed, account_number: self.account_number() })
    }

    /// What happens to it next by itself, and when: an event, the judgement of a submission, or a list's catching up.
    pub(crate) fn coming(&self, rules: &Rules, number: u32) -> Option<(i64, &'static str)> {
        let own = self.schedule(number).and_then(|schedule| rules.next_due(&schedule));
        let own = own.map(|(at, event)| (at, event.name()));
        let judged = self.rare.as_ref().and_then(|rare| rare.pending.front()).map(|one| (one.due, "judged"));
        let behind = self.state.position() != Position::Deleted
            && (self.shown, self.shown_changed) != (self.state.status(), self.changed);
        let refresh = behind.then(|| rules.policy.refresh.around(self.settled).1).filter(|at| *at < i64::MAX);
        own.into_iter().chain(judged).chain(refresh.map(|at| (at, "shown"))).min_by_key(|(at, _)| *at)
    }

    /// When its true status changed last, wrong submissions included.
    pub(crate) fn changed_at(&self) -> Option<i64> {
        self.changed.get()
    }

    /// A number that is another one where something of the record is shown differently.
    pub(crate) fn fingerprint(&self) -> u64 {
        let Requests { reads, verifies } = self.requests;
        let moments = (self.changed.0, self.shown_changed.0, self.begun);
        let counts = (self.state.attempts(), reads, verifies, self.account_number().len());
        let waiting = self.rare.as_ref().map_or((None, 0), |rare| (rare.touched, rare.pending.len()));
        let statuses = (self.state.status().map(KnownStatus::number), self.shown().map(KnownStatus::number));
        BuildHasherDefault::<DefaultHasher>::default().hash_one((moments, counts, waiting, statuses))
    }

    /// What deleted it, and when.
    pub(crate) fn gone(&self) -> Option<(Event, i64)> {
        self.gone.zip(self.changed.get())
    }

    /// What happened at this instant by this request, if the table admits it.
    pub(crate) fn apply(&mut self, number: u32, event: Event, at: i64, request: u64, books: &mut Books) -> bool {
        let Ok(next) = self.state.apply(event) else { return false };
        let denied = self.state.status() == Some(KnownStatus::Denied);
        let first = self.state.position() == Position::Nothing;
        self.state = next;
        self.gone = Some(event).filter(|_| next.position() == Position::Deleted);
        if event != Event::Preinitiated {
            // Two submissions in the same millisecond of a stopped clock are two changes.
            let again = denied && next.position() != Position::Deleted;
            if again {
                let changed = self.changed.get();
                let rare = self.rare();
                rare.denied = rare.denied.or(changed);
            }
            let after = self.changed.get().filter(|_| again).map_or(at, |changed| changed.saturating_add(1));
            self.changed = Moment(at.max(after));
        }
        match next.status() {
            Some(KnownStatus::Verified) => self.verified = self.changed,
            Some(KnownStatus::Errored) => self.trouble = self.trouble.or(Some(Trouble::Ach(3))),
            Some(KnownStatus::Rejected) => self.trouble = self.trouble.or(Some(Trouble::Refused)),
            Some(KnownStatus::Conflicted) => self.trouble = self.trouble.or(Some(Trouble::Exists)),
            Some(KnownStatus::Prevented) => self.trouble = Some(Trouble::LockedOut),
            _ => {}
        }
        books.agenda.touch(number);
        if let Some(status) = next.status() {
            let updated = self.changed.get().unwrap_or(at);
            let again = denied && status == KnownStatus::Denied;
            books.outbox.push(Happening { at, number, status, updated, again, first });
            let attempts = next.attempts();
            books.note(request, first, status, Counted { at, number, event, attempts });
        }
        true
    }

    /// Lets everything happen that is due by now, and brings what a list shows up to the last refresh.
    pub(crate) fn settle(&mut self, rules: &Rules, number: u32, now: i64, books: &mut Books) {
        let (refreshed, _) = rules.policy.refresh.around(now);
        if refreshed > self.settled {
            self.live_until(rules, number, refreshed, books);
            self.show();
        }
        self.live_until(rules, number, now, books);
        self.settled = now;
    }

    fn live_until(&mut self, rules: &Rules, number: u32, until: i64, books: &mut Books) {
        loop {
            let own =
                self.schedule(number).and_then(|schedule| rules.next_due(&schedule)).filter(|(at, _)| *at <= until);
            match (own, self.judged().filter(|due| *due <= until)) {
                // What ends at the instant of the judgement has ended before it.
                (own, Some(due)) if own.is_none_or(|(at, _)| due < at) => {
                    let first = self.rare.as_mut().and_then(|rare| rare.pending.pop_front());
                    if let Some(Submission { due, request, event }) = first {
                        // Where an earlier submission was right or locked it, this one is not counted.
                        self.apply(number, event, due, request, books);
                    }
                }
                // A table that refused its own schedule would be no reason to turn in a circle.
                (Some((at, event)), _) if self.apply(number, event, at, 0, books) => {}
                _ => break,
            }
        }
    }

    /// When something happens to it next by itself, or a list catches up with it.
    pub(crate) fn next_moment(&self, rules: &Rules, number: u32) -> Option<i64> {
        let own = self.schedule(number).and_then(|schedule| rules.next_due(&schedule)).map(|(at, _)| at);
        let judged = self.rare.as_ref().and_then(|rare| rare.pending.front()).map(|submission| submission.due);
        let behind = !self.is_deleted() && (self.shown, self.shown_changed) != (self.state.status(), self.changed);
        let refresh = behind.then(|| rules.policy.refresh.around(self.settled).1).filter(|at| *at < i64::MAX);
        own.into_iter().chain(judged).chain(refresh).min()
    }

    /// When something happens next to it by itself.
    pub(crate) fn next(&self, rules: &Rules, number: u32) -> Option<i64> {
        let own = self.schedule(number).and_then(|schedule| rules.next_due(&schedule)).map(|(at, _)| at);
        own.into_iter().chain(self.judged()).min()
    }

    /// When the next submission that was taken is judged.
    fn judged(&self) -> Option<i64> {
        self.rare.as_ref().and_then(|rare| rare.pending.front()).map(|submission| submission.due)
    }

    /// Whether a submission was taken that is not judged yet.
    pub(crate) fn is_judged_later(&self) -> bool {
        self.judged().is_some()
    }

    /// Takes a submission that is judged later.
    pub(crate) fn take(&mut self, submission: Submission) {
        self.rare().pending.push_back(submission);
    }

    /// A read may move `updated_at`.
    pub(crate) fn touch(&mut self, policy: ReadsTouch, now: i64) {
        let seen = self.seen(UpdatedAt::Moves).and_then(|seen| seen.updated);
        let due = match policy {
            ReadsTouch::Never => false,
            ReadsTouch::Always => true,
            ReadsTouch::Minutely => seen.is_none_or(|updated| now.saturating_sub(updated) >= MINUTE),
        };
        if due {
            self.rare().touched = Some(now);
        }
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Shows the truth.
    pub(crate) fn show(&mut self) {
        self.shown = self.state.status();
        self.shown_changed = self.changed;
    }

    /// The status that callers see. None once it is deleted.
    pub(crate) fn shown(&self) -> Option<KnownStatus> {
        self.state.status().and(self.shown)
    }

    /// What callers see: the status, when it changed, when it was verified. None once it is deleted.
    pub(crate) fn seen(&self, policy: UpdatedAt) -> Option<Seen> {
        let status = self.shown()?;
        let failed = matches!(
            status,
            KnownStatus::Errored | KnownStatus::Rejected | KnownStatus::Conflicted | KnownStatus::Prevented
        );
        let (touched, denied) = self.rare.as_ref().map_or((None, None), |rare| (rare.touched, rare.denied));
        let changed = self.shown_changed.get();
        let updated = match policy {
            UpdatedAt::Moves => changed.max(touched),
            UpdatedAt::StatusOnly => denied.filter(|_| status == KnownStatus::Denied).or(changed).max(touched),
            UpdatedAt::NeverMoves => Some(self.created),
            UpdatedAt::Null => None,
        };
        Some(Seen {
            status,
            updated,
            verified: self.verified.get().filter(|_| status == KnownStatus::Verified),
            trouble: self.trouble.filter(|_| failed),
        })
    }
}

/// The part of a record that changes.
pub(crate) struct Seen {
    pub(crate) status: KnownStatus,
    pub(crate) updated: Option<i64>,
    pub(crate) verified: Option<i64>,
    pub(crate) trouble: Option<Trouble>,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("state", &self.state).field("shown", &self.shown).finish_non_exhaustive()
    }
}
