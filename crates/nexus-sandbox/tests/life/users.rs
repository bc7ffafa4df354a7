//! Users: those of the options, those who appear by themselves, and who may speak for them.

use nexus_sandbox::{Call, Options, Policy};
use nexus_types::SSO_MEDIA_TYPE;
use serde_json::Value;

use crate::life::{Life, creation};

#[test]
fn known_users_only() {
    for (known_users_only, status) in [(false, 200), (true, 404)] {
        let mut life = Life::new(Policy { known_users_only, ..Policy::default() });
        let key = life.world.credentials().api_key.clone();
        let mut ask = |method: &'static str, path: &str, body: &str| {
            let mut call = Call::new(method, path);
            (call.api_key, call.body) = (Some(&*key), body.as_bytes());
            call.content_type = Some(SSO_MEDIA_TYPE);
            life.world.respond(&call).status
        };
        let widget = r#"{"url":{"type":"connect_widget","mode":"verification","ui_message_version":4}}"#;
        for user in ["user-2", "somebody", "Jos%C3%A9", "a%2Fb"] {
            let status = if user == "user-2" { 200 } else { status };
            assert_eq!(ask("GET", &format!("/sandbox-client/users/{user}/api_token.json"), ""), status, "{user}");
            assert_eq!(ask("POST", &format!("/sandbox-client/users/{user}/urls.json"), widget), status, "{user}");
        }
        assert_eq!(ask("GET", "/another-client/users/user-2/api_token.json", ""), 401);
    }
}

#[test]
fn very_many_users_appear_by_themselves_and_see_their_own_records_only() {
    const USERS: usize = 5_000;
    let mut life = Life::new(Policy::default());
    let sessions: Vec<String> = (0..USERS).map(|user| life.session_of(&format!("person-{user}"))).collect();
    let guids: Vec<String> = sessions
        .iter()
        .map(|session| {
            let made = life.ask_as(session, "POST", "/micro_deposits", &creation("333312345").to_string());
            let made: Value = serde_json::from_str(&made.1).unwrap();
            assert_eq!(made["micro_deposit"]["status_name"], "INITIATED", "nobody else's account is in the way");
            made["micro_deposit"]["guid"].as_str().unwrap().to_owned()
        })
        .collect();
    for user in [0, 1, USERS / 2, USERS - 1] {
        let again = life.session_of(&format!("person-{user}"));
        for (guid, status) in [(&guids[user], 200), (&guids[(user + 1) % USERS], 404)] {
            assert_eq!(life.ask_as(&again, "GET", &format!("/micro_deposits/{guid}"), "").0, status, "{user}");
        }
    }
}

#[test]
fn a_key_that_may_be_a_real_one_is_told_to_be() {
    let mut life = Life::new(Policy::default());
    let own = life.world.credentials().api_key.clone();
    for (key, strange) in [("0123456789abcdef0123456789abcdef01234567", true), (&*format!("{own}x"), false)] {
        let mut call = Call::new("GET", "/sandbox-client/users/user-1/api_token.json");
        call.api_key = Some(key);
        let reply = life.world.respond(&call);
        let text = String::from_utf8(reply.body).unwrap();
        assert_eq!((reply.status, text.contains("may be a real one")), (401, strange), "{text}");
        assert!(!text.contains(key), "{text}");
    }
}

#[test]
fn the_users_are_those_of_the_options() {
    let mut options = Options::default();
    options.users = vec!["someone".to_owned(), "user-1".to_owned()];
    let mut life = Life::from(options);
    assert_eq!(life.world.credentials().user_id, "someone");
    let first = life.made("33331");
    life.session = life.session_of("user-1");
    assert_eq!(life.status(&first), Err(404));
}
