use std::ffi::CString;

use nexus_sandbox::{Options, Sandbox};
use nexus_types::{AccountNumber, AccountType, Create, Person, RoutingNumber, SessionToken};

use super::*;
use crate::outcome::nexus_verdict;
use crate::table::{Handle, MOST};

fn made(client: &Client) -> MicrodepositGuid {
    let person = Person::new("Josh", "James", "josh@example.com").unwrap();
    let (routing, account) = (RoutingNumber::new("091000019").unwrap(), AccountNumber::new("333312345").unwrap());
    client.create(&Create::new(person, routing, account, AccountType::Checking)).unwrap().record.guid
}

/// A table without room is noticed before anything is sent: no submission is lost for want of a handle.
#[test]
fn a_full_table_is_noticed_before_anything_is_sent() {
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
        nexus_client_verify(handle, text.as_ptr(), cents, cents, &mut outcome, std::ptr::null_mut())
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
