//! Requests that are carried out after their response was sent.

use std::collections::BTreeMap;

use crate::call::Call;
use crate::dispatch::Asked;
use crate::routes;
use crate::world::World;

/// Ordered by due time, then by arrival.
#[derive(Default)]
pub(crate) struct Later {
    waiting: BTreeMap<(i64, u64), Waiting>,
    taken: u64,
}

/// A request, kept.
struct Waiting {
    /// Its number.
    request: u64,
    /// The user of the request's session. The session may have ended by the due time.
    user: Option<u32>,
    method: String,
    path: String,
    accept: Option<String>,
    content_type: Option<String>,
    session_token: Option<String>,
    api_token: Option<String>,
    api_key: Option<String>,
    body: Vec<u8>,
}

impl World {
    /// Keeps a request until this time; carries it out at once where that is now.
    pub(crate) fn carry_out_at(&mut self, due: i64, call: &Call<'_>) {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let waiting = Waiting {
            request: self.request,
            user: call.session_token.and_then(|token| self.sessions.user(token, self.now)),
            method: call.method.to_owned(),
            path: call.path.to_owned(),
            accept: own(call.accept),
            content_type: own(call.content_type),
            session_token: own(call.session_token),
            api_token: own(call.api_token),
            api_key: own(call.api_key),
            body: call.body.to_vec(),
        };
        if due <= self.now {
            return self.carry_out(&waiting);
        }
        self.later.taken += 1;
        self.later.waiting.insert((due, self.later.taken), waiting);
    }

    /// Carries out every request that is due by this time, each at its own time.
    pub(crate) fn carry_out_until(&mut self, until: i64) {
        while let Some(first) = self.later.waiting.first_entry() {
            let (due, _) = *first.key();
            if due > until {
                break;
            }
            let waiting = first.remove();
            self.now = due;
            self.carry_out(&waiting);
        }
    }

    fn carry_out(&mut self, waiting: &Waiting) {
        let call = Call {
            method: &waiting.method,
            path: &waiting.path,
            accept: waiting.accept.as_deref(),
            content_type: waiting.content_type.as_deref(),
            session_token: waiting.session_token.as_deref(),
            api_token: waiting.api_token.as_deref(),
            api_key: waiting.api_key.as_deref(),
            body: &waiting.body,
        };
        if let Some((_, route, parameters)) = routes::find(call.plain_path()) {
            (self.request, self.on_behalf) = (waiting.request, waiting.user);
            // No client waits for this response.
            self.act(&Asked { call: &call, target: route.target, parameters: &parameters });
            self.on_behalf = None;
        }
    }
}
