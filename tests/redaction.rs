//! Canaries: planted secrets go through every flow and every fault, with logging at its loudest, and through `{:?}` and `{}`
//! of every public type. None may be found in full.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "../crates/nexus-http/tests/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nexus_http::{
    Canceller, Claimed, Client, Environment, FileJournal, Journal, Limits, Observation, Observer, Progress,
    RetryPolicy, Scope, TracingObserver, Until, VerifyOptions, WaitOptions,
};
use nexus_sandbox::{Act, Call, Contradiction, Effect, Fault, Options, Sandbox, Serving, Which, World};
use nexus_types::decide::creation::{Found, Intention, Known};
use nexus_types::decide::{budget, retry, submission};
use nexus_types::flow::{self, Claim, Find, Flow, Prior, Settle};
use nexus_types::*;

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

/// What is printed of each type, by its name.
#[derive(Default)]
struct Shown(BTreeMap<String, String>);

impl Shown {
    fn debug<T: Debug>(&mut self, value: &T) {
        let full = std::any::type_name::<T>();
        let name = full.split('<').next().unwrap().rsplit("::").next().unwrap().to_owned();
        self.0.entry(name).or_default().push_str(&format!("{value:?} {value:#?}\n"));
    }

    fn both<T: Debug + Display>(&mut self, value: &T) {
        let text = value.to_string();
        self.debug(value);
        self.0.insert(format!("display of {}", std::any::type_name::<T>()), text);
    }
}

