//! API tokens (once, ten minutes) and sessions (30 minutes from the last use); source: domain.md 7.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use serde::{Deserialize, Serialize};

use crate::count::Count;
use crate::instant::Instant;
use crate::json_reader::Problem;
use crate::rng::{Chance, Purpose};
use crate::rules::SECOND;

/// The length of a session token, as in the documented example.
pub(crate) const SESSION_TOKEN: usize = 86;
const API_TOKEN: usize = 43;
const SESSION_LIFE: i64 = 30 * 60 * SECOND;
const API_TOKEN_LIFE: i64 = 10 * 60 * SECOND;
/// Dead tokens are forgotten when there are so many more than at the last time.
const CLEAN_AFTER: usize = 1024;

/// A hasher without chance of its own, so that two runs are the same.
pub(crate) type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

struct Holder {
    /// Which of those that were issued.
    number: u64,
    user: u32,
    since: i64,
}

/// The tokens of one kind as an export has them: their numbers in place of themselves, for the seed makes the same again.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeptTokens {
    issued: Count,
    clean_at: usize,
    alive: Vec<KeptToken>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptToken {
    number: Count,
    user: u32,
    since: Instant,
}

/// All of [`Sessions`] as an export has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeptSessions {
    api_tokens: KeptTokens,
    sessions: KeptTokens,
    widgets: Count,
}

/// The tokens of one kind that are alive.
struct Tokens {
    purpose: Purpose,
    length: usize,
    life: i64,
    issued: u64,
    clean_at: usize,
    alive: Map<Box<str>, Holder>,
}

impl Tokens {
    fn new(purpose: Purpose, length: usize, life: i64) -> Tokens {
        Tokens { purpose, length, life, issued: 0, clean_at: CLEAN_AFTER, alive: Map::default() }
    }

    fn issue(&mut self, chance: &Chance, user: u32, now: i64) -> String {
        if self.alive.len() >= self.clean_at {
            let life = self.life;
            self.alive.retain(|_, holder| now.saturating_sub(holder.since) < life);
            self.clean_at = self.alive.len() + CLEAN_AFTER;
        }
        let number = self.issued;
        let token = chance.token(self.purpose, number, self.length);
        self.issued += 1;
        self.alive.insert(token.as_str().into(), Holder { number, user, since: now });
        token
    }

    fn keep(&self) -> KeptTokens {
        let kept = |holder: &Holder| KeptToken {
            number: Count(holder.number),
            user: holder.user,
            since: Instant(holder.since),
        };
        let mut alive: Vec<KeptToken> = self.alive.values().map(kept).collect();
        alive.sort_by_key(|token| token.number.0);
        KeptTokens { issued: Count(self.issued), clean_at: self.clean_at, alive }
    }

    fn restore(&mut self, kept: KeptTokens, users: usize, token: impl Fn(u64) -> String) -> Result<(), Problem> {
        (self.issued, self.clean_at) = (kept.issued.0, kept.clean_at);
        for KeptToken { number: Count(number), user, since: Instant(since) } in kept.alive {
            if number >= self.issued || user as usize >= users {
                return Err(Problem::new("sessions", "must have been issued, for users that exist"));
            }
            self.alive.insert(token(number).into(), Holder { number, user, since });
        }
        Ok(())
    }

    /// The holder of a token that is alive now.
    fn holder(&mut self, token: &str, now: i64) -> Option<&mut Holder> {
        let life = self.life;
        self.alive.get_mut(token).filter(|holder| now.saturating_sub(holder.since) < life)
    }
}

pub(crate) struct Sessions {
    api_tokens: Tokens,
    sessions: Tokens,
    /// Widget addresses issued so far.
    widgets: u64,
}

impl Sessions {
    pub(crate) fn new() -> Sessions {
        Sessions {
            api_tokens: Tokens::new(Purpose::ApiToken, API_TOKEN, API_TOKEN_LIFE),
            sessions: Tokens::new(Purpose::Session, SESSION_TOKEN, SESSION_LIFE),
            widgets: 0,
        }
    }

    pub(crate) fn api_token(&mut self, chance: &Chance, user: u32, now: i64) -> String {
        self.api_tokens.issue(chance, user, now)
    }

    /// Opens a session for the user of this API token, and uses the token up.
    pub(crate) fn open(&mut self, chance: &Chance, api_token: &str, now: i64) -> Option<String> {
        let user = self.api_tokens.holder(api_token, now)?.user;
        self.api_tokens.alive.remove(api_token);
        Some(self.open_for(chance, user, now))
    }

    pub(crate) fn open_for(&mut self, chance: &Chance, user: u32, now: i64) -> String {
        self.sessions.issue(chance, user, now)
    }

    /// Opens a session under a token that was issued before.
    pub(crate) fn adopt(&mut self, token: &str, user: u32, now: i64) {
        let number = self.sessions.issued;
        self.sessions.issued += 1;
        self.sessions.alive.insert(token.into(), Holder { number, user, since: now });
    }

