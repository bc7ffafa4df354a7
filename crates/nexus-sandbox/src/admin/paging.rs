//! Pages of the admin interface's long lists, and numbers that are from before a reset.

use crate::call::{Call, Reply};
use crate::json_reader::Problem;
use crate::numbers::Numbers;

/// `GET state` and `GET events` show so many at once; there may be a million.
pub(super) const PAGE: usize = 1000;

/// The parameter `after`, 0 where it is absent; refused where what it numbers is from before a reset.
pub(super) fn after(call: &Call<'_>, what: &str, numbers: Numbers) -> Result<u64, Reply> {
    let after = call.parameter("after").map(str::parse).transpose();
    let refused = |_| Reply::problem(&Problem::new("after", "must be a whole number"));
    let after = after.map_err(refused)?.unwrap_or(0);
    if numbers.is_stale(after) {
        let words = format!("The {what} after is from before a reset: begin again with after=0.");
        return Err(Reply::refusal(410, &words));
    }
    Ok(after)
}

/// There is no such fault.
pub(super) fn no_fault(numbers: Numbers, id: u32) -> Reply {
    match numbers.is_stale(id.into()) {
        true => Reply::refusal(410, "The fault is from before a reset: its id is not given again."),
        false => Reply::not_found(),
    }
}
