//! How the widget is asked for: the configuration in the body of `POST /{client_id}/users/{user_id}/urls.json` (source:
//! domain.md 9.1 and 9.4).

use crate::json_reader::{Object, Problem, required};

pub(crate) const URL: [&str; 1] = ["url"];
pub(crate) const OPTIONS: [&str; 25] = [
    "type",
    "mode",
    "data_request",
    "current_microdeposit_guid",
    "current_institution_guid",
    "current_institution_code",
    "current_member_guid",
    "ui_message_version",
    "is_mobile_webview",
    "ui_message_webview_url_scheme",
    "target_origin_referrer",
    "color_scheme",
    "disable_institution_search",
    "client_redirect_url",
    "oauth_referral_source",
    "iso_country_code",
    "disable_background_agg",
    "include_identity",
    "include_transactions",
    "update_credentials",
    "wait_for_full_aggregation",
    "use_cases",
    "style",
    "locale",
    "enable_app2app",
];
pub(crate) const DATA_REQUEST: [&str; 1] = ["products"];
pub(crate) const STYLE: [&str; 1] = ["font_name"];
/// Taken, but without effect.
const TEXTS: [&str; 5] =
    ["current_member_guid", "client_redirect_url", "oauth_referral_source", "iso_country_code", "locale"];
const TRUTHS: [&str; 6] = [
    "disable_background_agg",
    "enable_app2app",
    "include_identity",
    "include_transactions",
    "update_credentials",
    "wait_for_full_aggregation",
];

/// How the widget's page is to behave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Settings {
    /// Whether it may verify: in mode verification, or where that product is asked for.
    pub(crate) verifies: bool,
    /// Whether events are posted: with version 4 of the messages.
    pub(crate) speaks: bool,
    /// Whether events are navigations.
    pub(crate) webview: bool,
    /// The scheme of such navigations.
    pub(crate) scheme: Box<str>,
    pub(crate) target_origin: Option<Box<str>>,
    /// light, dark or browser
    pub(crate) color_scheme: &'static str,
    pub(crate) searches: bool,
    pub(crate) institution: Option<Box<str>>,
    pub(crate) micro_deposit: Option<Box<str>>,
}

/// Reads the body.
pub(crate) fn read(body: &[u8]) -> Result<Settings, Problem> {
    let body = Object::body(body, &URL)?;
    let options = required("url", body.object("url", &OPTIONS)?)?.without_nulls();
    if required("type", options.text("type")?)? != "connect_widget" {
        return Err(Problem::new("type", "must be connect_widget"));
    }
    for name in TEXTS {
        options.text(name)?;
    }
    for name in TRUTHS {
        options.truth(name)?;
    }
    options.texts("use_cases")?;
    if let Some(style) = options.object("style", &STYLE)? {
        style.text("font_name")?;
    }
    let own = |name| options.text(name).map(|text| text.map(|text| text.into_owned().into_boxed_str()));
    let by_code = own("current_institution_code")?;
    Ok(Settings {
        verifies: verifies(&options)?,
        speaks: version(&options)? == 4,
        webview: options.truth("is_mobile_webview")?.unwrap_or(false),
        scheme: scheme(&options)?,
        target_origin: own("target_origin_referrer")?,
        color_scheme: color_scheme(&options)?,
        searches: !options.truth("disable_institution_search")?.unwrap_or(false),
        institution: own("current_institution_guid")?.or(by_code),
        micro_deposit: own("current_microdeposit_guid")?,
    })
}

type Options<'a> = Object<'a, { OPTIONS.len() }>;

/// Newer texts have a product in place of the mode, whose default is aggregation.
fn verifies(options: &Options<'_>) -> Result<bool, Problem> {
    let mode = options.text("mode")?;
    let modes = ["aggregation", "reward", "tax", "verification"];
    if mode.as_ref().is_some_and(|mode| !modes.contains(&&**mode)) {
        return Err(Problem::new("mode", "must be aggregation, reward, tax or verification"));
    }
    let request = options.object("data_request", &DATA_REQUEST)?;
    let products = request.map(|request| request.texts("products")).transpose()?.flatten().unwrap_or_default();
    Ok(mode.as_deref() == Some("verification") || products.iter().any(|product| product == "account_verification"))
}

