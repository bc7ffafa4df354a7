//! Lives through a [`Scenario`] on a [`World`]: by requests of the API and the admin interface, past the faults and past the log.

use std::time::Duration;

use nexus_types::{KnownStatus, MEDIA_TYPE, MicrodepositGuid, Timestamp};
use serde_json::json;

use crate::call::Call;
use crate::dispatch::Asked;
use crate::routes;
use crate::rules::Judgement;
use crate::scenarios::{Action, Amounts, Scenario};
use crate::world::World;

/// No record changes more often by itself, or has more submissions waiting, than this.
const CHANGES: usize = 64;

/// What came of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScenarioRun {
    /// The microdeposits that were made, and the true status of each then; none where it is deleted.
    pub micro_deposits: Vec<(MicrodepositGuid, Option<KnownStatus>)>,
    /// When each step was done, and whether it went as it should.
    pub steps: Vec<(Timestamp, bool)>,
    /// Whether all ended as the scenario promises. A policy or a clock near its end can be in the way.
    pub as_promised: bool,
}

impl World {
    /// Lives through a scenario for the first user, or another one by the partner's identifier: makes microdeposits of its own and
    /// moves the clock, which all microdeposits share. Faults do not meet it, and it is not in the log of requests. None for an
    /// unknown scenario, and for a user where the policy admits no new one.
    pub fn run_scenario(&mut self, name: &str, user_id: Option<&str>) -> Option<ScenarioRun> {
        let scenario = Scenario::from_name(name)?;
        let user = match user_id {
            None => 0,
            Some(id) => self.user(id)?,
        };
        let (mut numbers, mut steps) = (Vec::new(), Vec::new());
        for step in &scenario.steps {
            let done = match &step.action {
                Action::Create { count } => {
                    numbers.extend((0..*count).filter_map(|_| self.create_for(user)));
                    numbers.len() == *count as usize
                }
                Action::Wait { until } => self.wait_for(&numbers, *until),
                Action::Verify { amounts } => self.submit_all(user, &numbers, *amounts),
                Action::Event { event, code } => {
                    let mut body = json!({"event": event});
                    if let Some(code) = code {
                        body["code"] = json!(code);
                    }
                    let body = body.to_string();
                    numbers.iter().all(|number| {
                        let path = format!("/_sandbox/events/{}", self.guid(*number));
                        self.ask_for(user, "POST", &path, &body)
                    })
                }
            };
            steps.push((self.now(), done));
        }
        let ended: Vec<_> = numbers
            .iter()
            .filter_map(|number| {
                let guid = MicrodepositGuid::new(self.guid(*number)).ok()?;
                Some((guid, self.settled(*number)?.state.status()))
            })
            .collect();
        let as_promised = !ended.is_empty() && ended.iter().all(|(_, status)| *status == scenario.ends);
        Some(ScenarioRun { micro_deposits: ended, steps, as_promised })
    }

    /// One request on behalf of a user; whether it succeeded.
    fn ask_for(&mut self, user: u32, method: &str, path: &str, body: &str) -> bool {
        let mut call = Call::new(method, path);
        (call.content_type, call.body) = (Some(MEDIA_TYPE), body.as_bytes());
        let Some((_, route, parameters)) = routes::find(path) else { return false };
        // Nobody's request, as what the admin interface makes happen.
        (self.request, self.on_behalf) = (0, Some(user));
        let reply = self.act(&Asked { call: &call, target: route.target, parameters: &parameters });
        self.on_behalf = None;
        reply.status == 200
    }

    /// Creates a microdeposit with an account and an e-mail address of its own.
    fn create_for(&mut self, user: u32) -> Option<u32> {
        let number = u32::try_from(self.records.len()).ok()?;
        // By the documented magic, so that the deposits land soon in the integration profile.
        let body = json!({"micro_deposit": {
            "first_name": "Sam",
            "last_name": "Ample",
            "email": format!("scenario-{number}@example.com"),
            "account_number": format!("33339{number:010}"),
            "account_type_name": "CHECKING",
            "routing_number": "091000019",
        }});
        self.ask_for(user, "POST", "/micro_deposits", &body.to_string()).then_some(number)
    }

    /// Moves the clock to the next changes of these records until all have this status.
    fn wait_for(&mut self, numbers: &[u32], until: Option<KnownStatus>) -> bool {
        for _ in 0..CHANGES * numbers.len() {
            let there = |world: &mut World, number: u32| {
                world.settled(number).is_some_and(|record| record.state.status() == until)
            };
            let late: Vec<u32> = numbers.iter().copied().filter(|number| !there(self, *number)).collect();
            if late.is_empty() {
                return true;
            }
            if !self.pass_to_next_change(&late) {
                return false;
            }
        }
        false
    }

    /// Moves the clock to the next change of any of these records; false where there is none.
    fn pass_to_next_change(&mut self, numbers: &[u32]) -> bool {
        let next =
            numbers.iter().filter_map(|number| self.records.get(*number as usize)?.next(&self.rules, *number)).min();
        let ahead = next.and_then(|at| u64::try_from(at.saturating_sub(self.now)).ok()).map(Duration::from_millis);
        match ahead.filter(|ahead| *ahead <= self.left()) {
            Some(ahead) => {
                self.advance(ahead);
                true
            }
            None => false,
        }
    }

    /// Submits amounts for each, and waits until they are judged where that takes time.
    fn submit_all(&mut self, user: u32, numbers: &[u32], amounts: Amounts) -> bool {
        let wanted = if amounts == Amounts::Right { Judgement::Right } else { Judgement::Wrong };
        let mut done = !numbers.is_empty();
        for number in numbers {
            let own = self.rules.cents(*number);
            let others = (1..=99).flat_map(|first| (1..=99).map(move |second| [first, second]));
            let fitting = std::iter::once(own).chain(others).find(|sums| self.rules.judge(*number, *sums) == wanted);
            let Some([first, second]) = fitting else { return false };
            let body = format!(r#"{{"deposit_amount_1":0.{first:02},"deposit_amount_2":0.{second:02}}}"#);
            let path = format!("/micro_deposits/{}", self.guid(*number));
            done &= self.ask_for(user, "PUT", &path, &body);
        }
        let open = |world: &World, number: &u32| {
            world.records.get(*number as usize).is_some_and(|record| record.is_judged_later())
        };
        for _ in 0..CHANGES * numbers.len() {
            let open: Vec<u32> = numbers.iter().copied().filter(|number| open(self, number)).collect();
            if open.is_empty() || !self.pass_to_next_change(&open) {
                break;
            }
            for number in open {
                self.settled(number);
            }
        }
        done
    }
}
