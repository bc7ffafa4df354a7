//! Failing lives: shortened, kept as scripts, and replayed.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::draw::draw;
use crate::life::Life;
use crate::{driver, judge};

/// A life that once broke something.
#[derive(Deserialize)]
struct Script {
    /// What it once broke.
    once: String,
    life: Life,
}

/// What of a life is untrue.
pub fn untruths(life: &Life) -> Vec<String> {
    judge::judge(&mut driver::live(life)).untruths
}

pub fn text(life: &Life) -> String {
    serde_json::to_string(life).unwrap_or_default()
}

/// The shortest life that can be had from this one by leaving things out and that still fails.
pub fn shrunk(mut life: Life) -> (Life, Vec<String>) {
    loop {
        let shorter = shorter(&life).into_iter().find(|shorter| !untruths(shorter).is_empty());
        match shorter {
            Some(shorter) => life = shorter,
            None => break,
        }
    }
    let found = untruths(&life);
    (life, found)
}

/// Takes the part of this number out of a life.
type Remove = fn(&mut Life, usize);

/// Every life that has one thing less, or a simpler one.
fn shorter(life: &Life) -> Vec<Life> {
    let mut all = Vec::new();
    let mut without = |change: &dyn Fn(&mut Life)| {
        let mut shorter = life.clone();
        change(&mut shorter);
        all.push(shorter);
    };
    for index in 0..life.calls.len() {
        without(&|life| {
            life.calls.remove(index);
            life.troubles.retain(|trouble| trouble.call != index);
            for trouble in &mut life.troubles {
                trouble.call -= usize::from(trouble.call > index);
            }
        });
    }
    let parts: [(usize, Remove); 4] = [
        (life.faults.len(), |life, index| {
            life.faults.remove(index);
        }),
        (life.troubles.len(), |life, index| {
            life.troubles.remove(index);
        }),
        (life.readings.len(), |life, index| {
            life.readings.remove(index);
        }),
        (life.earlier.len(), |life, index| {
            life.earlier.remove(index);
        }),
    ];
    for (count, remove) in parts {
        for index in 0..count {
            without(&|life| remove(life, index));
        }
    }
    for index in 0..life.calls.len() {
        if life.calls[index].beside {
            without(&|life| life.calls[index].beside = false);
        }
        if life.calls[index].after > 0 {
            without(&|life| life.calls[index].after = 0);
        }
    }
    all
}

/// The shortest script of each kind of failure.
pub fn survey(seeds: &[u64]) {
    let mut kinds: BTreeMap<String, (usize, Life, Vec<String>)> = BTreeMap::new();
    let words = |text: &str| text.chars().filter(|letter| !letter.is_ascii_digit()).take(90).collect::<String>();
    let first = |life: &Life| untruths(life).first().map(|text| words(text)).unwrap_or_default();
    for seed in seeds {
        let life = draw(*seed);
        let kind = first(&life);
        match kinds.get_mut(&kind) {
            Some((count, ..)) => *count += 1,
            None => {
                let (life, untruths) = shrunk(life);
                kinds.insert(kind, (1, life, untruths));
            }
        }
    }
    for (count, life, untruths) in kinds.values() {
        println!("\n{count} times: {}\n{}", text(life), untruths.join("\n"));
    }
}

#[test]
fn adversary_scripts_of_fixed_mistakes_pass() {
    let scripts: Vec<Script> = serde_json::from_str(include_str!("scripts.json")).expect("scripts");
    for Script { once, life } in scripts {
        let untruths = untruths(&life);
        assert!(untruths.is_empty(), "{once}\n{}", untruths.join("\n"));
    }
}

/// `NEXUS_LIFE='{...}'` lives one script and tells each call.
#[test]
fn one_life() {
    let Some(life) = std::env::var("NEXUS_LIFE").ok() else { return };
    let life: Life = match life.parse::<u64>() {
        Ok(seed) => draw(seed),
        Err(_) => serde_json::from_str(&life).expect("a life"),
    };
    let mut run = driver::live(&life);
    let untruths = judge::judge(&mut run).untruths;
    println!("{}", text(&life));
    for report in &run.reports {
        println!("call {} sent {:?}: {} ({:?})", report.call, report.sent, judge::brief(&report.ended), report.status);
    }
    for act in run.world.acts() {
        println!("act {} {:?} {} {:?}", act.at, act.request, act.guid, act.event);
    }
    println!("{}", untruths.join("\n"));
}
