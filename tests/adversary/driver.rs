//! The driver of a test run: several flows on one virtual clock, with every failure that a driver can meet.

use std::rc::Rc;
use std::time::Duration;

use nexus_sandbox::World;
use nexus_types::decide::budget::Budget;
use nexus_types::flow::{CreateFlow, Moment, Settings, Until, VerifyFlow, WaitFlow};
use nexus_types::{MicrodepositGuid, Verify};

use crate::actor::{Actor, CallReport, Ended, Running};
use crate::journal::Journal;
use crate::life::{Call, Life, Reading, What};
use crate::open::Open;
use crate::seen::Seen;
use crate::world;

/// 2026-01-05T09:00:00Z, where worlds begin.
pub const START: i64 = 1_767_603_600;

pub struct Run<'a> {
    pub life: &'a Life,
    pub world: World,
    pub journal: Journal,
    pub seen: Seen,
    /// Milliseconds since the life began.
    pub clock: u64,
    /// How far the wall clock is off, in seconds.
    pub wall: i64,
    /// The session of the process that lives; a new process has none.
    pub session: Option<Rc<str>>,
    pub api_key: Rc<str>,
    pub budget: Budget,
    pub open: Open,
    /// Records that the caller knows of.
    pub mine: Vec<MicrodepositGuid>,
    pub used: Vec<bool>,
    pub dice: fastrand::Rng,
    pub settings: Settings,
    pub reports: Vec<CallReport>,
}

/// Carries out a whole life.
pub fn live(life: &Life) -> Run<'_> {
    let (world, mine) = world::world(life);
    let (api_key, session) =
        (world.credentials().api_key.as_str().into(), world.credentials().session_token.as_str().into());
    let wall =
        life.readings.iter().map(|one| if let Reading::Skew(seconds) = one { i64::from(*seconds) } else { 0 }).sum();
    let mut run = Run {
        life,
        journal: Journal::default(),
        seen: Seen::of(life, &world),
        clock: millis(&world),
        world,
        wall,
        session: Some(session),
        api_key,
        budget: Budget::default(),
        open: Open::default(),
        mine,
        used: vec![false; life.troubles.len()],
        dice: fastrand::Rng::with_seed(life.seed ^ 0x5eed),
        settings: settings(life),
        reports: Vec::new(),
    };
    let mut first = 0;
    while first < life.calls.len() {
        let more = life.calls[first + 1..].iter().take_while(|call| call.beside).count();
        run.together(first, first + more + 1);
        first += more + 1;
    }
    // Whatever is to be carried out or judged yet, is.
    run.world.advance(Duration::from_secs(7200));
    run
}

fn millis(world: &World) -> u64 {
    world.now().unix_millis().and_then(|now| u64::try_from(now - START * 1000).ok()).unwrap_or(0)
}

fn settings(life: &Life) -> Settings {
    let mut settings = Settings::default();
    for reading in &life.readings {
        match reading {
            Reading::ShortCall(seconds) => settings.call = Duration::from_secs(u64::from(*seconds).max(1)),
            Reading::AssumeNothing => settings.assumptions = nexus_types::Assumptions::NONE,
            Reading::AssumeNot(2) => settings.assumptions.updated_at_shows_denial = false,
            Reading::AssumeNot(3) => settings.assumptions.judged_within = None,
            Reading::AssumeNot(4) => settings.assumptions.lists_show_all = false,
            Reading::AssumeNot(_) => settings.assumptions.server_grace = None,
            _ => {}
        }
    }
    settings
}

