//! The arguments that every command has: how it speaks, and whom it speaks to.

use std::time::Duration;

use clap::Args as ClapArgs;

use crate::duration;

#[derive(Debug, ClapArgs)]
pub(crate) struct Global {
    /// JSON instead of text: one document, or one per line for streams; errors too, on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Show account numbers, names, e-mails and tokens in full
    #[arg(long, global = true)]
    pub(crate) reveal: bool,
    /// `integration`, `production`, or an address
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "NEXUS_BASE_URL",
        hide_env_values = true,
        help_heading = "Connection"
    )]
    pub(crate) base_url: Option<String>,
    /// The address of the SSO API, where it is not MX's own or the base address
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "NEXUS_SSO_URL",
        hide_env_values = true,
        help_heading = "Connection"
    )]
    pub(crate) sso_url: Option<String>,
    /// The client's identifier at MX
    #[arg(
        long,
        global = true,
        value_name = "ID",
        env = "NEXUS_CLIENT_ID",
        hide_env_values = true,
        help_heading = "Connection"
    )]
    pub(crate) client_id: Option<String>,
    /// Your identifier of the user
    #[arg(
        long,
        global = true,
        value_name = "ID",
        env = "NEXUS_USER_ID",
        hide_env_values = true,
        help_heading = "Connection"
    )]
    pub(crate) user_id: Option<String>,
    /// Reads the API key from a file, or from standard input (-)
    #[arg(long, global = true, value_name = "FILE", help_heading = "Connection")]
    pub(crate) api_key_file: Option<String>,
    /// Reads a session token from a file, or from standard input (-)
    #[arg(long, global = true, value_name = "FILE", help_heading = "Connection")]
    pub(crate) session_token_file: Option<String>,
    /// The limit for each call in all, such as 30s [default: 60s]
    #[arg(long, global = true, value_name = "TIME", value_parser = duration::parse, help_heading = "Connection")]
    pub(crate) call_timeout: Option<Duration>,
}
