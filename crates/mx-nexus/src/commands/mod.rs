//! One function for each command.

mod calls;
mod demo;
mod explain;
mod listen;
mod man;
mod sandbox;
mod wait;

use clap::CommandFactory;

use crate::args::{Args, Command, Webhook};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::{compare, connect, lab, signal};

/// Does what was asked for.
pub(crate) fn run(args: &Args, output: Output) -> Result<Exit, Failure> {
    let global = &args.global;
    match &args.command {
        Command::Demo => demo::run(output),
        Command::Sandbox(options) => sandbox::run(options, output),
        Command::Webhook(Webhook::Listen(options)) => listen::run(options, output),
        Command::Explain { status } => explain::run(status.as_deref(), output),
        Command::Completions { shell } => completions(*shell, output),
        Command::Man { dir } => man::run(dir.as_deref(), output),
        Command::Wait(options) => wait::run(&connect::client(global, false)?, options, output),
        command => {
            signal::end_on_interrupt(output)?;
            let client = || connect::client(global, matches!(command, Command::WidgetUrl { .. }));
            match command {
                Command::Create(options) => calls::create(client, options, output),
                Command::Preinitiate(person) => calls::preinitiate(&client()?, person, output),
                Command::Verify(options) => calls::verify(client, options, output),
                Command::List { status } => calls::list(client, status.as_deref(), output),
                Command::Lab(options) => lab::run(global, options, output),
                Command::Compare(options) => compare::run(global, options, output),
                Command::Why(options) => lab::why(global, options, output),
                Command::Read { guid } => calls::read(&client()?, guid, output),
                Command::Session => calls::session(&client()?, output),
                Command::WidgetUrl { guid } => calls::widget_url(&client()?, guid.as_deref(), output),
                // The others are done above.
                _ => Ok(Exit::Done),
            }
        }
    }
}

fn completions(shell: clap_complete::Shell, output: Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "nexus", &mut script);
    output.bytes(&script)?;
    Ok(Exit::Done)
}
