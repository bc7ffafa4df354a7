//! Webhook events: what MX posts to a partner when a microdeposit is created or updated (source: domain.md 8).
//!
//! **Events are hints.** Nothing in the body proves who sent it. MX promises neither order nor number of deliveries, and
//! the same event may come again. Before you act on one, read the microdeposit. Respond with 204 No Content at once: MX
//! repeats what was not accepted, up to twelve times in about a day.

use crate::error::{DecodeProblem, Error};
use crate::microdeposit::Microdeposit;
use crate::tolerance;

/// What happened, as the sender reports it.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// `created`
    Created,
    /// `updated` (inferred: the page says "created or updated" and shows only `created`)
    Updated,
    /// Any other, as it came; empty where there was none.
    Other(Box<str>),
}

impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An unknown action is a stranger's text; it is not shown.
        f.write_str(match self {
            Action::Created => "Created",
            Action::Updated => "Updated",
            Action::Other(_) => "Other(…)",
        })
    }
}

/// One event. The record has the fields that events carry; the others are `None`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookEvent {
    /// What happened.
    pub action: Action,
    /// The version of the form; 1 is the known one.
    pub version: Option<i64>,
    /// The microdeposit as the event describes it. Read it from the API before trusting this.
    pub record: Microdeposit,
    /// MX's identifier of the institution.
    pub institution_guid: Option<Box<str>>,
    /// MX's identifier of the user.
    pub user_guid: Option<Box<str>>,
    /// The partner's identifier of the user.
    pub user_id: Option<Box<str>>,
}

impl std::fmt::Debug for WebhookEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookEvent")
            .field("action", &self.action)
            .field("version", &self.version)
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

impl WebhookEvent {
    /// Reads the body of a delivery, with the same tolerance as the API's responses.
    ///
    /// # Errors
    /// `Decode` when it is not a JSON object, has no `micro_deposit`, or that one has no guid.
    pub fn parse(body: &[u8]) -> Result<WebhookEvent, Error> {
        let body = tolerance::text_of(body);
        let envelope = tolerance::object(&body)?;
        let inner = envelope.wrapper("micro_deposit", "micro_deposit")?;
        let inner = inner.ok_or_else(|| Error::decode(DecodeProblem::Missing, "micro_deposit"))?;
        let fields =
            tolerance::object(inner.get()).map_err(|_| Error::decode(DecodeProblem::WrongShape, "micro_deposit"))?;
        let text = |name: &str| fields.get(name).and_then(tolerance::text);
        let outer = |name: &str| envelope.get(name).and_then(tolerance::text);
        let action = match outer("action").unwrap_or_default() {
            action if &*action == "created" => Action::Created,
            action if &*action == "updated" => Action::Updated,
            action => Action::Other(action),
        };
        Ok(WebhookEvent {
            action,
            version: envelope.get("version").and_then(tolerance::whole),
            record: tolerance::careful_fields(&fields, "micro_deposit")?,
            institution_guid: text("institution_guid"),
            user_guid: text("user_guid"),
            user_id: text("user_id"),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::status::Status;

    #[test]
    fn the_documented_payload() {
        let body = r#"{"action":"created","version":1,"micro_deposit":{"account_number":"333312345","account_type":1,"created_at":"2021-10-22T21:44:38.000+00:00","guid":"MIC-34aeae9d-94c2-4d07-8cba-e8cb05a5c454","institution_guid":null,"routing_number":"091000019","status":0,"status_name":"INITIATED","updated_at":"2021-10-22T21:44:38.000+00:00","user_guid":"USR-3bfab518-ef2b-4139-a8a5-7779e97ea4a1","user_id":"user-2345"}}"#;
        let event = WebhookEvent::parse(body.as_bytes()).unwrap();
        assert_eq!((&event.action, event.version), (&Action::Created, Some(1)));
        assert_eq!(event.record.status, Status::Initiated);
        assert_eq!(event.record.routing_number.as_ref().map(|number| number.as_str()), Some("091000019"));
        assert_eq!(event.record.created_at.as_ref().and_then(|at| at.unix_millis()), Some(1_634_939_078_000));
        assert_eq!(event.user_id.as_deref(), Some("user-2345"));
        assert_eq!(event.institution_guid, None);
        assert_eq!(event.record.email, None);
    }

    #[test]
    fn unknown_actions_are_kept() {
        let event = WebhookEvent::parse(br#"{"action":"deleted","micro_deposit":{"guid":"MIC-1"}}"#).unwrap();
        assert_eq!(event.action, Action::Other("deleted".into()));
    }

    #[test]
    fn webhook_error_has_a_path() {
        for (body, path) in
            [("", "$"), ("[]", "$"), ("{}", "micro_deposit"), (r#"{"micro_deposit":7}"#, "micro_deposit")]
        {
            assert_eq!(WebhookEvent::parse(body.as_bytes()).unwrap_err().field(), Some(path), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = WebhookEvent::parse(&body);
        }
    }
}
