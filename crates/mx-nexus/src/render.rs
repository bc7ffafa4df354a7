//! Records as text for people.

use comfy_table::{ContentArrangement, Table, presets};
use nexus_types::{Assumption, Created, KnownStatus, Microdeposit, Outcome, Reveal, Status, Verdict};

/// Colours, taken out again where no terminal shows them.
pub(crate) mod style {
    use anstyle::{AnsiColor, Color, Style};

    const fn colour(colour: AnsiColor) -> Style {
        Style::new().bold().fg_color(Some(Color::Ansi(colour)))
    }

    pub(crate) const GOOD: Style = colour(AnsiColor::Green);
    pub(crate) const BAD: Style = colour(AnsiColor::Red);
    pub(crate) const BUSY: Style = colour(AnsiColor::Yellow);
    pub(crate) const STRONG: Style = Style::new().bold();
    pub(crate) const FAINT: Style = Style::new().dimmed();
}

/// A server's text without what could move a terminal's cursor or ring its bell.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

pub(crate) fn status(status: &Status) -> String {
    let style = match status.known() {
        Some(KnownStatus::Verified) => style::GOOD,
        Some(known) if known.is_terminal() || known == KnownStatus::Denied => style::BAD,
        _ => style::BUSY,
    };
    format!("{style}{}{style:#}", clean(&status.to_string()))
}

pub(crate) fn verdict(verdict: Verdict) -> String {
    let style = match verdict {
        Verdict::Verified => style::GOOD,
        Verdict::Denied | Verdict::Locked => style::BAD,
        Verdict::Pending => style::BUSY,
    };
    format!("{style}{}{style:#}", verdict.name().to_uppercase())
}

/// One record on several lines, with what can be done next.
pub(crate) fn record(record: &Microdeposit, reveal: Reveal) -> String {
    lines(record, reveal, None, record.status.next_step())
}

/// A record that was made, and what presumes that it is this one.
pub(crate) fn created(created: &Created, reveal: Reveal) -> String {
    lines(&created.record, reveal, created.assumed, created.record.status.next_step())
}

/// The verdict first. What can be done next is its advice: the status alone does not know that amounts are on their way.
pub(crate) fn outcome(outcome: &Outcome, reveal: Reveal) -> String {
    let record = lines(&outcome.record, reveal, outcome.assumed, outcome.verdict.advice());
    format!("{}\n{record}", verdict(outcome.verdict))
}

fn lines(record: &Microdeposit, reveal: Reveal, assumed: Option<Assumption>, next: &str) -> String {
    let shown = record.to_json(reveal);
    let text = |name: &str| match shown.get(name) {
        Some(serde_json::Value::String(text)) => Some(clean(text)),
        Some(serde_json::Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let mut out = format!("{}  {}\n", clean(record.guid.as_str()), status(&record.status));
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            out.push_str(&format!("  {}{name:<12}{:#}{value}\n", style::FAINT, style::FAINT));
        }
    };
    let person: Vec<String> = ["first_name", "last_name", "email"].iter().filter_map(|name| text(name)).collect();
    line("person", Some(person.join(" ")));
    let account: Vec<String> = ["account_type_name", "account_number"].iter().filter_map(|name| text(name)).collect();
    line("account", Some(account.join(" ")));
    line("name", text("account_name"));
    line("routing", text("routing_number"));
    line("institution", text("institution_name"));
    line("created", text("created_at"));
    line("updated", text("updated_at"));
    line("verified", text("verified_at"));
    line(
        "error",
        text("error_code")
            .map(|code| [Some(code), text("error_message")].into_iter().flatten().collect::<Vec<_>>().join(": ")),
    );
    line("assumed", assumed.map(|assumption| format!("{assumption}: {}", assumption.text())));
    line("next", Some(next.to_owned()));
    out
}

/// Many records, a line each.
pub(crate) fn table(records: &[Microdeposit], reveal: Reveal) -> String {
    if records.is_empty() {
        return "No microdeposits.\n".to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["GUID", "STATUS", "ACCOUNT", "INSTITUTION", "CREATED", "UPDATED"]);
    for record in records {
        let shown = record.to_json(reveal);
        let text = |name: &str| shown.get(name).and_then(serde_json::Value::as_str).map(clean).unwrap_or_default();
        let account = format!("{} {}", text("account_type_name"), text("account_number"));
        let status = clean(&record.status.to_string());
        let guid = clean(record.guid.as_str());
        table.add_row([guid, status, account, text("institution_name"), text("created_at"), text("updated_at")]);
    }
    let lines = table.lines().map(|line| format!("{}\n", line.trim()));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use nexus_types::{Endpoint, List, Response};

    use super::*;

    fn records() -> Vec<Microdeposit> {
        let body = r#"{"micro_deposits":[{"micro_deposit":{"guid":"MIC-1","account_number":"333312345","account_type":1,
            "routing_number":"091000019","first_name":"Josh","email":"example@example.com","institution_name":"MX\u001b[2J Bank",
            "status":2,"status_name":"DEPOSITED","created_at":"2026-01-05T09:00:00.000Z"}}]}"#;
        List::new().parse(&Response::new(200, body)).unwrap()
    }

    #[test]
    fn masked_unless_revealed_and_never_able_to_steer_a_terminal() {
        for text in [table(&records(), Reveal::Masked), record(&records()[0], Reveal::Masked)] {
            let plain = anstream::adapter::strip_str(&text).to_string();
            assert!(plain.contains("MIC-1") && plain.contains("DEPOSITED") && plain.contains("*****2345"), "{plain}");
            assert!(!plain.contains("3333") && !plain.contains("Josh") && !plain.contains("example@"), "{plain}");
            assert!(plain.contains("MX\u{fffd}[2J Bank"), "{plain}");
        }
        assert!(record(&records()[0], Reveal::Full).contains("333312345"));
    }
}
