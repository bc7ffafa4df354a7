//! Everything that is logged, observed and returned while every flow meets every fault.

use std::any::Any;
use std::cell::Cell;
use std::panic::UnwindSafe;
use std::sync::Once;

use super::*;

/// Every log record of every crate in this process, at every level.
struct Everything(Mutex<String>);

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}: {}\n", record.level(), record.target(), record.args());
        self.0.lock().unwrap().push_str(&line);
    }

    fn flush(&self) {}
}

static LOGGED: Everything = Everything(Mutex::new(String::new()));

struct Both(Arc<Mutex<String>>);

impl Observer for Both {
    fn observe(&self, event: &Observation) {
        TracingObserver.observe(event);
        self.0.lock().unwrap().push_str(&format!("{event:?}\n"));
    }
}

fn effects() -> Vec<Option<Effect>> {
    let status = |status, acting| Some(Effect::Status { status, retry_after: Some("1".into()), acting });
    let mut all = vec![None, status(400, false), status(401, false), status(404, true), status(409, false)];
    all.extend([status(422, true), status(500, true), status(503, false), Some(Effect::ResetBefore)]);
    all.extend([Effect::ResetAfter, Effect::Cut(30), Effect::Truncated, Effect::Garbage].map(Some));
    all.extend([Effect::ContentType, Effect::Empty401, Effect::ExpireSessions].map(Some));
    all.push(Some(Effect::Redirect("https://elsewhere.example/".into())));
    all.push(Some(Effect::Delay(Duration::from_millis(300))));
    all
}

fn gives_up(outcome: Result<(), Error>) {
    outcome.expect("an outcome");
}

thread_local! {
    /// Whether this thread panics on purpose just now.
    static ON_PURPOSE: Cell<bool> = const { Cell::new(false) };
}

/// What this panics with. What the panic would print is what is looked at; it need not be printed as well. Every other panic of
/// the process, of this thread or of another test's, is printed as ever.
fn silently(panics: impl FnOnce() + UnwindSafe) -> Box<dyn Any + Send> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !ON_PURPOSE.get() {
                before(panic);
            }
        }));
    });
    ON_PURPOSE.set(true);
    let panicked = std::panic::catch_unwind(panics);
    ON_PURPOSE.set(false);
    panicked.expect_err("a panic")
}

fn print_all(out: &mut String, outcome: Result<impl Debug, Error>) {
    match outcome {
        Ok(value) => out.push_str(&format!("{value:?}\n")),
        Err(error) => {
            out.push_str(&format!("{error} {error:?} {error:#?} {}\n", error.advice()));
            // A program that gives up says all it knows.
            let message = silently(|| gives_up(Err(error)));
            out.push_str(message.downcast_ref::<String>().expect("text"));
        }
    }
}

#[test]
fn no_flow_and_no_fault_tells_a_secret() {
    log::set_logger(&LOGGED).expect("no other logger");
    log::set_max_level(log::LevelFilter::Trace);
    let observed = Arc::new(Mutex::new(String::new()));
    let mut out = String::new();
    let mut more = Vec::new();
    for effect in effects() {
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let credentials = sandbox.credentials().clone();
        more.extend([credentials.api_key.clone(), credentials.session_token.clone()]);
        let key = ApiKey::new(&*credentials.api_key).unwrap();
        let (id, user) = (ClientId::new(&*credentials.client_id).unwrap(), UserId::new(&*credentials.user_id).unwrap());
        let builder =
            Client::builder(sandbox.url()).sso(id, user, key).limits(support::limits()).retry(support::quick());
        let client = builder.observer(Arc::new(Both(Arc::clone(&observed)))).build().unwrap();
        let made = client.create(&create()).unwrap();
        more.push(client.session().unwrap().expose().to_owned());
        sandbox.advance(Duration::from_secs(120));
        client.read(&made.record.guid).unwrap();
        if let Some(effect) = effect {
            sandbox.with_world(|world| world.add_fault(Fault::always(effect)));
        }
        let cents = DepositAmount::from_cents(9).unwrap();
        print_all(&mut out, client.create(&create()));
        print_all(&mut out, client.preinitiate(&Preinitiate::new(person())));
        print_all(&mut out, client.send_unguarded(&create()));
        print_all(&mut out, client.list());
        print_all(&mut out, client.read(&made.record.guid));
        print_all(&mut out, client.verify(&made.record.guid, cents, cents));
        print_all(&mut out, client.send_unguarded(&Verify::new(made.record.guid.clone(), cents, cents)));
        print_all(&mut out, client.widget_url(Some(made.record.guid.clone())));
        print_all(&mut out, client.session());
        for path in
            ["/_sandbox/state", "/_sandbox/requests", "/_sandbox/faults", "/_sandbox/export", "/_sandbox/scenarios"]
        {
            let reply = sandbox.with_world(|world| world.respond(&Call::new("GET", path)));
            // An export has the bank's own number, which decides what is refused; it is nobody's secret.
            let field = format!("\"routing_number\": \"{ROUTING}\"");
            out.push_str(&String::from_utf8(reply.body).unwrap().replace(&field, ""));
        }
    }
    let logged = LOGGED.0.lock().unwrap();
    assert!(logged.contains("ureq") && logged.contains("nexus_http"), "the library's and ours were heard");
    assert!(out.contains("unknown") && out.contains("*****0987"));
    for (name, text) in [("told", &out), ("logged", &*logged), ("observed", &observed.lock().unwrap())] {
        let found = find(text, &more).map(|canary| {
            text.lines()
                .filter(|line| line.contains(&canary))
                .take(3)
                .map(|l| l.chars().take(900).collect())
                .collect::<Vec<String>>()
        });
        assert_eq!(found, None, "{name}");
    }
}
