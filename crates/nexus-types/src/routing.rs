//! [`RoutingNumber`]: the number of a bank, nine digits with the ABA check digit.

use std::fmt;
use std::str::FromStr;

use crate::error::InputError;
use crate::mask;

/// The two numbers that MX's test page calls invalid although they pass the ABA check (source: domain.md 4 and C6).
/// 021000021 is also a real bank's; so this list is the caller's to use, with [`RoutingNumber::new_refusing`].
pub const MX_TEST_REFUSED: [&str; 2] = ["222222226", "021000021"];

/// An ABA routing number. Masked when printed.
///
/// From a caller it is held to the rules. In a record it is kept as the server gave it, except that zeros lost by writing
/// it as a JSON number are put back.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RoutingNumber(Box<str>);

impl RoutingNumber {
    /// Takes nine ASCII digits whose ABA check digit is right (source: domain.md 4).
    ///
    /// # Errors
    /// [`InputError`] on `routing_number`.
    pub fn new(text: &str) -> Result<RoutingNumber, InputError> {
        if text.len() != 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InputError::new("routing_number", "must be nine digits"));
        }
        if !checksum_ok(text) {
            return Err(InputError::new("routing_number", "its ABA check digit is wrong"));
        }
        Ok(RoutingNumber(text.into()))
    }

    /// As [`new`](RoutingNumber::new), and refuses the numbers of a list, such as [`MX_TEST_REFUSED`] or a block list.
    ///
    /// # Errors
    /// [`InputError`] on `routing_number`.
    pub fn new_refusing(text: &str, refused: &[&str]) -> Result<RoutingNumber, InputError> {
        let number = RoutingNumber::new(text)?;
        if refused.contains(&text) {
            return Err(InputError::new("routing_number", "is on the list of refused numbers"));
        }
        Ok(number)
    }

    /// Takes a number that lost its leading zeros, such as 91000019 for 091000019.
    ///
    /// # Errors
    /// [`InputError`] on `routing_number`.
    pub fn from_number(number: u64) -> Result<RoutingNumber, InputError> {
        RoutingNumber::new(&format!("{number:09}"))
    }

    pub(crate) fn from_server(text: Box<str>) -> RoutingNumber {
        RoutingNumber(text)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it satisfies the rules of [`new`](RoutingNumber::new); a record may hold one that does not.
    pub fn is_valid(&self) -> bool {
        RoutingNumber::new(&self.0).is_ok()
    }

    /// Stars and the last four characters; only stars when there are four or fewer.
    pub fn masked(&self) -> String {
        mask::last_four(&self.0)
    }
}

/// Whether 3(d1+d4+d7) + 7(d2+d5+d8) + (d3+d6+d9) is a multiple of ten (source: domain.md 4). False for anything but
/// nine ASCII digits.
pub fn checksum_ok(text: &str) -> bool {
    const WEIGHTS: [u32; 9] = [3, 7, 1, 3, 7, 1, 3, 7, 1];
    let sum: u32 = text.bytes().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte.wrapping_sub(b'0')) * weight).sum();
    text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit()) && sum.is_multiple_of(10)
}

impl fmt::Debug for RoutingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for RoutingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl FromStr for RoutingNumber {
    type Err = InputError;

    fn from_str(text: &str) -> Result<RoutingNumber, InputError> {
        RoutingNumber::new(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn documented_numbers_are_accepted_and_those_that_mx_refuses_only_where_asked() {
        assert_eq!(RoutingNumber::new("091000019").unwrap().as_str(), "091000019");
        assert_eq!(RoutingNumber::from_number(91_000_019).unwrap().as_str(), "091000019");
        assert!(RoutingNumber::new("123456789").is_err());
        for refused in MX_TEST_REFUSED {
            assert!(RoutingNumber::new(refused).is_ok(), "passes the checksum");
            assert!(RoutingNumber::new_refusing(refused, &MX_TEST_REFUSED).is_err());
        }
        assert_eq!(format!("{:?}", RoutingNumber::new("091000019").unwrap()), "*****0019");
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_always_noticed(head in "[0-9]{8}", at in 0usize..9, by in 1u8..10) {
            let check = (0..10).map(|d| format!("{head}{d}")).find(|t| checksum_ok(t)).unwrap();
            prop_assert!(RoutingNumber::new(&check).is_ok());
            let mut other: Vec<u8> = check.into_bytes();
            other[at] = (other[at] - b'0' + by) % 10 + b'0';
            prop_assert!(RoutingNumber::new(&String::from_utf8(other).unwrap()).is_err());
        }

        #[test]
        fn any_text_is_judged_without_panic_or_echo(text in ".*") {
            if let Err(error) = RoutingNumber::new(&text) {
                prop_assert!(text.len() < 3 || !error.to_string().contains(&text));
            }
            let _ = RoutingNumber::from_server(text.as_str().into()).masked();
        }
    }
}
