//! The arguments of `nexus compare`.

use std::time::Duration;

use clap::Args as ClapArgs;

use crate::duration;

#[derive(Debug, ClapArgs)]
pub(crate) struct Compare {
    /// The other side: `integration`, an address, or `production` (which is refused without --yes-production) [default: that of
    /// --base-url]
    #[arg(long, value_name = "WHERE")]
    pub(crate) to: Option<String>,
    /// Production all the same; no microdeposit with account details is made there
    #[arg(long)]
    pub(crate) yes_production: bool,
    /// A JSON file with what the sandbox is set to, so that only what else differs is told
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<String>,
    /// Wait for the deposits up to so long, such as 5m, and submit amounts; where the other side is a sandbox, its clock is moved
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) wait: Option<Duration>,
    /// Where the other side is a sandbox: the tenant whose credentials are given, so that its clock is moved
    #[arg(long, value_name = "NAME")]
    pub(crate) tenant: Option<String>,
}
