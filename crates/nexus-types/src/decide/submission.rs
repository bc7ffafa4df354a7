//! What a record that was read after a submission proves about it.
//!
//! VERIFIED and PREVENTED prove the verdict. DENIED does not: a microdeposit that was DENIED before shows the same status
//! whether or not this submission was counted.

use std::time::Duration;

use super::creation::{same_digits, same_number, same_text};
use crate::assumptions::{Assumption, Assumptions};
use crate::flow::Verdict;
use crate::microdeposit::Microdeposit;
use crate::private::Private;
use crate::status::{KnownStatus, Says};
use crate::timestamp::Timestamp;

/// What judging needs of the microdeposit's state before the submission. It holds no secret, so that a journal can keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Before {
    /// The status, if it was one of the known ones.
    pub status: Option<KnownStatus>,
    /// `updated_at` in milliseconds since 1970, if it can be read.
    pub updated_at: Option<i64>,
    /// Whether two reads have shown that reading does not move `updated_at`.
    pub steady: bool,
    /// Whether an earlier submission may still be judged. A denial may then belong to that submission.
    pub earlier_open: bool,
}

/// What a record proves about a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// The verdict, and the assumption that it rests on, if any.
    Verdict(Verdict, Option<Assumption>),
    /// Nothing yet.
    NotYet,
    /// The microdeposit itself failed: ERRORED, CONFLICTED or REJECTED.
    Failed,
    /// An early status, an unknown one or a contradiction, from which nothing can be concluded.
    Unforeseen,
}

impl Before {
    /// What judging needs of a record.
    pub fn of(record: &Microdeposit, earlier_open: bool) -> Before {
        Before { status: record.status.known(), updated_at: changed(record), steady: false, earlier_open }
    }
}

/// Judges a record seen after the amounts were sent.
///
/// `taken`: the time since the server accepted the submission. `None` if no such response came; the submission may then
/// never have arrived.
pub fn judge(before: &Before, after: &Microdeposit, taken: Option<Duration>, assumptions: &Assumptions) -> Judged {
    match after.status.known().map_or(Says::Nothing, KnownStatus::says) {
        Says::Right => Judged::Verdict(Verdict::Verified, None),
        Says::Locked => Judged::Verdict(Verdict::Locked, None),
        Says::Wrong => denied(before, after, taken, assumptions),
        Says::NotYet => Judged::NotYet,
        Says::Failed => Judged::Failed,
        Says::Nothing => Judged::Unforeseen,
    }
}

fn denied(before: &Before, after: &Microdeposit, taken: Option<Duration>, assumptions: &Assumptions) -> Judged {
    let by = |assumed| Judged::Verdict(Verdict::Denied, assumed);
    if before.status == Some(KnownStatus::Deposited) && !before.earlier_open {
        return by(None);
    }
    let moved = matches!((before.updated_at, changed(after)), (Some(before), Some(after)) if after > before);
    // After a submission that may not have arrived, any other change of the time would be mistaken for its effect.
    let comparable =
        before.status == Some(KnownStatus::Denied) && before.steady && !before.earlier_open && taken.is_some();
    if moved && comparable && assumptions.updated_at_shows_denial {
        return by(Some(Assumption::UpdatedAtShowsDenial));
    }
    match (taken, assumptions.judged_within) {
        (Some(taken), Some(within)) if taken >= within => by(Some(Assumption::JudgedWithin)),
        _ => Judged::NotYet,
    }
}

/// Whether two records of one guid have the same account and person, in the fields that both have.
pub fn is_same_account(before: &Microdeposit, after: &Microdeposit) -> bool {
    fn agree<T>(before: &Option<T>, after: &Option<T>, same: impl Fn(&T, &T) -> bool) -> bool {
        before.as_ref().zip(after.as_ref()).is_none_or(|(before, after)| same(before, after) || same(after, before))
    }
    let text = |one: &Private, other: &Private| same_text(one.expose(), other.expose());
    agree(&before.account_number, &after.account_number, same_number)
        && agree(&before.routing_number, &after.routing_number, |one, other| same_digits(one.as_str(), other.as_str()))
        && agree(&before.kind(), &after.kind(), |one, other| one == other)
        && agree(&before.first_name, &after.first_name, text)
        && agree(&before.last_name, &after.last_name, text)
        && agree(&before.email, &after.email, text)
}

