//! The log of requests and their responses, in order, for the assertions of tests and for people. It is shown masked.

use std::collections::VecDeque;

use nexus_types::Operation;
use serde_json::Value;

use crate::books::Counted;
use crate::call::Call;
use crate::faults::Delivery;
use crate::masking::{masked, masked_path};
use crate::numbers::Numbers;
use crate::routes::ROUTES;
use crate::why::Why;

/// Bodies that are longer are counted, not kept.
const LONGEST: usize = 2048;
/// Paths that are longer are cut.
const LONGEST_PATH: usize = 256;
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

pub(crate) struct Received {
    pub(crate) at: i64,
    /// Empty for one that HTTP does not define.
    pub(crate) method: &'static str,
    /// The place in the table of paths.
    route: Option<u8>,
    pub(crate) operation: Option<Operation>,
    /// The number of the record that the path names or that it made.
    pub(crate) record: Option<u32>,
    pub(crate) user: Option<u32>,
    pub(crate) status: u16,
    pub(crate) delivery: Delivery,
    /// The fault that met it.
    pub(crate) fault: Option<u32>,
    /// What it brought about first, maybe later.
    first: Option<Counted>,
    /// What few requests have.
    rare: Option<Box<Rare>>,
    pub(crate) body_bytes: usize,
    body: Box<[u8]>,
}

/// What few requests have, kept apart so that the others are small.
#[derive(Default)]
struct Rare {
    /// The path, where the table and the record do not say it.
    path: Option<Box<str>>,
    why: Option<Box<Why>>,
    /// What it brought about after the first.
    further: Vec<Counted>,
}

/// What the handling of the present request has found out.
#[derive(Default)]
pub(crate) struct Notes {
    /// Whose session or key it is.
    pub(crate) user: Option<u32>,
    /// The record that it made.
    pub(crate) made: Option<u32>,
}

/// Takes one line for each request.
pub(crate) type Sink = Box<dyn FnMut(&str) + Send>;

#[derive(Default)]
pub(crate) struct Log {
    limit: usize,
    pub(crate) numbers: Numbers,
    kept: VecDeque<Received>,
    dropped: u64,
    /// Where lines go, if somebody wants them.
    pub(crate) sink: Option<Sink>,
}

impl Log {
    pub(crate) fn new(limit: usize) -> Log {
        Log { limit, ..Log::default() }
    }

    /// One that has had so many requests and keeps none of them.
    pub(crate) fn behind(limit: usize, numbers: Numbers, received: u64) -> Log {
        Log { limit, numbers, dropped: received, ..Log::default() }
    }

    /// An empty one whose numbers begin above all that this one has given.
    pub(crate) fn anew(&self) -> Log {
        Log { numbers: self.numbers.anew(self.received()), ..Log::new(self.limit) }
    }

    pub(crate) fn push(&mut self, received: Received) {
        if self.kept.len() >= self.limit {
            self.dropped += u64::from(self.kept.pop_front().is_some() || self.limit == 0);
        }
        if self.limit > 0 {
            self.kept.push_back(received);
        }
    }

    /// Adds what a request brought about, if it is still kept.
    pub(crate) fn count(&mut self, request: u64, counted: Counted) {
        let place = request.checked_sub(self.dropped + 1).and_then(|place| usize::try_from(place).ok());
        if let Some(received) = place.and_then(|place| self.kept.get_mut(place)) {
            match received.first {
                None => received.first = Some(counted),
                Some(_) => received.rare().further.push(counted),
            }
        }
    }

