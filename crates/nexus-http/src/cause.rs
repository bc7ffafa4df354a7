//! Maps errors of ureq, rustls and the system to the closed list of causes.

use std::io::{self, ErrorKind};

use nexus_types::TransportCause;
use rustls::{AlertDescription, CertificateError};

/// The cause behind what ureq failed with.
pub(crate) fn of(error: &ureq::Error) -> Option<TransportCause> {
    match error {
        ureq::Error::Io(error) => of_io(error),
        ureq::Error::Rustls(error) => Some(of_tls(error)),
        ureq::Error::Tls(_) | ureq::Error::Pem(_) | ureq::Error::TlsRequired => Some(TransportCause::TlsOther),
        ureq::Error::HostNotFound => Some(TransportCause::NameNotFound),
        ureq::Error::ConnectProxyFailed(_) => Some(TransportCause::ProxyRefused),
        _ => None,
    }
}

fn of_io(error: &io::Error) -> Option<TransportCause> {
    // What rustls refuses arrives wrapped in this.
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return Some(of_tls(error));
    }
    if let Some(cause) = of_this_machine(error) {
        return Some(cause);
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Some(TransportCause::Refused),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            Some(TransportCause::Unreachable)
        }
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Some(TransportCause::Reset)
        }
        ErrorKind::UnexpectedEof => Some(TransportCause::Closed),
        ErrorKind::PermissionDenied => Some(TransportCause::NotPermitted),
        _ => None,
    }
}

/// What the system refuses because it has no more of it.
pub(crate) fn of_this_machine(error: &io::Error) -> Option<TransportCause> {
    match (error.kind(), error.raw_os_error()) {
        // ENFILE and EMFILE, which have no kind of their own.
        (_, Some(23 | 24)) if cfg!(unix) => Some(TransportCause::NoFiles),
        // WSAEMFILE.
        (_, Some(10_024)) if cfg!(windows) => Some(TransportCause::NoFiles),
        // ENOBUFS, which every system numbers in its own way.
        (_, Some(105)) if cfg!(target_os = "linux") => Some(TransportCause::NoResources),
        (_, Some(55)) if cfg!(target_vendor = "apple") => Some(TransportCause::NoResources),
        (_, Some(10_055)) if cfg!(windows) => Some(TransportCause::NoResources),
        // EAGAIN that is not a time-out, which ureq reports separately: no thread or no port is left.
        (ErrorKind::OutOfMemory | ErrorKind::AddrNotAvailable | ErrorKind::WouldBlock, Some(_)) => {
            Some(TransportCause::NoResources)
        }
        _ => None,
    }
}

fn of_tls(error: &rustls::Error) -> TransportCause {
    match error {
        rustls::Error::InvalidCertificate(error) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => TransportCause::CertificateExpired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                TransportCause::CertificateNotYetValid
            }
            CertificateError::UnknownIssuer => TransportCause::UnknownIssuer,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TransportCause::NameMismatch
            }
            _ => TransportCause::CertificateInvalid,
        },
        rustls::Error::NoCertificatesPresented => TransportCause::CertificateInvalid,
        // What a server says about a certificate, it says about ours.
        rustls::Error::AlertReceived(
            AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::CertificateRequired,
        ) => TransportCause::ClientCertificate,
        _ => TransportCause::TlsOther,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cause_of_system_errors() {
        let raw = |number| of_io(&io::Error::from_raw_os_error(number));
        if cfg!(target_os = "linux") {
            for (number, cause) in [
                (24, TransportCause::NoFiles),
                (23, TransportCause::NoFiles),
                (12, TransportCause::NoResources),
                (11, TransportCause::NoResources),
                (99, TransportCause::NoResources),
                (105, TransportCause::NoResources),
                (111, TransportCause::Refused),
                (113, TransportCause::Unreachable),
                (101, TransportCause::Unreachable),
                (104, TransportCause::Reset),
                (32, TransportCause::Reset),
                (13, TransportCause::NotPermitted),
                (1, TransportCause::NotPermitted),
            ] {
                assert_eq!(raw(number), Some(cause), "{number}");
            }
        }
        assert_eq!(of_io(&ErrorKind::UnexpectedEof.into()), Some(TransportCause::Closed));
        assert_eq!(of_io(&ErrorKind::TimedOut.into()), None);
        let tls = io::Error::new(ErrorKind::InvalidData, rustls::Error::DecryptError);
        assert_eq!(of_io(&tls), Some(TransportCause::TlsOther));
    }
}
