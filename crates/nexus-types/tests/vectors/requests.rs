//! `requests.json`: the request of each operation.

use std::collections::BTreeSet;

use nexus_types::{ApiKey, ApiToken, Host, Operation, SessionToken};
use serde::Deserialize;
use serde_json::Value;

use crate::cases::load;
use crate::operations::{Input, build};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    operation: String,
    input: Input,
    method: String,
    host: String,
    path: String,
    headers: Vec<(String, String)>,
    auth_header: String,
    media_type: String,
    body: Option<String>,
    documented_body: Option<String>,
    secret_example: Option<String>,
}

#[test]
fn requests() {
    let mut operations = BTreeSet::new();
    for (id, case) in load::<Case>("requests") {
        let request = build(&case.operation, &case.input).request;
        operations.insert(request.operation.name());
        assert_eq!(request.operation.name(), case.operation, "{id}");
        assert_eq!(request.method.as_str(), case.method, "{id}");
        let host = match request.host {
            Host::Data => "data",
            Host::Sso => "sso",
        };
        assert_eq!(host, case.host, "{id}");
        assert_eq!(request.path, case.path, "{id}");
        assert_eq!(request.media_type, case.media_type, "{id}");
        assert_eq!(request.auth.header_name(), case.auth_header, "{id}");
        let headers: Vec<_> = request.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        assert_eq!(headers, case.headers, "{id}");
        let body = request.body.as_deref().map(|bytes| std::str::from_utf8(bytes).unwrap());
        assert_eq!(body, case.body.as_deref(), "{id}");
        if let Some(documented) = case.documented_body {
            let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            assert_eq!(json(&documented), json(body.unwrap()), "{id}");
        }
        let guid = request.guid.as_ref().map(|guid| guid.as_str().to_owned());
        assert_eq!(guid, case.input.guid, "{id}");

        let shown = format!("{request:?}");
        for private in [&case.input.account_number, &case.input.routing_number, &case.input.email] {
            assert!(private.is_empty() || !shown.contains(private), "{id}: {shown}");
        }
        if let Some(secret) = case.secret_example {
            let shown = match case.auth_header.as_str() {
                "MD-SESSION-TOKEN" => format!("{:?}", SessionToken::new(secret.as_str()).unwrap()),
                "MD-API-TOKEN" => format!("{:?}", ApiToken::new(secret.as_str()).unwrap()),
                _ => format!("{:?}", ApiKey::new(secret.as_str()).unwrap()),
            };
            assert!(!shown.contains(&secret), "{id}");
        }
    }
    assert_eq!(operations, Operation::ALL.iter().map(|operation| operation.name()).collect(), "every operation");
}
