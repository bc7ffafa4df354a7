//! What is printed of webhooks on their way from the sandbox to a receiver.

use nexus_sandbox::{
    AttemptKind, Receiver, Receiving, Shape, Subscription, WebhookAuth, WebhookEffect, WebhookFault, WebhookManner,
    WebhookOutcome, WebhookState, WebhookSuccess, WebhookTrouble,
};

use super::*;

/// A whole delivery with planted secrets, in process and over the wire.
pub(crate) fn webhooks(shown: &mut Shown) {
    let mut receiving = Receiving::default();
    receiving.basic = Some((EMAIL.to_owned(), KEY.to_owned()));
    let receiver = Receiver::start(receiving.clone(), |_| ()).unwrap();
    let basic = WebhookAuth::Basic { username: EMAIL.to_owned(), password: KEY.to_owned() };
    let bearer = WebhookAuth::Bearer {
        token_url: format!("https://example.com/?key={TOKEN}"),
        client_id: EMAIL.to_owned(),
        client_secret: KEY.to_owned(),
        scope: Some(NAME.to_owned()),
    };
    let address = format!("{}?key={TOKEN}", receiver.url());
    let subscription = Subscription::new(&address).with_auth(basic.clone());
    let mut options = Options::default();
    options.webhooks = vec![subscription.clone()];
    shown.debug(&options);
    let sandbox = Sandbox::start(options.clone()).unwrap();
    let mut world = World::new(options);
    let token = world.credentials().session_token.clone();
    assert_eq!(world.handle(&create().request(), &token).status, 200);
    sandbox.with_world(|world| assert_eq!(world.handle(&create().request(), &token).status, 200));
    sandbox.advance(Duration::ZERO);
    let attempt = world.attempt_due().unwrap();
    shown.debug(&attempt);
    world.attempt_ended(&attempt, WebhookOutcome::Failed(WebhookTrouble::Token));
    let deliveries = sandbox.with_world(|world| world.webhook_deliveries(0));
    assert_eq!(deliveries[0].state, WebhookState::Delivered);
    shown.debug(&deliveries[0]);
    shown.debug(&deliveries[0].attempts[0]);
    shown.debug(&world.webhooks_after(0)[0]);
    let arrivals = receiver.arrivals();
    assert!(String::from_utf8_lossy(&arrivals[0].body).contains(ACCOUNT) && arrivals[0].authorized);
    shown.debug(&arrivals[0]);
    shown.debug(&receiver);
    shown.debug(&receiving);
    shown.debug(&subscription);
    for auth in [basic, bearer] {
        shown.debug(&auth);
    }
    let mut logs = String::new();
    for path in ["webhooks", "webhooks/deliveries", "webhooks/deliveries/1", "webhooks/faults", "state", "requests"] {
        let path = format!("/_sandbox/{path}");
        logs.push_str(&String::from_utf8(sandbox.respond(&Call::new("GET", &path)).body).unwrap());
    }
    assert!(logs.contains("****0987"), "{logs}");
    shown.0.insert("the logs of webhooks".to_owned(), logs);
    shown.debug(&WebhookFault::nth(1, WebhookEffect::Shape(Shape::Null)));
    shown.debug(&WebhookEffect::Drop);
    shown.debug(&Shape::Extra);
    shown.debug(&AttemptKind::Replay);
    shown.debug(&WebhookManner::Whole);
    shown.debug(&WebhookOutcome::Response(204));
    shown.debug(&WebhookState::GivenUp);
    shown.debug(&WebhookSuccess::Any2xx);
    shown.debug(&WebhookTrouble::Timeout);
}
