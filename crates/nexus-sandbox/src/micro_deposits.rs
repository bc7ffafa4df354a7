//! Handlers of the data API for single microdeposits (source: domain.md 1); lists have their own file, `lists.rs`.

use crate::routes::Target;
use crate::world::Handler;
use nexus_types::{Event, MEDIA_TYPE, Operation, Timestamp};

use crate::call::{Call, Reply};
use crate::masking::is_guid;
use crate::obstacles::{obstacle, remember};
use crate::policy::{MediaType, Verification};
use crate::rare::Submission;
use crate::record::Record;
use crate::request_body::{self, Account, Party};
use crate::response_body;
use crate::rules::{Judgement, SECOND};
use crate::why::Why;
use crate::world::{GUID_PREFIX, World};

type Handled = Result<Reply, Reply>;

/// The handlers that are here.
pub(crate) fn served(target: Target, method: &str) -> Option<(Operation, Handler)> {
    Some(match (target, method) {
        (Target::MicroDeposits, "POST") => (Operation::Create, |world, call, _| create(world, call)),
        (Target::MicroDeposit, "GET") => (Operation::Read, |world, call, [guid, _]| read(world, call, guid)),
        (Target::MicroDeposit, "PUT") => (Operation::Verify, |world, call, [guid, _]| verify(world, call, guid)),
        _ => return None,
    })
}

/// `POST /micro_deposits`
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Handled {
    let user = session(world, call)?;
    media(world, call, MEDIA_TYPE)?;
    let read = request_body::creation(call.body, &world.rules.policy);
    let (party, account) = read.map_err(|problem| Reply::problem(&problem))?;
    let number = make(world, user, &party, account.as_ref())?;
    let guid = world.guid(number);
    let reply = shown(world, number, guid)?;
    let obstacle = world.records.get(number as usize).and_then(|record| record.trouble);
    Ok(match obstacle {
        Some(obstacle) => reply.explained(|why| why.because(obstacle.message()).by(obstacle.policy())),
        None => reply,
    })
}

/// Makes a record of an account, or a pre-initiated one without; gives its number.
pub(crate) fn make(
    world: &mut World,
    user: u32,
    party: &Party<'_>,
    account: Option<&Account<'_>>,
) -> Result<u32, Reply> {
    let full = || Reply::refusal(503, "This sandbox holds no more microdeposits.");
    let number = u32::try_from(world.records.len()).map_err(|_| full())?;
    let mut record = Record::new(user, party, account, world.now);
    (record.invented, record.account_invented) = (world.inventing, world.inventing);
    let obstacle = account.and_then(|account| obstacle(world, user, (&party.email, world.inventing), account));
    world.records.push(record);
    if let Some(own) = world.of_user.get_mut(user as usize) {
        own.push(number);
    }
    let event = match (account, obstacle) {
        (None, _) => Event::Preinitiated,
        (_, None) => Event::Created,
        (_, Some(obstacle)) => obstacle.at_creation(),
    };
    if let Some(record) = world.records.get_mut(number as usize) {
        record.trouble = obstacle;
    }
    world.happen(number, event);
    if account.is_some() && obstacle.is_none() {
        remember(world, number);
    }
    world.notes.made = Some(number);
    Ok(number)
}

/// `GET /micro_deposits/{guid}`: forces the update of this one.
pub(crate) fn read(world: &mut World, call: &Call<'_>, guid: &str) -> Handled {
    let user = session(world, call)?;
    accept(call, MEDIA_TYPE)?;
    let number = own(world, user, guid)?;
    let (now, policy) = (world.now, world.rules.policy.reads_touch);
    if let Some(record) = world.records.get_mut(number as usize) {
        record.requests.reads = record.requests.reads.saturating_add(1);
        record.show();
        record.touch(policy, now);
    }
    rendered(world, number, guid.to_owned(), false)
}

/// `PUT /micro_deposits/{guid}`
pub(crate) fn verify(world: &mut World, call: &Call<'_>, guid: &str) -> Handled {
    let user = session(world, call)?;
    let number = own(world, user, guid)?;
    let record = world.settled(number).ok_or_else(Reply::not_found)?;
    record.requests.verifies = record.requests.verifies.saturating_add(1);
    record.state.status().ok_or_else(Reply::not_found)?;
    media(world, call, MEDIA_TYPE)?;
    let given = request_body::amounts(call.body, &world.rules.policy).map_err(|problem| Reply::problem(&problem))?;
    submit_amounts(world, number, given)?;
    let reply = rendered(world, number, guid.to_owned(), true)?;
    let rule = match world.rules.policy.verification {
        Verification::Immediate => return Ok(reply),
        Verification::AfterSeconds(_) => "The submission is taken; it is judged later.",
        Verification::Deferred => "The submission is judged; a later read shows the outcome.",
    };
    Ok(reply.explained(|why| why.because(rule).by(Some("verification"))))
}

