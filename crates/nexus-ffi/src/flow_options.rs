//! The options of a flow.

use std::ffi::c_char;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nexus_http::{Environment, Journal, Scope};
use nexus_types::assumptions::REFUSALS;
use nexus_types::decide::budget::Budget;
use nexus_types::flow::Settings;
use nexus_types::{Assumptions, Error};

use crate::assume::{refusal, time};
use crate::brief::free;
use crate::builder::{nexus_retry, policy};
use crate::call::call;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::journal::nexus_journal;
use crate::raw::{live, nth, optional_text};
use crate::structures::{Out, Plain, growing, null, structure};
use crate::table::handle;

/// The options of a flow. All zero is the default: `nexus_flow_options options = {.call_ms = 6000};`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_flow_options {
    /// For one request and its response, in milliseconds; 0 for 30,000.
    pub attempt_ms: u64,
    /// For the whole flow (a wait has its own time), in milliseconds, at most a day; 0 for 60,000.
    pub call_ms: u64,
    /// How long to reconcile a create or verify that got no usable response, in milliseconds; 0 for 5,000.
    pub reconcile_ms: u64,
    /// Attempts of a repeatable request in all, the first included; 1 turns retries off. 0 for 3.
    pub retry_attempts: u32,
    /// The longest pause before the second attempt, in milliseconds; it doubles with each further one. 0 for 200.
    pub retry_base_ms: u64,
    /// The longest pause of its own choosing, in milliseconds. 0 for 5,000.
    pub retry_cap_ms: u64,
    /// The longest pause that a server may ask for, in milliseconds; a longer wish ends the flow. 0 for 30,000.
    pub retry_after_cap_ms: u64,
    /// Assumptions: see nexus_client_builder_assume_judged_within_ms. 0 for 18,000; NEXUS_NEVER.
    pub judged_within_ms: u64,
    /// Assumptions: see nexus_client_builder_assume_server_grace_ms. 0 for 120,000; NEXUS_NEVER.
    pub server_grace_ms: u64,
    /// Assumptions: HTTP statuses that are not to be taken for refusals given before anything was done, of 400, 403, 404, 413,
    /// 415, 422 and 429; see nexus_client_builder_assume_refusal. NULL for none.
    pub no_refusals: *const i32,
    /// How many they are.
    pub no_refusals_count: usize,
    /// true: deposits take about two minutes, as in MX's integration environment. false: 12 to 36 hours.
    pub integration: bool,
    /// Assumptions: true: updated_at does not show a denial; see nexus_client_builder_assume_updated_at_shows_denial.
    pub updated_at_is_no_sign: bool,
    /// Assumptions: true: a list may lack records; see nexus_client_builder_assume_lists_show_all.
    pub lists_may_lack: bool,
    /// Verify: waits for the verdict if the server judges later, within `call_ms`.
    pub wait: bool,
    /// Verify: an earlier submission for this microdeposit may still be judged, so that a denial may belong to it. A flow
    /// with a key finds this in the journal.
    pub earlier_open: bool,
    /// The caller's own name for this create or submission, or NULL; see nexus_client_create_once and
    /// nexus_client_verify_once.
    pub key: *const c_char,
    /// With `key`: the journal. The flow keeps it alive.
    pub journal: *const nexus_journal,
    /// With `key`: scheme, host and port of the data API, such as NEXUS_INTEGRATION_URL, in lower case and without a path:
    /// an entry of one environment never fits another.
    pub environment: *const c_char,
    /// With `key`: the client's id, or NULL if the session's user is unknown.
    pub client_id: *const c_char,
    /// With `key`: the user's id, or NULL if the session's user is unknown.
    pub user_id: *const c_char,
    /// The retry budget that several flows share; NULL: this flow has its own. The flow keeps it alive.
    pub budget: *const nexus_budget,
}

growing!(nexus_flow_options);
impl Plain for nexus_flow_options {}

impl nexus_flow_options {
    /// What is assumed, as the core takes it.
    fn assumptions(&self) -> Result<Assumptions, Error> {
        let mut out = Assumptions::default();
        if self.no_refusals_count > REFUSALS.len() {
            return Err(Error::input("no_refusals_count", "must be at most 7"));
        }
        for at in 0..self.no_refusals_count {
            out = out.with_refusal(refusal(nth(self.no_refusals, at, "no_refusals")?)?, false);
        }
        out.updated_at_shows_denial = !self.updated_at_is_no_sign;
        out.lists_show_all = !self.lists_may_lack;
        if self.judged_within_ms != 0 {
            out.judged_within = time(self.judged_within_ms, "judged_within")?;
        }
        if self.server_grace_ms != 0 {
            out.server_grace = time(self.server_grace_ms, "server_grace")?;
        }
        Ok(out)
    }
}

