//! The sandbox inside the caller's process, for tests.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use ::nexus_sandbox::{Call, Options, Profile, Sandbox, Serving};
use nexus_types::Error;

use crate::brief::{brief, free};
use crate::call::call;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::{bytes, live, text};
use crate::structures::{Growing, Out, Plain, growing, structure};
use crate::table::handle;
use crate::text::{Span, Text, Texts, nexus_str, nexus_text};
use crate::values::guid;

/// A sandbox that imitates the API on loopback, on a clock of its own. For tests; only in a library that was built with the
/// feature `sandbox`. Any number of threads may use one.
///
/// Functions: nexus_sandbox_view_of, nexus_sandbox_advance, nexus_sandbox_deposits, nexus_sandbox_call,
/// nexus_sandbox_free. One is made by nexus_sandbox_new.
pub struct nexus_sandbox(());

handle!(nexus_sandbox, 10, Served);

/// How a sandbox begins. All zero is the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_sandbox_options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Not 0: production is imitated (deposits after 12 to 36 hours, random amounts) instead of integration.
    pub production: i32,
    /// Not 0: the sandbox's clock also runs by itself.
    pub real_time: i32,
    /// All chance comes from it: guids, tokens, amounts, delays.
    pub seed: u64,
    /// The sandbox's clock at the beginning, in seconds since 1970, UTC; 0 for 2026-01-05T09:00:00Z.
    pub start_unix_seconds: i64,
}

growing!(nexus_sandbox_view);
impl Growing for nexus_sandbox_options {
    const FIRST: usize = std::mem::offset_of!(nexus_sandbox_options, start_unix_seconds);
}
impl Plain for nexus_sandbox_options {}

/// Where a sandbox is and who may ask. Its texts live as long as the sandbox.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_sandbox_view {
    /// The base address, for the data API and the SSO API alike.
    pub url: nexus_str,
    /// The client's id.
    pub client_id: nexus_str,
    /// The first user's id.
    pub user_id: nexus_str,
    /// The client's API key. It opens nothing but this sandbox.
    pub api_key: nexus_str,
    /// A session of the first user, open from the beginning.
    pub session_token: nexus_str,
}

/// What a [`nexus_sandbox`] leads to.
pub(crate) struct Served {
    sandbox: Sandbox,
    texts: Texts,
    spans: [Span; 5],
}

/// Starts a sandbox.
///
/// @param options How it begins; NULL for the default.
/// @param size    sizeof *options.
/// @param out     Receives a sandbox of the caller's own, to be freed.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT where the port cannot be had, or NEXUS_ERROR_NULL_POINTER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_sandbox_new(
    options: *const nexus_sandbox_options,
    size: usize,
    out: *mut *mut nexus_sandbox,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_sandbox_new", error, || {
        let out = Out::handle(out, "out")?;
        let (mut begin, mut serving) = (Options::default(), Serving::default());
        if let Some(given) = structure(options, size, "options")? {
            begin.seed = given.seed;
            if given.start_unix_seconds != 0 {
                begin.start_unix_seconds = given.start_unix_seconds;
            }
            begin.profile = if given.production != 0 { Profile::Production } else { Profile::Integration };
            (serving.port, serving.real_time) = (given.port, given.real_time != 0);
        }
        let started = Sandbox::start_with(begin, serving);
        let sandbox = started.map_err(|_| Error::input("port", "must be free on 127.0.0.1"))?;
        let mut texts = Texts::with_capacity(512);
        let credentials = sandbox.credentials();
        let spans = [
            sandbox.url(),
            &credentials.client_id,
            &credentials.user_id,
            &credentials.api_key,
            &credentials.session_token,
        ];
        let spans = spans.map(|text| texts.push(text));
        out.give(Served { sandbox, texts, spans });
        Ok(())
    })
}

