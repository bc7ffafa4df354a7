//! [`Place`]: where the path of a served request leads, before anything is done with it.

use std::borrow::Cow;

use crate::routes::{self, Guard, Route};

/// Admin paths of one tenant: `/_sandbox/t/{name}/state`.
const OF_TENANT: &str = "/_sandbox/t/";
const ADMIN: &str = "/_sandbox/";
/// The addresses of pages, and of the calls of each.
const PAGES: &str = "/md/connect/{token}";

pub(crate) struct Place<'a> {
    /// The tenant that the path names.
    pub(crate) tenant: Option<&'a str>,
    /// Path and query as a world sees them.
    pub(crate) path: Cow<'a, str>,
    found: Found<'a>,
}

enum Found<'a> {
    World(&'static Route, Option<&'a str>),
    Server(&'static Route, String),
    Unknown,
}

impl<'a> Place<'a> {
    pub(crate) fn of(whole: &'a str) -> Place<'a> {
        if let Some((name, rest)) = whole.strip_prefix(OF_TENANT).and_then(|rest| rest.split_once('/')) {
            let path = format!("{ADMIN}{rest}");
            let found = routes::route_of(plain(&path)).map_or(Found::Unknown, |route| Found::World(route, None));
            return Place { tenant: Some(name), path: Cow::Owned(path), found };
        }
        let (tenant, path) = (None, Cow::Borrowed(whole));
        if let Some(route) = routes::route_of(plain(whole)) {
            let token = route.path.strip_prefix(PAGES).and_then(|_| plain(whole).split('/').nth(3));
            return Place { tenant, path, found: Found::World(route, token) };
        }
        let found = match routes::find_server(plain(whole)) {
            Some((route, [name, _])) => Found::Server(route, name.into_owned()),
            None => Found::Unknown,
        };
        Place { tenant, path, found }
    }

    /// What is unknown has the strictest guard.
    pub(crate) fn guard(&self) -> Guard {
        self.route().map_or(Guard::Strict, |route| route.guard)
    }

    pub(crate) fn route(&self) -> Option<&'static Route> {
        match &self.found {
            Found::World(route, _) | Found::Server(route, _) => Some(*route),
            Found::Unknown => None,
        }
    }

    /// A route of the server's own, and its parameter.
    pub(crate) fn server(&self) -> Option<(&'static Route, &str)> {
        match &self.found {
            Found::Server(route, name) => Some((route, name)),
            _ => None,
        }
    }

    /// The token in the path: a page's address has nothing else that says whose it is.
    pub(crate) fn token(&self) -> Option<&'a str> {
        match &self.found {
            Found::World(_, token) => *token,
            _ => None,
        }
    }
}

fn plain(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_paths_lead() {
        let place = |path: &'static str| {
            let place = Place::of(path);
            (place.tenant, place.path.into_owned(), place.found)
        };
        let world = |path: &'static str| match place(path) {
            (tenant, path, Found::World(route, _)) => (tenant, path, route.path),
            (tenant, path, Found::Server(route, name)) => (tenant, format!("{path} {name}"), route.path),
            (tenant, path, Found::Unknown) => (tenant, path, "unknown"),
        };
        for (path, tenant, seen, route) in [
            ("/micro_deposits?page=1", None, "/micro_deposits?page=1", "/micro_deposits"),
            ("/_sandbox/state", None, "/_sandbox/state", "/_sandbox/state"),
            ("/_sandbox/t/a/state", Some("a"), "/_sandbox/state", "/_sandbox/state"),
            ("/_sandbox/t/a/events?after=3", Some("a"), "/_sandbox/events?after=3", "/_sandbox/events"),
            ("/_sandbox/tenants", None, "/_sandbox/tenants ", "/_sandbox/tenants"),
            ("/_sandbox/tenants/a%2Db", None, "/_sandbox/tenants/a%2Db a-b", "/_sandbox/tenants/{tenant}"),
            ("/_sandbox/t/a/tenants", Some("a"), "/_sandbox/tenants", "unknown"),
            ("/_sandbox/t/a/t/b/state", Some("a"), "/_sandbox/t/b/state", "unknown"),
            ("/_sandbox/t/a/../../micro_deposits", Some("a"), "/_sandbox/../../micro_deposits", "unknown"),
            ("/_sandbox/t/a", None, "/_sandbox/t/a", "unknown"),
            ("/nowhere", None, "/nowhere", "unknown"),
            ("", None, "", "unknown"),
        ] {
            assert_eq!(world(path), (tenant, seen.to_owned(), route), "{path}");
        }
        for (path, token) in [
            ("/md/connect/abc", Some("abc")),
            ("/md/connect/abc?x=1", Some("abc")),
            ("/md/connect/abc/microdeposit?shown", Some("abc")),
            ("/md/files/main.js", None),
            ("/micro_deposits/abc", None),
        ] {
            assert_eq!(Place::of(path).token(), token, "{path}");
        }
        assert_eq!(Place::of("/md/connect/abc").guard(), Guard::Page);
        assert_eq!(Place::of("/nowhere").guard(), Guard::Strict);
        assert_eq!(Place::of("/micro_deposits").guard(), Guard::Api);
    }

    #[test]
    fn every_admin_path_is_one_of_a_tenant_too() {
        let mut count = 0;
        for route in routes::ROUTES {
            let Some(rest) = route.path.strip_prefix(ADMIN) else { continue };
            let whole = format!("{OF_TENANT}a/{rest}");
            let place = Place::of(&whole);
            assert_eq!((place.tenant, &*place.path), (Some("a"), route.path));
            assert_eq!(place.route().map(|found| found.path), Some(route.path));
            count += 1;
        }
        assert!(count > 12, "{count}");
    }
}
