//! The driver: carries out the steps of a flow and reports the events. It owns sockets, clocks, chance and the session; it
//! decides nothing.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nexus_types::flow::{Event, Flow, JournalStep, Lost, Moment, Pause, Purpose, Send, SessionFlow, Sleep, Step};
use nexus_types::{Auth, Error, Host, Operation, Response, TransportProblem};

use crate::check::{CHECK_EVERY, check, is_checking};
use crate::client::Client;
use crate::exchange::{Broken, exchange};
use crate::journal::Journal;
use crate::observe::Observation;
use crate::session::Ticket;
use crate::settings::{Credentials, Sso};

/// Where a flow is that was driven as far as it goes without a pause.
pub(crate) enum Turn<T> {
    Done(T),
    Sleep(Sleep),
}

impl Client {
    /// Drives a flow to its end. `report` is called after every step, for flows that have a progress.
    pub(crate) fn drive<F: Flow>(
        &self,
        mut flow: F,
        journal: Option<&dyn Journal>,
        report: &mut dyn FnMut(&mut F),
    ) -> F::Output {
        // All steps of one call share its limit, those of the journal too.
        let journal = journal.map(|journal| (journal, self.deadline()));
        let mut last = None;
        loop {
            let event = match self.drive_to_pause(&mut flow, journal, &mut last, report) {
                Turn::Done(output) => return output,
                Turn::Sleep(sleep) => self.sleep(sleep.until),
            };
            flow.handle(self.moment(), event);
        }
    }

    /// Drives a flow to its end or to its next sleep. `last` is the operation that was reconciled last.
    pub(crate) fn drive_to_pause<F: Flow>(
        &self,
        flow: &mut F,
        journal: Option<(&dyn Journal, Instant)>,
        last: &mut Option<Operation>,
        report: &mut dyn FnMut(&mut F),
    ) -> Turn<F::Output> {
        let mut at = self.moment();
        loop {
            let step = self.budget(|budget| flow.next(at, fastrand::f64(), budget));
            report(flow);
            let event = match step {
                Step::Done(output) => return Turn::Done(output),
                Step::Send(send) => {
                    let operation = send.request.operation;
                    if send.purpose == Purpose::Reconcile && last.replace(operation) != Some(operation) {
                        self.observe(|| Observation::Reconciling { operation, guid: send.request.guid.clone() });
                    }
                    self.carry(&send, None)
                }
                Step::SendOnce(permit) => {
                    let once = permit.spend();
                    self.carry(&once.send, once.not_after)
                }
                Step::Sleep(sleep) => {
                    if sleep.pause == Pause::Retry {
                        self.observe(|| Observation::Retrying { after: sleep.until.saturating_sub(at.elapsed) });
                    }
                    return Turn::Sleep(sleep);
                }
                Step::Renew(deadline) => self.renew(deadline),
                Step::Journal(step) => self.ask(journal, step),
            };
            at = self.moment();
            flow.handle(at, event);
        }
    }

