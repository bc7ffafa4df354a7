//! `/_sandbox/`: the admin interface of the sandbox. MX has nothing like it.

mod faults;
pub(crate) mod live;
mod paging;
pub(crate) mod requests;
pub(crate) mod scenarios;
pub(crate) mod standing;
pub(crate) mod webhook_faults;
pub(crate) mod webhooks;

use std::time::Duration;

use nexus_types::{DepositAmount, Event, InputError, KnownStatus, Timestamp};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Value, json};

use self::paging::{PAGE, after};
use crate::call::{Call, Reply};
use crate::console;
use crate::json_reader::{Object, Problem, required};
use crate::obstacles::submit_account;
use crate::request_body;
use crate::routes::{self, ROUTES, Target};
use crate::trouble::Trouble;
use crate::world::{LATEST, World};

type Handled = Result<Reply, Reply>;

pub(crate) const ADVANCE: [&str; 3] = ["seconds", "to", "wait"];
pub(crate) const EVENT: [&str; 3] = ["event", "code", "account"];

const OPENAPI: &str = include_str!("../../openapi.json");

pub(crate) fn respond(world: &mut World, call: &Call<'_>, target: Target, guid: &str) -> Handled {
    let bad = |problem: Problem| Reply::problem(&problem);
    match target {
        Target::Advance => advance(world, call.body).map_err(bad),
        Target::Statement => statement(world, guid),
        Target::EventOn => event_on(world, call.body, guid),
        Target::Outbox => outbox(world, call),
        Target::Reset => {
            world.reset();
            Ok(Reply::admin(&json!({"now": world.now().as_str()})))
        }
        Target::ExpireSessions => {
            world.expire_sessions();
            Ok(Reply::admin(&json!({"now": world.now().as_str()})))
        }
        Target::Export => Ok(Reply::ready(&world.export())),
        Target::Import => import(world, call.body),
        Target::Scenarios => Ok(scenarios::list()),
        Target::Scenario => scenarios::run(world, call, guid),
        Target::State => Ok(state(world, call)),
        Target::Faults | Target::Fault => faults::respond(world, call, guid),
        Target::Requests => requests::requests(world, call),
        Target::StateOf => standing::one(world, guid),
        Target::Receiver => received(call),
        Target::Live => live::respond(world, call),
        Target::Access => Ok(console::access(world)),
        Target::Transitions => Ok(console::transitions()),
        Target::Console => Ok(console::page()),
        Target::ConsoleFile => console::file(guid),
        Target::ConsoleWay => Ok(console::redirect("console/")),
        Target::WebhookFaults | Target::WebhookFault => webhook_faults::respond(world, call, guid),
        target @ (Target::Webhooks
        | Target::Webhook
        | Target::PauseWebhook
        | Target::ResumeWebhook
        | Target::Deliveries
        | Target::Delivery
        | Target::Replay) => webhooks::respond(world, call, target, guid),
        Target::OpenApi => Ok(Reply::ready(OPENAPI)),
        // The other places have been handled before.
        _ => Err(Reply::not_found()),
    }
}

/// `{"seconds":120}` or `{"to":"2026-01-26T09:00:00.000Z"}`. The clock never goes back. Where webhooks are sent on the way, the
/// response comes when all are; with `"wait":false` at once.
fn advance(world: &mut World, body: &[u8]) -> Result<Reply, Problem> {
    let body = Object::body(body, &ADVANCE)?;
    let by = match (body.number("seconds")?, body.text("to")?) {
        (Some(seconds), None) => {
            let seconds = seconds.parse().ok().filter(|seconds| *seconds <= 315_576_000);
            let seconds =
                seconds.ok_or_else(|| Problem::new("seconds", "must be a whole number, at most ten years"))?;
            let by = Duration::from_secs(seconds);
            if by > world.left() {
                return Err(Problem::new("seconds", format!("would lead beyond {}, the last possible time", last())));
            }
            by
        }
        (None, Some(to)) => {
            let at = Timestamp::new(to.as_ref()).unix_millis();
            if at.is_some_and(|at| at > LATEST) || (at.is_none() && has_late_year(&to)) {
                return Err(Problem::new("to", format!("must not be after {}, the last possible time", last())));
            }
            let to = at.ok_or_else(|| Problem::new("to", "must be a timestamp such as 2026-01-26T09:00:00.000Z"))?;
            let ahead = u64::try_from(to.saturating_sub(world.now));
            Duration::from_millis(ahead.map_err(|_| Problem::new("to", "must not be before the present time"))?)
        }
        _ => return Err(Problem::new("seconds", "or to: exactly one of them is required")),
    };
    let wait = body.truth("wait")?.unwrap_or(true);
    let on_its_way = world.go(by);
    Ok(clock(world).waiting(on_its_way && wait))
}

