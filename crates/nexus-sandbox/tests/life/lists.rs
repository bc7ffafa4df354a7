//! Policies of lists: lag, pages and their signs, the form of an empty list, wrappers.

use nexus_sandbox::{EmptyList, ListPaging, ListShape, Policy};
use serde_json::{Value, json};

use crate::life::{Life, guid, person};

/// A world with so many records, and their guids in order of creation.
fn with(policy: Policy, count: usize) -> (Life, Vec<String>) {
    let mut life = Life::new(policy);
    let made = (0..count).map(|number| guid(&life.create(&person(&format!("user{number}@example.com"))))).collect();
    (life, made)
}

fn guids(list: &Value) -> Vec<String> {
    list["micro_deposits"].as_array().unwrap().iter().map(|one| guid(&one["micro_deposit"])).collect()
}

fn page(life: &mut Life, query: &str) -> Value {
    life.get("GET", &format!("/micro_deposits{query}"), "")
}

#[test]
fn list_lag_seconds() {
    let (mut life, made) = with(Policy { list_lag_seconds: 10, ..Policy::default() }, 1);
    assert_eq!(life.listed().len(), 0);
    assert!(life.read(&made[0]).is_ok(), "a read by guid finds it at once");
    life.pass(9);
    assert_eq!(life.listed().len(), 0);
    life.pass(1);
    assert_eq!(life.listed().len(), 1);
}

#[test]
fn list_page() {
    let (mut life, made) = with(Policy { list_page: Some(3), ..Policy::default() }, 7);
    for (query, from, to) in [
        ("", 0, 3),
        ("?page=1", 0, 3),
        ("?page=2", 3, 6),
        ("?page=3", 6, 7),
        ("?page=4", 7, 7),
        ("?page=0", 0, 3),
        ("?page=x", 0, 3),
        ("?records_per_page=10", 0, 7),
        ("?records_per_page=9", 0, 3),
        ("?records_per_page=1001", 0, 3),
    ] {
        assert_eq!(guids(&page(&mut life, query)), made[from..to], "{query}");
    }
    let (mut life, made) = with(Policy::default(), 7);
    assert_eq!(guids(&page(&mut life, "?page=2&records_per_page=10")), made, "no pages, no page");
    // What is gone is on no page.
    let (mut life, made) = with(Policy { list_page: Some(3), ..Policy::default() }, 4);
    life.event(&made[0], &json!({"event": "iav_chosen"})).unwrap();
    assert_eq!(guids(&page(&mut life, "")), made[1..]);
}

#[test]
fn list_paging() {
    let signs = |list_paging, query: &str| {
        let (mut life, _) = with(Policy { list_page: Some(12), list_paging, ..Policy::default() }, 30);
        let mut list = page(&mut life, query);
        let held = list["micro_deposits"].as_array().unwrap().len();
        list.as_object_mut().unwrap().remove("micro_deposits");
        (held, list)
    };
    let pagination = |current: u32, per: u32, pages: u32| json!({"pagination": {"current_page": current, "per_page": per, "total_entries": 30, "total_pages": pages}});
    assert_eq!(signs(ListPaging::Object, ""), (12, pagination(1, 12, 3)));
    assert_eq!(signs(ListPaging::Object, "?page=3&records_per_page=10"), (10, pagination(3, 10, 3)));
    assert_eq!(signs(ListPaging::Next, ""), (12, json!({"next": "/micro_deposits?page=2"})));
    let next = json!({"next": "/micro_deposits?page=2&records_per_page=10"});
    assert_eq!(signs(ListPaging::Next, "?records_per_page=10"), (10, next));
    assert_eq!(signs(ListPaging::Next, "?page=3"), (6, json!({"next": null})));
    assert_eq!(signs(ListPaging::Total, "?page=2"), (12, json!({"total_entries": 30})));
    assert_eq!(signs(ListPaging::Silent, ""), (25, json!({})));
    assert_eq!(signs(ListPaging::Silent, "?page=2"), (5, json!({})));
}

#[test]
fn list_ignores_page() {
    for list_ignores_page in [false, true] {
        let policy = Policy { list_page: Some(3), list_ignores_page, ..Policy::default() };
        let (mut life, made) = with(policy, 5);
        let expected = if list_ignores_page { &made[..3] } else { &made[3..] };
        assert_eq!(guids(&page(&mut life, "?page=2")), expected);
    }
}

#[test]
fn empty_list() {
    for (empty_list, expected) in [
        (EmptyList::Empty, r#"{"micro_deposits":[]}"#),
        (EmptyList::Null, r#"{"micro_deposits":null}"#),
        (EmptyList::Missing, "{}"),
    ] {
        let mut life = Life::new(Policy { empty_list, ..Policy::default() });
        assert_eq!(life.ask("GET", "/micro_deposits", "").1, expected);
        life.made("33331");
        assert_eq!(life.listed().len(), 1, "only an empty one");
    }
}

#[test]
fn list_shape() {
    let (mut life, made) = with(Policy { list_shape: ListShape::Flat, ..Policy::default() }, 2);
    let list = page(&mut life, "");
    let flat: Vec<String> = list["micro_deposits"].as_array().unwrap().iter().map(guid).collect();
    assert_eq!(flat, made);
    assert_eq!(list["micro_deposits"][0], life.read(&made[0]).unwrap());
}