    /// Sends one request with the secret that it asks for.
    fn carry(&self, send: &Send, not_after: Option<i64>) -> Event {
        let (request, operation, deadline) = (&send.request, send.request.operation, self.instant(send.deadline));
        let not_sent = |problem| Event::NotSent(Lost::new(problem));
        let ticket = match request.auth {
            Auth::Session => match self.ticket(deadline) {
                Ok(ticket) => Some(ticket),
                Err(error) => return Event::NoSession(error),
            },
            Auth::ApiToken | Auth::ApiKey => None,
        };
        let key = self.shared.settings.credentials.sso().map(|sso| sso.api_key.expose());
        let token = ticket.as_ref().map(|ticket| ticket.token.expose());
        let given = send.token.as_ref().map(|token| token.expose());
        let secret = if request.auth == Auth::ApiKey { key } else { given.or(token) };
        let Some(secret) = secret else {
            return Event::NoSession(Error::input("credentials", "must be client id, user id and API key for this"));
        };
        let began = Instant::now();
        let time = deadline.saturating_duration_since(began).min(send.timeout);
        if self.is_cancelled() {
            return not_sent(TransportProblem::Cancelled);
        }
        if time.is_zero() {
            return not_sent(TransportProblem::Timeout);
        }
        let settings = &self.shared.settings;
        let base = match (request.host, &settings.credentials) {
            (Host::Sso, Credentials::Sso(sso)) => &sso.address,
            _ => &settings.base,
        };
        let agent = if operation.repeatable() { &self.pooled } else { &self.fresh };
        let guid = || request.guid.clone();
        self.observe(|| Observation::Sending { operation, attempt: send.number, guid: guid() });
        let (url, limit) = (base.join(&request.path), settings.limits.body);
        let outcome = exchange(agent, &url, request, secret, (began, time), limit, not_after);
        match outcome {
            Ok(response) => {
                let status = response.status;
                self.observe(|| Observation::Responded { operation, status, elapsed: began.elapsed(), guid: guid() });
                self.note(ticket.as_ref(), &response, began);
                Event::Response(response)
            }
            Err(broken) => {
                let Broken { mut problem, mut cause, sent } = broken;
                if self.is_cancelled() {
                    (problem, cause) = (TransportProblem::Cancelled, None);
                }
                self.observe(|| Observation::Failed {
                    operation,
                    problem,
                    cause,
                    elapsed: began.elapsed(),
                    guid: guid(),
                });
                let lost = Lost::new(problem).with_cause(cause);
                if sent { Event::MaybeSent(lost) } else { Event::NotSent(lost) }
            }
        }
    }

    /// Tells the session keeper about a response.
    fn note(&self, ticket: Option<&Ticket>, response: &Response, began: Instant) {
        let Some(ticket) = ticket else { return };
        let keeper = &self.shared.keeper;
        if response.status == 401 { keeper.expire(ticket) } else { keeper.used(ticket, began) }
    }

    fn renew(&self, deadline: Duration) -> Event {
        if !self.shared.keeper.is_renewable() {
            return Event::NotRenewable;
        }
        match self.ticket(self.instant(deadline)) {
            Ok(_) => Event::Renewed,
            Err(error) => Event::NoSession(error),
        }
    }

    /// The session, opened first if there is none, by one thread for all.
    pub(crate) fn ticket(&self, deadline: Instant) -> Result<Ticket, Error> {
        let is_cancelled = || self.is_cancelled();
        self.shared.keeper.acquire(deadline, is_cancelled, || {
            self.observe(|| Observation::Renewing);
            let sso = self.sso()?;
            let mut settings = self.flow_settings();
            settings.call = deadline.saturating_duration_since(Instant::now());
            let flow = SessionFlow::new(sso.client_id.clone(), sso.user_id.clone(), settings, self.moment());
            self.drive(flow, None, &mut |_| {})
        })
    }

    pub(crate) fn sso(&self) -> Result<&Sso, Error> {
        let rule = "must be client id, user id and API key for this";
        self.shared.settings.credentials.sso().ok_or_else(|| Error::input("credentials", rule))
    }

    fn ask(&self, journal: Option<(&dyn Journal, Instant)>, step: JournalStep) -> Event {
        match journal {
            Some((journal, deadline)) => crate::journal::run(journal, step, &self.shared.scope, deadline),
            None => Event::JournalFailed,
        }
    }

    /// Sleeps, unless cancelled.
    fn sleep(&self, until: Duration) -> Event {
        let time = until.saturating_sub(self.moment().elapsed);
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let pause = if is_checking() { left.min(CHECK_EVERY) } else { left };
            let cut_short = match &self.canceller {
                Some(canceller) => canceller.sleep(pause),
                None => {
                    std::thread::sleep(pause);
                    false
                }
            };
            match () {
                () if cut_short => return Event::Cancelled,
                () if pause == left => return Event::Elapsed,
                () => check(),
            }
        }
    }

    /// Now, on both clocks.
    pub(crate) fn moment(&self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let unix = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        Moment { elapsed: self.shared.origin.elapsed(), unix }
    }

    fn instant(&self, elapsed: Duration) -> Instant {
        self.shared.origin.checked_add(elapsed).unwrap_or_else(|| self.deadline())
    }
}
