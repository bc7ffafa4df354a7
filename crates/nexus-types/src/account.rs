//! The account to be verified: its number, its type and its name.
//!
//! How a number is printed is decided here, by [`AccountNumber::masked`]: stars and the last four characters, and only stars for
//! a number of four or fewer.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroize;

use crate::error::InputError;
use crate::{mask, text};

/// An account number. Shown as its last four characters, and not at all when it has four or fewer. Wiped when dropped.
///
/// From a caller: 1 to 17 characters (source: domain.md 4), letters, digits, `-` and spaces inside (assumed). In a record
/// it is as the server gave it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccountNumber(Box<str>);

impl AccountNumber {
    /// Takes an account number from a caller.
    ///
    /// # Errors
    /// [`InputError`] on `account_number`.
    pub fn new(text: impl Into<String>) -> Result<AccountNumber, InputError> {
        // Wrapped before it is judged, so that a refused number is wiped too.
        let number = AccountNumber(text.into().into_boxed_str());
        let count = number.0.chars().count();
        if !(1..=17).contains(&count) {
            return Err(InputError::new("account_number", "must be 1 to 17 characters"));
        }
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ' ';
        if !number.0.chars().all(inner) || number.0.starts_with(' ') || number.0.ends_with(' ') {
            return Err(InputError::new("account_number", "must be letters, digits, hyphens or inner spaces"));
        }
        Ok(number)
    }

    pub(crate) fn from_server(text: Box<str>) -> AccountNumber {
        AccountNumber(text)
    }

    /// The whole number.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Stars and the last four characters; only stars when there are four or fewer.
    pub fn masked(&self) -> String {
        mask::last_four(&self.0)
    }
}

impl Drop for AccountNumber {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The two kinds of account (source: domain.md 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum AccountType {
    /// A checking account: `CHECKING`.
    Checking = 1,
    /// A savings account: `SAVINGS`.
    Savings = 2,
}

impl AccountType {
    /// Both, in order of number.
    pub const ALL: [AccountType; 2] = [AccountType::Checking, AccountType::Savings];

    /// The number in `account_type`.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The text in `account_type_name`.
    pub fn name(self) -> &'static str {
        match self {
            AccountType::Checking => "CHECKING",
            AccountType::Savings => "SAVINGS",
        }
    }

    /// The type of this number.
    pub fn from_number(number: i64) -> Option<AccountType> {
        AccountType::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The type of this exact name.
    pub fn from_name(name: &str) -> Option<AccountType> {
        AccountType::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl FromStr for AccountType {
    type Err = InputError;

    /// Reads the name in any case, for people.
    fn from_str(text: &str) -> Result<AccountType, InputError> {
        AccountType::ALL
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| InputError::new("account_type", "must be checking or savings"))
    }
}

/// The name that a person gives to the account: 1 to 50 characters (source: domain.md 4). Masked when printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccountName(Box<str>);

impl AccountName {
    /// Takes 1 to 50 characters, none of them a control character.
    ///
    /// # Errors
    /// [`InputError`] on `account_name`.
    pub fn new(text: impl Into<String>) -> Result<AccountName, InputError> {
        let text: String = text.into();
        text::short(&text).map_err(|rule| InputError::new("account_name", rule))?;
        Ok(AccountName(text.into()))
    }

    /// The name itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_seventeen_characters() {
        assert!(AccountNumber::new("1").is_ok());
        assert!(AccountNumber::new("12345678901234567").is_ok());
        for bad in ["", "123456789012345678", " 12", "12\n", "12/3", "１２３"] {
            let error = AccountNumber::new(bad).unwrap_err();
            assert_eq!(error.field(), "account_number");
            assert!(bad.is_empty() || !error.to_string().contains(bad));
        }
    }

    #[test]
    fn short_numbers_are_hidden_altogether() {
        assert_eq!(AccountNumber::new("333312345").unwrap().to_string(), "*****2345");
        assert_eq!(AccountNumber::new("12345").unwrap().to_string(), "*2345");
        assert_eq!(AccountNumber::new("1234").unwrap().to_string(), "****");
        assert_eq!(AccountNumber::new("1").unwrap().to_string(), "****");
    }

    #[test]
    fn types_by_number_and_name() {
        assert_eq!(AccountType::from_number(2), Some(AccountType::Savings));
        assert_eq!(AccountType::from_number(3), None);
        assert_eq!("checking".parse::<AccountType>().unwrap(), AccountType::Checking);
        assert!("loan".parse::<AccountType>().is_err());
    }
}
