//! Requests and responses, for callers with another HTTP library.

use std::ffi::{c_char, c_void};

use nexus_types::{
    ClientId, DepositAmount, Endpoint, Error, GetApiToken, Host, List, Microdeposit, MicrodepositGuid, OpenSession,
    Operation, Read, Request, Response, TransportCause, UserId, Verify, WidgetUrl,
};

use crate::brief::{brief, free};
use crate::call::{call, ended};
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::panic::unknown;
use crate::raw::{bytes, live, optional_text, text};
use crate::record::{Record, nexus_list, nexus_microdeposit};
use crate::structures::{Out, growing};
use crate::table::handle;
use crate::text::{Span, Text, Texts, nexus_str, nexus_text};
use crate::values::{guid, nexus_create_input, preinitiate};

/// One request, for an HTTP library of the caller's own; it also reads the response. Any thread may use it.
///
/// Send `method` and `path` to the host, with the headers Accept and, where there is a body, Content-Type (both are
/// `media_type`), and with the secret in the header `auth_header`. Follow no redirects, and send one that is not
/// `repeatable` once only, on a new connection: see nexus_operation_repeatable.
///
/// **Unguarded**: the library neither reads before a create or submission that is sent this way, nor reconciles it after, and the
/// caller must judge its response. nexus_flow does all of this with another HTTP library.
///
/// Functions: nexus_request_view_of, nexus_request_parse_microdeposit, nexus_request_parse_list, nexus_request_parse_text,
/// nexus_request_free. One is made by nexus_request_create, nexus_request_preinitiate, nexus_request_list,
/// nexus_request_read, nexus_request_verify, nexus_request_open_session, nexus_request_api_token and
/// nexus_request_widget_url.
pub struct nexus_request(());

handle!(nexus_request, 6, Prepared);

/// What to send. Its texts live as long as the request.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_request_view {
    /// A NEXUS_OPERATION number.
    pub operation: i32,
    /// Whether it may be sent again when its response is lost.
    pub repeatable: bool,
    /// Whether it is for the SSO API's host instead of the data API's.
    pub to_sso: bool,
    /// "GET", "POST" or "PUT".
    pub method: nexus_str,
    /// Absolute path, percent-encoded; no query.
    pub path: nexus_str,
    /// The value of Accept, and of Content-Type where there is a body.
    pub media_type: nexus_str,
    /// The header that carries the secret: MD-SESSION-TOKEN, MD-API-TOKEN or MD-API-KEY.
    pub auth_header: nexus_str,
    /// The JSON body; absent where there is none. It may hold an account number.
    pub body: nexus_str,
    /// The microdeposit that the request is about; absent where it names none.
    pub guid: nexus_str,
}

/// What a [`nexus_request`] leads to.
pub(crate) struct Prepared {
    operation: Operation,
    guid: Option<MicrodepositGuid>,
    to_sso: bool,
    parse: Parse,
    texts: Texts,
    spans: [Span; 6],
}

enum Parse {
    One(Reader<Microdeposit>),
    Many(List),
    Text(Reader<Text>),
}

type Reader<T> = Box<dyn Fn(&Response) -> Result<T, Error> + Send + Sync>;

impl Prepared {
    fn new(request: Request, parse: Parse) -> Prepared {
        // Only copies that are wiped are kept of what may hold an account number.
        let body = request.body;
        let body = body.as_ref().map(|body| String::from_utf8_lossy(body));
        let room = 256 + request.path.len() + body.as_ref().map_or(0, |body| body.len());
        let mut texts = Texts::with_capacity(room);
        let spans = [
            texts.push(request.method.as_str()),
            texts.push(&request.path),
            texts.push(request.media_type),
            texts.push(request.auth.header_name()),
            texts.optional(body.as_deref()),
            texts.optional(request.guid.as_ref().map(|guid| guid.as_str())),
        ];
        let (operation, guid, to_sso) = (request.operation, request.guid.clone(), request.host == Host::Sso);
        Prepared { operation, guid, to_sso, parse, texts, spans }
    }