    /// How many there were since the world began.
    pub(crate) fn received(&self) -> u64 {
        self.dropped + self.kept.len() as u64
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Those numbered above `number`, with the numbers that callers see.
    pub(crate) fn after(&self, number: u64) -> impl Iterator<Item = (u64, &Received)> {
        let gone = self.numbers.shown(self.dropped);
        let skip = usize::try_from(number.saturating_sub(gone)).unwrap_or(usize::MAX);
        (gone + 1..).zip(&self.kept).skip(skip)
    }
}

impl Received {
    /// A request on this path of the table with this method of it, if both are there, which names this record, if it exists.
    pub(crate) fn new(at: i64, call: &Call<'_>, route: Option<(usize, &'static str)>, record: Option<u32>) -> Received {
        let body = call.body;
        let kept = if body.len() <= LONGEST { body } else { &[] };
        let mut received = Received {
            at,
            method: route.map_or("", |(_, method)| method),
            route: route.and_then(|(route, _)| u8::try_from(route).ok()),
            operation: None,
            record,
            user: None,
            status: 0,
            delivery: Delivery::Whole,
            fault: None,
            first: None,
            rare: None,
            body_bytes: body.len(),
            body: kept.into(),
        };
        if received.method.is_empty() {
            received.method = METHODS.into_iter().find(|method| *method == call.method).unwrap_or_default();
        }
        let plain = record.is_some() && !call.path.contains('?');
        if !plain && received.template() != Some(call.path) {
            let mut end = call.path.len().min(LONGEST_PATH);
            while !call.path.is_char_boundary(end) {
                end -= 1;
            }
            received.rare().path = call.path.get(..end).map(Into::into);
        }
        received
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Why its response is as it is.
    pub(crate) fn why(&self) -> Option<&Why> {
        self.rare.as_ref()?.why.as_deref()
    }

    pub(crate) fn explain(&mut self, why: Option<Box<Why>>) {
        if why.is_some() {
            self.rare().why = why;
        }
    }

    /// What it brought about, later too.
    pub(crate) fn counted(&self) -> impl Iterator<Item = &Counted> {
        self.first.iter().chain(self.rare.iter().flat_map(|rare| &rare.further))
    }

    fn path(&self) -> Option<&str> {
        self.rare.as_ref()?.path.as_deref()
    }

    /// The path of the table.
    pub(crate) fn template(&self) -> Option<&'static str> {
        self.route.and_then(|route| ROUTES.get(usize::from(route))).map(|route| route.path)
    }

    /// The path as it came, for comparing.
    pub(crate) fn raw_path(&self) -> Option<&str> {
        self.path().map(|path| path.split('?').next().unwrap_or_default())
    }

    /// The path, masked; `guid` is the record's.
    pub(crate) fn shown_path(&self, guid: Option<&str>) -> String {
        match (self.path(), self.template()) {
            (Some(path), _) => masked_path(path),
            (None, Some(template)) => template.replace("{micro_deposit_guid}", guid.unwrap_or_default()),
            (None, None) => String::new(),
        }
    }

    /// The body with every text masked; none where it is no JSON.
    pub(crate) fn masked_body(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok().map(|value| masked("", value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(at: i64, body: &str) -> Received {
        let mut call = Call::new("POST", "/micro_deposits");
        call.body = body.as_bytes();
        Received::new(at, &call, None, None)
    }

    fn shown(body: &str) -> String {
        received(0, body).masked_body().map_or_else(String::new, |value| value.to_string())
    }

    #[test]
    fn bodies_are_masked() {
        let create = r#"{"micro_deposit":{"first_name":"Josh","email":"josh@example.com","account_number":"333312345","routing_number":"091000019","account_type_name":"CHECKING"}}"#;
        let text = shown(create);
        for secret in ["Josh", "josh", "3333", "09100"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("*****2345") && text.contains("CHECKING"), "{text}");
        assert_eq!(shown(r#"{"deposit_amount_1":0.09}"#), r#"{"deposit_amount_1":0.09}"#);
        let odd = shown(
            r#"{"333312345":"333312345","account_number":333312345,"x":[333312345,"333312345"],"type":"333312345"}"#,
        );
        assert!(!odd.contains("3333"), "{odd}");
        assert_eq!(shown("333312345 is no JSON"), "");
    }

    #[test]
    fn log_drops_and_counts_the_oldest_requests() {
        let mut log = Log::new(2);
        for at in 0..5 {
            log.push(received(at, ""));
        }
        assert_eq!(log.after(0).map(|(number, one)| (number, one.at)).collect::<Vec<_>>(), [(4, 3), (5, 4)]);
        assert_eq!((log.after(4).count(), log.dropped()), (1, 3));
        let mut none = Log::new(0);
        none.push(received(0, ""));
        assert_eq!((none.after(0).count(), none.dropped()), (0, 1));
    }
}
