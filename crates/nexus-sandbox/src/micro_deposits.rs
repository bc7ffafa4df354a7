//! The data API: create and pre-initiate, list, read, verify (source: seeds).

use nexus_types::{Event, MEDIA_TYPE, Stage};

use crate::call::{Call, Reply};
use crate::fields::{self, Account};
use crate::policy::{MediaType, Verification};
use crate::record::{Record, Trouble};
use crate::rules::Judgement;
use crate::shape;
use crate::world::{World, hash};

type Answer = Result<Reply, Reply>;

/// `POST /micro_deposits`
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let user = session(world, call)?;
    media(world, call, MEDIA_TYPE)?;
    let read = fields::creation(call.body, &world.rules.policy);
    let (party, account) = read.map_err(|problem| Reply::problem(&problem))?;
    let full = || Reply::refusal(503, "This sandbox holds no more microdeposits.");
    let number = u32::try_from(world.records.len()).map_err(|_| full())?;
    let record = Record::new(user, &party, account.as_ref(), world.now);
    let obstacle = account.as_ref().and_then(|account| obstacle(world, user, &party.email, account));
    world.records.push(record);
    if let Some(own) = world.of_user.get_mut(user as usize) {
        own.push(number);
    }
    let event = match (&account, obstacle) {
        (None, _) => Event::Preinitiated,
        (_, None) => Event::Created,
        (_, Some(obstacle)) => obstacle.at_creation(),
    };
    if let Some(record) = world.records.get_mut(number as usize) {
        record.trouble = obstacle;
    }
    world.happen(number, event);
    if let (Some(account), None) = (&account, obstacle) {
        remember(world, number, user, &party.email, account);
    }
    let guid = world.guid(number);
    shown(world, number, guid)
}

/// `GET /micro_deposits`: what was shown at the last refresh; a list forces none.
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Answer {
    let user = session(world, call)?;
    accept(call, MEDIA_TYPE)?;
    let own = world.of_user.get(user as usize).map_or(&[][..], Vec::as_slice);
    for number in own {
        if let Some(record) = world.records.get_mut(*number as usize) {
            record.settle(&world.rules, *number, world.now, &mut world.outbox);
        }
    }
    let records = own.iter().filter_map(|number| Some((world.guid(*number), world.records.get(*number as usize)?)));
    Ok(Reply::data(&shape::list(records)))
}

/// `GET /micro_deposits/{guid}`: forces the update of this one.
pub(crate) fn read(world: &mut World, call: &Call<'_>, guid: &str) -> Answer {
    let user = session(world, call)?;
    accept(call, MEDIA_TYPE)?;
    let number = own(world, user, guid)?;
    if let Some(record) = world.records.get_mut(number as usize) {
        record.requests.reads = record.requests.reads.saturating_add(1);
    }
    shown(world, number, guid.to_owned())
}

/// `PUT /micro_deposits/{guid}`
pub(crate) fn verify(world: &mut World, call: &Call<'_>, guid: &str) -> Answer {
    let user = session(world, call)?;
    let number = own(world, user, guid)?;
    let record = world.settled(number).ok_or_else(Reply::not_found)?;
    record.requests.verifies = record.requests.verifies.saturating_add(1);
    let stage = record.state.stage().ok_or_else(Reply::not_found)?;
    media(world, call, MEDIA_TYPE)?;
    let given = fields::amounts(call.body).map_err(|problem| Reply::problem(&problem))?;
    if !stage.may_verify() {
        return Err(Reply::refusal(409, "The present status does not admit this."));
    }
    let event = match world.rules.judge(number, given) {
        Judgement::Right => Event::AmountsRight,
        Judgement::Wrong => Event::AmountsWrong,
        Judgement::Locking => Event::LockedOut,
    };
    if world.rules.policy.verification == Verification::Deferred {
        // What was true until now is what the answer shows; what has become of it, a later read.
        if let Some(record) = world.records.get_mut(number as usize) {
            record.show();
        }
        world.happen(number, event);
        return rendered(world, number, guid.to_owned());
    }
    world.happen(number, event);
    shown(world, number, guid.to_owned())
}

/// The user whose session the call is in.
pub(crate) fn session(world: &mut World, call: &Call<'_>) -> Result<u32, Reply> {
    let user = call.session_token.and_then(|token| world.sessions.user(token, world.now));
    user.ok_or_else(|| Reply::refusal(401, "The session token is missing, unknown or expired."))
}

/// The media type of a request with a body, and what it accepts.
pub(crate) fn media(world: &World, call: &Call<'_>, wanted: &str) -> Result<(), Reply> {
    let given = call.content_type.map(essence).unwrap_or_default();
    let admitted =
        world.rules.policy.media_type == MediaType::AdmitJson && given.eq_ignore_ascii_case("application/json");
    if !given.eq_ignore_ascii_case(wanted) && !admitted {
        return Err(Reply::refusal(415, &format!("Content-Type must be {wanted}.")));
    }
    accept(call, wanted)
}

