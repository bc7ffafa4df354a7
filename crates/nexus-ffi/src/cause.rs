//! Why no usable response came: the core's closed list, numbered.

use std::ffi::c_char;
use std::sync::LazyLock;

use nexus_types::TransportCause;

use crate::text::Names;

/// Why no usable response came, where that is known. Numbers are never reused; new ones may come.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)]
pub enum nexus_transport_cause {
    /// Not known, or not asked: a response came.
    NEXUS_CAUSE_NONE = 0,
    /// The name service knows no address of the host, or none that it will tell.
    NEXUS_CAUSE_NAME_NOT_FOUND = 1,
    /// The name service had not responded when the time was up.
    NEXUS_CAUSE_NAME_SERVICE_SILENT = 2,
    /// Nobody listens at the address, or a firewall says so.
    NEXUS_CAUSE_REFUSED = 3,
    /// No way leads to the address.
    NEXUS_CAUSE_UNREACHABLE = 4,
    /// The peer, or something in between, broke the connection off.
    NEXUS_CAUSE_RESET = 5,
    /// The peer closed the connection in the ordinary way, but before the response was complete.
    NEXUS_CAUSE_CLOSED = 6,
    /// No file descriptor is left to this process or this machine.
    NEXUS_CAUSE_NO_FILES = 7,
    /// No memory, thread or port is left on this machine.
    NEXUS_CAUSE_NO_RESOURCES = 8,
    /// This machine does not permit the connection.
    NEXUS_CAUSE_NOT_PERMITTED = 9,
    /// The proxy did not make the connection.
    NEXUS_CAUSE_PROXY_REFUSED = 10,
    /// The server's certificate is over; or the clock of this machine is wrong.
    NEXUS_CAUSE_CERTIFICATE_EXPIRED = 11,
    /// The server's certificate has not begun; or the clock of this machine is wrong.
    NEXUS_CAUSE_CERTIFICATE_NOT_YET_VALID = 12,
    /// The server's certificate leads to no trusted root.
    NEXUS_CAUSE_UNKNOWN_ISSUER = 13,
    /// The server's certificate is another host's.
    NEXUS_CAUSE_NAME_MISMATCH = 14,
    /// Anything else about the server's certificate.
    NEXUS_CAUSE_CERTIFICATE_INVALID = 15,
    /// The server wants a certificate from us, or another one than it got.
    NEXUS_CAUSE_CLIENT_CERTIFICATE = 16,
    /// Anything else in TLS: no version or cipher in common, or a peer that does not speak it.
    NEXUS_CAUSE_TLS_OTHER = 17,
    /// The latest moment for sending had passed, by the clock on the wall, before anything was sent.
    NEXUS_CAUSE_TOO_LATE = 18,
    /// A defect of this library or of one that it uses; it was caught.
    NEXUS_CAUSE_INTERNAL = 19,
}

/// The name of a cause.
///
/// @param cause A NEXUS_CAUSE number.
/// @return Such as "certificate_expired"; "unknown" for any other number. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_transport_cause_name(cause: i32) -> *const c_char {
    static NAMES: LazyLock<Names> = LazyLock::new(|| {
        Names::new(TransportCause::ALL.iter().map(|cause| (i32::from(cause.number()), cause.name())), c"unknown")
    });
    crate::border::plain(c"unknown".as_ptr(), || NAMES.of(cause))
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
        let last = nexus_transport_cause::NEXUS_CAUSE_INTERNAL as usize;
        assert_eq!(TransportCause::ALL.len(), last, "a cause was added: it is missing here");
        let source = include_str!("cause.rs");
        for cause in TransportCause::ALL {
            let line = format!("    NEXUS_CAUSE_{} = {},\n", cause.name().to_uppercase(), cause.number());
            assert!(source.contains(&line), "{line}");
            assert_eq!(cause_of(number_of(Some(*cause))), Some(*cause));
        }
        assert_eq!((cause_of(0), cause_of(-1), cause_of(300)), (None, None, None));
    }
}
