//! What the README shows happens: its console blocks, command by command, and its Rust.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

const README: &str = include_str!("../../../README.md");
/// The port that the README names; a free one stands in for it.
const PORT: &str = "127.0.0.1:8080";

/// The commands of one console block, each with the output that is shown.
fn blocks() -> Vec<Vec<(String, String)>> {
    let blocks = README.split("```console\n").skip(1).map(|rest| rest.split("```").next().expect("an end"));
    let commands = |block: &str| {
        let mut out: Vec<(String, String)> = Vec::new();
        for line in block.lines() {
            match line.strip_prefix("$ ") {
                Some(command) => out.push((command.to_owned(), String::new())),
                None => out.last_mut().expect("a command first").1.push_str(&format!("{line}\n")),
            }
        }
        out
    };
    blocks.map(commands).collect()
}

/// Words of a simple command; quotes are not needed in the README's own.
fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().collect()
}

#[test]
fn the_tour_is_real() {
    let blocks = blocks();
    let [served, tour] = blocks.as_slice() else { panic!("{} blocks", blocks.len()) };
    let mut child = Command::new(env!("CARGO_BIN_EXE_nexus"))
        .args(["sandbox"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut lines = BufReader::new(child.stdout.take().expect("its output"));
    let mut url = String::new();
    lines.read_line(&mut url).expect("a line");
    let address = url.trim().trim_start_matches("http://").to_owned();
    let as_shown = |text: &str| text.replace(&address, PORT);
    let mut told = as_shown(&url);
    let mut environment = Vec::new();
    for _ in 1..served[0].1.lines().count() {
        let mut line = String::new();
        lines.read_line(&mut line).expect("a line");
        told.push_str(&as_shown(&line));
        if let Some(exports) = line.trim().strip_prefix("export ") {
            environment.extend(
                exports.split(' ').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())),
            );
        }
    }
    assert_eq!(told, served[0].1);
    assert_eq!(environment.len(), 4);
    for (command, shown) in tour {
        let printed = if let Some(rest) = command.strip_prefix("curl -d '") {
            let (body, target) = rest.split_once("' ").expect("a body and an address");
            let mut answer = ureq::post(target.replace(PORT, &address)).send(body).expect("an answer");
            format!("{}\n", answer.body_mut().read_to_string().expect("text"))
        } else {
            let (input, rest) = match command.strip_prefix("echo ") {
                Some(rest) => rest.split_once(" | ").expect("a pipe"),
                None => ("", command.as_str()),
            };
            let words = words(rest);
            assert_eq!(words[0], "nexus", "{command}");
            let mut program = Command::new(env!("CARGO_BIN_EXE_nexus"));
            program.args(&words[1..]).env_clear().envs(environment.clone());
            let mut run = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program");
            run.stdin.take().expect("its input").write_all(input.as_bytes()).expect("written");
            let mut out = String::new();
            run.stdout.take().expect("its output").read_to_string(&mut out).expect("text");
            run.wait().expect("its end");
            out
        };
        assert_eq!(as_shown(&printed), *shown, "{command}");
    }
    child.kill().expect("a sandbox");
    child.wait().expect("its end");
}

/// The Rust of the README stands, line by line, in a function that the compiler and the sandbox have seen.
#[test]
fn the_rust_is_compiled() {
    let shown = README.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of Rust");
    let compiled: Vec<&str> = include_str!("readme_rust.rs").lines().map(str::trim).collect();
    let mut at = 0;
    for line in shown.lines() {
        // An address and a credential differ; everything else is the same and in this order.
        let line = line.trim().replace("INTEGRATION_URL", "url");
        let found = compiled[at..].iter().position(|own| *own == line);
        at += found.unwrap_or_else(|| panic!("not compiled: {line}")) + 1;
    }
}
