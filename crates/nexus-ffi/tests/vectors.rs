//! The shared test cases (`tests/vectors/*.json`), carried out by a program in C.
//!
//! Not here: `conversations` (stories for a sandbox, told to it elsewhere), the JSON forms of amounts and the numeric form of
//! routing numbers (the interface takes text and cents), and the writing of timestamps (the sandbox's business).
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, unreachable_pub)]

mod support;

use std::collections::VecDeque;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Map, Value};
use support::{Bench, C_FLAGS, Linkage, compiler, root};

type Case = Map<String, Value>;

fn cases(group: &str) -> Vec<Case> {
    let text = std::fs::read_to_string(root().join(format!("tests/vectors/{group}.json"))).expect("a file of cases");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    document["vectors"].as_array().expect("cases").iter().map(|case| case.as_object().expect("one").clone()).collect()
}

fn text(case: &Case, key: &str) -> String {
    case[key].as_str().unwrap_or_else(|| panic!("{}: {key}", case["id"])).to_owned()
}

/// What is written for the program, and the check of what it will say.
#[derive(Default)]
struct Script {
    input: Vec<u8>,
    checks: Vec<Check>,
}

type Check = (String, Box<dyn Fn(&mut Said)>);

impl Script {
    fn field(&mut self, value: Option<&str>) {
        match value {
            None => self.input.extend_from_slice(b"-1\n"),
            Some(value) => {
                self.input.extend_from_slice(format!("{}\n{value}\n", value.len()).as_bytes());
            }
        }
    }

    fn step(&mut self, case: &Case, fields: &[Option<String>], check: impl Fn(&mut Said) + 'static) {
        fields.iter().for_each(|field| self.field(field.as_deref()));
        self.checks.push((case["id"].as_str().expect("an id").to_owned(), Box::new(check)));
    }
}

/// What the program said, field by field.
struct Said {
    id: String,
    fields: VecDeque<Option<String>>,
}

impl Said {
    fn maybe(&mut self) -> Option<String> {
        self.fields.pop_front().unwrap_or_else(|| panic!("{}: nothing was said", self.id))
    }

    fn text(&mut self) -> String {
        self.maybe().unwrap_or_else(|| panic!("{}: absent", self.id))
    }

    fn number(&mut self) -> i64 {
        self.text().parse().expect("a number")
    }

    /// Success, or the six things that an error says.
    fn outcome(&mut self) -> Result<(), Failed> {
        if self.number() == 0 {
            return Ok(());
        }
        let (name, field, message) = (self.text(), self.maybe(), self.text());
        Err(Failed { name, field, message, unknown: self.number() == 1, code: self.number(), http: self.number() })
    }

    /// One record: what C saw of it.
    fn record(&mut self, status: &str, fields: &Map<String, Value>) {
        let id = self.id.clone();
        assert_eq!(self.text(), status, "{id}");
        let (_account, _routing, _created) = (self.maybe(), self.maybe(), self.number());
        let mut fields_known = nexus_types::Field::ALL.to_vec();
        fields_known.sort_by_key(|field| field.number());
        let names: Vec<&str> = fields_known.into_iter().map(nexus_types::Field::name).collect();
        let exposed: Vec<Option<String>> = names.iter().map(|_| self.maybe()).collect();
        for (name, value) in fields {
            let at = names.iter().position(|known| known == name).unwrap_or_else(|| panic!("{id}: {name}"));
            let expected = match value {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            };
            assert_eq!(exposed[at], expected, "{id}: {name}");
        }
        let masked = self.text();
        for name in ["account_number", "routing_number", "email", "first_name", "last_name", "account_name"] {
            let at = names.iter().position(|known| *known == name).expect("a field");
            let full = exposed[at].clone().unwrap_or_default();
            assert!(full.chars().count() < 5 || !masked.contains(&full), "{id}: {name} is shown");
        }
    }
}

struct Failed {
    name: String,
    field: Option<String>,
    message: String,
    unknown: bool,
    code: i64,
    http: i64,
}

/// A value that is accepted, or refused on its field without an echo.
fn judged(said: &mut Said, ok: bool, field: &str, given: &str) -> bool {
    match said.outcome() {
        Ok(()) => assert!(ok, "{}: accepted", said.id),
        Err(failed) => {
            assert!(!ok, "{}: {}", said.id, failed.message);
            assert_eq!((failed.name.as_str(), failed.field.as_deref()), ("invalid_input", Some(field)), "{}", said.id);
            let echo = given.trim().chars().count() > 4 && failed.message.contains(given.trim());
            assert!(!echo, "{}: the value is repeated", said.id);
        }
    }
    ok
}

/// C ends a text at its first NUL, so a case with one inside cannot be put to it.
fn fit_for_c(text: &str) -> bool {
    !text.contains('\0')
}

