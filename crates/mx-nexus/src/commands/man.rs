//! `nexus man`: manual pages, made from the same description as the help texts.

use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::args::Args;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

pub(super) fn run(dir: Option<&Path>, output: Output) -> Result<Exit, Failure> {
    let broken = |error| Failure::Local("the manual page cannot be written", error);
    match dir {
        None => {
            let mut page = Vec::new();
            Man::new(Args::command()).render(&mut page).map_err(broken)?;
            output.bytes(&page)?;
        }
        Some(dir) => {
            std::fs::create_dir_all(dir).map_err(broken)?;
            clap_mangen::generate_to(Args::command(), dir).map_err(broken)?;
        }
    }
    Ok(Exit::Done)
}