    /// Whether something may have been changed by the time its response is read.
    fn is_change(&self) -> bool {
        self.operation.changes()
    }

    fn one<E: Endpoint<Output = Microdeposit> + Send + Sync + 'static>(endpoint: E) -> Prepared {
        Prepared::new(endpoint.request(), Parse::One(Box::new(move |response| endpoint.parse(response))))
    }

    fn text<E: Endpoint + Send + Sync + 'static>(endpoint: E, show: fn(&E::Output) -> &str) -> Prepared {
        let request = endpoint.request();
        let parse = move |response: &Response| endpoint.parse(response).map(|output| Text::new(show(&output)));
        Prepared::new(request, Parse::Text(Box::new(parse)))
    }
}

/// The request that creates a microdeposit with account details. Its response is read by nexus_request_parse_microdeposit.
/// Unguarded: if the response is lost, the library does not list to find the record. nexus_flow_create does.
///
/// @param input The values.
/// @param input_size sizeof *input.
/// @param out   Receives a request of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_create(
    input: *const nexus_create_input,
    input_size: usize,
    out: *mut *mut nexus_request,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_request_create", error, || {
        let out = Out::handle(out, "out")?;
        out.give(Prepared::one(nexus_create_input::read(input, input_size)?));
        Ok(())
    })
}

/// The request that creates a microdeposit without account details. Its response is read by nexus_request_parse_microdeposit.
/// Unguarded, as nexus_request_create is: nexus_flow_preinitiate is the careful one.
///
/// @param first_name 1 to 50 characters.
/// @param last_name 1 to 50 characters.
/// @param email An e-mail address.
/// @param out   Receives a request of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_preinitiate(
    first_name: *const c_char,
    last_name: *const c_char,
    email: *const c_char,
    out: *mut *mut nexus_request,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_request_preinitiate", error, || {
        let out = Out::handle(out, "out")?;
        out.give(Prepared::one(preinitiate(first_name, last_name, email)?));
        Ok(())
    })
}

/// The request that lists all microdeposits of the session's user. Its response is read by nexus_request_parse_list.
///
/// @param out   Receives a request of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_list(out: *mut *mut nexus_request, error: *mut *mut nexus_error) -> nexus_code {
    call("nexus_request_list", error, || {
        let out = Out::handle(out, "out")?;
        out.give(Prepared::new(List::new().request(), Parse::Many(List::new())));
        Ok(())
    })
}

/// The request that reads one microdeposit. Its response is read by nexus_request_parse_microdeposit.
///
/// @param guid  Which one.
/// @param out   Receives a request of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_read(
    guid: *const c_char,
    out: *mut *mut nexus_request,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_request_read", error, || {
        let out = Out::handle(out, "out")?;
        out.give(Prepared::one(Read::new(self::guid(guid)?)));
        Ok(())
    })
}

/// The request that submits the two amounts. Its response is read by nexus_request_parse_microdeposit. It spends one of three
/// submissions. Unguarded: the record in the response gives no verdict, and if the response is lost, the outcome is unknown.
/// nexus_flow_verify is the careful one.
///
/// @param guid  Which microdeposit.
/// @param first_cents 1 to 99.
/// @param second_cents 1 to 99.
/// @param out   Receives a request of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_verify(
    guid: *const c_char,
    first_cents: u32,
    second_cents: u32,
    out: *mut *mut nexus_request,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_request_verify", error, || {
        let out = Out::handle(out, "out")?;
        let guid = self::guid(guid)?;
        let (first, second) = (DepositAmount::from_cents(first_cents)?, DepositAmount::from_cents(second_cents)?);
        out.give(Prepared::one(Verify::new(guid, first, second)));
        Ok(())
    })
}

