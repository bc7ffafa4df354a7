//! [`Listening`]: a receiver of webhooks that the program itself is.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// `nexus webhook listen`, and what it prints.
pub(crate) struct Listening {
    pub(crate) child: Child,
    pub(crate) printed: BufReader<ChildStdout>,
    pub(crate) url: String,
}

impl Listening {
    pub(crate) fn start(command: &mut Command) -> Listening {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program");
        let mut printed = BufReader::new(child.stdout.take().expect("its output"));
        let mut first = String::new();
        printed.read_line(&mut first).expect("a line");
        let url = match serde_json::from_str::<Value>(&first) {
            Ok(document) => document["url"].as_str().expect("an address").to_owned(),
            Err(_) => first.trim().to_owned(),
        };
        Listening { child, printed, url }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://").trim_end_matches('/')
    }

    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.printed.read_line(&mut line).expect("a line");
        line
    }

    pub(crate) fn document(&mut self) -> Value {
        serde_json::from_str(&self.line()).expect("a document")
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
