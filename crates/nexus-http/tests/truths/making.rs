//! Creates: which record was made, if any.

use std::time::Duration;

use nexus_http::{Client, Journal};
use nexus_sandbox::{Effect, EmptyList, ListPaging, Options, Sandbox};
use nexus_types::{
    Assumption, ClientId, Created, Endpoint, Error, ErrorKind, GetApiToken, Operation, SessionToken, UserId,
};

use crate::nobody::Nobody;
use crate::support::memory::Memory;
use crate::support::peer::peer;
use crate::support::{Checked, by_token, create_of, quick};
use crate::{acting, next, patient, received, with_policy};

fn once(client: &Client, journal: &dyn Journal) -> Result<Created, Error> {
    client.create_once("application 7", &create_of("333312345"), journal)
}

/// Records, and creates received.
fn creates(checked: &Checked) -> [usize; 2] {
    [checked.sandbox.with_world(|world| world.created()), received(&checked.sandbox, Operation::Create)]
}

#[test]
fn no_status_that_can_come_after_acting_makes_a_second_record() {
    for status in [405, 406, 408, 409, 410, 502] {
        // A list that lags hides what was made.
        let checked = with_policy(|policy| policy.list_lag_seconds = 3600);
        let journal = Memory::default();
        next(&checked, Operation::Create, acting(status));
        for _ in 0..2 {
            let error = once(&checked.client, &journal).unwrap_err();
            assert_eq!((error.outcome_unknown(), error.assumption()), (true, None), "{status}: {error}");
        }
        checked.sandbox.advance(Duration::from_secs(1200));
        assert_eq!(creates(&checked), [1, 1], "{status}");
    }
}

/// A user who has so many records already.
fn with_records(count: u32, paging: ListPaging, ignores_page: bool) -> Checked {
    let checked = with_policy(|policy| {
        (policy.list_page, policy.list_paging, policy.list_ignores_page) = (Some(25), paging, ignores_page);
        policy.accounts_per_email = None;
    });
    let token = checked.sandbox.credentials().session_token.clone();
    for number in 0..count {
        let request = create_of(&format!("3333{number:05}")).request();
        assert_eq!(checked.sandbox.with_world(|world| world.handle(&request, &token)).status, 200);
    }
    checked
}

#[test]
fn a_record_on_the_second_page_is_found() {
    for paging in [ListPaging::Object, ListPaging::Next, ListPaging::Total, ListPaging::Silent] {
        let checked = with_records(25, paging, false);
        let journal = Memory::default();
        next(&checked, Operation::Create, Effect::ResetAfter);
        let made = once(&checked.client, &journal).unwrap();
        assert_eq!(made.assumed, Some(Assumption::ListsShowAll), "{paging:?}");
        assert_eq!(once(&checked.client, &journal).unwrap().record.guid, made.record.guid, "{paging:?}");
        assert_eq!(checked.client.list().unwrap().len(), 26, "{paging:?}");
        assert_eq!(creates(&checked), [26, 26], "{paging:?}: sent once");
    }
}

#[test]
fn incomplete_list_proves_nothing_about_a_create() {
    let checked = with_records(26, ListPaging::Object, true);
    assert_eq!(checked.client.list().unwrap_err().kind(), ErrorKind::IncompleteList);
    let error = checked.client.create(&create_of("333399999")).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::IncompleteList, false), "{error}");
    assert_eq!(creates(&checked), [26, 26], "nothing was sent");
}

#[test]
fn a_missing_list_is_no_empty_one() {
    for empty in [EmptyList::Null, EmptyList::Missing] {
        let checked = with_policy(|policy| policy.empty_list = empty);
        assert_eq!(checked.client.list().unwrap_err().kind(), ErrorKind::MissingField, "{empty:?}");
        let error = checked.client.create(&create_of("333312345")).unwrap_err();
        assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::MissingField, false), "{empty:?}");
        assert_eq!(creates(&checked), [0, 0], "{empty:?}");
    }
}

#[test]
fn anothers_record_in_the_response_is_not_this_one() {
    // If lists show the right record, it is found; if they lag, the outcome is unknown.
    for lag in [0, 3600] {
        let checked = with_policy(|policy| policy.list_lag_seconds = lag);
        next(&checked, Operation::Create, Effect::AnotherRecord);
        match checked.client.create(&create_of("333312345")) {
            Ok(made) => {
                assert_eq!((lag, made.record.status.name()), (0, "INITIATED"));
                assert_eq!(made.assumed, Some(Assumption::ListsShowAll));
            }
            Err(error) => {
                assert_eq!((lag, error.kind(), error.outcome_unknown()), (3600, ErrorKind::AnotherRecord, true));
                let shown = format!("{error} {error:?}");
                assert!(
                    !shown.contains("2021") && !shown.contains("VERIFIED") && error.last_seen().is_none(),
                    "{shown}"
                );
            }
        }
        assert_eq!(creates(&checked), [1, 1]);
    }
}

