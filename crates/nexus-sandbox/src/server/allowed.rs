//! [`HostName`] and [`Origin`]: names that a sandbox may be told to trust.

use std::fmt;

use nexus_types::InputError;

/// A name under which a sandbox may be called, beside 127.0.0.1, localhost and \[::1\]: `sandbox.test`, or with a port
/// `sandbox.test:8080`. Without one, every port fits: a proxy or a port mapping may have another than the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName {
    name: String,
    port: Option<u16>,
}

impl HostName {
    /// Reads one.
    ///
    /// # Errors
    /// When it is no name of a host, with or without a port.
    pub fn new(text: &str) -> Result<HostName, InputError> {
        let rule = || InputError::new("host_name", "must be a host's name, such as sandbox.test or sandbox.test:8080");
        let (name, port) = split(text).ok_or_else(rule)?;
        Ok(HostName { name: name.to_ascii_lowercase(), port })
    }

    /// Whether this is what a header `Host` names.
    pub(crate) fn fits(&self, host: &str) -> bool {
        let given = split(host);
        given.is_some_and(|(name, port)| {
            name.eq_ignore_ascii_case(&self.name) && (self.port.is_none() || self.port == port)
        })
    }
}

/// An origin of web pages, as a browser names it: `http://localhost:3000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads one.
    ///
    /// # Errors
    /// When it is not a scheme (http or https), a host and perhaps a port. `*` and `null` are nobody's name.
    pub fn new(text: &str) -> Result<Origin, InputError> {
        let rule = || {
            InputError::new("cors_origin", "must be an origin, such as http://localhost:3000, without a path; not *")
        };
        let (scheme, rest) = text.split_once("://").ok_or_else(rule)?;
        let scheme = scheme.to_ascii_lowercase();
        let usual = match &*scheme {
            "http" => 80,
            "https" => 443,
            _ => return Err(rule()),
        };
        let (name, port) = split(rest).ok_or_else(rule)?;
        let port = port.filter(|port| *port != usual).map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Origin(format!("{scheme}://{}{port}", name.to_ascii_lowercase())))
    }

    /// As a browser writes it in the header `Origin`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A host and its port; none for what is no host.
fn split(text: &str) -> Option<(&str, Option<u16>)> {
    let end = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':').unwrap_or(text.len()) };
    let (name, rest) = text.split_at_checked(end)?;
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => None,
        None => return None,
        Some(port) => Some(port.parse().ok().filter(|_| port.bytes().all(|byte| byte.is_ascii_digit()))?),
    };
    let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let fits = match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)),
    };
    (fits && !name.is_empty() && name.len() <= 253).then_some((name, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_fits_every_port_or_its_own() {
        let any = HostName::new("Sandbox.test").unwrap();
        for host in ["sandbox.test", "SANDBOX.test:1", "sandbox.test:65535"] {
            assert!(any.fits(host), "{host}");
        }
        for host in
            ["", "sandbox.test.evil.example", "evil.example", "sandbox.test:x", "sandbox.test:65536", "sandbox.test:+1"]
        {
            assert!(!any.fits(host), "{host}");
        }
        let one = HostName::new("sandbox.test:8080").unwrap();
        assert!(one.fits("sandbox.test:8080") && !one.fits("sandbox.test:8081") && !one.fits("sandbox.test"));
        assert!(HostName::new("[fe80::1]:80").unwrap().fits("[fe80::1]:80"));
        for bad in ["", "*", "a b", "http://a", "a/b", "a:b", ":80", "[::1", "[x]", "a@b", "a,b", "ä.test"] {
            assert!(HostName::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        let written = |text| Origin::new(text).map(|origin| origin.to_string()).ok();
        for (given, wanted) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("HTTP://LocalHost:80", "http://localhost"),
            ("https://app.example:443", "https://app.example"),
            ("https://app.example:80", "https://app.example:80"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(written(given).as_deref(), Some(wanted));
        }
        for bad in [
            "*",
            "null",
            "localhost:3000",
            "http://*",
            "http://",
            "http://a/",
            "http://a/b",
            "http://u@a",
            "file://a",
            "http://a b",
        ] {
            assert_eq!(written(bad), None, "{bad}");
        }
    }
}
