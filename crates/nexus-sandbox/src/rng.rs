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
    WebhookFault,
    WebhookShape,
    WidgetPage,
}

/// The users' guids are those of numbers that no record has.
const FIRST_USER: u64 = 1 << 32;
/// So are those of what the widget shows and makes, each kind with numbers of its own.
const OF_WIDGET: [(&str, u64); 3] = [("INS-", 2 << 32), ("ANS-", 3 << 32), ("MBR-", 4 << 32)];
/// The characters of a token that say which world issued it.
pub(crate) const MARK: usize = 8;

/// Which of the worlds of one seed this is. Two worlds with different identities have no guid and no token in common; all
/// else that chance decides is the same in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Identity {
    /// Tells worlds apart that live side by side; 0 for a world that is alone.
    pub(crate) salt: u64,
    /// How often the world has begun anew.
    pub(crate) epoch: u64,
}

#[derive(Clone)]
pub(crate) struct Chance {
    rounds: [u64; ROUNDS],
    tag: u64,
    seed: u64,
    /// What tokens are drawn from.
    tokens: u64,
    mark: Option<[u8; MARK]>,
}

impl Chance {
    pub(crate) fn new(seed: u64, identity: Identity) -> Chance {
        let mut keys = Rng::with_seed(seed);
        let draw = |keys: &mut Rng| (std::array::from_fn(|_| keys.u64(..)), keys.u64(..), keys.u64(..));
        let (mut rounds, mut tag, seed) = draw(&mut keys);
        let mut tokens = seed;
        if identity != Identity::default() {
            let own = Rng::with_seed(identity.salt).u64(..).wrapping_add(identity.epoch);
            (rounds, tag, tokens) = draw(&mut Rng::with_seed(seed ^ Rng::with_seed(own).u64(..)));
        }
        Chance { rounds, tag, seed, tokens, mark: mark(identity.salt) }
    }

    /// The same with the tokens' mark of another world, which has taken over this one's identity.
    pub(crate) fn marked(self, salt: u64) -> Chance {
        Chance { mark: mark(salt), ..self }
    }

    /// The stream for one purpose and one number.
    pub(crate) fn stream(&self, purpose: Purpose, number: u64) -> Rng {
        Chance::from(self.seed, purpose, number)
    }

    fn from(seed: u64, purpose: Purpose, number: u64) -> Rng {
        let own = Rng::with_seed(seed ^ (purpose as u64)).u64(..);
        Rng::with_seed(own.wrapping_add(number))
    }

    /// A token of this many characters, fit for a header and for a URL.
    pub(crate) fn token(&self, purpose: Purpose, number: u64, length: usize) -> String {
        let mut stream = Chance::from(self.tokens, purpose, number);
        let marked = self.mark.iter().flatten().copied();
        let letters = marked.chain(std::iter::repeat_with(|| letter(&mut stream)));
        letters.take(length).map(char::from).collect()
    }

    /// The guid of a number: `MIC-` and a UUID of the random kind, as MX writes them.
    pub(crate) fn guid(&self, prefix: &str, number: u32) -> String {
        self.written(prefix, u64::from(number))
    }

    /// The guid of an institution (`INS-`), of a session of the widget (`ANS-`) or of a member (`MBR-`).
    pub(crate) fn widget_guid(&self, prefix: &'static str, number: u32) -> String {
        let first = OF_WIDGET.iter().find(|(own, _)| *own == prefix).map_or(0, |(_, first)| *first);
        self.written(prefix, first | u64::from(number))
    }

    /// The guid of a user: its UUID is no record's.
    pub(crate) fn user_guid(&self, prefix: &str, user: u32) -> String {
        self.written(prefix, FIRST_USER | u64::from(user))
    }

    fn written(&self, prefix: &str, number: u64) -> String {
        let scrambled = self.scramble(number);
        let tag = Rng::with_seed(self.tag.wrapping_add(number)).u64(..) >> 6;
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

/// What the tokens of a world with this salt begin with; nothing for a world that is alone.
pub(crate) fn mark(salt: u64) -> Option<[u8; MARK]> {
    let mut stream = Rng::with_seed(salt);
    (salt != 0).then(|| std::array::from_fn(|_| letter(&mut stream)))
}

fn letter(stream: &mut Rng) -> u8 {
    ALPHABET.get(stream.usize(..64)).copied().unwrap_or(b'A')
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

    fn chance(seed: u64) -> Chance {
        Chance::new(seed, Identity::default())
    }

    #[test]
    fn worlds_of_another_identity_share_chance_and_neither_guids_nor_tokens() {
        let of = |salt, epoch| Chance::new(7, Identity { salt, epoch });
        let all = [of(0, 0), of(0, 1), of(0, 2), of(1, 0), of(1, 1), of(2, 0)];
        let (mut names, mut drawn) = (BTreeSet::new(), BTreeSet::new());
        for one in &all {
            for number in 0..50 {
                names.insert(one.token(Purpose::Session, number.into(), 86));
                names.insert(one.guid("MIC-", number));
                assert_eq!(
                    all.iter().filter(|other| other.number("MIC-", &one.guid("MIC-", number)).is_some()).count(),
                    1
                );
            }
            drawn.insert((one.stream(Purpose::Amounts, 3).u64(..), one.stream(Purpose::Delay, 9).u64(..)));
        }
        assert_eq!((names.len(), drawn.len()), (600, 1));
        let token = |salt| of(salt, 1).token(Purpose::ApiToken, 3, 43);
        assert_eq!(token(1).as_bytes()[..MARK], mark(1).unwrap());
        assert_ne!(token(1)[..MARK], token(2)[..MARK]);
        assert_eq!((token(1).len(), mark(0)), (43, None));
    }

    #[test]
    fn a_user_and_a_record_of_the_same_number_have_different_uuids() {
        let chance = chance(7);
        for number in [0, 1, u32::MAX] {
            let user = chance.user_guid("USR-", number);
            assert_ne!(chance.guid("USR-", number), user);
            assert_eq!(chance.number("USR-", &user), None, "no record's");
        }
    }

    #[test]
    fn what_the_widget_makes_has_uuids_of_its_own() {
        let chance = chance(7);
        let uuid = |guid: String| guid[4..].to_owned();
        for number in [0, 1, u32::MAX] {
            let all = [
                uuid(chance.guid("MIC-", number)),
                uuid(chance.user_guid("USR-", number)),
                uuid(chance.widget_guid("INS-", number)),
                uuid(chance.widget_guid("ANS-", number)),
                uuid(chance.widget_guid("MBR-", number)),
            ];
            assert_eq!(BTreeSet::from(all).len(), 5);
        }
    }

    #[test]
    fn every_number_has_a_guid_of_its_own_and_back() {
        let chance = chance(7);
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
        let (chance, other) = (chance(7), chance(8));
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
        let draw = |seed, purpose, number| chance(seed).stream(purpose, number).u64(..);
        let all = [
            draw(1, Purpose::Session, 0),
            draw(1, Purpose::ApiToken, 0),
            draw(1, Purpose::Session, 1),
            draw(2, Purpose::Session, 0),
        ];
        assert_eq!(BTreeSet::from(all).len(), 4);
        assert_eq!(draw(1, Purpose::Session, 0), all[0]);
        let token = chance(1).token(Purpose::Session, 0, 86);
        assert!(token.len() == 86 && token.bytes().all(|byte| ALPHABET.contains(&byte)));
    }
}
