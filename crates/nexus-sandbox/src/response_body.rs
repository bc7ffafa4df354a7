//! Response bodies: the documented fields in their order (source: domain.md 2), single or in a list, in the form that the
//! policy sets.

use nexus_types::{KnownStatus, Timestamp};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::faults::Contradiction;
use crate::policy::{EmptyList, ListPaging, ListShape, Numbers, Policy, TimeForm, TimeResolution};
use crate::record::{Record, Seen};

/// How records are written.
#[derive(Clone, Copy)]
pub(crate) struct Manner<'a> {
    pub(crate) policy: &'a Policy,
    /// What a fault has this response say of the status.
    pub(crate) contradiction: Option<Contradiction>,
    /// Whether this is the response to a verify, whose example shows other numbers.
    pub(crate) verified: bool,
}

/// A record in its wrapper.
pub(crate) struct Wrapped<'a>(Fields<'a>);

/// A record without a wrapper.
struct Fields<'a> {
    manner: Manner<'a>,
    guid: String,
    record: &'a Record,
    seen: Seen,
}

/// A list, or a page of one.
pub(crate) struct Listed<'a> {
    manner: Manner<'a>,
    records: Vec<Wrapped<'a>>,
    page: Option<Page>,
}

/// Which part of how much a list is.
pub(crate) struct Page {
    /// Counted from 1.
    pub(crate) current: usize,
    pub(crate) per: usize,
    /// What the caller said that a page should hold.
    pub(crate) asked: Option<usize>,
    /// Records on all pages.
    pub(crate) total: usize,
}

/// A record as callers see it; none where it is deleted.
pub(crate) fn single<'a>(manner: Manner<'a>, guid: String, record: &'a Record) -> Option<Wrapped<'a>> {
    let seen = record.seen(manner.policy.updated_at)?;
    Some(Wrapped(Fields { manner, guid, record, seen }))
}

/// Writes one record of a list behind what is written already; nothing where it is deleted.
pub(crate) fn listed(manner: Manner<'_>, guid: String, record: &Record, out: &mut Vec<u8>) {
    if let Some(wrapped) = single(manner, guid, record) {
        // Plain structs of text and numbers cannot fail to serialise, nor can memory be closed.
        let _ = match manner.policy.list_shape {
            ListShape::Nested => serde_json::to_writer(out, &wrapped),
            ListShape::Flat => serde_json::to_writer(out, &wrapped.0),
        };
    }
}

/// A list of these records, of which it is this page.
pub(crate) fn list<'a>(
    manner: Manner<'a>,
    records: impl Iterator<Item = (String, &'a Record)>,
    page: Option<Page>,
) -> Listed<'a> {
    Listed { manner, records: records.filter_map(|(guid, record)| single(manner, guid, record)).collect(), page }
}

impl Serialize for Wrapped<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("micro_deposit", &self.0)?;
        map.end()
    }
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Manner { policy, .. } = self.manner;
        let mut map = serializer.serialize_map(None)?;
        match (self.records.is_empty(), policy.empty_list, policy.list_shape) {
            (true, EmptyList::Missing, _) => {}
            (true, EmptyList::Null, _) => map.serialize_entry("micro_deposits", &())?,
            (_, _, ListShape::Nested) => map.serialize_entry("micro_deposits", &self.records)?,
            (_, _, ListShape::Flat) => {
                let flat: Vec<&Fields<'_>> = self.records.iter().map(|wrapped| &wrapped.0).collect();
                map.serialize_entry("micro_deposits", &flat)?;
            }
        }
        if let Some(page) = &self.page {
            page.sign(policy.list_paging, &mut map)?;
        }
        map.end()
    }
}

impl Page {
    fn pages(&self) -> usize {
        self.total.div_ceil(self.per.max(1))
    }

    /// Writes the sign that there are pages.
    fn sign<M: SerializeMap>(&self, paging: ListPaging, map: &mut M) -> Result<(), M::Error> {
        match paging {
            ListPaging::Silent => Ok(()),
            ListPaging::Total => map.serialize_entry("total_entries", &self.total),
            ListPaging::Next => {
                let asked = self.asked.map_or_else(String::new, |per| format!("&records_per_page={per}"));
                let next = self.current + 1;
                let link = (next <= self.pages()).then(|| format!("/micro_deposits?page={next}{asked}"));
                map.serialize_entry("next", &link)
            }
            ListPaging::Object => map.serialize_entry(
                "pagination",
                &serde_json::json!({
                    "current_page": self.current,
                    "per_page": self.per,
                    "total_entries": self.total,
                    "total_pages": self.pages(),
                }),
            ),
        }
    }
}

