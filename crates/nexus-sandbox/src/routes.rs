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
    Access,
    Console,
    ConsoleFile,
    ConsoleWay,
    Live,
    Receiver,
    Root,
    Transitions,
    Webhooks,
    Webhook,
    PauseWebhook,
    ResumeWebhook,
    Deliveries,
    Delivery,
    Replay,
    WebhookFaults,
    WebhookFault,
    Tenants,
    Tenant,
    WidgetPage,
    WidgetFile,
    WidgetStart,
    WidgetMicroDeposit,
    WidgetRoutingNumber,
    WidgetInstitution,
    WidgetMember,
    Metrics,
}

/// A path with its places for parameters in braces, and the methods that it has.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) methods: &'static [&'static str],
    pub(crate) allow: &'static str,
    pub(crate) target: Target,
    pub(crate) guard: Guard,
    /// How much of the path comes before its first parameter: nearly all that do not fit differ there.
    literal: usize,
}

/// From where a served route may be called; `server/gate.rs` has the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// From programs, and from pages of the sandbox's own origin; changes only as JSON. What says nothing else has this.
    Strict,
    /// The data and SSO API: from programs, and from pages of the origins that are named.
    Api,
    /// A page: as `Strict`, and any page may link to it or embed it.
    Page,
}

const fn route(path: &'static str, methods: &'static [&'static str], allow: &'static str, target: Target) -> Route {
    Route { path, methods, allow, target, guard: Guard::Strict, literal: literal(path) }
}

impl Route {
    const fn guarded(mut self, guard: Guard) -> Route {
        self.guard = guard;
        self
    }

    /// What the header `Allow` says where the route is served: `HEAD` and `OPTIONS` are the server's own.
    pub(crate) fn allowed(&self) -> String {
        let mut all: Vec<&str> = self.methods.to_vec();
        if let Some(get) = all.iter().position(|method| *method == "GET") {
            all.insert(get + 1, "HEAD");
        }
        all.push("OPTIONS");
        all.join(", ")
    }
}

pub(crate) const ROUTES: &[Route] = &[
    route("/micro_deposits", &["GET", "POST"], "GET, POST", Target::MicroDeposits).guarded(Guard::Api),
    route("/micro_deposits/{micro_deposit_guid}", &["GET", "PUT"], "GET, PUT", Target::MicroDeposit)
        .guarded(Guard::Api),
    route("/sessions", &["POST"], "POST", Target::Sessions).guarded(Guard::Api),
    route("/{client_id}/users/{user_id}/api_token.json", &["GET"], "GET", Target::ApiToken).guarded(Guard::Api),
    route("/{client_id}/users/{user_id}/urls.json", &["POST"], "POST", Target::Urls).guarded(Guard::Api),
    route("/_sandbox/access", &["GET"], "GET", Target::Access),
    route("/_sandbox/advance", &["POST"], "POST", Target::Advance),
    route("/_sandbox/console", &["GET"], "GET", Target::ConsoleWay).guarded(Guard::Page),
    route("/_sandbox/console/", &["GET"], "GET", Target::Console).guarded(Guard::Page),
    route("/_sandbox/console/{console_file}", &["GET"], "GET", Target::ConsoleFile),
    route("/_sandbox/deposits/{micro_deposit_guid}", &["GET"], "GET", Target::Statement),
    route("/_sandbox/events", &["GET"], "GET", Target::Outbox),
    route("/_sandbox/events/{micro_deposit_guid}", &["POST"], "POST", Target::EventOn),
    route("/_sandbox/export", &["GET"], "GET", Target::Export),
    route("/_sandbox/import", &["POST"], "POST", Target::Import),
    route("/_sandbox/faults", &["GET", "POST", "DELETE"], "GET, POST, DELETE", Target::Faults),
    route("/_sandbox/faults/{fault_id}", &["DELETE"], "DELETE", Target::Fault),
    route("/_sandbox/live", &["GET"], "GET", Target::Live),
    route("/_sandbox/openapi.json", &["GET"], "GET", Target::OpenApi),
    route("/_sandbox/receiver", &["POST"], "POST", Target::Receiver),
    route("/_sandbox/requests", &["GET"], "GET", Target::Requests),
    route("/_sandbox/reset", &["POST"], "POST", Target::Reset),
    route("/_sandbox/scenarios", &["GET"], "GET", Target::Scenarios),
    route("/_sandbox/scenarios/{scenario}", &["POST"], "POST", Target::Scenario),
    route("/_sandbox/sessions/expire", &["POST"], "POST", Target::ExpireSessions),
    route("/_sandbox/state", &["GET"], "GET", Target::State),
    route("/_sandbox/state/{micro_deposit_guid}", &["GET"], "GET", Target::StateOf),
    route("/_sandbox/transitions", &["GET"], "GET", Target::Transitions),
    route("/_sandbox/webhooks", &["GET", "POST"], "GET, POST", Target::Webhooks),
    route("/_sandbox/webhooks/deliveries", &["GET"], "GET", Target::Deliveries),
    route("/_sandbox/webhooks/deliveries/{delivery_id}", &["GET"], "GET", Target::Delivery),
    route("/_sandbox/webhooks/deliveries/{delivery_id}/replay", &["POST"], "POST", Target::Replay),
    route("/_sandbox/webhooks/faults", &["GET", "POST", "DELETE"], "GET, POST, DELETE", Target::WebhookFaults),
    route("/_sandbox/webhooks/faults/{fault_id}", &["DELETE"], "DELETE", Target::WebhookFault),
    // After those that are words.
    route("/_sandbox/webhooks/{webhook_id}", &["GET", "DELETE"], "GET, DELETE", Target::Webhook),
    route("/_sandbox/webhooks/{webhook_id}/pause", &["POST"], "POST", Target::PauseWebhook),
    route("/_sandbox/webhooks/{webhook_id}/resume", &["POST"], "POST", Target::ResumeWebhook),
    route("/md/connect/{token}", &["GET"], "GET", Target::WidgetPage).guarded(Guard::Page),
    route("/md/connect/{token}/start", &["POST"], "POST", Target::WidgetStart),
    route("/md/connect/{token}/microdeposit", &["GET", "POST", "PUT"], "GET, POST, PUT", Target::WidgetMicroDeposit),
    route("/md/connect/{token}/routing_number", &["POST"], "POST", Target::WidgetRoutingNumber),
    route("/md/connect/{token}/institution", &["POST"], "POST", Target::WidgetInstitution),
    route("/md/connect/{token}/member", &["POST"], "POST", Target::WidgetMember),
    route("/md/files/{widget_file}", &["GET"], "GET", Target::WidgetFile),
];

/// The routes that the server has and a world has not.
pub(crate) const SERVER: &[Route] = &[
    route("/_sandbox/metrics", &["GET"], "GET", Target::Metrics),
    route("/", &["GET"], "GET", Target::Root),
    route("/_sandbox/tenants", &["GET", "POST"], "GET, POST", Target::Tenants),
    route("/_sandbox/tenants/{tenant}", &["DELETE"], "DELETE", Target::Tenant),
];

/// The route of a path, its place in the table, and its parameters, percent-decoded, in order; none for an unknown path.
pub(crate) fn find(path: &str) -> Option<(usize, &'static Route, [Cow<'_, str>; 2])> {
    ROUTES.iter().enumerate().find_map(|(index, route)| Some((index, route, route.parameters(path)?)))
}