/// When the record last changed, as an instant: one time can be written in several ways.
fn changed(record: &Microdeposit) -> Option<i64> {
    record.updated_at.as_ref().and_then(Timestamp::unix_millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{Endpoint, List};
    use crate::wire::Response;

    fn record(status: u8, updated_at: &str) -> Microdeposit {
        let body = format!(r#"{{"micro_deposits":[{{"guid":"MIC-1","status":{status},"updated_at":{updated_at}}}]}}"#);
        List::new().parse(&Response::new(200, body)).unwrap().remove(0)
    }

    const EARLY: &str = r#""2026-01-05T09:00:00.000Z""#;
    const LATER: &str = r#""2026-01-05T09:00:00.001Z""#;

    fn before(status: u8, steady: bool, earlier_open: bool) -> Before {
        Before { steady, ..Before::of(&record(status, EARLY), earlier_open) }
    }

    fn name_of(judged: Judged) -> &'static str {
        match judged {
            Judged::Verdict(Verdict::Denied, Some(assumed)) => assumed.name(),
            Judged::Verdict(verdict, _) => verdict.name(),
            Judged::NotYet => "not yet",
            Judged::Failed => "failed",
            Judged::Unforeseen => "unforeseen",
        }
    }

    #[test]
    fn another_persons_account_is_another_record() {
        let of = |fields: &str| {
            let body = format!(r#"{{"micro_deposits":[{{"guid":"MIC-1","status":3{fields}}}]}}"#);
            List::new().parse(&Response::new(200, body)).unwrap().remove(0)
        };
        let whole =
            r#","account_number":"0333312345","routing_number":"091000019","account_type":1,"first_name":"Josh""#;
        for (fields, same) in [
            ("", true),
            (whole, true),
            (r#","account_number":333312345,"routing_number":91000019,"first_name":" JOSH""#, true),
            (r#","account_number":"*****2345""#, true),
            (r#","account_number":"*****2346""#, false),
            (r#","account_number":"987657777""#, false),
            (r#","routing_number":"011000015""#, false),
            (r#","account_type":2"#, false),
            (r#","first_name":"Mallory""#, false),
        ] {
            assert_eq!(is_same_account(&of(whole), &of(fields)), same, "{fields}");
            assert_eq!(is_same_account(&of(fields), &of(whole)), same, "{fields}");
        }
    }

    #[test]
    fn every_status_from_deposited() {
        let table = [
            (0, "unforeseen"),
            (1, "unforeseen"),
            (2, "not yet"),
            (3, "verified"),
            (4, "failed"),
            (5, "denied"),
            (6, "locked"),
            (7, "failed"),
            (8, "failed"),
            (9, "unforeseen"),
            (12, "unforeseen"),
        ];
        for (status, wanted) in table {
            let judged = judge(&before(2, false, false), &record(status, LATER), None, &Assumptions::default());
            assert_eq!(name_of(judged), wanted, "{status}");
        }
    }

    #[test]
    fn a_denial_needs_a_cause() {
        let none = Assumptions::NONE;
        let (short, long) = (Some(Duration::from_secs(17)), Some(Duration::from_secs(18)));
        let usual = Assumptions::default();
        let cases = [
            (before(2, false, false), LATER, None, none, "denied"),
            (before(2, false, true), LATER, None, usual, "not yet"),
            (before(2, false, true), LATER, long, usual, "judged_within"),
            (before(5, true, false), LATER, short, usual, "updated_at_shows_denial"),
            (before(5, true, false), LATER, None, usual, "not yet"),
            (before(5, true, false), LATER, None, none, "not yet"),
            (before(5, false, false), LATER, None, usual, "not yet"),
            (before(5, true, true), LATER, None, usual, "not yet"),
            (before(5, true, false), EARLY, None, usual, "not yet"),
            (before(5, true, false), r#""2026-01-05T09:00:00+00:00""#, None, usual, "not yet"),
            (before(5, true, false), r#""2026-01-05T10:00:00.000+01:00""#, None, usual, "not yet"),
            (before(5, true, false), "null", short, usual, "not yet"),
            (before(5, true, false), "null", long, usual, "judged_within"),
            (before(5, true, false), "null", long, none, "not yet"),
            (before(12, true, false), LATER, short, usual, "not yet"),
            (before(12, true, false), LATER, long, usual, "judged_within"),
        ];
        for (index, (before, at, taken, assumptions, wanted)) in cases.into_iter().enumerate() {
            assert_eq!(name_of(judge(&before, &record(5, at), taken, &assumptions)), wanted, "case {index}");
        }
    }
}
