//! Statistics of the runs.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::breaks::is_clean;
use crate::driver::Run;
use crate::judge::Judgement;
use crate::life::Life;

#[derive(Default)]
pub struct Tally {
    lives: u64,
    clean: u64,
    requests: u64,
    struck: u64,
    steps: u64,
    results: BTreeMap<&'static str, u64>,
    assumed: BTreeMap<&'static str, u64>,
    coverage: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub fn note(&mut self, life: &Life, run: &Run<'_>, judgement: &Judgement) {
        self.lives += 1;
        self.clean += u64::from(is_clean(life));
        self.requests += run.world.requests_received();
        self.steps += run.reports.iter().map(|report| u64::from(report.steps)).sum::<u64>();
        judgement.results.iter().for_each(|result| *self.results.entry(result).or_default() += 1);
        judgement.assumed.iter().for_each(|assumed| *self.assumed.entry(assumed).or_default() += 1);
        life.readings.iter().for_each(|reading| *self.coverage.entry(reading.name()).or_default() += 1);
        for fault in &life.faults {
            if run.seen.requests[fault.on as usize] >= fault.nth {
                self.struck += 1;
                *self.coverage.entry(fault.strike.name()).or_default() += 1;
            }
        }
        for (name, times) in &run.seen.struck {
            *self.coverage.entry(name).or_default() += times;
        }
    }

    pub fn add(&mut self, other: &Tally) {
        self.lives += other.lives;
        self.clean += other.clean;
        self.requests += other.requests;
        self.struck += other.struck;
        self.steps += other.steps;
        for (own, others) in [
            (&mut self.results, &other.results),
            (&mut self.assumed, &other.assumed),
            (&mut self.coverage, &other.coverage),
        ] {
            others.iter().for_each(|(name, times)| *own.entry(name).or_default() += times);
        }
    }

    pub fn print(&self, first: u64, took: Duration, threads: usize) {
        let rate = self.lives as f64 / took.as_secs_f64() / threads as f64;
        println!(
            "{} lives from seed {first} in {took:.1?} on {threads} threads: {rate:.0} lives a second on each; {} without faults",
            self.lives, self.clean
        );
        println!("{} requests, {} steps, {} faults met", self.requests, self.steps, self.struck);
        println!("told: {:?}", self.results);
        println!("assumed: {:?}", self.assumed);
        println!("struck: {:?}", self.coverage);
    }

    /// Everything that a life can have has struck.
    pub fn covers_everything(&self) {
        const NAMES: &[&str] = &[
            "deferred",
            "judged later",
            "reads touch",
            "reads touch old ones",
            "updated by status",
            "never updated",
            "updated_at null",
            "whole seconds",
            "field hidden",
            "field null",
            "masked",
            "invented fields",
            "integers",
            "list null",
            "list missing",
            "flat list",
            "list lags",
            "pages",
            "no conflict",
            "exact order",
            "wrong state",
            "denied expires",
            "minutely",
            "on read",
            "production",
            "skewed clock",
            "given session",
            "assumes nothing",
            "assumes one less",
            "short call",
            "delay",
            "reset before",
            "reset after",
            "cut",
            "406 after acting",
            "409 after acting",
            "5xx after acting",
            "4xx after acting",
            "status",
            "truncated",
            "garbage",
            "wrong type",
            "slow",
            "redirect",
            "sessions end",
            "empty 401",
            "later, reset",
            "later, with a response",
            "page after acting",
            "page",
            "stale",
            "another record",
            "duplicate, first",
            "duplicate, second",
            "restart",
            "contradictory",
            "not sent",
            "maybe sent, and was",
            "maybe sent, and was not",
            "forgotten",
            "cancelled after",
            "cancelled before",
            "killed after",
            "killed before",
            "journal fails",
            "clock set back",
            "suspended",
            "session opened",
        ];
        let missing: Vec<_> = NAMES.iter().filter(|name| !self.coverage.contains_key(*name)).collect();
        assert!(missing.is_empty(), "never struck: {missing:?}");
    }
}
