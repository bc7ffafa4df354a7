//! [`Literal`]: addresses that are numbers already.
//!
//! ureq looks up the host before every request, also for a connection that it has kept, and where there is a time limit it
//! starts a thread for that. For `127.0.0.1` there is nothing to look up, and the thread cost more than the whole request.

use std::net::{IpAddr, SocketAddr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Takes an IP address as it stands, and asks the system for every name, within the time limit.
#[derive(Debug, Default)]
pub(crate) struct Literal {
    system: DefaultResolver,
}

impl Resolver for Literal {
    fn resolve(&self, uri: &Uri, config: &Config, time: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let Some(address) = literal(uri) else { return self.system.resolve(uri, config, time) };
        let mut found = self.empty();
        found.push(address);
        Ok(found)
    }
}

fn literal(uri: &Uri) -> Option<SocketAddr> {
    let host = uri.host()?;
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let address: IpAddr = bare.parse().ok()?;
    let port = match uri.scheme_str() {
        Some("https") => 443,
        Some("http") => 80,
        _ => return None,
    };
    Some(SocketAddr::new(address, uri.port_u16().unwrap_or(port)))
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
