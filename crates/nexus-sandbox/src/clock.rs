//! The clock of a [`World`], and what happens as it moves.

use crate::call::Call;
use crate::dispatch::Asked;
use crate::later::Waiting;
use crate::routes;
use crate::world::{LATEST, World};

impl World {
    /// Moves the clock. What is due by then is computed on the next access, so this costs the same for any distance; only
    /// requests that a fault keeps for later are carried out here. The clock goes as far as the beginning of the year 9000 and no
    /// further: [`left`](World::left) says how far that is.
    ///
    /// Once somebody has subscribed to webhooks, or asked for the [next moment](World::next_due), everything happens here, each
    /// at its own time.
    pub fn advance(&mut self, by: std::time::Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let then = self.now.saturating_add(millis).min(LATEST);
        while let Some(at) = self.next_moment().filter(|at| *at <= then) {
            self.now = at.max(self.now);
            self.carry_out_until(self.now);
            self.catch_up();
        }
        self.carry_out_until(then);
        self.now = then;
    }

    /// When something happens next by itself, a list's catching up included. None while nobody wants to know.
    pub(crate) fn next_moment(&mut self) -> Option<i64> {
        if !self.books.agenda.is_on() {
            return None;
        }
        let (rules, records) = (&self.rules, &self.records);
        let of = |number: u32| records.get(number as usize)?.next_moment(rules, number);
        self.books.agenda.next(of).into_iter().chain(self.later.next_due()).min()
    }

    /// Lets everything happen that is due by now, and hands it to those who have subscribed.
    pub(crate) fn catch_up(&mut self) {
        if self.next_moment().is_some_and(|at| at <= self.now) {
            for number in self.books.agenda.take(self.now) {
                let Some(record) = self.records.get_mut(number as usize) else { continue };
                record.settle(&self.rules, number, self.now, &mut self.books);
                if let Some(next) = record.next_moment(&self.rules, number).filter(|next| *next > self.now) {
                    self.books.agenda.plan(number, next);
                }
            }
        }
        self.hand_on();
    }

    /// How far the clock can be moved yet.
    pub fn left(&self) -> std::time::Duration {
        std::time::Duration::from_millis(u64::try_from(LATEST.saturating_sub(self.now)).unwrap_or(0))
    }

    /// Keeps a request until this time; carries it out at once where that is now.
    pub(crate) fn carry_out_at(&mut self, due: i64, call: &Call<'_>) {
        let user = call.session_token.and_then(|token| self.sessions.user(token, self.now));
        // A key that is not this client's is refused in any case; it may be a real one, and those are kept nowhere.
        let key = call.api_key.filter(|key| *key == self.credentials.api_key);
        let waiting = Waiting::new(self.request, user, &Call { api_key: key, ..*call });
        if due <= self.now {
            return self.carry_out(&waiting);
        }
        self.later.add(due, waiting);
    }

    /// Carries out every request that is due by this time, each at its own time.
    fn carry_out_until(&mut self, until: i64) {
        while let Some((due, waiting)) = self.later.take(until) {
            self.now = due;
            self.carry_out(&waiting);
        }
    }

    fn carry_out(&mut self, waiting: &Waiting) {
        let call = waiting.call();
        if let Some((_, route, parameters)) = routes::find(call.plain_path()) {
            (self.request, self.on_behalf) = (waiting.request, waiting.user);
            self.inventing = waiting.invented;
            // No caller waits for this response.
            self.act(&Asked { call: &call, target: route.target, parameters: &parameters });
            (self.on_behalf, self.rest, self.inventing) = (None, None, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use nexus_types::Operation;

    use crate::{Call, Effect, Fault, Options, World};

    #[test]
    fn a_request_that_waits_keeps_no_key_that_is_not_the_sandboxs_own() {
        let mut world = World::new(Options::default());
        let own = world.credentials().api_key.clone();
        let later = Effect::Later { delay: Duration::from_secs(1), status: None };
        world.add_fault(Fault { operation: Some(Operation::ApiToken), ..Fault::always(later) });
        for (key, kept) in [("0123456789abcdef", None), (&*own, Some(&*own))] {
            let mut call = Call::new("GET", "/sandbox-client/users/user-1/api_token.json");
            call.api_key = Some(key);
            world.respond(&call);
            let (_, waiting) = world.later.take(i64::MAX).unwrap();
            assert_eq!(waiting.call().api_key, kept);
        }
    }
}
