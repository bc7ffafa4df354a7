//! The server of a life: a [`World`] with its policy, its earlier records and its faults.

use std::time::Duration;

use nexus_sandbox::{
    AmountOrder, Contradiction, Effect, EmptyList, Fault as Injected, ListPaging, ListShape, Numbers, Options, Policy,
    Profile, ReadsTouch, Refresh, TimeResolution, UpdatedAt, Verification, Which, World,
};
use nexus_types::decide::creation::Intention;
use nexus_types::{
    AccountNumber, AccountType, Create, DepositAmount, Endpoint, Microdeposit, MicrodepositGuid, Operation, Person,
    Preinitiate, RoutingNumber, Verify,
};

use crate::life::{Amounts, Earlier, Life, On, Reading, Strike, Was};

/// What must not be shown anywhere, but for tokens: those are the world's.
pub const SECRETS: [&str; 7] =
    ["333310022345", "333320032345", "771190045678", "Zebulon", "Quimbleton", "zebulon.q@example.org", "555512340987"];

pub fn person() -> Person {
    Person::new("Zebulon", "Quimbleton", "zebulon.q@example.org").unwrap()
}

/// The accounts of this person: two of one number and two types, one with the same last four, and one that takes its time.
pub fn create(account: u8) -> Create {
    let (number, kind) = match account {
        0 => ("333310022345", AccountType::Checking),
        1 => ("333310022345", AccountType::Savings),
        2 => ("333320032345", AccountType::Checking),
        _ => ("771190045678", AccountType::Checking),
    };
    Create::new(person(), RoutingNumber::new("091000019").unwrap(), AccountNumber::new(number).unwrap(), kind)
}

pub fn intention(account: Option<u8>) -> Intention {
    match account {
        Some(account) => Intention::Create(create(account)),
        None => Intention::Preinitiate(Preinitiate::new(person())),
    }
}

pub fn cents(first: u32, second: u32) -> [DepositAmount; 2] {
    [first, second].map(|cents| DepositAmount::from_cents(cents).unwrap())
}

/// The amounts that a caller submits.
pub fn amounts(world: &World, guid: &MicrodepositGuid, which: Amounts) -> [DepositAmount; 2] {
    let [first, second] = world.statement(guid).unwrap_or_else(|| cents(7, 8));
    match which {
        Amounts::Right => [first, second],
        Amounts::Swapped => [second, first],
        Amounts::Wrong => {
            // Wrong in either order.
            let other = |amount: DepositAmount, by: u32| (u32::from(amount.cents()) + by - 1) % 9 + 1;
            let sum = [other(first, 3), other(second, 5)];
            let same = |pair: [u32; 2]| pair.map(|cents| cents as u8) == [second.cents(), first.cents()];
            let [first, second] = if same(sum) { [2, 2] } else { sum };
            if matches!([first, second], [9, 9] | [4, 1]) { cents(2, 2) } else { cents(first, second) }
        }
    }
}

fn policy(life: &Life) -> (Policy, Profile) {
    let mut policy = Policy { requests: 0, outbox: 0, refused_routing_numbers: Vec::new(), ..Policy::default() };
    let mut profile = Profile::Integration;
    policy.accounts_per_email = None;
    for reading in &life.readings {
        match reading {
            Reading::Deferred => policy.verification = Verification::Deferred,
            Reading::AfterSeconds(seconds) => policy.verification = Verification::AfterSeconds(*seconds),
            Reading::ReadsTouchAlways => policy.reads_touch = ReadsTouch::Always,
            Reading::ReadsTouchMinutely => policy.reads_touch = ReadsTouch::Minutely,
            Reading::UpdatedByStatusOnly => policy.updated_at = UpdatedAt::StatusOnly,
            Reading::UpdatedNever => policy.updated_at = UpdatedAt::NeverMoves,
            Reading::UpdatedNull => policy.updated_at = UpdatedAt::Null,
            Reading::WholeSeconds => policy.time_resolution = TimeResolution::Seconds,
            Reading::Hidden(field) => policy.hidden_fields.push(field.clone()),
            Reading::Null(field) => policy.null_fields.push(field.clone()),
            Reading::Masked => policy.masked_account_number = true,
            Reading::Invented => policy.invented_fields = true,
            Reading::Integers => policy.numbers = Numbers::Integers,
            Reading::EmptyListNull => policy.empty_list = EmptyList::Null,
            Reading::EmptyListMissing => policy.empty_list = EmptyList::Missing,
            Reading::FlatList => policy.list_shape = ListShape::Flat,
            Reading::ListLag(seconds) => policy.list_lag_seconds = *seconds,
            Reading::Pages { per, sign, ignored } => {
                policy.list_page = Some(*per);
                policy.list_ignores_page = *ignored;
                policy.list_paging =
                    [ListPaging::Object, ListPaging::Next, ListPaging::Total, ListPaging::Silent][*sign as usize % 4];
            }
            Reading::NoConflict => policy.conflict = false,
            Reading::ExactOrder => policy.amount_order = AmountOrder::Exact,
            Reading::WrongState(status) => policy.wrong_state_status = *status,
            Reading::DeniedDays(days) => policy.denied_days = Some(*days),
            Reading::Minutely => policy.refresh = Refresh::Minutely,
            Reading::OnRead => policy.refresh = Refresh::OnRead,
            Reading::Production => profile = Profile::Production,
            Reading::Skew(_) | Reading::GivenSession | Reading::ShortCall(_) => {}
            Reading::AssumeNothing | Reading::AssumeNot(_) => {}
        }
    }
    (policy, profile)
}

