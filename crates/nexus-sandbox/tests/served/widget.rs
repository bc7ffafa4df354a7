//! The widget's stand-in over HTTP: its addresses, who uses them up, and its headers. What a person does in it is tested in a
//! browser, in `tests/browser`.

use crate::support::*;
use nexus_sandbox::{EmbedOrigin, Options, Policy, Sandbox, TenantOptions, WidgetToken};
use nexus_types::SSO_MEDIA_TYPE;
use serde_json::json;

/// A frame of a page on another port.
const NAVIGATION: &Headers<'_> =
    &[("Sec-Fetch-Dest", b"iframe"), ("Sec-Fetch-Mode", b"navigate"), ("Sec-Fetch-Site", b"same-site")];

fn sandbox(policy: Policy) -> Sandbox {
    let mut options = Options::default();
    options.policy = policy;
    Sandbox::start(options).unwrap()
}

/// The header that the calls of this page carry.
fn bearer(page: &Received) -> String {
    assert_eq!(page.0, 200);
    format!("Bearer {}", page.2.split("data-bearer=\"").nth(1).unwrap().split('"').next().unwrap())
}

#[test]
fn an_address_opens_at_the_sandbox_itself_and_once() {
    let sandbox = sandbox(Policy::default());
    let caller = Caller::new(&sandbox);
    let path = caller.widget_path(&sandbox, None);
    assert!(path.starts_with("/md/connect/"));
    assert_eq!(caller.raw("GET", &path, NAVIGATION, b"").0, 200);
    let again = caller.raw("GET", &path, NAVIGATION, b"");
    assert!(again.0 == 404 && again.2.contains("data-bearer=\"\""), "the page without a secret");
    let late = caller.widget_path(&sandbox, None);
    sandbox.advance(std::time::Duration::from_secs(600));
    assert_eq!(caller.raw("GET", &late, NAVIGATION, b"").0, 404);
    let reset = caller.widget_path(&sandbox, None);
    sandbox.with_world(|world| world.reset());
    assert_eq!(caller.raw("GET", &reset, NAVIGATION, b"").0, 404);
    assert!(caller.widget_path(&sandbox, None).starts_with("/md/connect/"), "the address outlives a reset");
}

#[test]
fn an_address_may_open_again_by_policy() {
    let sandbox = sandbox(Policy { widget_token: WidgetToken::Reusable, ..Policy::default() });
    let caller = Caller::new(&sandbox);
    let path = caller.widget_path(&sandbox, None);
    for _ in 0..3 {
        assert_eq!(caller.raw("GET", &path, NAVIGATION, b"").0, 200);
        sandbox.advance(std::time::Duration::from_secs(600));
    }
}

#[test]
fn looking_ahead_uses_no_address_up() {
    let sandbox = sandbox(Policy::default());
    let caller = Caller::new(&sandbox);
    let path = caller.widget_path(&sandbox, None);
    let elsewhere: &Headers<'_> = &[("Sec-Fetch-Site", b"same-site"), ("Sec-Fetch-Mode", b"no-cors")];
    assert_eq!(caller.raw("GET", &path, elsewhere, b"").0, 403, "pages elsewhere may show it and not fetch it");
    let looks: [&Headers<'_>; 4] = [
        &[],
        &[("Sec-Fetch-Dest", b"empty")],
        &[("Sec-Fetch-Dest", b"image")],
        &[("Sec-Fetch-Dest", b"document"), ("Sec-Purpose", b"prefetch;prerender")],
    ];
    let pages = looks.map(|headers| caller.raw("GET", &path, headers, b""));
    assert_eq!(caller.raw("HEAD", &path, &[], b"").0, 200);
    // The page that was prefetched is shown later, without a second request: its first call uses the address up.
    let call = |secret: &str| {
        let headers: [(&str, &[u8]); 1] = [("Authorization", secret.as_bytes())];
        caller.raw("POST", &format!("{path}/start"), &headers, b"").0
    };
    assert_eq!((call(&bearer(&pages[3])), call(&bearer(&pages[0]))), (200, 401));
    assert_eq!(caller.raw("GET", &path, NAVIGATION, b"").0, 404);
}

