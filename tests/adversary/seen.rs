//! Searches everything that a flow prints for secrets, and counts the failures that took effect.

use std::collections::BTreeMap;

use nexus_sandbox::World;
use nexus_types::DepositAmount;

use crate::life::Life;
use crate::world::SECRETS;

pub struct Seen {
    /// Printing costs more than living: one life in so many is looked through.
    looks: bool,
    tokens: Vec<String>,
    amounts: Vec<String>,
    /// What was shown that must not be.
    pub shown: Option<String>,
    /// Requests by operation, in the order of `On`.
    pub requests: [u32; 6],
    pub struck: BTreeMap<&'static str, u64>,
}

const ONE_IN: u64 = 64;

impl Seen {
    pub fn of(life: &Life, world: &World) -> Seen {
        let credentials = world.credentials();
        let looks = life.seed.is_multiple_of(ONE_IN);
        let tokens =
            if looks { vec![credentials.api_key.clone(), credentials.session_token.clone()] } else { Vec::new() };
        Seen { looks, tokens, amounts: Vec::new(), shown: None, requests: [0; 6], struck: BTreeMap::new() }
    }

    pub fn looks(&self) -> bool {
        self.looks
    }

    pub fn amounts(&mut self, amounts: [DepositAmount; 2]) {
        if self.looks {
            self.amounts.extend(amounts.map(|amount| amount.to_string()));
        }
    }

    pub fn token(&mut self, token: &str) {
        if self.looks {
            self.tokens.push(token.to_owned());
        }
    }

    pub fn strike(&mut self, name: &'static str) {
        *self.struck.entry(name).or_default() += 1;
    }

    /// Looks through a text.
    pub fn look(&mut self, text: &str) {
        let tokens = self.tokens.iter().map(String::as_str);
        let found = SECRETS.into_iter().chain(tokens).find(|secret| text.contains(*secret)).map(str::to_owned);
        let amount = || self.amounts.iter().find(|amount| alone(text, amount)).cloned();
        if let Some(secret) = found.or_else(amount) {
            self.shown.get_or_insert_with(|| format!("{secret} in {text}"));
        }
    }
}

/// Whether a number stands there that is not a part of a longer one.
fn alone(text: &str, number: &str) -> bool {
    let digit = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || *byte == b':');
    text.match_indices(number).any(|(at, _)| {
        let bytes = text.as_bytes();
        !digit(at.checked_sub(1).and_then(|before| bytes.get(before))) && !digit(bytes.get(at + number.len()))
    })
}
