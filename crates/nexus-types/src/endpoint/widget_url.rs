//! Ask the SSO API for the address of a Connect Widget in verification mode: `POST /{client_id}/users/{user_id}/urls.json`
//! (source: domain.md 9.1).

use std::fmt;

use serde::Serialize;
use zeroize::Zeroizing;

use super::api_token::user_path;
use super::{ClientId, Endpoint, UserId, body, data_request, gate, inner_text};
use crate::endpoint::sealed::Sealed;
use crate::error::Error;
use crate::guid::MicrodepositGuid;
use crate::operation::Operation;
use crate::wire::{Auth, Host, Request, Response, SSO_MEDIA_TYPE};

/// A Connect Widget for this user; with a guid, one that continues with that microdeposit (pre-initiated or further).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WidgetUrl {
    client_id: ClientId,
    user_id: UserId,
    current: Option<MicrodepositGuid>,
}

impl WidgetUrl {
    /// For this user of this client, and this microdeposit if there is one.
    pub fn new(client_id: ClientId, user_id: UserId, current: Option<MicrodepositGuid>) -> WidgetUrl {
        WidgetUrl { client_id, user_id, current }
    }
}

/// The address of a widget. It holds a token that works once and for ten minutes, so it is not shown when printed.
#[derive(Clone, PartialEq, Eq)]
pub struct WidgetLink(Zeroizing<String>);

impl WidgetLink {
    /// The address, to be handed to the person's browser and to nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for WidgetLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WidgetLink(…)")
    }
}

#[derive(Serialize)]
struct Wrapped<'a> {
    url: Options<'a>,
}

#[derive(Serialize)]
struct Options<'a> {
    r#type: &'static str,
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_microdeposit_guid: Option<&'a str>,
    ui_message_version: u8,
}

impl Sealed for WidgetUrl {}

impl Endpoint for WidgetUrl {
    type Output = WidgetLink;

    fn operation(&self) -> Operation {
        Operation::WidgetUrl
    }

    fn request(&self) -> Request {
        let options = Options {
            r#type: "connect_widget",
            mode: "verification",
            current_microdeposit_guid: self.current.as_ref().map(MicrodepositGuid::as_str),
            ui_message_version: 4,
        };
        let path = user_path(&self.client_id, &self.user_id, "urls.json");
        let request = data_request(Operation::WidgetUrl, path);
        Request {
            host: Host::Sso,
            media_type: SSO_MEDIA_TYPE,
            auth: Auth::ApiKey,
            body: body(&Wrapped { url: options }),
            guid: self.current.clone(),
            ..request
        }
    }

    fn parse(&self, response: &Response) -> Result<WidgetLink, Error> {
        gate(Operation::WidgetUrl, self.current.as_ref(), response, |body| {
            inner_text(body, "url", "url").map(WidgetLink)
        })
    }
}
