//! How many handles of each type are live: what a program has not freed. Leak checkers do not see it, since handles are no
//! addresses.

use crate::builder::nexus_client_builder;
use crate::call::call;
use crate::cancel::nexus_canceller;
use crate::client::nexus_client;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::flow::nexus_flow;
use crate::flow_options::nexus_budget;
use crate::journal::nexus_journal;
use crate::panic::plain;
use crate::raw::OutHandle;
use crate::record::{nexus_list, nexus_microdeposit};
use crate::request::nexus_request;
#[cfg(feature = "sandbox")]
use crate::sandbox::nexus_sandbox;
use crate::structures::Out;
use crate::table::Handle;
use crate::text::Text;
use crate::text::nexus_text;
use crate::webhook::nexus_webhook;

/// The types of handles. Numbers are never reused.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_handle {
    /// All of them together.
    NEXUS_HANDLE_ANY = 0,
    /// nexus_text
    NEXUS_HANDLE_TEXT = 1,
    /// nexus_error
    NEXUS_HANDLE_ERROR = 2,
    /// nexus_microdeposit
    NEXUS_HANDLE_MICRODEPOSIT = 3,
    /// nexus_list
    NEXUS_HANDLE_LIST = 4,
    /// nexus_webhook
    NEXUS_HANDLE_WEBHOOK = 5,
    /// nexus_request
    NEXUS_HANDLE_REQUEST = 6,
    /// nexus_client_builder
    NEXUS_HANDLE_CLIENT_BUILDER = 7,
    /// nexus_client
    NEXUS_HANDLE_CLIENT = 8,
    /// nexus_canceller
    NEXUS_HANDLE_CANCELLER = 9,
    /// nexus_sandbox
    NEXUS_HANDLE_SANDBOX = 10,
    /// nexus_journal
    NEXUS_HANDLE_JOURNAL = 11,
    /// nexus_flow
    NEXUS_HANDLE_FLOW = 12,
    /// nexus_budget
    NEXUS_HANDLE_BUDGET = 13,
}

/// A type of handles: its name, its number, and how many are live.
type Kind = (&'static str, i32, fn() -> usize);

fn kinds() -> impl Iterator<Item = Kind> {
    let kinds: [Kind; 12 + cfg!(feature = "sandbox") as usize] = [
        kind::<nexus_text>("nexus_text"),
        kind::<nexus_error>("nexus_error"),
        kind::<nexus_microdeposit>("nexus_microdeposit"),
        kind::<nexus_list>("nexus_list"),
        kind::<nexus_webhook>("nexus_webhook"),
        kind::<nexus_request>("nexus_request"),
        kind::<nexus_client_builder>("nexus_client_builder"),
        kind::<nexus_client>("nexus_client"),
        kind::<nexus_canceller>("nexus_canceller"),
        #[cfg(feature = "sandbox")]
        kind::<nexus_sandbox>("nexus_sandbox"),
        kind::<nexus_journal>("nexus_journal"),
        kind::<nexus_flow>("nexus_flow"),
        kind::<nexus_budget>("nexus_budget"),
    ];
    kinds.into_iter()
}

fn kind<H: Handle>(name: &'static str) -> Kind {
    (name, H::table().tag().into(), || H::table().live())
}

/// How many handles were given out and not freed yet, in the whole process. At the end of a test it should be 0: each one more
/// is an object that was not freed, such as an error that a second failure has replaced.
///
/// @param handle A NEXUS_HANDLE number: which type; NEXUS_HANDLE_ANY for all.
/// @return The number; 0 for any other number. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_live_handles(handle: i32) -> usize {
    let all = nexus_handle::NEXUS_HANDLE_ANY as i32;
    plain(0, || kinds().filter(|(_, number, _)| handle == all || handle == *number).map(|(_, _, count)| count()).sum())
}

/// The live handles of all types in words, for a test's message. The text that is given out is not counted.
///
/// @param out   Receives a text of the caller's own, to be freed: "2 nexus_error, 1 nexus_microdeposit"; empty for none.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_live_handles_text(out: *mut *mut nexus_text, error: *mut *mut nexus_error) -> nexus_code {
    call("nexus_live_handles_text", error, || {
        let out: OutHandle<nexus_text> = Out::handle(out, "out")?;
        let live = kinds().map(|(name, _, count)| (count(), name)).filter(|(count, _)| *count > 0);
        let live: Vec<String> = live.map(|(count, name)| format!("{count} {name}")).collect();
        out.give(Text::new(&live.join(", ")));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::nexus_handle::*;
    use super::*;

    #[test]
    fn handle_numbers_of_the_header_are_those_of_the_tables() {
        let published = [
            NEXUS_HANDLE_TEXT,
            NEXUS_HANDLE_ERROR,
            NEXUS_HANDLE_MICRODEPOSIT,
            NEXUS_HANDLE_LIST,
            NEXUS_HANDLE_WEBHOOK,
            NEXUS_HANDLE_REQUEST,
            NEXUS_HANDLE_CLIENT_BUILDER,
            NEXUS_HANDLE_CLIENT,
            NEXUS_HANDLE_CANCELLER,
            NEXUS_HANDLE_SANDBOX,
            NEXUS_HANDLE_JOURNAL,
            NEXUS_HANDLE_FLOW,
            NEXUS_HANDLE_BUDGET,
        ];
        let wanted: Vec<_> = published.iter().map(|handle| (format!("{handle:?}"), *handle as i32)).collect();
        let upper = |name: &str| name.to_uppercase().replace("NEXUS_", "NEXUS_HANDLE_");
        let actual: Vec<_> = kinds().map(|(name, number, _)| (upper(name), number)).collect();
        assert_eq!(actual, wanted);
    }
}
