//! The webhook events that MX would post (source: domain.md 8).

use nexus_types::{KnownStatus, Timestamp};
use serde::{Serialize, Serializer};

use crate::outbox::Happening;
use crate::policy::Policy;
use crate::record::Record;
use crate::response_body::cut;

/// What a webhook posts (source: domain.md 8).
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
    #[serde(skip_serializing_if = "Verified::is_absent")]
    verified_at: Verified,
}

/// When it was verified; otherwise nothing at all, or null, as the policy says.
#[derive(Clone, Copy)]
enum Verified {
    At(i64),
    Null,
    Absent,
}

impl Verified {
    fn is_absent(&self) -> bool {
        matches!(self, Verified::Absent)
    }
}

impl Serialize for Verified {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Verified::At(at) => Timestamped(*at).serialize(serializer),
            _ => serializer.serialize_none(),
        }
    }
}

/// Milliseconds since 1970, written as webhooks write them.
struct Timestamped(i64);

impl Serialize for Timestamped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Timestamp::webhook_form(self.0).as_str())
    }
}

/// The event of one happening. `created` for the first, `updated` (inferred) for each later one.
pub(crate) fn event<'a>(
    policy: &Policy,
    happening: Happening,
    guid: String,
    record: &'a Record,
    user: (String, &'a str),
) -> Event<'a> {
    let Happening { status, first, .. } = happening;
    let (updated, created) = (cut(policy, happening.updated), cut(policy, record.created));
    let with_account = record.kind().is_some() && status != KnownStatus::Preinitiated;
    Event {
        action: if first { "created" } else { "updated" },
        version: 1,
        micro_deposit: EventFields {
            account_number: with_account.then(|| record.account_number()),
            account_type: record.kind().filter(|_| with_account).map(|kind| kind.number()),
            created_at: Timestamped(created),
            guid,
            institution_guid: None,
            routing_number: with_account.then(|| format!("{:09}", record.routing())),
            status: status.number(),
            status_name: status.name(),
            updated_at: Timestamped(updated),
            user_guid: user.0,
            user_id: user.1,
            verified_at: match status {
                KnownStatus::Verified => Verified::At(updated),
                _ if policy.webhook_null_verified_at => Verified::Null,
                _ => Verified::Absent,
            },
        },
    }
}