/// What a caller accepts: nothing said, the media type, or any.
pub(crate) fn accept(call: &Call<'_>, wanted: &str) -> Result<(), Reply> {
    let fits = |given: &str| {
        [wanted, "application/json", "application/*", "*/*"].iter().any(|one| essence(given).eq_ignore_ascii_case(one))
    };
    match call.accept {
        Some(list) if !list.split(',').any(fits) => Err(Reply::refusal(406, &format!("Accept must admit {wanted}."))),
        _ => Ok(()),
    }
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// The number of this user's record; the same answer for unknown, foreign, and deleted ones, so that nothing can be probed.
pub(crate) fn own(world: &mut World, user: u32, guid: &str) -> Result<u32, Reply> {
    let number = world.number(guid).ok_or_else(Reply::not_found)?;
    let record = world.settled(number).ok_or_else(Reply::not_found)?;
    if record.user == user && !record.is_deleted() { Ok(number) } else { Err(Reply::not_found()) }
}

/// Forces the update of a record and writes it out.
fn shown(world: &mut World, number: u32, guid: String) -> Answer {
    if let Some(record) = world.settled(number) {
        record.show();
    }
    rendered(world, number, guid)
}

fn rendered(world: &World, number: u32, guid: String) -> Answer {
    let record = world.records.get(number as usize).ok_or_else(Reply::not_found)?;
    shape::single(guid, record).map(|record| Reply::data(&record)).ok_or_else(Reply::not_found)
}

/// What stands in the way of an account (all of it assumed, see `Policy`).
pub(crate) fn obstacle(world: &mut World, user: u32, email: &str, account: &Account<'_>) -> Option<Trouble> {
    let routing = format!("{:09}", account.routing);
    if world.rules.policy.blocked_routing_numbers.contains(&routing) {
        return Some(Trouble::Blocked);
    }
    if world.rules.policy.conflict {
        let twin = |record: &Record| record.user == user && same_account(record, account) && in_flight(record);
        if living(world, Which::Account(account_key(user, account)), in_flight).any(twin) {
            return Some(Trouble::Exists);
        }
    }
    let limit = world.rules.policy.accounts_per_email?;
    let mut others: Vec<(u32, &str)> = Vec::new();
    let mut known = false;
    for record in living(world, Which::Email(email_key(email)), not_failed) {
        if record.email().eq_ignore_ascii_case(email) {
            known |= same_account(record, account);
            let of = (record.routing(), record.account_number());
            if !others.contains(&of) {
                others.push(of);
            }
        }
    }
    (!known && others.len() >= limit as usize).then_some(Trouble::TooManyAccounts)
}

/// Notes a record so that later ones find it in their way.
pub(crate) fn remember(world: &mut World, number: u32, user: u32, email: &str, account: &Account<'_>) {
    world.index.by_account.entry(account_key(user, account)).or_default().push(number);
    world.index.by_email.entry(email_key(email)).or_default().push(number);
}

enum Which {
    Account(u64),
    Email(u64),
}

/// The noted records under a key that still count, as of now; the others are forgotten, so that the search stays short.
fn living(world: &mut World, which: Which, counts: fn(&Record) -> bool) -> impl Iterator<Item = &Record> {
    let (rules, now, records, outbox) = (&world.rules, world.now, &mut world.records, &mut world.outbox);
    let noted = match which {
        Which::Account(key) => world.index.by_account.get_mut(&key),
        Which::Email(key) => world.index.by_email.get_mut(&key),
    };
    let noted: &[u32] = noted.map_or(&[], |noted| {
        noted.retain(|number| {
            let Some(record) = records.get_mut(*number as usize) else { return false };
            record.settle(rules, *number, now, outbox);
            counts(record)
        });
        noted.as_slice()
    });
    noted.iter().filter_map(|number| records.get(*number as usize))
}

fn same_account(record: &Record, account: &Account<'_>) -> bool {
    record.routing() == account.routing && record.account_number() == account.number
}

/// INITIATED, REQUESTED, DEPOSITED or DENIED.
fn in_flight(record: &Record) -> bool {
    record.state.stage().is_some_and(|stage| !stage.is_terminal() && stage != Stage::Preinitiated)
}

/// In flight or verified.
fn not_failed(record: &Record) -> bool {
    in_flight(record) || record.state.stage() == Some(Stage::Verified)
}

fn account_key(user: u32, account: &Account<'_>) -> u64 {
    hash(&[&user.to_string(), &account.routing.to_string(), &account.number])
}

fn email_key(email: &str) -> u64 {
    hash(&[&email.to_ascii_lowercase()])
}
