//! The reasons to refuse an account (all of them assumed, see [`Policy`](crate::Policy)).

use nexus_types::{Event, KnownStatus};

use crate::record::Record;
use crate::request_body::Account;
use crate::trouble::Trouble;
use crate::world::{World, hash};

/// The reason to refuse this account, if any.
pub(crate) fn obstacle(world: &mut World, user: u32, email: &str, account: &Account<'_>) -> Option<Trouble> {
    let routing = format!("{:09}", account.routing);
    let policy = &world.rules.policy;
    if [&policy.blocked_routing_numbers, &policy.client_blocked_routing_numbers]
        .iter()
        .any(|list| list.contains(&routing))
    {
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

/// Adds the account details to a pre-initiated record, as the widget does; false where its status does not admit it.
pub(crate) fn submit_account(world: &mut World, number: u32, account: &Account<'_>) -> bool {
    let Some(record) = world.settled(number) else { return false };
    let (user, email) = (record.user, record.email().to_owned());
    let obstacle = obstacle(world, user, &email, account);
    if !world.happen(number, obstacle.map_or(Event::AccountSubmitted, Trouble::at_creation)) {
        return false;
    }
    let now = world.now;
    if let Some(record) = world.records.get_mut(number as usize) {
        record.submit(account, now);
        record.trouble = obstacle;
    }
    if obstacle.is_none() {
        remember(world, number, user, &email, account);
    }
    true
}

enum Which {
    Account(u64),
    Email(u64),
}

/// The noted records under a key that still count, as of now; the others are forgotten, so that the search stays short.
fn living(world: &mut World, which: Which, counts: fn(&Record) -> bool) -> impl Iterator<Item = &Record> {
    let (rules, now, records, books) = (&world.rules, world.now, &mut world.records, &mut world.books);
    let noted = match which {
        Which::Account(key) => world.index.by_account.get_mut(&key),
        Which::Email(key) => world.index.by_email.get_mut(&key),
    };
    let noted: &[u32] = noted.map_or(&[], |noted| {
        noted.retain(|number| {
            let Some(record) = records.get_mut(*number as usize) else { return false };
            record.settle(rules, *number, now, books);
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
    record.state.status().is_some_and(|status| !status.is_terminal() && status != KnownStatus::Preinitiated)
}

/// In flight or verified.
fn not_failed(record: &Record) -> bool {
    in_flight(record) || record.state.status() == Some(KnownStatus::Verified)
}

fn account_key(user: u32, account: &Account<'_>) -> u64 {
    hash(&[&user.to_string(), &account.routing.to_string(), &account.number])
}

fn email_key(email: &str) -> u64 {
    hash(&[&email.to_ascii_lowercase()])
}