fn core(shown: &mut Shown) {
    shown.both(&AccountNumber::new(ACCOUNT).unwrap());
    shown.debug(&AccountName::new(NAME).unwrap());
    shown.both(&RoutingNumber::new(ROUTING).unwrap());
    shown.debug(&person());
    shown.both(&Private::from(EMAIL));
    shown.debug(&SessionToken::new(TOKEN).unwrap());
    shown.debug(&ApiToken::new(API_TOKEN).unwrap());
    shown.debug(&ApiKey::new(KEY).unwrap());
    shown.debug(&create());
    shown.debug(&Preinitiate::new(person()));
    shown.debug(&record());
    shown.debug(&WebhookEvent::parse(body().as_bytes()).unwrap());
    shown.debug(&WebhookEvent::parse(body().as_bytes()).unwrap().action);
    shown.both(&record().status);
    if let Status::Unknown(unknown) = record().status {
        shown.debug(&*unknown);
    }
    shown.both(&Timestamp::new(EMAIL));
    shown.both(&Timestamp::new(ACCOUNT));
    shown.debug(&create().request());
    shown.debug(&Response::new(200, body()));
    let link = format!(r#"{{"url":{{"url":"https://w.example/{TOKEN}"}}}}"#);
    let widget = WidgetUrl::new(ClientId::new("client").unwrap(), UserId::new("user").unwrap(), Some(guid()));
    shown.debug(&widget.parse(&Response::new(200, link)).unwrap());
    shown.debug(&widget);
    shown.debug(&GetApiToken::new(ClientId::new("client").unwrap(), UserId::new("user").unwrap()));
    shown.debug(&OpenSession::new());
    shown.debug(&List::new());
    let mut pages = Pages::new();
    let whole = format!(r#"{{"micro_deposits":[{}],"total":2}}"#, body());
    let page = List::new().parse_page(&Response::new(200, whole)).unwrap();
    shown.debug(&page);
    shown.debug(&page.sign);
    shown.debug(&pages.add(page.clone()));
    shown.debug(&pages);
    shown.debug(&Read::new(guid()));
    let cents = DepositAmount::from_cents(9).unwrap();
    shown.debug(&Verify::new(guid(), cents, cents));
    shown.both(&cents);
    shown.both(&guid());
    shown.debug(&ClientId::new("client").unwrap());
    shown.debug(&UserId::new("user").unwrap());
    let refusal = format!(r#"{{"error":{{"code":4001,"message":"account_number {ACCOUNT} of {EMAIL} is wrong"}}}}"#);
    let refused = create().parse(&Response::new(400, refusal)).unwrap_err();
    let unread = Read::new(guid()).parse(&Response::new(200, format!("{{\"{EMAIL}\":{ACCOUNT}"))).unwrap_err();
    for error in [refused, unread] {
        shown.both(&error.clone().with_last_seen(record()));
        shown.debug(error.context().unwrap());
    }
    for text in [ACCOUNT, EMAIL, TOKEN] {
        for error in [DepositAmount::parse(text).err(), RoutingNumber::new(text).err(), text.parse::<Status>().err()] {
            shown.both(&error.expect("no such value"));
        }
    }
    let found: Found = Intention::Create(create()).find(&Known::default(), vec![record()]);
    shown.debug(&found);
    shown.debug(&Known::of(&[record()]));
    shown.debug(&Intention::Create(create()));
    let before = submission::Before::of(&record(), false);
    shown.debug(&before);
    shown.debug(&submission::judge(&before, &record(), None, &Assumptions::default()));
    flows(shown);
    plain(shown);
}

/// What goes between flows and drivers: a create that is listed for, sent, lost and looked after.
fn flows(shown: &mut Shown) {
    let (mut budget, mut elapsed) = (budget::Budget::default(), Duration::ZERO);
    let settings = flow::Settings::default();
    shown.debug(&settings);
    let mut flow = flow::CreateFlow::new(Intention::Create(create()), settings, flow::Moment::default());
    loop {
        let at = flow::Moment { elapsed, unix: 0 };
        shown.debug(&at);
        let step = flow.next(at, 0.5, &mut budget);
        shown.debug(&step);
        let event = match step {
            flow::Step::Send(send) => {
                shown.debug(&send);
                shown.debug(&send.purpose);
                flow::Event::Response(Response::new(200, r#"{"micro_deposits":[]}"#))
            }
            flow::Step::SendOnce(permit) => {
                shown.debug(&permit);
                shown.debug(&permit.spend());
                let lost = flow::Lost::new(TransportProblem::Io);
                shown.debug(&lost);
                flow::Event::MaybeSent(lost)
            }
            flow::Step::Sleep(sleep) => {
                shown.debug(&sleep);
                shown.debug(&sleep.pause);
                elapsed = sleep.until;
                flow::Event::Elapsed
            }
            flow::Step::Done(output) => {
                assert!(output.unwrap_err().outcome_unknown());
                break;
            }
            flow::Step::Renew(_) | flow::Step::Journal(_) => flow::Event::JournalFailed,
        };
        shown.debug(&event);
        flow.handle(at, event);
    }
    let made = flow::Event::Response(Response::new(200, body()));
    shown.debug(&made);
    // The second step carries the token itself.
    let (client, user) = (ClientId::new("c").unwrap(), UserId::new("u").unwrap());
    let mut session = flow::SessionFlow::new(client, user, settings, flow::Moment::default());
    let _ = session.next(flow::Moment::default(), 0.5, &mut budget);
    let answer = format!(r#"{{"api_token":{{"token":"{API_TOKEN}"}}}}"#);
    session.handle(flow::Moment::default(), flow::Event::Response(Response::new(200, answer)));
    let opens = session.next(flow::Moment::default(), 0.5, &mut budget);
    shown.debug(&opens);
    let flow::Step::SendOnce(permit) = opens else { panic!("in {}", session.state()) };
    assert!(permit.spend().send.token.is_some());
}

/// Types that have no room for a secret: shown all the same.
fn plain(shown: &mut Shown) {
    shown.debug(&AccountType::Checking);
    shown.debug(&Auth::Session);
    shown.debug(&Authority::new());
    shown.debug(&Event::Created);
    shown.debug(&nexus_types::machine::TABLE[0]);
    shown.debug(&flow::Heard::Contested);
    shown.both(&Position::Nothing);
    shown.debug(&Sighting::Same);
    shown.debug(&KnownStatus::Initiated);
    shown.debug(&Host::Data);
    shown.debug(&Method::Get);
    shown.debug(&Operation::Read);
    shown.debug(&Reveal::Full);
    shown.debug(&Field::AccountNumber);
    shown.debug(&record().fields(Reveal::Full).map(|(_, value)| value).collect::<Vec<FieldValue<'_>>>());
    shown.debug(&record().field(Field::AccountNumber, Reveal::Full));
    shown.debug(&ErrorKind::Timeout);
    shown.debug(&ErrorGroup::Api);
    shown.both(&ApiProblem::Server);
    shown.both(&DecodeProblem::NotJson);
    shown.both(&StateProblem::NotAllowed);
    shown.both(&TransportProblem::Io);
    shown.both(&TransportCause::Closed);
    shown.both(&BoundaryProblem::Panic);
    shown.debug(&budget::Budget::default());
    shown.debug(&retry::Failure::Io);
    shown.debug(&retry::Decision::Stop);
    shown.debug(&RetryPolicy::default());
    shown.debug(&Environment::Production);
    shown.debug(&Assumptions::default());
    shown.both(&Assumption::ListsShowAll);
    shown.both(&Verdict::Pending);
}

fn client_and_sandbox(shown: &mut Shown) -> Vec<String> {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let credentials = sandbox.credentials();
    let more = vec![credentials.api_key.clone(), credentials.session_token.clone()];
    shown.debug(credentials);
    shown.debug(&sandbox);
    let key = ApiKey::new(KEY).unwrap();
    let builder = Client::builder("https://localhost").sso(ClientId::new("c").unwrap(), UserId::new("u").unwrap(), key);
    let builder =
        builder.client_certificate(TOKEN, KEY).root_certificates(TOKEN).proxy(format!("http://{KEY}@localhost"));
    shown.debug(&builder);
    let client = support::by_token(&sandbox, sandbox.url());
    shown.debug(&client);
    let (other, canceller): (Client, Canceller) = client.cancellable();
    shown.debug(&other);
    shown.debug(&canceller);
    shown.debug(&Limits::default());
    shown.debug(&WaitOptions::default());
    shown.debug(&Until::default());
    let record = record();
    shown.debug(&Observation::Renewing);
    shown.debug(&TracingObserver);
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path().join("journal"), JOURNAL_KEY).unwrap();
    shown.debug(&journal);
    let watched = Watched { journal, seen: Mutex::default() };
    let created = client.create_once("CANARY-journal name", &create(), &watched).unwrap();
    sandbox.advance(Duration::from_secs(120));
    let cents = DepositAmount::from_cents(9).unwrap();
    let options = VerifyOptions::default().with_key("CANARY-journal name of another", &watched);
    let outcome = client.verify_with(&created.record.guid, cents, cents, options).unwrap();
    shown.debug(&created);
    shown.debug(&outcome);
    for (name, text) in watched.seen.into_inner().unwrap() {
        shown.0.entry(name.to_owned()).or_default().push_str(&text);
    }
    let file = std::fs::read_to_string(folder.path().join("journal")).unwrap();
    shown.0.insert("the journal's file".to_owned(), file);
    let mut progress = String::new();
    let mut note = |one: &Progress| progress.push_str(&format!("{one:?}"));
    let mut wait = WaitOptions { timeout: Duration::from_millis(1), ..WaitOptions::default() };
    wait.on_progress = Some(&mut note);
    let guid = client.list().unwrap()[0].guid.clone();
    client.wait(&guid, Until::Actionable, wait).unwrap();
    shown.0.insert("Progress".to_owned(), progress);
    let mut world = World::new(Options::default());
    let reply = world.respond(&Call::new("GET", "/_sandbox/state"));
    let mut call = Call::new("POST", ACCOUNT);
    let text = body();
    (call.session_token, call.api_key, call.body) = (Some(TOKEN), Some(KEY), text.as_bytes());
    shown.debug(&call);
    shown.debug(&reply);
    shown.debug(&world);
    let options = Options::default();
    shown.debug(&options);
    shown.debug(&options.policy);
    shown.debug(&options.profile);
    shown.debug(&options.policy.amount_order);
    shown.debug(&options.policy.verification);
    shown.debug(&options.policy.refresh);
    shown.debug(&options.policy.media_type);
    shown.debug(&options.policy.list_paging);
    shown.debug(&options.policy.empty_list);
    shown.debug(&options.policy.list_shape);
    shown.debug(&options.policy.reads_touch);
    shown.debug(&options.policy.updated_at);
    shown.debug(&options.policy.time_resolution);
    shown.debug(&Serving::default());
    let fault = Fault::nth_of_all(1, Effect::Garbage);
    shown.debug(&fault);
    shown.debug(&fault.effect);
    shown.debug(&fault.when);
    shown.debug(&Which::First);
    shown.debug(&Contradiction::Name);
    shown.debug(&acts());
    shown.debug(&reply.delivery);
    drop(record);
    more
}

/// An act in a world's books.
fn acts() -> Act {
    let mut options = Options::default();
    options.record_acts = true;
    let sandbox = Sandbox::start(options).unwrap();
    support::by_token(&sandbox, sandbox.url()).create(&create()).unwrap();
    sandbox.with_world(|world| world.acts()[0].clone())
}

/// Writes down how everything prints that goes between a flow and a journal.
struct Watched {
    journal: FileJournal,
    seen: Mutex<BTreeMap<&'static str, String>>,
}

impl Watched {
    fn note(&self, name: &'static str, value: &dyn Debug) {
        self.seen.lock().unwrap().entry(name).or_default().push_str(&format!("{value:?} {value:#?}\n"));
    }

    fn note_find(&self, find: &Find, scope: &Scope) {
        self.note("Find", find);
        self.note("Subject", &find.subject);
        self.note("Scope", scope);
    }
}

impl Journal for Watched {
    fn find(&self, find: &Find, scope: &Scope, deadline: Instant) -> std::io::Result<Prior> {
        self.note_find(find, scope);
        self.note("JournalStep", &flow::JournalStep::Find(find.clone()));
        let prior = self.journal.find(find, scope, deadline);
        self.note("Prior", &prior);
        prior
    }

    fn claim(&self, claim: &Claim, scope: &Scope, deadline: Instant) -> std::io::Result<Claimed> {
        self.note("Claim", claim);
        self.note("Entry", &claim.entry);
        self.note("Past", &claim.entry.past);
        let claimed = self.journal.claim(claim, scope, deadline);
        self.note("Claimed", &claimed);
        claimed
    }

    fn settle(&self, settle: &Settle, scope: &Scope, deadline: Instant) -> std::io::Result<bool> {
        self.note("Settle", settle);
        self.note("Ended", &settle.ended);
        self.journal.settle(settle, scope, deadline)
    }
}

/// The public types of the crates: what their sources declare, and what they export from macros.
fn public_types() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates");
    let mut types = BTreeSet::new();
    for name in ["nexus-types", "nexus-http", "nexus-sandbox"] {
        let mut folders = vec![crates.join(name).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    // The endpoints are exported as one.
                    let exports = path.ends_with("lib.rs") || path.ends_with("endpoint/mod.rs");
                    collect(&std::fs::read_to_string(&path).unwrap(), exports, &mut types);
                }
            }
        }
    }
    types
}

fn collect(source: &str, exports: bool, types: &mut BTreeSet<String>) {
    let word = |text: &str| text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned();
    for line in source.lines().map(str::trim) {
        let declared = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
        types.extend(declared.map(word).filter(|name| !name.is_empty()));
    }
    for list in source.split("pub use ").skip(1).filter(|_| exports) {
        let names = list.split(';').next().unwrap().split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let camel = |name: &&str| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
        types.extend(names.filter(camel).map(str::to_owned));
    }
}

#[test]
fn no_public_type_prints_a_secret() {
    let mut shown = Shown::default();
    core(&mut shown);
    let more = client_and_sandbox(&mut shown);
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

fn told(out: &mut String, outcome: Result<impl Debug, Error>) {
    match outcome {
        Ok(value) => out.push_str(&format!("{value:?}\n")),
        Err(error) => {
            out.push_str(&format!("{error} {error:?} {error:#?} {}\n", error.advice()));
            // A program that gives up says all it knows.
            let panicked = std::panic::catch_unwind(|| gives_up(Err(error)));
            let message = panicked.expect_err("a panic");
            out.push_str(message.downcast_ref::<String>().expect("text"));
        }
    }
}

#[test]
fn no_flow_and_no_fault_tells_a_secret() {
    log::set_logger(&LOGGED).expect("no other logger");
    log::set_max_level(log::LevelFilter::Trace);
    // What a panic would print is what is looked at; it need not be printed as well.
    std::panic::set_hook(Box::new(|_| {}));
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
        told(&mut out, client.create(&create()));
        told(&mut out, client.preinitiate(&Preinitiate::new(person())));
        told(&mut out, client.send_unguarded(&create()));
        told(&mut out, client.list());
        told(&mut out, client.read(&made.record.guid));
        told(&mut out, client.verify(&made.record.guid, cents, cents));
        told(&mut out, client.send_unguarded(&Verify::new(made.record.guid.clone(), cents, cents)));
        told(&mut out, client.widget_url(Some(made.record.guid.clone())));
        told(&mut out, client.session());
        for path in ["/_sandbox/state", "/_sandbox/requests", "/_sandbox/faults"] {
            out.push_str(
                &sandbox.with_world(|world| String::from_utf8(world.respond(&Call::new("GET", path)).body).unwrap()),
            );
        }
    }
    drop(std::panic::take_hook());
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
