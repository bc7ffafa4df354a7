//! Where a sandbox may be: on this machine, or where somebody has named it. Never at MX.

use ureq::http::Uri;

use crate::failure::Failure;

const FIELD: &str = "sandbox_url";
/// MX's own hosts end with these.
const MX: [&str; 2] = ["moneydesktop.com", "mx.com"];

/// The address without a slash at its end. Plain http goes to this machine, and to the host `named`.
pub(crate) fn checked(text: &str, named: Option<&str>) -> Result<String, Failure> {
    let form = || Failure::input(FIELD, "must be an address such as http://127.0.0.1:8080");
    let uri: Uri = text.parse().map_err(|_| form())?;
    let authority = uri.authority().ok_or_else(form)?;
    if authority.as_str().contains('@') || text.contains(['?', '#']) {
        return Err(Failure::input(FIELD, "must not hold a user name, password, query or fragment"));
    }
    let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
    if MX.iter().any(|own| host == *own || host.ends_with(&format!(".{own}"))) {
        return Err(Failure::input(FIELD, "is MX's own: this is for a sandbox only"));
    }
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback(&host) || named.is_some_and(|named| named.eq_ignore_ascii_case(&host)) => {}
        Some("http") => {
            return Err(Failure::input(FIELD, "is plain http to another machine: name that with --sandbox-host"));
        }
        _ => return Err(form()),
    }
    Ok(text.trim_end_matches('/').to_owned())
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_what_is_named_and_never_mx() {
        for good in ["http://127.0.0.1:8080/", "http://localhost:1", "http://[::1]:8080", "https://sandbox.test"] {
            assert_eq!(checked(good, None).unwrap(), good.trim_end_matches('/'));
        }
        assert!(checked("http://sandbox:8080", Some("Sandbox")).is_ok());
        for (bad, words) in [
            ("http://sandbox:8080", "--sandbox-host"),
            ("https://int-data.moneydesktop.com", "MX's own"),
            ("https://INT-DATA.moneydesktop.com./", "MX's own"),
            ("http://a:b@127.0.0.1", "user name"),
            ("http://127.0.0.1/?a", "query"),
            ("ftp://127.0.0.1", "such as"),
            ("integration", "such as"),
            ("333312345", "such as"),
        ] {
            let text = checked(bad, None).unwrap_err().text();
            assert!(text.contains(words) && !text.contains("3333"), "{bad}: {text}");
        }
        assert!(checked("http://other:8080", Some("sandbox")).is_err());
        assert!(checked("http://data.moneydesktop.com", Some("data.moneydesktop.com")).is_err());
    }
}
