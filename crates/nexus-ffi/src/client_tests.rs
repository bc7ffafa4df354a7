//! Tests of calls and flows while the table of handles is full.

use std::ffi::CString;

use nexus_sandbox::{Options, Sandbox};
use nexus_types::{AccountNumber, AccountType, Create, Person, RoutingNumber, SessionToken};

use super::*;
use crate::numbers::nexus_verdict;
use crate::table::{Handle, MOST};

fn made(client: &Client) -> MicrodepositGuid {
    let person = Person::new("Josh", "James", "josh@example.com").unwrap();
    let (routing, account) = (RoutingNumber::new("091000019").unwrap(), AccountNumber::new("333312345").unwrap());
    client.create(&Create::new(person, routing, account, AccountType::Checking)).unwrap().record.guid
}

/// A table without room is noticed before anything is sent: no submission is lost for want of a handle.
#[test]
fn full_table_fails_a_call_before_anything_is_sent() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let token = SessionToken::new(&*sandbox.credentials().session_token).unwrap();
    let client = Client::builder(sandbox.url()).session_token(token).build().unwrap();
    let guid = made(&client);
    sandbox.advance(Duration::from_secs(120));
    let handle = nexus_client::reserve().unwrap().fill(client.clone()).into_pointer();
    let text = CString::new(guid.as_str()).unwrap();
    let received = || sandbox.with_world(|world| world.requests_received());
    let before = received();

    let mut outcome = nexus_outcome { verdict: 7, assumed: 7, record: std::ptr::without_provenance_mut(7) };
    let mut verify = |cents| {
        nexus_client_verify(
            handle,
            text.as_ptr(),
            cents,
            cents,
            &mut outcome,
            size_of::<nexus_outcome>(),
            std::ptr::null_mut(),
        )
    };
    MOST.set(0);
    assert_eq!(verify(9), nexus_code::NEXUS_ERROR_INVALID_INPUT);
    assert_eq!(received(), before, "nothing was sent");
    MOST.set(usize::MAX);
    assert_eq!(verify(9), nexus_code::NEXUS_OK);
    assert!(received() > before);
    assert_eq!((outcome.verdict, outcome.assumed), (nexus_verdict::NEXUS_VERDICT_VERIFIED as i32, 0));
    assert_eq!(crate::record::nexus_microdeposit_free(outcome.record), nexus_code::NEXUS_OK);
    assert_eq!(nexus_client_free(handle), nexus_code::NEXUS_OK);
}

/// A flow reserves the place of its record from the beginning, so that its outcome can always be returned.
#[test]
fn a_table_that_is_full_takes_no_outcome_from_a_flow() {
    use crate::flow::{nexus_flow, nexus_flow_free, nexus_flow_verify};
    use crate::flow_end::nexus_flow_take_outcome;
    use crate::step::{nexus_flow_next, nexus_step, nexus_step_kind};
    use crate::tell::nexus_flow_response;

    let mut flow: *mut nexus_flow = std::ptr::null_mut();
    let mut begin = || {
        let code = nexus_flow_verify(c"MIC-1".as_ptr(), 9, 9, std::ptr::null(), 0, &mut flow, std::ptr::null_mut());
        (code, flow)
    };
    MOST.set(0);
    assert_eq!(begin().0, nexus_code::NEXUS_ERROR_INVALID_INPUT);
    MOST.set(usize::MAX);
    let (code, flow) = begin();
    assert_eq!(code, nexus_code::NEXUS_OK);
    MOST.set(0);
    let mut step = crate::step::DONE;
    let mut outcome = nexus_outcome { verdict: 7, assumed: 7, record: std::ptr::null_mut() };
    for (status, kind) in [(2, nexus_step_kind::NEXUS_STEP_SEND), (3, nexus_step_kind::NEXUS_STEP_SEND_ONCE)] {
        assert_eq!(nexus_flow_next(flow, 0, 0, 0.0, &mut step, size_of::<nexus_step>()), nexus_code::NEXUS_OK);
        assert_eq!(step.kind, kind as i32);
        let body = format!(r#"{{"micro_deposit":{{"guid":"MIC-1","status":{status}}}}}"#);
        let code = nexus_flow_response(flow, 0, 0, 200, std::ptr::null(), body.as_ptr().cast(), body.len());
        assert_eq!(code, nexus_code::NEXUS_OK);
    }
    assert_eq!(nexus_flow_next(flow, 0, 0, 0.0, &mut step, size_of::<nexus_step>()), nexus_code::NEXUS_OK);
    let mut error = std::ptr::without_provenance_mut(7);
    assert_eq!(
        nexus_flow_take_outcome(flow, &mut outcome, size_of::<nexus_outcome>(), &mut error),
        nexus_code::NEXUS_OK
    );
    assert_eq!(outcome.verdict, nexus_verdict::NEXUS_VERDICT_VERIFIED as i32);
    assert!(error.is_null());
    assert_eq!(crate::record::nexus_microdeposit_free(outcome.record), nexus_code::NEXUS_OK);
    assert_eq!(nexus_flow_free(flow), nexus_code::NEXUS_OK);
}

/// The response to a bare request is read after it was sent: a full table says nothing about its outcome.
#[test]
fn response_without_room_in_the_table_leaves_the_outcome_unknown() {
    use crate::request::{nexus_request, nexus_request_parse_microdeposit, nexus_request_read, nexus_request_verify};

    let mut request: *mut nexus_request = std::ptr::null_mut();
    let (none, body) = (std::ptr::null_mut(), br#"{"micro_deposit":{"guid":"MIC-1","status":3}}"#);
    let parse = |request| {
        let mut record = std::ptr::null_mut();
        nexus_request_parse_microdeposit(request, 200, body.as_ptr().cast(), body.len(), &mut record, none)
    };
    for (change, full) in [(true, nexus_code::NEXUS_ERROR_IO), (false, nexus_code::NEXUS_ERROR_INVALID_INPUT)] {
        let code = match change {
            true => nexus_request_verify(c"MIC-1".as_ptr(), 9, 9, &mut request, std::ptr::null_mut()),
            false => nexus_request_read(c"MIC-1".as_ptr(), &mut request, std::ptr::null_mut()),
        };
        assert_eq!(code, nexus_code::NEXUS_OK);
        MOST.set(0);
        assert_eq!(parse(request), full);
        MOST.set(usize::MAX);
        assert_eq!(parse(request), nexus_code::NEXUS_OK);
    }
}
