//! The suite that every driver must pass, in whatever language: `cargo run --example conformance -- PROGRAM [ARGUMENTS]`.
//!
//! `PROGRAM ARGUMENTS BASE_URL SESSION_TOKEN` is run with `create`, `wait GUID` or `verify GUID AMOUNT AMOUNT` behind it,
//! against a sandbox behind a front door at which one kind of trouble strikes. It prints `made GUID STATUS`, a status, a
//! verdict, or `error KIND unknown` (or `known`). What it prints must be true in the sandbox's books; what must go out once
//! must go out once, on a connection of its own.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::expect_used, clippy::panic)]

mod front;

use std::process::Command;
use std::time::{Duration, Instant};

use front::{Front, Seen, Trouble};
use nexus_sandbox::{HostName, Options, Sandbox, Serving};
use nexus_types::MicrodepositGuid;

/// One thing that a driver must do right.
struct Case {
    name: &'static str,
    trouble: Trouble,
    /// The command, and what it must print; a word with `|` in it admits either.
    create: bool,
    wanted: &'static str,
    /// How many requests that change something reach the front door.
    changes: usize,
}

const CASES: &[Case] = &[
    Case { name: "verify", trouble: Trouble::None, create: false, wanted: "verified", changes: 1 },
    Case {
        name: "verify_response_lost",
        trouble: Trouble::ResponseLost,
        create: false,
        wanted: "verified",
        changes: 1,
    },
    Case {
        name: "verify_lost",
        trouble: Trouble::Lost,
        create: false,
        wanted: "error io|protocol unknown",
        changes: 1,
    },
    Case {
        name: "verify_refused_503",
        trouble: Trouble::Refused(503),
        create: false,
        wanted: "error server unknown",
        changes: 1,
    },
    Case {
        name: "verify_refused_429",
        trouble: Trouble::Refused(429),
        create: false,
        wanted: "error rate_limited known",
        changes: 1,
    },
    Case {
        name: "verify_401",
        trouble: Trouble::Refused(401),
        create: false,
        wanted: "error unauthorized known",
        changes: 1,
    },
    Case {
        name: "verify_acted_409",
        trouble: Trouble::Acted(409),
        create: false,
        wanted: "error conflict unknown",
        changes: 1,
    },
    Case { name: "verify_acted_502", trouble: Trouble::Acted(502), create: false, wanted: "verified", changes: 1 },
    Case { name: "verify_html", trouble: Trouble::Html, create: false, wanted: "verified", changes: 1 },
    Case {
        name: "verify_redirect",
        trouble: Trouble::Redirect,
        create: false,
        wanted: "error redirect unknown",
        changes: 1,
    },
    Case { name: "verify_silence", trouble: Trouble::Silence, create: false, wanted: "verified", changes: 1 },
    Case {
        name: "verify_nobody_listens",
        trouble: Trouble::Gone,
        create: false,
        wanted: "error connect known",
        changes: 0,
    },
    Case {
        name: "verify_closed_when_idle",
        trouble: Trouble::ClosedWhenIdle,
        create: false,
        wanted: "verified",
        changes: 1,
    },
    Case { name: "create", trouble: Trouble::None, create: true, wanted: "made GUID INITIATED", changes: 1 },
    Case {
        name: "create_response_lost",
        trouble: Trouble::ResponseLost,
        create: true,
        wanted: "made GUID INITIATED",
        changes: 1,
    },
    Case { name: "create_lost", trouble: Trouble::Lost, create: true, wanted: "error io|protocol unknown", changes: 1 },
    Case {
        name: "create_redirect",
        trouble: Trouble::Redirect,
        create: true,
        wanted: "error redirect unknown",
        changes: 1,
    },
    Case {
        name: "create_nobody_listens",
        trouble: Trouble::Gone,
        create: true,
        wanted: "error connect known",
        changes: 0,
    },
];

/// A program and its first arguments.
pub(crate) struct Program<'a> {
    pub(crate) words: &'a [String],
}

impl Program<'_> {
    /// The last line that it prints.
    fn run(&self, url: &str, token: &str, command: &[&str]) -> String {
        let (program, first) = self.words.split_first().expect("a program");
        let output = Command::new(program).args(first).args([url, token]).args(command).output();
        let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
        let text = String::from_utf8_lossy(&output.stdout);
        match text.lines().last() {
            Some(line) => line.to_owned(),
            None => format!("(nothing) {}", String::from_utf8_lossy(&output.stderr)),
        }
    }
}

