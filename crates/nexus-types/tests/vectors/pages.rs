//! `pages.json`: pages of lists.

use nexus_types::endpoint::Next;
use nexus_types::{Endpoint, List, Pages, Response, Sign};
use serde::Deserialize;

use crate::cases::load;

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Case {
    Request { number: u32, path: String },
    Page { number: u32, count: usize, beside: String, sign: String },
    Walk { pages: Vec<Served>, end: End, records: usize },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Served {
    from: usize,
    to: usize,
    beside: String,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
enum End {
    Complete,
    Incomplete,
}

/// A list of the records `MIC-from` to `MIC-to`, and what stands beside them.
fn response(from: usize, to: usize, beside: &str) -> Response {
    let records: Vec<_> = (from..=to).map(|n| format!(r#"{{"micro_deposit":{{"guid":"MIC-{n}"}}}}"#)).collect();
    let comma = if beside.is_empty() { "" } else { "," };
    Response::new(200, format!(r#"{{"micro_deposits":[{}]{comma}{beside}}}"#, records.join(",")))
}

fn named(sign: Sign) -> String {
    match sign {
        Sign::None => "none".to_owned(),
        Sign::Full => "full".to_owned(),
        Sign::More => "more".to_owned(),
        Sign::Total(total) => format!("total {total}"),
        odd => panic!("{odd:?}"),
    }
}

#[test]
fn pages() {
    for (id, case) in load::<Case>("pages") {
        match case {
            Case::Request { number, path } => assert_eq!(List::page(number).request().path, path, "{id}"),
            Case::Page { number, count, beside, sign } => {
                let page = List::page(number).parse_page(&response(1, count, &beside)).unwrap();
                assert_eq!((page.records.len(), named(page.sign)), (count, sign), "{id}");
            }
            Case::Walk { pages, end, records } => walk(&id, &pages, &end, records),
        }
    }
}

fn walk(id: &str, served: &[Served], end: &End, records: usize) {
    let (mut pages, mut list) = (Pages::new(), List::new());
    for (index, one) in served.iter().enumerate() {
        assert_eq!(list.number() as usize, index + 1, "{id}");
        let page = list.parse_page(&response(one.from, one.to, &one.beside)).unwrap();
        let last = index + 1 == served.len();
        match pages.add(page) {
            Next::Fetch(further) if !last => list = further,
            Next::Complete(all) if last => {
                let guids: Vec<_> = all.iter().map(|record| record.guid.to_string()).collect();
                assert_eq!(guids, (1..=records).map(|n| format!("MIC-{n}")).collect::<Vec<_>>(), "{id}");
                assert_eq!(*end, End::Complete, "{id}");
            }
            Next::Incomplete if last => {
                assert_eq!(pages.records().len(), records, "{id}");
                assert_eq!(*end, End::Incomplete, "{id}");
            }
            odd => panic!("{id}: {odd:?} after page {}", index + 1),
        }
    }
}
