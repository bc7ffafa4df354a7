//! The command line: its arguments and their help texts.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use nexus_sandbox::{EmbedOrigin, HostName, Origin};

use crate::answers;
use crate::compare::Compare;
use crate::duration;
use crate::exit::Exit;
use crate::global::Global;
use crate::lab_args::{Lab, Why};
use crate::values::{self, AccountType};

/// Verify that a person owns a bank account, by MX's Nexus microdeposits.
///
/// Try it without any account: `nexus demo`.
#[derive(Debug, Parser)]
#[command(name = "nexus", version, propagate_version = true, after_help = after_help(), max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

fn after_help() -> String {
    format!(
        "Secrets never come by argument:\n  \
         NEXUS_SESSION_TOKEN or --session-token-file, or NEXUS_API_KEY or --api-key-file with client and user id;\n  \
         the account number by --account-number-file, or a prompt. FILE may be - for standard input.\n\n{}",
        Exit::help()
    )
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Watch a bank account being verified, against a sandbox inside this program
    Demo,
    /// Imitate the Nexus API on this machine until interrupted
    Sandbox(Sandbox),
    /// Receive webhooks on this machine
    #[command(subcommand)]
    Webhook(Webhook),
    /// Move a running sandbox, look into it, break it
    Lab(Lab),
    /// Say why a microdeposit of a sandbox is where it is, and what comes next
    Why(Why),
    /// Hold one conversation with the sandbox and with MX or another address, and say what differs, and which switch of the
    /// sandbox's policy explains it
    ///
    /// It sends about 40 requests there, and makes about a dozen microdeposits of test accounts for the user that the
    /// environment names. Take the integration environment and a user made for it. Nothing personal is shown or kept.
    #[command(after_long_help = crate::compare::help())]
    Compare(Compare),
    /// Create a microdeposit
    Create(Create),
    /// Create a microdeposit whose account details the person gives in the Connect Widget
    Preinitiate(Person),
    /// List the user's microdeposits
    List {
        /// Only those with this status; its name or number
        #[arg(long, value_name = "STATUS")]
        status: Option<String>,
    },
    /// Read one microdeposit; forces MX to update its status
    Read {
        /// The microdeposit's guid
        guid: String,
    },
    /// Submit the two amounts and report the verdict; three wrong submissions lock the microdeposit
    Verify(Verify),
    /// Wait until the deposits are there, or until a status
    Wait(Wait),
    /// Open a session, or show the one in use
    Session,
    /// Get an address of the Connect Widget in verification mode; it works once, for ten minutes
    WidgetUrl {
        /// The microdeposit to go on with
        guid: Option<String>,
    },
    /// Say what a status means and what can be done; all of them without STATUS
    Explain {
        /// Its name or number
        status: Option<String>,
    },
    /// Write completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual page, or the pages of every command into a folder
    Man {
        /// Writes nexus.1, nexus-create.1 and so on into this folder, which is made if need be
        #[arg(long, value_name = "FOLDER")]
        dir: Option<PathBuf>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Sandbox {
    /// The port on 127.0.0.1 and `[::1]`; 0 takes a free one
    #[arg(long, default_value_t = 0, value_parser = values::port)]
    pub(crate) port: u16,
    /// All chance comes from it
    #[arg(long, default_value_t = 0, value_parser = values::seed)]
    pub(crate) seed: u64,
    /// Which environment to imitate
    #[arg(long, value_enum, default_value_t = Profile::Integration)]
    pub(crate) profile: Profile,
    /// Let the clock run by itself; otherwise it moves only by POST /_sandbox/advance
    #[arg(long)]
    pub(crate) real_time: bool,
    /// A JSON file with what is assumed about MX, where it differs from the default; or a whole policy: `default`, `documented` or `observed`
    #[arg(long, value_name = "FILE|PRESET")]
    pub(crate) policy: Option<String>,
    /// List the fields of a policy, with their defaults and what they decide, and end
    #[arg(long)]
    pub(crate) policy_help: bool,
    /// Write a line for each request to standard error, masked: whose, what was asked for, the status, and why
    #[arg(long)]
    pub(crate) log: bool,
    /// Send webhook events to this address: https anywhere, http on this machine. May be given again
    #[arg(long, value_name = "URL", help_heading = "Webhooks")]
    pub(crate) webhook: Vec<String>,
    /// How webhooks show who sends them, a JSON object such as {"type":"basic","username":"...","password":"..."}: reads it
    /// from a file, or from standard input (-); without it, NEXUS_WEBHOOK_AUTH
    #[arg(long, value_name = "FILE", help_heading = "Webhooks")]
    pub(crate) webhook_auth_file: Option<String>,
    /// The certificates, in PEM form, by which a receiver's own is checked, instead of the usual ones
    #[arg(long, value_name = "FILE", help_heading = "Webhooks")]
    pub(crate) webhook_ca_file: Option<String>,
    /// Allow webhooks without TLS to this host as well, in a network of containers for example. May be given again
    #[arg(long, value_name = "NAME", help_heading = "Webhooks")]
    pub(crate) webhook_host: Vec<String>,
    /// A name under which it may be called, beside 127.0.0.1, localhost and `[::1]`: NAME, or NAME:PORT; may be repeated
    #[arg(long, value_name = "NAME", value_parser = values::host_name)]
    pub(crate) host_name: Vec<HostName>,
    /// An origin whose web pages may use the data and SSO API, such as http://localhost:3000; may be repeated
    #[arg(long, value_name = "ORIGIN", value_parser = values::origin)]
    pub(crate) cors_origin: Vec<Origin>,
    /// The origin of a page that may show the widget in a frame, beside those on loopback; may be repeated
    #[arg(long, value_name = "ORIGIN", value_parser = values::embed_origin)]
    pub(crate) embed_origin: Vec<EmbedOrigin>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Webhook {
    /// Print each webhook event that arrives, masked, and answer as told, until interrupted
    ///
    /// Start it, then a sandbox that sends there: `nexus sandbox --webhook http://127.0.0.1:9000/`. What arrives is what MX
    /// would send, as far as MX has documented it: nothing in it proves who sent it, and it may come late, twice, in another
    /// order, or not at all.
    Listen(Listen),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Listen {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0, value_parser = values::port)]
    pub(crate) port: u16,
    /// The HTTP statuses of the answers one after the other, the last one again and again, such as 500x3,204
    #[arg(long, value_name = "STATUSES", default_value = "204", value_parser = answers::parse)]
    pub(crate) answer: answers::Answers,
    /// Refuse with 401 whoever has not this user name and password: reads USER:PASSWORD from a file, or from standard input
    /// (-); without it, NEXUS_WEBHOOK_BASIC, and without that nobody is refused
    #[arg(long, value_name = "FILE")]
    pub(crate) basic_file: Option<String>,
    /// Take so many milliseconds to answer
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0, value_parser = values::milliseconds)]
    pub(crate) delay: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Profile {
    /// Documented test values; deposits in two minutes
    Integration,
    /// Deposits in 12 to 36 hours, random amounts
    Production,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Person {
    /// 1 to 50 characters
    #[arg(long, value_name = "NAME")]
    pub(crate) first_name: String,
    /// 1 to 50 characters
    #[arg(long, value_name = "NAME")]
    pub(crate) last_name: String,
    /// The person's e-mail address
    #[arg(long)]
    pub(crate) email: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Create {
    #[command(flatten)]
    pub(crate) person: Person,
    /// Nine digits
    #[arg(long, value_name = "NUMBER")]
    pub(crate) routing_number: String,
    /// The type of the account
    #[arg(long, value_enum)]
    pub(crate) account_type: AccountType,
    /// A name for the account, 1 to 50 characters
    #[arg(long, value_name = "NAME")]
    pub(crate) account_name: Option<String>,
    /// Reads the account number from a file, or from standard input (-); without it, a prompt asks
    #[arg(long, value_name = "FILE")]
    pub(crate) account_number_file: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Verify {
    /// The microdeposit's guid
    pub(crate) guid: String,
    /// The first deposit in dollars, such as 0.09
    pub(crate) amount_1: String,
    /// The second deposit in dollars
    pub(crate) amount_2: String,
    /// Do not wait for the outcome where the server judges later; otherwise up to the limit for the call
    #[arg(long)]
    pub(crate) no_wait: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Wait {
    /// The microdeposit's guid
    pub(crate) guid: String,
    /// Wait for this status [default: until something can be done, or nothing more]
    #[arg(long, value_name = "STATUS")]
    pub(crate) until: Option<String>,
    /// How long at most, such as 90s, 15m, 36h or 3d
    #[arg(long, default_value = "3d", value_parser = duration::parse)]
    pub(crate) timeout: Duration,
    /// A fixed time between two reads
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) every: Option<Duration>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }
}
