//! Masks what is printed: of text from a server, words that cannot be a secret stay, and all else is replaced; of an account
//! number, the last four characters stay.
//!
//! In: a bank's name, an error code, an error message; a number, for [`last_four`]. Out: the same, or less. An account number
//! prints itself so ([`AccountNumber`](crate::account::AccountNumber), in `account.rs`).

use std::borrow::Cow;

use crate::private::Private;

/// How much of a message is shown, in characters.
const LONGEST: usize = 200;

/// The longest word that is shown; a longer one may be a token.
const LONGEST_WORD: usize = 20;

/// The largest number that an enumeration can have; a larger one may be an account number.
const LARGEST_CHOICE: u64 = 9999;

/// How many digits in a row may be an account number, whatever separators are between them.
const SUSPICIOUS: usize = 5;

/// Capitalised words that begin the sentences of error messages. Closed: any other may be somebody's name.
const OPENERS: [&str; 37] = [
    "A",
    "Account",
    "Already",
    "Amount",
    "Amounts",
    "An",
    "Cannot",
    "Deposit",
    "Deposits",
    "Duplicate",
    "Email",
    "Error",
    "Failed",
    "First",
    "For",
    "If",
    "Institution",
    "Invalid",
    "It",
    "Last",
    "Microdeposit",
    "Microdeposits",
    "Missing",
    "No",
    "Not",
    "Only",
    "Please",
    "Request",
    "Routing",
    "Something",
    "The",
    "There",
    "This",
    "Too",
    "Unable",
    "Validation",
    "Your",
];

/// A bank's name or an error code as received. Only its first character if it could hold an account number or an e-mail
/// address.
pub(crate) fn label(text: &str) -> String {
    if looks_like_a_number(text) || text.contains(['@', '＠']) || text.chars().count() > 100 {
        Private::from(text).masked()
    } else {
        text.to_owned()
    }
}

/// A guid as received. Only its first character if the text cannot be a guid.
pub(crate) fn guid(text: &str) -> Cow<'_, str> {
    let plain = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'));
    let own = text.starts_with("MIC-") || !looks_like_a_number(text);
    if plain && own { Cow::Borrowed(text) } else { Cow::Owned(Private::from(text).masked()) }
}

/// Stars and the last four characters, one star a hidden character, at most twelve; only stars when four or fewer.
pub(crate) fn last_four(text: &str) -> String {
    let count = text.chars().count();
    if count <= 4 {
        return "****".to_owned();
    }
    let mut out = "*".repeat((count - 4).min(12));
    out.extend(text.chars().skip(count - 4).map(|c| if c.is_control() { '?' } else { c }));
    out
}

/// The number, if it can belong to an enumeration: at most four digits.
pub(crate) fn choice(number: Option<i64>) -> Option<i64> {
    number.filter(|number| number.unsigned_abs() <= LARGEST_CHOICE)
}

/// Whether five digits of any script follow each other without a letter in between. Spaces, dashes, dots, slashes and
/// invisible characters do not separate them.
fn looks_like_a_number(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        if c.is_numeric() {
            run += 1;
        } else if c.is_alphabetic() {
            run = 0;
        }
        run >= SUSPICIOUS
    })
}

/// The impersonal words of a message: lower-case words, the openers of sentences and names of fields. Three stars replace
/// all else, and every word that overlaps with a text of the record itself (`own`).
pub(crate) fn message(text: &str, own: &[&str], fields: &[&str]) -> String {
    let own: Vec<String> = own.iter().map(|text| text.to_lowercase()).collect();
    let mut out = String::new();
    let mut hidden = false;
    for word in text.split_whitespace() {
        let shown = is_harmless(word, fields) && !is_own(word, &own);
        if !shown && hidden {
            continue;
        }
        hidden = !shown;
        let word = if shown { word } else { "***" };
        if out.len() + word.len() >= LONGEST {
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The word without the punctuation behind it.
fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')'])
}

fn is_harmless(word: &str, fields: &[&str]) -> bool {
    let letters = bare(word);
    let plain = letters.strip_suffix("n't").unwrap_or(letters);
    let lower = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_lowercase());
    let short = word.len() <= letters.len() + 3 && letters.len() <= LONGEST_WORD;
    short && (lower || OPENERS.contains(&letters)) || fields.contains(&letters)
}

