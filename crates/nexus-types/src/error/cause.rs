//! Why no usable response came, if it is known: a closed list, so that a program can tell an expired certificate from a wrong
//! address without parsing text.
//!
//! Numbers are never reused: a cause that goes leaves a gap.

use std::fmt;

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $text:literal;)*) => {
        /// The cause behind a [`TransportProblem`](super::TransportProblem), where one is known.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum TransportCause { $($(#[$doc])* $variant = $number,)* }

        impl TransportCause {
            /// Every cause, in order of number.
            pub const ALL: &'static [TransportCause] = &[$(TransportCause::$variant,)*];

            /// The stable name, in lower case.
            pub fn name(self) -> &'static str {
                match self { $(TransportCause::$variant => $name,)* }
            }
        }

        impl fmt::Display for TransportCause {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(TransportCause::$variant => $text,)* })
            }
        }
    };
}

causes! {
    /// The name service gave no address for the host.
    NameNotFound = 1, "name_not_found", "the name was not found";
    /// The name service had not responded when the time was up.
    NameServiceSilent = 2, "name_service_silent", "the name service did not respond";
    /// No process listens at the address, or a firewall refused the connection.
    Refused = 3, "refused", "the connection was refused";
    /// No route leads to the address.
    Unreachable = 4, "unreachable", "the host cannot be reached";
    /// The peer or a device in between reset the connection.
    Reset = 5, "reset", "the connection was reset";
    /// The peer closed the connection before the response was complete.
    Closed = 6, "closed", "the connection was closed before the whole response came";
    /// No file descriptor is left to this process or this machine.
    NoFiles = 7, "no_files", "no file can be opened any more on this machine";
    /// No memory, thread or port is left on this machine.
    NoResources = 8, "no_resources", "this machine has no memory, thread or port left";
    /// This machine does not permit the connection.
    NotPermitted = 9, "not_permitted", "this machine does not permit the connection";
    /// The proxy refused or failed to connect.
    ProxyRefused = 10, "proxy_refused", "the proxy refused";
    /// The server's certificate has expired, or this machine's clock is wrong.
    CertificateExpired = 11, "certificate_expired", "the server's certificate has expired";
    /// The server's certificate is not valid yet, or this machine's clock is wrong.
    CertificateNotYetValid = 12, "certificate_not_yet_valid", "the server's certificate is not valid yet";
    /// The server's certificate chain ends at no trusted root.
    UnknownIssuer = 13, "unknown_issuer", "the server's certificate comes from an unknown issuer";
    /// The server's certificate is for another host.
    NameMismatch = 14, "name_mismatch", "the server's certificate is for another name";
    /// Anything else about the server's certificate.
    CertificateInvalid = 15, "certificate_invalid", "the server's certificate is not valid";
    /// The server requires a client certificate, or refused the one it got.
    ClientCertificate = 16, "client_certificate", "the server did not accept the client certificate, or lack of one";
    /// Anything else in TLS: no version or cipher in common, or a peer that does not speak it.
    TlsOther = 17, "tls_other", "the TLS handshake failed";
    /// The latest moment for sending had passed, by the wall clock, before anything was sent.
    TooLate = 18, "too_late", "it was too late to send";
    /// A panic in this library or in one that it uses, which was caught.
    Internal = 19, "internal", "an internal error was caught";
}

impl TransportCause {
    /// The stable number.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The cause of this number.
    pub fn from_number(number: u8) -> Option<TransportCause> {
        TransportCause::ALL.iter().copied().find(|cause| cause.number() == number)
    }
}

/// How a cause is added to a problem's words.
pub(super) struct Because(pub(super) Option<TransportCause>);

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Error, TransportProblem};
    use super::*;
    use crate::operation::Operation;

    #[test]
    fn numbers_count_from_one_and_names_are_stable_words() {
        for (index, cause) in TransportCause::ALL.iter().enumerate() {
            assert_eq!(usize::from(cause.number()), index + 1);
            assert_eq!(TransportCause::from_number(cause.number()), Some(*cause));
            assert!(cause.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{cause:?}");
        }
        assert_eq!(TransportCause::from_number(0), None);
    }

    #[test]
    fn an_error_tells_its_cause_in_words_and_as_a_value() {
        let error = Error::transport(TransportProblem::Connect, Operation::Read);
        assert_eq!((error.cause(), error.to_string().as_str()), (None, "no connection (in read)"));
        let error = error.with_cause(Some(TransportCause::NameNotFound));
        assert_eq!(error.cause(), Some(TransportCause::NameNotFound));
        assert_eq!(error.to_string(), "no connection: the name was not found (in read)");
    }
}
