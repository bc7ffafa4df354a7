//! The table of failures in `FAILURES.md` matches the behaviour: each row is made here, once for a read, a verify and a create.
//! `NEXUS_REWRITE=1` writes the table; a person must then check it.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "support/nobody.rs"]
mod nobody;
mod support;

use std::path::Path;
use std::time::Duration;

use nexus_sandbox::{Contradiction, Effect, Fault, Options, Policy, Sandbox, Verification, When};
use nexus_types::{Assumption, Endpoint, Error, Operation};
use nobody::Nobody;
use support::{cents, create_of, limits, sso_with};

enum Row {
    /// One effect on the first request of the operation.
    Once(Effect),
    /// The same on every one.
    Always(Effect),
    /// Nobody listens.
    Nobody,
    /// One effect, on a server that behaves otherwise.
    Policy(fn(&mut Policy), Effect),
}

fn later(policy: &mut Policy) {
    (policy.verification, policy.list_lag_seconds) = (Verification::AfterSeconds(3600), 3600);
}

/// Lists have pages, and every page is the first.
fn incomplete(policy: &mut Policy) {
    (policy.list_page, policy.list_ignores_page, policy.accounts_per_email) = (Some(10), true, None);
}

fn rows() -> Vec<(&'static str, Row)> {
    let status = |status, acting| Effect::Status { status, retry_after: None, acting };
    let after = |text: &str| Effect::Status { status: 429, retry_after: Some(text.into()), acting: false };
    vec![
        ("no connection", Row::Nobody),
        ("connection reset before the server acted", Row::Once(Effect::ResetBefore)),
        ("connection reset after the server acted", Row::Once(Effect::ResetAfter)),
        ("connection closed after the headers, the server acted", Row::Once(Effect::Cut(0))),
        ("response cut in its body", Row::Once(Effect::Cut(20))),
        ("no response in time, the server acted", Row::Once(Effect::Delay(Duration::from_secs(3)))),
        ("500, the server did not act", Row::Once(status(500, false))),
        ("503, the server acted", Row::Once(status(503, true))),
        ("503 every time, the server did not act", Row::Always(status(503, false))),
        ("429 with a short `Retry-After`", Row::Once(after("0"))),
        ("429 with `Retry-After: 3600`", Row::Once(after("3600"))),
        ("400", Row::Once(status(400, false))),
        ("401, the session is over", Row::Once(Effect::Empty401)),
        ("401 every time", Row::Always(Effect::Empty401)),
        ("403", Row::Once(status(403, false))),
        ("404", Row::Once(status(404, false))),
        ("406, the server did not act", Row::Once(status(406, false))),
        ("406, the server acted", Row::Once(status(406, true))),
        ("408, the server did not act", Row::Once(status(408, false))),
        ("408, the server acted", Row::Once(status(408, true))),
        ("409, the server did not act", Row::Once(status(409, false))),
        ("409, the server acted (a gateway sent it twice)", Row::Once(status(409, true))),
        ("410, the server did not act", Row::Once(status(410, false))),
        ("410, the server acted", Row::Once(status(410, true))),
        ("425, from something in between", Row::Once(status(425, false))),
        ("a redirect", Row::Once(Effect::Redirect("http://127.0.0.1:9/".into()))),
        ("success, half a body", Row::Once(Effect::Truncated)),
        ("success, no JSON", Row::Once(Effect::Garbage)),
        ("success, HTML", Row::Once(Effect::ContentType)),
        ("success, another's record", Row::Once(Effect::AnotherRecord)),
        (
            "success, another's record, and lists lag",
            Row::Policy(|policy| policy.list_lag_seconds = 3600, Effect::AnotherRecord),
        ),
        ("success, a status that contradicts itself", Row::Once(Effect::Contradictory(Contradiction::Name))),
        ("success, judged later", Row::Policy(later, Effect::Delay(Duration::ZERO))),
        ("503, the server acted, judged later, and lists lag", Row::Policy(later, status(503, true))),
        ("a list that is not complete", Row::Policy(incomplete, Effect::Delay(Duration::ZERO))),
    ]
}

fn sandbox_page(row: &Row) -> u16 {
    let mut policy = Policy::default();
    if let Row::Policy(change, _) = row {
        change(&mut policy);
    }
    policy.list_page.unwrap_or(0)
}

