//! Compares `openapi.json` with the code in both directions.

mod lists;
#[path = "../../nexus-types/tests/support/schema.rs"]
mod schema;
mod tenants;
mod tour;

use std::collections::BTreeSet;
use std::fmt;

use nexus_types::{Event, KnownStatus, Microdeposit};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::routes::{ROUTES, SERVER};
use crate::server::tenant_calls;
use crate::widget::{calls, settings};
use crate::{Call, Options, Policy, Preset, World, admin, fault_json, request_body, sso};

const TEXT: &str = include_str!("../openapi.json");

fn document() -> Value {
    serde_json::from_str(TEXT).unwrap()
}

/// Path, method in capitals, operation.
fn methods(document: &Value) -> Vec<(String, String, Value)> {
    let mut out = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (key, operation) in item.as_object().unwrap() {
            if !["parameters", "x-other-methods"].contains(&key.as_str()) {
                out.push((path.clone(), key.to_uppercase(), operation.clone()));
            }
        }
    }
    out
}

/// An object's keys and values in the order in which they were written, which `Value` does not keep.
struct Ordered<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Ordered<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Ordered<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    found.push(entry);
                }
                Ok(Ordered(found))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// The keys, in order, of the object to which this way leads.
fn keys(text: &str, way: &[&str]) -> Vec<String> {
    let Ordered(entries) = serde_json::from_str(text).unwrap();
    match way {
        [] => entries.into_iter().map(|(key, _)| key).collect(),
        [first, rest @ ..] => {
            let (_, inner) = entries.iter().find(|(key, _)| key == first).unwrap_or_else(|| panic!("no {first}"));
            keys(inner.get(), rest)
        }
    }
}

fn properties(schema: &str) -> Vec<String> {
    keys(TEXT, &["components", "schemas", schema, "properties"])
}

#[test]
fn paths_and_methods_are_those_of_the_table() {
    let documented: BTreeSet<_> = methods(&document()).into_iter().map(|(path, method, _)| (path, method)).collect();
    let routes = ROUTES.iter().chain(SERVER).flat_map(|route| route.methods.iter().map(|method| (route.path, *method)));
    let served: BTreeSet<_> = routes.map(|(path, method)| (path.to_owned(), method.to_owned())).collect();
    assert_eq!(documented, served);
}

#[test]
fn every_path_declares_its_parameters() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        let declared = item["parameters"].as_array().into_iter().flatten();
        let declared: Vec<_> = declared
            .map(|parameter| schema::follow(&document, parameter["$ref"].as_str().unwrap())["name"].as_str().unwrap())
            .collect();
        let braced: Vec<_> =
            path.split('/').filter_map(|part| part.strip_prefix('{').and_then(|part| part.strip_suffix('}'))).collect();
        assert_eq!(declared, braced, "{path}");
    }
}

#[test]
fn the_record_has_the_documented_fields_in_order() {
    assert_eq!(properties("MicroDeposit"), Microdeposit::FIELDS);
    let required = &document()["components"]["schemas"]["MicroDeposit"]["required"];
    assert_eq!(*required, json!(Microdeposit::FIELDS));
    let mut world = World::new(Options::default());
    let token = world.credentials().session_token.clone();
    let mut call = Call::new("POST", "/micro_deposits");
    call.session_token = Some(&token);
    call.content_type = Some(nexus_types::MEDIA_TYPE);
    call.body = br#"{"micro_deposit":{"first_name":"Josh","last_name":"Boy","email":"joshboy@example.com"}}"#;
    let reply = world.respond(&call);
    assert_eq!(keys(std::str::from_utf8(&reply.body).unwrap(), &["micro_deposit"]), Microdeposit::FIELDS);
}

#[test]
fn statuses_and_events_are_those_of_the_core() {
    let document = document();
    let numbers = json!(KnownStatus::ALL.map(KnownStatus::number));
    let names = json!(KnownStatus::ALL.map(KnownStatus::name));
    let schemas = &document["components"]["schemas"];
    for record in [&schemas["MicroDeposit"], &schemas["WebhookEvent"]["properties"]["micro_deposit"]] {
        let status = &record["properties"]["status"];
        assert_eq!((&status["enum"], &status["x-enum-varnames"]), (&numbers, &names));
        assert_eq!(record["properties"]["status_name"]["enum"], names);
    }
    assert_eq!(keys(TEXT, &["components", "schemas", "State", "properties", "counts", "properties"]), {
        KnownStatus::ALL.map(KnownStatus::name)
    });
    let events: Vec<_> = Event::ALL.iter().map(|event| event.name()).collect();
    assert_eq!(schemas["EventRequest"]["properties"]["event"]["enum"], json!(events));
}

