//! [`Person`]: the owner of the account.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::InputError;
use crate::text;

/// The end user: first name, last name and e-mail. Nothing of it is shown when printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    first_name: Zeroizing<String>,
    last_name: Zeroizing<String>,
    email: Zeroizing<String>,
}

impl Person {
    /// Takes names of 1 to 50 characters and an e-mail address (source: domain.md 4).
    ///
    /// MX refuses some characters in names by an expression that is not public; that is left to the server. The e-mail
    /// must be `something@domain.tld` without spaces, at most 254 characters (MX's own expression is not public either).
    ///
    /// # Errors
    /// [`InputError`] on `first_name`, `last_name` or `email`.
    pub fn new(
        first_name: impl Into<String>,
        last_name: impl Into<String>,
        email: impl Into<String>,
    ) -> Result<Person, InputError> {
        let person = Person {
            first_name: Zeroizing::new(first_name.into()),
            last_name: Zeroizing::new(last_name.into()),
            email: Zeroizing::new(email.into()),
        };
        for (field, name) in [("first_name", &person.first_name), ("last_name", &person.last_name)] {
            text::short(name).map_err(|rule| InputError::new(field, rule))?;
        }
        check_email(&person.email)?;
        Ok(person)
    }

    /// The first name.
    pub fn first_name(&self) -> &str {
        &self.first_name
    }

    /// The last name.
    pub fn last_name(&self) -> &str {
        &self.last_name
    }

    /// The e-mail address.
    pub fn email(&self) -> &str {
        &self.email
    }
}

fn check_email(text: &str) -> Result<(), InputError> {
    let fits = text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts = text.rsplit_once('@').filter(|(local, _)| !local.is_empty() && !local.contains('@'));
    let domain_ok = parts
        .and_then(|(_, domain)| domain.rsplit_once('.'))
        .is_some_and(|(name, top)| !name.is_empty() && !top.is_empty() && !name.starts_with('.'));
    if fits && domain_ok {
        Ok(())
    } else {
        Err(InputError::new("email", "must be an e-mail address such as name@example.com"))
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_to_fifty_characters() {
        let long = "é".repeat(50);
        assert!(Person::new("J", &long, "a@b.co").is_ok());
        for (first, last, field) in [("", "x", "first_name"), ("  ", "x", "first_name"), ("x", "a\tb", "last_name")] {
            assert_eq!(Person::new(first, last, "a@b.co").unwrap_err().field(), field);
        }
        assert_eq!(Person::new("é".repeat(51), "x", "a@b.co").unwrap_err().field(), "first_name");
    }

    #[test]
    fn an_address_has_one_at_and_a_domain() {
        assert!(Person::new("a", "b", "example@email.com").is_ok());
        for bad in ["", "a", "@b.co", "a@b", "a@.co", "a@b.", "a b@c.de", "a@b@c.de", "a@b.c\n"] {
            assert_eq!(Person::new("a", "b", bad).unwrap_err().field(), "email", "{bad:?}");
        }
    }

    #[test]
    fn nothing_of_a_person_is_printed() {
        assert_eq!(format!("{:?}", Person::new("Josh", "James", "j@example.com").unwrap()), "Person(…)");
    }
}
