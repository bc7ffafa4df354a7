//! [`Serving`]: how a sandbox is served, and [`Notice`]: what its server has to say.

use std::fmt;
use std::time::Duration;

use crate::server::allowed::{HostName, Origin};

/// How to serve.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Serving {
    /// The port on 127.0.0.1 and \[::1\]; 0 takes a free one.
    pub port: u16,
    /// Whether the world's clock runs with the real one. Otherwise it moves only by
    /// [`World::advance`](crate::World::advance).
    pub real_time: bool,
    /// Names under which it may be called, beside 127.0.0.1, localhost and \[::1\] with its port; a proxy in between may hand on
    /// another port, so `127.0.0.1` may be one of them. A request for any other is
    /// refused with 421: otherwise a web page whose own name was made to lead to this machine could use it.
    pub host_names: Vec<HostName>,
    /// Origins whose pages may use the data and SSO API. None by default: MX's keys do not belong into web pages, and a sandbox
    /// that admitted them would hide the mistake.
    pub cors_origins: Vec<Origin>,
    /// How many connections there may be at once; one beyond is refused with 503. By default as many as three quarters of the
    /// files that this process may open, and at most 10,000.
    pub connections: Option<usize>,
    /// Whether to raise this process's own limit of open files as far as it may, up to 65,536. Off by default: it is
    /// the limit of the whole process.
    pub raise_open_files: bool,
    /// A request that has begun and does not end is given up after this time: two minutes by default. Programs send a request at
    /// once, so a person in a debugger hardly ever stops in the middle of one.
    pub request_timeout: Duration,
    /// A connection on which no request comes is closed after this time: 30 minutes by default, as long as a session
    /// lives, so that a program that stands in a debugger finds its connections as it left them.
    pub idle_timeout: Duration,
    /// Called by the server's thread with what it has to say.
    pub notify: Option<fn(&Notice)>,
    /// Called with a tenant's name and a line for each request of the API that the tenant's world gets, as
    /// [`World::log_to`](crate::World::log_to) gives them. The first world's name is `default`.
    pub log: Option<fn(&str, &str)>,
}

impl Default for Serving {
    fn default() -> Serving {
        Serving {
            port: 0,
            real_time: false,
            host_names: Vec::new(),
            cors_origins: Vec::new(),
            connections: None,
            raise_open_files: false,
            request_timeout: Duration::from_secs(120),
            idle_timeout: Duration::from_secs(30 * 60),
            notify: None,
            log: None,
        }
    }
}

/// What a server has to say to whoever started it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Connections are refused with 503, since there are so many. Said again only after half of them have ended.
    TooManyConnections {
        /// How many there may be.
        limit: usize,
    },
    /// This process has as many files open as it may: nobody can connect until some are closed.
    OutOfFiles,
    /// Another program has this port on \[::1\]: who calls `localhost` may reach that one.
    OnlyIpv4 {
        /// The port.
        port: u16,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::TooManyConnections { limit } => write!(
                f,
                "{limit} connections are open, as many as there may be: further ones are refused with 503 (see ulimit -n)"
            ),
            Notice::OutOfFiles => {
                f.write_str("no more files can be opened: nobody can connect for now (see ulimit -n)")
            }
            Notice::OnlyIpv4 { port } => {
                write!(f, "another program has port {port} on [::1]: call 127.0.0.1, since localhost may lead there")
            }
        }
    }
}
