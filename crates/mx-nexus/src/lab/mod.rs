//! `nexus lab` and `nexus why`: a sandbox's admin interface in words. They talk to a sandbox and to nothing else.

mod address;
pub(crate) mod admin;
mod fault;
mod happenings;
mod tenants;
mod time;
mod told;
mod transfer;
mod why;

pub(crate) use address::is_loopback;
pub(crate) use why::why;

use self::admin::Admin;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::lab_args::{Lab, Scenarios, Word};
use crate::output::Output;

/// Says one word to the sandbox.
pub(crate) fn run(global: &Global, lab: &Lab, output: Output) -> Result<Exit, Failure> {
    let admin = Admin::find(global, &lab.place)?;
    match &lab.word {
        Word::Advance { by, to } => time::advance(&admin, *by, to.as_deref(), output),
        Word::Statement { guid } => time::statement(&admin, guid, output),
        Word::Happen(options) => happenings::happen(&admin, options, output),
        Word::Fault(word) => fault::run(&admin, word, output),
        Word::State { guid: None } => happenings::state(&admin, output),
        Word::State { guid: Some(guid) } => happenings::state_of(&admin, guid, output),
        Word::Events { after } => happenings::events(&admin, *after, output),
        Word::Requests { after } => happenings::requests(&admin, *after, output),
        Word::Tenants(word) => tenants::run(&admin, word, output),
        Word::Scenarios(Scenarios::List) => tenants::scenarios(&admin, output),
        Word::Scenarios(Scenarios::Run { name, of_user }) => {
            tenants::scenario(&admin, name, of_user.as_deref(), output)
        }
        Word::Export { file } => transfer::export(&admin, file.as_deref(), output),
        Word::Import { file } => transfer::import(&admin, file, output),
        Word::ExpireSessions => time::said(&admin, "sessions/expire", output),
        Word::Reset => time::said(&admin, "reset", output),
    }
}
