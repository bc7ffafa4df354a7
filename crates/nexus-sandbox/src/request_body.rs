//! Strict parsing of request bodies, separate from the core's code that writes them.
//!
//! The rules are those of MX's testing page (domain.md 4); what that page leaves out is assumed.

use std::borrow::Cow;

use nexus_types::AccountType;
use nexus_types::routing::checksum_ok;

use crate::json_reader::{Object, Problem, required};
use crate::policy::{OddAmounts, Policy};

pub(crate) const WRAPPER: [&str; 1] = ["micro_deposit"];
pub(crate) const FIELDS: [&str; 8] = [
    "first_name",
    "last_name",
    "email",
    "account_name",
    "account_number",
    "account_type",
    "account_type_name",
    "routing_number",
];
const ACCOUNT_FIELDS: [&str; 5] =
    ["account_name", "account_number", "account_type", "account_type_name", "routing_number"];
pub(crate) const AMOUNTS: [&str; 2] = ["deposit_amount_1", "deposit_amount_2"];

/// Whose microdeposit it is.
pub(crate) struct Party<'a> {
    pub(crate) first_name: Cow<'a, str>,
    pub(crate) last_name: Cow<'a, str>,
    pub(crate) email: Cow<'a, str>,
}

/// Which account.
pub(crate) struct Account<'a> {
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) number: Cow<'a, str>,
    pub(crate) routing: u32,
    pub(crate) kind: AccountType,
}

/// Reads the body of a create or a pre-initiate; the latter has no account field at all (domain.md C7).
pub(crate) fn creation<'a>(body: &'a [u8], policy: &Policy) -> Result<(Party<'a>, Option<Account<'a>>), Problem> {
    let body = Object::body(body, &WRAPPER)?;
    let fields = required("micro_deposit", body.object("micro_deposit", &FIELDS)?)?;
    let party = party(&fields, policy)?;
    let with_account = ACCOUNT_FIELDS.iter().any(|field| fields.has(field));
    Ok((party, with_account.then(|| account(&fields, policy)).transpose()?))
}

/// The names that [`account`] reads.
pub(crate) const SUBMISSION: &[&str; 5] = &ACCOUNT_FIELDS;

/// Reads the person.
pub(crate) fn party<'a, const N: usize>(fields: &Object<'a, N>, policy: &Policy) -> Result<Party<'a>, Problem> {
    Ok(Party {
        first_name: name("first_name", required("first_name", fields.text("first_name")?)?, policy)?,
        last_name: name("last_name", required("last_name", fields.text("last_name")?)?, policy)?,
        email: email(required("email", fields.text("email")?)?)?,
    })
}

/// Reads the account.
pub(crate) fn account<'a, const N: usize>(fields: &Object<'a, N>, policy: &Policy) -> Result<Account<'a>, Problem> {
    let number = required("account_number", digits(fields, "account_number", policy)?)?;
    if !(1..=17).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Problem::new("account_number", "must be 1 to 17 letters or digits"));
    }
    let kind = kind(fields, policy)?;
    let routing = required("routing_number", digits(fields, "routing_number", policy)?)?;
    // What was sent as a number has lost its leading zeros.
    let routing: Cow<'_, str> = match fields.is_number("routing_number") {
        true => format!("{routing:0>9}").into(),
        false => routing,
    };
    if !checksum_ok(&routing) {
        return Err(Problem::new("routing_number", "must be nine digits with a right check digit"));
    }
    if !admits_routing(&routing, policy) {
        return Err(Problem::new("routing_number", "is not accepted").by("refused_routing_numbers"));
    }
    let routing = routing.parse().map_err(|_| Problem::new("routing_number", "must be nine digits"))?;
    let name = fields.text("account_name")?.map(|name| length("account_name", name)).transpose()?;
    Ok(Account { name, number, routing, kind })
}