/// The retries that the flows of one service share, so that an outage is not met with several times the load. Any number
/// of flows and threads may use one.
///
/// Functions: nexus_budget_free. One is made by nexus_budget_new, and used by flows (nexus_flow_options).
pub struct nexus_budget(());

handle!(nexus_budget, 13, Arc<Mutex<Budget>>);

/// Makes a budget of ten retries; a success gives a tenth of one back.
///
/// @param out   Receives a budget of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_budget_new(out: *mut *mut nexus_budget, error: *mut *mut nexus_error) -> nexus_code {
    call("nexus_budget_new", error, || {
        Out::handle(out, "out")?.give(Arc::default());
        Ok(())
    })
}

/// Frees a budget. Flows that use it keep it.
///
/// @param budget The budget, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live budget. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_budget_free(budget: *mut nexus_budget) -> nexus_code {
    free("nexus_budget_free", budget)
}

/// A key, its journal, and its scope.
pub(crate) type Keyed = (String, Arc<dyn Journal>, Scope);

/// The options, checked.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) settings: Settings,
    pub(crate) wait: bool,
    pub(crate) earlier_open: bool,
    pub(crate) key: Option<Keyed>,
    pub(crate) budget: Arc<Mutex<Budget>>,
}

impl Given {
    pub(crate) fn read(options: *const nexus_flow_options, size: usize) -> Result<Given, Error> {
        let Some(given) = structure(options, size, "options")? else { return Ok(Given::default()) };
        let mut settings = Settings::default();
        limit(&mut settings.attempt, given.attempt_ms, "attempt")?;
        limit(&mut settings.call, given.call_ms, "call")?;
        limit(&mut settings.reconcile, given.reconcile_ms, "reconcile")?;
        settings.retry = policy(&nexus_retry {
            attempts: given.retry_attempts,
            base_ms: given.retry_base_ms,
            cap_ms: given.retry_cap_ms,
            retry_after_cap_ms: given.retry_after_cap_ms,
        });
        settings.assumptions = given.assumptions()?;
        settings.environment = if given.integration { Environment::Integration } else { Environment::Production };
        let budget = if given.budget.is_null() { Arc::default() } else { Arc::clone(&*live(given.budget, "budget")?) };
        let key = optional_text(given.key, "key")?.map(|key| under(key, &given)).transpose()?;
        Ok(Given { settings, wait: given.wait, earlier_open: given.earlier_open, key, budget })
    }

    /// For a flow that has no key.
    pub(crate) fn read_keyless(options: *const nexus_flow_options, size: usize) -> Result<Given, Error> {
        if structure(options, size, "options")?.is_some_and(|given| !given.key.is_null()) {
            return Err(Error::input("key", "must be NULL but for creates and submissions"));
        }
        Given::read(options, size)
    }
}

fn under(key: String, given: &nexus_flow_options) -> Result<Keyed, Error> {
    let environment = optional_text(given.environment, "environment")?.ok_or_else(|| null("environment"))?;
    let (client, user) = (optional_text(given.client_id, "client_id")?, optional_text(given.user_id, "user_id")?);
    let user = match (client, user) {
        (Some(client), Some(user)) => Some([client, user]),
        (None, None) => None,
        _ => return Err(Error::input("user_id", "must be given together with client_id, or not at all")),
    };
    Ok((key, live(given.journal, "journal")?, Scope::new(environment, user)))
}

fn limit(place: &mut Duration, millis: u64, field: &'static str) -> Result<(), Error> {
    match millis {
        0 => {}
        1..=86_400_000 => *place = Duration::from_millis(millis),
        _ => return Err(Error::input(field, "must be at most a day")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assume::NEXUS_NEVER;

    /// Every switch is there: from all off nothing is left.
    #[test]
    fn zero_is_the_default_and_everything_can_be_switched_off() {
        let zero = crate::structures::zeroed::<nexus_flow_options>();
        assert_eq!(zero.assumptions().unwrap(), Assumptions::default());
        let refusals = REFUSALS.map(i32::from);
        let none = nexus_flow_options {
            no_refusals: refusals.as_ptr(),
            no_refusals_count: refusals.len(),
            updated_at_is_no_sign: true,
            lists_may_lack: true,
            judged_within_ms: NEXUS_NEVER,
            server_grace_ms: NEXUS_NEVER,
            ..zero
        };
        assert_eq!(none.assumptions().unwrap(), Assumptions::NONE);
        let other = [409];
        for odd in [
            nexus_flow_options { judged_within_ms: 86_400_001, ..zero },
            nexus_flow_options { no_refusals: other.as_ptr(), no_refusals_count: 1, ..zero },
            nexus_flow_options { no_refusals_count: 1, ..zero },
            nexus_flow_options { no_refusals: refusals.as_ptr(), no_refusals_count: 8, ..zero },
        ] {
            assert!(odd.assumptions().is_err());
        }
    }
}