impl Run<'_> {
    pub fn moment(&self, lag: u64) -> Moment {
        let unix = START + (self.clock / 1000) as i64 + self.wall;
        Moment { elapsed: Duration::from_millis(self.clock - lag), unix }
    }

    pub fn advance_to(&mut self, time: u64) {
        if time > self.clock {
            self.world.advance(Duration::from_millis(time - self.clock));
            self.clock = time;
        }
    }

    /// Carries out the calls of this range at once, each begun at its own time.
    fn together(&mut self, first: usize, end: usize) {
        let (mut waiting, mut due) = (Vec::new(), self.clock);
        for call in first..end {
            due += u64::from(self.life.calls[call].after) * 1000;
            waiting.push((due, call));
        }
        waiting.reverse();
        let mut actors: Vec<Actor> = Vec::new();
        loop {
            let next = (0..actors.len()).min_by_key(|index| actors[*index].ready);
            let ready = next.map(|index| actors[index].ready);
            match (waiting.last().copied(), ready) {
                (Some((due, call)), ready) if ready.is_none_or(|ready| due <= ready) => {
                    waiting.pop();
                    self.advance_to(due);
                    actors.extend(self.begin(call));
                }
                (_, Some(ready)) => {
                    self.advance_to(ready);
                    let index = next.unwrap_or_default();
                    if let Some(ended) = self.turn(&mut actors[index]) {
                        let actor = actors.swap_remove(index);
                        self.end(actor, ended);
                    }
                }
                (_, None) => return,
            }
        }
    }

    fn begin(&mut self, call: usize) -> Option<Actor> {
        let Call { what, .. } = &self.life.calls[call];
        let (at, settings) = (self.moment(0), self.settings);
        let key = |kind: &str, key: &Option<u8>| key.map(|key| format!("{kind}{key}"));
        let (mut guid, mut limit) = (None, settings.call);
        let flow = match what {
            What::Create { key: own, .. } | What::Preinitiate { key: own } => {
                let account = if let What::Create { account, .. } = what { Some(*account) } else { None };
                let flow = CreateFlow::new(world::intention(account), settings, at);
                Running::Create(Box::new(match key("make", own) {
                    Some(key) => flow.with_key(key),
                    None => flow,
                }))
            }
            What::Wait { record, every, hours } => {
                let target = self.record(*record)?;
                let every = (*every > 0).then(|| Duration::from_secs(u64::from(*every)));
                limit = Duration::from_secs(u64::from(*hours) * 3600);
                guid = Some(target.clone());
                Running::Wait(Box::new(WaitFlow::new(target, Until::Actionable, limit, every, settings, at).ok()?))
            }
            What::Verify { record, amounts, wait, key: own } => {
                let target = self.record(*record)?;
                let [one, two] = world::amounts(&self.world, &target, *amounts);
                self.seen.amounts([one, two]);
                let flow = VerifyFlow::new(Verify::new(target.clone(), one, two), settings, at);
                let flow = flow.with_earlier_open(self.open.enter(&target, own.is_some()));
                let flow = if *wait { flow.waiting() } else { flow };
                guid = Some(target);
                Running::Verify(Box::new(match key("submission", own) {
                    Some(key) => flow.with_key(key),
                    None => flow,
                }))
            }
        };
        let report = CallReport {
            call,
            guid,
            sent: Vec::new(),
            received: [self.world.requests_received(), u64::MAX],
            permits: 0,
            refused: 0,
            conflict: false,
            went_on: false,
            unwritten: false,
            steps: 0,
            began: at.elapsed,
            ended_at: at.elapsed,
            limit,
            ended: Ended::Endless,
            status: None,
        };
        Some(Actor {
            call,
            flow,
            session: None,
            ready: self.clock,
            event: None,
            held: None,
            lag: 0,
            cancelled: false,
            token: None,
            report,
        })
    }

    /// The record that a caller uses: one that it made or whose guid it has.
    fn record(&self, which: u8) -> Option<MicrodepositGuid> {
        self.mine.get(usize::from(which) % self.mine.len().max(1)).cloned()
    }

    /// A call is over: what the judge needs is written down, and what the caller learned.
    fn end(&mut self, actor: Actor, ended: Ended) {
        let at = self.moment(actor.lag);
        let mut report = actor.report;
        (report.ended_at, report.status) = (at.elapsed, report.guid.as_ref().and_then(|guid| self.world.status(guid)));
        let keyed = matches!(self.life.calls[report.call].what, What::Verify { key: Some(_), .. });
        report.received[1] = self.world.requests_received();
        match &ended {
            Ended::Create(Ok(created)) if !self.mine.contains(&created.record.guid) => {
                self.mine.push(created.record.guid.clone());
            }
            Ended::Verify(result) => {
                let open = match result {
                    Ok(outcome) => outcome.verdict == nexus_types::Verdict::Pending,
                    Err(error) => error.outcome_unknown(),
                };
                self.open.leave(report.guid.as_ref(), keyed, open);
            }
            Ended::Killed if matches!(actor.flow, Running::Verify(_)) => {
                self.open.leave(report.guid.as_ref(), keyed, true)
            }
            _ => {}
        }
        if matches!(ended, Ended::Killed) {
            // The next call is another process's: it has neither the session nor the budget of this one.
            (self.session, self.budget) = (None, Budget::default());
            if self.life.has(|reading| *reading == Reading::GivenSession) {
                self.session = Some(self.world.credentials().session_token.as_str().into());
            }
        }
        if self.seen.looks() {
            self.seen.look(&format!("{ended:?}"));
            match &ended {
                Ended::Create(Err(error)) | Ended::Verify(Err(error)) | Ended::Wait(Err(error)) => {
                    self.seen.look(&format!("{error} {}", error.advice()));
                }
                _ => {}
            }
        }
        report.ended = ended;
        self.reports.push(report);
    }
}
