//! Requests everything that is served and checks each response against the document's schema for it.

mod webhooks;

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::schema::{faults, follow};
use super::{document, methods};
use crate::{Call, Options, Reply, World, routes};

/// Path of the document, method, HTTP status.
type Step = (String, String, String);

/// What to send beside the headers that the document asks for.
#[derive(Clone, Copy, Default)]
struct Sent<'a> {
    body: &'a str,
    /// Instead of the documented one.
    content_type: Option<&'a str>,
    accept: Option<&'a str>,
    anonymous: bool,
}

struct Tour {
    document: Value,
    world: World,
    api_token: String,
    /// The header with the secret of the widget's page.
    page: String,
    seen: BTreeSet<Step>,
}

impl Tour {
    fn new() -> Tour {
        let world = World::new(Options::default());
        Tour { document: document(), world, api_token: String::new(), page: String::new(), seen: BTreeSet::new() }
    }

    /// Sends with the media type and the secret that the document asks for; the response must be as it says.
    fn send(&mut self, method: &str, path: &str, sent: Sent<'_>, status: u16) -> Value {
        let plain = path.split('?').next().unwrap();
        let template = routes::find(plain).map(|(_, route, _)| route.path);
        let item = template.map(|template| self.document["paths"][template].clone());
        let operation = item.as_ref().and_then(|item| item.get(method.to_lowercase())).cloned().unwrap_or_default();
        let request = operation["requestBody"]["content"].as_object().and_then(|content| content.iter().next());
        let mut call = Call::new(method, path);
        call.body = sent.body.as_bytes();
        call.accept = sent.accept;
        call.content_type = sent.content_type.or(request.map(|(media_type, _)| media_type.as_str()));
        let credentials = self.world.credentials().clone();
        for scheme in operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object) {
            let name = scheme.keys().next().unwrap();
            let header = &self.document["components"]["securitySchemes"][name]["name"];
            match header.as_str().unwrap_or("Authorization") {
                _ if sent.anonymous => {}
                "Authorization" => call.authorization = Some(&self.page),
                "MD-SESSION-TOKEN" => call.session_token = Some(&credentials.session_token),
                "MD-API-TOKEN" => call.api_token = Some(&self.api_token),
                "MD-API-KEY" => call.api_key = Some(&credentials.api_key),
                other => panic!("{other} is no header of ours"),
            }
        }
        let reply = self.world.respond(&call);
        let at = format!("{method} {path} {}", String::from_utf8_lossy(&reply.body));
        assert_eq!(reply.status, status, "{at}");
        let documented = match (&item, &operation) {
            (None, _) => &self.document["x-unknown-path"],
            (Some(item), Value::Null) => &item["x-other-methods"],
            (_, operation) => &operation["responses"][status.to_string()],
        };
        let documented = documented["$ref"].as_str().map_or(documented, |name| follow(&self.document, name));
        let body = self.fits(documented, &reply, &at);
        if let (200, Some((_, content))) = (status, request)
            && !sent.body.is_empty()
        {
            let body = serde_json::from_str(sent.body).unwrap();
            assert_eq!(faults(&self.document, &content["schema"], &body), Vec::<String>::new(), "{at}");
        }
        assert_eq!(reply.allow.is_some(), status == 405, "{at}");
        if let (Some(template), Value::Object(_)) = (template, &operation) {
            self.seen.insert((template.to_owned(), method.to_owned(), status.to_string()));
        }
        body
    }

    fn fits(&self, documented: &Value, reply: &Reply, at: &str) -> Value {
        let content = documented["content"].as_object().unwrap_or_else(|| panic!("not documented: {at}"));
        let content = content.get(reply.content_type);
        let content = content.unwrap_or_else(|| panic!("{} is not documented: {at}", reply.content_type));
        if reply.content_type.starts_with("text/") {
            return Value::Null;
        }
        let body = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(faults(&self.document, &content["schema"], &body), Vec::<String>::new(), "{at}");
        body
    }

    fn good(&mut self, method: &str, path: &str, body: &str) -> Value {
        self.send(method, path, Sent { body, ..Sent::default() }, 200)
    }

    fn bad(&mut self, method: &str, path: &str, body: &str, status: u16) {
        self.send(method, path, Sent { body, ..Sent::default() }, status);
    }

    fn made(&mut self, body: &str) -> String {
        let record = self.good("POST", "/micro_deposits", body);
        format!("/micro_deposits/{}", record["micro_deposit"]["guid"].as_str().unwrap())
    }

    fn token(&mut self) {
        let token = self.good("GET", "/sandbox-client/users/user-1/api_token.json", "");
        self.api_token = token["api_token"]["token"].as_str().unwrap().to_owned();
    }
}