fn cell(row: &Row, operation: Operation) -> String {
    let mut options = Options::default();
    if let Row::Policy(change, _) = row {
        change(&mut options.policy);
    }
    let sandbox = Sandbox::start(options).unwrap();
    // Time enough for a busy machine: what is late here is late on purpose.
    let mut limits = limits();
    (limits.call, limits.attempt, limits.connect) =
        (Duration::from_secs(9), Duration::from_secs(1), Duration::from_secs(1));
    let client = sso_with(&sandbox, sandbox.url(), limits);
    let made = client.create(&create_of("333300001")).unwrap().record;
    let token = sandbox.credentials().session_token.clone();
    // As many as one page has, where there are pages, and one more.
    for number in 0..sandbox_page(row) {
        let request = create_of(&format!("3333001{number:02}")).request();
        assert_eq!(sandbox.with_world(|world| world.handle(&request, &token)).status, 200);
    }
    sandbox.advance(Duration::from_secs(120));
    let nobody = Nobody::new();
    let client = match row {
        Row::Nobody => support::by_token(&sandbox, &format!("http://{}", nobody.address())),
        Row::Once(effect) | Row::Policy(_, effect) => {
            sandbox.with_world(|world| world.add_fault(Fault::nth(operation, 1, effect.clone())));
            client
        }
        Row::Always(effect) => {
            let mut fault = Fault::nth(operation, 1, effect.clone());
            fault.when = When::Every;
            sandbox.with_world(|world| world.add_fault(fault));
            client
        }
    };
    let count =
        || sandbox.with_world(|world| world.received().into_iter().filter(|one| *one == Some(operation)).count());
    let before = count();
    let outcome = match operation {
        Operation::Read => client.read(&made.guid).map(|_| "the record".to_owned()),
        Operation::Verify => client.verify(&made.guid, cents(2), cents(2)).map(|outcome| {
            let shown = format!("the verdict `{}`", outcome.verdict);
            assumed(shown, outcome.assumed)
        }),
        _ => client.create(&create_of("333300002")).map(|created| assumed("the record".to_owned(), created.assumed)),
    };
    // Before a verify and after it, reads are made too; they are not what is counted.
    let sent = count() - before;
    text_of(sent, &outcome)
}

fn assumed(shown: String, assumption: Option<Assumption>) -> String {
    assumption.map_or(shown.clone(), |assumption| format!("{shown} (`{assumption}`)"))
}

fn text_of(sent: usize, outcome: &Result<String, Error>) -> String {
    let times = match sent {
        0 => "not sent".to_owned(),
        1 => "sent once".to_owned(),
        more => format!("sent {more} times"),
    };
    match outcome {
        Ok(shown) => format!("{times}: {shown}"),
        Err(error) if error.outcome_unknown() => format!("{times}: `{}`, **outcome unknown**", error.kind().name()),
        Err(error) => assumed(format!("{times}: `{}`", error.kind().name()), error.assumption()),
    }
}

#[test]
fn the_table_is_what_happens() {
    let mut table = "| Failure | read | verify | create |\n|---|---|---|---|\n".to_owned();
    for (name, row) in rows() {
        let [read, verify, create] = [Operation::Read, Operation::Verify, Operation::Create].map(|one| cell(&row, one));
        for (operation, text) in [("verify", &verify), ("create", &create)] {
            // Twice only after a 401, which proves that the first was not carried out.
            let twice = name.starts_with("401") && text.contains("sent 2 times");
            assert!(twice || text.contains("sent once") || text.contains("not sent"), "{name}: {operation} {text}");
        }
        table.push_str(&format!("| {name} | {read} | {verify} | {create} |\n"));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("FAILURES.md");
    let text = std::fs::read_to_string(&path).expect("the file");
    let (head, rest) = text.split_once("<!-- table -->\n").expect("a place for the table");
    let (own, foot) = rest.split_once("<!-- end -->").expect("its end");
    if std::env::var_os("NEXUS_REWRITE").is_some() {
        std::fs::write(&path, format!("{head}<!-- table -->\n{table}<!-- end -->{foot}")).expect("written");
    } else {
        assert_eq!(own, table, "what happens, against what is written");
    }
}
