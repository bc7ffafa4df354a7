//! The table of paths and their handlers. A test compares the OpenAPI document with it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    MicroDeposits,
    MicroDeposit,
    Sessions,
    ApiToken,
    Urls,
    Advance,
    Statement,
    EventOn,
    Outbox,
    Faults,
    Fault,
    Requests,
    Reset,
    Export,
    Import,
    Scenarios,
    Scenario,
    ExpireSessions,
    State,
    StateOf,
    OpenApi,
}

/// A path with its places for parameters in braces, and the methods that it has.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) methods: &'static [&'static str],
    pub(crate) allow: &'static str,
    pub(crate) target: Target,
}

const fn route(path: &'static str, methods: &'static [&'static str], allow: &'static str, target: Target) -> Route {
    Route { path, methods, allow, target }
}

pub(crate) const ROUTES: &[Route] = &[
    route("/micro_deposits", &["GET", "POST"], "GET, POST", Target::MicroDeposits),
    route("/micro_deposits/{micro_deposit_guid}", &["GET", "PUT"], "GET, PUT", Target::MicroDeposit),
    route("/sessions", &["POST"], "POST", Target::Sessions),
    route("/{client_id}/users/{user_id}/api_token.json", &["GET"], "GET", Target::ApiToken),
    route("/{client_id}/users/{user_id}/urls.json", &["POST"], "POST", Target::Urls),
    route("/_sandbox/advance", &["POST"], "POST", Target::Advance),
    route("/_sandbox/deposits/{micro_deposit_guid}", &["GET"], "GET", Target::Statement),
    route("/_sandbox/events", &["GET"], "GET", Target::Outbox),
    route("/_sandbox/events/{micro_deposit_guid}", &["POST"], "POST", Target::EventOn),
    route("/_sandbox/export", &["GET"], "GET", Target::Export),
    route("/_sandbox/import", &["POST"], "POST", Target::Import),
    route("/_sandbox/faults", &["GET", "POST", "DELETE"], "GET, POST, DELETE", Target::Faults),
    route("/_sandbox/faults/{fault_id}", &["DELETE"], "DELETE", Target::Fault),
    route("/_sandbox/openapi.json", &["GET"], "GET", Target::OpenApi),
    route("/_sandbox/requests", &["GET"], "GET", Target::Requests),
    route("/_sandbox/reset", &["POST"], "POST", Target::Reset),
    route("/_sandbox/scenarios", &["GET"], "GET", Target::Scenarios),
    route("/_sandbox/scenarios/{scenario}", &["POST"], "POST", Target::Scenario),
    route("/_sandbox/sessions/expire", &["POST"], "POST", Target::ExpireSessions),
    route("/_sandbox/state", &["GET"], "GET", Target::State),
    route("/_sandbox/state/{micro_deposit_guid}", &["GET"], "GET", Target::StateOf),
];

/// The route of a path, its place in the table, and its parameters, percent-decoded, in order; none for an unknown path.
pub(crate) fn find(path: &str) -> Option<(usize, &'static Route, [Cow<'_, str>; 2])> {
    ROUTES.iter().enumerate().find_map(|(index, route)| Some((index, route, fit(route.path, path)?)))
}

fn fit<'a>(template: &str, path: &'a str) -> Option<[Cow<'a, str>; 2]> {
    let mut parameters = [Cow::Borrowed(""), Cow::Borrowed("")];
    let mut free = parameters.iter_mut();
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(name), Some(segment)) if name.starts_with('{') && !segment.is_empty() => {
                // What is not UTF-8 names nothing, so it may as well be replaced.
                *free.next()? = percent_decode_str(segment).decode_utf8_lossy();
            }
            (Some(name), Some(segment)) if name == segment => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_their_parameters() {
        let place = |path| find(path).map(|(_, route, parameters)| (route.target, parameters.map(Cow::into_owned)));
        let none = || [String::new(), String::new()];
        assert_eq!(place("/micro_deposits"), Some((Target::MicroDeposits, none())));
        assert_eq!(place("/micro_deposits/MIC%2D1"), Some((Target::MicroDeposit, ["MIC-1".into(), String::new()])));
        assert_eq!(
            place("/a%2Fb/users/%FF/api_token.json"),
            Some((Target::ApiToken, ["a/b".into(), "\u{fffd}".into()]))
        );
        for unknown in [
            "",
            "/",
            "/micro_deposits/",
            "/micro_deposits/a/b",
            "//micro_deposits",
            "/x/users/y/z.json",
            "/_sandbox",
            "*",
        ] {
            assert_eq!(place(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_header_allow_says_what_the_table_says() {
        for route in ROUTES {
            assert_eq!(route.allow, route.methods.join(", "));
        }
    }
}
