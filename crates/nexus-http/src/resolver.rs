//! [`Resolver`]: resolves the host of a URL for ureq.
//!
//! ureq resolves the host before every request, even for a kept connection. Its own resolver starts a thread each time and
//! panics if it cannot. This one returns an IP address at once and looks a name up in [`Names`].

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use nexus_types::TransportCause;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver as UreqResolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration;

use crate::interrupt::Interrupts;
use crate::names::Names;

/// ureq takes no more addresses of one name.
const ADDRESSES: usize = 16;

/// Returns an IP address as it is, and looks a name up within the time limit.
#[derive(Clone, Default)]
pub(crate) struct Resolver {
    /// A test's own names instead of the process's.
    own: Option<Names>,
    /// What may end a lookup, or an attempt to connect to what was found.
    pub(crate) interrupts: Interrupts,
}

impl Resolver {
    #[cfg(test)]
    pub(crate) fn with(names: Names) -> Resolver {
        Resolver { own: Some(names), ..Resolver::default() }
    }

    /// The process's names, for a client that can be cancelled.
    pub(crate) fn interrupted_by(interrupts: Interrupts) -> Resolver {
        Resolver { interrupts, own: None }
    }

    /// Forgets the host's addresses, so that it is looked up again.
    pub(crate) fn forget(&self, uri: &Uri) {
        if let Some(host) = uri.host().filter(|_| literal(uri).is_none()) {
            self.names().forget(&host.to_ascii_lowercase());
        }
    }

    fn names(&self) -> &Names {
        self.own.as_ref().unwrap_or_else(|| Names::of_this_process())
    }
}

impl UreqResolver for Resolver {
    fn resolve(&self, uri: &Uri, _: &Config, time: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut found = self.empty();
        if let Some(address) = literal(uri) {
            found.push(address);
            return Ok(found);
        }
        let (Some(host), Some(port)) = (uri.host(), port(uri)) else { return Err(ureq::Error::HostNotFound) };
        let time = match time.after {
            Duration::Exact(time) => Some(time),
            Duration::NotHappening => None,
        };
        let addresses = self.names().addresses(&host.to_ascii_lowercase(), time, &self.interrupts);
        let addresses = addresses.map_err(|cause| ureq::Error::Other(Box::new(Unresolved(cause))))?;
        for address in addresses.iter().take(ADDRESSES) {
            let mut address = *address;
            address.set_port(port);
            found.push(address);
        }
        Ok(found)
    }
}

/// Why a name has no address.
#[derive(Debug)]
pub(crate) struct Unresolved(pub(crate) TransportCause);

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unresolved {}

fn literal(uri: &Uri) -> Option<SocketAddr> {
    let host = uri.host()?;
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let address: IpAddr = bare.parse().ok()?;
    Some(SocketAddr::new(address, port(uri)?))
}

fn port(uri: &Uri) -> Option<u16> {
    let usual = match uri.scheme_str() {
        Some("https") => 443,
        Some("http") => 80,
        _ => return None,
    };
    Some(uri.port_u16().unwrap_or(usual))
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_nothing_else() {
        for (uri, address) in [
            ("http://127.0.0.1:8080/a", Some("127.0.0.1:8080")),
            ("http://127.0.0.1/a", Some("127.0.0.1:80")),
            ("https://[::1]/a", Some("[::1]:443")),
            ("https://[::1]:8443/a", Some("[::1]:8443")),
            ("http://localhost:8080/a", None),
            ("https://data.moneydesktop.com/", None),
            ("http://127.1:8080/a", None),
            ("socks5://127.0.0.1/", None),
        ] {
            let found = literal(&uri.parse().unwrap()).map(|address| address.to_string());
            assert_eq!(found.as_deref(), address, "{uri}");
        }
    }
}
