//! `nexus why`: why a microdeposit is where it is and what comes next, from a sandbox's state, events, requests and policy.

use nexus_types::{KnownStatus, Status, Timestamp, WebhookEvent};
use serde_json::{Value, json};

use super::admin::{Admin, segment};
use super::happenings::{coloured, request};
use super::told::{all, text};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::lab_args::Why;
use crate::output::Output;
use crate::render::style;

/// So many of the last requests are shown.
const REQUESTS: usize = 3;
const DAY: i64 = 86_400_000;

/// What the sandbox knows of one microdeposit.
struct Known {
    now: String,
    profile: String,
    policy: Value,
    standing: Value,
    /// Time and status of each event.
    history: Vec<(String, String)>,
    /// Those that named it.
    requests: Vec<Value>,
    faults: usize,
}

pub(crate) fn why(global: &Global, options: &Why, output: Output) -> Result<Exit, Failure> {
    let admin = Admin::find(global, &options.place)?;
    let known = look(&admin, &options.guid)?;
    let (reason, next) = (known.reason(), known.next());
    let (strong, faint) = (style::STRONG, style::FAINT);
    let name = |field: &str| known.standing[field].as_str().map_or_else(|| "deleted".to_owned(), coloured);
    let mut out = format!("{}  {}\n", text(&known.standing, "guid"), name("status"));
    if known.standing["shown"] != known.standing["status"] {
        out.push_str(&format!("  lists still show {}\n", name("shown")));
    }
    for line in &reason {
        out.push_str(&format!("  {line}\n"));
    }
    for line in &next {
        out.push_str(&format!("  {strong}next{strong:#}  {line}\n"));
    }
    for (at, status) in &known.history {
        out.push_str(&format!("  {faint}{at}{faint:#}  {status}\n"));
    }
    let last = known.requests.len().saturating_sub(REQUESTS);
    let requests = known.requests.get(last..).unwrap_or_default();
    if !requests.is_empty() {
        out.push_str("  last requests for it:\n");
        requests.iter().for_each(|entry| out.push_str(&request(entry)));
    }
    let history: Vec<Value> = known.history.iter().map(|(at, status)| json!({"at": at, "status": status})).collect();
    let document = json!({
        "guid": known.standing["guid"], "status": known.standing["status"], "shown": known.standing["shown"],
        "attempts": known.standing["attempts"], "now": known.now, "why": reason, "next": next, "history": history,
        "requests": requests,
    });
    output.result(out, &document)?;
    Ok(Exit::Done)
}

fn look(admin: &Admin, guid: &str) -> Result<Known, Failure> {
    let standing = admin.get(&format!("state/{}", segment(guid)))?;
    let state = admin.get("state")?;
    let mut history = Vec::new();
    for entry in &all(admin, "events", 0)?.0 {
        let event = WebhookEvent::parse(entry["body"].to_string().as_bytes())?;
        if event.record.guid.as_str() == guid {
            history.push((text(entry, "at"), crate::render::clean(&event.record.status.to_string())));
        }
    }
    let requests = all(admin, "requests", 0)?.0.into_iter().filter(|entry| entry["guid"] == guid).collect();
    let faults = admin.get("faults")?["faults"].as_array().map_or(0, Vec::len);
    Ok(Known {
        now: text(&state, "now"),
        profile: text(&state, "profile"),
        policy: state["policy"].clone(),
        standing,
        history,
        requests,
        faults,
    })
}

impl Known {
    fn status(&self) -> Option<KnownStatus> {
        self.standing["status"].as_str()?.parse::<Status>().ok()?.known()
    }

    /// The time of the last event.
    fn since(&self) -> Option<&str> {
        self.history.last().map(|(at, _)| at.as_str())
    }

