//! Carries out the effect of a fault on a request.

use nexus_types::{AccountType, Event, MEDIA_TYPE};

use crate::books::Books;
use crate::call::Reply;
use crate::dispatch::Asked;
use crate::faults::{Delivery, Effect, Which};
use crate::micro_deposits::session;
use crate::record::Record;
use crate::request_body::{Account, Party};
use crate::response_body;
use crate::routes::Target;
use crate::world::World;

/// 2021-09-01T18:29:06Z, the time of the documentation's examples.
const LONG_AGO: i64 = 1_630_520_946_000;
const PAGE: &[u8] = b"<!DOCTYPE html>\n<html><head><title>Please wait</title></head><body>Please wait.</body></html>\n";

impl World {
    pub(crate) fn fail(&mut self, effect: Effect, asked: &Asked<'_>) -> Reply {
        let empty = |status| Reply::with_body(status, MEDIA_TYPE, Vec::new());
        let policy = self.rules.policy.clone();
        let error = |status| match status {
            400.. => Reply::injected(status, &policy),
            _ => empty(status),
        };
        let before = if effect == Effect::Stale { self.before(asked) } else { None };
        let mut reply = match &effect {
            Effect::ResetBefore => empty(500),
            Effect::Redirect(_) => empty(307),
            Effect::Empty401 => empty(401),
            Effect::Status { acting: false, status, .. } => error(*status),
            Effect::Html { acting: false, status } => empty(*status),
            Effect::Restart => {
                self.expire_sessions();
                empty(500)
            }
            Effect::ExpireSessions => {
                self.expire_sessions();
                self.whole(asked)
            }
            Effect::Later { delay, status } => {
                let delay = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
                self.carry_out_at(self.now.saturating_add(delay), asked.call);
                error(status.unwrap_or(500))
            }
            Effect::Duplicate { response } => {
                let (first, second) = (self.whole(asked), self.whole(asked));
                if *response == Which::First { first } else { second }
            }
            Effect::Contradictory(kind) => {
                self.contradiction = Some(*kind);
                let reply = self.whole(asked);
                self.contradiction = None;
                reply
            }
            _ => self.whole(asked),
        };
        match effect {
            Effect::Delay(time) => reply.delivery = Delivery::Late(time),
            Effect::ResetBefore | Effect::ResetAfter | Effect::Restart | Effect::Later { status: None, .. } => {
                reply.delivery = Delivery::Reset;
            }
            Effect::Cut(bytes) => reply.delivery = Delivery::Cut(bytes),
            Effect::Slow(pause) => reply.delivery = Delivery::Slow(pause),
            Effect::Status { status, retry_after, .. } => {
                reply = error(status);
                reply.retry_after = retry_after;
            }
            Effect::Html { status, .. } => reply = Reply::with_body(status, "text/html", PAGE.to_vec()),
            Effect::Truncated => reply.body.truncate(reply.body.len() / 2),
            Effect::Garbage => reply.body = b"\xff\x00 no JSON {{{".to_vec(),
            Effect::ContentType => {
                reply.content_type = "text/html";
                reply.body = b"<html><body>Bad gateway</body></html>".to_vec();
            }
            Effect::Redirect(location) => reply.location = Some(location),
            Effect::Stale if reply.status == 200 => reply = before.unwrap_or(reply),
            Effect::AnotherRecord if reply.status == 200 => reply = self.another(asked).unwrap_or(reply),
            _ => {}
        }
        reply
    }

    /// Carries it out; a long list is written out, for what is done to a body is done to all of it.
    fn whole(&mut self, asked: &Asked<'_>) -> Reply {
        let mut reply = self.act(asked);
        self.complete(&mut reply);
        reply
    }

    /// What a response with one record shows that knows nothing of the request: the record as it was shown last, or, before
    /// a create, the user's newest.
    fn before(&mut self, asked: &Asked<'_>) -> Option<Reply> {
        let user = session(self, asked.call).ok()?;
        self.settle_all();
        match (asked.target, asked.call.method) {
            (Target::MicroDeposit, _) => self.alone(self.number(&asked.parameters[0])?),
            (Target::MicroDeposits, "POST") => {
                let own = self.of_user.get(user as usize)?;
                own.iter().rev().find_map(|number| self.alone(*number))
            }
            _ => None,
        }
    }

    /// A response with another record than the one that was asked for or made.
    fn another(&mut self, asked: &Asked<'_>) -> Option<Reply> {
        let user = session(self, asked.call).ok()?;
        let meant = match (asked.target, asked.call.method) {
            (Target::MicroDeposit, _) => self.number(&asked.parameters[0])?,
            (Target::MicroDeposits, "POST") => u32::try_from(self.records.len()).ok()?.checked_sub(1)?,
            _ => return None,
        };
        self.settle_all();
        let newest = |own: bool| {
            let fits = |number: &u32| {
                *number != meant
                    && self.records.get(*number as usize).is_some_and(|record| (record.user == user) == own)
            };
            let count = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
            (0..count).rev().filter(fits).find_map(|number| self.alone(number))
        };
        newest(false).or_else(|| newest(true)).or_else(|| self.made_up())
    }

    /// A response with this record as it was shown last.
    fn alone(&self, number: u32) -> Option<Reply> {
        let record = self.records.get(number as usize)?;
        response_body::single(self.manner(false), self.guid(number), record).map(|record| Reply::data(&record))
    }

    /// A response with a record that is not in this world.
    fn made_up(&self) -> Option<Reply> {
        let party = Party { first_name: "Maria".into(), last_name: "Stone".into(), email: "maria@example.com".into() };
        let (name, number) = (None, "100067890".into());
        let account = Account { name, number, routing: 11_000_015, kind: AccountType::Savings };
        let mut record = Record::new(0, &party, Some(&account), LONG_AGO);
        let mut books = Books::new(&self.rules.policy, false);
        for event in [Event::Created, Event::Requested, Event::Landed, Event::AmountsRight] {
            record.apply(u32::MAX, event, LONG_AGO, 0, &mut books);
        }
        record.show();
        // No record ever has the last number.
        response_body::single(self.manner(false), self.guid(u32::MAX), &record).map(|record| Reply::data(&record))
    }
}
