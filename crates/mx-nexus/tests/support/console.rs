//! Pages whose console blocks are run: what they show is what happens.
//!
//! A line `$ nexus ...` is run, with the output below it; so are `echo TEXT | nexus ...`, `curl --json BODY ADDRESS` and `echo $?`.
//! `curl -so /dev/null --json BODY ADDRESS` does the same and prints nothing. A block after `<!-- heard: LINES -->` shows so many
//! lines that `nexus webhook listen` has printed meanwhile.
//! What a reader need not see stands in comments `<!-- try: ... -->`: `sandbox POLICY` begins anew with another sandbox,
//! `advance SECONDS`, `listen ARGUMENTS`, `fault FAULT`, `create ACCOUNT`, `many RECORDS` and any command do so there. `NEXUS_REWRITE=1` writes the outputs anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::listening::Listening;
use super::{Served, nexus, post, with_input};

/// The port that the pages name; a free one stands in for it.
pub(crate) const PORT: &str = "127.0.0.1:8080";

/// The port of a receiver that the pages name; a free one stands in for it, too.
const RECEIVER: &str = "127.0.0.1:9000";

/// A sandbox, and how the last command ended there.
pub(crate) struct Shell {
    served: Served,
    code: i32,
    listening: Option<Listening>,
}

impl Shell {
    pub(crate) fn new(served: Served) -> Shell {
        Shell { served, code: 0, listening: None }
    }

    /// So many lines of what the receiver prints.
    fn heard(&mut self, lines: usize) -> String {
        let listening = self.listening.as_mut().expect("a receiver");
        (0..lines).map(|_| listening.line()).collect()
    }

    fn address(&self) -> &str {
        self.served.text("url").trim_start_matches("http://")
    }

    fn admin(&self, path: &str, body: &str) -> String {
        let told = post(&format!("{}/_sandbox/{path}", self.served.text("url")), body);
        format!("{}\n", told.replace(self.address(), PORT))
    }

    /// What a person sees who types this.
    fn run(&mut self, command: &str) -> String {
        if command == "echo $?" {
            return format!("{}\n", self.code);
        }
        for (beginning, quiet) in [("curl --json '", false), ("curl -so /dev/null --json '", true)] {
            let Some(rest) = command.strip_prefix(beginning) else { continue };
            let (body, target) = rest.split_once("' ").expect("a body and an address");
            let path = target.split("/_sandbox/").nth(1).expect("the admin interface");
            let receiver = self.listening.as_ref().map_or(RECEIVER, |listening| listening.address());
            let printed = self.admin(path, &body.replace(RECEIVER, receiver));
            return if quiet { String::new() } else { printed };
        }
        let (input, rest) = match command.strip_prefix("echo ") {
            Some(rest) => rest.split_once(" | ").expect("a pipe"),
            None => ("", command),
        };
        let words: Vec<&str> = rest.split_whitespace().collect();
        assert_eq!(words[0], "nexus", "{command}");
        let output = with_input(self.served.nexus(&words[1..]), input);
        self.code = output.status.code().expect("an end of its own");
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8")).concat();
        text.replace(self.address(), PORT)
    }

    fn prepare(&mut self, instruction: &str) {
        let (what, rest) = instruction.split_once(' ').unwrap_or((instruction, ""));
        match what {
            "sandbox" => {
                let file = tempfile::NamedTempFile::new().expect("a file");
                std::fs::write(file.path(), if rest.is_empty() { "{}" } else { rest }).expect("written");
                self.served = Served::start(&["--policy", file.path().to_str().expect("UTF-8")]);
                self.code = 0;
            }
            "listen" => {
                let mut command = nexus();
                command.args(["webhook", "listen"]).args(rest.split_whitespace());
                let mut listening = Listening::start(&mut command);
                while !listening.line().contains("Ctrl-C") {}
                self.listening = Some(listening);
            }
            "advance" => self.served.advance(rest.parse().expect("seconds")),
            "fault" => {
                let printed: Value = serde_json::from_str(&self.admin("faults", rest)).expect("JSON");
                assert!(printed["id"].is_u64(), "{printed}");
            }
            "create" => assert_eq!(self.served.create(rest, &[]).status.code(), Some(0)),
            // As many records; who they are for does not matter.
            "many" => {
                for number in 0..rest.parse::<u32>().expect("a number") {
                    assert_eq!(self.served.create(&format!("3333{number:05}"), &[]).status.code(), Some(0));
                }
            }
            _ => drop(self.run(instruction)),
        }
    }
}

/// The page as it would be if it showed what happens now.
pub(crate) fn replayed(page: &str, mut shell: Shell) -> String {
    let (mut out, mut inside, mut heard) = (String::new(), false, None);
    for line in page.lines() {
        // What the receiver prints now is in place of what it printed of old.
        if let Some(lines) = line.strip_prefix("<!-- heard: ") {
            heard = Some(lines.strip_suffix(" -->").and_then(|lines| lines.parse().ok()).expect("a number"));
        } else if let Some(lines) = heard {
            if line == "```" {
                let _ = write!(out, "```text\n{}", shell.heard(lines));
                heard = None;
            } else {
                continue;
            }
        }
        match (inside, line.strip_prefix("$ ")) {
            (false, _) => {
                out.push_str(&format!("{line}\n"));
                inside = line == "```console";
                if let Some(rest) = line.strip_prefix("<!-- try: ") {
                    shell.prepare(rest.strip_suffix(" -->").expect("an end"));
                }
            }
            (true, Some(command)) => {
                let _ = write!(out, "{line}\n{}", shell.run(command));
            }
            (true, None) if line == "```" => {
                out.push_str("```\n");
                inside = false;
            }
            // The output of old.
            (true, None) => {}
        }
    }
    out
}

/// Compares a page with what happens, or writes it.
pub(crate) fn judge(path: &Path, page: &str, now: &str) {
    if std::env::var_os("NEXUS_REWRITE").is_some() {
        std::fs::write(path, now).expect("written");
        return;
    }
    let pairs: BTreeMap<usize, (&str, &str)> = page.lines().zip(now.lines()).enumerate().collect();
    let odd = pairs.iter().find(|(_, (shown, happens))| shown != happens);
    assert!(odd.is_none() && page.len() == now.len(), "{path:?}, line, as shown, as it happens: {odd:?}");
}

/// What `nexus sandbox` says to a person.
pub(crate) fn greeting(lines: usize) -> (String, String) {
    use std::io::{BufRead, BufReader};
    let mut child = nexus().args(["sandbox"]).stdout(std::process::Stdio::piped()).spawn().expect("the program");
    let mut printed = BufReader::new(child.stdout.take().expect("its output"));
    let mut text = String::new();
    for _ in 0..lines {
        printed.read_line(&mut text).expect("a line");
    }
    child.kill().expect("a sandbox");
    child.wait().expect("its end");
    let address = text.lines().next().unwrap_or_default().trim_start_matches("http://").to_owned();
    (text.replace(&address, PORT), address)
}
