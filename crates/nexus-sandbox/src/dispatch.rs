//! How a [`World`] responds to requests of the core or any HTTP request, faults included.

use std::borrow::Cow;

use nexus_types::{Auth, Operation, Request, Response};

use crate::call::{Call, Reply};
use crate::faults::Delivery;
use crate::log::{Notes, Received};
use crate::routes::{self, Target};
use crate::world::{Handler, World};
use crate::{admin, fault_json, lists, micro_deposits, sso, widget};

/// An export may be as long as this: some fifty thousand microdeposits.
const LONGEST_IMPORT: usize = 64 * 1024 * 1024;

/// A request and what its path means.
pub(crate) struct Asked<'a> {
    pub(crate) call: &'a Call<'a>,
    pub(crate) target: Target,
    pub(crate) parameters: &'a [Cow<'a, str>; 2],
}

/// What a request of the API is, by where its path leads and its method, and its handler; none for the admin interface.
pub(crate) fn served(target: Target, method: &str) -> Option<(Operation, Handler)> {
    lists::served(target, method)
        .or_else(|| micro_deposits::served(target, method))
        .or_else(|| sso::served(target, method))
}

impl World {
    /// Responds to one request of the core, with the secret that its [`auth`](Request::auth) asks for.
    ///
    /// A response that a [`Fault`](crate::Fault) keeps back is a 502 here; [`try_handle`](World::try_handle) distinguishes
    /// it.
    pub fn handle(&mut self, request: &Request, secret: &str) -> Response {
        self.try_handle(request, secret).unwrap_or_else(|_| Response::new(502, Vec::new()))
    }

    /// As [`handle`](World::handle), for worlds with faults.
    ///
    /// # Errors
    /// How the response fails to arrive, where a fault has the connection break.
    pub fn try_handle(&mut self, request: &Request, secret: &str) -> Result<Response, Delivery> {
        let mut call = Call::new(request.method.as_str(), &request.path);
        for (name, value) in request.headers() {
            match name {
                "Accept" => call.accept = Some(value),
                "Content-Type" => call.content_type = Some(value),
                _ => {}
            }
        }
        match request.auth {
            Auth::Session => call.session_token = Some(secret),
            Auth::ApiToken => call.api_token = Some(secret),
            Auth::ApiKey => call.api_key = Some(secret),
        }
        call.body = request.body.as_deref().map_or(&[], Vec::as_slice);
        let reply = self.respond(&call);
        match reply.delivery {
            Delivery::Reset | Delivery::Cut(_) => Err(reply.delivery),
            _ => {
                let response = Response::new(reply.status, reply.body);
                Ok(reply.retry_after.into_iter().fold(response, Response::with_retry_after))
            }
        }
    }

    /// Responds to any HTTP request: the API's, the SSO API's, and the admin interface's.
    pub fn respond(&mut self, call: &Call<'_>) -> Reply {
        let mut reply = self.respond_in_parts(call);
        self.complete(&mut reply);
        reply
    }

    /// The same, where of a long list only the first part is in the body; [`World::part`] gives the others.
    pub(crate) fn respond_in_parts(&mut self, call: &Call<'_>) -> Reply {
        let reply = self.carried_out(call);
        self.catch_up();
        reply
    }

