//! `GET /_sandbox/requests`: what each entry says of its request, and why it got its response.

use nexus_sandbox::{Call, Effect, Fault, Options, Policy, Verification};
use nexus_types::Operation;
use serde_json::{Value, json};

use crate::life::{DAY, Life, creation, person};

impl Life {
    /// The newest entry.
    fn entry(&mut self) -> Value {
        let log = self.get("GET", "/_sandbox/requests", "");
        log["requests"].as_array().unwrap().last().unwrap().clone()
    }

    /// Why the newest request got its response: rule, policy, what was meant.
    fn why(&mut self) -> (String, Value, Value) {
        let why = self.entry()["why"].clone();
        (why["rule"].as_str().unwrap_or_default().to_owned(), why["policy"].clone(), why["near"].clone())
    }
}

const RIGHT: &str = r#"{"deposit_amount_1":0.09,"deposit_amount_2":0.09}"#;
const WRONG: &str = r#"{"deposit_amount_1":0.02,"deposit_amount_2":0.02}"#;

#[test]
fn an_entry_says_what_was_asked_for_and_by_whom() {
    let mut life = Life::new(Policy::default());
    let guid = life.made("333312345");
    let entry = life.entry();
    assert_eq!(
        (&entry["method"], &entry["path"], &entry["template"]),
        (&json!("POST"), &json!("/micro_deposits"), &json!("/micro_deposits"))
    );
    assert_eq!((&entry["guid"], &entry["why"]), (&json!(guid), &json!(null)), "a create has the guid that it made");
    let user = entry["user_guid"].as_str().unwrap().to_owned();
    let event = life.get("GET", "/_sandbox/events", "")["events"][0]["body"]["micro_deposit"]["user_guid"].clone();
    assert_eq!(event, user.as_str(), "as webhooks name the user");
    life.read(&guid).unwrap();
    let entry = life.entry();
    assert_eq!(entry["path"], format!("/micro_deposits/{guid}"));
    assert_eq!((&entry["template"], &entry["guid"]), (&json!("/micro_deposits/{micro_deposit_guid}"), &json!(guid)));
    let other = life.session_of("user-2");
    life.ask_as(&other, "GET", "/micro_deposits?page=2", "");
    let entry = life.entry();
    assert_eq!(entry["path"], "/micro_deposits?page=2");
    assert_ne!(entry["user_guid"], user);
    let token = life.get("GET", "/_sandbox/requests", "")["requests"][2].clone();
    assert_eq!(token["path"], "/s***/users/u***/api_token.json", "an id may be an e-mail address");
}

#[test]
fn a_typing_error_and_an_unknown_guid_are_told_apart() {
    let mut life = Life::new(Policy::default());
    let guid = life.made("333312345");
    assert_eq!(life.ask("GET", "/micro_deposit", "").0, 404);
    assert_eq!(life.why(), ("There is no such path.".to_owned(), json!(null), json!("/micro_deposits")));
    assert_eq!(life.ask("GET", "/wrong/micro_deposits", "").0, 404);
    assert_eq!(life.why().2, "/micro_deposits");
    assert_eq!(life.ask("DELETE", "/micro_deposits", "").0, 405);
    assert_eq!(life.why().0, "This path has GET, POST only.");
    let later = {
        let mut twin = Life::new(Policy::default());
        twin.made("1");
        twin.made("2")
    };
    let user = life.get("GET", "/_sandbox/requests", "")["requests"][0]["user_guid"].as_str().unwrap().to_owned();
    for (wrong, rule, near) in [
        ("333312345", "This is no guid of a microdeposit: that is MIC- and a UUID.", json!(null)),
        (&*user, "This is no guid of a microdeposit: that begins with MIC-.", json!(null)),
        (
            "MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb",
            "No microdeposit ever had this guid in this sandbox.",
            json!(null),
        ),
        (&*later, "No microdeposit has this guid yet; the seed makes it, so it may be of another run.", json!(null)),
        (&*guid.to_uppercase(), "The guid is written otherwise than the one that exists.", json!(guid)),
        (&*format!("{guid}%20"), "The guid is written otherwise than the one that exists.", json!(guid)),
    ] {
        assert_eq!(life.read(wrong), Err(404), "{wrong}");
        let (why, policy, meant) = life.why();
        assert_eq!((&*why, &meant), (rule, &near), "{wrong}");
        assert_eq!(policy, json!(null));
    }
    let other = life.session_of("user-2");
    assert_eq!(life.ask_as(&other, "GET", &format!("/micro_deposits/{guid}"), "").0, 404);
    assert_eq!(life.why().0, "The microdeposit is another user's.");
    let waiting = life.preinitiated();
    life.event(&waiting, &json!({"event": "iav_chosen"})).unwrap();
    assert_eq!(life.read(&waiting), Err(404));
    assert!(
        life.why().0.contains("was deleted at 2026-01-05T09:00:00.000Z: the person chose an institution"),
        "{:?}",
        life.why()
    );
    life.pass(22 * DAY);
    assert_eq!(life.read(&guid), Err(404));
    let (rule, policy, _) = life.why();
    assert_eq!(rule, "The microdeposit was deleted at 2026-01-26T09:00:00.000Z: its time was over.");
    assert_eq!(policy, "retention_days");
}

