//! What goes out: the 17 fields in the documented order (source: seeds), single, in a list, and as a webhook event.

use nexus_types::{Stage, Timestamp};
use serde::Serialize;

use crate::outbox::Happening;
use crate::record::Record;

/// The name of every institution here; null while there is no account (assumed: MX looks it up by routing number).
const INSTITUTION: &str = "MX Bank";

#[derive(Serialize)]
pub(crate) struct Wrapped<'a> {
    micro_deposit: Fields<'a>,
}

#[derive(Serialize)]
pub(crate) struct Listed<'a> {
    micro_deposits: Vec<Wrapped<'a>>,
}

#[derive(Serialize)]
struct Fields<'a> {
    account_name: Option<&'a str>,
    account_number: Option<&'a str>,
    account_type: Option<i64>,
    account_type_name: Option<&'static str>,
    created_at: Timed,
    email: &'a str,
    error_code: Option<String>,
    error_message: Option<&'static str>,
    first_name: &'a str,
    guid: String,
    institution_name: Option<&'static str>,
    last_name: &'a str,
    routing_number: Option<String>,
    status: u8,
    status_name: &'static str,
    updated_at: Option<Timed>,
    verified_at: Option<Timed>,
}

/// Milliseconds since 1970, written as the API writes them.
struct Timed(i64);

impl Serialize for Timed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Timestamp::from_unix_millis(self.0).as_str())
    }
}

/// A record as callers see it; none where it is deleted.
pub(crate) fn single(guid: String, record: &Record) -> Option<Wrapped<'_>> {
    let seen = record.seen()?;
    // What a list shows of the status is older than the account details may be.
    let with_account = record.kind().is_some() && seen.stage != Stage::Preinitiated;
    Some(Wrapped {
        micro_deposit: Fields {
            account_name: record.account_name().filter(|_| with_account),
            account_number: with_account.then(|| record.account_number()),
            account_type: record.kind().filter(|_| with_account).map(|kind| kind.number()),
            account_type_name: record.kind().filter(|_| with_account).map(|kind| kind.name()),
            created_at: Timed(record.created),
            email: record.email(),
            error_code: seen.trouble.map(|trouble| trouble.code()),
            error_message: seen.trouble.map(|trouble| trouble.message()),
            first_name: record.first_name(),
            guid,
            institution_name: with_account.then_some(INSTITUTION),
            last_name: record.last_name(),
            routing_number: with_account.then(|| format!("{:09}", record.routing())),
            status: seen.stage.number(),
            status_name: seen.stage.name(),
            updated_at: seen.updated.map(Timed),
            verified_at: seen.verified.map(Timed),
        },
    })
}

/// The documented form of a list: each record in a wrapper of its own.
pub(crate) fn list<'a>(records: impl Iterator<Item = (String, &'a Record)>) -> Listed<'a> {
    Listed { micro_deposits: records.filter_map(|(guid, record)| single(guid, record)).collect() }
}

/// What a webhook posts (source: `domain.md` 8).
#[derive(Serialize)]
pub(crate) struct Event<'a> {
    action: &'static str,
    version: u8,
    micro_deposit: EventFields<'a>,
}

#[derive(Serialize)]
struct EventFields<'a> {
    account_number: Option<&'a str>,
    account_type: Option<i64>,
    created_at: Timestamped,
    guid: String,
    institution_guid: Option<&'static str>,
    routing_number: Option<String>,
    status: u8,
    status_name: &'static str,
    updated_at: Timestamped,
    user_guid: String,
    user_id: &'a str,
    verified_at: Option<Timestamped>,
}

/// As [`Timed`], in the form of webhooks.
struct Timestamped(i64);

impl Serialize for Timestamped {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Timestamp::webhook_form(self.0).as_str())
    }
}

/// The event of one happening. `created` for the first, `updated` (inferred) for each later one.
pub(crate) fn event<'a>(happening: Happening, guid: String, record: &'a Record, user: (String, &'a str)) -> Event<'a> {
    let Happening { at, stage, first, .. } = happening;
    let with_account = record.kind().is_some() && stage != Stage::Preinitiated;
    Event {
        action: if first { "created" } else { "updated" },
        version: 1,
        micro_deposit: EventFields {
            account_number: with_account.then(|| record.account_number()),
            account_type: record.kind().filter(|_| with_account).map(|kind| kind.number()),
            created_at: Timestamped(record.created),
            guid,
            institution_guid: None,
            routing_number: with_account.then(|| format!("{:09}", record.routing())),
            status: stage.number(),
            status_name: stage.name(),
            updated_at: Timestamped(at),
            user_guid: user.0,
            user_id: user.1,
            verified_at: (stage == Stage::Verified).then_some(Timestamped(at)),
        },
    }
}
