//! The builder of a client.

use std::ffi::{c_char, c_void};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nexus_http::{Client, ClientBuilder, Environment, Limits, RetryPolicy};
use nexus_types::{ApiKey, Assumptions, ClientId, Error, SessionToken, UserId};

use crate::brief::free;
use crate::call::call;
use crate::client::nexus_client;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::observe::{Watch, nexus_observer};
use crate::raw::{User, bytes, live, text};
use crate::structures::{Out, Plain, growing, null, structure};
use crate::table::handle;

/// A client to be. It is built once; one thread at a time changes it, though several may try.
///
/// Functions: nexus_client_builder_session_token, nexus_client_builder_sso, nexus_client_builder_sso_url,
/// nexus_client_builder_limits, nexus_client_builder_assume_refusal, nexus_client_builder_assume_updated_at_shows_denial,
/// nexus_client_builder_assume_judged_within_ms, nexus_client_builder_assume_lists_show_all,
/// nexus_client_builder_assume_server_grace_ms, nexus_client_builder_retry, nexus_client_builder_production,
/// nexus_client_builder_proxy, nexus_client_builder_root_certificates, nexus_client_builder_client_certificate,
/// nexus_client_builder_product, nexus_client_builder_observer, nexus_client_builder_build, nexus_client_builder_free. One is
/// made by nexus_client_builder_new.
pub struct nexus_client_builder(());

handle!(nexus_client_builder, 7, Mutex<Option<Gathered>>);

/// What is gathered so far.
pub(crate) struct Gathered {
    builder: ClientBuilder,
    assumptions: Assumptions,
}

/// Limits of a client. 0 leaves a limit at its default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_limits {
    /// For name, connection and TLS together, in milliseconds. Default 10,000.
    pub connect_ms: u64,
    /// For one request and its response, in milliseconds. Default 30,000.
    pub attempt_ms: u64,
    /// For a call in all: retries, pauses, session renewal and reconciling, in milliseconds. Default
    /// 60,000.
    pub call_ms: u64,
    /// How long to reconcile a create or verify that got no usable response, in milliseconds. Default 5,000.
    pub reconcile_ms: u64,
    /// The largest response, in bytes. Default 64 MiB.
    pub body_bytes: u64,
}

growing!(nexus_limits nexus_retry);
impl Plain for nexus_limits {}

/// How safe requests are repeated; creates and verifies never are. 0 leaves a number at its default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_retry {
    /// Attempts in all, the first included; 1 turns retries off. Default 3.
    pub attempts: u32,
    /// The longest pause before the second attempt, in milliseconds; it doubles with each further one. Default 200.
    pub base_ms: u64,
    /// The longest pause of its own choosing, in milliseconds. Default 5,000.
    pub cap_ms: u64,
    /// The longest pause that a server may ask for, in milliseconds; a longer wish ends the call. Default 30,000.
    pub retry_after_cap_ms: u64,
}

impl Plain for nexus_retry {}

/// Begins a client.
///
/// @param base_url NEXUS_INTEGRATION_URL, NEXUS_PRODUCTION_URL, or another address of the data API. https, or http to
///                 loopback.
/// @param out      Receives a builder of the caller's own, to be freed.
/// @param error    Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_new(
    base_url: *const c_char,
    out: *mut *mut nexus_client_builder,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_new", error, || {
        let out = Out::handle(out, "out")?;
        let builder = Client::builder(text(base_url, "base_url")?);
        out.give(Mutex::new(Some(Gathered { builder, assumptions: Assumptions::default() })));
        Ok(())
    })
}

/// Uses a session that was opened elsewhere. When it expires, calls end with NEXUS_ERROR_UNAUTHORIZED.
///
/// @param builder       The builder.
/// @param session_token The token; copied.
/// @param error         Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_session_token(
    builder: *mut nexus_client_builder,
    session_token: *const c_char,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_session_token", error, || {
        let token = SessionToken::new(text(session_token, "session_token")?)?;
        change(builder, |builder| builder.session_token(token))
    })
}