/// The request that opens a session; its secret is an API token. Its response is read by nexus_request_parse_text: the session token.
///
/// @param out   Receives a request of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK or NEXUS_ERROR_NULL_POINTER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_open_session(out: *mut *mut nexus_request, error: *mut *mut nexus_error) -> nexus_code {
    call("nexus_request_open_session", error, || {
        let out = Out::handle(out, "out")?;
        out.give(Prepared::text(OpenSession::new(), |token| token.expose()));
        Ok(())
    })
}

/// The request (to the SSO host) for a one-time API token. Its response is read by nexus_request_parse_text.
///
/// @param client_id The partner's client id.
/// @param user_id The partner's id of the user.
/// @param out   Receives a request of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_api_token(
    client_id: *const c_char,
    user_id: *const c_char,
    out: *mut *mut nexus_request,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_request_api_token", error, || {
        let out = Out::handle(out, "out")?;
        let (client, user) = (ClientId::new(text(client_id, "client_id")?)?, UserId::new(text(user_id, "user_id")?)?);
        out.give(Prepared::text(GetApiToken::new(client, user), |token| token.expose()));
        Ok(())
    })
}

/// The request (to the SSO host) for an address of the Connect Widget in verification mode. Its response is read by nexus_request_parse_text.
///
/// @param client_id The partner's client id.
/// @param user_id The partner's id of the user.
/// @param guid  The microdeposit that the person continues with, or NULL.
/// @param out   Receives a request of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_widget_url(
    client_id: *const c_char,
    user_id: *const c_char,
    guid: *const c_char,
    out: *mut *mut nexus_request,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_request_widget_url", error, || {
        let out = Out::handle(out, "out")?;
        let (client, user) = (ClientId::new(text(client_id, "client_id")?)?, UserId::new(text(user_id, "user_id")?)?);
        let current = optional_text(guid, "guid")?.map(nexus_types::MicrodepositGuid::new).transpose()?;
        out.give(Prepared::text(WidgetUrl::new(client, user, current), |link| link.expose()));
        Ok(())
    })
}

/// Looks at a request.
///
/// @param request The request.
/// @param out     Receives the view; its texts live as long as `request`.
/// @param size    sizeof *out.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_view_of(
    request: *const nexus_request,
    out: *mut nexus_request_view,
    size: usize,
) -> nexus_code {
    brief("nexus_request_view_of", || {
        let out = Out::sized(out, size, EMPTY, "out")?;
        let request = live(request, "request")?;
        let [method, path, media_type, auth_header, body, guid] = request.spans.map(|span| request.texts.view(span));
        out.set(nexus_request_view {
            operation: i32::from(request.operation.number()),
            repeatable: request.operation.repeatable(),
            to_sso: request.to_sso,
            method,
            path,
            media_type,
            auth_header,
            body,
            guid,
        });
        Ok(())
    })
}

growing!(nexus_request_view);

const EMPTY: nexus_request_view = nexus_request_view {
    operation: 0,
    repeatable: false,
    to_sso: false,
    method: nexus_str::ABSENT,
    path: nexus_str::ABSENT,
    media_type: nexus_str::ABSENT,
    auth_header: nexus_str::ABSENT,
    body: nexus_str::ABSENT,
    guid: nexus_str::ABSENT,
};

/// The HTTP status as the core takes it.
pub(crate) fn status_of(http_status: i32) -> Result<u16, Error> {
    let status = u16::try_from(http_status).ok().filter(|status| (100..1000).contains(status));
    status.ok_or_else(|| Error::input("http_status", "must be a number of three digits"))
}

/// The response as the core takes it.
fn parsed<T>(
    http_status: i32,
    body: *const c_void,
    len: usize,
    read: impl FnOnce(&Response) -> Result<T, Error>,
) -> Result<T, Error> {
    let status = status_of(http_status)?;
    bytes(body, len, "body", |body| read(&Response::new(status, body)))
}

fn other() -> Error {
    Error::input("request", "must be of an operation with this kind of response")
}

