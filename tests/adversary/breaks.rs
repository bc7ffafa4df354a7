//! Which assumptions the faults and policies of a test run break.

use nexus_types::Assumption;
use nexus_types::assumptions::REFUSALS;

use crate::life::{Life, On, Reading, Strike};

/// Which assumptions this life breaks on purpose.
pub fn breaks(life: &Life, assumption: Assumption) -> bool {
    let refusal = |status: u16| REFUSALS.contains(&status);
    let stale_reads = life.strikes(|on, strike| on == On::Read && *strike == Strike::Stale);
    match assumption {
        Assumption::RefusedBeforeActing => {
            let wrong_state = life.has(|one| matches!(one, Reading::WrongState(status) if refusal(*status)));
            life.strikes(|_, strike| match strike {
                Strike::Status { status, acting: true, .. } | Strike::Html { status, acting: true } => refusal(*status),
                Strike::Later { status: Some(status), .. } => refusal(*status),
                Strike::Duplicate { second: true } => wrong_state,
                _ => false,
            })
        }
        Assumption::UpdatedAtShowsDenial => {
            let touched = life.has(|one| *one == Reading::ReadsTouchAlways);
            // A submission that is judged later than assumed changes it too, after it was reported as judged.
            touched && stale_reads || late(life) || life.has(|one| *one == Reading::ReadsTouchMinutely)
        }
        Assumption::JudgedWithin => stale_reads || late(life),
        Assumption::ListsShowAll => life.has(|one| matches!(one, Reading::ListLag(_) | Reading::Pages { .. })),
        Assumption::ServerGrace => {
            life.strikes(|_, strike| matches!(strike, Strike::Later { millis, .. } if *millis >= 120_000))
        }
        _ => false,
    }
}

fn late(life: &Life) -> bool {
    life.has(|one| matches!(one, Reading::AfterSeconds(seconds) if *seconds >= 18))
}

/// Whether nothing at all goes wrong in this life: then nothing may be left unknown.
pub fn is_clean(life: &Life) -> bool {
    let harmless = |reading: &Reading| match reading {
        Reading::Deferred | Reading::WholeSeconds | Reading::Invented | Reading::Integers | Reading::FlatList => true,
        Reading::AfterSeconds(seconds) => *seconds <= 10,
        Reading::UpdatedByStatusOnly | Reading::UpdatedNever | Reading::UpdatedNull | Reading::ReadsTouchAlways => true,
        Reading::NoConflict | Reading::Minutely | Reading::OnRead | Reading::Production | Reading::Skew(_) => true,
        _ => false,
    };
    life.faults.is_empty()
        && life.troubles.is_empty()
        && life.readings.iter().all(harmless)
        && life.calls.iter().all(|call| !call.beside)
}
