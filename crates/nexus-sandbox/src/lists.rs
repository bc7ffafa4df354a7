//! `GET /micro_deposits`, whole or in pages. MX does not document pages for it; these are like those of MX's other lists.

use crate::routes::Target;
use crate::world::Handler;
use nexus_types::{MEDIA_TYPE, Operation};

use crate::call::{Call, Reply};
use crate::micro_deposits::{accept, session};
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

/// What was shown at the last refresh; a list forces none.
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let user = session(world, call)?;
    accept(call, MEDIA_TYPE)?;
    let own = world.of_user.get(user as usize).map_or(&[][..], Vec::as_slice);
    let mut listed = Vec::with_capacity(own.len());
    let lag = i64::from(world.rules.policy.list_lag_seconds) * SECOND;
    for number in own {
        if let Some(record) = world.records.get_mut(*number as usize) {
            record.settle(&world.rules, *number, world.now, &mut world.books);
            if record.shown().is_some() && world.now.saturating_sub(record.created) >= lag {
                listed.push(*number);
            }
        }
    }
    let page = page(&world.rules.policy, call, listed.len());
    let (skip, take) = page.as_ref().map_or((0, usize::MAX), |page| ((page.current - 1) * page.per, page.per));
    let numbers = listed.into_iter().skip(skip).take(take);
    let records = numbers.filter_map(|number| Some((world.guid(number), world.records.get(number as usize)?)));
    Ok(Reply::data(&response_body::list(world.manner(), records, page)))
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