fn clock(world: &World) -> Reply {
    Reply::admin(&json!({"now": world.now().as_str()}))
}

/// What there is to say when what was on its way has arrived.
pub(crate) fn arrived(world: &World, path: &str) -> Reply {
    let found = routes::find(path);
    let replayed = found.filter(|(_, route, _)| route.target == Target::Replay);
    match replayed.and_then(|(.., [id, _])| id.parse().ok()) {
        Some(id) => webhooks::one(world, id).unwrap_or_else(|refusal| refusal),
        None => clock(world),
    }
}

/// A receiver of webhooks for who has none: takes everything with 204, or with the status of `?respond=`.
fn received(call: &Call<'_>) -> Handled {
    let status = call.parameter("respond").map_or(Ok(204), str::parse);
    let status = status.ok().filter(|status| (200..=599).contains(status));
    let problem = Problem::new("respond", "must be between 200 and 599");
    let status = status.ok_or_else(|| Reply::problem(&problem))?;
    Ok(Reply::with_body(status, "text/plain; charset=utf-8", Vec::new()))
}

/// The world as `export` has written it; nothing changes where it is refused.
fn import(world: &mut World, body: &[u8]) -> Handled {
    let refused = |error: InputError| Reply::refusal(400, &error.to_string());
    world.import(body).map_err(refused)?;
    Ok(Reply::admin(&json!({"now": world.now().as_str()})))
}

fn last() -> String {
    Timestamp::from_unix_millis(LATEST).as_str().to_owned()
}

/// Whether it begins with a year from 9000 on, where a time is so late that it cannot be read at all.
fn has_late_year(text: &str) -> bool {
    let year = text.trim_start_matches('+').split('-').next().unwrap_or_default();
    year.len() >= 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && year.parse().is_ok_and(|year: u64| year >= 9000)
}

/// The imaginary bank statement.
fn statement(world: &mut World, guid: &str) -> Handled {
    let number = world.number(guid).ok_or_else(Reply::not_found)?;
    let landed = world.settled(number).is_some_and(|record| {
        matches!(
            record.state.status(),
            Some(KnownStatus::Deposited | KnownStatus::Denied | KnownStatus::Verified | KnownStatus::Prevented)
        )
    });
    let [first, second] = world.rules.cents(number).map(|cents| DepositAmount::from_cents(u32::from(cents)).ok());
    Ok(Reply::admin(&json!({"deposit_amount_1": first, "deposit_amount_2": second, "landed": landed, "guid": guid})))
}

