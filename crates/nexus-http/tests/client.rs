//! The client over TCP against the sandbox: every method, and what a caller sees after failures.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "../../nexus-types/tests/support/asks.rs"]
mod asks;

use std::time::Duration;

use asks::{cents, create_of, person};
use nexus_http::{Client, Until, WaitOptions, WaitStep};
use nexus_sandbox::{Options, Sandbox, Verification};
use nexus_types::{
    AccountNumber, AccountType, ApiKey, ClientId, Create, ErrorKind, KnownStatus, MicrodepositGuid, Preinitiate,
    RoutingNumber, SessionToken, Status, UserId, Verdict,
};

fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).expect("a sandbox")
}

fn client(sandbox: &Sandbox) -> Client {
    let credentials = sandbox.credentials();
    Client::builder(sandbox.url())
        .sso(
            ClientId::new(credentials.client_id.clone()).unwrap(),
            UserId::new(credentials.user_id.clone()).unwrap(),
            ApiKey::new(credentials.api_key.clone()).unwrap(),
        )
        .build()
        .expect("a client")
}

fn create() -> Create {
    create_of("333312345")
}

#[test]
fn from_nothing_to_verified() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let made = client.create(&create()).unwrap().record;
    assert_eq!(made.status, Status::Initiated);
    sandbox.advance(Duration::from_secs(120));
    assert_eq!(client.read(&made.guid).unwrap().status, Status::Deposited);
    let denied = client.verify(&made.guid, cents(2), cents(2)).unwrap();
    assert_eq!((denied.verdict, denied.record.status, denied.assumed), (Verdict::Denied, Status::Denied, None));
    let verified = client.verify(&made.guid, cents(9), cents(9)).unwrap();
    assert_eq!(
        (verified.verdict, verified.record.status, verified.assumed),
        (Verdict::Verified, Status::Verified, None)
    );
    assert!(verified.record.verified_at.is_some());
    let listed = client.list().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].guid, made.guid);
    sandbox.with_world(|world| {
        assert_eq!(world.attempts(&made.guid), Some(2));
        assert_eq!((world.created(), world.sessions_opened()), (1, 1));
    });
}

#[test]
fn a_status_that_admits_no_submission_sends_none() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let made = client.create(&create()).unwrap().record;
    let error = client.verify(&made.guid, cents(9), cents(9)).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::NotVerifiable, false));
    assert_eq!(error.last_seen().map(|record| &record.status), Some(&Status::Initiated));
    assert_eq!(error.guid(), Some(&made.guid));
}

#[test]
fn an_expired_session_is_renewed_and_nothing_is_done_twice() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let made = client.create(&create()).unwrap().record;
    sandbox.advance(Duration::from_secs(3600));
    assert_eq!(client.read(&made.guid).unwrap().status, Status::Deposited);
    sandbox.with_world(nexus_sandbox::World::expire_sessions);
    assert_eq!(client.verify(&made.guid, cents(9), cents(9)).unwrap().verdict, Verdict::Verified);
    sandbox.with_world(|world| {
        assert_eq!(world.attempts(&made.guid), Some(1));
        assert_eq!(world.sessions_opened(), 3);
    });
}

#[test]
fn a_given_session_is_used_and_not_renewed() {
    let sandbox = sandbox();
    let token = SessionToken::new(sandbox.credentials().session_token.clone()).unwrap();
    let client = Client::builder(sandbox.url()).session_token(token.clone()).build().unwrap();
    assert_eq!(client.list().unwrap(), []);
    assert_eq!(client.session().unwrap(), token);
    assert_eq!(client.widget_url(None).unwrap_err().field(), Some("credentials"));
    sandbox.with_world(nexus_sandbox::World::expire_sessions);
    let error = client.create(&create()).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Unauthorized, false));
    assert_eq!(error.server_code(), Some(4011));
    sandbox.with_world(|world| assert_eq!(world.created(), 0));
}

#[test]
fn a_refused_key_ends_at_once_with_its_own_error() {
    let sandbox = sandbox();
    let client = Client::builder(sandbox.url())
        .sso(ClientId::new("sandbox-client").unwrap(), UserId::new("user-1").unwrap(), ApiKey::new("wrong").unwrap())
        .build()
        .unwrap();
    let error = client.list().unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unauthorized, Some(nexus_types::Operation::ApiToken)));
    sandbox.with_world(|world| assert_eq!(world.received(), [Some(nexus_types::Operation::ApiToken)], "asked once"));
}

