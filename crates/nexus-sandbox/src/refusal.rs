//! Refusals: their statuses, codes and bodies, in the form that the policy sets.

use nexus_types::MEDIA_TYPE;
use serde::Serialize;

use crate::call::Reply;
use crate::json_reader::Problem;
use crate::policy::{ErrorBody, ErrorCode, Policy};
use crate::why::Why;

const PAGE: &[u8] =
    b"<!DOCTYPE html>\n<html><head><title>Error</title></head><body>The request was refused.</body></html>\n";

/// How refusals are written in the first place.
const USUAL: (ErrorBody, ErrorCode) = (ErrorBody::Wrapped, ErrorCode::Number);

impl Reply {
    /// A refusal with the usual status, code and body. 4001 and 4011 are documented codes; the others are the HTTP status with a
    /// zero behind it (assumed), as is 4011 for a wrong API token or key.
    pub(crate) fn refusal(status: u16, message: &str) -> Reply {
        let mut reply = Reply::with_body(
            status,
            MEDIA_TYPE,
            text(&Wrapped { error: Told { code: Code::Number(code(status)), message } }),
        );
        reply.why = Some(Box::new(Why::new(message.to_owned())));
        reply
    }

    /// A request that breaks a rule.
    pub(crate) fn problem(problem: &Problem) -> Reply {
        Reply::refusal(400, &problem.to_string()).explained(|why| why.by(problem.policy))
    }

    pub(crate) fn not_found() -> Reply {
        Reply::refusal(404, "Not found.")
    }

    /// The same with more of a reason.
    pub(crate) fn explained(mut self, more: impl FnOnce(Why) -> Why) -> Reply {
        let why = self.why.take().map_or_else(|| Why::new(""), |why| *why);
        self.why = Some(Box::new(more(why)));
        self
    }

    /// A refusal of the API, with the status, code and body that the policy wants.
    pub(crate) fn by_policy(mut self, policy: &Policy) -> Reply {
        let usual = self.status;
        if usual < 400 || self.why.is_none() {
            return self;
        }
        let (status, name) = match usual {
            400 => (policy.invalid_status, "invalid_status"),
            401 => (policy.unauthorized_status, "unauthorized_status"),
            404 => (policy.not_found_status, "not_found_status"),
            405 => (policy.method_status, "method_status"),
            406 => (policy.accept_status, "accept_status"),
            409 => (policy.wrong_state_status, "wrong_state_status"),
            413 => (policy.too_large_status, "too_large_status"),
            415 => (policy.media_type_status, "media_type_status"),
            other => (other, ""),
        };
        self.status = status;
        let code = match usual {
            400 | 401 => code(usual),
            404 => policy.not_found_code.unwrap_or(code(status)),
            409 => policy.wrong_state_code.unwrap_or(code(status)),
            _ => code(status),
        };
        if status == usual && code == self::code(usual) && (policy.error_body, policy.error_code) == USUAL {
            return self;
        }
        self.worded(policy, code).explained(|why| {
            // Which switch decided that it is refused goes before which one says how.
            let how = Some(name).filter(|_| status != usual && why.policy.is_none());
            why.by(how)
        })
    }

    /// The body of an injected error, in the policy's form.
    pub(crate) fn injected(status: u16, policy: &Policy) -> Reply {
        Reply::refusal(status, "A fault was injected.").worded(policy, code(status))
    }

    fn worded(mut self, policy: &Policy, code: u32) -> Reply {
        let message = self.why.as_ref().map_or("", |why| &why.message);
        let code = match policy.error_code {
            ErrorCode::Number => Code::Number(code),
            ErrorCode::Text => Code::Text(code.to_string()),
        };
        let error = Told { code, message };
        match policy.error_body {
            ErrorBody::Wrapped => self.body = text(&Wrapped { error }),
            ErrorBody::Bare => self.body = text(&error),
            ErrorBody::Empty => self.body = Vec::new(),
            ErrorBody::Html => {
                self.body = PAGE.to_vec();
                self.content_type = "text/html";
            }
        }
        self
    }
}

fn code(status: u16) -> u32 {
    match status {
        400 => 4001,
        401 => 4011,
        other => u32::from(other) * 10,
    }
}

#[derive(Serialize)]
struct Wrapped<'a> {
    error: Told<'a>,
}

#[derive(Serialize)]
struct Told<'a> {
    code: Code,
    message: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Code {
    Number(u32),
    Text(String),
}

fn text(value: &impl Serialize) -> Vec<u8> {
    // Plain structs of text and numbers cannot fail to serialise.
    serde_json::to_vec(value).unwrap_or_default()
}