/// Opens, keeps and renews sessions of this user.
///
/// @param builder   The builder.
/// @param client_id The partner's client id.
/// @param user_id   The partner's id of the user.
/// @param api_key   The partner's API key; copied.
/// @param error     Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_sso(
    builder: *mut nexus_client_builder,
    client_id: *const c_char,
    user_id: *const c_char,
    api_key: *const c_char,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_sso", error, || {
        let client = ClientId::new(text(client_id, "client_id")?)?;
        let user = UserId::new(text(user_id, "user_id")?)?;
        let key = ApiKey::new(text(api_key, "api_key")?)?;
        change(builder, |builder| builder.sso(client, user, key))
    })
}

/// The address of the SSO API. Known for MX's two environments; for any other base address, that address itself.
///
/// @param builder The builder.
/// @param sso_url https, or http to loopback; checked when the client is built.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_sso_url(
    builder: *mut nexus_client_builder,
    sso_url: *const c_char,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_sso_url", error, || {
        let url = text(sso_url, "sso_url")?;
        change(builder, |builder| builder.sso_url(url))
    })
}

/// Sets limits.
///
/// @param builder The builder.
/// @param limits  The limits; copied.
/// @param size    sizeof *limits.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_limits(
    builder: *mut nexus_client_builder,
    limits: *const nexus_limits,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_limits", error, || {
        let given = structure(limits, size, "limits")?.ok_or_else(|| null("limits"))?;
        let mut limits = Limits::default();
        set(&mut limits.connect, given.connect_ms);
        set(&mut limits.attempt, given.attempt_ms);
        set(&mut limits.call, given.call_ms);
        set(&mut limits.reconcile, given.reconcile_ms);
        if given.body_bytes != 0 {
            limits.body = given.body_bytes;
        }
        change(builder, |builder| builder.limits(limits))
    })
}

/// Sets how safe requests are repeated.
///
/// @param builder The builder.
/// @param retry   The numbers; copied.
/// @param size    sizeof *retry.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_retry(
    builder: *mut nexus_client_builder,
    retry: *const nexus_retry,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_retry", error, || {
        let given = structure(retry, size, "retry")?.ok_or_else(|| null("retry"))?;
        let policy = policy(&given);
        change(builder, |builder| builder.retry(policy))
    })
}

/// As the core takes it.
pub(crate) fn policy(given: &nexus_retry) -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    set(&mut policy.base, given.base_ms);
    set(&mut policy.cap, given.cap_ms);
    set(&mut policy.retry_after_cap, given.retry_after_cap_ms);
    if given.attempts != 0 {
        policy.attempts = given.attempts;
    }
    policy
}

fn set(limit: &mut Duration, millis: u64) {
    if millis != 0 {
        *limit = Duration::from_millis(millis);
    }
}

/// Says how long deposits take there, and so how often a wait reads. By default production, but not for MX's integration
/// address and for loopback.
///
/// @param builder    The builder.
/// @param production true: 12 to 36 hours. false: about two minutes.
/// @param error      Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_production(
    builder: *mut nexus_client_builder,
    production: bool,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_production", error, || {
        let environment = if production { Environment::Production } else { Environment::Integration };
        change(builder, |builder| builder.environment(environment))
    })
}

/// Sends through a proxy. Without it no proxy is used, whatever the environment variables say.
///
/// @param builder   The builder.
/// @param proxy_url Such as "http://host:port"; checked when the client is built.
/// @param error     Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_proxy(
    builder: *mut nexus_client_builder,
    proxy_url: *const c_char,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_proxy", error, || {
        let url = text(proxy_url, "proxy_url")?;
        change(builder, |builder| builder.proxy(url))
    })
}

