//! The results of flows.

use nexus_types::Error;

use crate::call::ended;
use crate::carried::Fruit;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::flow::{nexus_flow, with};
use crate::outcome::{CreatedPlace, OutcomePlace, nexus_created, nexus_outcome};
use crate::record::{Record, nexus_list, nexus_microdeposit};
use crate::structures::Out;
use crate::text::nexus_text;

fn other() -> Error {
    Error::input("flow", "must be one that ends with this")
}

/// Takes the verdict: the result of nexus_flow_verify. A result can be taken once, a failure any number of times.
///
/// @param flow  The flow.
/// @param out   Receives the verdict, its assumption if any, and the record, to be freed by nexus_microdeposit_free.
/// @param size  sizeof *out.
/// @param error Receives the error on failure; may be NULL. Taken before the end, it says too whether the outcome is unknown.
/// @return As nexus_client_verify; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of this kind. Any
///         thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_take_outcome(
    flow: *mut nexus_flow,
    out: *mut nexus_outcome,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    ended("nexus_flow_take_outcome", error, |_| {
        let out = OutcomePlace::cleared(out, size)?;
        with(flow, |driven| {
            let fruit = driven.carried.take(|fruit| matches!(fruit, Fruit::Outcome(_)))?;
            match (fruit, driven.carried.place.take()) {
                (Fruit::Outcome(outcome), Some(place)) => OutcomePlace(out, place).give(outcome),
                _ => return Err(other()),
            }
            Ok(())
        })
    })
}

/// Takes the created record: the result of nexus_flow_create and nexus_flow_preinitiate. A result can be taken once, a
/// failure any number of times.
///
/// @param flow  The flow.
/// @param out   Receives the record, to be freed by nexus_microdeposit_free, and the assumption by which it is this flow's,
///              if any.
/// @param size  sizeof *out.
/// @param error Receives the error on failure; may be NULL. Taken before the end, it says too whether the outcome is unknown.
/// @return As nexus_client_create; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of this kind. Any
///         thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_take_created(
    flow: *mut nexus_flow,
    out: *mut nexus_created,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    ended("nexus_flow_take_created", error, |_| {
        let out = CreatedPlace::cleared(out, size)?;
        with(flow, |driven| {
            let fruit = driven.carried.take(|fruit| matches!(fruit, Fruit::Created(_)))?;
            match (fruit, driven.carried.place.take()) {
                (Fruit::Created(created), Some(place)) => CreatedPlace(out, place).give(created),
                _ => return Err(other()),
            }
            Ok(())
        })
    })
}

/// Takes the record: the result of nexus_flow_wait and nexus_flow_read. A result can be taken once, a failure any number of
/// times.
///
/// @param flow  The flow.
/// @param out   Receives a record of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return As nexus_client_wait and nexus_client_read; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of
///         this kind. Any thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_take_record(
    flow: *mut nexus_flow,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    ended("nexus_flow_take_record", error, |_| {
        let out = Out::handle(out, "out")?;
        match with(flow, |driven| driven.carried.take(|fruit| matches!(fruit, Fruit::Record(_))))? {
            Fruit::Record(record) => out.give(Record::one(record)),
            _ => return Err(other()),
        }
        Ok(())
    })
}

/// Takes all microdeposits: the result of nexus_flow_list. A result can be taken once, a failure any number of times.
///
/// @param flow  The flow.
/// @param out   Receives a list of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return As nexus_client_list; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of this kind. Any thread,
///         one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_take_list(
    flow: *mut nexus_flow,
    out: *mut *mut nexus_list,
    error: *mut *mut nexus_error,
) -> nexus_code {
    ended("nexus_flow_take_list", error, |_| {
        let out = Out::handle(out, "out")?;
        match with(flow, |driven| driven.carried.take(|fruit| matches!(fruit, Fruit::List(_))))? {
            Fruit::List(list) => out.give(list),
            _ => return Err(other()),
        }
        Ok(())
    })
}

/// Takes the session token: the result of nexus_flow_session. A result can be taken once, a failure any number of times.
///
/// @param flow  The flow.
/// @param out   Receives a text of the caller's own, to be freed: a secret.
/// @param error Receives the error on failure; may be NULL.
/// @return As nexus_client_session; NEXUS_ERROR_INVALID_INPUT where there is nothing to take, or nothing of this kind. Any
///         thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_take_text(
    flow: *mut nexus_flow,
    out: *mut *mut nexus_text,
    error: *mut *mut nexus_error,
) -> nexus_code {
    ended("nexus_flow_take_text", error, |_| {
        let out = Out::handle(out, "out")?;
        match with(flow, |driven| driven.carried.take(|fruit| matches!(fruit, Fruit::Text(_))))? {
            Fruit::Text(text) => out.give(text),
            _ => return Err(other()),
        }
        Ok(())
    })
}