/// The server at the beginning of this life, and the records whose guids the caller has.
pub fn world(life: &Life) -> (World, Vec<MicrodepositGuid>) {
    let mut options = Options::default();
    (options.policy, options.profile) = policy(life);
    (options.seed, options.record_acts) = (life.seed, true);
    let mut world = World::new(options);
    let mine = before(&mut world, &life.earlier);
    for fault in &life.faults {
        world.add_fault(Injected::nth(operation(fault.on), fault.nth, effect(&fault.strike)));
    }
    (world, mine)
}

/// Makes the earlier records. A stranger's have another person's name.
fn before(world: &mut World, earlier: &[Earlier]) -> Vec<MicrodepositGuid> {
    let token = world.credentials().session_token.clone();
    let mut mine = Vec::new();
    for one in earlier {
        let person = if one.stranger { Person::new("Maud", "Otherly", "maud@example.org").unwrap() } else { person() };
        let number = if one.stranger {
            "333355550987".to_owned()
        } else {
            create(one.account).account_number().expose().to_owned()
        };
        let kind = create(one.account).account_type();
        let routing = RoutingNumber::new("091000019").unwrap();
        let made = match one.was {
            Was::Bare => sent(world, &Preinitiate::new(person), &token),
            _ => sent(world, &Create::new(person, routing, AccountNumber::new(number).unwrap(), kind), &token),
        };
        let Some(record) = made else { continue };
        world.advance(Duration::from_secs(150));
        let submissions = match one.was {
            Was::Verified => vec![Amounts::Right],
            Was::Prevented => vec![Amounts::Wrong; 3],
            _ => Vec::new(),
        };
        for amount in submissions {
            let [first, second] = amounts(world, &record.guid, amount);
            sent(world, &Verify::new(record.guid.clone(), first, second), &token);
            world.advance(Duration::from_secs(100));
        }
        if one.was == Was::Deposited && !one.stranger {
            mine.push(record.guid);
        }
    }
    mine
}

fn sent<E: Endpoint<Output = Microdeposit>>(world: &mut World, endpoint: &E, token: &str) -> Option<Microdeposit> {
    endpoint.parse(&world.handle(&endpoint.request(), token)).ok()
}

pub fn operation(on: On) -> Operation {
    match on {
        On::Create => Operation::Create,
        On::Read => Operation::Read,
        On::List => Operation::List,
        On::Verify => Operation::Verify,
        On::Session => Operation::OpenSession,
        On::Token => Operation::ApiToken,
    }
}

pub fn on(operation: Operation) -> On {
    match operation {
        Operation::Create | Operation::Preinitiate => On::Create,
        Operation::List => On::List,
        Operation::Verify => On::Verify,
        Operation::OpenSession => On::Session,
        Operation::ApiToken => On::Token,
        _ => On::Read,
    }
}

fn effect(strike: &Strike) -> Effect {
    match strike {
        Strike::Delay(millis) => Effect::Delay(Duration::from_millis(*millis)),
        Strike::ResetBefore => Effect::ResetBefore,
        Strike::ResetAfter => Effect::ResetAfter,
        Strike::Cut(bytes) => Effect::Cut(*bytes),
        Strike::Status { status, acting, retry_after } => {
            Effect::Status { status: *status, acting: *acting, retry_after: retry_after.as_deref().map(Into::into) }
        }
        Strike::Truncated => Effect::Truncated,
        Strike::Garbage => Effect::Garbage,
        Strike::WrongType => Effect::ContentType,
        Strike::Slow(millis) => Effect::Slow(Duration::from_millis(*millis)),
        Strike::Redirect => Effect::Redirect("https://example.org/elsewhere".into()),
        Strike::ExpireSessions => Effect::ExpireSessions,
        Strike::Empty401 => Effect::Empty401,
        Strike::Later { millis, status } => Effect::Later { delay: Duration::from_millis(*millis), status: *status },
        Strike::Html { status, acting } => Effect::Html { status: *status, acting: *acting },
        Strike::Stale => Effect::Stale,
        Strike::AnotherRecord => Effect::AnotherRecord,
        Strike::Duplicate { second } => {
            Effect::Duplicate { response: if *second { Which::Second } else { Which::First } }
        }
        Strike::Restart => Effect::Restart,
        Strike::Contradictory(which) => Effect::Contradictory(
            [Contradiction::Name, Contradiction::Duplicate, Contradiction::Boolean][*which as usize % 3],
        ),
    }
}
