//! The flows of the core for any HTTP library: `mx_nexus.flows`.

use std::sync::Arc;
use std::time::Duration;

use nexus_http::FileJournal;
use nexus_types::Endpoint as _;
use nexus_types::decide::creation::Intention;
use nexus_types::flow::{self, Event};
use nexus_types::{self as core, Error, Operation, Response};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::arguments::{Text, bytes, given, http_status};
use crate::convert::{self, duration};
use crate::endpoints::{create, person, user};
use crate::errors::{self, checked};
use crate::flow_engine::{Engine, of, of_wait};
use crate::flow_methods::lost;
use crate::flow_settings::{Settings, Shared};
use crate::flow_steps::Output;
use crate::journal::{Journal, keyed};
use crate::values::amount;
use crate::wait::{self, Progress};

type Given<'a, 'py> = Option<&'a Bound<'py, Settings>>;
type Key = Option<(String, Arc<FileJournal>)>;

fn shared(settings: Given<'_, '_>) -> Arc<Shared> {
    settings.map_or_else(Shared::own, |settings| Arc::clone(&settings.get().0))
}

/// A key with its journal, and the place that the journal keeps it under.
fn key(py: Python<'_>, key: Option<Text<'_>>, journal: Option<&Bound<'_, Journal>>, shared: &Shared) -> PyResult<Key> {
    let key = keyed(py, key, journal)?;
    if key.is_some() && shared.scope.is_none() {
        let rule = "is missing in the settings: a journal keeps keys apart by it";
        return Err(errors::raise(py, Error::input("base_url", rule)));
    }
    Ok(key)
}

flow! { VerifyFlow,
    "Submits two amounts, at most once, and finds the outcome: an Outcome, as Client.verify.\n\n\
    earlier_open: whether an earlier submission for this microdeposit ended pending or unknown, so that a denial may be that \
    one's; a flow with a key finds that out in the journal. key, journal, wait: as Client.verify.",
    #[pyo3(signature = (guid, first, second, /, *, wait = false, key = None, journal = None, earlier_open = false,
        settings = None))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        guid: Text<'_>,
        first: &Bound<'_, PyAny>,
        second: &Bound<'_, PyAny>,
        wait: bool,
        key: Option<Text<'_>>,
        journal: Option<&Bound<'_, Journal>>,
        earlier_open: bool,
        settings: Given<'_, '_>,
    ) -> PyResult<VerifyFlow> {
        let submission = core::Verify::new(convert::guid(py, &guid)?, amount(first)?, amount(second)?);
        let shared = shared(settings);
        let (key, journal) = self::key(py, key, journal, &shared)?.unzip();
        let own = shared.flow;
        Ok(VerifyFlow(Engine::new(shared, journal, Operation::Verify, move |at| {
            let flow = flow::VerifyFlow::new(submission, own, at).with_earlier_open(earlier_open);
            let flow = if wait { flow.waiting() } else { flow };
            let flow = match key {
                Some(key) => flow.with_key(key),
                None => flow,
            };
            Ok(of(flow, |outcome| Output::Submitted(Box::new(outcome))))
        })))
    }
}

/// Makes what is intended.
fn making(
    py: Python<'_>,
    intention: Intention,
    key: (Option<Text<'_>>, Option<&Bound<'_, Journal>>),
    settings: Given<'_, '_>,
) -> PyResult<Engine> {
    let operation = intention.operation();
    let shared = shared(settings);
    let (key, journal) = self::key(py, key.0, key.1, &shared)?.unzip();
    let own = shared.flow;
    Ok(Engine::new(shared, journal, operation, move |at| {
        let flow = flow::CreateFlow::new(intention, own, at);
        let flow = match key {
            Some(key) => flow.with_key(key),
            None => flow,
        };
        Ok(of(flow, |created| Output::Made(Box::new(created))))
    }))
}

flow! { CreateFlow,
    "Makes one microdeposit, at most once: a Microdeposit, as Client.create, or with key and journal as Client.create_once.",
    #[pyo3(signature = (*, first_name, last_name, email, routing_number, account_number, account_type, account_name = None,
        key = None, journal = None, settings = None))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        first_name: Text<'_>,
        last_name: Text<'_>,
        email: Text<'_>,
        routing_number: &Bound<'_, PyAny>,
        account_number: &Bound<'_, PyAny>,
        account_type: &Bound<'_, PyAny>,
        account_name: Option<Text<'_>>,
        key: Option<Text<'_>>,
        journal: Option<&Bound<'_, Journal>>,
        settings: Given<'_, '_>,
    ) -> PyResult<CreateFlow> {
        let who = [first_name, last_name, email];
        let create = create(py, who, routing_number, account_number, account_type, account_name)?;
        making(py, Intention::Create(create), (key, journal), settings).map(CreateFlow)
    }
}

