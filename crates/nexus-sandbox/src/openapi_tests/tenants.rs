//! Requests everything that the server itself has and checks each response against the document's schema for it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::schema::{faults, follow};
use super::{document, methods};
use crate::routes::{SERVER, find_server};
use crate::server::own_world::Running;
use crate::server::tenant_calls;
use crate::server::tenant_options::TenantOptions;
use crate::server::tenants::{MOST, Tenants};
use crate::{Call, Options};

struct Asked {
    document: Value,
    tenants: Tenants,
    seen: BTreeSet<(&'static str, String, String)>,
}

impl Asked {
    fn ask(&mut self, method: &str, path: &str, body: &str, status: u16) -> Value {
        let (route, [name, _]) = find_server(path).unwrap();
        let mut call = Call::new(method, path);
        call.body = body.as_bytes();
        let reply = tenant_calls::respond(&self.tenants, "http://127.0.0.1:8080", &call, route, &name);
        let at = format!("{method} {path} {}", String::from_utf8_lossy(&reply.body));
        assert_eq!(reply.status, status, "{at}");
        let item = &self.document["paths"][route.path];
        let operation = &item[method.to_lowercase()];
        let documented =
            if status == 405 { &item["x-other-methods"] } else { &operation["responses"][status.to_string()] };
        let documented = documented["$ref"].as_str().map_or(documented, |name| follow(&self.document, name));
        let content = documented["content"].as_object().unwrap_or_else(|| panic!("not documented: {at}"));
        let (media_type, content) = content.iter().next().unwrap();
        assert_eq!(reply.content_type, media_type, "{at}");
        let told: Value = match *media_type == "application/json" || status != 200 {
            true => serde_json::from_slice(&reply.body).unwrap(),
            false => String::from_utf8(reply.body).unwrap().into(),
        };
        assert_eq!(faults(&self.document, &content["schema"], &told), Vec::<String>::new(), "{at}");
        if status == 200 && !body.is_empty() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let sent = serde_json::from_str(body).unwrap();
            assert_eq!(faults(&self.document, schema, &sent), Vec::<String>::new(), "{at}");
        }
        assert_eq!(reply.allow.is_some(), status == 405, "{at}");
        if status != 405 {
            self.seen.insert((route.path, method.to_owned(), status.to_string()));
        }
        told
    }
}

#[test]
fn every_response_of_the_server_itself_matches_and_every_documented_one_occurs() {
    let tenants = Tenants::new(Options::default(), Running::default());
    let mut asked = Asked { document: document(), tenants, seen: BTreeSet::new() };
    let (all, huge) = ("/_sandbox/tenants", " ".repeat(65_537));
    asked.ask("GET", "/_sandbox/metrics", "", 200);
    asked.ask("GET", "/_sandbox/metrics", &huge, 413);
    asked.ask("POST", "/_sandbox/metrics", "", 405);
    asked.ask("POST", all, "", 200);
    asked.ask("POST", all, r#"{"name":"a-b.c_1","seed":7,"policy":{"conflict":false},"ttl_seconds":60}"#, 200);
    asked.ask("POST", all, r#"{"name":"a-b.c_1"}"#, 409);
    asked.ask("POST", all, r#"{"name":"-"}"#, 400);
    let listed = asked.ask("GET", all, "", 200);
    assert_eq!(listed["tenants"].as_array().map(Vec::len), Some(3));
    for (method, path) in [("POST", all), ("GET", all), ("DELETE", "/_sandbox/tenants/x")] {
        asked.ask(method, path, &huge, 413);
    }
    asked.ask("PATCH", all, "", 405);
    asked.ask("DELETE", "/_sandbox/tenants/a%2Db.c_1", "", 200);
    asked.ask("DELETE", "/_sandbox/tenants/a-b.c_1", "", 404);
    asked.ask("DELETE", "/_sandbox/tenants/default", "", 409);
    for _ in 1..MOST {
        asked.tenants.make(TenantOptions::default()).unwrap();
    }
    asked.ask("POST", all, "{}", 503);
    let documented: BTreeSet<_> = methods(&asked.document)
        .into_iter()
        .filter_map(|(path, method, operation)| {
            // The root is asked over a socket: a program is told that there is no such path.
            let route = SERVER.iter().find(|route| route.path == path && path != "/")?;
            let statuses: Vec<String> = operation["responses"].as_object().unwrap().keys().cloned().collect();
            Some(statuses.into_iter().map(move |status| (route.path, method.clone(), status)))
        })
        .flatten()
        .collect();
    assert_eq!(asked.seen, documented);
    let schemas = &asked.document["components"]["schemas"];
    assert_eq!(schemas["TenantRequest"]["additionalProperties"], json!(false));
}
