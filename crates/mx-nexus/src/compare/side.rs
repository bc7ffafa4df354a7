//! [`Side`]: one of the two that the conversation is held with, and the sandbox inside this program as one.

use std::time::Duration;

use nexus_sandbox::{Call, Delivery, Options, Policy, World};

use crate::failure::Failure;

/// So far from a whole second the clocks stand that move on request.
pub(super) const OFFSET: Duration = Duration::from_millis(1337);

/// Which secret a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secret {
    Session,
    Key,
    /// One that no side has given out.
    Wrong,
    /// The one-time token that opens a session.
    Token,
}

/// One request, the same for both sides.
pub(super) struct Ask {
    pub(super) method: &'static str,
    /// Of the data API; of the SSO API behind the client's part.
    pub(super) path: String,
    /// Whose SSO path it is; none for the data API.
    pub(super) user: Option<String>,
    pub(super) accept: &'static str,
    pub(super) content_type: Option<&'static str>,
    pub(super) secret: Secret,
    pub(super) body: Vec<u8>,
}

/// One response as it came. It is described at once and then forgotten.
pub(super) struct Heard {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

pub(super) trait Side {
    fn ask(&mut self, ask: &Ask) -> Result<Heard, Failure>;
    /// Keeps what the last response has handed out.
    fn keep(&mut self, secret: Secret, token: String);
    fn user_id(&self) -> String;
    /// Moves the clock. Nothing happens where it runs by itself.
    fn pass(&mut self, seconds: u64) -> Result<(), Failure>;
    /// Lets time pass, on a clock that runs by itself too.
    fn rest(&mut self, seconds: u64) -> Result<(), Failure>;
}

/// The sandbox inside this program.
pub(super) struct Inside {
    world: World,
    session: String,
    token: String,
}

impl Inside {
    /// One with this policy, whose clock stands at `start` if that is given.
    pub(super) fn new(policy: Policy, start: Option<i64>) -> Inside {
        let mut options = Options::default();
        options.policy = policy;
        let start = start.unwrap_or(options.start_unix_seconds.saturating_mul(1000));
        options.start_unix_seconds = start / 1000;
        let mut world = World::new(options);
        // Clocks that run by themselves seldom stand at whole seconds.
        world.advance(OFFSET);
        let session = world.credentials().session_token.clone();
        Inside { world, session, token: String::new() }
    }
}

impl Side for Inside {
    fn ask(&mut self, ask: &Ask) -> Result<Heard, Failure> {
        let (client, key) = (self.world.credentials().client_id.clone(), self.world.credentials().api_key.clone());
        let path = match &ask.user {
            Some(user) => format!("/{client}/users/{user}{}", ask.path),
            None => ask.path.clone(),
        };
        let mut call = Call::new(ask.method, &path);
        call.accept = Some(ask.accept);
        call.content_type = ask.content_type;
        call.body = &ask.body;
        match ask.secret {
            Secret::Session => call.session_token = Some(&self.session),
            Secret::Key => call.api_key = Some(&key),
            Secret::Token => call.api_token = Some(&self.token),
            Secret::Wrong => call.session_token = Some("wrong"),
        }
        let reply = self.world.respond(&call);
        debug_assert_eq!(reply.delivery, Delivery::Whole);
        Ok(Heard { status: reply.status, content_type: reply.content_type.to_owned(), body: reply.body })
    }

    fn keep(&mut self, secret: Secret, token: String) {
        if secret == Secret::Session { self.session = token } else { self.token = token }
    }

    fn user_id(&self) -> String {
        self.world.credentials().user_id.clone()
    }

    fn pass(&mut self, seconds: u64) -> Result<(), Failure> {
        self.world.advance(Duration::from_secs(seconds));
        Ok(())
    }

    fn rest(&mut self, seconds: u64) -> Result<(), Failure> {
        self.pass(seconds)
    }
}
