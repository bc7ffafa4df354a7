//! [`MicrodepositGuid`]: the name of one microdeposit, defined by MX.
//!
//! Seen forms begin with `MIC-` and a UUID, but the form is MX's to choose: any guid that a server made is accepted and
//! kept. It becomes one path segment, percent-encoded, so that no guid can reach another path.

use std::fmt;
use std::str::FromStr;

use crate::error::InputError;
use crate::{mask, text};

/// The identifier of a microdeposit. Not a secret.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MicrodepositGuid(Box<str>);

impl MicrodepositGuid {
    /// Takes a guid from a caller: 1 to 256 bytes, no control characters.
    ///
    /// # Errors
    /// [`InputError`] on `micro_deposit_guid`.
    pub fn new(text: impl Into<String>) -> Result<MicrodepositGuid, InputError> {
        let text: String = text.into();
        text::segment(&text).map_err(|rule| InputError::new("micro_deposit_guid", rule))?;
        Ok(MicrodepositGuid(text.into()))
    }

    /// Takes a guid from the server, as it came.
    pub(crate) fn from_server(text: Box<str>) -> MicrodepositGuid {
        MicrodepositGuid(text)
    }

    /// The guid as MX wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The guid as one segment of a path: all but unreserved characters are percent-encoded, and `.` and `..` too.
    pub fn path_segment(&self) -> String {
        text::encoded(&self.0)
    }
}

impl fmt::Debug for MicrodepositGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&mask::guid(&self.0), f)
    }
}

impl fmt::Display for MicrodepositGuid {
    /// What can be no guid is masked: an odd server may send anybody's name or number in its place, or forge a log line.
    /// [`as_str`](MicrodepositGuid::as_str) has it as it came.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask::guid(&self.0))
    }
}

impl FromStr for MicrodepositGuid {
    type Err = InputError;

    fn from_str(text: &str) -> Result<MicrodepositGuid, InputError> {
        MicrodepositGuid::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_guid_is_one_segment() {
        let cases = [
            ("MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb", "MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb"),
            ("..", "%2E%2E"),
            (".", "%2E"),
            ("../sessions", "..%2Fsessions"),
            ("a b?c#d%e", "a%20b%3Fc%23d%25e"),
            ("é", "%C3%A9"),
        ];
        for (guid, segment) in cases {
            assert_eq!(MicrodepositGuid::new(guid).unwrap().path_segment(), segment);
        }
    }

    #[test]
    fn guid_refuses_empty_long_or_control_characters() {
        for bad in ["", "a\nb", "a\0", &"x".repeat(257)] {
            assert_eq!(MicrodepositGuid::new(bad).unwrap_err().field(), "micro_deposit_guid");
        }
    }

    #[test]
    fn guid_from_the_server_is_masked_if_it_cannot_be_one() {
        let uuid = "MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb";
        let cases = [
            (uuid, uuid),
            ("MIC-12345678-1234-1234-1234-123456789012", "MIC-12345678-1234-1234-1234-123456789012"),
            ("deposit_7.a", "deposit_7.a"),
            ("a\nb", "a***"),
            ("333312345", "3***"),
            ("josh@example.com", "j***"),
            ("Josh James", "J***"),
        ];
        for (came, shown) in cases {
            let guid = MicrodepositGuid::from_server(came.into());
            assert_eq!((guid.to_string(), format!("{guid:?}")), (shown.to_owned(), format!("{shown:?}")));
            assert_eq!(guid.as_str(), came);
        }
    }
}
