//! Requests that are carried out after their response was sent.

use std::collections::BTreeMap;

use crate::call::Call;

/// Ordered by due time, then by arrival.
#[derive(Default)]
pub(crate) struct Later {
    waiting: BTreeMap<(i64, u64), Waiting>,
    taken: u64,
}

/// A request, kept.
pub(crate) struct Waiting {
    /// Its number.
    pub(crate) request: u64,
    /// The user of the request's session. The session may have ended by the due time.
    pub(crate) user: Option<u32>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) accept: Option<String>,
    pub(crate) content_type: Option<String>,
    session_token: Option<String>,
    pub(crate) api_token: Option<String>,
    pub(crate) api_key: Option<String>,
    pub(crate) body: Vec<u8>,
    /// Whether what it says of a person is a pseudonym, out of an export.
    pub(crate) invented: bool,
}

impl Later {
    pub(crate) fn add(&mut self, due: i64, waiting: Waiting) {
        self.taken += 1;
        self.waiting.insert((due, self.taken), waiting);
    }

    /// When the first is due.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.waiting.keys().next().map(|(due, _)| *due)
    }

    /// All of them, in order, with their due times.
    pub(crate) fn all(&self) -> impl Iterator<Item = (i64, &Waiting)> {
        self.waiting.iter().map(|((due, _), waiting)| (*due, waiting))
    }

    /// Gives the first that is due by this time, and when it is.
    pub(crate) fn take(&mut self, until: i64) -> Option<(i64, Waiting)> {
        let first = self.waiting.first_entry().filter(|first| first.key().0 <= until)?;
        let (due, _) = *first.key();
        Some((due, first.remove()))
    }
}

impl Waiting {
    pub(crate) fn new(request: u64, user: Option<u32>, call: &Call<'_>) -> Waiting {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Waiting {
            request,
            user,
            method: call.method.to_owned(),
            path: call.path.to_owned(),
            accept: own(call.accept),
            content_type: own(call.content_type),
            session_token: own(call.session_token),
            api_token: own(call.api_token),
            api_key: own(call.api_key),
            body: call.body.to_vec(),
            invented: false,
        }
    }

    pub(crate) fn call(&self) -> Call<'_> {
        Call {
            method: &self.method,
            path: &self.path,
            accept: self.accept.as_deref(),
            content_type: self.content_type.as_deref(),
            session_token: self.session_token.as_deref(),
            api_token: self.api_token.as_deref(),
            api_key: self.api_key.as_deref(),
            body: &self.body,
            ..Call::default()
        }
    }
}