#[test]
fn a_page_is_its_users_alone_and_counts_as_the_api_does() {
    let sandbox = sandbox(Policy::default());
    let (one, two) = (Caller::new(&sandbox), Caller::of_user(&sandbox, "user-2"));
    let guid = one.made("333312345");
    sandbox.advance(std::time::Duration::from_secs(120));
    let path = one.widget_path(&sandbox, Some(&guid));
    let secret = bearer(&one.raw("GET", &path, NAVIGATION, b""));
    let headers: [(&str, &[u8]); 2] = [("Authorization", secret.as_bytes()), ("Content-Type", b"application/json")];
    let told = value(&one.raw("POST", &format!("{path}/start"), &headers, b""), 200);
    assert_eq!(told["micro_deposit"]["account_number"], "2345", "but for its end it is hidden");
    assert!(!told.to_string().contains("3333"));
    let wrong = br#"{"deposit_amount_1":"0.02","deposit_amount_2":"0.02"}"#;
    for (attempts, status) in [(1, "DENIED"), (2, "DENIED"), (3, "PREVENTED")] {
        let told = value(&one.raw("PUT", &format!("{path}/microdeposit"), &headers, wrong), 200);
        assert_eq!(told["micro_deposit"]["status_name"], status);
        let standing = one.get("GET", &format!("/_sandbox/state/{guid}"), "");
        assert_eq!((&standing["status"], &standing["attempts"]), (&json!(status), &json!(attempts)));
    }
    assert_eq!(two.ask("GET", &format!("/micro_deposits/{guid}"), "").0, 404);
}

#[test]
fn a_tenants_widget_is_its_own() {
    let sandbox = sandbox(Policy::default());
    let mut wanted = TenantOptions::default();
    wanted.name = Some("worker".to_owned());
    let tenant = sandbox.tenant(wanted).unwrap();
    let key = tenant.credentials().api_key.clone();
    let caller = Caller::with(&sandbox, tenant.credentials().session_token.clone());
    let guid = caller.made("333312345");
    let headers: [(&str, &[u8]); 2] = [("MD-API-KEY", key.as_bytes()), ("Content-Type", SSO_MEDIA_TYPE.as_bytes())];
    let body = format!(
        r#"{{"url":{{"type":"connect_widget","mode":"verification","ui_message_version":4,"current_microdeposit_guid":"{guid}"}}}}"#
    );
    let urls = format!("/{}/users/user-1/urls.json", tenant.credentials().client_id);
    let told = value(&caller.raw("POST", &urls, &headers, body.as_bytes()), 200);
    let path = told["url"]["url"].as_str().unwrap().strip_prefix(sandbox.url()).unwrap().to_owned();
    let secret = bearer(&caller.raw("GET", &path, NAVIGATION, b""));
    let headers: [(&str, &[u8]); 1] = [("Authorization", secret.as_bytes())];
    let told = value(&caller.raw("POST", &format!("{path}/start"), &headers, b""), 200);
    assert_eq!((&told["micro_deposit"]["guid"], &told["admin"]), (&json!(guid), &json!("/_sandbox/t/worker")));
    tenant.advance(std::time::Duration::from_secs(120));
    let told = value(&caller.raw("GET", &format!("{path}/microdeposit"), &headers, b""), 200);
    assert_eq!(told["micro_deposit"]["status_name"], "DEPOSITED");
    let other = Caller::new(&sandbox).widget_path(&sandbox, None);
    assert_eq!(caller.raw("POST", &format!("{other}/start"), &headers, b"").0, 401);
    assert!(tenant.delete());
    assert_eq!(caller.raw("GET", &format!("{path}/microdeposit"), &headers, b"").0, 401);
}

#[test]
fn headers_of_the_page_and_of_its_files() {
    let mut options = Options::default();
    options.embed_origins = vec![EmbedOrigin::new("https://app.example.com").unwrap()];
    let sandbox = Sandbox::start(options).unwrap();
    let caller = Caller::new(&sandbox);
    let header = |path: &str, name: &str| {
        let response = caller.agent.get(format!("{}{path}", sandbox.url())).call().unwrap();
        response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let path = caller.widget_path(&sandbox, None);
    let policy = header(&path, "content-security-policy");
    for part in [
        "default-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        "frame-ancestors 'self' http://127.0.0.1:* http://localhost:* https://127.0.0.1:* https://localhost:* https://app.example.com",
    ] {
        assert!(policy.split("; ").any(|one| one == part), "{policy}");
    }
    assert!(!policy.contains("unsafe"));
    for name in ["x-content-type-options", "referrer-policy", "cache-control"] {
        assert!(!header(&path, name).is_empty(), "{name}");
    }
    assert_eq!(
        (header("/md/files/main.js", "x-content-type-options"), header("/md/files/main.js", "set-cookie")),
        ("nosniff".into(), String::new())
    );
    assert_eq!(header("/_sandbox/state", "content-security-policy"), "", "other responses are as they were");
}