#[test]
fn read_of_unknown_guid_is_not_found() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let error = client.read(&MicrodepositGuid::new("MIC-unknown").unwrap()).unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::NotFound, Some(404)));
    let refused = RoutingNumber::new("222222226").unwrap();
    let account = AccountNumber::new("333312345").unwrap();
    let error = client.create(&Create::new(person(), refused, account, AccountType::Savings)).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::BadRequest, Some("routing_number")));
    assert!(!error.outcome_unknown());
}

#[test]
fn preinitiated_and_the_widget() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let made = client.preinitiate(&Preinitiate::new(person())).unwrap().record;
    assert_eq!(made.status, Status::Preinitiated);
    let link = client.widget_url(Some(made.guid.clone())).unwrap();
    assert!(link.expose().starts_with(sandbox.url()));
    let unknown = MicrodepositGuid::new("MIC-unknown").unwrap();
    // The SSO API does not say what it has not found: the client, the user or the microdeposit.
    assert_eq!(client.widget_url(Some(unknown)).unwrap_err().kind(), ErrorKind::NotEnabled);
}

#[test]
fn a_deferred_outcome_is_waited_for() {
    let mut options = Options::default();
    options.policy.verification = Verification::Deferred;
    let sandbox = Sandbox::start(options).unwrap();
    let client = client(&sandbox);
    let made = client.create(&create()).unwrap().record;
    sandbox.advance(Duration::from_secs(120));
    let shown = client.verify(&made.guid, cents(2), cents(2)).unwrap();
    assert_eq!((shown.verdict, shown.record.status), (Verdict::Pending, Status::Deposited), "judged later");
    let outcome = client.verify_and_wait(&made.guid, cents(9), cents(9)).unwrap();
    assert_eq!(outcome.verdict, Verdict::Verified);
    sandbox.with_world(|world| assert_eq!(world.attempts(&made.guid), Some(2)));
}

#[test]
fn a_wait_sees_the_deposits_land() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let made = client.create(&create()).unwrap().record;
    let mut seen = Vec::new();
    let mut report = |progress: &nexus_http::Progress| {
        seen.push(progress.record.clone().expect("a record").status);
        sandbox.advance(Duration::from_secs(60));
    };
    let every = Some(Duration::from_millis(10));
    let mut options = WaitOptions::default().with_poll_every(every).with_on_progress(&mut report);
    options.timeout = Duration::from_secs(20);
    let record = client.wait(&made.guid, Until::Status(KnownStatus::Deposited), options).unwrap();
    assert_eq!(record.status, Status::Deposited);
    assert_eq!(seen, [Status::Initiated, Status::Requested, Status::Deposited]);
}

#[test]
fn a_wait_ends_where_nothing_more_can_come_and_when_its_time_is_up() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let made = client.create(&create()).unwrap().record;
    let short =
        WaitOptions::default().with_timeout(Duration::from_millis(500)).with_poll_every(Duration::from_millis(10));
    let error = client.wait(&made.guid, Until::Actionable, short).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimedOut);
    assert_eq!(error.last_seen().map(|record| &record.status), Some(&Status::Initiated));
    // These end of themselves, long before their time.
    let error = client.wait(&made.guid, Until::Status(KnownStatus::Preinitiated), WaitOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitEnded);
    let unknown = MicrodepositGuid::new("MIC-unknown").unwrap();
    let error = client.wait(&unknown, Until::Actionable, WaitOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let zero = WaitOptions::default().with_poll_every(Duration::ZERO);
    assert_eq!(client.wait(&made.guid, Until::Actionable, zero).unwrap_err().field(), Some("poll_every"));
}

