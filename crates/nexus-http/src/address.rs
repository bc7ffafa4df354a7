//! Base addresses: https, or plain http to this machine alone.

use std::net::IpAddr;

use nexus_types::Error;
use ureq::http::Uri;

/// The data API of MX's integration environment (source: seeds).
pub const INTEGRATION_URL: &str = "https://int-data.moneydesktop.com";
/// The data API of MX's production environment (source: seeds).
pub const PRODUCTION_URL: &str = "https://data.moneydesktop.com";
/// The SSO API of MX's integration environment (source: `domain.md` 7.1).
pub const INTEGRATION_SSO_URL: &str = "https://int-sso.moneydesktop.com";
/// The SSO API of MX's production environment (source: `domain.md` 7.1).
pub const PRODUCTION_SSO_URL: &str = "https://sso.moneydesktop.com";

/// A base address that requests may be sent to, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    text: String,
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
        let loopback = is_loopback(authority.host());
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if loopback => {}
            Some("http") => return rule("must begin with https:// (plain http is for loopback only)"),
            _ => return rule("must begin with https://"),
        }
        Ok(Address { text: text.trim_end_matches('/').to_owned(), loopback })
    }

    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }

    pub(crate) fn is_https(&self) -> bool {
        self.text.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
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
    fn all_else_is_refused_and_not_repeated() {
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
        ];
        for text in bad {
            let error = Address::new("base_url", text).unwrap_err();
            assert_eq!(error.field(), Some("base_url"), "{text}");
            assert!(!error.to_string().contains("s3cret"));
        }
    }
}