const PERSON: &str = r#"{"micro_deposit":{"first_name":"Josh","last_name":"Boy","email":"joshboy@example.com"}}"#;
const ACCOUNT: &str = r#"{"account_number":"333367890","account_type_name":"SAVINGS","routing_number":"091000019"}"#;
const RIGHT: &str = r#"{"deposit_amount_1":0.09,"deposit_amount_2":0.09}"#;
const WRONG: &str = r#"{"deposit_amount_1":0.02,"deposit_amount_2":0.02}"#;
const WIDGET: &str = r#"{"url":{"type":"connect_widget","mode":"verification","ui_message_version":4}}"#;
const URLS: &str = "/sandbox-client/users/user-1/urls.json";

fn full(account_number: &str) -> String {
    format!(
        r#"{{"micro_deposit":{{"first_name":"Josh","last_name":"James","email":"example@example.com",
        "account_name":"My Test Account","account_number":"{account_number}","account_type":1,
        "account_type_name":"CHECKING","routing_number":"091000019"}}}}"#
    )
}

/// Lives through every status but ERRORED at creation, which nothing causes.
fn lives(tour: &mut Tour) -> String {
    let [first, second] = ["333312345", "333312346"].map(|number| tour.made(&full(number)));
    let conflicted = tour.good("POST", "/micro_deposits", &full("333312345"));
    assert_eq!(conflicted["micro_deposit"]["status_name"], "CONFLICTED");
    tour.bad("PUT", &first, RIGHT, 409);
    tour.good("POST", "/_sandbox/advance", r#"{"seconds":120}"#);
    for amounts in [WRONG, RIGHT] {
        tour.good("PUT", &first, amounts);
    }
    for _ in 0..3 {
        tour.good("PUT", &second, WRONG);
    }
    let waiting = tour.made(PERSON);
    let admin = |path: &str| path.replace("/micro_deposits/", "/_sandbox/events/");
    tour.good("POST", &admin(&waiting), &format!(r#"{{"event":"account_submitted","account":{ACCOUNT}}}"#));
    tour.good("POST", &admin(&waiting), r#"{"event":"failed","code":"R02"}"#);
    let third = tour.made(&full("100"));
    tour.good("POST", &admin(&third), r#"{"event":"rejected"}"#);
    tour.bad("POST", &admin(&third), r#"{"event":"landed"}"#, 409);
    tour.bad("POST", &admin(&third), r#"{"event":"no"}"#, 400);
    let gone = tour.made(PERSON);
    tour.good("POST", &admin(&gone), r#"{"event":"iav_chosen"}"#);
    tour.good("GET", &gone.replace("/micro_deposits", "/_sandbox/state"), "");
    tour.bad("GET", &gone, "", 404);
    for path in [&first, &second, &waiting, &third] {
        tour.good("GET", path, "");
    }
    first
}

#[test]
fn every_response_matches_openapi_and_every_documented_response_occurs() {
    let mut tour = Tour::new();
    let first = lives(&mut tour);
    tour.token();
    tour.good("POST", "/sessions", "");
    for body in ["{}", r#"{"session":{"skip_aggregation":true}}"#] {
        tour.token();
        tour.good("POST", "/sessions", body);
    }
    tour.good("POST", URLS, WIDGET);
    let guid = first.rsplit('/').next().unwrap();
    let all = format!(
        r#"{{"url":{{"type":"connect_widget","mode":"verification","current_microdeposit_guid":"{guid}",
        "ui_message_version":"4","wait_for_full_aggregation":false,"include_transactions":true,"color_scheme":"light"}}}}"#
    );
    tour.good("POST", URLS, &all);
    tour.bad("POST", URLS, &all.replace(guid, "MIC-unknown"), 404);
    widget(&mut tour, guid);
    tour.good("GET", "/micro_deposits", "");
    for path in ["/_sandbox/access", "/_sandbox/transitions", "/_sandbox/live", "/_sandbox/live?after=1"] {
        tour.good("GET", path, "");
    }
    tour.bad("POST", "/_sandbox/receiver", "{}", 204);
    tour.bad("POST", "/_sandbox/receiver?respond=99", "{}", 400);
    tour.bad("GET", "/_sandbox/live?after=x", "", 400);
    for path in ["/_sandbox/console/", "/_sandbox/console/main.js", "/_sandbox/console/console.css"] {
        tour.good("GET", path, "");
    }
    tour.bad("GET", "/_sandbox/console/unknown", "", 404);
    tour.bad("GET", "/_sandbox/console", "", 307);
    for path in [
        "/_sandbox/state?status=verified",
        "/_sandbox/state?find=MIC&status=",
        "/_sandbox/events?after=3",
        "/_sandbox/state",
        "/_sandbox/openapi.json",
    ] {
        tour.good("GET", path, "");
    }
    for kind in ["state", "deposits"] {
        tour.good("GET", &format!("/_sandbox/{kind}/{guid}"), "");
        tour.bad("GET", &format!("/_sandbox/{kind}/MIC-unknown"), "", 404);
    }
    tour.bad("POST", "/_sandbox/events/MIC-unknown", r#"{"event":"landed"}"#, 404);
    tour.bad("GET", "/_sandbox/events?after=x", "", 400);
    tour.world.rules.policy.known_users_only = true;
    tour.bad("GET", "/sandbox-client/users/nobody/api_token.json", "", 404);
    tour.world.rules.policy.known_users_only = false;
    tour.bad("PUT", "/micro_deposits/MIC-unknown", RIGHT, 404);
    tour.world.advance(Duration::from_secs(60));
    tour.good("POST", "/_sandbox/advance", r#"{"to":"2026-01-05T09:15:00.000Z"}"#);
    tour.bad("POST", "/_sandbox/advance", r#"{"to":"9000-01-01T00:00:00.001Z"}"#, 400);
    injected(&mut tour, &first);
    webhooks::webhooks(&mut tour);
    refusals(&mut tour, &first);
    let export = tour.good("GET", "/_sandbox/export", "").to_string();
    tour.good("POST", "/_sandbox/import", &export);
    tour.bad("POST", "/_sandbox/import", "{}", 400);
    // Weeks pass in them, and every session ends.
    for scenario in tour.good("GET", "/_sandbox/scenarios", "")["scenarios"].as_array().unwrap().clone() {
        let path = format!("/_sandbox/scenarios/{}", scenario["name"].as_str().unwrap());
        let run = tour.good("POST", &path, r#"{"user_id":"user-2"}"#);
        assert_eq!((&run["as_promised"], &run["ends"]), (&true.into(), &scenario["ends"]));
    }
    tour.good("POST", "/_sandbox/scenarios/happy", "");
    tour.good("POST", "/_sandbox/scenarios/happy", r#"{"user_id":"somebody"}"#);
    tour.world.rules.policy.known_users_only = true;
    tour.bad("POST", "/_sandbox/scenarios/happy", r#"{"user_id":"nobody"}"#, 404);
    tour.bad("POST", "/_sandbox/scenarios/unhappy", "", 404);
    tour.good("POST", "/_sandbox/sessions/expire", "");
    tour.good("POST", "/_sandbox/reset", "");
    tour.bad("GET", "/_sandbox/webhooks/deliveries?after=1", "", 410);
    tour.bad("GET", "/_sandbox/events?after=1", "", 410);
    tour.bad("GET", "/_sandbox/requests?after=1", "", 410);
    tour.bad("DELETE", "/_sandbox/faults/1", "", 410);
    tour.bad("DELETE", "/_sandbox/webhooks/faults/1", "", 410);
    let documented = documented(&tour.document).into_iter().filter(|(path, ..)| routes::find_server(path).is_none());
    assert_eq!(tour.seen, documented.collect());
}

/// Opens the widget for a microdeposit that is verified, and for none, and calls whatever its page can call.
fn widget(tour: &mut Tour, guid: &str) {
    let with = format!(r#""ui_message_version":4,"current_microdeposit_guid":"{guid}""#);
    let page = open(tour, &WIDGET.replace(r#""ui_message_version":4"#, &with));
    tour.good("POST", &format!("{page}/start"), "");
    let micro_deposit = format!("{page}/microdeposit");
    tour.good("GET", &micro_deposit, "");
    tour.good("GET", &format!("{micro_deposit}?shown"), "");
    let amounts = r#"{"deposit_amount_1":"0.09","deposit_amount_2":".09"}"#;
    tour.bad("PUT", &micro_deposit, amounts, 409);
    tour.bad("PUT", &micro_deposit, &amounts.replace(".09", "9"), 400);
    let page = open(tour, WIDGET);
    let told = tour.good("POST", &format!("{page}/start"), "");
    let institution = told["institutions"][0].to_string();
    let institution = format!(r#"{{"guid":{}}}"#, serde_json::from_str::<Value>(&institution).unwrap()["guid"]);
    let micro_deposit = format!("{page}/microdeposit");
    tour.bad("GET", &micro_deposit, "", 404);
    tour.bad("PUT", &micro_deposit, amounts, 404);
    for kind in ["institution", "member"] {
        tour.good("POST", &format!("{page}/{kind}"), &institution);
        tour.bad("POST", &format!("{page}/{kind}"), r#"{"guid":"INS-unknown"}"#, 404);
        tour.bad("POST", &format!("{page}/{kind}"), "{", 400);
    }
    for (routing, reason) in
        [("091000019", Value::Null), ("1", "INVALID".into()), ("123456780", "IAV_PREFERRED".into())]
    {
        let body = format!(r#"{{"routing_number":"{routing}"}}"#);
        assert_eq!(tour.good("POST", &format!("{page}/routing_number"), &body)["reason"], reason);
    }
    tour.bad("POST", &format!("{page}/routing_number"), "{}", 400);
    let person = r#""first_name":"Josh","last_name":"Boy","email":"j@example.com""#;
    let details = format!("{{{person},{}", ACCOUNT.trim_start_matches('{'));
    tour.bad("POST", &micro_deposit, ACCOUNT, 400);
    let made = tour.good("POST", &micro_deposit, &details);
    assert_eq!(made["micro_deposit"]["account_name"], "Savings ...7890");
    tour.good("POST", "/_sandbox/advance", r#"{"seconds":120}"#);
    assert_eq!(tour.good("PUT", &micro_deposit, amounts)["micro_deposit"]["view"], "verified");
    let paths = methods(&tour.document.clone()).into_iter().filter(|(path, ..)| path.starts_with("/md/connect/"));
    for (path, method, operation) in paths.filter(|(.., operation)| operation.get("security").is_some()) {
        let path = path.replace("/md/connect/{widget_token}", &page);
        tour.send(&method, &path, Sent { anonymous: true, ..Sent::default() }, 401);
        let huge = " ".repeat(65_537);
        tour.send(&method, &path, Sent { body: &huge, ..Sent::default() }, 413);
        assert!(operation["responses"].get("401").is_some());
    }
    tour.bad("GET", "/md/connect/unknown", "", 404);
    for file in ["main.js", "widget.css"] {
        tour.good("GET", &format!("/md/files/{file}"), "");
    }
    tour.bad("GET", "/md/files/unknown", "", 404);
}

/// The path of a page that was asked for and opened.
fn open(tour: &mut Tour, body: &str) -> String {
    let told = tour.good("POST", URLS, body);
    let address = told["url"]["url"].as_str().unwrap();
    let path = address.split_once(".example").unwrap().1.to_owned();
    tour.good("GET", &path, "");
    let text = String::from_utf8(tour.world.respond(&Call::new("GET", &path)).body).unwrap();
    tour.page = format!("Bearer {}", text.split("data-bearer=\"").nth(1).unwrap().split('"').next().unwrap());
    path
}

/// Faults are added and removed, and the log shows the requests.
fn injected(tour: &mut Tour, first: &str) {
    let path = "/_sandbox/faults";
    let effects = [
        r#"{"effect":"delay","milliseconds":1,"operation":"list","nth":9}"#,
        r#"{"effect":"slow","milliseconds":1,"probability":0.5,"times":0}"#,
        r#"{"effect":"cut","bytes":3,"operation":"create","times":0,"comment":{"any":"thing"}}"#,
        r#"{"effect":"redirect","location":"https://example.com/","operation":"open_session"}"#,
        r#"{"effect":"status","status":429,"retry_after":"3","after_acting":true,"operation":"verify"}"#,
        r#"{"effect":"reset_after","operation":"read","nth":1}"#,
        r#"{"effect":"later","milliseconds":2592000000,"operation":"create","times":0}"#,
        r#"{"effect":"later","milliseconds":1,"status":504,"operation":"create","times":0}"#,
        r#"{"effect":"html","status":200,"after_acting":true,"operation":"create","times":0}"#,
        r#"{"effect":"duplicate","response":"first","operation":"create","times":0}"#,
        r#"{"effect":"contradictory","kind":"boolean","operation":"create","times":0}"#,
    ];
    for effect in effects {
        tour.good("POST", path, effect);
    }
    let plain = ["reset_before", "truncated", "garbage", "content_type", "expire_sessions", "empty_401"];
    for effect in plain.into_iter().chain(["stale", "another_record", "restart"]) {
        tour.good("POST", path, &format!(r#"{{"effect":"{effect}","times":0}}"#));
    }
    let mut call = Call::new("GET", first);
    let token = tour.world.credentials().session_token.clone();
    call.session_token = Some(&token);
    assert_eq!(tour.world.respond(&call).delivery, crate::Delivery::Reset);
    let listed = tour.good("GET", path, "");
    assert_eq!(listed["faults"].as_array().map(Vec::len), Some(20));
    let injected: BTreeSet<_> =
        listed["faults"].as_array().unwrap().iter().map(|fault| fault["effect"].as_str()).collect();
    let named = &tour.document["components"]["schemas"]["FaultRequest"]["properties"]["effect"]["enum"];
    assert_eq!(injected, named.as_array().unwrap().iter().map(Value::as_str).collect::<BTreeSet<_>>());
    assert_eq!(listed["faults"][5]["hits"], 1);
    let received = tour.good("GET", "/_sandbox/requests?after=1", "");
    let last = received["requests"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["operation"], &last["status"], &last["fault"]), (&"read".into(), &Value::Null, &6.into()));
    assert_eq!(last["why"]["rule"], "A fault was injected: reset_after.");
    tour.bad("GET", "/_sandbox/requests?after=x", "", 400);
    tour.good("DELETE", "/_sandbox/faults/2", "");
    tour.bad("DELETE", "/_sandbox/faults/2", "", 404);
    let bad = [
        "{}",
        r#"{"effect":"no"}"#,
        r#"{"effect":"delay"}"#,
        r#"{"effect":"delay","milliseconds":600001}"#,
        r#"{"effect":"cut","bytes":-1}"#,
        r#"{"effect":"status","status":200}"#,
        r#"{"effect":"status","status":503,"retry_after":""}"#,
        r#"{"effect":"garbage","retry_after":""}"#,
        r#"{"effect":"delay","milliseconds":1,"bytes":3}"#,
        r#"{"effect":"redirect","location":"a\r\nb"}"#,
        r#"{"effect":"later"}"#,
        r#"{"effect":"later","milliseconds":2592000001}"#,
        r#"{"effect":"later","milliseconds":1,"status":199}"#,
        r#"{"effect":"html"}"#,
        r#"{"effect":"html","status":600}"#,
        r#"{"effect":"duplicate","response":"third"}"#,
        r#"{"effect":"duplicate"}"#,
        r#"{"effect":"contradictory","kind":"no"}"#,
        r#"{"effect":"garbage","operation":"no"}"#,
        r#"{"effect":"garbage","nth":0}"#,
        r#"{"effect":"garbage","nth":1,"probability":0.5}"#,
        r#"{"effect":"garbage","probability":1.5}"#,
    ];
    for fault in bad {
        tour.bad("POST", path, fault, 400);
    }
    assert_eq!(tour.good("DELETE", path, "")["faults"], Value::Array(Vec::new()));
}

/// What any path refuses: no secret, a response that nobody accepts, another media type, no JSON, too much.
fn refusals(tour: &mut Tour, first: &str) {
    let guid = first.rsplit('/').next().unwrap();
    let huge = " ".repeat(65_537);
    for (template, method, item) in methods(&tour.document.clone()) {
        if routes::find_server(&template).is_some() {
            // The server's own: a world does not have it.
            continue;
        }
        let path = template.replace("{micro_deposit_guid}", guid).replace("{client_id}", "sandbox-client");
        let path = path.replace("{user_id}", "user-1").replace("{fault_id}", "1").replace("{scenario}", "happy");
        let path = path.replace("{webhook_id}", "3").replace("{delivery_id}", "2");
        if item["tags"][0] == "widget" {
            // Those with a secret are asked elsewhere, with the right one.
            if item.get("security").is_none() {
                tour.send(&method, &path, Sent { body: &huge, ..Sent::default() }, 413);
            }
            tour.bad("PATCH", &path, "", 405);
            continue;
        }
        let api = item["tags"][0] != "sandbox";
        let with_body = item.get("requestBody").is_some();
        // An export may be longer than any other body.
        let beyond = if path.ends_with("/import") { " ".repeat((64 << 20) + 1) } else { huge.clone() };
        tour.send(&method, &path, Sent { body: &beyond, ..Sent::default() }, 413);
        let another = Sent { body: "{}", content_type: Some("text/plain"), ..Sent::default() };
        if api {
            tour.send(&method, &path, Sent { anonymous: true, ..Sent::default() }, 401);
            tour.send(&method, &path, Sent { accept: Some("text/html"), ..Sent::default() }, 406);
            if with_body {
                tour.send(&method, &path, another, 415);
            }
        } else {
            // The admin interface asks for nothing of the kind.
            let mut call = Call::new(&method, &path);
            (call.accept, call.content_type) = (Some("text/html"), another.content_type);
            let status = World::new(Options::default()).respond(&call).status;
            assert!([200, 204, 307, 400, 404].contains(&status), "{method} {path} {status}");
        }
        if with_body {
            tour.bad(&method, &path, "{", 400);
        }
        tour.bad("PATCH", &path, "", 405);
    }
    tour.bad("GET", "/", "", 404);
}

fn documented(document: &Value) -> BTreeSet<Step> {
    let statuses = methods(document).into_iter().flat_map(|(path, method, operation)| {
        let statuses: Vec<String> = operation["responses"].as_object().unwrap().keys().cloned().collect();
        statuses.into_iter().map(move |status| (path.clone(), method.clone(), status))
    });
    statuses.collect()
}