/// The same among the server's own.
pub(crate) fn find_server(path: &str) -> Option<(&'static Route, [Cow<'_, str>; 2])> {
    SERVER.iter().find_map(|route| Some((route, route.parameters(path)?)))
}

/// The route of a path without its parameters, which costs less.
pub(crate) fn route_of(path: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.fits(path, |_| Some(())).is_some())
}

impl Route {
    fn parameters<'a>(&self, path: &'a str) -> Option<[Cow<'a, str>; 2]> {
        let mut parameters = [Cow::Borrowed(""), Cow::Borrowed("")];
        let mut free = parameters.iter_mut();
        self.fits(path, |segment| {
            // What is not UTF-8 names nothing, so it may as well be replaced.
            *free.next()? = percent_decode_str(segment).decode_utf8_lossy();
            Some(())
        })?;
        Some(parameters)
    }

    /// Whether a path is of this route; `each` takes its parameters as they came.
    fn fits<'a>(&self, path: &'a str, mut each: impl FnMut(&'a str) -> Option<()>) -> Option<()> {
        let (literal, template) = self.path.split_at_checked(self.literal)?;
        let rest = path.strip_prefix(literal)?;
        if template.is_empty() {
            return rest.is_empty().then_some(());
        }
        let (mut wanted, mut given) = (template.split('/'), rest.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return Some(()),
                (Some(name), Some(segment)) if name.starts_with('{') && !segment.is_empty() => each(segment)?,
                (Some(name), Some(segment)) if name == segment => {}
                _ => return None,
            }
        }
    }
}

/// How long the beginning of a path is that holds no parameter.
const fn literal(path: &str) -> usize {
    let (bytes, mut end) = (path.as_bytes(), 0);
    while end < bytes.len() && bytes[end] != b'{' {
        end += 1;
    }
    end
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
        for route in ROUTES.iter().chain(SERVER) {
            assert_eq!(route.allow, route.methods.join(", "));
        }
        let allowed = |path| find(path).map(|(_, route, _)| route.allowed());
        assert_eq!(allowed("/micro_deposits").as_deref(), Some("GET, HEAD, POST, OPTIONS"));
        assert_eq!(allowed("/_sandbox/reset").as_deref(), Some("POST, OPTIONS"));
    }

    #[test]
    fn only_the_api_and_pages_have_another_guard_than_the_strictest() {
        for route in ROUTES.iter().chain(SERVER) {
            let wanted = match route.path {
                "/_sandbox/console" | "/_sandbox/console/" | "/md/connect/{token}" => Guard::Page,
                own if own == "/" || ["/_sandbox/", "/md/"].iter().any(|folder| own.starts_with(folder)) => {
                    Guard::Strict
                }
                _ => Guard::Api,
            };
            assert_eq!(route.guard, wanted, "{}", route.path);
        }
    }
}