/// Looks at a sandbox.
///
/// @param sandbox The sandbox.
/// @param out     Receives the view; its texts live as long as `sandbox`.
/// @param size    sizeof *out.
/// @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT for a size that is none; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
///         Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_sandbox_view_of(
    sandbox: *const nexus_sandbox,
    out: *mut nexus_sandbox_view,
    size: usize,
) -> nexus_code {
    brief("nexus_sandbox_view_of", || {
        let absent = nexus_str::ABSENT;
        let empty = nexus_sandbox_view {
            url: absent,
            client_id: absent,
            user_id: absent,
            api_key: absent,
            session_token: absent,
        };
        let out = Out::sized(out, size, empty, "out")?;
        let served = live(sandbox, "sandbox")?;
        let [url, client_id, user_id, api_key, session_token] = served.spans.map(|span| served.texts.view(span));
        out.set(nexus_sandbox_view { url, client_id, user_id, api_key, session_token });
        Ok(())
    })
}

/// Moves the sandbox's clock.
///
/// @param sandbox The sandbox.
/// @param seconds How far.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_sandbox_advance(sandbox: *const nexus_sandbox, seconds: u64) -> nexus_code {
    brief("nexus_sandbox_advance", || {
        live(sandbox, "sandbox")?.sandbox.advance(Duration::from_secs(seconds));
        Ok(())
    })
}

/// The two deposits on the imaginary bank statement.
///
/// @param sandbox The sandbox.
/// @param guid    Which microdeposit.
/// @param first   Receives cents, 1 to 99; 0 on failure.
/// @param second  Receives cents, 1 to 99; 0 on failure.
/// @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT where there are none; a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_sandbox_deposits(
    sandbox: *const nexus_sandbox,
    guid: *const c_char,
    first: *mut u32,
    second: *mut u32,
) -> nexus_code {
    brief("nexus_sandbox_deposits", || {
        let outs = (Out::new(first, 0, "first"), Out::new(second, 0, "second"));
        let (one, two) = (outs.0?, outs.1?);
        let (served, guid) = (live(sandbox, "sandbox")?, self::guid(guid)?);
        let found = served.sandbox.with_world(|world| world.statement(&guid));
        let [first, second] = found.ok_or_else(|| Error::input("guid", "must be one with deposits"))?;
        one.set(u32::from(first.cents()));
        two.set(u32::from(second.cents()));
        Ok(())
    })
}

/// Asks the admin interface under /_sandbox/, without HTTP: events, faults, the requests received, the state, reset. Its
/// openapi.json describes all of it.
///
/// @param sandbox     The sandbox.
/// @param method      "GET", "POST", "PUT" or "DELETE".
/// @param path        Such as "/_sandbox/state".
/// @param body        JSON; may be NULL where `len` is 0.
/// @param len         Its length in bytes.
/// @param http_status Receives the HTTP status; 0 on failure.
/// @param out         Receives the response's body, to be freed.
/// @param error       Receives the error on failure; may be NULL. A refusal by the sandbox is no failure: see
///                    `http_status`.
/// @return NEXUS_OK or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_sandbox_call(
    sandbox: *const nexus_sandbox,
    method: *const c_char,
    path: *const c_char,
    body: *const c_void,
    len: usize,
    http_status: *mut i32,
    out: *mut *mut nexus_text,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_sandbox_call", error, || {
        let outs = (Out::new(http_status, 0, "http_status"), Out::handle(out, "out"));
        let (status, out) = (outs.0?, outs.1?);
        let served = live(sandbox, "sandbox")?;
        let (method, path) = (text(method, "method")?, text(path, "path")?);
        let reply = bytes(body, len, "body", |body| {
            let mut call = Call::new(&method, &path);
            call.body = body;
            call.content_type = (!body.is_empty()).then_some("application/json");
            Ok(served.sandbox.respond(&call))
        })?;
        out.give(Text::new(&String::from_utf8_lossy(&reply.body)));
        status.set(i32::from(reply.status));
        Ok(())
    })
}

/// Ends a sandbox and frees it. Requests under way are completed.
///
/// @param sandbox The sandbox, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live sandbox. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_sandbox_free(sandbox: *mut nexus_sandbox) -> nexus_code {
    free("nexus_sandbox_free", sandbox)
}
