//! Faults of deliveries: what goes wrong with webhooks on purpose, and with which. Their chance comes from the seed.

use std::time::Duration;

use fastrand::Rng;
use nexus_types::KnownStatus;

use crate::faults::When;
use crate::numbers::Numbers;
use crate::rng::{Chance, Purpose};

/// One thing that goes wrong with webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookFault {
    /// What happens.
    pub effect: WebhookEffect,
    /// Which of the events that fit, each counted once for each subscription that it goes to; for
    /// [`Slow`](WebhookEffect::Slow), [`Reset`](WebhookEffect::Reset) and [`WrongAuth`](WebhookEffect::WrongAuth) which of
    /// the schedule's attempts.
    pub when: When,
    /// After so many it is over; `None`: never.
    pub times: Option<u32>,
    /// Which subscription; `None`: all.
    pub webhook: Option<u32>,
    /// Events with which status; `None`: all.
    pub status: Option<KnownStatus>,
}

/// What becomes of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookEffect {
    /// The event is lost: it is never sent.
    Drop,
    /// The event comes so many times more, whatever the receiver says.
    Duplicate {
        /// How many times more.
        copies: u16,
        /// The time between two.
        gap: Duration,
    },
    /// The event comes after so many later ones of the same microdeposit; where there are not so many, with the end of the
    /// schedule.
    Reorder {
        /// How many.
        behind: u16,
    },
    /// The event, and its schedule with it, comes so much later.
    Delay(Duration),
    /// The event shows the microdeposit as the event before it did. Where there is none, it is as it should be.
    Stale,
    /// The event has another form.
    Shape(Shape),
    /// Before the event comes one that never happened: VERIFIED, of a microdeposit that does not exist, without authentication.
    Forged,
    /// The attempt's body comes byte by byte, with this pause between two.
    Slow(Duration),
    /// The attempt's connection is closed after half of the body.
    Reset,
    /// The attempt has a wrong password or token. Nothing where the subscription has no authentication.
    WrongAuth,
}

/// Another form of an event. MX says that fields may be null, be added, and come in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// It has fields that nobody knows.
    Extra,
    /// What may be null is null.
    Null,
    /// Its fields come in another order.
    Shuffled,
}

impl WebhookFault {
    /// This effect on every webhook.
    pub fn always(effect: WebhookEffect) -> WebhookFault {
        WebhookFault { effect, when: When::Every, times: None, webhook: None, status: None }
    }

    /// This effect on the n-th webhook from now on, from 1.
    pub fn nth(n: u32, effect: WebhookEffect) -> WebhookFault {
        WebhookFault { when: When::Nth(n), ..WebhookFault::always(effect) }
    }

    /// This effect on the events with this status.
    pub fn of_status(status: KnownStatus, effect: WebhookEffect) -> WebhookFault {
        WebhookFault { status: Some(status), ..WebhookFault::always(effect) }
    }
}

impl WebhookEffect {
    /// Whether it meets single attempts.
    pub(crate) fn is_of_attempts(&self) -> bool {
        matches!(self, WebhookEffect::Slow(_) | WebhookEffect::Reset | WebhookEffect::WrongAuth)
    }
}

/// A fault and what it has done so far.
pub(crate) struct Armed {
    pub(crate) id: u32,
    pub(crate) fault: WebhookFault,
    pub(crate) seen: u32,
    pub(crate) hits: u32,
}

#[derive(Default)]
pub(crate) struct WebhookFaults {
    pub(crate) numbers: Numbers,
    armed: Vec<Armed>,
    issued: u64,
}

impl WebhookFaults {
    pub(crate) fn add(&mut self, fault: WebhookFault) -> u32 {
        self.issued = self.issued.saturating_add(1);
        let id = u32::try_from(self.numbers.shown(self.issued)).unwrap_or(u32::MAX);
        self.armed.push(Armed { id, fault, seen: 0, hits: 0 });
        id
    }

    /// None, and their ids begin above all that this one has given.
    pub(super) fn anew(&self) -> WebhookFaults {
        WebhookFaults { numbers: self.numbers.anew(self.issued), ..WebhookFaults::default() }
    }

    pub(crate) fn remove(&mut self, id: u32) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.id != id);
        self.armed.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    pub(crate) fn all(&self) -> &[Armed] {
        &self.armed
    }

    /// What meets this event, or this attempt: the first fault that does. Every one that fits counts it.
    pub(super) fn meet(
        &mut self,
        of_attempt: bool,
        webhook: u32,
        status: KnownStatus,
        chance: &Chance,
    ) -> Option<(u32, WebhookEffect)> {
        let (mut met, numbers) = (None, self.numbers);
        for armed in &mut self.armed {
            let fault = &armed.fault;
            let fits = fault.effect.is_of_attempts() == of_attempt
                && fault.webhook.is_none_or(|wanted| wanted == webhook)
                && fault.status.is_none_or(|wanted| wanted == status);
            if !fits {
                continue;
            }
            armed.seen = armed.seen.saturating_add(1);
            if met.is_some() || fault.times.is_some_and(|times| armed.hits >= times) {
                continue;
            }
            let hit = match fault.when {
                When::Every => true,
                When::Nth(n) => armed.seen == n,
                // By what it has seen itself: events are taken in while attempts are under way, in no fixed order.
                When::Probability(probability) => {
                    let own = chance.stream(Purpose::WebhookFault, numbers.inner(armed.id.into())).u64(..);
                    Rng::with_seed(own.wrapping_add(u64::from(armed.seen))).f64() < probability.get()
                }
            };
            if hit {
                armed.hits += 1;
                met = Some((armed.id, fault.effect.clone()));
            }
        }
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Probability;

    #[test]
    fn chances_of_several_faults_do_not_depend_on_each_other() {
        let (mut faults, chance) = (WebhookFaults::default(), Chance::new(1, crate::rng::Identity::default()));
        let when = When::Probability(Probability::new(0.1).unwrap());
        let of = |effect| WebhookFault { when, ..WebhookFault::always(effect) };
        for effect in [WebhookEffect::Drop, WebhookEffect::Stale, WebhookEffect::Forged, WebhookEffect::Reset] {
            faults.add(of(effect));
        }
        for number in 0..4000 {
            faults.meet(false, 1, KnownStatus::Requested, &chance);
            // Attempts in between change nothing for events.
            if number % 3 == 0 {
                faults.meet(true, 1, KnownStatus::Requested, &chance);
            }
        }
        let hits: Vec<u32> = faults.all().iter().map(|armed| armed.hits).collect();
        // A tenth each, the second and third of what is left over; of a third of as many attempts.
        for (hits, wanted) in hits.iter().zip([400, 360, 324, 133]) {
            assert!(hits.abs_diff(wanted) < 60, "{hits} for {wanted}");
        }
    }
}
