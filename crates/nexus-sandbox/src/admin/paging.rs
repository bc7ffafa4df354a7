//! Pages of the admin interface's long lists.

use crate::call::{Call, Reply};
use crate::json_reader::Problem;

/// `GET state` and `GET events` show so many at once; there may be a million.
pub(super) const PAGE: usize = 1000;

/// The parameter `after`, 0 where it is absent; refused where what it numbers is from before a reset.
pub(super) fn after(call: &Call<'_>, what: &str, is_stale: impl FnOnce(u64) -> bool) -> Result<u64, Reply> {
    let after = call.parameter("after").map(str::parse).transpose();
    let refused = |_| Reply::problem(&Problem::new("after", "must be a whole number"));
    let after = after.map_err(refused)?.unwrap_or(0);
    if is_stale(after) {
        let words = format!("The {what} after is from before a reset: begin again with after=0.");
        return Err(Reply::refusal(410, &words));
    }
    Ok(after)
}
