//! Invented values in place of what a person has typed, for exports. They come from the seed: the same value has the same
//! pseudonym in every export of a world, and two accounts never have one.
//!
//! They are no encryption: whoever has the seed can try out numbers. They keep a file from showing by accident what it should not.

use crate::rng::{Chance, Purpose};

const FIRST: [&str; 16] = [
    "Ada", "Bela", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivo", "June", "Kai", "Lena", "Milo", "Nora", "Otto",
    "Pia",
];
const LAST: [&str; 16] = [
    "Amber", "Birch", "Cedar", "Dune", "Elm", "Fern", "Grove", "Heath", "Ivy", "Juniper", "Larch", "Maple", "Oak",
    "Pine", "Rowan", "Willow",
];
/// What the integration profile goes by.
const SWIFT: &str = "3333";
/// Of a number the last four are kept, if enough others are left that can change.
const SHOWN: usize = 4;

impl Chance {
    /// An account number of the same length that keeps a beginning with 3333 and, if any other character is left to be changed, the last
    /// four. Digits stay digits and letters letters. Another number has another pseudonym. Only `3333` itself stays.
    pub(crate) fn pseudonym_of_account(&self, number: &str) -> String {
        let start = if number.starts_with(SWIFT) { SWIFT.len() } else { 0 };
        let end = match number.len().saturating_sub(SHOWN) {
            end if end > start => end,
            _ => number.len(),
        };
        let (before, middle, after) = (number.get(..start), number.get(start..end), number.get(end..));
        let (before, middle, after) =
            (before.unwrap_or_default(), middle.unwrap_or_default(), after.unwrap_or_default());
        // The same shift for all numbers of this form, so that no two of them meet.
        let form: String = middle.chars().map(|c| if c.is_ascii_digit() { '0' } else { 'a' }).collect();
        let mut stream = self.stream(Purpose::Pseudonym, text_hash(&[before, &form, after]));
        let shifted = middle.bytes().map(|byte| {
            // Never by nothing, and so no number stays what it is.
            let (first, count) = match byte {
                b'0'..=b'9' => (b'0', 10),
                b'A'..=b'Z' => (b'A', 26),
                _ => (b'a', 26),
            };
            let by = stream.u8(1..10);
            char::from(first + (byte.wrapping_sub(first) % count + by) % count)
        });
        format!("{before}{}{after}", shifted.collect::<String>())
    }

    pub(crate) fn pseudonym_of_email(&self, email: &str) -> String {
        format!("{}@example.com", self.word("person-", &email.to_ascii_lowercase()))
    }

    pub(crate) fn pseudonym_of_first_name(&self, name: &str) -> &'static str {
        self.pick("first", name, &FIRST)
    }

    pub(crate) fn pseudonym_of_last_name(&self, name: &str) -> &'static str {
        self.pick("last", name, &LAST)
    }

    pub(crate) fn pseudonym_of_account_name(&self, name: &str) -> String {
        self.word("Account ", name)
    }

    /// An identifier of a user that looks like nothing personal stays: short, and without `@` or many digits in a row.
    pub(crate) fn pseudonym_of_user(&self, id: &str) -> String {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        let digits = id.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        let plain = (1..=64).contains(&id.len()) && id.chars().all(fits) && digits < 7;
        if plain { id.to_owned() } else { self.word("user-", id) }
    }

    /// A beginning and twelve letters.
    fn word(&self, beginning: &str, text: &str) -> String {
        let mut stream = self.stream(Purpose::Pseudonym, text_hash(&[beginning, text]));
        let letters: String = (0..12).map(|_| char::from(b'a' + stream.u8(0..16))).collect();
        format!("{beginning}{letters}")
    }

    /// One of these that is not the name itself.
    fn pick(&self, what: &str, name: &str, all: &[&'static str; 16]) -> &'static str {
        let mut stream = self.stream(Purpose::Pseudonym, text_hash(&[what, name]));
        let start = stream.usize(..all.len());
        let names = all.iter().cycle().skip(start).take(all.len());
        names.copied().find(|one| !one.eq_ignore_ascii_case(name)).unwrap_or_default()
    }
}

/// FNV-1a of several texts: the same with every compiler, for exports outlive a build.
fn text_hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rng::Identity;

    fn chance(seed: u64) -> Chance {
        Chance::new(seed, Identity::default())
    }

    #[test]
    fn account_numbers_keep_their_form_and_differ() {
        let (chance, other) = (chance(7), chance(8));
        for number in [
            "333312345",
            "33331234",
            "33331",
            "12345678",
            "1234",
            "1",
            "A1b2C3d4",
            "00000000000000017",
            "3333999988887777",
        ] {
            let pseudonym = chance.pseudonym_of_account(number);
            assert_eq!(pseudonym.len(), number.len());
            assert_ne!(pseudonym, number, "{number}");
            assert_eq!(pseudonym.starts_with("3333"), number.starts_with("3333"), "{number} {pseudonym}");
            let kinds = |text: &str| text.bytes().map(|byte| byte.is_ascii_digit()).collect::<Vec<_>>();
            assert_eq!(kinds(&pseudonym), kinds(number));
            assert_eq!(chance.pseudonym_of_account(number), pseudonym, "stable");
            assert_ne!(other.pseudonym_of_account("123456789012"), chance.pseudonym_of_account("123456789012"));
        }
        assert!(chance.pseudonym_of_account("333312345").ends_with("2345"));
        assert!(chance.pseudonym_of_account("100067890").ends_with("7890"));
        assert_eq!(chance.pseudonym_of_account("3333"), "3333");
    }

    #[test]
    fn no_two_accounts_have_one_pseudonym() {
        let chance = chance(1);
        let numbers =
            (0..3000).map(|number| format!("{number:04}")).chain((0..3000).map(|number| format!("3333{number}7777")));
        let all: Vec<String> = numbers.map(|number| chance.pseudonym_of_account(&number)).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn people_are_invented() {
        let chance = chance(7);
        assert_ne!(chance.pseudonym_of_first_name("Ada"), "Ada");
        assert_eq!(chance.pseudonym_of_email("Josh@example.com"), chance.pseudonym_of_email("josh@EXAMPLE.com"));
        assert_ne!(chance.pseudonym_of_email("josh@example.com"), chance.pseudonym_of_email("josh@example.org"));
        for (id, stays) in
            [("user-1", true), ("josh@example.com", false), ("333312345", false), ("a b", false), ("", false)]
        {
            let pseudonym = chance.pseudonym_of_user(id);
            assert_eq!(pseudonym == id, stays, "{id}");
            assert_eq!(chance.pseudonym_of_user(&pseudonym), pseudonym, "a pseudonym stays");
        }
    }
}
