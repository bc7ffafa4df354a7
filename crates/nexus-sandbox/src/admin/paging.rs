//! Pages of the admin interface's long lists.

use crate::call::Call;
use crate::json_reader::Problem;

/// `GET state` and `GET events` show so many at once; there may be a million.
pub(super) const PAGE: usize = 1000;

/// The parameter `after`, 0 where it is absent.
pub(super) fn after(call: &Call<'_>) -> Result<u64, Problem> {
    let after = call.parameter("after").map(str::parse).transpose();
    Ok(after.map_err(|_| Problem::new("after", "must be a whole number"))?.unwrap_or(0))
}
