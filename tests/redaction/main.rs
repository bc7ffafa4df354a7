//! Planted secrets go through every flow and every fault, with full logging, and through `{:?}` and `{}` of every public type.
//! None may be printed in full.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "../../crates/nexus-http/tests/support/mod.rs"]
mod support;

mod declared;
mod shown;
mod traffic;
mod watched;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nexus_http::{
    Canceller, Claimed, Client, Environment, FileJournal, Journal, Limits, Observation, Observer, Progress,
    RetryPolicy, Scope, TracingObserver, Until, VerifyOptions, WaitOptions,
};
use nexus_sandbox::{
    Act, Call, Contradiction, Effect, EmbedOrigin, Fault, HostName, Notice, Options, Origin, Policy, Preset,
    Probability, Sandbox, Scenario, Serving, TenantOptions, Which, World,
};
use nexus_types::decide::creation::{Found, Intention, Known};
use nexus_types::decide::{budget, retry, submission};
use nexus_types::flow::{self, Claim, Find, Flow, Prior, Settle};
use nexus_types::*;

use declared::public_types;
use shown::{Shown, client_and_sandbox, core};

const ACCOUNT: &str = "33339876543210987";
const ROUTING: &str = "091000019";
const FIRST: &str = "Canarius";
const LAST: &str = "Birdwhistle";
const EMAIL: &str = "canary@cage.example";
const NAME: &str = "Birdcage savings";
const TOKEN: &str = "CANARY-session-token-31415926";
const API_TOKEN: &str = "CANARY-api-token-27182818";
const KEY: &str = "CANARY-api-key-16180339";
const JOURNAL_KEY: &[u8] = b"CANARY-journal-key-14142135";

fn find(text: &str, more: &[String]) -> Option<String> {
    let planted = [ACCOUNT, ROUTING, FIRST, LAST, EMAIL, NAME, TOKEN, API_TOKEN, KEY, "CANARY-journal"];
    let more = more.iter().map(String::as_str);
    planted.into_iter().chain(more).find(|canary| text.contains(canary)).map(str::to_owned)
}

fn person() -> Person {
    Person::new(FIRST, LAST, EMAIL).unwrap()
}

fn create() -> Create {
    let (routing, account) = (RoutingNumber::new(ROUTING).unwrap(), AccountNumber::new(ACCOUNT).unwrap());
    Create::new(person(), routing, account, AccountType::Savings).with_account_name(AccountName::new(NAME).unwrap())
}

fn guid() -> MicrodepositGuid {
    MicrodepositGuid::new("MIC-1").unwrap()
}

fn body() -> String {
    format!(
        r#"{{"action":"{NAME}","micro_deposit":{{"guid":"MIC-1","account_number":"{ACCOUNT}","routing_number":"{ROUTING}","first_name":"{FIRST}",
        "last_name":"{LAST}","email":"{EMAIL}","account_name":"{NAME}","error_message":"{EMAIL}","status":77,"status_name":"{ACCOUNT}",
        "account_type_name":"{ACCOUNT}","user_id":"{EMAIL}","institution_name":"{EMAIL}","error_code":"{ACCOUNT}","created_at":"{ACCOUNT}","updated_at":"{EMAIL}"}}}}"#
    )
}

fn record() -> Microdeposit {
    Read::new(guid()).parse(&Response::new(200, body())).unwrap()
}

#[test]
fn no_public_type_prints_a_secret() {
    let mut shown = Shown::default();
    core(&mut shown);
    let more = client_and_sandbox(&mut shown);
    webhooks::webhooks(&mut shown);
    for (name, text) in &shown.0 {
        assert_eq!(find(text, &more), None, "{name}: {text}");
        assert!(!text.is_empty(), "{name}");
    }
    let traits = ["Endpoint", "Journal", "Observer"].map(str::to_owned);
    // These print nothing at all, in no form.
    let mute = [
        "CallFlow",
        "CreateFlow",
        "ListFlow",
        "SessionFlow",
        "VerifyFlow",
        "WaitFlow",
        "VerifyOptions",
        "Pages",
        "Next",
    ];
    let mute = mute.map(str::to_owned);
    let missing: Vec<String> = public_types()
        .into_iter()
        .filter(|name| !shown.0.contains_key(name) && !traits.contains(name) && !mute.contains(name))
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "public types that this test does not show");
    // The test would see a canary if there were one.
    assert!(
        find(&format!("{:?}", create().request().body.map(|body| String::from_utf8(body.to_vec()).unwrap())), &[])
            .is_some()
    );
}