/// Steps a wait as an event loop would, without a thread that sleeps.
#[test]
fn wait_in_parts_sleeps_in_between_and_ends_as_the_whole() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let made = client.create(&create()).unwrap().record;
    let options = WaitOptions::default().with_poll_every(Duration::from_millis(10));
    let mut wait = client.start_wait(&made.guid, Until::Actionable, options).unwrap();
    let (mut seen, mut sleeps, mut early) = (Vec::new(), 0, 0);
    let record = loop {
        let step = wait.step(&client, &mut |progress| seen.push(progress.record.clone().expect("a record").status));
        match step {
            WaitStep::Sleep(time) => {
                assert!(time <= Duration::from_millis(10), "{time:?}");
                // Too early: nothing is sent.
                if matches!(wait.step(&client, &mut |_| panic!("read")), WaitStep::Sleep(_)) {
                    early += 1;
                }
                std::thread::sleep(time);
                sandbox.advance(Duration::from_secs(60));
                sleeps += 1;
            }
            WaitStep::Done(outcome) => break outcome.unwrap(),
        }
    };
    assert_eq!((record.status, sleeps), (Status::Deposited, 2));
    assert_eq!(seen, [Status::Initiated, Status::Requested, Status::Deposited]);
    assert!(early > 0);

    let other = client.create(&create_of("333300009")).unwrap().record;
    let mut wait = client.start_wait(&other.guid, Until::Actionable, WaitOptions::default()).unwrap();
    assert!(matches!(wait.step(&client, &mut |_| {}), WaitStep::Sleep(_)));
    let before = sandbox.with_world(|world| world.received().len());
    wait.cancel();
    let WaitStep::Done(Err(error)) = wait.step(&client, &mut |_| {}) else { panic!("not over") };
    assert_eq!((error.kind(), error.guid()), (ErrorKind::Cancelled, Some(&other.guid)));
    assert_eq!(error.last_seen().map(|record| &record.status), Some(&Status::Initiated));
    let WaitStep::Done(Err(error)) = wait.step(&client, &mut |_| {}) else { panic!("stepped after its end") };
    assert_eq!(error.field(), Some("wait"));
    assert_eq!(sandbox.with_world(|world| world.received().len()), before);
}

#[test]
fn a_wait_is_cancelled_from_another_thread() {
    let sandbox = sandbox();
    let (client, canceller) = client(&sandbox).cancellable();
    let made = client.create(&create()).unwrap().record;
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| client.wait(&made.guid, Until::Actionable, WaitOptions::default()));
        canceller.cancel();
        assert_eq!(waiting.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
    });
    assert_eq!(client.list().unwrap_err().kind(), ErrorKind::Cancelled);
}

#[test]
fn a_thousand_threads_meet_an_expired_session() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    client.list().unwrap();
    sandbox.with_world(nexus_sandbox::World::expire_sessions);
    std::thread::scope(|scope| {
        for _ in 0..1000 {
            let client = client.clone();
            let spawned = std::thread::Builder::new().stack_size(256 * 1024).spawn_scoped(scope, move || {
                client.list().expect("a list");
            });
            spawned.expect("a thread");
        }
    });
    sandbox.with_world(|world| assert_eq!(world.sessions_opened(), 2));
}

#[test]
fn settings_are_checked_when_the_client_is_built() {
    let token = || SessionToken::new("x").unwrap();
    let field = |builder: nexus_http::ClientBuilder| builder.build().unwrap_err().field().map(str::to_owned);
    let named = |name: &str| Some(name.to_owned());
    let url = "https://int-data.moneydesktop.com";
    assert_eq!(field(Client::builder(url)), named("credentials"));
    assert_eq!(field(Client::builder("http://example.com").session_token(token())), named("base_url"));
    assert_eq!(field(Client::builder(url).session_token(token()).timeout(Duration::ZERO)), named("call"));
    assert_eq!(field(Client::builder(url).session_token(token()).timeout(Duration::MAX)), named("call"));
    assert_eq!(field(Client::builder(url).session_token(token()).product("a\r\nb")), named("product"));
    for proxy in ["::", "socks5://127.0.0.1:1080", "ftp://127.0.0.1"] {
        assert_eq!(field(Client::builder(url).session_token(token()).proxy(proxy)), named("proxy"));
    }
    assert_eq!(
        field(Client::builder(url).session_token(token()).root_certificates("no PEM")),
        named("root_certificates")
    );
    let sso = Client::builder(url).sso_url("http://example.com").sso(
        ClientId::new("c").unwrap(),
        UserId::new("u").unwrap(),
        ApiKey::new("k").unwrap(),
    );
    assert_eq!(field(sso), named("sso_url"));
}
