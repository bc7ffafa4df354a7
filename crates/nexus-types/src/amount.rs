//! [`DepositAmount`]: one of the two small deposits, in whole cents.
//!
//! In: exact decimal text or cents. Out: two decimals as text, a JSON number on the wire. No floating-point number is
//! taken from a caller, for 0.29 is not 29 cents to a float.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::InputError;

/// A deposit: 1 to 99 cents, for each is above zero and below one dollar (source: domain.md 3.4 and C16).
///
/// Two of them prove that an account is somebody's. Debug output comes into logs unseen, so it does not show the amount; whoever
/// formats it with `{}` means to show it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DepositAmount(u8);

impl DepositAmount {
    /// Takes 1 to 99 cents.
    ///
    /// # Errors
    /// [`InputError`] on `deposit_amount`.
    pub fn from_cents(cents: u32) -> Result<DepositAmount, InputError> {
        match u8::try_from(cents) {
            Ok(cents @ 1..=99) => Ok(DepositAmount(cents)),
            _ => Err(InputError::new("deposit_amount", "must be above 0 and below 1 dollar")),
        }
    }

    /// Takes exact decimal text in dollars: `0.09`, `.09`, `0.090`. No sign, exponent, currency or space.
    ///
    /// # Errors
    /// [`InputError`] on `deposit_amount`, saying which rule is broken.
    pub fn parse(text: &str) -> Result<DepositAmount, InputError> {
        let shape = || InputError::new("deposit_amount", "must be a decimal number such as 0.09");
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if text.len() > 64 || !digits(whole) || !digits(fraction) || fraction.is_empty() || text.is_empty() {
            return Err(shape());
        }
        let mut places = fraction.bytes().map(|byte| u32::from(byte - b'0'));
        let cents = places.next().unwrap_or(0) * 10 + places.next().unwrap_or(0);
        if places.any(|digit| digit != 0) {
            return Err(InputError::new("deposit_amount", "must be whole cents"));
        }
        let over = whole.bytes().any(|byte| byte != b'0');
        DepositAmount::from_cents(if over { 100 } else { cents })
    }

    /// The amount in cents.
    pub fn cents(self) -> u8 {
        self.0
    }

    /// The nearest double, which prints as the exact decimal in its shortest form.
    fn as_json_number(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl fmt::Debug for DepositAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DepositAmount(…)")
    }
}

impl fmt::Display for DepositAmount {
    /// Dollars with two decimals: `0.09`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0.{:02}", self.0)
    }
}

impl FromStr for DepositAmount {
    type Err = InputError;

    fn from_str(text: &str) -> Result<DepositAmount, InputError> {
        DepositAmount::parse(text)
    }
}

impl Serialize for DepositAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_json_number())
    }
}

impl<'de> Deserialize<'de> for DepositAmount {
    /// A JSON number that is exactly 1 to 99 hundredths. The error never repeats the number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DepositAmount, D::Error> {
        let number = f64::deserialize(deserializer).map_err(|_| serde::de::Error::custom("must be a number"))?;
        (1..=99)
            .map(DepositAmount)
            .find(|amount| amount.as_json_number() == number)
            .ok_or_else(|| serde::de::Error::custom("must be whole cents above 0 and below 1 dollar"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_amount_is_exact_in_every_direction() {
        for cents in 1..=99u32 {
            let amount = DepositAmount::from_cents(cents).unwrap();
            assert_eq!(u32::from(amount.cents()), cents);
            let text = format!("0.{cents:02}");
            assert_eq!(amount.to_string(), text);
            assert_eq!(DepositAmount::parse(&text).unwrap(), amount);
            let shortest = text.trim_end_matches('0');
            assert_eq!(serde_json::to_string(&amount).unwrap(), shortest);
            for json in [text.as_str(), shortest, &format!("{text}0"), &format!("{cents}e-2")] {
                assert_eq!(serde_json::from_str::<DepositAmount>(json).unwrap(), amount, "{json}");
            }
        }
    }

    #[test]
    fn what_is_refused() {
        for bad in [
            "", ".", "0.", "0", "0.00", "1", "1.00", "0.001", "-0.09", "+0.09", "9e-2", "0,09", " 0.09", "$0.09",
            "٠.٠٩",
        ] {
            assert_eq!(DepositAmount::parse(bad).unwrap_err().field(), "deposit_amount", "{bad:?}");
        }
        for cents in [0, 100, 256, 257, u32::MAX] {
            assert!(DepositAmount::from_cents(cents).is_err());
        }
        for json in ["0.005", "0", "1", "0.29000000000000004", "\"0.09\"", "null", "1e999", "-0.09"] {
            assert!(serde_json::from_str::<DepositAmount>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn forms_of_the_same_amount() {
        for same in ["0.09", ".09", "00.09", "0.090", "0.0900000"] {
            assert_eq!(DepositAmount::parse(same).unwrap().cents(), 9, "{same}");
        }
        assert_eq!(DepositAmount::parse("0.9").unwrap().cents(), 90);
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic(text in "\\PC*") {
            if let Ok(amount) = DepositAmount::parse(&text) {
                prop_assert!((1..=99).contains(&amount.cents()));
            }
        }
    }
}
