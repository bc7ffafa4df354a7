//! The report, for people and as JSON. What comes here is redacted already.

use serde_json::{Value, json};

use super::explain::{Difference, Explained};
use super::script::Transcript;
use super::switches::{Switch, UNSEEN};
use crate::render::style;

/// So many differences of one switch are shown to a person.
const SHOWN: usize = 4;

pub(super) struct Report<'a> {
    pub(super) explained: &'a Explained,
    pub(super) there: &'a Transcript,
    pub(super) sent: u32,
}

impl Report<'_> {
    pub(super) fn is_equal(&self) -> bool {
        self.explained.by.is_empty() && self.explained.unexplained.is_empty()
    }

    pub(super) fn text(&self) -> String {
        let (strong, good, bad) = (style::STRONG, style::GOOD, style::BAD);
        let Explained { by, unexplained, compared } = self.explained;
        let mut out = String::new();
        for (switch, differences) in by {
            out.push_str(&format!("{strong}set {}{strong:#}\n", words(switch)));
            lines(differences, &mut out);
        }
        if !unexplained.is_empty() {
            out.push_str(&format!("{bad}no switch{bad:#}\n"));
            lines(unexplained, &mut out);
        }
        match by.iter().map(|(_, explained)| explained.len()).sum::<usize>() + unexplained.len() {
            0 => out.push_str(&format!("{good}equal{good:#} in {compared} places\n")),
            count => out.push_str(&format!("{count} of {compared} places differ\n")),
        }
        out.push_str(&format!("{} requests were sent there, {} microdeposits made.\n", self.sent, self.there.made));
        for missed in self.missed() {
            out.push_str(&format!("Not seen: {missed}\n"));
        }
        out
    }

    pub(super) fn document(&self) -> Value {
        let Explained { by, unexplained, compared } = self.explained;
        let switches = by.iter().map(|(switch, differences)| {
            json!({"policy": shown(switch), "differences": differences.iter().map(document).collect::<Vec<_>>()})
        });
        json!({
            "equal": self.is_equal(),
            "switches": switches.collect::<Vec<_>>(),
            "unexplained": unexplained.iter().map(document).collect::<Vec<_>>(),
            "compared": compared,
            "requests_sent": self.sent,
            "microdeposits_made": self.there.made,
            "not_seen": self.missed(),
            "fields_not_seen": UNSEEN.iter().map(|(name, why)| json!({"field": name, "why": why})).collect::<Vec<_>>(),
        })
    }

    /// What this run could not see, though another may.
    fn missed(&self) -> Vec<&'static str> {
        let conditions = self.there.conditions;
        let mut missed = Vec::new();
        if !conditions.keyed {
            missed.push("the SSO API: a session token was given, and no key");
        }
        if conditions.fresh == Some(false) {
            missed.push("empty lists: the user has microdeposits already; take another user");
        }
        if !conditions.accounts {
            missed.push("microdeposits with account details: in production none is made");
        } else if !conditions.clock {
            missed.push("times, and how lists catch up: the clock there runs by itself");
            if conditions.deposited != Some(true) {
                missed.push("submissions of amounts: the deposits have not landed; give --wait 5m");
            }
        }
        missed
    }
}

fn lines(differences: &[Difference], out: &mut String) {
    let faint = style::FAINT;
    for one in differences.iter().take(SHOWN) {
        let side = |told: &Option<String>| told.clone().unwrap_or_else(|| "nothing".to_owned());
        out.push_str(&format!(
            "  {}: {}\n    {faint}sandbox{faint:#} {}\n    {faint}there  {faint:#} {}\n",
            one.step,
            one.place,
            side(&one.here),
            side(&one.there)
        ));
    }
    if let Some(more) = differences.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        out.push_str(&format!("  and {more} more\n"));
    }
}

fn document(one: &Difference) -> Value {
    json!({"step": one.step, "place": one.place, "sandbox": one.here, "there": one.there})
}

fn shown(switch: &Switch) -> Value {
    let shown = |value: &Value| if switch.masked { json!("(what is told there)") } else { value.clone() };
    switch.fields.iter().map(|(name, value)| (name.clone(), shown(value))).collect::<serde_json::Map<_, _>>().into()
}

fn words(switch: &Switch) -> String {
    let shown = shown(switch);
    let fields = shown.as_object().into_iter().flatten();
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    fields.map(|(name, value)| format!("{name}: {}", word(value))).collect::<Vec<_>>().join(", ")
}
