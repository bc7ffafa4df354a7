//! Tests of requests and of parsing their responses.

use super::*;
use crate::account::{AccountName, AccountNumber, AccountType};
use crate::amount::DepositAmount;
use crate::error::{ApiProblem, ErrorKind};
use crate::person::Person;
use crate::routing::RoutingNumber;

fn person() -> Person {
    Person::new("Josh", "James", "example@example.com").unwrap()
}

fn create() -> Create {
    let routing = RoutingNumber::new("091000019").unwrap();
    Create::new(person(), routing, AccountNumber::new("333312345").unwrap(), AccountType::Checking)
}

fn guid() -> MicrodepositGuid {
    MicrodepositGuid::new("MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb").unwrap()
}

fn verify() -> Verify {
    let amount = DepositAmount::from_cents(9).unwrap();
    Verify::new(guid(), amount, amount)
}

fn text(request: &Request) -> String {
    String::from_utf8(request.body.as_deref().cloned().unwrap_or_default()).unwrap()
}

#[test]
fn bodies_are_the_documented_ones() {
    let named = create().with_account_name(AccountName::new("My Test Account").unwrap());
    assert_eq!(
        text(&named.request()),
        r#"{"micro_deposit":{"first_name":"Josh","last_name":"James","email":"example@example.com","account_name":"My Test Account","account_number":"333312345","account_type_name":"CHECKING","routing_number":"091000019"}}"#
    );
    assert!(!text(&create().request()).contains("account_name"));
    assert_eq!(
        text(&Preinitiate::new(person()).request()),
        r#"{"micro_deposit":{"first_name":"Josh","last_name":"James","email":"example@example.com"}}"#
    );
    assert_eq!(text(&verify().request()), r#"{"deposit_amount_1":0.09,"deposit_amount_2":0.09}"#);
    assert_eq!(text(&OpenSession::new().request()), r#"{"session":{"skip_aggregation":true}}"#);
    let widget = WidgetUrl::new(ClientId::new("mx").unwrap(), UserId::new("u/1").unwrap(), Some(guid())).request();
    assert_eq!(
        text(&widget),
        r#"{"url":{"type":"connect_widget","mode":"verification","current_microdeposit_guid":"MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb","ui_message_version":4}}"#
    );
    assert_eq!(widget.path, "/mx/users/u%2F1/urls.json");
}

#[test]
fn a_request_shows_no_secret() {
    let shown = format!("{:?} {:?} {:?}", create(), create().request(), Response::new(200, "333312345"));
    for secret in ["333312345", "091000019", "Josh", "James", "example@"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn a_body_is_written_in_one_piece_of_memory() {
    let long = Person::new("\"".repeat(50), "é".repeat(50), format!("{}@example.com", "a".repeat(200))).unwrap();
    let widget = WidgetUrl::new(ClientId::new("mx").unwrap(), UserId::new("u").unwrap(), Some(guid()));
    let requests = [
        create().request(),
        Preinitiate::new(long).request(),
        verify().request(),
        OpenSession::new().request(),
        widget.request(),
    ];
    for request in requests {
        let body = request.body.unwrap();
        // Exactly the room that was asked for at first: it has not grown, so nothing was left behind.
        assert_eq!(body.capacity(), body.len(), "{:?}", request.operation);
    }
}

#[test]
fn a_body_that_was_given_is_not_copied() {
    let body = b"{}".to_vec();
    let place = body.as_ptr();
    assert_eq!(Response::new(200, body).body.as_ptr(), place);
}

#[test]
fn amounts_in_a_response_are_not_printed() {
    let amounts = [DepositAmount::from_cents(31).unwrap(), DepositAmount::from_cents(47).unwrap()];
    let verify = Verify::new(guid(), amounts[0], amounts[1]);
    let shown = format!("{verify:?} {:?} {amounts:?} {verify:#?}", verify.request());
    assert!(!shown.contains("31") && !shown.contains("47"), "{shown}");
    assert!(shown.contains(guid().as_str()), "{shown}");
}

#[test]
fn only_a_clear_refusal_leaves_the_outcome_known() {
    for status in 100u16..600 {
        if (200..300).contains(&status) {
            continue;
        }
        let response = Response::new(status, "");
        let error = verify().parse(&response).unwrap_err();
        // 401 proves it; the others are assumed to be given before anything is done, and say so.
        let refused = [400, 401, 403, 404, 413, 415, 422, 429];
        let assumed = (status != 401 && refused.contains(&status)).then_some(crate::Assumption::RefusedBeforeActing);
        assert_eq!(error.assumption(), assumed, "{status}");
        assert_eq!(error.outcome_unknown(), !refused.contains(&status), "{status}");
        assert_eq!((error.http_status(), error.guid()), (Some(status), Some(&guid())));
        assert!(!List::new().parse(&response).unwrap_err().outcome_unknown(), "a read changes nothing");
    }
    let cut = Response::new(200, r#"{"micro_deposit":{"guid":"MIC-"#);
    let error = create().parse(&cut).unwrap_err();
    assert!(error.outcome_unknown() && error.kind() == ErrorKind::NotJson, "{error}");
}

#[test]
fn response_with_another_record_is_refused() {
    let other = Response::new(200, r#"{"micro_deposit":{"guid":"MIC-other","status":3}}"#);
    let error = verify().parse(&other).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::AnotherRecord, true));
    let error = Read::new(guid()).parse(&other).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::AnotherRecord, false));
    let shouted = format!(r#"{{"micro_deposit":{{"guid":"{}","status":3}}}}"#, guid().as_str().to_uppercase());
    assert!(verify().parse(&Response::new(200, shouted)).is_ok(), "the same, but for the case of its letters");
}

#[test]
fn error_bodies_in_all_their_forms() {
    let cases = [
        (400, r#"{"error":{"code":4001,"message":"routing_number is missing"}}"#, Some(4001), Some("routing_number")),
        (400, r#"{"error":{"code":"4001","message":"x"}}"#, Some(4001), None),
        (400, r#"{"code":4001,"message":"deposit_amount_1 must be a number"}"#, Some(4001), Some("deposit_amount_1")),
        (400, r#"{"errors":[{"code":4002,"message":"email"}]}"#, Some(4002), Some("email")),
        (401, r#"{"error":{"code":4011}}"#, Some(4011), None),
        (409, r#"{"error":{"code":4090,"message":"not possible in this status"}}"#, Some(4090), None),
        (401, "", None, None),
        (500, "<html>oops</html>", None, None),
        (400, r#"{"error":{"code":4001,"mess"#, None, None),
        (400, r#"{"error":{"code":333312345,"message":"333312345"}}"#, None, None),
        (400, r#"["x"]"#, None, None),
        (400, "4001", None, None),
    ];
    for (status, body, code, field) in cases {
        let error = List::new().parse(&Response::new(status, body)).unwrap_err();
        assert_eq!((error.server_code(), error.field()), (code, field), "{body}");
        assert!(!format!("{error} {error:?}").contains("333312345"));
    }
}

#[test]
fn statuses_are_judged_by_number_alone() {
    let cases = [
        (400, ApiProblem::BadRequest),
        (401, ApiProblem::Unauthorized),
        (403, ApiProblem::Forbidden),
        (404, ApiProblem::NotFound),
        (409, ApiProblem::Conflict),
        (418, ApiProblem::BadRequest),
        (422, ApiProblem::BadRequest),
        (429, ApiProblem::RateLimited),
        (503, ApiProblem::Server),
        (302, ApiProblem::Redirect),
        (101, ApiProblem::Unexpected),
        (700, ApiProblem::Unexpected),
    ];
    for (status, problem) in cases {
        let error = List::new().parse(&Response::new(status, "{}")).unwrap_err();
        assert_eq!(error.kind(), problem.into(), "{status}");
    }
}

#[test]
fn tokens_come_out_of_their_wrapper() {
    let token = OpenSession::new().parse(&Response::new(201, r#"{"session":{"token":"abc"}}"#)).unwrap();
    assert_eq!(token.expose(), "abc");
    let bad = [
        (r#"{"session":{}}"#, "session.token"),
        (r#"{"session":7}"#, "session"),
        (r#"{}"#, "session"),
        (r#"{"session":{"token":"a b"}}"#, "session.token"),
    ];
    for (body, path) in bad {
        let error = OpenSession::new().parse(&Response::new(200, body)).unwrap_err();
        assert_eq!(error.field(), Some(path), "{body}");
        assert!(error.outcome_unknown(), "the API token is spent, and its session is unknown");
    }
    let link = WidgetUrl::new(ClientId::new("c").unwrap(), UserId::new("u").unwrap(), None)
        .parse(&Response::new(200, r#"{"url":{"url":"https://w/TOKEN","type":"connect_widget","user_id":"USR-1"}}"#))
        .unwrap();
    assert_eq!((link.expose(), format!("{link:?}").as_str()), ("https://w/TOKEN", "WidgetLink(…)"));
}
