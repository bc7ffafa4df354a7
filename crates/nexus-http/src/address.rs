//! Base addresses: https, or plain http for loopback only.

use std::net::IpAddr;

use nexus_types::Error;
use ureq::http::Uri;

/// The data API of MX's integration environment (source: domain.md 1.0).
pub const INTEGRATION_URL: &str = "https://int-data.moneydesktop.com";
/// The data API of MX's production environment (source: domain.md 1.0).
pub const PRODUCTION_URL: &str = "https://data.moneydesktop.com";
/// The SSO API of MX's integration environment (source: domain.md 7.1).
pub const INTEGRATION_SSO_URL: &str = "https://int-sso.moneydesktop.com";
/// The SSO API of MX's production environment (source: domain.md 7.1).
pub const PRODUCTION_SSO_URL: &str = "https://sso.moneydesktop.com";

/// A base address in normal form: scheme and host in lower case, no default port, no dot after the host, no slash at the
/// end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    text: String,
    /// The length of the text before the path.
    origin: usize,
    loopback: bool,
}

impl Address {
    /// Takes `https://host[:port][/path]`, or the same with `http` where the host is this machine.
    pub(crate) fn new(field: &'static str, text: &str) -> Result<Address, Error> {
        let rule = |rule: &'static str| Err(Error::input(field, rule));
        let Ok(uri) = text.parse::<Uri>() else { return rule("must be an address such as https://host") };
        let Some(authority) = uri.authority() else { return rule("must be an address such as https://host") };
        if authority.as_str().contains('@') {
            return rule("must not hold a user name or password");
        }
        if text.contains(['?', '#']) {
            return rule("must not have a query or fragment");
        }
        let host = canonical(authority.host());
        if host.is_empty() {
            return rule("must be an address such as https://host");
        }
        let (scheme, usual) = match uri.scheme_str() {
            Some("https") => ("https", 443),
            Some("http") if is_loopback(&host) => ("http", 80),
            Some("http") => return rule("must begin with https:// (plain http is for loopback only)"),
            _ => return rule("must begin with https://"),
        };
        let port = match authority.as_str().get(authority.host().len()..) {
            None | Some("" | ":") => usual,
            Some(_) => match authority.port_u16() {
                Some(port) if port > 0 => port,
                _ => return rule("must have a port from 1 to 65535, or none"),
            },
        };
        let port = if port == usual { String::new() } else { format!(":{port}") };
        let mut text = format!("{scheme}://{host}{port}");
        let origin = text.len();
        text.push_str(uri.path().trim_end_matches('/'));
        Ok(Address { loopback: is_loopback(&host), text, origin })
    }

    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }

    pub(crate) fn is_https(&self) -> bool {
        self.text.starts_with("https://")
    }

    /// Scheme, host and port, without the path.
    pub(crate) fn origin(&self) -> &str {
        self.text.get(..self.origin).unwrap_or(&self.text)
    }

    #[cfg(test)]
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// The host in normal form.
fn canonical(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => host.to_owned(),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_constants_and_loopback() {
        let good = [
            INTEGRATION_URL,
            PRODUCTION_URL,
            INTEGRATION_SSO_URL,
            PRODUCTION_SSO_URL,
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:1",
            "http://localhost:80/",
            "https://proxy.example/mx/",
        ];
        for text in good {
            let address = Address::new("base_url", text).unwrap();
            assert!(!address.join("/sessions").contains("//sessions"), "{text}");
        }
        assert!(!Address::new("base_url", PRODUCTION_URL).unwrap().is_loopback());
    }

    #[test]
    fn base_address_has_one_normal_form() {
        for (text, form, origin) in [
            ("https://INT-DATA.moneydesktop.com", INTEGRATION_URL, INTEGRATION_URL),
            ("https://int-data.moneydesktop.com:443/", INTEGRATION_URL, INTEGRATION_URL),
            ("HTTPS://int-data.moneydesktop.com.:00443//", INTEGRATION_URL, INTEGRATION_URL),
            ("https://int-data.moneydesktop.com:", INTEGRATION_URL, INTEGRATION_URL),
            ("https://data.moneydesktop.com/MX/", "https://data.moneydesktop.com/MX", PRODUCTION_URL),
            (
                "https://data.moneydesktop.com:8443",
                "https://data.moneydesktop.com:8443",
                "https://data.moneydesktop.com:8443",
            ),
            ("http://LOCALHOST:80/", "http://localhost", "http://localhost"),
            ("http://localhost:443", "http://localhost:443", "http://localhost:443"),
            ("http://[0:0::1]:80/a", "http://[::1]/a", "http://[::1]"),
        ] {
            let address = Address::new("base_url", text).unwrap();
            assert_eq!((address.as_str(), address.origin()), (form, origin), "{text}");
            assert_eq!(Address::new("base_url", form).unwrap(), address, "{text}");
        }
    }

    #[test]
    fn base_address_refuses_other_texts_without_repeating_them() {
        let bad = [
            "",
            "host",
            "/path",
            "ftp://127.0.0.1",
            "http://data.moneydesktop.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://0.0.0.0",
            "https://user:s3cret@host",
            "https://host?token=s3cret",
            "https://host/#x",
            "https://",
            "https://ho st",
            "https://host:0",
            "https://.",
            "https://:443",
            "https://host:65536",
            "https://host:443x",
        ];
        for text in bad {
            let error = Address::new("base_url", text).unwrap_err();
            assert_eq!(error.field(), Some("base_url"), "{text}");
            assert!(!error.to_string().contains("s3cret"));
        }
    }
}