    fn reason(&self) -> Vec<String> {
        let Some(status) = self.status() else { return vec![self.gone()] };
        let mut lines = vec![status.definition().to_owned()];
        if let Some(since) = self.since() {
            lines.push(format!("It has been so since {since}; it is {} now.", self.now));
        }
        let used = self.standing["attempts"].as_u64().unwrap_or_default();
        match status {
            KnownStatus::Deposited => {
                lines.push(format!("Nobody has submitted right amounts: {used} of 3 submissions are used."))
            }
            KnownStatus::Denied => {
                lines.push(format!(
                    "The amounts were wrong: {used} of 3 submissions are used, {} left.",
                    3u64.saturating_sub(used)
                ));
            }
            KnownStatus::Prevented => lines.push("All submissions were wrong, so it is locked for good.".to_owned()),
            KnownStatus::Preinitiated => {
                lines.push("The person has not given the account details in the widget yet.".to_owned());
            }
            KnownStatus::Conflicted => {
                lines.push(
                    "Another microdeposit of this user for the same account was still open when it was made."
                        .to_owned(),
                );
            }
            KnownStatus::Rejected => {
                lines.push("It was refused when it was made: by the limit of accounts for an e-mail address, or a blocked routing number.".to_owned());
            }
            _ => {}
        }
        if self.standing["shown"] != self.standing["status"] {
            lines.push(
                "A list does not show this yet: it catches up from time to time, or when the microdeposit is read."
                    .to_owned(),
            );
        }
        let refused =
            self.requests.iter().rev().find(|entry| entry["status"].as_u64().is_some_and(|status| status >= 400));
        if let Some(refused) = refused {
            let rule = refused["why"]["rule"].as_str().map(|rule| format!(": {rule}")).unwrap_or_default();
            lines.push(format!(
                "A request for it was refused at {} with {}{rule}",
                text(refused, "at"),
                text(refused, "status")
            ));
        }
        if self.requests.iter().any(|entry| !entry["fault"].is_null()) {
            lines.push("An injected fault has met a request for it.".to_owned());
        }
        if self.faults > 0 {
            lines.push(format!(
                "{} injected fault(s) are in and may meet further requests (nexus lab fault list).",
                self.faults
            ));
        }
        lines
    }

    /// Why there is none any more.
    fn gone(&self) -> String {
        let days = self.policy["retention_days"].as_i64();
        let begun = self.history.first().and_then(|(at, _)| Timestamp::new(at.as_str()).unix_millis());
        let now = Timestamp::new(self.now.as_str()).unix_millis();
        let old = begun.zip(now).zip(days).is_some_and(|((begun, now), days)| now - begun >= days * DAY);
        match (self.history.last().map(|(_, status)| status.as_str()), days) {
            (Some("PREINITIATED"), _) if !old => {
                "It is deleted: the person chose an institution that verifies at once in the widget.".to_owned()
            }
            (last, Some(days)) if old => format!(
                "It is deleted: nobody completed it within {days} days. It was {} at the last.",
                last.unwrap_or("not yet seen")
            ),
            (last, _) => format!("It is deleted. It was {} at the last.", last.unwrap_or("not yet seen")),
        }
    }

    fn next(&self) -> Vec<String> {
        let Some(status) = self.status() else {
            return vec!["Nothing: reads answer that it is unknown. Start a new one.".to_owned()];
        };
        let mut lines = vec![status.next_step().to_owned()];
        let swift = self.profile == "integration";
        match status {
            KnownStatus::Initiated | KnownStatus::Requested => {
                let when = match swift {
                    true => "two minutes after the create for an account that begins with 3333, else 12 to 36 hours",
                    false => "12 to 36 hours after the create",
                };
                lines.push(format!("The deposits land {when}: nexus lab advance 2m (or 36h)."));
            }
            KnownStatus::Deposited | KnownStatus::Denied => {
                lines.push("The amounts are on the imaginary bank statement: nexus lab statement GUID.".to_owned());
            }
            _ => {}
        }
        if let (Some(at), what) = (self.standing["next"]["at"].as_str(), self.standing["next"]["what"].as_str()) {
            let what = match what.unwrap_or("something") {
                "shown" => "lists show the present status".to_owned(),
                "judged" => "the submission is judged".to_owned(),
                event => format!("the event {}", event.replace('_', " ")),
            };
            lines.push(format!("By itself, at {}: {}.", crate::render::clean(at), crate::render::clean(&what)));
        }
        let days = self.policy["retention_days"].as_i64();
        let open = matches!(status, KnownStatus::Initiated | KnownStatus::Requested | KnownStatus::Deposited);
        let begun = self.history.iter().find(|(_, status)| status != "PREINITIATED");
        let begun = begun.and_then(|(at, _)| Timestamp::new(at.as_str()).unix_millis());
        if let (true, Some(days), Some(begun)) = (open, days, begun) {
            let end = Timestamp::from_unix_millis(begun.saturating_add(days.saturating_mul(DAY)));
            lines.push(format!(
                "Otherwise it is deleted at {}, after {days} days (policy retention_days).",
                end.as_str()
            ));
        }
        lines
    }
}
