//! The console at `/_sandbox/console/`: a page that shows the sandbox while it happens, and the files that it loads. It does
//! nothing that the admin interface and the API cannot do. Nothing is loaded from elsewhere, and no text becomes code.

use nexus_types::machine::{Position, TABLE};
use serde_json::{Value, json};

use crate::call::Reply;
use crate::compact;
use crate::world::World;

const PAGE: &str = include_str!("../console/index.html");
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// With the encoding, so that the page need not name it.
const HTML: &str = "text/html; charset=utf-8";
/// Name, media type, text.
const FILES: &[(&str, &str, &str)] = &[
    ("console.css", "text/css; charset=utf-8", include_str!("../console/console.css")),
    ("api.js", SCRIPT, include_str!("../console/api.js")),
    ("clock.js", SCRIPT, include_str!("../console/clock.js")),
    ("detail.js", SCRIPT, include_str!("../console/detail.js")),
    ("diagram.js", SCRIPT, include_str!("../console/diagram.js")),
    ("dom.js", SCRIPT, include_str!("../console/dom.js")),
    ("faults.js", SCRIPT, include_str!("../console/faults.js")),
    ("keys.js", SCRIPT, include_str!("../console/keys.js")),
    ("live.js", SCRIPT, include_str!("../console/live.js")),
    ("main.js", SCRIPT, include_str!("../console/main.js")),
    ("records.js", SCRIPT, include_str!("../console/records.js")),
    ("requests.js", SCRIPT, include_str!("../console/requests.js")),
    ("scenarios.js", SCRIPT, include_str!("../console/scenarios.js")),
    ("state.js", SCRIPT, include_str!("../console/state.js")),
    ("webhooks.js", SCRIPT, include_str!("../console/webhooks.js")),
    ("world.js", SCRIPT, include_str!("../console/world.js")),
];

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The page.
pub(crate) fn page() -> Reply {
    Reply::with_body(200, HTML, compact::page(PAGE).into_bytes()).with_headers(vec![
        ("content-security-policy", POLICY.into()),
        ("x-content-type-options", "nosniff".into()),
        ("referrer-policy", "no-referrer".into()),
        ("cross-origin-opener-policy", "same-origin".into()),
        ("cache-control", "no-store".into()),
    ])
}

/// One of the files that the page loads.
pub(crate) fn file(name: &str) -> Result<Reply, Reply> {
    let (_, media_type, text) = FILES.iter().find(|(known, _, _)| *known == name).ok_or_else(Reply::not_found)?;
    let text = if *media_type == SCRIPT { compact::script(text) } else { compact::style(text) };
    let reply = Reply::with_body(200, media_type, text.into_bytes());
    Ok(reply.with_headers(vec![
        ("x-content-type-options", "nosniff".into()),
        ("cross-origin-resource-policy", "same-origin".into()),
        // Another sandbox may be at this port tomorrow.
        ("cache-control", "no-cache".into()),
    ]))
}

/// The way to the page.
pub(crate) fn redirect(to: &str) -> Reply {
    let mut reply = Reply::with_body(307, HTML, Vec::new());
    reply.location = Some(to.into());
    reply
}

/// Who may ask: the same that whoever started the sandbox was told. It opens nothing but this sandbox.
pub(crate) fn access(world: &World) -> Reply {
    let credentials = world.credentials();
    Reply::admin(&json!({
        "client_id": credentials.client_id,
        "user_id": credentials.user_id,
        "api_key": credentials.api_key,
        "session_token": credentials.session_token,
    }))
}

/// The core's table of transitions, for the page's diagram.
pub(crate) fn transitions() -> Reply {
    let name = |position: Position| match position {
        Position::Nothing => Value::Null,
        Position::At(status) => json!(status.name()),
        Position::Deleted => json!("deleted"),
    };
    let rows = TABLE.iter().map(|row| {
        json!({
            "from": name(row.from),
            "event": row.event.name(),
            "to": name(row.to),
            "source": row.source,
            "assumed": row.is_assumed(),
        })
    });
    Reply::admin(&json!({"transitions": rows.collect::<Vec<_>>()}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served_bytes() -> usize {
        let files = FILES.iter().map(|(name, ..)| file(name).unwrap().body.len());
        files.chain([page().body.len()]).sum()
    }

    #[test]
    fn the_console_is_small_and_loads_nothing_from_elsewhere() {
        let texts: Vec<&str> = FILES.iter().map(|(_, _, text)| *text).chain([PAGE]).collect();
        let served = served_bytes() + crate::widget::served_bytes();
        assert!(served <= 64 * 1024, "{served} with the widget");
        for text in texts {
            for foreign in
                ["https://", "//cdn", "innerHTML", "insertAdjacent", "style=", " onclick=", "eval(", "cookie"]
            {
                assert!(!text.contains(foreign), "{foreign}");
            }
        }
    }

    #[test]
    fn every_file_that_is_named_is_there() {
        for (name, _, text) in FILES {
            for import in text.split("from './").skip(1) {
                let import = import.split('\'').next().unwrap();
                assert!(FILES.iter().any(|(known, _, _)| *known == import), "{name} imports {import}");
            }
        }
        let named = PAGE.split(['"', '\'']).filter(|word| word.ends_with(".js") || word.ends_with(".css"));
        let named: Vec<&str> = named.collect();
        assert!(named.len() >= 2, "{named:?}");
        for name in named {
            assert!(file(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn the_page_may_be_embedded_nowhere_and_no_text_becomes_code() {
        let headers = page().headers.unwrap().0;
        let value = |name: &str| headers.iter().find(|(known, _)| *known == name).unwrap().1.clone();
        let policy = value("content-security-policy");
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"] {
            assert!(policy.contains(rule), "{rule}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'));
        assert_eq!(
            (value("x-content-type-options"), value("referrer-policy")),
            ("nosniff".into(), "no-referrer".into())
        );
        assert!(!headers.iter().any(|(name, _)| *name == "set-cookie"));
    }

    #[test]
    fn the_transitions_are_the_tables() {
        let told: Value = serde_json::from_slice(&transitions().body).unwrap();
        let told = told["transitions"].as_array().unwrap();
        assert_eq!(told.len(), TABLE.len());
        let row = |index: usize| (told[index]["from"].clone(), told[index]["event"].clone(), told[index]["to"].clone());
        assert_eq!(row(0), (Value::Null, json!("preinitiated"), json!("PREINITIATED")));
        assert_eq!(row(TABLE.len() - 1), (json!("DENIED"), json!("expired"), json!("deleted")));
    }
}
