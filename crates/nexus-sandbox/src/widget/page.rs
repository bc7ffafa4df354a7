//! The widget's files, and the headers that they are served with: nothing is loaded from elsewhere, and no text becomes code.

use crate::call::Reply;
use crate::compact;
use crate::options::EmbedOrigin;

const PAGE: &str = include_str!("../../widget/widget.html");
/// Name, media type, text.
pub(crate) const FILES: &[(&str, &str, &str)] = &[
    ("widget.css", "text/css; charset=utf-8", include_str!("../../widget/widget.css")),
    ("api.js", SCRIPT, include_str!("../../widget/api.js")),
    ("dom.js", SCRIPT, include_str!("../../widget/dom.js")),
    ("events.js", SCRIPT, include_str!("../../widget/events.js")),
    ("main.js", SCRIPT, include_str!("../../widget/main.js")),
    ("panel.js", SCRIPT, include_str!("../../widget/panel.js")),
    ("rules.js", SCRIPT, include_str!("../../widget/rules.js")),
];
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// With the encoding, so that the page need not name it.
const HTML: &str = "text/html; charset=utf-8";

/// Pages on loopback, at any port. A policy cannot name the address `[::1]`.
const LOOPBACK: &str = "http://127.0.0.1:* http://localhost:* https://127.0.0.1:* https://localhost:*";

/// The page, with its secret.
pub(crate) fn page(bearer: &str, color_scheme: &str, embed_origins: &[EmbedOrigin]) -> Reply {
    html(200, &filled(bearer, color_scheme), embed_origins)
}

fn filled(bearer: &str, color_scheme: &str) -> String {
    PAGE.replacen("{bearer}", bearer, 1).replacen("{color_scheme}", color_scheme, 1)
}

/// What an address shows that opens nothing: the same page without a secret.
pub(crate) fn gone(embed_origins: &[EmbedOrigin]) -> Reply {
    html(404, &filled("", "browser"), embed_origins)
}

fn html(status: u16, text: &str, embed_origins: &[EmbedOrigin]) -> Reply {
    let mut policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'self' "
        .to_owned();
    policy.push_str(LOOPBACK);
    for origin in embed_origins {
        policy.push(' ');
        policy.push_str(origin.as_str());
    }
    Reply::with_body(status, HTML, text.as_bytes().to_vec()).with_headers(vec![
        ("content-security-policy", policy.into()),
        ("x-content-type-options", "nosniff".into()),
        ("referrer-policy", "no-referrer".into()),
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

/// Of all that is served, to be weighed with the console.
#[cfg(test)]
pub(crate) fn served_bytes() -> usize {
    let files = FILES.iter().filter_map(|(name, ..)| file(name).ok()).map(|reply| reply.body.len());
    files.chain([PAGE.len()]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widget_is_small_and_loads_nothing_from_elsewhere() {
        let texts: Vec<&str> = FILES.iter().map(|(_, _, text)| *text).chain([PAGE]).collect();
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        assert!(bytes <= 28 * 1024, "{bytes}");
        for text in texts {
            for foreign in ["http://", "https://", "innerHTML", "style=", " onclick=", "eval("] {
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
        for named in PAGE.split("/md/files/").skip(1) {
            let named = named.split('"').next().unwrap();
            assert!(file(named).is_ok(), "{named}");
        }
    }

    #[test]
    fn origins_to_embed_from_join_those_on_loopback() {
        let origins = [EmbedOrigin::new("https://app.example.com").unwrap()];
        let reply = page("b", "dark", &origins);
        let policy =
            &reply.headers.as_ref().unwrap().0.iter().find(|(name, _)| *name == "content-security-policy").unwrap().1;
        assert!(policy.ends_with("https://localhost:* https://app.example.com"), "{policy}");
        let text = String::from_utf8(reply.body).unwrap();
        assert!(text.contains(r#"data-bearer="b""#) && text.contains(r#"data-scheme="dark""#) && !text.contains('{'));
    }
}
