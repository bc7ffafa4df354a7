//! Credentials: values that prove who is calling. They are never printed.
//!
//! Tokens and keys print as their type's name alone and are wiped when dropped.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::InputError;

/// The longest token or key that is accepted, in bytes (assumed; MX's own are about 90).
const MAX_SECRET: usize = 4096;

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident, $field:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// Takes 1 to 4096 visible ASCII characters, as a header value must be.
            ///
            /// # Errors
            /// [`InputError`], naming the field, when it is empty, too long, or could not stand in a header.
            pub fn new(text: impl Into<String>) -> Result<$name, InputError> {
                let text = Zeroizing::new(text.into());
                if text.is_empty() || text.len() > MAX_SECRET {
                    return Err(InputError::new($field, "must be 1 to 4096 characters"));
                }
                if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                    return Err(InputError::new($field, "must be visible ASCII characters without spaces"));
                }
                Ok($name(text))
            }

            /// The secret itself, for the one place that joins it to a request.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

secrets! {
    /// The token of one user's session, valid for 30 idle minutes (source: domain.md 7.2).
    SessionToken, "session_token";
    /// A token that opens one session, once, within ten minutes (source: domain.md 7.1).
    ApiToken, "api_token";
    /// The client's key to the SSO API (source: domain.md 7.1).
    ApiKey, "api_key";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_prints_its_type_only() {
        let token = SessionToken::new("CANARY-1").unwrap();
        assert_eq!(format!("{token:?}"), "SessionToken(…)");
        assert_eq!(token.expose(), "CANARY-1");
    }

    #[test]
    fn secret_refuses_invalid_header_text_without_repeating_it() {
        for bad in ["", "has space", "line\r\nMD-API-KEY: x", "ünicode", &"x".repeat(4097)] {
            let error = ApiKey::new(bad).unwrap_err();
            assert_eq!(error.field(), "api_key");
            assert!(bad.is_empty() || !error.to_string().contains(bad));
        }
    }
}