flow! { PreinitiateFlow,
    "Makes one microdeposit without account details, at most once: a Microdeposit, as Client.preinitiate.",
    #[pyo3(signature = (*, first_name, last_name, email, key = None, journal = None, settings = None))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        first_name: Text<'_>,
        last_name: Text<'_>,
        email: Text<'_>,
        key: Option<Text<'_>>,
        journal: Option<&Bound<'_, Journal>>,
        settings: Given<'_, '_>,
    ) -> PyResult<PreinitiateFlow> {
        let intention = Intention::Preinitiate(core::Preinitiate::new(person(py, [first_name, last_name, email])?));
        making(py, intention, (key, journal), settings).map(PreinitiateFlow)
    }
}

/// As the client's.
const THREE_DAYS: Duration = Duration::from_secs(3 * 86_400);

flow! { WaitFlow,
    "Reads a microdeposit again and again until it stands where it is wanted: a Microdeposit, as Client.wait.\n\n\
    until, timeout, poll_every: as Client.wait.",
    #[pyo3(signature = (guid, /, *, until = None, timeout = None, poll_every = None, settings = None))]
    fn new(
        py: Python<'_>,
        guid: Text<'_>,
        until: Option<&Bound<'_, PyAny>>,
        timeout: Option<&Bound<'_, PyAny>>,
        poll_every: Option<&Bound<'_, PyAny>>,
        settings: Given<'_, '_>,
    ) -> PyResult<WaitFlow> {
        let (guid, until) = (convert::guid(py, &guid)?, wait::until(until)?);
        let timeout = timeout.map_or(Ok(THREE_DAYS), |value| duration("timeout", value))?;
        let poll_every = poll_every.map(|value| duration("poll_every", value)).transpose()?;
        let shared = shared(settings);
        let own = shared.flow;
        let begin = move |at| flow::WaitFlow::new(guid, until, timeout, poll_every, own, at);
        // Once for the rules alone.
        checked(py, begin.clone()(flow::Moment::default()))?;
        Ok(WaitFlow(Engine::new(shared, None, Operation::Read, move |at| begin(at).map(of_wait))))
    }

    /// The state of the wait, once after each read, whether it succeeded or failed; None otherwise. Call it after next().
    fn progress(&self, py: Python<'_>) -> PyResult<Option<Progress>> {
        self.0.progress().map(|progress| Progress::new(py, progress)).transpose()
    }
}

flow! { SessionFlow,
    "Opens a session with an API key: its token, a Secret. The key is the secret of its first request, `Send.token` that of \
    its second.",
    #[pyo3(signature = (client_id, user_id, *, settings = None))]
    fn new(py: Python<'_>, client_id: Text<'_>, user_id: Text<'_>, settings: Given<'_, '_>) -> PyResult<SessionFlow> {
        let (client_id, user_id) = user(py, client_id, user_id)?;
        let shared = shared(settings);
        let own = shared.flow;
        Ok(SessionFlow(Engine::new(shared, None, Operation::OpenSession, move |at| {
            Ok(of(flow::SessionFlow::new(client_id, user_id, own, at), Output::Session))
        })))
    }
}

flow! { ListFlow,
    "Lists all microdeposits, whatever pages they come in: Microdeposits, as Client.list.",
    #[pyo3(signature = (*, settings = None))]
    fn new(settings: Given<'_, '_>) -> ListFlow {
        let shared = shared(settings);
        let own = shared.flow;
        ListFlow(Engine::new(shared, None, Operation::List, move |at| {
            Ok(of(flow::ListFlow::new(own, at), Output::Records))
        }))
    }
}

flow! { ReadFlow,
    "Reads one microdeposit: a Microdeposit, as Client.read.",
    #[pyo3(signature = (guid, /, *, settings = None))]
    fn new(py: Python<'_>, guid: Text<'_>, settings: Given<'_, '_>) -> PyResult<ReadFlow> {
        let read = core::Read::new(convert::guid(py, &guid)?);
        let shared = shared(settings);
        let own = shared.flow;
        Ok(ReadFlow(Engine::new(shared, None, Operation::Read, move |at| {
            Ok(of(flow::CallFlow::new(read, own, at), |record| Output::Record(Box::new(record))))
        })))
    }
}
