//! The lines of a [`FileJournal`](crate::FileJournal)'s file: their JSON, and the seal at the end of each.
//!
//! A line is one JSON object. Its last member, `mac`, is a keyed hash over the rest of the line and over the `mac` of the line
//! before. So the next reader notices a line that was changed, moved or removed.
//!
//! ```text
//! {"journal":"nexus","n":0,"v":2,"mac":"…"}
//! {"at":…,"entry":{"known":["MIC-…"],"newest":…,"until":…},"env":"…","event":"claim","id":"…","n":1,"subject":"…","user":"…","mac":"…"}
//! {"at":…,"env":"…","event":"made","guid":"MIC-…","id":"…","n":2,"subject":"…","user":"…","mac":"…"}
//! ```

use nexus_types::decide::creation::Known;
use nexus_types::decide::submission::Before;
use nexus_types::flow::{Ended, Entry, Find, Past, Verdict};
use nexus_types::{Assumption, KnownStatus, MicrodepositGuid};
use serde_json::{Value, json};

use crate::journal::{Scope, digest};

/// The form of the file.
const VERSION: u64 = 2;
/// Separates the sealed text from its seal. JSON escapes every quote inside a string, so this occurs nowhere else.
const SEAL_MARK: &str = r#","mac":""#;
const MAC: usize = 64;

/// What a key is bound to. Every part but an absent user is a keyed hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) id: Box<str>,
    pub(crate) subject: Box<str>,
    pub(crate) environment: Box<str>,
    pub(crate) user: Option<Box<str>>,
}

/// The event that a line records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LineEvent {
    /// A request is about to be sent. `account` holds the last four digits, for people who read the file.
    Claim { entry: Entry, guid: Option<MicrodepositGuid>, account: Option<String> },
    /// An attempt has ended.
    Ended { attempt: u64, ended: Ended },
}

/// The position at the end of a file: the seal of its last line, and the number of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    last: String,
    lines: u64,
}

impl Binding {
    pub(crate) fn of(key: &[u8], find: &Find, scope: &Scope) -> Binding {
        // Half of each hash: 128 bits are enough to tell one from another, and the file grows less.
        let hash = |parts: &[&str]| -> Box<str> { digest(key, parts).get(..32).unwrap_or_default().into() };
        let parts = find.subject.parts();
        let parts: Vec<&str> = std::iter::once("subject").chain(parts.iter().map(|part| part.as_str())).collect();
        let user = scope.user.as_ref().map(|[client, user]| hash(&["user", client, user]));
        let environment = hash(&["environment", &scope.environment]);
        Binding { id: hash(&["id", &find.key]), subject: hash(&parts), environment, user }
    }
}

impl Chain {
    /// The number of the next line.
    pub(crate) fn next(&self) -> u64 {
        self.lines
    }

    /// The next line with its seal and newline.
    pub(crate) fn seal(&self, key: &[u8], mut object: Value) -> String {
        if let Some(members) = object.as_object_mut() {
            members.insert("n".to_owned(), self.lines.into());
        }
        let mut line = object.to_string();
        line.pop();
        let mac = self.mac(key, &line);
        line.push_str(SEAL_MARK);
        line.push_str(&mac);
        line.push_str("\"}\n");
        line
    }

    /// The first line of every file.
    pub(crate) fn header(key: &[u8]) -> String {
        Chain::default().seal(key, json!({"journal": "nexus", "v": VERSION}))
    }

    /// Checks the seal of the next line, given without its newline, and advances past it. None for a damaged line.
    pub(crate) fn follow(&mut self, key: &[u8], line: &[u8]) -> Option<Value> {
        let text = std::str::from_utf8(line).ok()?;
        let (sealed, seal) = text.rsplit_once(SEAL_MARK)?;
        let mac = self.mac(key, sealed);
        if seal.strip_suffix("\"}") != Some(&mac) {
            return None;
        }
        let value = serde_json::from_str(text).ok()?;
        (self.last, self.lines) = (mac, self.lines + 1);
        Some(value)
    }

    fn mac(&self, key: &[u8], sealed: &str) -> String {
        digest(key, &["line", &self.last, sealed])
    }
}

/// The state of a last line that has no newline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tail {
    /// The line was cut while it was written: what it announces was never done.
    Torn,
    /// Only the newline is missing: the line counts if its seal is right.
    Whole,
    /// A cut write cannot leave this text.
    Damaged,
}

impl Tail {
    pub(crate) fn of(tail: &[u8]) -> Tail {
        let text = String::from_utf8_lossy(tail);
        match text.split_once(SEAL_MARK) {
            Some((_, seal)) if seal.len() == MAC + 2 => Tail::Whole,
            Some((_, seal)) if seal.len() > MAC + 2 => Tail::Damaged,
            _ if text.starts_with("{\"") || text == "{" => {
                if tail.iter().any(u8::is_ascii_control) {
                    Tail::Damaged
                } else {
                    Tail::Torn
                }
            }
            _ => Tail::Damaged,
        }
    }
}