/// Reads the response to a request for one microdeposit.
///
/// @param request     The request that was sent: one of create, preinitiate, read and verify.
/// @param http_status The response's HTTP status.
/// @param body        The response's whole body; may be NULL where `len` is 0.
/// @param len         Its length in bytes.
/// @param out         Receives a record of the caller's own, to be freed.
/// @param error       Receives the error on failure, which says too whether the outcome is unknown; may be NULL.
/// @return NEXUS_OK; the code of the server's refusal (200s) or of what cannot be read (300s);
///         NEXUS_ERROR_INVALID_INPUT for a request of another kind; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
///         Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_parse_microdeposit(
    request: *const nexus_request,
    http_status: i32,
    body: *const c_void,
    len: usize,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    ended("nexus_request_parse_microdeposit", error, |stake| {
        let out = Out::handle(out, "out");
        let request = live(request, "request")?;
        let Parse::One(endpoint) = &request.parse else { return Err(other()) };
        if request.is_change() {
            stake.raise(request.operation, request.guid.as_ref());
        }
        // The request was sent, so any failure to return its response leaves the outcome unknown.
        let out = out.map_err(|error| match error {
            Error::Input { .. } if request.is_change() => {
                unknown(request.operation, request.guid.as_ref(), TransportCause::NoResources)
            }
            error => error,
        })?;
        out.give(Record::one(parsed(http_status, body, len, |response| endpoint(response))?));
        Ok(())
    })
}

/// Reads the response to a request for all microdeposits.
///
/// @param request     The request that was sent: one of list.
/// @param http_status The response's HTTP status.
/// @param body        The response's whole body; may be NULL where `len` is 0.
/// @param len         Its length in bytes.
/// @param out         Receives a list of the caller's own, to be freed.
/// @param error       Receives the error on failure, which says too whether the outcome is unknown; may be NULL.
/// @return NEXUS_OK; the code of the server's refusal (200s) or of what cannot be read (300s);
///         NEXUS_ERROR_INVALID_INPUT for a request of another kind; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
///         Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_parse_list(
    request: *const nexus_request,
    http_status: i32,
    body: *const c_void,
    len: usize,
    out: *mut *mut nexus_list,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_request_parse_list", error, || {
        let out = Out::handle(out, "out")?;
        let request = live(request, "request")?;
        let Parse::Many(endpoint) = &request.parse else { return Err(other()) };
        let status = status_of(http_status)?;
        // A list may be large: it is read where it lies.
        out.give(bytes(body, len, "body", |body| match status {
            200..300 => endpoint.parse_success(status, body),
            _ => endpoint.parse(&Response::new(status, body)),
        })?);
        Ok(())
    })
}

/// Reads the response to a request for a token or address.
///
/// @param request     The request that was sent: one of open_session, api_token and widget_url.
/// @param http_status The response's HTTP status.
/// @param body        The response's whole body; may be NULL where `len` is 0.
/// @param len         Its length in bytes.
/// @param out         Receives a text of the caller's own, to be freed: a secret.
/// @param error       Receives the error on failure, which says too whether the outcome is unknown; may be NULL.
/// @return NEXUS_OK; the code of the server's refusal (200s) or of what cannot be read (300s);
///         NEXUS_ERROR_INVALID_INPUT for a request of another kind; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
///         Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_parse_text(
    request: *const nexus_request,
    http_status: i32,
    body: *const c_void,
    len: usize,
    out: *mut *mut nexus_text,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_request_parse_text", error, || {
        let out = Out::handle(out, "out")?;
        let request = live(request, "request")?;
        let Parse::Text(endpoint) = &request.parse else { return Err(other()) };
        out.give(parsed(http_status, body, len, |response| endpoint(response))?);
        Ok(())
    })
}

/// Frees a request and wipes its body.
///
/// @param request The request, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live request. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_request_free(request: *mut nexus_request) -> nexus_code {
    free("nexus_request_free", request)
}
