//! The calls of the widget's page. MX's own widget has an interface of its own for them, which is not public; this one is
//! the sandbox's alone.

use nexus_types::{AccountType, Event, KnownStatus};
use serde::Serialize;
use serde_json::json;

use crate::call::{Call, Reply};
use crate::json_reader::{Object, Problem, required};
use crate::micro_deposits::{make, own, submit_amounts};
use crate::obstacles::submit_account;
use crate::policy::{IavDeletes, WidgetPoll};
use crate::request_body::{self, Account};
use crate::routes::Target;
use crate::widget::tickets::Page;
use crate::world::World;

type Handled = Result<Reply, Reply>;

/// What the page asks a person for. It has compared the two numbers itself.
pub(crate) const DETAILS: [&str; 9] = [
    "routing_number",
    "account_type_name",
    "account_type",
    "account_number",
    "confirm_account_number",
    "account_name",
    "first_name",
    "last_name",
    "email",
];
pub(crate) const ROUTING_NUMBER: [&str; 1] = ["routing_number"];
pub(crate) const INSTITUTION: [&str; 1] = ["guid"];

fn bad(problem: Problem) -> Reply {
    Reply::problem(&problem)
}

/// What a call knows of its page.
#[derive(Clone, Copy)]
struct Caller {
    user: u32,
    micro_deposit: Option<u32>,
}

pub(crate) fn respond(world: &mut World, call: &Call<'_>, target: Target, token: &str) -> Handled {
    let page = page(world, call, token).ok_or_else(unknown)?;
    let caller = Caller { user: page.user, micro_deposit: page.micro_deposit };
    match (target, call.method) {
        (Target::WidgetStart, _) => start(world, call, token),
        (Target::WidgetMicroDeposit, "GET") => read(world, call, caller),
        (Target::WidgetMicroDeposit, "POST") => account(world, call, token, caller),
        (Target::WidgetMicroDeposit, _) => amounts(world, call, caller),
        (Target::WidgetRoutingNumber, _) => routing_number(world, call),
        (Target::WidgetInstitution, _) => institution(world, call, token, caller),
        _ => member(world, call, token, caller),
    }
}

fn page<'a>(world: &'a mut World, call: &Call<'_>, token: &str) -> Option<&'a mut Page> {
    world.widgets.page(world.rules.policy.widget_token, token, call.authorization, world.now)
}

fn unknown() -> Reply {
    Reply::refusal(401, "The page is unknown, or its address was used up by another.")
}

#[derive(Serialize)]
struct Institution<'a> {
    code: String,
    guid: String,
    name: &'a str,
    url: String,
}

fn institutions(world: &World) -> Vec<Institution<'_>> {
    let all = (0u32..).zip(&world.rules.policy.institutions);
    let institution = all.map(|(number, name)| Institution {
        code: format!("example_bank_{}", number + 1),
        guid: world.rules.chance.widget_guid("INS-", number),
        name,
        url: format!("https://bank-{}.example", number + 1),
    });
    institution.collect()
}

/// `POST .../start`: what the page is to do.
fn start(world: &mut World, call: &Call<'_>, token: &str) -> Handled {
    let page = page(world, call, token).ok_or_else(unknown)?;
    let (settings, user, number) = (page.settings.clone(), page.user, page.number);
    let wanted = settings.micro_deposit.as_deref();
    let found = wanted.and_then(|guid| own(world, user, guid).ok());
    if let Some(page) = self::page(world, call, token) {
        page.micro_deposit = found;
    }
    let policy = &world.rules.policy;
    let (waits, goes_back) = (policy.widget_poll == WidgetPoll::Mx, policy.widget_goes_back);
    let micro_deposit = found.map(|number| view(world, number, !waits)).transpose()?;
    let institutions = institutions(world);
    let institution = settings.institution.as_deref();
    let institution =
        institution.and_then(|wanted| institutions.iter().find(|one| one.guid == wanted || one.code == wanted));
    Ok(Reply::admin(&Start {
        verifies: settings.verifies,
        speaks: settings.speaks,
        webview: settings.webview,
        scheme: &settings.scheme,
        target_origin: settings.target_origin.as_deref(),
        searches: settings.searches,
        waits,
        goes_back,
        who: Who { user_guid: world.user_guid(user), session_guid: world.rules.chance.widget_guid("ANS-", number) },
        admin: &world.options.admin,
        institution,
        institutions: &institutions,
        missing: wanted.is_some() && found.is_none(),
        micro_deposit,
    }))
}