/// Runs every case; what went wrong in each that failed.
pub(crate) fn suite(program: &Program<'_>) -> Vec<String> {
    let mut failures = Vec::new();
    for case in CASES {
        match tried(program, case) {
            Ok(()) => println!("ok      {}", case.name),
            Err(why) => {
                println!("FAILED  {}: {why}", case.name);
                failures.push(format!("{}: {why}", case.name));
            }
        }
    }
    failures
}

fn tried(program: &Program<'_>, case: &Case) -> Result<(), String> {
    // The front in between hands on its own port in `Host`.
    let mut serving = Serving::default();
    serving.host_names.extend(HostName::new("127.0.0.1"));
    let sandbox = Sandbox::start_with(Options::default(), serving).map_err(|error| error.to_string())?;
    let token = &*sandbox.credentials().session_token;
    let mut guid = String::new();
    if !case.create {
        let made = program.run(sandbox.url(), token, &["create"]);
        guid = made.split(' ').nth(1).ok_or_else(|| format!("nothing was created: {made}"))?.to_owned();
        sandbox.advance(Duration::from_secs(120));
        let landed = program.run(sandbox.url(), token, &["wait", &guid]);
        if landed != "DEPOSITED" {
            return Err(format!("waited for DEPOSITED and printed {landed}"));
        }
    }
    let front = Front::start(sandbox.url(), case.trouble).map_err(|error| error.to_string())?;
    let began = Instant::now();
    let command: &[&str] = if case.create { &["create"] } else { &["verify", &guid, "0.09", "0.09"] };
    let printed = program.run(&front.url, token, command);
    if began.elapsed() > Duration::from_secs(9) {
        return Err(format!("it took {:?}", began.elapsed()));
    }
    if !fits(&printed, case.wanted) {
        return Err(format!("printed {printed}, not {}", case.wanted));
    }
    once(&front.seen(), case.changes)?;
    true_in_the_books(&sandbox, &guid, &printed)
}

fn fits(printed: &str, wanted: &str) -> bool {
    let (printed, wanted): (Vec<&str>, Vec<&str>) = (printed.split(' ').collect(), wanted.split(' ').collect());
    let fit = |(printed, wanted): (&&str, &&str)| {
        *wanted == "GUID" && printed.starts_with("MIC-") || wanted.split('|').any(|wanted| wanted == *printed)
    };
    printed.len() == wanted.len() && printed.iter().zip(&wanted).all(fit)
}

/// What must not be repeated came so often, and each time as the first on its connection.
fn once(seen: &[Seen], wanted: usize) -> Result<(), String> {
    let changes: Vec<&Seen> = seen.iter().filter(|seen| seen.method != "GET").collect();
    if changes.len() != wanted {
        return Err(format!("{} requests that change something, not {wanted}", changes.len()));
    }
    match changes.iter().find(|seen| seen.of_connection != 1) {
        Some(_) => Err("what must not be repeated came on a connection that had been used".to_owned()),
        None => Ok(()),
    }
}

fn true_in_the_books(sandbox: &Sandbox, guid: &str, printed: &str) -> Result<(), String> {
    let (counted, created) = sandbox.with_world(|world| {
        let guid = MicrodepositGuid::new(guid).ok();
        (guid.and_then(|guid| world.attempts(&guid)).unwrap_or(0), world.created())
    });
    let acted = if guid.is_empty() { created } else { usize::from(counted) };
    match is_true(printed, acted) {
        true => Ok(()),
        false => Err(format!("printed {printed}, and the server has acted {acted} times")),
    }
}

/// Whether a server that has acted so often bears out what was printed. An unknown outcome admits both.
pub(crate) fn is_true(printed: &str, acted: usize) -> bool {
    let failed = printed.starts_with("error ");
    // "unknown" ends with "known".
    let unknown = failed && printed.ends_with(" unknown");
    match acted {
        0 => failed,
        1 => !failed || unknown,
        _ => false,
    }
}

fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.is_empty() {
        eprintln!("usage: conformance PROGRAM [ARGUMENTS]");
        return std::process::ExitCode::from(2);
    }
    let failures = suite(&Program { words: &words });
    println!("{} of {} passed", CASES.len() - failures.len(), CASES.len());
    if failures.is_empty() { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
