//! Which path leads where, as one table. The OpenAPI document is compared with it.

use std::borrow::Cow;

use nexus_types::Operation;
use percent_encoding::percent_decode_str;

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
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
    pub(crate) place: Place,
}

const fn route(path: &'static str, methods: &'static [&'static str], allow: &'static str, place: Place) -> Route {
    Route { path, methods, allow, place }
}

pub(crate) const ROUTES: &[Route] = &[
    route("/micro_deposits", &["GET", "POST"], "GET, POST", Place::MicroDeposits),
    route("/micro_deposits/{micro_deposit_guid}", &["GET", "PUT"], "GET, PUT", Place::MicroDeposit),
    route("/sessions", &["POST"], "POST", Place::Sessions),
    route("/{client_id}/users/{user_id}/api_token.json", &["GET"], "GET", Place::ApiToken),
    route("/{client_id}/users/{user_id}/urls.json", &["POST"], "POST", Place::Urls),
    route("/_sandbox/advance", &["POST"], "POST", Place::Advance),
    route("/_sandbox/deposits/{micro_deposit_guid}", &["GET"], "GET", Place::Statement),
    route("/_sandbox/events", &["GET"], "GET", Place::Outbox),
    route("/_sandbox/events/{micro_deposit_guid}", &["POST"], "POST", Place::EventOn),
    route("/_sandbox/faults", &["GET", "POST", "DELETE"], "GET, POST, DELETE", Place::Faults),
    route("/_sandbox/faults/{fault_id}", &["DELETE"], "DELETE", Place::Fault),
    route("/_sandbox/openapi.json", &["GET"], "GET", Place::OpenApi),
    route("/_sandbox/requests", &["GET"], "GET", Place::Requests),
    route("/_sandbox/reset", &["POST"], "POST", Place::Reset),
    route("/_sandbox/sessions/expire", &["POST"], "POST", Place::ExpireSessions),
    route("/_sandbox/state", &["GET"], "GET", Place::State),
    route("/_sandbox/state/{micro_deposit_guid}", &["GET"], "GET", Place::StateOf),
];

impl Place {
    /// What a request of the API is, by its method; none for the admin interface.
    pub(crate) fn operation(self, method: &str) -> Option<Operation> {
        match (self, method) {
            (Place::MicroDeposits, "GET") => Some(Operation::List),
            (Place::MicroDeposits, _) => Some(Operation::Create),
            (Place::MicroDeposit, "GET") => Some(Operation::Read),
            (Place::MicroDeposit, _) => Some(Operation::Verify),
            (Place::Sessions, _) => Some(Operation::OpenSession),
            (Place::ApiToken, _) => Some(Operation::ApiToken),
            (Place::Urls, _) => Some(Operation::WidgetUrl),
            _ => None,
        }
    }
}

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
        let place = |path| find(path).map(|(_, route, parameters)| (route.place, parameters.map(Cow::into_owned)));
        let none = || [String::new(), String::new()];
        assert_eq!(place("/micro_deposits"), Some((Place::MicroDeposits, none())));
        assert_eq!(place("/micro_deposits/MIC%2D1"), Some((Place::MicroDeposit, ["MIC-1".into(), String::new()])));
        assert_eq!(
            place("/a%2Fb/users/%FF/api_token.json"),
            Some((Place::ApiToken, ["a/b".into(), "\u{fffd}".into()]))
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