#[derive(Serialize)]
struct Start<'a> {
    verifies: bool,
    speaks: bool,
    webview: bool,
    scheme: &'a str,
    target_origin: Option<&'a str>,
    searches: bool,
    waits: bool,
    goes_back: bool,
    who: Who,
    /// What the paths of the admin interface begin with.
    admin: &'a str,
    institution: Option<&'a Institution<'a>>,
    institutions: &'a [Institution<'a>],
    /// Whether a microdeposit was asked for that is gone.
    missing: bool,
    micro_deposit: Option<View>,
}

/// What every event carries, in this order.
#[derive(Serialize)]
struct Who {
    user_guid: String,
    session_guid: String,
}

/// What the page shows of a microdeposit; the account number but for its end.
#[derive(Serialize)]
struct View {
    guid: String,
    status: u8,
    status_name: &'static str,
    /// Submissions that were judged by now: how the page notices a second wrong one.
    judged: u8,
    account_name: Option<String>,
    account_type_name: Option<&'static str>,
    routing_number: Option<String>,
    /// Its end alone.
    account_number: Option<String>,
    /// The view that its status leads to (domain.md 9.2).
    view: &'static str,
    /// Whether first name, last name and e-mail are known, so that the person need not be asked.
    has_person: bool,
}

/// A microdeposit as it was shown last, or as it is.
fn view(world: &mut World, number: u32, refresh: bool) -> Result<View, Reply> {
    let guid = world.guid(number);
    let record = world.settled(number).filter(|record| !record.is_deleted()).ok_or_else(Reply::not_found)?;
    if refresh {
        record.show();
    }
    let status = record.shown().ok_or_else(Reply::not_found)?;
    let has_account = record.kind().is_some() && status != KnownStatus::Preinitiated;
    let number = record.account_number();
    let ending = number.get(number.len().saturating_sub(4)..).unwrap_or_default();
    let person = [record.first_name(), record.last_name(), record.email()];
    Ok(View {
        guid,
        status: status.number(),
        status_name: status.name(),
        judged: record.state.attempts(),
        account_name: record.account_name().filter(|_| has_account).map(str::to_owned),
        account_type_name: record.kind().filter(|_| has_account).map(|kind| kind.name()),
        routing_number: has_account.then(|| format!("{:09}", record.routing())),
        account_number: has_account.then(|| ending.to_owned()),
        view: shows(status),
        has_person: person.iter().all(|part| !part.is_empty()),
    })
}

fn shows(status: KnownStatus) -> &'static str {
    match status {
        KnownStatus::Preinitiated => "routingNumber",
        KnownStatus::Initiated | KnownStatus::Requested => "comeBack",
        KnownStatus::Deposited | KnownStatus::Denied => "verifyDeposits",
        KnownStatus::Verified => "verified",
        KnownStatus::Errored | KnownStatus::Prevented | KnownStatus::Conflicted | KnownStatus::Rejected => "errors",
    }
}

fn viewed(world: &mut World, number: u32, refresh: bool) -> Handled {
    view(world, number, refresh).map(|view| Reply::admin(&json!({"micro_deposit": view})))
}

/// `GET .../microdeposit`: as it is, or with `?shown` as it was shown last.
fn read(world: &mut World, call: &Call<'_>, caller: Caller) -> Handled {
    let number = caller.micro_deposit.ok_or_else(Reply::not_found)?;
    viewed(world, number, !call.path.ends_with("?shown"))
}

/// `POST .../microdeposit`: the account details. They complete a pre-initiated microdeposit, or make a new one.
fn account(world: &mut World, call: &Call<'_>, token: &str, caller: Caller) -> Handled {
    let begun = caller.micro_deposit.filter(|number| {
        world.settled(*number).is_some_and(|record| record.state.status() == Some(KnownStatus::Preinitiated))
    });
    let policy = &world.rules.policy;
    let details = Object::body(call.body, &DETAILS).map_err(bad)?;
    let account = named(request_body::account(&details, policy).map_err(bad)?);
    let number = match begun {
        Some(number) => {
            if !submit_account(world, number, &account) {
                return Err(Reply::refusal(409, "The present status does not admit this."));
            }
            number
        }
        None => {
            let party = request_body::party(&details, policy).map_err(bad)?;
            make(world, caller.user, &party, Some(&account))?
        }
    };
    if let Some(page) = page(world, call, token) {
        page.micro_deposit = Some(number);
    }
    viewed(world, number, true)
}

