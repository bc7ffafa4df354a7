//! The outcomes of submissions and creates: verdicts, and the assumptions behind them.

use std::ffi::c_char;
use std::sync::LazyLock;

use nexus_types::{Assumption, Created, Error, Outcome, Verdict};

use crate::panic::plain;
use crate::raw::reserve;
use crate::record::{Record, nexus_microdeposit};
use crate::structures::{Out, growing};
use crate::table::Reserved;
use crate::text::Names;

/// The outcome of a submission.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_outcome {
    /// A NEXUS_VERDICT number; 0 on failure.
    pub verdict: i32,
    /// A NEXUS_ASSUMPTION number: the assumption that the verdict rests on; 0 for none.
    pub assumed: i32,
    /// The record that the verdict rests on: the caller's own, to be freed; NULL on failure.
    pub record: *mut nexus_microdeposit,
}

/// A record that a create or pre-initiate has made.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_created {
    /// A NEXUS_ASSUMPTION number: the assumption by which the record is this call's; 0 if the response itself holds it.
    pub assumed: i32,
    /// The new record: the caller's own, to be freed; NULL on failure. It may stand in one of the failed statuses at once.
    pub record: *mut nexus_microdeposit,
}

growing!(nexus_outcome nexus_created);

/// An output for an outcome, with the place for its record.
pub(crate) struct OutcomePlace(pub(crate) Out<nexus_outcome>, pub(crate) Reserved<nexus_microdeposit>);

impl OutcomePlace {
    /// Checks and clears it, and keeps a place: a table that is full is noticed before anything is sent.
    pub(crate) fn new(pointer: *mut nexus_outcome, size: usize) -> Result<OutcomePlace, Error> {
        Ok(OutcomePlace(OutcomePlace::cleared(pointer, size)?, reserve()?))
    }

    /// The output alone, for a flow that has kept the place.
    pub(crate) fn cleared(pointer: *mut nexus_outcome, size: usize) -> Result<Out<nexus_outcome>, Error> {
        Out::sized(pointer, size, nexus_outcome { verdict: 0, assumed: 0, record: std::ptr::null_mut() }, "out")
    }

    pub(crate) fn give(self, outcome: Outcome) {
        let OutcomePlace(out, place) = self;
        let Outcome { verdict, record, assumed, .. } = outcome;
        let record = place.fill(Record::one(record)).into_pointer();
        out.set(nexus_outcome { verdict: i32::from(verdict.number()), assumed: number_of(assumed), record });
    }
}

/// An output for what was created, with the place for the record.
pub(crate) struct CreatedPlace(pub(crate) Out<nexus_created>, pub(crate) Reserved<nexus_microdeposit>);

impl CreatedPlace {
    /// As [`OutcomePlace::new`].
    pub(crate) fn new(pointer: *mut nexus_created, size: usize) -> Result<CreatedPlace, Error> {
        Ok(CreatedPlace(CreatedPlace::cleared(pointer, size)?, reserve()?))
    }

    /// As [`OutcomePlace::cleared`].
    pub(crate) fn cleared(pointer: *mut nexus_created, size: usize) -> Result<Out<nexus_created>, Error> {
        Out::sized(pointer, size, nexus_created { assumed: 0, record: std::ptr::null_mut() }, "out")
    }

    pub(crate) fn give(self, created: Created) {
        let CreatedPlace(out, place) = self;
        let record = place.fill(Record::one(created.record)).into_pointer();
        out.set(nexus_created { assumed: number_of(created.assumed), record });
    }
}

/// The number of an assumption, 0 for none.
pub(crate) fn number_of(assumed: Option<Assumption>) -> i32 {
    assumed.map_or(0, |assumed| i32::from(assumed.number()))
}

/// The name of a verdict.
///
/// @param verdict A NEXUS_VERDICT number.
/// @return Such as "denied"; "unknown" for any other number. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_verdict_name(verdict: i32) -> *const c_char {
    static NAMES: LazyLock<Names> = LazyLock::new(|| verdicts(Verdict::name, c"unknown"));
    plain(c"unknown".as_ptr(), || NAMES.of(verdict))
}

/// What may be done next, in words for a person.
///
/// @param verdict A NEXUS_VERDICT number.
/// @return A sentence or two; empty for any other number. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_verdict_advice(verdict: i32) -> *const c_char {
    static ADVICE: LazyLock<Names> = LazyLock::new(|| verdicts(Verdict::advice, c""));
    plain(c"".as_ptr(), || ADVICE.of(verdict))
}

/// The name of an assumption.
///
/// @param assumption A NEXUS_ASSUMPTION number.
/// @return Such as "judged_within"; "unknown" for any other number. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_assumption_name(assumption: i32) -> *const c_char {
    static NAMES: LazyLock<Names> = LazyLock::new(|| assumptions(Assumption::name, c"unknown"));
    plain(c"unknown".as_ptr(), || NAMES.of(assumption))
}

/// What is assumed.
///
/// @param assumption A NEXUS_ASSUMPTION number.
/// @return A sentence; empty for any other number. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_assumption_text(assumption: i32) -> *const c_char {
    static TEXTS: LazyLock<Names> = LazyLock::new(|| assumptions(Assumption::text, c""));
    plain(c"".as_ptr(), || TEXTS.of(assumption))
}

fn verdicts(word: fn(Verdict) -> &'static str, other: &'static std::ffi::CStr) -> Names {
    Names::new(Verdict::ALL.iter().map(|verdict| (i32::from(verdict.number()), word(*verdict))), other)
}

fn assumptions(word: fn(Assumption) -> &'static str, other: &'static std::ffi::CStr) -> Names {
    Names::new(Assumption::ALL.iter().map(|one| (i32::from(one.number()), word(*one))), other)
}