fn values(script: &mut Script) {
    for case in cases("routing_numbers") {
        let refused: Vec<String> = match case.get("refused").and_then(Value::as_array) {
            Some(refused) => refused.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
            None => Vec::new(),
        };
        if !case.contains_key("text") || case["kind"] == "number" || !fit_for_c(&text(&case, "text")) {
            continue;
        }
        let given = text(&case, "text");
        let ok = case["ok"] == true;
        let mut fields = vec![Some("routing".to_owned()), Some(given.clone()), Some(refused.len().to_string())];
        fields.extend(refused.into_iter().map(Some));
        script.step(&case, &fields, move |said| {
            judged(said, ok, "routing_number", &given);
        });
    }
    for case in cases("account_numbers").into_iter().filter(|case| case["kind"] == "caller") {
        let (given, ok) = (text(&case, "text"), case["ok"] == true);
        let masked = case.get("masked").and_then(Value::as_str).map(str::to_owned);
        if fit_for_c(&given) {
            script.step(&case, &[Some("account".into()), Some(given.clone())], move |said| {
                if judged(said, ok, "account_number", &given) {
                    assert_eq!(said.maybe(), masked, "{}", said.id);
                }
            });
        }
    }
    for case in cases("guids") {
        let (given, ok) = (text(&case, "text"), case["ok"] == true);
        if fit_for_c(&given) {
            script.step(&case, &[Some("guid".into()), Some(given.clone())], move |said| {
                judged(said, ok, "micro_deposit_guid", &given);
            });
        }
    }
    for case in cases("names") {
        let (field, given, ok) = (text(&case, "field"), text(&case, "text"), case["ok"] == true);
        if fit_for_c(&given) {
            script.step(&case, &[Some("name".into()), Some(field.clone()), Some(given.clone())], move |said| {
                judged(said, ok, &field, &given);
            });
        }
    }
}

fn amounts(script: &mut Script) {
    for case in cases("amounts") {
        let kind = text(&case, "kind");
        if kind == "refused_cents" {
            script.step(&case, &[Some("cents".into()), Some(case["cents"].to_string())], |said| {
                assert_eq!(said.number(), 101, "{}", said.id);
            });
        }
        if !["exact", "same", "refused"].contains(&kind.as_str()) || !fit_for_c(&text(&case, "text")) {
            continue;
        }
        let (given, cents) = (text(&case, "text"), case.get("cents").and_then(Value::as_i64));
        script.step(&case, &[Some("amount".into()), Some(given.clone())], move |said| {
            if judged(said, cents.is_some(), "deposit_amount", &given) {
                assert_eq!(Some(said.number()), cents, "{}", said.id);
                let written = said.text();
                assert!(kind != "exact" || written == given, "{}: {written}", said.id);
            }
        });
    }
}

fn clocks(script: &mut Script) {
    for case in cases("timestamps").into_iter().filter(|case| case["kind"] == "read") {
        let (given, millis) = (text(&case, "text"), case["unix_millis"].as_i64().unwrap_or(i64::MIN));
        if fit_for_c(&given) {
            script.step(&case, &[Some("moment".into()), Some(given)], move |said| {
                assert_eq!((said.number(), said.number()), (0, millis), "{}", said.id);
            });
        }
    }
    for case in cases("retry_after") {
        let (given, now) = (text(&case, "text"), case["now"].to_string());
        let wait = case["seconds"].as_i64().map_or(i64::MIN, |seconds| seconds * 1000);
        script.step(&case, &[Some("retry_after".into()), Some(given), Some(now)], move |said| {
            assert_eq!((said.number(), said.number()), (0, wait), "{}", said.id);
        });
    }
}

fn statuses(script: &mut Script) {
    for case in cases("statuses") {
        let known = case["known"] == true;
        let number = case["number"].as_i64().unwrap_or(i64::MIN);
        let name = case["name"].as_str().unwrap_or("?").to_owned();
        let flags = (i64::from(case["terminal"] == true), i64::from(case["may_verify"] == true));
        script.step(&case, &[Some("status".into()), Some(number.to_string()), Some(name.clone())], move |said| {
            // Without a record only the number is there; an unknown one has no name.
            assert_eq!(said.text(), if known { name.as_str() } else { "UNKNOWN" }, "{}", said.id);
            assert_eq!((said.number(), said.number()), flags, "{}", said.id);
            let (code, found) = (said.number(), said.number());
            if known {
                assert_eq!((code, found), (0, number), "{}", said.id);
            }
        });
    }
}

fn place(name: &str) -> i64 {
    match name {
        "nothing" => -1,
        "deleted" => -2,
        name => nexus_types::Status::from_name(name).number().expect("a status"),
    }
}

fn event(name: &str) -> String {
    let at = nexus_types::Event::ALL.iter().position(|event| event.name() == name);
    (at.expect("an event") + 1).to_string()
}