    fn carried_out(&mut self, call: &Call<'_>) -> Reply {
        (self.notes, self.rest) = (Notes::default(), None);
        let Some((index, route, parameters)) = routes::find(call.plain_path()) else {
            let unknown = Reply::not_found().explained(|why| why.because("There is no such path."));
            return self.noted(Received::new(self.now, call, None, None), unknown.by_policy(&self.rules.policy));
        };
        let Some(at) = route.methods.iter().position(|method| *method == call.method) else {
            let mut reply = Reply::refusal(405, "This path has no such method.");
            reply = reply.explained(|why| why.because(format!("This path has {} only.", route.allow)));
            reply = reply.by_policy(&self.rules.policy);
            reply.allow = Some(route.allow);
            return self.noted(Received::new(self.now, call, Some((index, "")), None), reply);
        };
        let method = route.methods.get(at).copied().unwrap_or_default();
        if let Some(count) = self.served.get_mut(index).and_then(|counts| counts.get_mut(at)) {
            *count += 1;
        }
        let asked = Asked { call, target: route.target, parameters: &parameters };
        let Some((operation, _)) = served(route.target, call.method) else {
            self.request = 0;
            return self.act(&asked);
        };
        self.request = self.log.received() + 1;
        // A text in place of a guid may be anything, even an account number.
        let named = (route.target == Target::MicroDeposit).then(|| self.number(&parameters[0])).flatten();
        let mut received = Received::new(self.now, call, Some((index, method)), named);
        received.operation = Some(operation);
        let met = self.faults.meet(operation, &self.rules.chance);
        received.fault = met.as_ref().map(|(id, _)| *id);
        let reply = match met {
            None => self.act(&asked),
            Some((_, effect)) => {
                let name = fault_json::name(&effect);
                self.tally.fault(name);
                self.fail(effect, &asked).explained(|why| why.because(format!("A fault was injected: {name}.")))
            }
        };
        self.noted(received, reply)
    }

    fn noted(&mut self, mut received: Received, mut reply: Reply) -> Reply {
        (received.status, received.delivery) = (reply.status, reply.delivery);
        received.user = self.notes.user;
        received.record = received.record.or(self.notes.made);
        received.explain(reply.why.take());
        if let Some(mut sink) = self.log.sink.take() {
            let number = self.log.numbers.shown(self.log.received() + 1);
            sink(&admin::requests::line(self, number, &received));
            self.log.sink = Some(sink);
        }
        self.tally.request(received.operation, received.status, received.delivery);
        self.log.push(received);
        self.count_fresh();
        reply
    }

    /// Writes into the log what requests have brought about since.
    pub(crate) fn count_fresh(&mut self) {
        let log = &mut self.log;
        self.books.fresh().for_each(|(request, counted)| log.count(request, counted));
    }

    /// So many bytes the body of a request to a path that leads there may have.
    pub(crate) fn limit(&self, target: Target) -> usize {
        if target == Target::Import { LONGEST_IMPORT } else { self.rules.policy.body_limit }
    }

    /// What the server does with a request, faults aside.
    pub(crate) fn act(&mut self, asked: &Asked<'_>) -> Reply {
        let Asked { call, target, parameters } = *asked;
        let served = served(target, call.method);
        let reply = if call.body.len() > self.limit(target) {
            Err(Reply::refusal(413, "The body is too large.").explained(|why| why.by(Some("body_limit"))))
        } else {
            match served {
                Some((_, handler)) => handler(self, call, parameters),
                None if widget::serves(target) => widget::respond(self, call, target, &parameters[0]),
                None => admin::respond(self, call, target, &parameters[0]),
            }
        };
        // A refusal is a response like any other; as an error it only made the way here shorter.
        let refused = |refusal: Reply| if served.is_some() { refusal.by_policy(&self.rules.policy) } else { refusal };
        reply.unwrap_or_else(refused)
    }
}

#[cfg(test)]
mod tests {
    use nexus_types::{Endpoint, List, Operation, Person, Preinitiate};

    use crate::{Delivery, Effect, Fault, Options, World};

    #[test]
    fn faults_meet_plain_values_too() {
        let mut world = World::new(Options::default());
        let token = world.credentials().session_token.clone();
        let make = Preinitiate::new(Person::new("Josh", "Boy", "joshboy@example.com").unwrap());
        world.add_fault(Fault::nth(Operation::Create, 1, Effect::ResetBefore));
        world.add_fault(Fault::nth(Operation::Create, 2, Effect::ResetAfter));
        for made in [0, 1] {
            assert_eq!(world.try_handle(&make.request(), &token).unwrap_err(), Delivery::Reset);
            assert_eq!(world.created(), made);
        }
        assert_eq!(world.handle(&make.request(), &token).status, 200);
        let limited = Effect::Status { status: 429, retry_after: Some("7".into()), acting: false };
        world.add_fault(Fault::nth(Operation::List, 1, limited));
        let reply = world.try_handle(&List::new().request(), &token).unwrap();
        assert_eq!((reply.status, reply.retry_after.as_deref()), (429, Some("7")));
        assert_eq!(world.received().len(), 4);
    }
}