/// Responds to the POST with nothing, and shows in later lists what was not in the first.
fn shows_late(late: &'static str) -> Client {
    let url = peer(move |line, number| match line.starts_with("POST") {
        true => None,
        false if number == 1 => Some((200, format!(r#"{{"micro_deposits":[{OWN}]}}"#))),
        false => Some((200, format!(r#"{{"micro_deposits":[{OWN},{late}]}}"#))),
    });
    let builder = Client::builder(url).session_token(SessionToken::new("token").unwrap());
    builder.limits(patient()).retry(quick()).build().unwrap()
}

const OWN: &str = r#"{"micro_deposit":{"guid":"MIC-1","status":3,"created_at":"2026-01-01T00:00:00Z"}}"#;
const OLD: &str = r#"{"micro_deposit":{"guid":"MIC-2","status":8,"created_at":"2021-01-01T00:00:00Z",
    "account_type":2,"account_number":"333312345","routing_number":"091000019"}}"#;
const SAVINGS: &str = r#"{"micro_deposit":{"guid":"MIC-3","status":0,"created_at":"2026-01-02T00:00:00Z",
    "account_type":2,"account_number":"333312345","routing_number":"091000019"}}"#;
const OLD_CHECKING: &str = r#"{"micro_deposit":{"guid":"MIC-4","status":0,"created_at":"2021-01-01T00:00:00Z",
    "account_type":1,"account_number":"333312345","routing_number":"091000019"}}"#;
const NEW: &str = r#"{"micro_deposit":{"guid":"MIC-5","status":0,"created_at":"2026-01-02T00:00:00Z",
    "account_type":1,"account_number":"333312345","routing_number":"091000019"}}"#;

#[test]
fn an_older_record_or_one_of_another_type_is_not_this_one() {
    for late in [OLD, SAVINGS, OLD_CHECKING] {
        let error = shows_late(late).create(&create_of("333312345")).unwrap_err();
        assert!(error.outcome_unknown() && error.candidates().is_empty(), "{late}: {error:?}");
    }
    let made = shows_late(NEW).create(&create_of("333312345")).unwrap();
    assert_eq!(made.record.guid.as_str(), "MIC-5");
}

#[test]
fn unknown_under_a_key_stays_unknown_without_a_network() {
    let checked = with_policy(|_| {});
    let journal = Memory::default();
    next(&checked, Operation::Create, Effect::ResetBefore);
    assert!(once(&checked.client, &journal).unwrap_err().outcome_unknown());
    let nobody = Nobody::new();
    let error = once(&by_token(&checked.sandbox, &format!("http://{}", nobody.address())), &journal).unwrap_err();
    assert!(error.outcome_unknown() && !error.advice().contains("Nothing was sent"), "{error:?}");
    assert_eq!(creates(&checked), [0, 1]);
}

#[test]
fn a_404_of_the_sso_api_is_not_about_a_microdeposit() {
    let checked = with_policy(|_| {});
    next(&checked, Operation::ApiToken, Effect::Status { status: 404, retry_after: None, acting: false });
    let guid = nexus_types::MicrodepositGuid::new("MIC-1").unwrap();
    let error = checked.client.read(&guid).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotEnabled, Some(Operation::ApiToken)), "{error}");
    assert!(error.advice().contains("enable Nexus") && !error.advice().contains("start a new"), "{}", error.advice());
}

#[test]
fn a_given_session_asks_for_no_api_token() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let client = by_token(&sandbox, sandbox.url());
    let ask = GetApiToken::new(ClientId::new("client").unwrap(), UserId::new("user").unwrap());
    let error = client.send_unguarded(&ask).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidInput, Some("credentials")));
    assert_eq!(sandbox.with_world(|world| world.received()), []);
}

#[test]
fn somebody_elses_record_of_the_same_account_is_not_this_one() {
    let late = r#"{"micro_deposit":{"guid":"MIC-6","status":0,"created_at":"2026-01-02T00:00:00Z","email":"other@example.com",
        "account_type":1,"account_number":"333312345","routing_number":"091000019"}}"#;
    let error = shows_late(late).create(&create_of("333312345")).unwrap_err();
    assert!(error.outcome_unknown() && error.candidates().is_empty(), "{error:?}");
}