/// Whether a routing number has a right check digit and is not one of those that are refused.
pub(crate) fn admits_routing(routing: &str, policy: &Policy) -> bool {
    checksum_ok(routing) && !policy.refused_routing_numbers.iter().any(|refused| refused == routing)
}

/// Text, or where the policy takes it a whole number.
fn digits<'a, const N: usize>(
    fields: &Object<'a, N>,
    name: &'static str,
    policy: &Policy,
) -> Result<Option<Cow<'a, str>>, Problem> {
    if !fields.is_number(name) {
        return fields.text(name);
    }
    let number = fields.number(name)?.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    match number.filter(|_| policy.integers_in_requests) {
        Some(number) => Ok(Some(Cow::Borrowed(number))),
        None => Err(Problem::new(name, "must be a JSON string").by("integers_in_requests")),
    }
}

fn kind<const N: usize>(fields: &Object<'_, N>, policy: &Policy) -> Result<AccountType, Problem> {
    let number = fields.number("account_type")?;
    let numbered =
        number.and_then(|number| AccountType::ALL.into_iter().find(|kind| kind.number().to_string() == number));
    if number.is_some() && numbered.is_none() {
        return Err(Problem::new("account_type", "must be 1 for CHECKING or 2 for SAVINGS, as account_type_name says"));
    }
    let Some(name) = fields.text("account_type_name")? else {
        let alone = numbered.filter(|_| policy.account_type_alone);
        let missing = Problem::new("account_type_name", "is required");
        return alone.ok_or(if numbered.is_some() { missing.by("account_type_alone") } else { missing });
    };
    let kind = AccountType::from_name(&name)
        .ok_or_else(|| Problem::new("account_type_name", "must be CHECKING or SAVINGS"))?;
    match numbered {
        Some(other) if other != kind => {
            Err(Problem::new("account_type", "must be 1 for CHECKING or 2 for SAVINGS, as account_type_name says"))
        }
        _ => Ok(kind),
    }
}

fn length<'a>(field: &'static str, text: Cow<'a, str>) -> Result<Cow<'a, str>, Problem> {
    let fits =
        (1..=50).contains(&text.chars().count()) && !text.chars().any(char::is_control) && !text.trim().is_empty();
    if fits { Ok(text) } else { Err(Problem::new(field, "must be 1 to 50 characters")) }
}

fn name<'a>(field: &'static str, text: Cow<'a, str>, policy: &Policy) -> Result<Cow<'a, str>, Problem> {
    let text = length(field, text)?;
    let plain = |c: char| c.is_alphanumeric() || " '-.,".contains(c);
    if policy.strict_names && !text.chars().all(plain) {
        return Err(Problem::new(field, "has characters that are not accepted").by("strict_names"));
    }
    Ok(text)
}

fn email(text: Cow<'_, str>) -> Result<Cow<'_, str>, Problem> {
    let fits = text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts = text.split_once('@').filter(|(local, domain)| !local.is_empty() && !domain.contains('@'));
    let dotted = parts.and_then(|(_, domain)| domain.rsplit_once('.'));
    let proper = dotted.is_some_and(|(name, top)| !name.is_empty() && !name.starts_with('.') && !top.is_empty());
    if fits && proper { Ok(text) } else { Err(Problem::new("email", "must be an e-mail address")) }
}

/// Reads the two amounts of a verify, in cents. They are not wrapped (source: domain.md 1.4). None where they are numbers that no
/// deposit can be and the policy takes them.
pub(crate) fn amounts(body: &[u8], policy: &Policy) -> Result<Option<[u8; 2]>, Problem> {
    let body = Object::body(body, &AMOUNTS)?;
    let [first, second] = AMOUNTS.map(|name| Ok((name, cents(required(name, body.number(name)?)?))));
    match (first?, second?) {
        ((_, Some(first)), (_, Some(second))) => Ok(Some([first, second])),
        _ if policy.odd_amounts == OddAmounts::Wrong => Ok(None),
        ((name, None), _) | (_, (name, _)) => {
            Err(Problem::new(name, "must be above 0 and below 1 with at most two decimals").by("odd_amounts"))
        }
    }
}

/// A JSON number of dollars, exactly: 0.09, 0.090, 9e-2.
fn cents(text: &str) -> Option<u8> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{whole}{fraction}");
    let mut scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent.parse().ok()?)?;
    while scale > 2 && digits.ends_with('0') {
        digits.pop();
        scale -= 1;
    }
    let digits = digits.trim_start_matches('0');
    let missing = usize::try_from(2i64.checked_sub(scale)?).ok().filter(|missing| *missing < 3 && digits.len() < 3)?;
    let cents = format!("{digits}{}", "0".repeat(missing)).parse().ok()?;
    (1..100).contains(&cents).then_some(cents)
}

