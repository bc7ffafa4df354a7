//! The command line of the example drivers in Rust, the same as that of the drivers in other languages, so that one suite can
//! test them all. `PROGRAM BASE_URL SESSION_TOKEN create | wait GUID | verify GUID AMOUNT AMOUNT`.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nexus_types::decide::creation::Intention;
use nexus_types::flow::{CreateFlow, Flow, Moment, Settings, Sleep, Until, VerifyFlow, WaitFlow};
use nexus_types::{
    AccountNumber, AccountType, Create, DepositAmount, Error, MicrodepositGuid, Person, RoutingNumber, Verify,
};

/// What a driver is here: it carries a flow to its end.
pub(crate) trait Driver {
    /// Drives the flow.
    fn drive<F: Flow>(&mut self, flow: F) -> F::Output;

    /// Now, on both clocks.
    fn moment(&self) -> Moment;
}

/// Both clocks of a driver: the time since it began, and the machine's.
pub(crate) struct Clocks(Instant);

impl Clocks {
    pub(crate) fn start() -> Clocks {
        Clocks(Instant::now())
    }

    pub(crate) fn now(&self) -> Moment {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Moment { elapsed: self.0.elapsed(), unix: i64::try_from(unix).unwrap_or(i64::MAX) }
    }

    /// How long to sleep now: a minute at most, for a machine may be suspended meanwhile.
    pub(crate) fn nap(&self, sleep: &Sleep) -> Duration {
        sleep.until.saturating_sub(self.0.elapsed()).min(Duration::from_secs(60))
    }
}

/// Does what the words say. What was printed, and the exit code.
pub(crate) fn run(driver: &mut impl Driver, words: &[&str]) -> (String, i32) {
    match command(driver, words) {
        Ok(text) => (text, 0),
        Err(error) => {
            let known = if error.outcome_unknown() { "unknown" } else { "known" };
            (format!("error {} {known}", error.kind().name()), 1)
        }
    }
}

fn command(driver: &mut impl Driver, words: &[&str]) -> Result<String, Error> {
    let mut settings = Settings::default();
    (settings.call, settings.attempt, settings.reconcile) =
        (Duration::from_secs(6), Duration::from_secs(2), Duration::from_secs(1));
    let at = driver.moment();
    match words {
        ["create"] => {
            let person = Person::new("Josh", "James", "josh@example.com")?;
            let (routing, number) = (RoutingNumber::new("091000019")?, AccountNumber::new("333312345")?);
            let create = Create::new(person, routing, number, AccountType::Checking);
            let made = driver.drive(CreateFlow::new(Intention::Create(create), settings, at))?;
            Ok(format!("made {} {}", made.record.guid, made.record.status))
        }
        ["wait", guid] => {
            let (guid, timeout) = (MicrodepositGuid::new(*guid)?, Duration::from_secs(20));
            let record = driver.drive(WaitFlow::new(guid, Until::Actionable, timeout, None, settings, at)?)?;
            Ok(record.status.to_string())
        }
        ["verify", guid, first, second] => {
            let (first, second) = (DepositAmount::parse(first)?, DepositAmount::parse(second)?);
            let submission = Verify::new(MicrodepositGuid::new(*guid)?, first, second);
            let outcome = driver.drive(VerifyFlow::new(submission, settings, at).waiting())?;
            Ok(outcome.verdict.to_string())
        }
        _ => Err(Error::input("command", "must be create, wait GUID, or verify GUID AMOUNT AMOUNT")),
    }
}

/// The whole program.
pub(crate) fn main<D: Driver>(make: impl FnOnce(String, String) -> D) -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [base, token, rest @ ..] = &*words else {
        eprintln!("usage: PROGRAM BASE_URL SESSION_TOKEN create | wait GUID | verify GUID AMOUNT AMOUNT");
        return std::process::ExitCode::from(2);
    };
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let (text, code) = run(&mut make(base.clone(), token.clone()), &rest);
    println!("{text}");
    std::process::ExitCode::from(u8::try_from(code).unwrap_or(1))
}