/// One object being written, as the policy wants its fields.
struct Writer<'a, M> {
    policy: &'a Policy,
    map: M,
}

impl<M: SerializeMap> Writer<'_, M> {
    fn put(&mut self, name: &'static str, value: impl Serialize) -> Result<(), M::Error> {
        if self.policy.hidden_fields.iter().any(|hidden| hidden == name) {
            return Ok(());
        }
        if self.policy.null_fields.iter().any(|null| null == name) {
            return self.map.serialize_entry(name, &());
        }
        self.map.serialize_entry(name, &value)
    }

    /// Digits, as text or as a number.
    fn put_digits(&mut self, name: &'static str, digits: Option<&str>, number: bool) -> Result<(), M::Error> {
        let number = digits.filter(|_| number).and_then(|digits| digits.parse::<u64>().ok());
        match number {
            Some(number) => self.put(name, number),
            None => self.put(name, digits),
        }
    }

    fn put_time(&mut self, name: &'static str, at: Option<i64>) -> Result<(), M::Error> {
        let written = at.map(|at| Timestamp::from_unix_millis(cut(self.policy, at)));
        let written = written.as_ref().map(Timestamp::as_str);
        match self.policy.time_form {
            TimeForm::Zulu => self.put(name, written),
            // The fraction goes with the sign of the zone.
            TimeForm::Offset => {
                let seconds = written.map(|text| text.split_once('.').map_or(text, |(seconds, _)| seconds));
                self.put(name, seconds.map(|seconds| format!("{seconds}+00:00")))
            }
        }
    }
}

/// A time as exactly as the policy has times written.
pub(crate) fn cut(policy: &Policy, at: i64) -> i64 {
    match policy.time_resolution {
        TimeResolution::Millis => at,
        TimeResolution::Seconds => at - at.rem_euclid(1000),
    }
}

/// `*****2345`
fn masked(number: &str) -> String {
    let shown = number.len().saturating_sub(4);
    let last = number.get(shown..).filter(|_| shown > 0).unwrap_or_default();
    format!("{}{last}", "*".repeat(number.len() - last.len()))
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Fields { manner: Manner { policy, contradiction, verified }, guid, record, seen } = self;
        let numbers = policy.numbers;
        let account_as_number = numbers == Numbers::Integers || (numbers == Numbers::Examples && *verified);
        // What a list shows of the status is older than the account details may be.
        let with_account = record.kind().is_some() && seen.status != KnownStatus::Preinitiated;
        let kind = record.kind().filter(|_| with_account);
        let number = with_account.then(|| record.account_number());
        let (status, name) = (seen.status.number(), seen.status.name());
        let other = if seen.status == KnownStatus::Verified { KnownStatus::Denied } else { KnownStatus::Verified };
        let mut out = Writer { policy, map: serializer.serialize_map(None)? };
        out.put("account_name", record.account_name().filter(|_| with_account))?;
        match number.filter(|_| policy.masked_account_number) {
            Some(number) => out.put("account_number", masked(number))?,
            None => out.put_digits("account_number", number, account_as_number)?,
        }
        out.put("account_type", kind.map(|kind| kind.number()))?;
        out.put("account_type_name", kind.map(|kind| kind.name()))?;
        out.put_time("created_at", Some(record.created))?;
        out.put("email", record.email())?;
        out.put("error_code", seen.trouble.map(|trouble| trouble.code()))?;
        out.put("error_message", seen.trouble.map(|trouble| trouble.message()))?;
        out.put("first_name", record.first_name())?;
        out.put("guid", guid)?;
        out.put("institution_name", policy.institution_name.as_deref().filter(|_| with_account))?;
        out.put("last_name", record.last_name())?;
        let routing = with_account.then(|| format!("{:09}", record.routing()));
        out.put_digits("routing_number", routing.as_deref(), numbers != Numbers::Text)?;
        match contradiction {
            Some(Contradiction::Boolean) => out.put("status", true)?,
            _ => out.put("status", status)?,
        }
        if *contradiction == Some(Contradiction::Duplicate) {
            out.put("status", other.number())?;
        }
        out.put("status_name", if *contradiction == Some(Contradiction::Name) { other.name() } else { name })?;
        out.put_time("updated_at", seen.updated)?;
        out.put_time("verified_at", seen.verified)?;
        if policy.invented_fields {
            out.put("member_guid", ())?;
            out.put("attempts_allowed", 3)?;
            out.put("previous", serde_json::json!({"status": other.number(), "status_name": other.name()}))?;
        }
        out.map.end()
    }
}
