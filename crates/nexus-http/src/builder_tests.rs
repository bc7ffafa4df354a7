//! Tests of the builder's settings.

use super::*;

fn sso(base_url: &str) -> ClientBuilder {
    let key = ApiKey::new("key").unwrap();
    Client::builder(base_url).sso(ClientId::new("client").unwrap(), UserId::new("user").unwrap(), key)
}

#[test]
fn mx_own_addresses_are_known_however_they_are_written() {
    for (base_url, sso_url, environment) in [
        (INTEGRATION_URL, INTEGRATION_SSO_URL, Environment::Integration),
        ("https://INT-DATA.moneydesktop.com", INTEGRATION_SSO_URL, Environment::Integration),
        ("https://int-data.moneydesktop.com:443/", INTEGRATION_SSO_URL, Environment::Integration),
        ("https://int-data.moneydesktop.com./a", INTEGRATION_SSO_URL, Environment::Integration),
        ("https://Data.MoneyDesktop.com:443", PRODUCTION_SSO_URL, Environment::Production),
        ("https://other.example:8443/mx/", "https://other.example:8443/mx", Environment::Production),
        ("http://127.0.0.1:80/", "http://127.0.0.1", Environment::Integration),
    ] {
        let client = sso(base_url).build().unwrap();
        let settings = &client.shared.settings;
        let Credentials::Sso(sso) = &settings.credentials else { panic!("SSO") };
        assert_eq!((sso.address.as_str(), settings.environment), (sso_url, environment), "{base_url}");
    }
}

#[test]
fn a_timeout_counts_whether_it_comes_before_the_limits_or_after() {
    let (limits, second) = (Limits { reconcile: Duration::ZERO, ..Limits::default() }, Duration::from_secs(1));
    for builder in
        [sso(INTEGRATION_URL).timeout(second).limits(limits), sso(INTEGRATION_URL).limits(limits).timeout(second)]
    {
        let client = builder.build().unwrap();
        assert_eq!(client.shared.settings.limits, Limits { call: second, ..limits });
    }
}
