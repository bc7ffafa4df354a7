//! Ask the SSO API for a one-time API token: `GET /{client_id}/users/{user_id}/api_token.json` (source: domain.md 7.1).

use std::str::FromStr;

use super::{Endpoint, data_request, gate, inner_text};
use crate::endpoint::sealed::Sealed;
use crate::error::{DecodeProblem, Error};
use crate::operation::Operation;
use crate::secret::ApiToken;
use crate::text;
use crate::wire::{Auth, Host, Request, Response, SSO_MEDIA_TYPE};

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $field:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes 1 to 256 bytes without control characters. It is percent-encoded where it becomes part of a path.
            ///
            /// # Errors
            /// `Input`, naming the field.
            pub fn new(text: impl Into<String>) -> Result<$name, Error> {
                let text: String = text.into();
                text::segment(&text).map_err(|rule| Error::input($field, rule))?;
                Ok($name(text.into()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<$name, Error> {
                $name::new(text)
            }
        }
    )*};
}

names! {
    /// The client's identifier at MX. Not a secret.
    ClientId, "client_id";
    /// The partner's own identifier of a user, as it was given when the user was created. Not a secret.
    UserId, "user_id";
}

/// The path of a user at the SSO host.
pub(super) fn user_path(client: &ClientId, user: &UserId, file: &str) -> String {
    format!("/{}/users/{}/{file}", text::encoded(client.as_str()), text::encoded(user.as_str()))
}

/// A token that opens one session, once, within ten minutes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GetApiToken {
    client_id: ClientId,
    user_id: UserId,
}

impl GetApiToken {
    /// For this user of this client.
    pub fn new(client_id: ClientId, user_id: UserId) -> GetApiToken {
        GetApiToken { client_id, user_id }
    }
}

impl Sealed for GetApiToken {}

impl Endpoint for GetApiToken {
    type Output = ApiToken;

    fn operation(&self) -> Operation {
        Operation::ApiToken
    }

    fn request(&self) -> Request {
        let path = user_path(&self.client_id, &self.user_id, "api_token.json");
        let request = data_request(Operation::ApiToken, path);
        Request { host: Host::Sso, media_type: SSO_MEDIA_TYPE, auth: Auth::ApiKey, ..request }
    }

    fn parse(&self, response: &Response) -> Result<ApiToken, Error> {
        gate(Operation::ApiToken, None, response, |body| {
            let mut token = inner_text(body, "api_token", "token")?;
            ApiToken::new(std::mem::take(&mut *token))
                .map_err(|_| Error::decode(DecodeProblem::WrongShape, "api_token.token"))
        })
    }
}
