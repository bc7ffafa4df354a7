//! `GET /micro_deposits`, whole, in parts or in pages. MX does not document pages for it; these are like those of MX's other lists.

use std::sync::Arc;

use crate::routes::Target;
use crate::world::Handler;
use nexus_types::{MEDIA_TYPE, Operation};

use crate::call::{Call, Reply};
use crate::micro_deposits::{accept, session};
use crate::parts::{Reset, Rest};
use crate::policy::{ListPaging, Policy};
use crate::response_body::{self, Page};
use crate::rules::SECOND;
use crate::world::World;

/// The number of records on a page by default (source: domain.md 7.4).
const PER_PAGE: usize = 25;

/// The handlers that are here.
pub(crate) fn served(target: Target, method: &str) -> Option<(Operation, Handler)> {
    matches!((target, method), (Target::MicroDeposits, "GET"))
        .then_some((Operation::List, |world, call, _| list(world, call)))
}

/// So many records of a list are written at once: a list may have a million.
const PART: usize = 1000;

/// What was shown at the last refresh; a list forces none.
///
/// A list of more than a thousand records is written in parts, so that nothing holds it whole: each part shows its records as they
/// are when it is written, and those that were created after the request are in none.
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let user = session(world, call)?;
    accept(call, MEDIA_TYPE)?;
    let own = world.of_user.get(user as usize).map_or(0, Vec::len);
    let life = Arc::downgrade(&world.life);
    let mut rest = Rest { user, next: 0, end: own, asked: world.now, begun: false, life };
    if world.rules.policy.list_page.is_none() && own > PART {
        let mut body = Vec::from(*OPENING);
        while !rest.begun && rest.next < rest.end {
            world.write(&mut rest, &mut body);
        }
        if rest.begun {
            // All the records may be in the first part.
            world.rest = Some(rest);
            return Ok(Reply::with_body(200, MEDIA_TYPE, body));
        }
    }
    let listed = world.listed(&mut rest, usize::MAX);
    let page = page(&world.rules.policy, call, listed.len());
    let (skip, take) = page.as_ref().map_or((0, usize::MAX), |page| ((page.current - 1) * page.per, page.per));
    let numbers = listed.into_iter().skip(skip).take(take);
    let records = numbers.filter_map(|number| Some((world.guid(number), world.records.get(number as usize)?)));
    Ok(Reply::data(&response_body::list(world.manner(false), records, page)))
}

const OPENING: &[u8; 19] = br#"{"micro_deposits":["#;
const CLOSING: &[u8] = b"]}";

impl World {
    /// The next part of a list; none when it is written out.
    ///
    /// # Errors
    /// Where the world has been reset since.
    pub(crate) fn part(&mut self, rest: &mut Rest) -> Result<Option<Vec<u8>>, Reset> {
        if rest.life.strong_count() == 0 {
            return Err(Reset);
        }
        if rest.next > rest.end {
            return Ok(None);
        }
        let mut body = Vec::new();
        if rest.next < rest.end {
            self.write(rest, &mut body);
        }
        if rest.next == rest.end {
            body.extend(CLOSING);
            rest.next += 1;
        }
        Ok(Some(body))
    }

    /// Responds; of a long list with its first part and what is left of it.
    pub(crate) fn begin(&mut self, call: &Call<'_>) -> (Reply, Option<Rest>) {
        let reply = self.respond_in_parts(call);
        (reply, self.rest.take())
    }

    /// Writes out a whole list in place of its first part.
    pub(crate) fn complete(&mut self, reply: &mut Reply) {
        if let Some(mut rest) = self.rest.take() {
            while let Ok(Some(part)) = self.part(&mut rest) {
                reply.body.extend(part);
            }
        }
    }

    fn write(&mut self, rest: &mut Rest, body: &mut Vec<u8>) {
        let numbers = self.listed(rest, PART);
        let records =
            numbers.into_iter().filter_map(|number| Some((self.guid(number), self.records.get(number as usize)?)));
        let manner = self.manner(false);
        for (guid, record) in records {
            if std::mem::replace(&mut rest.begun, true) {
                body.push(b',');
            }
            response_body::listed(manner, guid, record, body);
        }
    }

    /// The numbers of the records that the list shows, of at most so many from its place on.
    fn listed(&mut self, rest: &mut Rest, most: usize) -> Vec<u32> {
        let own = self.of_user.get(rest.user as usize).map_or(&[][..], Vec::as_slice);
        let end = rest.end.min(rest.next.saturating_add(most));
        let own = own.get(rest.next..end).unwrap_or_default();
        rest.next = end;
        let lag = i64::from(self.rules.policy.list_lag_seconds) * SECOND;
        let mut listed = Vec::with_capacity(own.len());
        for number in own {
            if let Some(record) = self.records.get_mut(*number as usize) {
                record.settle(&self.rules, *number, self.now, &mut self.books);
                if record.shown().is_some() && rest.asked.saturating_sub(record.created) >= lag {
                    listed.push(*number);
                }
            }
        }
        listed
    }
}

/// Which page is asked for, of how many records in all.
fn page(policy: &Policy, call: &Call<'_>, total: usize) -> Option<Page> {
    let own = usize::from(policy.list_page?).max(1);
    let own = if policy.list_paging == ListPaging::Silent { PER_PAGE } else { own };
    let asked = |name| call.parameter(name).and_then(|text| text.parse::<usize>().ok());
    // What is out of range counts as not said.
    let per = asked("records_per_page").filter(|per| (10..=1000).contains(per));
    let current = asked("page").filter(|page| (1..=1_000_000).contains(page) && !policy.list_ignores_page);
    Some(Page { current: current.unwrap_or(1), per: per.unwrap_or(own), asked: per, total })
}
