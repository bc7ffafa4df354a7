//! [`Why`]: the reason of a response, for the log of requests. It is never sent.

use std::borrow::Cow;

/// Why a response is as it is. Its texts name fields, rules and switches, and no value that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Why {
    /// The message in the body, if it is a refusal.
    pub(crate) message: Cow<'static, str>,
    /// More exactly than callers are told.
    pub(crate) rule: Option<Cow<'static, str>>,
    /// The field of the policy that decided.
    pub(crate) policy: Option<&'static str>,
    /// What was most likely meant.
    pub(crate) near: Option<Cow<'static, str>>,
}

impl Why {
    pub(crate) fn new(message: impl Into<Cow<'static, str>>) -> Why {
        Why { message: message.into(), rule: None, policy: None, near: None }
    }

    /// The rule that decided, as exactly as it is known.
    pub(crate) fn rule(&self) -> &str {
        self.rule.as_deref().unwrap_or(&self.message)
    }

    pub(crate) fn because(self, rule: impl Into<Cow<'static, str>>) -> Why {
        Why { rule: Some(rule.into()), ..self }
    }

    pub(crate) fn by(self, policy: Option<&'static str>) -> Why {
        Why { policy: policy.or(self.policy), ..self }
    }

    pub(crate) fn near(self, near: impl Into<Cow<'static, str>>) -> Why {
        Why { near: Some(near.into()), ..self }
    }
}
