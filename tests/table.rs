//! The table of failures in `crates/nexus-http/FAILURES.md` is what really happens: each row is made here, once for a read, a
//! verify and a create. `NEXUS_REWRITE=1` writes it anew; then it must be read by a person.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::path::Path;
use std::time::Duration;

use nexus_sandbox::{Effect, Fault, Options, Sandbox, When};
use nexus_types::{Error, Microdeposit, Operation};
use support::{cents, create_of, limits, sso_with};

enum Row {
    /// One effect on the first request of the operation.
    Once(Effect),
    /// The same on every one.
    Always(Effect),
    /// Nobody listens.
    Nobody,
}

fn rows() -> Vec<(&'static str, Row)> {
    let status = |status, acting| Effect::Status { status, retry_after: None, acting };
    let after = |text: &str| Effect::Status { status: 429, retry_after: Some(text.into()), acting: false };
    vec![
        ("no connection", Row::Nobody),
        ("connection reset before the server acted", Row::Once(Effect::ResetBefore)),
        ("connection reset after the server acted", Row::Once(Effect::ResetAfter)),
        ("answer cut in its body", Row::Once(Effect::Cut(20))),
        ("no answer in time, the server acted", Row::Once(Effect::Delay(Duration::from_secs(3)))),
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
        ("409, the server did not act", Row::Once(status(409, false))),
        ("409, the server acted (a gateway sent it twice)", Row::Once(status(409, true))),
        ("425, from something in between", Row::Once(status(425, false))),
        ("a redirect", Row::Once(Effect::Redirect("http://127.0.0.1:9/".into()))),
        ("success, half a body", Row::Once(Effect::Truncated)),
        ("success, no JSON", Row::Once(Effect::Garbage)),
        ("success, HTML", Row::Once(Effect::ContentType)),
    ]
}

fn cell(row: &Row, operation: Operation) -> String {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    // Time enough for a busy machine: what is late here is late on purpose.
    let mut limits = limits();
    (limits.call, limits.attempt, limits.connect) =
        (Duration::from_secs(9), Duration::from_secs(1), Duration::from_secs(1));
    let client = sso_with(&sandbox, sandbox.url(), limits);
    let made = client.create(&create_of("333300001")).unwrap();
    sandbox.advance(Duration::from_secs(120));
    let client = match row {
        Row::Nobody => {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            support::by_token(&sandbox, &format!("http://{free}"))
        }
        Row::Once(effect) => {
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
        Operation::Read => client.read(&made.guid),
        Operation::Verify => client.verify(&made.guid, cents(2), cents(2)),
        _ => client.create(&create_of("333300002")),
    };
    // Before a verify and after it, reads are made too; they are not what is counted.
    let sent = count() - before;
    told(sent, &outcome)
}

fn told(sent: usize, outcome: &Result<Microdeposit, Error>) -> String {
    let times = match sent {
        0 => "not sent".to_owned(),
        1 => "sent once".to_owned(),
        more => format!("sent {more} times"),
    };
    match outcome {
        Ok(_) => format!("{times}: the record"),
        Err(error) if error.outcome_unknown() => format!("{times}: `{}`, **outcome unknown**", error.kind().name()),
        Err(error) => format!("{times}: `{}`", error.kind().name()),
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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/nexus-http/FAILURES.md");
    let text = std::fs::read_to_string(&path).expect("the file");
    let (head, rest) = text.split_once("<!-- table -->\n").expect("a place for the table");
    let (own, foot) = rest.split_once("<!-- end -->").expect("its end");
    if std::env::var_os("NEXUS_REWRITE").is_some() {
        std::fs::write(&path, format!("{head}<!-- table -->\n{table}<!-- end -->{foot}")).expect("written");
    } else {
        assert_eq!(own, table, "what happens, against what is written");
    }
}