#[test]
fn requests_have_the_fields_that_are_read() {
    let inner = |schema: &str, wrapper: &str| {
        assert_eq!(properties(schema), [wrapper]);
        keys(TEXT, &["components", "schemas", schema, "properties", wrapper, "properties"])
    };
    assert_eq!(inner("MicroDepositRequest", request_body::WRAPPER[0]), request_body::FIELDS);
    assert_eq!(properties("AccountDetails"), *request_body::SUBMISSION);
    assert_eq!(properties("VerifyRequest"), request_body::AMOUNTS);
    assert_eq!(inner("SessionRequest", sso::SESSION[0]), sso::SESSION_OPTIONS);
    assert_eq!(inner("WidgetUrlRequest", settings::URL[0]), settings::OPTIONS);
    assert_eq!(properties("WidgetDetails"), calls::DETAILS);
    assert_eq!(properties("WidgetAmounts"), request_body::AMOUNTS);
    assert_eq!(properties("WidgetRoutingNumber"), calls::ROUTING_NUMBER);
    assert_eq!(properties("WidgetInstitution"), calls::INSTITUTION);
    assert_eq!(properties("EventRequest"), admin::EVENT);
    assert_eq!(properties("FaultRequest"), fault_json::FIELDS);
    assert_eq!(properties("ScenarioRequest"), admin::scenarios::RUN);
    assert_eq!(properties("TenantRequest"), tenant_calls::FIELDS);
    let ways = &document()["components"]["schemas"]["AdvanceRequest"]["oneOf"];
    let ways = ways.as_array().unwrap().iter().flat_map(|way| way["properties"].as_object().unwrap().keys());
    assert_eq!(ways.map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(admin::ADVANCE));
    assert_eq!(properties("WebhookRequest"), crate::deliveries::SUBSCRIPTION);
    assert_eq!(properties("WebhookAuth"), crate::deliveries::AUTH);
    assert_eq!(properties("ReplayRequest"), admin::webhooks::REPLAY);
    assert_eq!(properties("WebhookFaultRequest"), admin::webhook_faults::FIELDS);
}

/// The policy's fields, defaults, rules and words come from one list; the document repeats it.
#[test]
fn the_policy_is_that_of_the_list() {
    let document = document();
    let schema = &document["components"]["schemas"]["Policy"]["properties"];
    let names: Vec<_> = std::iter::once("base").chain(Policy::FIELDS.iter().map(|field| field.name)).collect();
    assert_eq!(properties("Policy"), names);
    for field in Policy::FIELDS {
        assert_eq!(schema[field.name], field.schema(), "openapi.json: Policy.{}", field.name);
    }
    assert_eq!(schema["base"]["enum"], json!(Preset::ALL.map(Preset::name)));
    for preset in Preset::ALL {
        let rule = json!({"$ref": "#/components/schemas/Policy"});
        assert_eq!(schema::faults(&document, &rule, &preset.policy().to_json()), Vec::<String>::new(), "{preset:?}");
    }
}

/// Which fields an effect has is said in the description of the effects.
#[test]
fn the_effects_of_faults_have_the_fields_that_are_said() {
    let document = document();
    let effects = &document["components"]["schemas"]["FaultRequest"]["properties"]["effect"];
    let said = effects["description"].as_str().unwrap();
    for field in fault_json::OF_EFFECTS {
        assert!(said.contains(&format!("`{field}`")), "{field}");
        let having = effects["enum"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|name| fault_json::belongs(field, name.as_str().unwrap()));
        assert!(having.count() > 0, "{field}");
    }
}

#[test]
fn every_component_is_used_and_what_is_not_documented_by_mx_says_so() {
    let document = document();
    let components = document["components"].as_object().unwrap();
    assert_eq!(document["info"]["title"], "Nexus sandbox");
    for kind in ["schemas", "responses", "parameters"] {
        for name in components[kind].as_object().unwrap().keys() {
            assert!(TEXT.contains(&format!("\"#/components/{kind}/{name}\"")), "{kind}/{name} is not used");
        }
    }
    for (name, response) in components["responses"].as_object().unwrap() {
        assert!(
            response["x-assumed"] == true && response["description"].as_str().unwrap().contains("ssumed"),
            "{name}"
        );
    }
    let schemes = components["securitySchemes"].as_object().unwrap();
    // The secret of the widget's page is in no header of MX's.
    let headers: BTreeSet<_> = schemes.values().filter_map(|scheme| scheme["name"].as_str()).collect();
    assert_eq!(headers, BTreeSet::from(["MD-API-KEY", "MD-API-TOKEN", "MD-SESSION-TOKEN"]));
}

#[test]
fn the_checker_finds_what_does_not_fit() {
    let document = document();
    let faults = |name: &str, value: Value| {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        schema::faults(&document, &schema, &value)
    };
    let none: [&str; 0] = [];
    assert_eq!(faults("VerifyRequest", json!({"deposit_amount_1": 0.09, "deposit_amount_2": 0.09})), none);
    assert_eq!(
        faults("VerifyRequest", json!({"deposit_amount_1": 1, "deposit_amount_2": "0.09"})),
        ["$.deposit_amount_1: exclusiveMaximum", "$.deposit_amount_2: type"]
    );
    assert_eq!(faults("VerifyRequest", json!({"deposit_amount_1": 0.09})), ["$: required"]);
    assert_eq!(faults("Clock", json!({"now": "soon", "then": 1})), ["$: additionalProperties", "$.now: format"]);
    assert_eq!(faults("AdvanceRequest", json!({"seconds": 1, "to": "2026-01-05T09:00:00Z"})), ["$: oneOf"]);
    let person = json!({"first_name": "Josh", "last_name": "Boy", "email": "joshboy@example.com", "account_name": "x"});
    assert_eq!(faults("MicroDepositRequest", json!({"micro_deposit": person})), ["$.micro_deposit: dependentRequired"]);
}