#[test]
fn a_refusal_names_its_rule_and_the_policy_that_decided() {
    let mut life = Life::new(Policy::default());
    let guid = life.made("333312345");
    let path = format!("/micro_deposits/{guid}");
    let because =
        |life: &mut Life, rule: &str, policy: Value| assert_eq!(life.why(), (rule.to_owned(), policy, json!(null)));
    assert_eq!(life.ask("PUT", &path, RIGHT).0, 409);
    because(&mut life, "It is INITIATED, which admits no submission; none is counted.", json!("wrong_state_status"));
    life.ask("PUT", &path, r#"{"deposit_amount_1":9,"deposit_amount_2":0.09}"#);
    because(&mut life, "deposit_amount_1 must be above 0 and below 1 with at most two decimals", json!("odd_amounts"));
    let mut body = person("a@example.com");
    body["micro_deposit"]["first_name"] = json!("J#sh");
    life.ask("POST", "/micro_deposits", &body.to_string());
    because(&mut life, "first_name has characters that are not accepted", json!("strict_names"));
    life.ask("POST", "/micro_deposits", &creation("333312345").to_string());
    because(&mut life, "There is a microdeposit for this account already", json!("conflict"));
    let mut call = Call::new("POST", "/micro_deposits");
    (call.session_token, call.content_type) = (Some("x"), Some("text/plain"));
    life.world.respond(&call);
    because(
        &mut life,
        "No session has this token: none ever had, all were ended, or it is from before a reset.",
        json!(null),
    );
    call.session_token = None;
    life.world.respond(&call);
    because(&mut life, "The header MD-SESSION-TOKEN is missing.", json!(null));
    let (key, token) = (life.world.credentials().api_key.clone(), life.session.clone());
    call.session_token = Some(&key);
    life.world.respond(&call);
    because(&mut life, "The session token is the API key.", json!(null));
    call.session_token = Some(&token);
    life.world.respond(&call);
    because(&mut life, "Content-Type must be application/vnd.mx.nexus.v1+json.", json!("media_type"));
    life.world.advance(std::time::Duration::from_secs(1800));
    life.world.respond(&call);
    because(&mut life, "The session has been idle for 30 minutes.", json!(null));
}

#[test]
fn each_request_says_what_was_counted_for_it() {
    let counted = |entry: &Value| -> Vec<(String, u64)> {
        let all = entry["counted"].as_array().unwrap().iter();
        all.map(|one| (one["event"].as_str().unwrap().to_owned(), one["attempts"].as_u64().unwrap())).collect()
    };
    let one = |event: &str, attempts| vec![(event.to_owned(), attempts)];
    let mut life = Life::new(Policy::default());
    let guid = life.made("333312345");
    assert_eq!(counted(&life.entry()), one("created", 0));
    assert_eq!(life.entry()["counted"][0]["guid"], guid);
    life.create(&creation("333312345"));
    assert_eq!(counted(&life.entry()), one("create_conflicted", 0));
    life.preinitiated();
    assert_eq!(counted(&life.entry()), one("preinitiated", 0));
    let path = format!("/micro_deposits/{guid}");
    life.ask("PUT", &path, WRONG);
    assert_eq!(counted(&life.entry()), [], "too early");
    life.pass(120);
    for attempts in 1..=2 {
        life.ask("PUT", &path, WRONG);
        assert_eq!(counted(&life.entry()), one("amounts_wrong", attempts));
    }
    life.world.add_fault(Fault::nth(Operation::Verify, 1, Effect::ResetAfter));
    life.ask("PUT", &path, WRONG);
    let entry = life.entry();
    assert_eq!((counted(&entry), &entry["status"]), (one("locked_out", 3), &json!(null)), "its response was lost");
    life.ask("PUT", &path, RIGHT);
    assert_eq!(counted(&life.entry()), []);
}

#[test]
fn what_is_judged_later_is_counted_for_the_request_that_brought_it() {
    let mut life = Life::new(Policy { verification: Verification::AfterSeconds(10), ..Policy::default() });
    let guid = life.made("333312345");
    life.pass(120);
    let path = format!("/micro_deposits/{guid}");
    life.ask("PUT", &path, WRONG);
    let first = life.entry();
    assert_eq!((&first["counted"], &first["why"]["policy"]), (&json!([]), &json!("verification")));
    assert_eq!(first["why"]["rule"], "The submission is taken; it is judged later.");
    life.ask("PUT", &path, RIGHT);
    life.world.advance(std::time::Duration::from_secs(10));
    let log = life.get("GET", "/_sandbox/requests", "");
    let counted: Vec<&Value> =
        log["requests"].as_array().unwrap().iter().rev().take(2).map(|one| &one["counted"][0]["event"]).collect();
    assert_eq!(counted, ["amounts_right", "amounts_wrong"]);
    // A create that a fault carries out later, too.
    let mut life = Life::new(Policy::default());
    let later = Effect::Later { delay: std::time::Duration::from_secs(60), status: Some(504) };
    life.world.add_fault(Fault::nth(Operation::Create, 1, later));
    assert_eq!(life.ask("POST", "/micro_deposits", &creation("333312345").to_string()).0, 504);
    assert_eq!(life.entry()["counted"], json!([]));
    life.world.advance(std::time::Duration::from_secs(60));
    let entry = life.entry();
    assert_eq!(
        (&entry["counted"][0]["event"], &entry["counted"][0]["at"]),
        (&json!("created"), &json!("2026-01-05T09:01:00.000Z"))
    );
}

#[test]
fn a_guid_of_the_time_before_a_reset_is_told_as_one() {
    let mut life = Life::new(Policy::default());
    for _ in 0..3 {
        let guid = life.made("333312345");
        for _ in 0..2 {
            life.world.reset();
            assert_eq!(life.ask("GET", &format!("/micro_deposits/{guid}"), "").0, 404);
            assert_eq!(life.why().0, "The microdeposit of this guid was there before a reset.");
        }
        assert_eq!(life.ask_as("stale", "GET", "/micro_deposits", "").0, 401);
        assert_eq!(life.entry()["id"], life.world.requests_received() + life.entry()["id"].as_u64().unwrap() - 2);
    }
}

#[test]
fn lines_are_written_for_each_request_and_show_no_person() {
    let (send, lines) = std::sync::mpsc::channel();
    let mut options = Options::default();
    options.users = vec!["josh@example.com".to_owned()];
    let mut life = Life::from(options);
    life.world.log_to(move |line| send.send(line.to_owned()).unwrap());
    let guid = life.made("333312345");
    life.session_of("josh@example.com");
    life.ask("GET", "/micro_deposts/333312345?email=josh@example.com", "");
    life.get("GET", "/_sandbox/state", "");
    life.world.reset();
    life.ask("GET", "/micro_deposits/333312345", "");
    let lines: Vec<String> = lines.try_iter().collect();
    assert_eq!(lines.len(), 5, "none for the admin interface: {lines:?}");
    assert!(
        lines[0].starts_with("1 2026-01-05T09:00:00.000Z POST /micro_deposits 200 MIC-") && lines[0].contains(&guid),
        "{}",
        lines[0]
    );
    assert!(lines[1].contains("GET /s***/users/j***/api_token.json 200 USR-"), "{}", lines[1]);
    assert!(
        lines[3].ends_with(": There is no such path.; meant /micro_deposits/{micro_deposit_guid}?"),
        "{}",
        lines[3]
    );
    assert!(lines[4].starts_with("6 ") && lines[4].contains("404"), "a reset does not end it: {}", lines[4]);
    assert!(!lines.concat().contains("josh") && !lines.concat().contains("3333"), "{lines:?}");
}
