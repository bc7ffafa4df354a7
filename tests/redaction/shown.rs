//! The output of every public type's `Debug` and `Display`.

use super::watched::{Watched, acts};
use super::*;

/// What is printed of each type, by its name.
#[derive(Default)]
pub(crate) struct Shown(pub(crate) BTreeMap<String, String>);

impl Shown {
    pub(crate) fn debug<T: Debug>(&mut self, value: &T) {
        let full = std::any::type_name::<T>();
        let name = full.split('<').next().unwrap().rsplit("::").next().unwrap().to_owned();
        self.0.entry(name).or_default().push_str(&format!("{value:?} {value:#?}\n"));
    }

    pub(crate) fn both<T: Debug + Display>(&mut self, value: &T) {
        let text = value.to_string();
        self.debug(value);
        self.0.insert(format!("display of {}", std::any::type_name::<T>()), text);
    }
}

pub(crate) fn core(shown: &mut Shown) {
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
pub(crate) fn flows(shown: &mut Shown) {
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
    let response = format!(r#"{{"api_token":{{"token":"{API_TOKEN}"}}}}"#);
    session.handle(flow::Moment::default(), flow::Event::Response(Response::new(200, response)));
    let opens = session.next(flow::Moment::default(), 0.5, &mut budget);
    shown.debug(&opens);
    let flow::Step::SendOnce(permit) = opens else { panic!("in {}", session.state()) };
    assert!(permit.spend().send.token.is_some());
}

/// Types that have no room for a secret: shown all the same.
pub(crate) fn plain(shown: &mut Shown) {
    shown.debug(&AccountType::Checking);
    shown.debug(&Auth::Session);
    shown.debug(&Authority::new());
    shown.debug(&Event::Created);
    shown.debug(&nexus_types::machine::TABLE[0]);
    shown.debug(&flow::PriorResponse::Contested);
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

pub(crate) fn client_and_sandbox(shown: &mut Shown) -> Vec<String> {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let credentials = sandbox.credentials();
    let tenant = sandbox.tenant(TenantOptions::default()).unwrap();
    let both = [credentials, tenant.credentials()];
    let more = both.iter().flat_map(|one| [one.api_key.clone(), one.session_token.clone()]).collect();
    shown.debug(credentials);
    shown.debug(&sandbox);
    shown.debug(&tenant);
    shown.debug(&TenantOptions::default());
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
    let mut wait = WaitOptions::default().with_timeout(Duration::from_millis(1));
    wait.on_progress = Some(&mut note);
    let guid = client.list().unwrap()[0].guid.clone();
    client.wait(&guid, Until::Actionable, wait).unwrap();
    let mut wait = client.start_wait(&guid, Until::Actionable, WaitOptions::default()).unwrap();
    shown.debug(&wait);
    let step = wait.step(&client, &mut |_| {});
    shown.debug(&step);
    shown.debug(&AccountNumber::new("CANARY 333312345 too long").unwrap_err());
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
    shown.debug(&options.policy.time_form);
    shown.debug(&options.policy.create_shows);
    shown.debug(&options.policy.deposits);
    shown.debug(&options.policy.error_body);
    shown.debug(&options.policy.error_code);
    shown.debug(&options.policy.numbers);
    shown.debug(&options.policy.odd_amounts);
    shown.debug(&Policy::FIELDS[0]);
    shown.debug(&Preset::Observed);
    shown.debug(&Probability::new(0.5).unwrap());
    shown.debug(&Scenario::all()[0]);
    shown.debug(&world.run_scenario("happy", None).unwrap());
    shown.debug(&options.policy.widget_token);
    shown.debug(&options.policy.widget_poll);
    shown.debug(&options.policy.iav_deletes);
    shown.debug(&EmbedOrigin::new("https://app.example.com").unwrap());
    let page = world.respond(&Call::new("GET", &format!("/md/connect/{TOKEN}")));
    shown.debug(&*page.headers.unwrap());
    shown.debug(&Serving::default());
    shown.debug(&HostName::new("sandbox.test").unwrap());
    shown.debug(&HostName::new(&format!("{ACCOUNT}/")).unwrap_err());
    shown.both(&Origin::new("http://localhost:3000").unwrap());
    shown.debug(&Origin::new(ACCOUNT).unwrap_err());
    shown.both(&Notice::OutOfFiles);
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