    /// The user whose session this is; using it begins the 30 minutes anew.
    pub(crate) fn user(&mut self, session_token: &str, now: i64) -> Option<u32> {
        let holder = self.sessions.holder(session_token, now)?;
        holder.since = now;
        Some(holder.user)
    }

    /// Whether this was a session that has been idle for too long.
    pub(crate) fn is_over(&self, session_token: &str, now: i64) -> bool {
        let holder = self.sessions.alive.get(session_token);
        holder.is_some_and(|holder| now.saturating_sub(holder.since) >= SESSION_LIFE)
    }

    /// Ends every session at once, as a server does that restarts.
    pub(crate) fn expire_all(&mut self) {
        self.sessions.alive.clear();
    }

    /// The token in the next widget address. It depends on the seed and on how many addresses were issued before.
    pub(crate) fn widget_token(&mut self, chance: &Chance) -> String {
        let token = chance.token(Purpose::Widget, self.widgets, 64);
        self.widgets += 1;
        token
    }

    /// The number of an API token that is alive.
    pub(crate) fn number_of_api_token(&self, api_token: &str) -> Option<u64> {
        self.api_tokens.alive.get(api_token).map(|holder| holder.number)
    }

    /// The API token of this number.
    pub(crate) fn api_token_of(&self, chance: &Chance, number: u64) -> String {
        chance.token(self.api_tokens.purpose, number, self.api_tokens.length)
    }

    pub(crate) fn keep(&self) -> KeptSessions {
        KeptSessions {
            api_tokens: self.api_tokens.keep(),
            sessions: self.sessions.keep(),
            widgets: Count(self.widgets),
        }
    }

    /// Those of an export, for so many users. The first session is that of the credentials, under `own` token.
    pub(crate) fn restored(kept: KeptSessions, chance: &Chance, users: usize, own: &str) -> Result<Sessions, Problem> {
        let mut sessions = Sessions::new();
        let api_token = |number| chance.token(Purpose::ApiToken, number, API_TOKEN);
        sessions.api_tokens.restore(kept.api_tokens, users, api_token)?;
        let session = |number| match number {
            0 => own.to_owned(),
            _ => chance.token(Purpose::Session, number, SESSION_TOKEN),
        };
        sessions.sessions.restore(kept.sessions, users, session)?;
        sessions.widgets = kept.widgets.0;
        Ok(sessions)
    }

    /// Sessions opened so far.
    pub(crate) fn opened(&self) -> u64 {
        self.sessions.issued
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Identity;

    #[test]
    fn an_api_token_works_once_and_for_ten_minutes() {
        let (chance, mut sessions) = (Chance::new(1, Identity::default()), Sessions::new());
        let token = sessions.api_token(&chance, 3, 0);
        assert!(sessions.open(&chance, "another", 0).is_none());
        let session = sessions.open(&chance, &token, API_TOKEN_LIFE - 1).unwrap();
        assert_eq!(sessions.user(&session, API_TOKEN_LIFE), Some(3));
        assert!(sessions.open(&chance, &token, 1).is_none(), "used up");
        let late = sessions.api_token(&chance, 3, 0);
        assert!(sessions.open(&chance, &late, API_TOKEN_LIFE).is_none(), "too late");
    }

    #[test]
    fn session_lifetime_restarts_with_each_use() {
        let (chance, mut sessions) = (Chance::new(1, Identity::default()), Sessions::new());
        let session = sessions.open_for(&chance, 0, 0);
        assert_eq!(sessions.user(&session, SESSION_LIFE - 1), Some(0));
        assert_eq!(sessions.user(&session, 2 * SESSION_LIFE - 2), Some(0));
        assert_eq!(sessions.user(&session, 3 * SESSION_LIFE - 2), None);
    }

    #[test]
    fn sessions_drop_expired_tokens() {
        let (chance, mut sessions) = (Chance::new(1, Identity::default()), Sessions::new());
        for index in 0..10 * CLEAN_AFTER as i64 {
            sessions.open_for(&chance, 0, index * SESSION_LIFE);
        }
        assert!(sessions.sessions.alive.len() <= CLEAN_AFTER + 1);
        assert_eq!(sessions.opened(), 10 * CLEAN_AFTER as u64);
    }

    #[test]
    fn widget_tokens_differ_and_depend_on_seed_and_count_alone() {
        let (chance, mut sessions, mut others) =
            (Chance::new(1, Identity::default()), Sessions::new(), Sessions::new());
        let tokens = [sessions.widget_token(&chance), sessions.widget_token(&chance)];
        others.open_for(&chance, 0, 0);
        others.api_token(&chance, 0, 0);
        assert_eq!([others.widget_token(&chance), others.widget_token(&chance)], tokens);
        assert_ne!(tokens[0], tokens[1]);
    }
}
