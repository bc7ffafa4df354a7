//! The adversary: runs flows against a model of the server with every plausible policy and fault, in process and on virtual
//! time, and compares their results with the server's own records.
//!
//! `make adversary` runs it for hours; `NEXUS_SECONDS` and `NEXUS_SEED` choose how long and from which life on. A life that
//! fails is made as short as it can be and printed as a script; scripts that once broke something are kept in
//! `tests/adversary/scripts.json` and lived through each time. `mutants/` holds deliberate mistakes, all of which
//! `make mutants` demands to be found.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::result_large_err,
    unreachable_pub
)]

mod actor;
mod breaks;
mod carry;
mod chance;
mod draw;
mod driver;
mod journal;
mod judge;
mod life;
mod names;
mod open;
mod script;
mod seen;
mod tally;
mod turn;
mod world;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tally::Tally;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Lives a life; what of it is untrue.
fn lived(life: &life::Life, tally: &mut Tally) -> Vec<String> {
    let mut run = driver::live(life);
    let judgement = judge::judge(&mut run);
    tally.note(life, &run, &judgement);
    judgement.untruths
}

#[test]
fn adversary_finds_no_untrue_result() {
    let seconds = setting("NEXUS_SECONDS").unwrap_or(if cfg!(debug_assertions) { 5 } else { 10 });
    let first = setting("NEXUS_SEED").unwrap_or(1);
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let threads = setting("NEXUS_THREADS").and_then(|threads| usize::try_from(threads).ok()).unwrap_or(threads);
    let (began, next, stop) = (Instant::now(), AtomicU64::new(first), AtomicBool::new(false));
    let end = began + Duration::from_secs(seconds);
    // Goes on after the first, to see of how many kinds they are.
    let survey = setting("NEXUS_SURVEY").is_some();
    let tallies: Vec<(Tally, Vec<u64>)> = std::thread::scope(|scope| {
        let work = || {
            let (mut tally, mut failed) = (Tally::default(), Vec::new());
            while !stop.load(Ordering::Relaxed) && Instant::now() < end {
                let seed = next.fetch_add(64, Ordering::Relaxed);
                for seed in seed..seed + 64 {
                    if !lived(&draw::draw(seed), &mut tally).is_empty() {
                        failed.push(seed);
                        if !survey {
                            stop.store(true, Ordering::Relaxed);
                            return (tally, failed);
                        }
                    }
                }
            }
            (tally, failed)
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    });
    let mut all = Tally::default();
    tallies.iter().for_each(|(tally, _)| all.add(tally));
    all.print(first, began.elapsed(), threads);
    let mut failed: Vec<u64> = tallies.into_iter().flat_map(|(_, failed)| failed).collect();
    failed.sort_unstable();
    if survey {
        return script::survey(&failed);
    }
    if let Some(seed) = failed.first() {
        let (life, untruths) = script::shrunk(draw::draw(*seed));
        panic!("seed {seed}:\n{}\n{}", script::text(&life), untruths.join("\n"));
    }
    if seconds >= 5 && !cfg!(debug_assertions) {
        all.covers_everything();
    }
}
