//! How many files this process may have open, and so how many connections a server can hold.

/// More is never asked for; some systems refuse a limit without an end.
#[cfg(unix)]
const WANTED: u64 = 65_536;
/// No more connections than this by default.
const MOST: usize = 10_000;

/// Raises the soft limit as far as the hard one admits. Where that fails, the limit stays as it is.
#[cfg(unix)]
pub(crate) fn raise() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(WANTED, |hard| hard.min(WANTED));
    if limit.current.is_some_and(|soft| soft < wanted) {
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum });
    }
}

#[cfg(not(unix))]
pub(crate) fn raise() {}

/// So many connections there may be at once: the rest of the files are for whatever else the process does.
pub(crate) fn connections() -> usize {
    #[cfg(unix)]
    let soft = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    let soft: Option<u64> = None;
    let of = |soft: u64| usize::try_from(soft / 4 * 3).unwrap_or(MOST);
    soft.map_or(MOST, of).clamp(8, MOST)
}
