//! `mx_nexus._nexus`: the private extension module under the Python package `mx_nexus`.
//!
//! Python people read `bindings/python/README.md`. Here values are converted, the interpreter's lock is released around
//! everything that waits or decodes, and every error becomes an exception of `mx_nexus.errors`. What a status means, what
//! may be sent again and what a refusal says is decided in the crates below, never here.

mod arguments;
mod assumptions;
mod call;
mod client;
mod client_options;
mod convert;
mod ending;
mod endpoints;
mod errors;
mod flow_engine;
mod flow_settings;
mod flow_steps;
#[macro_use]
mod flow_methods;
mod flows;
mod journal;
mod locks;
mod logging;
mod members;
mod outcome;
mod panic;
mod receiver;
mod record;
mod records;
mod running;
mod sandbox;
mod secrets;
mod status;
mod values;
mod wait;
mod wait_parts;
mod webhook;
mod workers;

use pyo3::prelude::*;

/// Private. Everything public is in `mx_nexus`.
#[pymodule(gil_used = false)]
mod _nexus {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::{
        assumptions::{Assumptions, words_of},
        client::{Canceller, Client},
        endpoints::{Create, GetApiToken, List, OpenSession, Preinitiate, Read, Request, Verify, WidgetUrl},
        errors::{CoreError, error_kinds, silent_call},
        flow_settings::Settings,
        flow_steps::{Done, Renew, Send, SendOnce, Sleep},
        flows::{CreateFlow, ListFlow, PreinitiateFlow, ReadFlow, SessionFlow, VerifyFlow, WaitFlow},
        journal::Journal,
        outcome::Outcome,
        receiver::ReceiverServer,
        record::Microdeposit,
        records::Microdeposits,
        sandbox::SandboxServer,
        secrets::{AccountNumber, Private, RoutingNumber, Secret},
        status::status_facts,
        values::Cents,
        wait::Progress,
        wait_parts::WaitParts,
        webhook::WebhookEvent,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        let ending = wrap_pyfunction!(crate::ending::ending, module)?;
        py.import("atexit")?.call_method1("register", (ending,)).map(|_| ())
    }

    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
    #[pymodule_export]
    const INTEGRATION_URL: &str = nexus_http::INTEGRATION_URL;
    #[pymodule_export]
    const PRODUCTION_URL: &str = nexus_http::PRODUCTION_URL;
    #[pymodule_export]
    const INTEGRATION_SSO_URL: &str = nexus_http::INTEGRATION_SSO_URL;
    #[pymodule_export]
    const PRODUCTION_SSO_URL: &str = nexus_http::PRODUCTION_SSO_URL;
    #[pymodule_export]
    const MX_TEST_REFUSED: (&str, &str) = {
        let [first, second] = nexus_types::routing::MX_TEST_REFUSED;
        (first, second)
    };
}

/// Reading a list is many small allocations, and this takes them half as fast again as the usual one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
