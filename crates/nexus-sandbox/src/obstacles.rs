//! The reasons to refuse an account (all of them assumed, see [`Policy`](crate::Policy)).
//!
//! In an imported world persons and accounts from before are pseudonyms, and those that are typed since are not: they are compared by
//! their pseudonyms.

use std::borrow::Cow;

use nexus_types::{Event, KnownStatus};

use crate::record::Record;
use crate::request_body::Account;
use crate::rng::Chance;
use crate::trouble::Trouble;
use crate::world::{World, hash};

/// The reason to refuse this account, if any. `invented` says that the e-mail address is a pseudonym.
pub(crate) fn obstacle(
    world: &mut World,
    user: u32,
    (email, invented): (&str, bool),
    account: &Account<'_>,
) -> Option<Trouble> {
    let routing = format!("{:09}", account.routing);
    let policy = &world.rules.policy;
    if [&policy.blocked_routing_numbers, &policy.client_blocked_routing_numbers]
        .iter()
        .any(|list| list.contains(&routing))
    {
        return Some(Trouble::Blocked);
    }
    let names = Names::of(world);
    let number = names.number(&account.number, world.inventing);
    let same = |record: &Record| record.routing() == account.routing && names.number_of(record) == number;
    if world.rules.policy.conflict {
        let twin = |record: &Record| record.user == user && same(record) && in_flight(record);
        if living(world, Which::Account(account_key(user, account.routing, &number)), in_flight).any(twin) {
            return Some(Trouble::Exists);
        }
    }
    let limit = world.rules.policy.accounts_per_email?;
    let email = names.email(email, invented);
    let mut others: Vec<(u32, Cow<'_, str>)> = Vec::new();
    let mut known = false;
    for record in living(world, Which::Email(email_key(&email)), not_failed) {
        if names.email_of(record).eq_ignore_ascii_case(&email) {
            known |= same(record);
            let of = (record.routing(), names.number_of(record));
            if !others.contains(&of) {
                others.push(of);
            }
        }
    }
    (!known && others.len() >= limit as usize).then_some(Trouble::TooManyAccounts)
}

/// Notes a record with an account so that later ones find it in their way.
pub(crate) fn remember(world: &mut World, number: u32) {
    let names = Names::of(world);
    let Some(record) = world.records.get(number as usize) else { return };
    let account = account_key(record.user, record.routing(), &names.number_of(record));
    let email = email_key(&names.email_of(record));
    world.index.by_account.entry(account).or_default().push(number);
    world.index.by_email.entry(email).or_default().push(number);
}

/// By which names accounts and persons are compared: as they were typed, or by their pseudonyms.
struct Names(Option<Chance>);

impl Names {
    fn of(world: &World) -> Names {
        Names(world.imported.then(|| world.rules.chance.clone()))
    }

    fn number<'a>(&self, number: &'a str, invented: bool) -> Cow<'a, str> {
        match &self.0 {
            Some(chance) if !invented => chance.pseudonym_of_account(number).into(),
            _ => number.into(),
        }
    }

    fn email<'a>(&self, email: &'a str, invented: bool) -> Cow<'a, str> {
        match &self.0 {
            Some(chance) if !invented => chance.pseudonym_of_email(email).into(),
            _ => email.into(),
        }
    }

    fn number_of<'a>(&self, record: &'a Record) -> Cow<'a, str> {
        self.number(record.account_number(), record.account_invented)
    }

    fn email_of<'a>(&self, record: &'a Record) -> Cow<'a, str> {
        self.email(record.email(), record.invented)
    }
}

/// Adds the account details to a pre-initiated record, as the widget does; false where its status does not admit it.
pub(crate) fn submit_account(world: &mut World, number: u32, account: &Account<'_>) -> bool {
    let Some(record) = world.settled(number) else { return false };
    let (user, email, invented) = (record.user, record.email().to_owned(), record.invented);
    let obstacle = obstacle(world, user, (&email, invented), account);
    if !world.happen(number, obstacle.map_or(Event::AccountSubmitted, Trouble::at_creation)) {
        return false;
    }
    let now = world.now;
    if let Some(record) = world.records.get_mut(number as usize) {
        record.submit(account, now);
        record.trouble = obstacle;
    }
    if obstacle.is_none() {
        remember(world, number);
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

/// INITIATED, REQUESTED, DEPOSITED or DENIED.
fn in_flight(record: &Record) -> bool {
    record.state.status().is_some_and(|status| !status.is_terminal() && status != KnownStatus::Preinitiated)
}

/// In flight or verified.
fn not_failed(record: &Record) -> bool {
    in_flight(record) || record.state.status() == Some(KnownStatus::Verified)
}

fn account_key(user: u32, routing: u32, number: &str) -> u64 {
    hash(&[&user.to_string(), &routing.to_string(), number])
}

fn email_key(email: &str) -> u64 {
    hash(&[&email.to_ascii_lowercase()])
}
