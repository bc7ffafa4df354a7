//! Tests of lists in pages.

use proptest::prelude::*;

use super::*;
use crate::endpoint::Endpoint;
use crate::wire::Response;

const SIZE: usize = 25;

/// How a server shows that there is more.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Silent,
    Platform,
    Total,
    TotalPages,
    Next,
    LinksNext,
    HasMore,
    MetaText,
    PerPage,
}

const WAYS: [Way; 9] = [
    Way::Silent,
    Way::Platform,
    Way::Total,
    Way::TotalPages,
    Way::Next,
    Way::LinksNext,
    Way::HasMore,
    Way::MetaText,
    Way::PerPage,
];

/// What stands beside the records of page `number`, of `count` records in all.
fn beside(way: Way, number: usize, count: usize) -> String {
    let (pages, more) = (count.div_ceil(SIZE), number * SIZE < count);
    let next = if more { format!("\"/micro_deposits?page={}\"", number + 1) } else { "null".to_owned() };
    match way {
        Way::Silent => String::new(),
        Way::Platform => format!(
            r#","pagination":{{"current_page":{number},"per_page":{SIZE},"total_entries":{count},"total_pages":{pages}}}"#
        ),
        Way::Total => format!(r#","total_count":{count}"#),
        Way::TotalPages => format!(r#","total_pages":{pages}"#),
        Way::Next => format!(r#","next":{next}"#),
        Way::LinksNext => format!(r#","links":{{"self":"x","next":{next}}}"#),
        Way::HasMore => format!(r#","paging":{{"hasMore":{more}}}"#),
        Way::MetaText => format!(r#","meta":{{"request_id":"x","totalRecords":"{count}"}}"#),
        Way::PerPage => format!(r#","pagination":{{"page":{number},"per_page":{SIZE}}}"#),
    }
}

fn body(guids: impl Iterator<Item = usize>, beside: &str) -> String {
    let records: Vec<_> = guids.map(|n| format!(r#"{{"micro_deposit":{{"guid":"MIC-{n}","status":2}}}}"#)).collect();
    format!(r#"{{"micro_deposits":[{}]{beside}}}"#, records.join(","))
}

/// Fetches pages from `serve` until there is an end; the guids, if it is complete, and how many pages were fetched.
fn walk(mut serve: impl FnMut(usize) -> String) -> (Option<Vec<String>>, u32) {
    let (mut pages, mut list) = (Pages::new(), List::new());
    for fetched in 1.. {
        let number = list.request().path.strip_prefix("/micro_deposits?page=").map_or(1, |n| n.parse().unwrap());
        let page = list.parse_page(&Response::new(200, serve(number))).unwrap();
        match pages.add(page) {
            Next::Fetch(further) => list = further,
            Next::Complete(records) => {
                return (Some(records.into_iter().map(|record| record.guid.to_string()).collect()), fetched);
            }
            Next::Incomplete => return (None, fetched),
        }
    }
    unreachable!()
}

fn page_of(count: usize, number: usize) -> std::ops::Range<usize> {
    ((number - 1) * SIZE).min(count)..(number * SIZE).min(count)
}

fn way() -> impl Strategy<Value = Way> {
    prop::sample::select(WAYS.to_vec())
}

#[test]
fn the_first_page_is_the_documented_request() {
    assert_eq!(List::page(1), List::new());
    assert_eq!(List::page(0), List::default());
    assert_eq!(List::new().request().path, "/micro_deposits");
    assert_eq!(List::page(2).request().path, "/micro_deposits?page=2");
    assert_eq!((List::new().number(), List::page(7).number()), (1, 7));
}

#[test]
fn four_hundred_pages_are_enough() {
    let (whole, fetched) = walk(|number| body(number * 2..number * 2 + 2, r#","next":"on""#));
    assert_eq!((whole, fetched), (None, 400));
}

#[test]
fn what_came_of_an_incomplete_list_can_be_looked_at() {
    let mut pages = Pages::new();
    for _ in 0..2 {
        let response = Response::new(200, body(0..3, r#","total":4"#));
        let _ = pages.add(List::new().parse_page(&response).unwrap());
    }
    assert_eq!(pages.records().len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_record_comes_once(count in 0usize..200, way in way()) {
        let (whole, fetched) = walk(|number| body(page_of(count, number), &beside(way, number, count)));
        let wanted: Vec<_> = (0..count).map(|n| format!("MIC-{n}")).collect();
        prop_assert_eq!(whole, Some(wanted), "{:?}", way);
        // One more than needed at most: after a page that is full by chance.
        prop_assert!(fetched as usize <= count / SIZE + 1, "{:?}: {}", way, fetched);
    }

    #[test]
    fn a_server_without_pages_is_believed_unless_it_says_that_there_is_more(count in 0usize..200, way in way()) {
        let (whole, _) = walk(|_| body(0..count, ""));
        prop_assert_eq!(whole.map(|all| all.len()), Some(count));
        // It takes no notice of the number, but says that there are more than the 25 that it sends.
        let (whole, fetched) = walk(|_| body(page_of(count, 1), &beside(way, 1, count)));
        let silent = matches!(way, Way::Silent | Way::PerPage);
        prop_assert_eq!(whole.is_some(), silent || count <= SIZE, "{:?}", way);
        prop_assert!(fetched <= 2);
    }

    #[test]
    fn a_page_that_is_lost_is_missed(count in 30usize..200, way in way(), lost in 2usize..8) {
        let lost = lost.min(count.div_ceil(SIZE));
        let serve = |number| if number == lost { body(0..0, &beside(way, number, count)) } else {
            body(page_of(count, number), &beside(way, number, count))
        };
        let (whole, _) = walk(serve);
        let missed = whole.is_none_or(|all| all.len() == count);
        // If full pages are the only sign of more, an empty page is the end. So is an empty last page, unless a total was given.
        let total = matches!(way, Way::Platform | Way::Total | Way::MetaText);
        let blind = matches!(way, Way::Silent | Way::PerPage) || (lost == count.div_ceil(SIZE) && !total);
        prop_assert!(missed || blind, "{:?}", way);
    }

    #[test]
    fn a_liar_is_not_followed_for_ever(
        lies in prop::collection::vec((0usize..60, 0usize..40, prop::sample::select(WAYS.to_vec()), 0usize..300), 1..6),
    ) {
        let mut turn = 0;
        let (_, fetched) = walk(|number| {
            let (from, length, way, count) = lies[turn % lies.len()];
            turn += 1;
            body(from..from + length, &beside(way, number, count))
        });
        // Every page but the last brought a record that was new, and there are a hundred.
        prop_assert!(fetched <= 101, "{}", fetched);
    }

    #[test]
    fn whatever_stands_beside_the_records_is_judged(text in "[a-z_]{1,12}", json in "(null|true|0|[1-9][0-9]{0,21}|\"[a-z0-9]{0,4}\"|\\{\\}|\\[1\\]|\\{\"next\":[01]\\})") {
        let response = Response::new(200, body(0..3, &format!(r#","{text}":{json}"#)));
        let page = List::new().parse_page(&response).unwrap();
        prop_assert_eq!(page.records.len(), 3);
    }
}
