//! The arguments of `nexus lab` and `nexus why`.

use std::time::Duration;

use clap::{Args as ClapArgs, Subcommand};

use crate::values::AccountType;
use crate::{duration, values};

/// Which sandbox, and which of its tenants.
#[derive(Debug, ClapArgs)]
pub(crate) struct Where {
    /// The sandbox's address [default: that of --base-url]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "NEXUS_SANDBOX_URL",
        hide_env_values = true,
        help_heading = "Sandbox"
    )]
    pub(crate) sandbox_url: Option<String>,
    /// A host other than this machine to which plain http may go, such as `sandbox` in a network of containers
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "NEXUS_SANDBOX_HOST",
        hide_env_values = true,
        help_heading = "Sandbox"
    )]
    pub(crate) sandbox_host: Option<String>,
    /// One of its tenants [default: the first]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Sandbox")]
    pub(crate) tenant: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Lab {
    #[command(flatten)]
    pub(crate) place: Where,
    #[command(subcommand)]
    pub(crate) word: Word,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Why {
    #[command(flatten)]
    pub(crate) place: Where,
    /// The microdeposit's guid
    pub(crate) guid: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Word {
    /// Move the clock
    Advance {
        /// By so much, such as 2m, +1h or 21d
        #[arg(value_name = "TIME", value_parser = duration::ahead, required_unless_present = "to")]
        by: Option<Duration>,
        /// To a time, such as 2026-01-26T09:00:00.000Z
        #[arg(long, value_name = "TIME", conflicts_with = "by")]
        to: Option<String>,
    },
    /// Show the two amounts on the imaginary bank statement
    Statement {
        /// The microdeposit's guid
        guid: String,
    },
    /// Make something happen to a microdeposit
    Happen(Happen),
    /// Let requests go wrong
    #[command(subcommand)]
    Fault(Fault),
    /// Show the sandbox, or one microdeposit: its true status too
    State {
        /// The microdeposit's guid
        guid: Option<String>,
    },
    /// Show the events that webhooks tell
    Events {
        /// Only those numbered above this
        #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = values::number)]
        after: u64,
    },
    /// Show what was received, masked, and why it was answered as it was
    Requests {
        /// Only those numbered above this
        #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = values::number)]
        after: u64,
    },
    /// Worlds of their own at the same address, for tests that shall not meet
    #[command(subcommand)]
    Tenants(Tenants),
    /// Stories of a microdeposit that can be lived through in one call
    #[command(subcommand)]
    Scenarios(Scenarios),
    /// Write everything that decides the sandbox's future, without anything personal
    Export {
        /// Into this file [default: standard output]
        file: Option<String>,
    },
    /// Make the sandbox what an export says
    Import {
        /// The file; - for standard input
        file: String,
    },
    /// End every session, as a server does that restarts
    ExpireSessions,
    /// Begin anew: no guid, token or event number of before is valid afterwards
    Reset,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Happen {
    /// The microdeposit's guid
    pub(crate) guid: String,
    /// What happens, such as landed, failed or expired
    #[arg(value_parser = values::event)]
    pub(crate) event: &'static str,
    /// With failed: an ACH return code, R01 to R99
    #[arg(long)]
    pub(crate) code: Option<String>,
    /// With account_submitted: reads the account number from a file, or from standard input (-)
    #[arg(long, value_name = "FILE", requires = "routing_number", requires = "account_type")]
    pub(crate) account_number_file: Option<String>,
    /// With account_submitted: nine digits
    #[arg(long, value_name = "NUMBER", requires = "account_number_file")]
    pub(crate) routing_number: Option<String>,
    /// With account_submitted: the type of the account
    #[arg(long, value_enum, requires = "account_number_file")]
    pub(crate) account_type: Option<AccountType>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Fault {
    /// Inject a failure
    Add(Box<AddFault>),
    /// Show the failures that are in
    List,
    /// Take one out, or all of them
    Clear {
        /// The fault's number [default: all]
        #[arg(value_parser = values::number)]
        id: Option<u64>,
    },
}

/// Named as the fields of `POST /_sandbox/faults`.
#[derive(Debug, ClapArgs)]
pub(crate) struct AddFault {
    /// What goes wrong, such as status, delay, reset_after or expire_sessions
    pub(crate) effect: String,
    /// Which requests, such as create, list, read or verify [default: all]
    #[arg(long)]
    pub(crate) operation: Option<String>,
    /// The n-th of them from now on, and no other
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) nth: Option<u64>,
    /// Each with this chance, 0 to 1
    #[arg(long, value_name = "CHANCE", value_parser = values::chance)]
    pub(crate) probability: Option<f64>,
    /// Over after so many
    #[arg(long, value_name = "COUNT", value_parser = values::number)]
    pub(crate) times: Option<u64>,
    /// Of status, html, later: the HTTP status
    #[arg(long, value_parser = values::number)]
    pub(crate) status: Option<u64>,
    /// Of status: the header Retry-After
    #[arg(long, value_name = "TEXT")]
    pub(crate) retry_after: Option<String>,
    /// Of status, html: carried out all the same
    #[arg(long)]
    pub(crate) after_acting: bool,
    /// Of delay, slow, later: how long
    #[arg(long, value_name = "COUNT", value_parser = values::number)]
    pub(crate) milliseconds: Option<u64>,
    /// Of cut: after so many bytes of the body
    #[arg(long, value_name = "COUNT", value_parser = values::number)]
    pub(crate) bytes: Option<u64>,
    /// Of redirect: where to
    #[arg(long, value_name = "URL")]
    pub(crate) location: Option<String>,
    /// Of duplicate: first or second
    #[arg(long, value_name = "WHICH")]
    pub(crate) response: Option<String>,
    /// Of contradictory: name, duplicate or boolean
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// A remark for whoever lists the faults
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tenants {
    /// Show all of them
    List,
    /// Make one, and show how it is reached
    Make {
        /// Its name [default: tenant-1 and so on]
        name: Option<String>,
        /// All chance comes from it
        #[arg(long, value_parser = values::seed)]
        seed: Option<u64>,
        /// A JSON file with what is assumed about MX
        #[arg(long, value_name = "FILE")]
        policy: Option<String>,
        /// Gone after so much real time, such as 10m
        #[arg(long, value_name = "TIME", value_parser = duration::parse)]
        ttl: Option<Duration>,
    },
    /// Take one out
    Delete {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Scenarios {
    /// Show all of them with their steps
    List,
    /// Live through one
    Run {
        /// Its name
        name: String,
        /// Whose microdeposits they are [default: the first user's]
        #[arg(long, value_name = "ID")]
        of_user: Option<String>,
    },
}
