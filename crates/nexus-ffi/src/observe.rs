//! Observations of a client, for a callback.

use std::ffi::c_void;

use nexus_http::{Observation, Observer};
use nexus_types::{ErrorKind, MicrodepositGuid};

use crate::raw::User;
use crate::text::{Texts, nexus_str};

/// The kind of an observation.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_observed {
    /// Something that this version of the header does not know.
    NEXUS_OBSERVED_OTHER = 0,
    /// A request is being sent.
    NEXUS_OBSERVED_SENDING = 1,
    /// A response arrived.
    NEXUS_OBSERVED_RESPONDED = 2,
    /// No usable response arrived.
    NEXUS_OBSERVED_FAILED = 3,
    /// The same request will be sent again after a pause.
    NEXUS_OBSERVED_RETRYING = 4,
    /// A new session is being opened, for all threads that need one.
    NEXUS_OBSERVED_RENEWING = 5,
    /// The outcome of a create or verify is unknown; the client reconciles: it reads or lists at the server.
    NEXUS_OBSERVED_RECONCILING = 6,
}

/// One thing that a client did. Nothing in it is secret.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_observation {
    /// A NEXUS_OBSERVED number.
    pub what: i32,
    /// A NEXUS_OPERATION number, or 0.
    pub operation: i32,
    /// Sending: which request of the call it is, from 1. Otherwise 0.
    pub attempt: u32,
    /// Responded: the HTTP status. Otherwise 0.
    pub http_status: i32,
    /// Failed: a nexus_code. Otherwise 0.
    pub code: i32,
    /// Responded, failed: how long it took. Retrying: the pause. In milliseconds; otherwise 0.
    pub milliseconds: u64,
    /// Sending, responded, failed, reconciling: the microdeposit that the request names; absent where it names none. Masked where
    /// it can be none. Valid during the call.
    pub guid: nexus_str,
}

/// Called for everything that a client does, in the thread of the call, by several threads at once where several use the
/// client. It must return: no exception, no longjmp. It must not use the client.
///
/// @param observation What happened; valid during the call.
/// @param user        The pointer given with the callback.
pub type nexus_observer = Option<extern "C" fn(observation: *const nexus_observation, user: *mut c_void)>;

pub(crate) struct Watch {
    pub(crate) callback: extern "C" fn(*const nexus_observation, *mut c_void),
    pub(crate) user: User,
}

impl Observer for Watch {
    fn observe(&self, event: &Observation) {
        let (mut texts, mut observation) = (Texts::with_capacity(64), observation(event));
        let guid = texts.optional(guid_of(event).map(ToString::to_string).as_deref());
        observation.guid = texts.view(guid);
        (self.callback)(&observation, self.user.get());
    }
}

fn guid_of(event: &Observation) -> Option<&MicrodepositGuid> {
    match event {
        Observation::Sending { guid, .. }
        | Observation::Responded { guid, .. }
        | Observation::Failed { guid, .. }
        | Observation::Reconciling { guid, .. } => guid.as_ref(),
        _ => None,
    }
}

fn observation(event: &Observation) -> nexus_observation {
    use nexus_observed as Observed;
    let none = nexus_observation {
        what: Observed::NEXUS_OBSERVED_OTHER as i32,
        operation: 0,
        attempt: 0,
        http_status: 0,
        code: 0,
        milliseconds: 0,
        guid: nexus_str::ABSENT,
    };
    let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    match *event {
        Observation::Sending { operation, attempt, .. } => {
            let what = Observed::NEXUS_OBSERVED_SENDING as i32;
            nexus_observation { what, operation: i32::from(operation.number()), attempt, ..none }
        }
        Observation::Responded { operation, status, elapsed, .. } => nexus_observation {
            what: Observed::NEXUS_OBSERVED_RESPONDED as i32,
            operation: i32::from(operation.number()),
            http_status: i32::from(status),
            milliseconds: millis(elapsed),
            ..none
        },
        Observation::Failed { operation, problem, elapsed, .. } => nexus_observation {
            what: Observed::NEXUS_OBSERVED_FAILED as i32,
            operation: i32::from(operation.number()),
            code: i32::from(ErrorKind::from(problem).number()),
            milliseconds: millis(elapsed),
            ..none
        },
        Observation::Retrying { after, .. } => {
            let what = Observed::NEXUS_OBSERVED_RETRYING as i32;
            nexus_observation { what, milliseconds: millis(after), ..none }
        }
        Observation::Renewing => nexus_observation { what: Observed::NEXUS_OBSERVED_RENEWING as i32, ..none },
        Observation::Reconciling { operation, .. } => nexus_observation {
            what: Observed::NEXUS_OBSERVED_RECONCILING as i32,
            operation: i32::from(operation.number()),
            ..none
        },
        _ => none,
    }
}