fn transitions(script: &mut Script) {
    for case in cases("transitions") {
        match text(&case, "kind").as_str() {
            "sequence" => {
                let events = case["events"].as_array().expect("events");
                let all: Vec<String> = events.iter().map(|name| event(name.as_str().unwrap())).collect();
                let refused = case["refused"].as_str().map(str::to_owned);
                let mut fields = vec![Some("sequence".to_owned()), Some(all.len().to_string())];
                fields.extend(all.into_iter().map(Some));
                let (end, attempts) = (place(&text(&case, "end")), case["attempts"].as_i64());
                script.step(&case, &fields, move |said| {
                    assert_eq!((said.number(), Some(said.number())), (end, attempts), "{}", said.id);
                    let said_refused = said.text();
                    assert_eq!(said_refused, refused.clone().unwrap_or("unknown".to_owned()), "{}", said.id);
                });
            }
            "sighting" => {
                let (from, to) = (place(&text(&case, "from")), place(&text(&case, "to")));
                let says = ["same", "moved", "unforeseen"].iter().position(|says| case["says"] == *says);
                let says = says.unwrap_or_else(|| panic!("{}", case["says"])) as i64;
                let fields = [Some("sighting".to_owned()), Some(from.to_string()), Some(to.to_string())];
                script.step(&case, &fields, move |said| {
                    assert_eq!((said.number(), said.number()), (0, says), "{}", said.id);
                    assert_eq!(said.number() > 0, says == 1, "{}: a history", said.id);
                });
            }
            _ => {}
        }
    }
}

/// The fields of an operation, from a case's input or with values with which any can be made.
fn operation(word: &str, case: &Case, input: Option<&Case>) -> Vec<Option<String>> {
    let any = [
        ("first_name", "a"),
        ("last_name", "b"),
        ("email", "c@d.ef"),
        ("account_number", "1"),
        ("routing_number", "091000019"),
        ("guid", "MIC-1"),
        ("client_id", "client"),
        ("user_id", "user"),
    ];
    let get = |name: &str| match input {
        Some(input) => input.get(name).and_then(Value::as_str).map(str::to_owned),
        // A response is one to a request for the microdeposit that the case says was asked for.
        None if name == "guid" && case.contains_key("asked") => Some(text(case, "asked")),
        None => any.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
    };
    let kind = input.and_then(|input| input.get("account_type_name")).and_then(Value::as_str);
    let kind = if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("savings")) { "2" } else { "1" };
    let amounts = input.and_then(|input| input.get("amounts")).and_then(Value::as_array);
    let cents = |at: usize| match amounts {
        Some(amounts) => {
            let amount = nexus_types::DepositAmount::parse(amounts[at].as_str().unwrap()).expect("an amount");
            amount.cents().to_string()
        }
        None => (at + 1).to_string(),
    };
    vec![
        Some(word.to_owned()),
        Some(text(case, "operation")),
        get("first_name"),
        get("last_name"),
        get("email"),
        get("account_name"),
        get("account_number"),
        Some(kind.to_owned()),
        get("routing_number"),
        get("guid"),
        get("client_id"),
        get("user_id"),
        Some(cents(0)),
        Some(cents(1)),
    ]
}

fn requests(script: &mut Script) {
    for case in cases("requests") {
        let fields = operation("request", &case, case["input"].as_object());
        let copy = case.clone();
        script.step(&case, &fields, move |said| {
            let (case, id) = (&copy, said.id.clone());
            let expected = |name: &str| case.get(name).and_then(Value::as_str).map(str::to_owned);
            if let Err(failed) = said.outcome() {
                panic!("{id}: {}", failed.message);
            }
            assert_eq!(said.maybe(), expected("operation"), "{id}");
            assert_eq!(said.number(), 1, "{id}: repeatable");
            assert_eq!(said.number() == 1, case["host"] == "sso", "{id}");
            for name in ["method", "path", "media_type", "auth_header", "body"] {
                assert_eq!(said.maybe(), expected(name), "{id}: {name}");
            }
            assert_eq!(said.maybe().as_deref(), case["input"].get("guid").and_then(Value::as_str), "{id}");
        });
    }
}

