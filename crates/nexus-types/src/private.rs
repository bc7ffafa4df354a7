//! [`Private`]: personal text, such as a person's name, e-mail or free text in a record. It prints masked; `expose()` gives the
//! text.

use std::fmt;

/// Personal text as the server gave it: a name, an e-mail, an account's name, a message.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Private(Box<str>);

impl Private {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The first character and three stars, whatever the length; one star for a text of one character.
    pub fn masked(&self) -> String {
        let mut characters = self.0.chars();
        match (characters.next(), characters.next()) {
            (None, _) => String::new(),
            (Some(_), None) => "*".to_owned(),
            (Some(first), Some(_)) => format!("{first}***"),
        }
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Private {
        Private(text.into())
    }
}

impl From<Box<str>> for Private {
    fn from(text: Box<str>) -> Private {
        Private(text)
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.masked())
    }
}

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_text_is_masked_in_both_formats() {
        let name = Private::from("Josh");
        assert_eq!(format!("{name} {name:?}"), "J*** \"J***\"");
        assert_eq!(Private::from("J").masked(), "*");
        assert_eq!(Private::from("").masked(), "");
    }
}