/// The error text for a file whose first line is not this journal's.
pub(crate) fn header_error(line: &[u8]) -> &'static str {
    let value: Value = serde_json::from_slice(line).unwrap_or_default();
    match value.get("v").and_then(Value::as_u64) {
        None => "this file is no journal",
        Some(version) if version < VERSION => {
            "the journal was written by an older version, in a form that is not read any more"
        }
        Some(version) if version > VERSION => "the journal was written by a newer version",
        Some(_) => "the journal was written with another key, or its first line is damaged",
    }
}

/// The JSON of a line.
pub(crate) fn line(binding: &Binding, at: i64, event: &LineEvent) -> Value {
    let mut object = json!({"at": at, "env": binding.environment, "id": binding.id, "subject": binding.subject, "user": binding.user});
    let more = match event {
        LineEvent::Claim { entry: Entry { until, past }, guid, account } => {
            let entry = match past {
                Past::List(known) => {
                    let guids: Vec<&str> = known.guids.iter().map(MicrodepositGuid::as_str).collect();
                    json!({"until": until, "known": guids, "newest": known.newest})
                }
                Past::Record(Before { status, updated_at, steady, earlier_open }) => json!({
                    "until": until, "status": status.map(KnownStatus::name), "updated_at": updated_at, "steady": steady,
                    "earlier_open": earlier_open,
                }),
            };
            json!({"event": "claim", "entry": entry, "guid": guid.as_ref().map(MicrodepositGuid::as_str), "account": account})
        }
        LineEvent::Ended { attempt, ended } => {
            let mut line = match ended {
                Ended::Made(guid) => json!({"event": "made", "guid": guid.as_str()}),
                Ended::NotMade => json!({"event": "not_made"}),
                Ended::Accepted(since) => json!({"event": "accepted", "since": since}),
                Ended::Contested => json!({"event": "contested"}),
                Ended::Judged(verdict, assumed) => {
                    json!({"event": "judged", "verdict": verdict.name(), "assumed": assumed.map(Assumption::name)})
                }
            };
            if let Some(object) = line.as_object_mut() {
                object.insert("attempt".to_owned(), (*attempt).into());
            }
            line
        }
    };
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}

/// Parses the JSON that [`line`] makes. A line with a right seal that cannot be parsed is a newer version's.
pub(crate) fn parse_line(line: &Value) -> Option<(Binding, LineEvent)> {
    let text = |name: &str| line.get(name).and_then(Value::as_str);
    let hash = |name: &str| text(name).map(Box::<str>::from);
    let user = optional(line.get("user")?, |value| value.as_str().map(Box::from))?;
    let binding = Binding { id: hash("id")?, subject: hash("subject")?, environment: hash("env")?, user };
    let attempt = || line.get("attempt")?.as_u64();
    let ended = match text("event")? {
        "claim" => {
            let guid = optional(line.get("guid")?, guid)?;
            let account = optional(line.get("account")?, |value| value.as_str().map(str::to_owned))?;
            return Some((binding, LineEvent::Claim { entry: entry(line.get("entry")?)?, guid, account }));
        }
        "made" => Ended::Made(guid(line.get("guid")?)?),
        "not_made" => Ended::NotMade,
        "accepted" => Ended::Accepted(line.get("since")?.as_i64()?),
        "contested" => Ended::Contested,
        "judged" => {
            let named = |name: &str| Assumption::ALL.iter().copied().find(|one| one.name() == name);
            let assumed = optional(line.get("assumed")?, |value| named(value.as_str()?))?;
            Ended::Judged(Verdict::from_name(text("verdict")?)?, assumed)
        }
        _ => return None,
    };
    Some((binding, LineEvent::Ended { attempt: attempt()?, ended }))
}

fn entry(value: &Value) -> Option<Entry> {
    let until = value.get("until")?.as_i64()?;
    let flag = |name: &str| value.get(name)?.as_bool();
    let past = match value.get("known") {
        Some(known) => {
            let guids = known.as_array()?.iter().map(guid).collect::<Option<Vec<_>>>()?;
            Past::List(Known { guids, newest: optional(value.get("newest")?, Value::as_i64)?, taken: Vec::new() })
        }
        None => Past::Record(Before {
            status: optional(value.get("status")?, |status| KnownStatus::from_name(status.as_str()?))?,
            updated_at: optional(value.get("updated_at")?, Value::as_i64)?,
            steady: flag("steady")?,
            earlier_open: flag("earlier_open")?,
        }),
    };
    Some(Entry { until, past })
}

fn guid(value: &Value) -> Option<MicrodepositGuid> {
    MicrodepositGuid::new(value.as_str()?).ok()
}

/// Reads null as none. The outer None means that the value cannot be read.
fn optional<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Option<T>> {
    if value.is_null() { Some(None) } else { read(value).map(Some) }
}