/// Trusts these root certificates instead of the built-in ones of Mozilla.
///
/// @param builder The builder.
/// @param pem     Certificates in PEM form; copied, and checked when the client is built.
/// @param len     Their length in bytes.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_root_certificates(
    builder: *mut nexus_client_builder,
    pem: *const c_void,
    len: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_root_certificates", error, || {
        let pem = copy(pem, len, "pem")?;
        change(builder, |builder| builder.root_certificates(pem))
    })
}

/// Presents a client certificate where a server asks for one.
///
/// @param builder   The builder.
/// @param chain_pem The certificate chain in PEM form; copied, and checked when the client is built.
/// @param chain_len Its length in bytes.
/// @param key_pem   The private key in PEM form; copied.
/// @param key_len   Its length in bytes.
/// @param error     Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_client_certificate(
    builder: *mut nexus_client_builder,
    chain_pem: *const c_void,
    chain_len: usize,
    key_pem: *const c_void,
    key_len: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_client_certificate", error, || {
        let (chain, key) = (copy(chain_pem, chain_len, "chain_pem")?, copy(key_pem, key_len, "key_pem")?);
        change(builder, |builder| builder.client_certificate(chain, key))
    })
}

fn copy(pointer: *const c_void, len: usize, place: &'static str) -> Result<Vec<u8>, Error> {
    bytes(pointer, len, place, |bytes| Ok(bytes.to_vec()))
}

/// Names the calling program in the header User-Agent, before this library.
///
/// @param builder The builder.
/// @param product Such as "acme-onboarding/2.1"; 1 to 200 visible ASCII characters.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_product(
    builder: *mut nexus_client_builder,
    product: *const c_char,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_product", error, || {
        let product = text(product, "product")?;
        change(builder, |builder| builder.product(product))
    })
}

/// Has everything that the client does observed.
///
/// @param builder  The builder.
/// @param observer Called for each thing; see nexus_observer.
/// @param user     Handed to it. It must be good for use by several threads, until the client and all clients made from it
///                 are freed and their calls have returned.
/// @param error    Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_observer(
    builder: *mut nexus_client_builder,
    observer: nexus_observer,
    user: *mut c_void,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_observer", error, || {
        let callback = observer.ok_or_else(|| null("observer"))?;
        change(builder, |builder| builder.observer(Arc::new(Watch { callback, user: User::new(user) })))
    })
}

/// Checks everything and builds the client. Sends nothing. The builder is used up, whatever the outcome: only
/// nexus_client_builder_free is left for it.
///
/// @param builder The builder.
/// @param out     Receives a client of the caller's own, to be freed.
/// @param error   Receives the error on failure, with the setting's name and rule; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_build(
    builder: *mut nexus_client_builder,
    out: *mut *mut nexus_client,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_build", error, || {
        let out = Out::handle(out, "out")?;
        let builder = live(builder, "builder")?;
        let taken = builder.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Gathered { builder, assumptions } = taken.ok_or_else(used_up)?;
        out.give(builder.assumptions(assumptions).build()?);
        Ok(())
    })
}

/// Frees a builder. A client that was built lives on.
///
/// @param builder The builder, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live builder. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_free(builder: *mut nexus_client_builder) -> nexus_code {
    free("nexus_client_builder_free", builder)
}

fn used_up() -> Error {
    Error::input("builder", "must not be used after it has built a client")
}

fn change(
    builder: *mut nexus_client_builder,
    change: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<(), Error> {
    with(builder, |gathered| Gathered { builder: change(gathered.builder), ..gathered })
}

/// Sets one switch of what is assumed.
pub(crate) fn assume(builder: *mut nexus_client_builder, change: impl FnOnce(&mut Assumptions)) -> Result<(), Error> {
    with(builder, |mut gathered| {
        change(&mut gathered.assumptions);
        gathered
    })
}

fn with(builder: *mut nexus_client_builder, change: impl FnOnce(Gathered) -> Gathered) -> Result<(), Error> {
    let builder = live(builder, "builder")?;
    let mut place = builder.lock().unwrap_or_else(PoisonError::into_inner);
    *place = Some(change(place.take().ok_or_else(used_up)?));
    Ok(())
}
