//! One turn of a call: gives the flow its event, asks it for the next step, and carries the step out, unless a failure prevents
//! it.

use std::time::Duration;

use nexus_types::endpoint::{ClientId, UserId};
use nexus_types::flow::{Event, Flow as _, JournalStep, Moment, SessionFlow, Sleep, Step};
use nexus_types::{Error, SessionToken};

use crate::actor::{Actor, Ended, Leaving, Then};
use crate::driver::Run;
use crate::life::{At, Machine, Reading};

/// More steps than any honest flow needs.
const ENDLESS: u32 = 2000;

/// Whether the process lives on.
pub type Lives = Result<(), Ended>;

impl Run<'_> {
    /// Goes on with a call; how it ended, if it did.
    pub fn turn(&mut self, actor: &mut Actor) -> Option<Ended> {
        let at = self.moment(actor.lag);
        if let Some(leaving) = actor.held.take() {
            return self.carry(actor, leaving).err();
        }
        if let Some(event) = actor.event.take() {
            match &mut actor.session {
                Some((flow, _)) => flow.handle(at, event),
                None => actor.flow.handle(at, event),
            }
        }
        self.go_on(actor, at).err()
    }

    fn go_on(&mut self, actor: &mut Actor, at: Moment) -> Lives {
        actor.report.steps += 1;
        if actor.report.steps > ENDLESS {
            return Err(Ended::Endless);
        }
        let chance = self.dice.f64();
        if let Some((flow, _)) = &mut actor.session {
            let step = flow.next(at, chance, &mut self.budget);
            if let Step::Done(result) = step {
                return self.opened(actor, result);
            }
            return self.step(actor, at, discard(step));
        }
        let step = actor.flow.next(at, chance, &mut self.budget);
        if self.seen.looks() {
            self.seen.look(&format!("{step:?}"));
        }
        match step {
            Step::Done(ended) => Err(ended),
            step => self.step(actor, at, discard(step)),
        }
    }

    fn step(&mut self, actor: &mut Actor, at: Moment, step: Step<()>) -> Lives {
        match step {
            Step::Send(send) => {
                actor.report.went_on |= actor.report.conflict;
                self.carry(actor, Leaving { send, not_after: None, once: false })
            }
            Step::SendOnce(permit) => {
                let once = permit.spend();
                let changes = actor.session.is_none();
                actor.report.permits += u32::from(changes);
                self.carry(actor, Leaving { send: once.send, not_after: once.not_after, once: changes })
            }
            Step::Sleep(sleep) => self.sleep(actor, at, sleep),
            Step::Renew(deadline) => {
                if self.life.has(|reading| *reading == Reading::GivenSession) {
                    self.tell(actor, 0, Event::NotRenewable);
                } else if self.session.is_some() && self.session != actor.token {
                    self.tell(actor, 0, Event::Renewed);
                } else {
                    self.open_session(actor, at, deadline, Then::Renew);
                }
                Ok(())
            }
            Step::Journal(step) => self.ask(actor, &step),
            Step::Done(()) => Ok(()),
        }
    }

    /// The event that the flow hears so many milliseconds from now.
    pub fn tell(&mut self, actor: &mut Actor, after: u64, event: Event) {
        (actor.ready, actor.event) = (self.clock + after, Some(event));
    }

    /// What strikes the machine at this point of this call.
    pub fn trouble(&mut self, actor: &Actor, place: Option<At>, fits: impl Fn(&Machine) -> bool) -> Option<Machine> {
        let step = At::Step(actor.report.steps);
        let meets = |(index, trouble): (usize, &crate::life::Trouble)| {
            let here = trouble.at == step || Some(trouble.at) == place;
            (trouble.call == actor.call && here && !self.used[index] && fits(&trouble.what)).then_some(index)
        };
        let index = self.life.troubles.iter().enumerate().find_map(meets)?;
        self.used[index] = true;
        let what = self.life.troubles[index].what.clone();
        self.seen.strike(what.name());
        Some(what)
    }

    fn sleep(&mut self, actor: &mut Actor, at: Moment, sleep: Sleep) -> Lives {
        if sleep.until == Duration::MAX {
            return Err(Ended::Endless);
        }
        let length =
            u64::try_from(sleep.until.saturating_sub(at.elapsed).as_micros().div_ceil(1000)).unwrap_or(u64::MAX);
        if actor.cancelled {
            self.tell(actor, 0, Event::Cancelled);
            return Ok(());
        }
        let fits = |what: &Machine| {
            matches!(
                what,
                Machine::Cancelled { .. } | Machine::Killed { .. } | Machine::ClockBack(_) | Machine::Suspended(_)
            )
        };
        match self.trouble(actor, Some(At::Sleep), fits) {
            Some(Machine::Cancelled { .. }) => {
                actor.cancelled = true;
                let after = self.dice.u64(0..=length);
                self.tell(actor, after, Event::Cancelled);
                return Ok(());
            }
            Some(Machine::Killed { .. }) => return Err(Ended::Killed),
            Some(Machine::ClockBack(seconds)) => self.wall -= i64::from(seconds),
            Some(Machine::Suspended(seconds)) => {
                actor.lag += u64::from(seconds) * 1000;
                self.tell(actor, length + u64::from(seconds) * 1000, Event::Elapsed);
                return Ok(());
            }
            _ => {}
        }
        self.tell(actor, length, Event::Elapsed);
        Ok(())
    }

    fn ask(&mut self, actor: &mut Actor, step: &JournalStep) -> Lives {
        let place = match step {
            JournalStep::Find(_) => At::Find,
            JournalStep::Claim(_) => At::Claim,
            JournalStep::Settle(_) => At::Settle,
        };
        let fits = |what: &Machine| !matches!(what, Machine::NotSent(_) | Machine::MaybeSent { .. });
        let trouble = self.trouble(actor, Some(place), fits);
        let acted = match &trouble {
            Some(
                Machine::Killed { acted }
                | Machine::JournalFails { acted }
                | Machine::Cancelled { acted }
                | Machine::Forgotten { acted },
            ) => *acted,
            _ => true,
        };
        actor.report.unwritten |= !acted && place == At::Settle;
        let event = acted.then(|| self.journal.respond(step));
        if self.seen.looks() {
            self.seen.look(&format!("{event:?}"));
        }
        match trouble {
            Some(Machine::Killed { .. }) => return Err(Ended::Killed),
            Some(Machine::JournalFails { .. }) => self.tell(actor, 2, Event::JournalFailed),
            Some(Machine::Cancelled { .. }) => {
                actor.cancelled = true;
                self.tell(actor, 2, Event::Cancelled);
            }
            Some(Machine::Forgotten { .. }) => actor.ready = self.clock + 2,
            Some(Machine::Suspended(seconds)) => {
                actor.lag += u64::from(seconds) * 1000;
                self.tell(actor, u64::from(seconds) * 1000, event.unwrap_or(Event::JournalFailed));
            }
            other => {
                if let Some(Machine::ClockBack(seconds)) = other {
                    self.wall -= i64::from(seconds);
                }
                self.tell(actor, 2, event.unwrap_or(Event::JournalFailed));
            }
        }
        Ok(())
    }

    pub fn open_session(&mut self, actor: &mut Actor, at: Moment, deadline: Duration, then: Then) {
        let mut settings = self.settings;
        settings.call = deadline.saturating_sub(at.elapsed);
        let credentials = self.world.credentials();
        let client = ClientId::new(credentials.client_id.as_str()).unwrap();
        let user = UserId::new(credentials.user_id.as_str()).unwrap();
        actor.session = Some((SessionFlow::new(client, user, settings, at), then));
        (actor.ready, actor.event) = (self.clock, None);
        self.seen.strike("session opened");
    }

    fn opened(&mut self, actor: &mut Actor, result: Result<SessionToken, Error>) -> Lives {
        let Some((_, then)) = actor.session.take() else { return Ok(()) };
        match result {
            Ok(token) => {
                self.seen.token(token.expose());
                self.session = Some(token.expose().into());
                match then {
                    Then::Carry(leaving) => return self.carry(actor, leaving),
                    Then::Renew => self.tell(actor, 0, Event::Renewed),
                }
            }
            Err(error) => self.tell(actor, 0, Event::NoSession(error)),
        }
        Ok(())
    }
}

/// A step that is not the last, whatever the flow ends with.
fn discard<T>(step: Step<T>) -> Step<()> {
    match step {
        Step::Send(send) => Step::Send(send),
        Step::SendOnce(permit) => Step::SendOnce(permit),
        Step::Sleep(sleep) => Step::Sleep(sleep),
        Step::Renew(deadline) => Step::Renew(deadline),
        Step::Journal(step) => Step::Journal(step),
        Step::Done(_) => Step::Done(()),
    }
}