/// The account with the name that the widget gives it (measured; source: domain.md 9.4).
fn named(account: Account<'_>) -> Account<'_> {
    let kind = if account.kind == AccountType::Savings { "Savings" } else { "Checking" };
    let ending = account.number.get(account.number.len().saturating_sub(4)..).unwrap_or_default();
    let name = account.name.unwrap_or_else(|| format!("{kind} ...{ending}").into());
    Account { name: Some(name), ..account }
}

/// `PUT .../microdeposit`: the two amounts, as the person wrote them.
fn amounts(world: &mut World, call: &Call<'_>, caller: Caller) -> Handled {
    let number = caller.micro_deposit.ok_or_else(Reply::not_found)?;
    let body = Object::body(call.body, &request_body::AMOUNTS).map_err(bad)?;
    let cents = |name| {
        let text = required(name, body.text(name).map_err(bad)?).map_err(bad)?;
        request_body::written_cents(&text).ok_or_else(|| bad(Problem::new(name, "must be cents, such as 0.05")))
    };
    let given = [cents(request_body::AMOUNTS[0])?, cents(request_body::AMOUNTS[1])?];
    submit_amounts(world, number, Some(given))?;
    viewed(world, number, false)
}

/// `POST .../routing_number`: whether microdeposits can go there.
fn routing_number(world: &World, call: &Call<'_>) -> Handled {
    let body = Object::body(call.body, &ROUTING_NUMBER).map_err(bad)?;
    let routing = required("routing_number", body.text("routing_number").map_err(bad)?).map_err(bad)?;
    let policy = &world.rules.policy;
    let is_in = |list: &[String]| list.iter().any(|one| **one == *routing);
    let reason = if policy.widget_checks_routing && !request_body::admits_routing(&routing, policy) {
        Some("INVALID")
    } else if is_in(&policy.blocked_routing_numbers) {
        Some("BLOCKED")
    } else if is_in(&policy.client_blocked_routing_numbers) {
        Some("CLIENT_BLOCKED")
    } else {
        is_in(&policy.iav_preferred_routing_numbers).then_some("IAV_PREFERRED")
    };
    let found = if reason == Some("IAV_PREFERRED") { institutions(world) } else { Vec::new() };
    Ok(Reply::admin(&json!({"reason": reason, "institutions": found})))
}

/// `POST .../institution`: the person chose it, so a pre-initiated microdeposit may go.
fn institution(world: &mut World, call: &Call<'_>, token: &str, caller: Caller) -> Handled {
    chosen(world, call)?;
    let deleted = delete(world, call, token, caller, IavDeletes::OnSelection);
    Ok(Reply::admin(&json!({"deleted": deleted})))
}

/// `POST .../member`: the person pretended to sign in.
fn member(world: &mut World, call: &Call<'_>, token: &str, caller: Caller) -> Handled {
    chosen(world, call)?;
    let deleted = delete(world, call, token, caller, IavDeletes::OnMember);
    let number = world.widgets.members;
    world.widgets.members = number.saturating_add(1);
    Ok(Reply::admin(&json!({"member_guid": world.rules.chance.widget_guid("MBR-", number), "deleted": deleted})))
}

/// Checks that the institution is one of the sandbox's.
fn chosen(world: &World, call: &Call<'_>) -> Result<(), Reply> {
    let body = Object::body(call.body, &INSTITUTION).map_err(bad)?;
    let guid = required("guid", body.text("guid").map_err(bad)?).map_err(bad)?;
    if institutions(world).iter().any(|one| one.guid == *guid) { Ok(()) } else { Err(Reply::not_found()) }
}

/// Deletes the pre-initiated microdeposit where this is the moment for it.
fn delete(world: &mut World, call: &Call<'_>, token: &str, caller: Caller, moment: IavDeletes) -> bool {
    let due = world.rules.policy.iav_deletes == moment;
    let number = caller.micro_deposit.filter(|_| due);
    let deleted =
        number.is_some_and(|number| world.settled(number).is_some() && world.happen(number, Event::IavChosen));
    if let Some(page) = page(world, call, token).filter(|_| deleted) {
        page.micro_deposit = None;
    }
    deleted
}
