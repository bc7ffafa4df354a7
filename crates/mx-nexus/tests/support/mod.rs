//! The built program, and a sandbox that it serves itself.
#![allow(dead_code, clippy::expect_used, clippy::unwrap_used, clippy::panic)]

pub(crate) mod console;
pub(crate) mod listening;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The program without anything of this environment.
pub(crate) fn nexus() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nexus"));
    command.env_clear().stdin(Stdio::null());
    command
}

/// `nexus sandbox --json` with what its first line says.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) doc: Value,
}

impl Served {
    pub(crate) fn start(arguments: &[&str]) -> Served {
        let mut command = nexus();
        command.args(["sandbox", "--json"]).args(arguments).stdout(Stdio::piped());
        Served::of(command)
    }

    /// The same by a command that is ready.
    pub(crate) fn of(mut command: Command) -> Served {
        let mut child = command.spawn().expect("the program");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut line).expect("a line");
        Served { child, doc: serde_json::from_str(&line).expect("JSON") }
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.doc[name].as_str().expect("text")
    }

    /// The program with this sandbox in its environment.
    pub(crate) fn nexus(&self, arguments: &[&str]) -> Command {
        let mut command = nexus();
        command.args(arguments).env("NEXUS_BASE_URL", self.text("url")).env("NEXUS_CLIENT_ID", self.text("client_id"));
        command.env("NEXUS_USER_ID", self.text("user_id")).env("NEXUS_API_KEY", self.text("api_key"));
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.nexus(arguments).output().expect("the program")
    }

    pub(crate) fn create(&self, account: &str, more: &[&str]) -> Output {
        with_input(self.creating(more), account)
    }

    /// A create that takes the account number from its input.
    pub(crate) fn creating(&self, more: &[&str]) -> Command {
        let mut arguments =
            vec!["create", "--first-name", "Josh", "--last-name", "James", "--email", "josh@example.com"];
        arguments.extend(["--routing-number", "091000019", "--account-type", "checking", "--account-number-file", "-"]);
        arguments.extend(more);
        self.nexus(&arguments)
    }

    pub(crate) fn advance(&self, seconds: u32) {
        let url = format!("{}/_sandbox/advance", self.text("url"));
        post(&url, &format!("{{\"seconds\":{seconds}}}"));
    }

    pub(crate) fn guid(&self) -> String {
        let made = self.create("333312345", &["--json"]);
        json(&made)["micro_deposit"]["guid"].as_str().expect("a guid").to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A change by the admin interface, which takes JSON only.
pub(crate) fn post(url: &str, body: &str) -> String {
    let mut response = ureq::post(url).content_type("application/json").send(body).expect("a response");
    response.body_mut().read_to_string().expect("text")
}

pub(crate) fn with_input(mut command: Command, input: &str) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("written");
    child.wait_with_output().expect("its end")
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {} {}", out(output), err(output)))
}

pub(crate) fn code(output: &Output) -> Option<i32> {
    output.status.code()
}