/// Whether the word is a part of a value of the record, occurs in one, or contains such a part.
///
/// Parts are runs of ASCII letters and digits, so that a name written without its accents is found by its other letters.
fn is_own(word: &str, own: &[String]) -> bool {
    let word = bare(word).to_ascii_lowercase();
    let parts = |text: &str| -> bool {
        let mut parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        parts.any(|part| word == part || (part.len() >= 3 && word.contains(part)))
    };
    own.iter().any(|text| parts(text) || (word.len() >= 3 && text.contains(&word)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::microdeposit::Microdeposit;

    fn message(text: &str, own: &[&str]) -> String {
        super::message(text, own, &Microdeposit::FIELDS)
    }

    #[test]
    fn names_of_banks_are_shown_unless_something_else_slipped_in() {
        for plain in ["MX Bank", "Bank of 1784", "R03", "4001", "1784 and 1901", "Sparkasse Köln"] {
            assert_eq!(label(plain), plain);
        }
        for odd in [
            "333312345",
            "account 12345",
            "account 12 345",
            "3333-1234-5",
            "3333.1234.5",
            "33/33/1",
            "３３３３１２３４５",
            "٣٣٣٣١",
            "3\u{200b}3\u{200b}3\u{200b}3\u{200b}1",
            "3, 3, 3, 3, 1",
            "josh@example.com",
            "josh＠example.com",
        ] {
            assert_eq!(label(odd), Private::from(odd).masked(), "{odd}");
        }
    }

    #[test]
    fn mask_message_keeps_impersonal_words() {
        let own = ["Josh", "O'Neill", "josh.o@example.com", "Savings for Catherine"];
        for (text, shown) in [
            (
                "There is a microdeposit for this customer already.",
                "There is a microdeposit *** this customer already.",
            ),
            (
                "Validation failed: routing_number is missing (really)",
                "Validation failed: routing_number is missing ***",
            ),
            ("Account 333312345 of Josh O'Neill is closed", "Account *** of *** is closed"),
            ("this isn't josh, nor joshs account", "this isn't *** nor *** account"),
            ("write to josh.o@example.com!", "write to ***"),
            ("3333 12345 MICRODEPOSIT_EXISTS Zoë zoë", "***"),
            ("  The\n account\tname  ", "*** account name"),
            ("abcdefghijklmnopqrstuvwxyz", "***"),
            ("", ""),
        ] {
            assert_eq!(message(text, &own), shown, "{text}");
        }
        let plain = "There is a microdeposit for this account already";
        assert_eq!(message(plain, &[]), plain);
        assert_eq!(message("not jose nor muller", &["José", "Müller"]), "not *** nor ***");
    }

    #[test]
    fn a_message_is_shown_in_part_if_it_is_long() {
        let shown = message(&"word ".repeat(1_000), &[]);
        assert!(shown.chars().count() <= LONGEST && shown.ends_with('…'), "{shown}");
    }

    /// A message that has the names and the number in it, in any case and dress, among words.
    fn repeating() -> impl Strategy<Value = (Vec<String>, String, String)> {
        let names =
            prop::collection::vec(prop_oneof!["[A-Z][a-z]{0,9}", "[a-zé]{1,8}", "[A-Za-z]{1,6} [A-Za-z]{2,6}"], 4);
        (names, "[0-9]{4,17}", prop::collection::vec((0usize..5, 0usize..8, "[ .,:;'-]{0,2}"), 0..20)).prop_map(
            |(names, number, pieces)| {
                let words = ["there", "is", "The", "account", "Please", "No", "too", "many"];
                let mut text = String::new();
                for (which, form, end) in pieces {
                    let piece = names.get(which).unwrap_or(&number);
                    text.push_str(&match form {
                        0 => piece.clone(),
                        1 => piece.to_lowercase(),
                        2 => piece.to_uppercase(),
                        3 => format!("{piece}{number}"),
                        4 => format!("my{}s", piece.to_lowercase()),
                        5 => piece.chars().flat_map(|c| [c, '-']).collect(),
                        _ => words[(which + form) % words.len()].to_owned(),
                    });
                    text.push_str(&end);
                    text.push(' ');
                }
                (names, number, text)
            },
        )
    }

    proptest! {
        #[test]
        fn mask_message_hides_names_and_numbers((names, number, text) in repeating()) {
            let own: Vec<&str> = names.iter().map(String::as_str).chain([number.as_str()]).collect();
            let shown = message(&text, &own);
            prop_assert!(!shown.contains(char::is_numeric), "{}", shown);
            let words: Vec<String> = shown.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
            for part in names.iter().flat_map(|name| name.split(' ')).map(str::to_lowercase) {
                prop_assert!(!words.contains(&part), "{} in {}", part, shown);
                prop_assert!(part.len() < 3 || !shown.to_lowercase().contains(&part), "{} in {}", part, shown);
            }
        }

        #[test]
        fn mask_shortens_any_text(text in ".*", own in ".{0,10}") {
            prop_assert!(message(&text, &[&own]).chars().count() <= LONGEST);
            let shown = label(&text);
            prop_assert!(shown == text || shown == Private::from(text.as_str()).masked());
        }
    }
}