/// A number by the newest page, text in an older client (domain.md C17).
fn version(options: &Options<'_>) -> Result<u8, Problem> {
    let name = "ui_message_version";
    let wrong = || Problem::new(name, "must be a whole number from 1 to 4");
    let text = match options.number(name) {
        Ok(number) => number.map(str::to_owned),
        Err(_) => options.text(name).map_err(|_| wrong())?.map(|text| text.into_owned()),
    };
    required(name, text)?.parse().ok().filter(|version| (1..=4).contains(version)).ok_or_else(wrong)
}

fn scheme(options: &Options<'_>) -> Result<Box<str>, Problem> {
    let name = "ui_message_webview_url_scheme";
    let scheme = options.text(name)?.unwrap_or("mx".into());
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        // The page would leave for an address, or run a text.
        && !["http", "https", "javascript", "data", "blob", "file", "about"].contains(&&*scheme.to_ascii_lowercase());
    if fits { Ok(scheme.into()) } else { Err(Problem::new(name, "must be the scheme of an app, such as mx")) }
}

fn color_scheme(options: &Options<'_>) -> Result<&'static str, Problem> {
    let given = options.text("color_scheme")?.unwrap_or("light".into());
    let known = ["light", "dark", "browser"].into_iter().find(|known| *known == given);
    known.ok_or(Problem::new("color_scheme", "must be light, dark or browser"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(options: &str) -> Result<Settings, Problem> {
        let body =
            format!(r#"{{"url":{{"type":"connect_widget","mode":"verification","ui_message_version":4{options}}}}}"#);
        read(body.as_bytes())
    }

    #[test]
    fn options_of_the_wrong_type_are_named() {
        let complaint = |name: &str, value: &str| {
            with(&format!(",\"{name}\":{value}")).err().map(|problem| problem.field.into_owned())
        };
        for name in OPTIONS {
            if !["type", "mode", "ui_message_version"].contains(&name) {
                assert_eq!(complaint(name, "7").as_deref(), Some(name));
                assert_eq!(complaint(name, "null"), None, "null is as good as absent");
            }
        }
        for name in TRUTHS.into_iter().chain(["is_mobile_webview", "disable_institution_search"]) {
            assert_eq!(complaint(name, "false"), None);
            assert_eq!(complaint(name, "\"no\"").as_deref(), Some(name));
        }
        for scheme in ["http", "HTTPS", "javascript", "1a", "", "a:b", "a/b"] {
            let name = "ui_message_webview_url_scheme";
            assert_eq!(complaint(name, &format!("{scheme:?}")).as_deref(), Some(name), "{scheme}");
        }
        assert_eq!(complaint("color_scheme", "\"blue\"").as_deref(), Some("color_scheme"));
        assert_eq!(complaint("data_request", r#"{"products":[1]}"#).as_deref(), Some("products"));
        assert_eq!(complaint("style", r#"{"font_name":1}"#).as_deref(), Some("font_name"));
    }

    #[test]
    fn defaults_and_what_is_said() {
        let plain = with("").unwrap();
        assert_eq!((plain.verifies, plain.speaks, plain.webview, &*plain.scheme), (true, true, false, "mx"));
        assert_eq!((plain.color_scheme, plain.searches, plain.target_origin), ("light", true, None));
        let app =
            with(r#","is_mobile_webview":true,"ui_message_webview_url_scheme":"appscheme","color_scheme":"dark""#);
        let app = app.unwrap();
        assert_eq!((app.webview, &*app.scheme, app.color_scheme), (true, "appscheme", "dark"));
    }

    #[test]
    fn modes_products_and_versions() {
        let told = |inner: &str| read(format!(r#"{{"url":{{"type":"connect_widget"{inner}}}}}"#).as_bytes());
        let products = r#","data_request":{"products":["transactions","account_verification"]}"#;
        for (inner, verifies, speaks) in [
            (r#","ui_message_version":4"#.to_owned(), false, true),
            (r#","ui_message_version":"4","mode":"aggregation""#.to_owned(), false, true),
            (r#","ui_message_version":"4","mode":"verification""#.to_owned(), true, true),
            (r#","ui_message_version":1,"mode":"verification""#.to_owned(), true, false),
            (format!(r#","ui_message_version":4{products}"#), true, true),
        ] {
            let told = told(&inner).unwrap();
            assert_eq!((told.verifies, told.speaks), (verifies, speaks), "{inner}");
        }
        for inner in ["", r#","ui_message_version":5"#, r#","ui_message_version":"x""#, r#","ui_message_version":true"#]
        {
            assert_eq!(told(inner).unwrap_err().field, "ui_message_version", "{inner}");
        }
        assert_eq!(told(r#","ui_message_version":4,"mode":"no""#).unwrap_err().field, "mode");
    }
}
