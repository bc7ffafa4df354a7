//! Carries a request to the server and its response back, with the run's faults and machine failures.

use std::time::Duration;

use nexus_sandbox::{Call as Http, Delivery, Reply};
use nexus_types::flow::{Event, Lost, Moment};
use nexus_types::{Auth, Response, TransportCause, TransportProblem};

use crate::actor::{Actor, Ended, Leaving, Then};
use crate::driver::Run;
use crate::life::{At, Machine, Reading};
use crate::turn::Lives;
use crate::world;

impl Run<'_> {
    /// Carries a request, as far as the machine lets it.
    pub fn carry(&mut self, actor: &mut Actor, leaving: Leaving) -> Lives {
        let at = self.moment(actor.lag);
        let not_sent = |problem| Event::NotSent(Lost::new(problem));
        let auth = leaving.send.request.auth;
        if auth == Auth::Session && self.session.is_none() {
            let deadline = leaving.send.deadline;
            self.open_session(actor, at, deadline, Then::Carry(leaving));
            return Ok(());
        }
        if actor.cancelled {
            self.tell(actor, 0, not_sent(TransportProblem::Cancelled));
            return Ok(());
        }
        let not_after = leaving.not_after;
        let too_late = |at: Moment| not_after.is_some_and(|not_after| at.unix > not_after);
        if too_late(at) {
            self.tell(actor, 0, not_sent(TransportProblem::Timeout));
            return Ok(());
        }
        let place = leaving.once.then_some(At::Change);
        let trouble = if actor.session.is_some() {
            None
        } else {
            self.trouble(actor, place, |what| !matches!(what, Machine::JournalFails { .. }))
        };
        let timeout = leaving.send.timeout.min(leaving.send.deadline.saturating_sub(at.elapsed));
        match trouble {
            Some(Machine::NotSent(kind)) => {
                let (problem, cause) = [
                    (TransportProblem::Connect, TransportCause::Refused),
                    (TransportProblem::Connect, TransportCause::Unreachable),
                    (TransportProblem::Tls, TransportCause::Reset),
                    (TransportProblem::Timeout, TransportCause::NameServiceSilent),
                ][usize::from(kind) % 4];
                self.tell(actor, 1, Event::NotSent(Lost::new(problem).with_cause(Some(cause))));
                return Ok(());
            }
            Some(Machine::MaybeSent { acted }) => {
                self.reached(actor, &leaving, acted);
                let lost = Lost::new(TransportProblem::Io).with_cause(Some(TransportCause::Internal));
                self.tell(actor, 1, Event::MaybeSent(lost));
                return Ok(());
            }
            Some(Machine::Forgotten { acted }) => {
                self.reached(actor, &leaving, acted);
                actor.ready = self.clock + 1;
                return Ok(());
            }
            Some(Machine::Cancelled { acted }) => {
                actor.cancelled = true;
                self.reached(actor, &leaving, acted);
                let event = match acted {
                    true if self.dice.bool() => Event::Cancelled,
                    true => Event::MaybeSent(Lost::new(TransportProblem::Cancelled)),
                    false => not_sent(TransportProblem::Cancelled),
                };
                self.tell(actor, 1, event);
                return Ok(());
            }
            Some(Machine::Killed { acted }) => {
                self.reached(actor, &leaving, acted);
                return Err(Ended::Killed);
            }
            Some(Machine::Suspended(seconds)) => {
                actor.lag += u64::from(seconds) * 1000;
                (actor.ready, actor.held) = (self.clock + u64::from(seconds) * 1000, Some(leaving));
                return Ok(());
            }
            Some(Machine::ClockBack(seconds)) => self.wall -= i64::from(seconds),
            _ => {}
        }
        if too_late(self.moment(actor.lag)) || timeout.is_zero() {
            self.tell(actor, 0, not_sent(TransportProblem::Timeout));
            return Ok(());
        }
        let reply = self.request(actor, &leaving);
        self.deliver(actor, &leaving, reply, timeout);
        Ok(())
    }

    fn reached(&mut self, actor: &mut Actor, leaving: &Leaving, acted: bool) {
        if acted {
            self.request(actor, leaving);
        }
    }

    /// The request reaches the server.
    fn request(&mut self, actor: &mut Actor, leaving: &Leaving) -> Reply {
        let request = &leaving.send.request;
        self.seen.requests[world::on(request.operation) as usize] += 1;
        if leaving.once {
            actor.report.sent.push(self.world.requests_received() + 1);
        }
        let session = if request.auth == Auth::Session { self.session.clone() } else { None };
        if session.is_some() {
            actor.token = session.clone();
        }
        let mut call = Http::new(request.method.as_str(), &request.path);
        for (name, value) in request.headers() {
            match name {
                "Accept" => call.accept = Some(value),
                "Content-Type" => call.content_type = Some(value),
                _ => {}
            }
        }
        let given = leaving.send.token.as_ref().map(|token| token.expose());
        match request.auth {
            Auth::Session => call.session_token = session.as_deref(),
            Auth::ApiToken => call.api_token = given,
            Auth::ApiKey => call.api_key = Some(&self.api_key),
        }
        call.body = request.body.as_deref().map_or(&[], |body| body);
        self.world.respond(&call)
    }

    fn deliver(&mut self, actor: &mut Actor, leaving: &Leaving, reply: Reply, timeout: Duration) {
        let timeout = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        let usual = self.dice.u64(10..150);
        let late = match reply.delivery {
            Delivery::Late(time) => usual + u64::try_from(time.as_millis()).unwrap_or(u64::MAX),
            Delivery::Slow(pause) => {
                usual + u64::try_from(pause.as_millis()).unwrap_or(u64::MAX) * reply.body.len() as u64
            }
            _ => usual,
        };
        if late > timeout {
            return self.tell(actor, timeout, Event::MaybeSent(Lost::new(TransportProblem::Timeout)));
        }
        if matches!(reply.delivery, Delivery::Reset | Delivery::Cut(_)) {
            return self.tell(actor, late, Event::MaybeSent(Lost::new(TransportProblem::Io)));
        }
        if reply.status == 401 && leaving.send.request.auth == Auth::Session {
            actor.report.refused += u32::from(leaving.once);
            let renewable = !self.life.has(|reading| *reading == Reading::GivenSession);
            if renewable && self.session == actor.token {
                self.session = None;
            }
        }
        actor.report.conflict |= leaving.once && reply.status == 409;
        let response = Response::new(reply.status, reply.body);
        let response = reply.retry_after.into_iter().fold(response, Response::with_retry_after);
        self.tell(actor, late, Event::Response(response));
    }
}
