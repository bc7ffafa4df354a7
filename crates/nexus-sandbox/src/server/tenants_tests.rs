//! Where tenants' tokens lead, and what is left of tenants that are gone.

use std::sync::Weak;
use std::time::Duration;

use super::*;
use crate::server::tenant_options::LONGEST;

fn wanted(name: &str, lives: Option<Duration>) -> TenantOptions {
    TenantOptions { name: Some(name.to_owned()), lives, ..TenantOptions::default() }
}

#[test]
fn a_tenant_that_is_gone_gives_its_memory_back() {
    let tenants = Tenants::new(Options::default(), Running::default());
    let made: Vec<Weak<OwnWorld>> =
        (0..100).map(|number| Arc::downgrade(&tenants.make(wanted(&format!("t{number}"), None)).unwrap())).collect();
    assert!(made.iter().all(|own| own.strong_count() > 0));
    for number in 0..100 {
        assert!(tenants.remove(&format!("t{number}")) && !tenants.remove(&format!("t{number}")));
    }
    assert!(made.iter().all(|own| own.strong_count() == 0));
    let short = tenants.make(wanted("short", Some(Duration::from_nanos(1)))).map(|own| Arc::downgrade(&own)).unwrap();
    let long = tenants.make(wanted("long", Some(LONGEST))).unwrap();
    assert!(tenants.forget_ended(), "another will end");
    assert!(short.strong_count() == 0 && tenants.all().len() == 2);
    drop(long);
    assert!(tenants.remove("long") && !tenants.forget_ended());
}

#[test]
fn a_served_tenant_whose_time_is_over_is_freed_without_anybody_asking() {
    // The slow clock of the server follows its time-outs.
    let serving = crate::Serving { idle_timeout: Duration::from_millis(40), ..crate::Serving::default() };
    let sandbox = crate::Sandbox::start_with(Options::default(), serving).unwrap();
    let short = sandbox.tenants.make(wanted("short", Some(Duration::from_millis(1)))).map(|own| Arc::downgrade(&own));
    let short = short.unwrap();
    while short.strong_count() > 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn tokens_of_a_tenant_lead_to_it_and_then_nowhere() {
    let tenants = Tenants::new(Options::default(), Running::default());
    let own = tenants.make(wanted("a", None)).unwrap();
    let first = tenants.first().credentials.clone();
    let leads = |secret: &str| tenants.of_secret(Some(secret)).map(|own| own.name.clone());
    let theirs = [own.credentials.api_key.clone(), own.credentials.session_token.clone()];
    for secret in &theirs {
        assert_eq!(leads(secret).as_deref(), Some("a"));
    }
    for secret in [&*first.api_key, &first.session_token, "", "sandbox_", "short", "ééééééééé"] {
        assert_eq!(leads(secret).as_deref(), Some(FIRST), "{secret}");
    }
    assert!(tenants.of_secret(None).is_some());
    drop(own);
    tenants.remove("a");
    for secret in &theirs {
        assert_eq!(leads(secret), None);
    }
}

#[test]
fn where_clocks_run_a_tenants_begins_at_the_present() {
    let now = |real_time| {
        let mut tenants = Tenants::new(Options::default(), Running { real_time, ..Running::default() });
        tenants.began = Instant::now().checked_sub(Duration::from_secs(60)).unwrap();
        tenants.make(wanted("a", None)).unwrap().world().now().as_str()[14..16].to_owned()
    };
    assert_eq!((now(true).as_str(), now(false).as_str()), ("01", "00"));
}
