//! The state machine: which events each status allows.

use std::collections::BTreeMap;
use std::ffi::{CString, c_char};
use std::sync::LazyLock;

use nexus_types::machine::{Authority, Event, Position, Sighting, sighting};
use nexus_types::{Error, Status};

use crate::brief::brief;
use crate::code::nexus_code;
use crate::panic::plain;
use crate::raw::fill;
use crate::structures::{Fixed, Out, fixed};

/// Where a microdeposit is when it has no status: not created yet.
pub const NEXUS_POSITION_NOTHING: i32 = -1;
/// Where a microdeposit is when it has no status any more: deleted.
pub const NEXUS_POSITION_DELETED: i32 = -2;

/// The true state of a microdeposit, as the server has it. Its size does not change.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_authority {
    /// A NEXUS_STATUS number, NEXUS_POSITION_NOTHING or NEXUS_POSITION_DELETED. Begin with NEXUS_POSITION_NOTHING.
    pub position: i32,
    /// Submissions counted so far, right ones included: 0 to 3. Begin with 0.
    pub attempts: i32,
}

impl Fixed for nexus_authority {}

/// What an observer can say of two sightings of the same microdeposit.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum nexus_sighting {
    /// The same status. (In DENIED there may have been another wrong submission.)
    NEXUS_SIGHTING_SAME = 0,
    /// The table leads from one to the other.
    NEXUS_SIGHTING_MOVED = 1,
    /// The table has no path between the two. The server's status holds all the same.
    NEXUS_SIGHTING_UNFORESEEN = 2,
}

fn event_of(number: i32) -> Option<Event> {
    u8::try_from(number).ok().and_then(Event::from_number)
}

fn number_of(position: Position) -> i32 {
    match position {
        Position::Nothing => NEXUS_POSITION_NOTHING,
        Position::At(known) => i32::from(known.number()),
        Position::Deleted => NEXUS_POSITION_DELETED,
    }
}

/// The state that the two numbers stand for: found by going there, so that no state can be made up.
fn state_of(given: nexus_authority) -> Result<Authority, Error> {
    let mut seen = vec![Authority::new()];
    let mut next = 0;
    while let Some(state) = seen.get(next).copied() {
        if number_of(state.position()) == given.position && i32::from(state.attempts()) == given.attempts {
            return Ok(state);
        }
        let further = Event::ALL.iter().filter_map(|event| state.apply(*event).ok());
        let new: Vec<_> = further.filter(|state| !seen.contains(state)).collect();
        seen.extend(new);
        next += 1;
    }
    Err(Error::input("authority", "must be a position and a number of attempts that can be together"))
}

/// Applies an event to a microdeposit, as the side that decides. A third wrong submission locks, however it is named.
///
/// @param authority Where it is; changed on success only.
/// @param event     A NEXUS_EVENT number.
/// @return NEXUS_OK; NEXUS_ERROR_NOT_ALLOWED where the table has no such transition; NEXUS_ERROR_INVALID_INPUT for numbers that
///         mean nothing; NEXUS_ERROR_NULL_POINTER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_authority_apply(authority: *mut nexus_authority, event: i32) -> nexus_code {
    brief("nexus_authority_apply", || {
        let given = fixed(authority.cast_const()).ok_or_else(|| crate::structures::null("authority"))?;
        let event = event_of(event).ok_or_else(|| Error::input("event", "must be a NEXUS_EVENT number"))?;
        let after = state_of(given)?.apply(event)?;
        let after = nexus_authority { position: number_of(after.position()), attempts: i32::from(after.attempts()) };
        Out::new(authority, after, "authority").map(drop)
    })
}

/// What can have happened between two sightings, since steps may be missed.
///
/// @param from     The status seen first; any number.
/// @param to       The status seen later; any number.
/// @param out      Receives the result.
/// @param events   Receives a shortest history as NEXUS_EVENT numbers, as many as fit; may be NULL.
/// @param capacity How many numbers `events` has room for; 0 where it is NULL.
/// @param count    Receives the length of that history, which may be more than `capacity`; may be NULL.
/// @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_sighting_of(
    from: i64,
    to: i64,
    out: *mut nexus_sighting,
    events: *mut i32,
    capacity: usize,
    count: *mut usize,
) -> nexus_code {
    brief("nexus_sighting_of", || {
        let length = Out::new(count, 0, "count").ok();
        let out = Out::new(out, nexus_sighting::NEXUS_SIGHTING_SAME, "out")?;
        match sighting(&Status::from_number(from), &Status::from_number(to)) {
            Sighting::Same => {}
            Sighting::Moved(history) => {
                let numbers: Vec<i32> = history.into_iter().map(|event| i32::from(event.number())).collect();
                fill(events, capacity, &numbers);
                length.iter().for_each(|length| length.set(numbers.len()));
                out.set(nexus_sighting::NEXUS_SIGHTING_MOVED);
            }
            Sighting::Unforeseen => out.set(nexus_sighting::NEXUS_SIGHTING_UNFORESEEN),
        }
        Ok(())
    })
}

/// The name of an event.
///
/// @param event A NEXUS_EVENT number.
/// @return Such as "amounts_wrong"; "unknown" for any other number. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_event_name(event: i32) -> *const c_char {
    static NAMES: LazyLock<BTreeMap<u8, CString>> = LazyLock::new(|| {
        let named = |event: &Event| (event.number(), CString::new(event.name()).unwrap_or_default());
        Event::ALL.iter().map(named).collect()
    });
    plain(c"unknown".as_ptr(), || {
        let name = u8::try_from(event).ok().and_then(|number| NAMES.get(&number));
        name.map_or(c"unknown".as_ptr(), |name| name.as_ptr())
    })
}

#[cfg(test)]
mod tests {
    use nexus_types::KnownStatus;

    use super::*;
    use crate::numbers::nexus_event;

    #[test]
    fn events_have_the_numbers_of_the_header() {
        assert_eq!(event_of(nexus_event::NEXUS_EVENT_AMOUNTS_WRONG as i32), Some(Event::AmountsWrong));
        assert_eq!(event_of(nexus_event::NEXUS_EVENT_LANDED as i32), Some(Event::Landed));
        assert_eq!((event_of(0), event_of(16)), (None, None));
    }

    #[test]
    fn machine_refuses_impossible_states() {
        let denied = i32::from(KnownStatus::Denied.number());
        assert!(state_of(nexus_authority { position: denied, attempts: 2 }).is_ok());
        assert!(state_of(nexus_authority { position: denied, attempts: 0 }).is_err());
        assert!(state_of(nexus_authority { position: 77, attempts: 0 }).is_err());
    }
}
