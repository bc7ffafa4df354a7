//! The command `nexus`: verifies bank accounts with MX's Nexus microdeposits, and serves the sandbox.
//!
//! Arguments in, text or JSON out; exit codes by kind of error (`nexus --help`). No secret comes by argument, none goes out
//! without `--reveal`.

mod answers;
mod args;
mod commands;
mod compare;
mod connect;
mod duration;
mod exit;
mod failure;
mod global;
mod lab;
mod lab_args;
mod output;
mod render;
mod secret_input;
mod signal;
mod usage;
mod values;

use std::process::ExitCode;

use clap::Parser;
use nexus_types::Reveal;

use crate::args::Args;
use crate::exit::Exit;
use crate::output::Output;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return usage::report(&error).into(),
    };
    let reveal = if args.global.reveal { Reveal::Full } else { Reveal::Masked };
    let output = Output { json: args.global.json, reveal };
    let exit: Exit = commands::run(&args, output).unwrap_or_else(|failure| output.failure(&failure));
    signal::as_ended(exit).into()
}