/// Counts a submission of two amounts, and leaves the record as the response shows it. None: amounts that no deposit can have.
pub(crate) fn submit_amounts(world: &mut World, number: u32, given: Option<[u8; 2]>) -> Result<(), Reply> {
    let status = world.settled(number).and_then(|record| record.state.status()).ok_or_else(Reply::not_found)?;
    if !status.may_verify() {
        let refusal = Reply::refusal(409, "The present status does not admit this.");
        let rule = format!("It is {}, which admits no submission; none is counted.", status.name());
        return Err(refusal.explained(|why| why.because(rule).by(Some("wrong_state_status"))));
    }
    let event = match given.map(|given| world.rules.judge(number, given)) {
        Some(Judgement::Right) => Event::AmountsRight,
        Some(Judgement::Locking) => Event::LockedOut,
        Some(Judgement::Wrong) | None => Event::AmountsWrong,
    };
    let verification = world.rules.policy.verification;
    if verification == Verification::Immediate {
        world.happen(number, event);
        if let Some(record) = world.settled(number) {
            record.show();
        }
        return Ok(());
    }
    // What was true until now is what the response shows; what becomes of it, a later read.
    let (now, request) = (world.now, world.request);
    if let Some(record) = world.records.get_mut(number as usize) {
        record.show();
        if let Verification::AfterSeconds(seconds) = verification {
            record.take(Submission { due: now.saturating_add(i64::from(seconds) * SECOND), request, event });
        }
    }
    world.books.agenda.touch(number);
    if verification == Verification::Deferred {
        world.happen(number, event);
    }
    Ok(())
}

/// The user whose session the call is in.
pub(crate) fn session(world: &mut World, call: &Call<'_>) -> Result<u32, Reply> {
    if let Some(user) = world.on_behalf {
        return Ok(user);
    }
    let user = call.session_token.and_then(|token| world.sessions.user(token, world.now));
    world.notes.user = user;
    user.ok_or_else(|| {
        let rule = match call.session_token {
            None => "The header MD-SESSION-TOKEN is missing.",
            Some(token) if token == world.credentials.api_key => "The session token is the API key.",
            Some(token) if world.sessions.is_over(token, world.now) => "The session has been idle for 30 minutes.",
            Some(_) => "No session has this token: none ever had, all were ended, or it is from before a reset.",
        };
        Reply::refusal(401, "The session token is missing, unknown or expired.").explained(|why| why.because(rule))
    })
}

/// The media type of a request with a body, and what it accepts.
pub(crate) fn media(world: &World, call: &Call<'_>, wanted: &str) -> Result<(), Reply> {
    let given = call.content_type.map(essence).unwrap_or_default();
    let admitted =
        world.rules.policy.media_type == MediaType::AdmitJson && given.eq_ignore_ascii_case("application/json");
    if !given.eq_ignore_ascii_case(wanted) && !admitted {
        let refusal = Reply::refusal(415, &format!("Content-Type must be {wanted}."));
        return Err(refusal.explained(|why| why.by(Some("media_type"))));
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

/// The number of this user's record; the same response for unknown, foreign, and deleted ones, so that nothing can be probed.
pub(crate) fn own(world: &mut World, user: u32, guid: &str) -> Result<u32, Reply> {
    let Some(number) = world.number(guid) else {
        return Err(Reply::not_found().explained(|why| unknown(world, guid, why)));
    };
    let record = world.settled(number).ok_or_else(Reply::not_found)?;
    match record.gone() {
        _ if record.user != user => {
            Err(Reply::not_found().explained(|why| why.because("The microdeposit is another user's.")))
        }
        Some((event, at)) => {
            let at = Timestamp::from_unix_millis(at);
            let (reason, policy) = match event {
                Event::IavChosen => ("the person chose an institution with instant verification", None),
                _ => ("its time was over", Some("retention_days")),
            };
            let rule = format!("The microdeposit was deleted at {}: {reason}.", at.as_str());
            Err(Reply::not_found().explained(|why| why.because(rule).by(policy)))
        }
        None => Ok(number),
    }
}

/// Why there is no microdeposit of this guid.
fn unknown(world: &World, guid: &str, why: Why) -> Why {
    let meant = |text: &str| world.number(text).map(|_| text.to_owned());
    let (prefix, rest) = guid.trim().split_at_checked(GUID_PREFIX.len()).unwrap_or(("", guid));
    let near = meant(&format!("{}{}", prefix.to_ascii_uppercase(), rest.to_ascii_lowercase()));
    if let Some(near) = near.or_else(|| meant(&format!("{GUID_PREFIX}{}", guid.trim().to_ascii_lowercase()))) {
        return why.because("The guid is written otherwise than the one that exists.").near(near);
    }
    why.because(match () {
        () if !is_guid(guid) => "This is no guid of a microdeposit: that is MIC- and a UUID.",
        () if !guid.starts_with(GUID_PREFIX) => "This is no guid of a microdeposit: that begins with MIC-.",
        () if world.was_reset_since(guid) => "The microdeposit of this guid was there before a reset.",
        () if world.rules.chance.number(GUID_PREFIX, guid).is_some() => {
            "No microdeposit has this guid yet; the seed makes it, so it may be of another run."
        }
        () => "No microdeposit ever had this guid in this sandbox.",
    })
}

/// Forces the update of a record and writes it out.
fn shown(world: &mut World, number: u32, guid: String) -> Handled {
    if let Some(record) = world.settled(number) {
        record.show();
    }
    rendered(world, number, guid, false)
}

fn rendered(world: &World, number: u32, guid: String, verified: bool) -> Handled {
    let record = world.records.get(number as usize).ok_or_else(Reply::not_found)?;
    response_body::single(world.manner(verified), guid, record)
        .map(|record| Reply::data(&record))
        .ok_or_else(Reply::not_found)
}
