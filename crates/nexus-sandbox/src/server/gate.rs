//! The gate before every request: whether it comes from where the route may be called from.
//!
//! A server on this machine can be reached by every page that a browser on this machine shows. Three things protect it: the
//! name in `Host` (a page whose own name was made to lead to 127.0.0.1 still sends that name), `Origin` and the browser's
//! `Sec-Fetch-Site` (who asks), and for changes the media type (a form can send none that is JSON). The gate looks at
//! headers only, before anything is read or done, and route by route: what says nothing has the strictest rule.

use std::fmt;

use crate::routes::Guard;
use crate::server::allowed::{HostName, Origin};

/// What the gate looks at. A header that is not there is `None`; one that is no text or comes twice is `?`, which fits nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Asking<'a> {
    pub(crate) method: &'a str,
    pub(crate) host: Option<&'a str>,
    /// The authority in the request line, where there is one; it counts as a second `Host`.
    pub(crate) authority: Option<&'a str>,
    pub(crate) origin: Option<&'a str>,
    pub(crate) fetch_site: Option<&'a str>,
    pub(crate) fetch_mode: Option<&'a str>,
    pub(crate) content_type: Option<&'a str>,
    /// Whether a body follows.
    pub(crate) body: bool,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    Host,
    Origin,
    Site,
    Media,
}

impl Refused {
    pub(crate) fn status(self) -> u16 {
        if self == Refused::Host { 421 } else { 403 }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refused::Host => {
                "Host must be 127.0.0.1, localhost or [::1] with this sandbox's port, or a name given with --host-name, \
                 which a proxy or a port mapping in between needs too."
            }
            Refused::Origin => "Origin must be absent or this sandbox's own. Nothing was done.",
            Refused::Site => {
                "Sec-Fetch-Site must be absent, same-origin or none: pages of other origins may not call this. \
                 --cors-origin opens the data and SSO API to one. Nothing was done."
            }
            Refused::Media => "Content-Type must be application/json (curl: --json). Nothing was done.",
        })
    }
}

/// Who may pass.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    /// The names of this machine, with the port.
    own: Vec<String>,
    names: Vec<HostName>,
    origins: Vec<Origin>,
}

impl Gate {
    pub(crate) fn new(port: u16, names: Vec<HostName>, origins: Vec<Origin>) -> Gate {
        let mut own = ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}")).to_vec();
        if port == 80 {
            // Clients leave out the port that goes without saying.
            own.extend(["127.0.0.1", "localhost", "[::1]"].map(str::to_owned));
        }
        Gate { own, names, origins }
    }

    /// Lets a request through, or says why not.
    pub(crate) fn pass(&self, guard: Guard, asking: &Asking<'_>) -> Result<(), Refused> {
        let host = asking.host.filter(|host| self.is_host(host)).ok_or(Refused::Host)?;
        if asking.authority.is_some_and(|authority| !authority.eq_ignore_ascii_case(host)) {
            return Err(Refused::Host);
        }
        match guard {
            Guard::Api if asking.origin.is_some_and(|origin| self.is_named(origin)) => Ok(()),
            // A program may send an Origin; a page of another origin is told by its browser's own header.
            Guard::Api => site(asking),
            Guard::Page if reads(asking) && asking.fetch_mode == Some("navigate") => Ok(()),
            Guard::Page | Guard::Strict => strict(asking, host),
        }
    }

    fn is_host(&self, host: &str) -> bool {
        self.own.iter().any(|own| own.eq_ignore_ascii_case(host)) || self.names.iter().any(|name| name.fits(host))
    }

    /// Whether this origin may use the data and SSO API from a page.
    pub(crate) fn is_named(&self, origin: &str) -> bool {
        self.origins.iter().any(|named| named.as_str() == origin)
    }

    /// Whether any origin may.
    pub(crate) fn names_origins(&self) -> bool {
        !self.origins.is_empty()
    }
}

fn reads(asking: &Asking<'_>) -> bool {
    matches!(asking.method, "GET" | "HEAD")
}

fn strict(asking: &Asking<'_>, host: &str) -> Result<(), Refused> {
    let own = |origin: &str| {
        let name = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        name.is_some_and(|name| name.eq_ignore_ascii_case(host))
    };
    if asking.origin.is_some_and(|origin| !own(origin)) {
        return Err(Refused::Origin);
    }
    site(asking)?;
    if asking.body && !reads(asking) && !asking.content_type.is_some_and(is_json) {
        return Err(Refused::Media);
    }
    Ok(())
}

fn site(asking: &Asking<'_>) -> Result<(), Refused> {
    match asking.fetch_site {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(Refused::Site),
    }
}

/// `application/json`, or a media type on top of it: no form can send either.
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
