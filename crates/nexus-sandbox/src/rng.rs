//! Randomness from a seed: guids, tokens, amounts and delays. The same seed gives the same values.
//!
//! The values of a record are drawn from its number, not from one running stream, so that they do not depend on the order
//! of requests. A guid is the record's number, scrambled by the seed: it is found without an index, and a read costs the
//! same among any number of records.

use fastrand::Rng;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HEX: &[u8; 16] = b"0123456789abcdef";
const ROUNDS: usize = 4;

/// What a draw is for; each has a stream of its own.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Credential,
    Session,
    ApiToken,
    Widget,
    Amounts,
    Delay,
    Failure,
    Fault,
    Pseudonym,
}

#[derive(Clone)]
pub(crate) struct Chance {
    rounds: [u64; ROUNDS],
    tag: u64,
    seed: u64,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        let mut keys = Rng::with_seed(seed);
        let rounds = std::array::from_fn(|_| keys.u64(..));
        Chance { rounds, tag: keys.u64(..), seed: keys.u64(..) }
    }

    /// The stream for one purpose and one number.
    pub(crate) fn stream(&self, purpose: Purpose, number: u64) -> Rng {
        let own = Rng::with_seed(self.seed ^ (purpose as u64)).u64(..);
        Rng::with_seed(own.wrapping_add(number))
    }

    /// A token of this many characters, fit for a header and for a URL.
    pub(crate) fn token(&self, purpose: Purpose, number: u64, length: usize) -> String {
        let mut stream = self.stream(purpose, number);
        let letter = |_| char::from(ALPHABET.get(stream.usize(..64)).copied().unwrap_or(b'A'));
        (0..length).map(letter).collect()
    }

    /// The guid of a number: `MIC-` and a UUID of the random kind, as MX writes them.
    pub(crate) fn guid(&self, prefix: &str, number: u32) -> String {
        let scrambled = self.scramble(u64::from(number));
        let tag = Rng::with_seed(self.tag.wrapping_add(u64::from(number))).u64(..) >> 6;
        // 122 bits: 64 of the scrambled number, and 58 that cannot be derived from it.
        let bits = u128::from(scrambled) << 58 | u128::from(tag);
        let version = 4u128 << 76;
        let variant = 2u128 << 62;
        let uuid = (bits >> 74) << 80 | version | ((bits >> 62) & 0xfff) << 64 | variant | (bits & ((1 << 62) - 1));
        let mut out = String::with_capacity(prefix.len() + 36);
        out.push_str(prefix);
        for nibble in 0..32 {
            if matches!(nibble, 8 | 12 | 16 | 20) {
                out.push('-');
            }
            let digit = (uuid >> (124 - 4 * nibble)) & 15;
            out.push(char::from(HEX.get(digit as usize).copied().unwrap_or(b'0')));
        }
        out
    }

    /// The number whose guid this is; none for a guid of another seed or another form.
    pub(crate) fn number(&self, prefix: &str, guid: &str) -> Option<u32> {
        let digits = guid.strip_prefix(prefix).filter(|digits| digits.len() == 36)?;
        let mut uuid = 0u128;
        for byte in digits.bytes().filter(|byte| *byte != b'-') {
            uuid = uuid << 4 | u128::from(char::from(byte).to_digit(16)?);
        }
        let bits = (uuid >> 80) << 74 | ((uuid >> 64) & 0xfff) << 62 | (uuid & ((1 << 62) - 1));
        let number = u32::try_from(self.restore((bits >> 58) as u64)).ok()?;
        (self.guid(prefix, number) == guid).then_some(number)
    }

    /// A Feistel network: every number becomes another, and none two the same.
    fn scramble(&self, number: u64) -> u64 {
        let (mut left, mut right) = halves(number);
        for key in self.rounds {
            (left, right) = (right, left ^ round(key, right));
        }
        u64::from(left) << 32 | u64::from(right)
    }

    fn restore(&self, scrambled: u64) -> u64 {
        let (mut left, mut right) = halves(scrambled);
        for key in self.rounds.iter().rev() {
            (left, right) = (right ^ round(*key, left), left);
        }
        u64::from(left) << 32 | u64::from(right)
    }
}

fn halves(number: u64) -> (u32, u32) {
    ((number >> 32) as u32, number as u32)
}

fn round(key: u64, half: u32) -> u32 {
    Rng::with_seed(key.wrapping_add(u64::from(half))).u32(..)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_number_has_a_guid_of_its_own_and_back() {
        let chance = Chance::new(7);
        let numbers = (0..5000).chain([u32::MAX - 1, u32::MAX]);
        let guids: BTreeSet<String> = numbers
            .map(|number| {
                let guid = chance.guid("MIC-", number);
                assert_eq!(chance.number("MIC-", &guid), Some(number));
                guid
            })
            .collect();
        assert_eq!(guids.len(), 5002);
        for guid in guids.iter().take(200) {
            let uuid: Vec<&str> = guid.split('-').skip(1).collect();
            assert_eq!(uuid.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
            assert!(uuid[2].starts_with('4') && uuid[3].starts_with(['8', '9', 'a', 'b']), "{guid}");
        }
    }

    #[test]
    fn guid_of_another_seed_or_form_is_not_found() {
        let (chance, other) = (Chance::new(7), Chance::new(8));
        let guid = chance.guid("MIC-", 3);
        for wrong in [
            "",
            "MIC-",
            "MIC-unknown",
            &guid.to_uppercase(),
            &guid.replace('-', ""),
            &guid[..39],
            &format!("{guid}0"),
            &other.guid("MIC-", 3),
            "MIC-ééééééééé-éééé-éééé",
            "MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb",
        ] {
            assert_eq!(chance.number("MIC-", wrong), None, "{wrong}");
        }
        let last = if guid.ends_with('0') { '1' } else { '0' };
        assert_eq!(chance.number("MIC-", &format!("{}{last}", &guid[..39])), None, "one digit off");
    }

    #[test]
    fn streams_differ_by_purpose_number_and_seed() {
        let draw = |seed, purpose, number| Chance::new(seed).stream(purpose, number).u64(..);
        let all = [
            draw(1, Purpose::Session, 0),
            draw(1, Purpose::ApiToken, 0),
            draw(1, Purpose::Session, 1),
            draw(2, Purpose::Session, 0),
        ];
        assert_eq!(BTreeSet::from(all).len(), 4);
        assert_eq!(draw(1, Purpose::Session, 0), all[0]);
        let token = Chance::new(1).token(Purpose::Session, 0, 86);
        assert!(token.len() == 86 && token.bytes().all(|byte| ALPHABET.contains(&byte)));
    }
}
