//! The webhook events that MX posts to a partner.

use std::ffi::c_void;

use nexus_types::{Action, WebhookEvent};

use crate::NEXUS_NONE;
use crate::brief::{brief, free};
use crate::call::call;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::{bytes, live};
use crate::record::{Record, nexus_microdeposit};
use crate::structures::{Out, growing};
use crate::table::handle;
use crate::text::{Span, Texts, nexus_str};

/// One webhook event. It is a hint, unsigned: read the microdeposit before trusting it. Any thread may use it.
///
/// Functions: nexus_webhook_view_of, nexus_webhook_record, nexus_webhook_free. One is made by nexus_webhook_parse.
pub struct nexus_webhook(());

handle!(nexus_webhook, 5, Webhook);

/// What is known of an event beside its record. Its texts live as long as the event.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_webhook_view {
    /// "created", "updated", or another as it came; empty where there was none.
    pub action: nexus_str,
    /// The version of the form; 1 is the known one. NEXUS_NONE where there was none.
    pub version: i64,
    /// MX's identifier of the institution; may be absent.
    pub institution_guid: nexus_str,
    /// MX's identifier of the user; may be absent.
    pub user_guid: nexus_str,
    /// The partner's identifier of the user; may be absent.
    pub user_id: nexus_str,
}

growing!(nexus_webhook_view);

/// What a [`nexus_webhook`] leads to.
pub(crate) struct Webhook {
    event: WebhookEvent,
    texts: Texts,
    spans: [Span; 4],
}

/// Reads the body of a webhook delivery.
///
/// @param body  The body.
/// @param len   Its length in bytes.
/// @param out   Receives an event of the caller's own, to be freed.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_NOT_JSON, NEXUS_ERROR_WRONG_SHAPE, NEXUS_ERROR_MISSING_FIELD or
///         NEXUS_ERROR_NULL_POINTER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_webhook_parse(
    body: *const c_void,
    len: usize,
    out: *mut *mut nexus_webhook,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_webhook_parse", error, || {
        let out = Out::handle(out, "out")?;
        let event = bytes(body, len, "body", WebhookEvent::parse)?;
        let mut texts = Texts::with_capacity(256);
        let action = match &event.action {
            Action::Created => "created",
            Action::Updated => "updated",
            Action::Other(other) => other,
            _ => "",
        };
        let spans = [
            texts.push(action),
            texts.optional(event.institution_guid.as_deref()),
            texts.optional(event.user_guid.as_deref()),
            texts.optional(event.user_id.as_deref()),
        ];
        out.give(Webhook { event, texts, spans });
        Ok(())
    })
}

/// Looks at an event.
///
/// @param webhook The event.
/// @param out     Receives the view; its texts live as long as `webhook`.
/// @param size    sizeof *out.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_webhook_view_of(
    webhook: *const nexus_webhook,
    out: *mut nexus_webhook_view,
    size: usize,
) -> nexus_code {
    brief("nexus_webhook_view_of", || {
        let absent = nexus_str::ABSENT;
        let empty = nexus_webhook_view {
            action: absent,
            version: NEXUS_NONE,
            institution_guid: absent,
            user_guid: absent,
            user_id: absent,
        };
        let out = Out::sized(out, size, empty, "out")?;
        let webhook = live(webhook, "webhook")?;
        let [action, institution_guid, user_guid, user_id] = webhook.spans.map(|span| webhook.texts.view(span));
        let version = webhook.event.version.unwrap_or(NEXUS_NONE);
        out.set(nexus_webhook_view { action, version, institution_guid, user_guid, user_id });
        Ok(())
    })
}

/// The microdeposit as the event describes it. Fields that events do not carry are absent.
///
/// @param webhook The event.
/// @param out     Receives a record of the caller's own, to be freed.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_webhook_record(webhook: *const nexus_webhook, out: *mut *mut nexus_microdeposit) -> nexus_code {
    brief("nexus_webhook_record", || {
        let out = Out::handle(out, "out")?;
        out.give(Record::one(live(webhook, "webhook")?.event.record.clone()));
        Ok(())
    })
}

/// Frees an event. Its record, where it was taken, lives on.
///
/// @param webhook The event, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live event. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_webhook_free(webhook: *mut nexus_webhook) -> nexus_code {
    free("nexus_webhook_free", webhook)
}