fn responses(script: &mut Script) {
    for case in cases("responses").into_iter().chain(cases("errors")) {
        let mut fields = operation("parse", &case, None);
        fields.extend([Some(case["http"].to_string()), Some(text(&case, "body"))]);
        let copy = case.clone();
        script.step(&case, &fields, move |said| {
            let (case, id) = (&copy, said.id.clone());
            if let Some(records) = case.get("records").and_then(Value::as_array) {
                said.outcome().unwrap_or_else(|failed| panic!("{id}: {}", failed.message));
                assert_eq!(said.number(), records.len() as i64, "{id}");
                for record in records {
                    said.record(record["status"].as_str().unwrap(), record["fields"].as_object().unwrap());
                }
            } else if let Some(secret) = case.get("token").or(case.get("url")).and_then(Value::as_str) {
                said.outcome().unwrap_or_else(|failed| panic!("{id}: {}", failed.message));
                assert_eq!(said.text(), secret, "{id}");
            } else {
                let problem = case.get("error").and_then(Value::as_object).unwrap_or(case);
                let failed = said.outcome().expect_err(&id);
                assert_eq!(failed.name, problem["kind"], "{id}");
                let at = problem.get("at").or(problem.get("field")).and_then(Value::as_str);
                assert_eq!(failed.field.as_deref(), at, "{id}");
                if let Some(unknown) = problem.get("outcome_unknown").and_then(Value::as_bool) {
                    assert_eq!(failed.unknown, unknown, "{id}");
                }
                assert_eq!(failed.code, problem.get("code").and_then(Value::as_i64).unwrap_or(-1), "{id}");
                assert_eq!(Some(failed.http), case["http"].as_i64(), "{id}");
                let body = text(case, "body");
                let runs = body.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 5);
                for secret in runs.chain(["Josh", "James", "example@"]) {
                    assert!(!failed.message.contains(secret), "{id}: {}", failed.message);
                }
            }
        });
    }
}

fn webhooks(script: &mut Script) {
    for case in cases("webhooks") {
        let copy = case.clone();
        script.step(&case, &[Some("webhook".into()), Some(text(&case, "body"))], move |said| {
            let id = said.id.clone();
            let Some(event) = copy.get("event").and_then(Value::as_object) else {
                let failed = said.outcome().expect_err(&id);
                assert_eq!(failed.name, copy["error"]["kind"], "{id}");
                assert_eq!(failed.field.as_deref(), copy["error"]["at"].as_str(), "{id}");
                return;
            };
            said.outcome().unwrap_or_else(|failed| panic!("{id}: {}", failed.message));
            assert_eq!(said.maybe().as_deref(), event["action"].as_str(), "{id}");
            assert_eq!(said.number(), event["version"].as_i64().unwrap_or(-1), "{id}");
            for name in ["institution_guid", "user_guid", "user_id"] {
                assert_eq!(said.maybe().as_deref(), event[name].as_str(), "{id}: {name}");
            }
            said.record(event["status"].as_str().unwrap(), event["fields"].as_object().unwrap());
        });
    }
}

/// Splits what was said into fields.
fn fields(mut bytes: &[u8]) -> Vec<Option<String>> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        let end = bytes.iter().position(|byte| *byte == b'\n').expect("a length");
        let length: i64 = std::str::from_utf8(&bytes[..end]).unwrap().parse().expect("a length");
        bytes = &bytes[end + 1..];
        out.push(usize::try_from(length).ok().map(|length| {
            let text = String::from_utf8(bytes[..length].to_vec()).expect("UTF-8");
            bytes = &bytes[length + 1..];
            text
        }));
    }
    out
}

fn script() -> Script {
    let mut script = Script::default();
    values(&mut script);
    amounts(&mut script);
    clocks(&mut script);
    statuses(&mut script);
    transitions(&mut script);
    requests(&mut script);
    responses(&mut script);
    webhooks(&mut script);
    script
}

/// Puts all cases to the program, and judges what it says.
fn put_to(bench: &Bench, under: &[&str], program: &std::path::Path) {
    let script = script();
    let words: Vec<_> = under.iter().map(std::ffi::OsStr::new).chain([program.as_os_str()]).collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).env("LD_LIBRARY_PATH", bench.path()).env("DYLD_LIBRARY_PATH", bench.path());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut pipe = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn({
        let input = script.input.clone();
        move || pipe.write_all(&input)
    });
    let output = child.wait_with_output().expect("an end");
    let said = fields(&output.stdout);
    let mut steps = said.split(|field| field.as_deref() == Some("done"));
    for (id, check) in &script.checks {
        let fields = steps.next().unwrap_or_else(|| panic!("{id}: no response"));
        let mut said = Said { id: id.clone(), fields: fields.to_vec().into() };
        check(&mut said);
        assert!(said.fields.is_empty(), "{id}: {:?}", said.fields);
    }
    assert!(output.status.success(), "{} {}", output.status, String::from_utf8_lossy(&output.stderr));
    writer.join().unwrap().expect("written");
    assert!(script.checks.len() > 500, "{}", script.checks.len());
}

#[test]
fn all_shared_cases_hold_in_c() {
    let bench = Bench::new();
    let here = root().join("crates/nexus-ffi/tests/c");
    let program = bench.compile(&compiler("CC", "cc"), C_FLAGS, &[here.join("vectors.c")], Linkage::Shared);
    put_to(&bench, &[], &program);
}
