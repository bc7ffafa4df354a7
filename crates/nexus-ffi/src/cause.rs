//! Why no usable response came: the core's closed list, numbered.

use std::ffi::c_char;
use std::sync::LazyLock;

use nexus_types::TransportCause;

use crate::text::Names;

/// The name of a cause.
///
/// @param cause A NEXUS_CAUSE number.
/// @return Such as "certificate_expired"; "unknown" for any other number. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_transport_cause_name(cause: i32) -> *const c_char {
    static NAMES: LazyLock<Names> = LazyLock::new(|| {
        Names::new(TransportCause::ALL.iter().map(|cause| (i32::from(cause.number()), cause.name())), c"unknown")
    });
    crate::panic::plain(c"unknown".as_ptr(), || NAMES.of(cause))
}

/// The core's cause of this number; none for any other.
pub(crate) fn cause_of(number: i32) -> Option<TransportCause> {
    u8::try_from(number).ok().and_then(TransportCause::from_number)
}

/// The number of a cause, 0 for none.
pub(crate) fn number_of(cause: Option<TransportCause>) -> i32 {
    cause.map_or(0, |cause| i32::from(cause.number()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_those_of_the_core() {
        for cause in TransportCause::ALL {
            assert_eq!(cause_of(number_of(Some(*cause))), Some(*cause));
        }
        assert_eq!((cause_of(0), cause_of(-1), cause_of(300)), (None, None, None));
    }
}