/// An amount of dollars as a person writes it: `0.05` or `.05`.
pub(crate) fn written_cents(text: &str) -> Option<u8> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.bytes().any(|byte| byte.is_ascii_digit());
    if plain { cents(text) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_amount_in_every_writing() {
        for cents_in in 1..100u8 {
            let (tens, ones) = (cents_in / 10, cents_in % 10);
            for text in [
                format!("0.{tens}{ones}"),
                format!("0.{tens}{ones}000"),
                format!("{cents_in}e-2"),
                format!("{cents_in}.0E-02"),
            ] {
                assert_eq!(cents(&text), Some(cents_in), "{text}");
            }
        }
        assert_eq!(cents("0.1"), Some(10));
        assert_eq!(cents("1e-1"), Some(10));
    }

    #[test]
    fn amounts_as_a_person_writes_them() {
        for (text, found) in [
            ("0.05", Some(5)),
            (".05", Some(5)),
            ("0.050", Some(5)),
            ("1", None),
            ("0.055", None),
            ("5e-2", None),
            ("", None),
            (".", None),
            ("-0.05", None),
            ("0,05", None),
            ("1.0.5", None),
            ("0", None),
        ] {
            assert_eq!(written_cents(text), found, "{text}");
        }
    }

    #[test]
    fn amount_refuses_other_json() {
        for text in [
            "0",
            "0.0",
            "-0.09",
            "1",
            "1.00",
            "0.095",
            "0.999",
            "100",
            "9e-3",
            "9e99999999999999999999",
            "9e9223372036854775807",
            "9e-9223372036854775808",
            "1e-99999",
            "1e0",
            "1e2",
            "-9e-2",
        ] {
            assert_eq!(cents(text), None, "{text}");
        }
    }

    fn complaint(fields: &str) -> String {
        let body =
            format!(r#"{{"micro_deposit":{{"first_name":"Josh","last_name":"James","email":"a@b.cd"{fields}}}}}"#);
        creation(body.as_bytes(), &Policy::default())
            .err()
            .map(|problem| problem.field.into_owned())
            .unwrap_or_default()
    }

    #[test]
    fn all_account_fields_or_none() {
        assert_eq!(complaint(""), "");
        assert_eq!(complaint(r#","account_name":"x""#), "account_number");
        assert_eq!(complaint(r#","account_number":"1","account_type_name":"SAVINGS""#), "routing_number");
        let account = r#","account_number":"1","account_type_name":"SAVINGS","routing_number":"091000019""#;
        assert_eq!(complaint(account), "");
        assert_eq!(complaint(&format!(r#"{account},"account_type":2"#)), "");
        assert_eq!(complaint(&format!(r#"{account},"account_type":1"#)), "account_type");
    }

    #[test]
    fn names_by_the_policy() {
        let body = br#"{"micro_deposit":{"first_name":"D#ve","last_name":"Smith","email":"a@b.cd"}}"#;
        assert!(creation(body, &Policy::default()).is_err());
        assert!(creation(body, &Policy { strict_names: false, ..Policy::default() }).is_ok());
    }
}