/// `{"event":"landed"}`, `{"event":"failed","code":"R03"}`,
/// `{"event":"account_submitted","account":{"account_number":"...","routing_number":"...","account_type_name":"..."}}`.
fn event_on(world: &mut World, body: &[u8], guid: &str) -> Handled {
    let number = world.number(guid).ok_or_else(Reply::not_found)?;
    let bad = |problem: Problem| Reply::problem(&problem);
    let body = Object::body(body, &EVENT).map_err(bad)?;
    let name = required("event", body.text("event").map_err(bad)?).map_err(bad)?;
    let unknown = || bad(Problem::new("event", "must be an event of the state machine, such as landed"));
    let event = Event::from_name(&name).ok_or_else(unknown)?;
    let code = body.text("code").map_err(bad)?;
    let trouble =
        code.map(|code| return_code(&code).ok_or(Problem::new("code", "must be an ACH return code, R01 to R99")));
    let trouble = trouble.transpose().map_err(bad)?;
    world.settled(number).ok_or_else(Reply::not_found)?;
    let refused = || Reply::refusal(409, "The present status does not admit this event.");
    if event == Event::AccountSubmitted {
        let details = body.object("account", request_body::SUBMISSION).map_err(bad)?;
        let details = required("account", details).map_err(bad)?;
        let account = request_body::account(&details, &world.rules.policy).map_err(bad)?;
        if !submit_account(world, number, &account) {
            return Err(refused());
        }
    } else {
        if !world.happen(number, event) {
            return Err(refused());
        }
        if let (Event::Failed, Some(trouble), Some(record)) = (event, trouble, world.records.get_mut(number as usize)) {
            record.trouble = Some(trouble);
        }
    }
    standing::one(world, guid)
}

fn return_code(code: &str) -> Option<Trouble> {
    Trouble::from_code(code).filter(|trouble| matches!(trouble, Trouble::Ach(_)))
}

/// `?after=N`: the webhook events numbered above N, oldest first.
fn outbox(world: &mut World, call: &Call<'_>) -> Handled {
    let after = after(call, "event", world.books.outbox.numbers)?;
    world.settle_all();
    let mut events = Vec::new();
    for (id, happening) in world.books.outbox.after(after).take(PAGE) {
        let Some(record) = world.records.get(happening.number as usize) else { continue };
        let user = (world.user_guid(record.user), world.user_id(record.user));
        let at = Timestamp::from_unix_millis(happening.at);
        let body = crate::webhooks::event(&world.rules.policy, happening, world.guid(happening.number), record, user);
        events.push(Numbered { id, at: at.as_str().into(), body });
    }
    Ok(Reply::admin(&Outgoing { events, dropped: world.books.outbox.dropped() }))
}

#[derive(Serialize)]
struct Outgoing<'a> {
    events: Vec<Numbered<'a>>,
    dropped: u64,
}

#[derive(Serialize)]
struct Numbered<'a> {
    id: u64,
    at: Box<str>,
    body: crate::webhooks::Event<'a>,
}

/// Clock, counts and the newest thousand microdeposits, or those of them that are looked for: `?status=DENIED`, `?find=` a part
/// of a guid or the end of an account number. No person, no token.
fn state(world: &mut World, call: &Call<'_>) -> Reply {
    let change = world.look();
    let (counts, deleted) = world.counts();
    let counted = ROUTES.iter().zip(&world.served).flat_map(|(route, counts)| {
        let counts = route.methods.iter().zip(counts).filter(|(_, count)| **count > 0);
        counts.map(|(method, count)| (format!("{method} {}", route.path), json!(count)))
    });
    let requests: Value = counted.collect();
    let wanted = [call.parameter("status"), call.parameter("find")];
    let wanted = wanted.map(|text| text.map(|text| percent_decode_str(text).decode_utf8_lossy()));
    let [status, find] = &wanted;
    let all = 0..u32::try_from(world.records.len()).unwrap_or(u32::MAX);
    let fits = |number: &u32| standing::fits(world, *number, status.as_deref(), find.as_deref());
    // All of a million fit where nothing is looked for: none has to be looked at.
    let every = status.is_none() && find.is_none();
    let found: Vec<u32> = if every { all.collect() } else { all.filter(fits).collect() };
    let first = found.len().saturating_sub(PAGE);
    let shown: Vec<Value> = found.iter().skip(first).filter_map(|number| standing::summary(world, *number)).collect();
    Reply::admin(&json!({
        "now": world.now().as_str(),
        "seed": world.rules.seed,
        "profile": world.rules.profile.name(),
        "policy": world.rules.policy,
        "counts": counts,
        "deleted": deleted,
        "sessions_opened": world.sessions_opened(),
        "requests": requests,
        "microdeposits": shown,
        "not_shown": first,
        "change": change,
    }))
}
