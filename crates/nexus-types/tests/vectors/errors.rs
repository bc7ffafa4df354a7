//! `errors.json`: responses with an HTTP status that is not 2xx.

use nexus_types::{ErrorGroup, Response};
use serde::Deserialize;

use crate::cases::load;
use crate::operations::{Input, build};
use crate::responses::never_repeats;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    operation: String,
    http: u16,
    body: String,
    kind: String,
    code: Option<u32>,
    field: Option<String>,
    outcome_unknown: bool,
}

#[test]
fn errors() {
    for (id, case) in load::<Case>("errors") {
        let built = build(&case.operation, &Input::any());
        let error = (built.parse)(&Response::new(case.http, case.body.as_str())).unwrap_err();
        assert_eq!(error.kind().group(), ErrorGroup::Api, "{id}");
        assert_eq!(error.kind().name(), case.kind, "{id}");
        assert_eq!(error.http_status(), Some(case.http), "{id}");
        assert_eq!(error.server_code(), case.code, "{id}");
        assert_eq!(error.field(), case.field.as_deref(), "{id}");
        assert_eq!(error.outcome_unknown(), case.outcome_unknown, "{id}");
        assert_eq!(error.operation().map(|operation| operation.name()), Some(case.operation.as_str()), "{id}");
        assert_eq!(error.guid(), built.request.guid.as_ref(), "{id}");
        never_repeats(&id, &error, &case.body);
    }
}
