//! The names under which the injected failures are counted.

use crate::life::{Machine, Reading, Strike};

impl Reading {
    pub fn name(&self) -> &'static str {
        match self {
            Reading::Deferred => "deferred",
            Reading::AfterSeconds(_) => "judged later",
            Reading::ReadsTouchAlways => "reads touch",
            Reading::ReadsTouchMinutely => "reads touch old ones",
            Reading::UpdatedByStatusOnly => "updated by status",
            Reading::UpdatedNever => "never updated",
            Reading::UpdatedNull => "updated_at null",
            Reading::WholeSeconds => "whole seconds",
            Reading::Hidden(_) => "field hidden",
            Reading::Null(_) => "field null",
            Reading::Masked => "masked",
            Reading::Invented => "invented fields",
            Reading::Integers => "integers",
            Reading::EmptyListNull => "list null",
            Reading::EmptyListMissing => "list missing",
            Reading::FlatList => "flat list",
            Reading::ListLag(_) => "list lags",
            Reading::Pages { .. } => "pages",
            Reading::NoConflict => "no conflict",
            Reading::ExactOrder => "exact order",
            Reading::WrongState(_) => "wrong state",
            Reading::DeniedDays(_) => "denied expires",
            Reading::Minutely => "minutely",
            Reading::OnRead => "on read",
            Reading::Production => "production",
            Reading::Skew(_) => "skewed clock",
            Reading::GivenSession => "given session",
            Reading::AssumeNothing => "assumes nothing",
            Reading::AssumeNot(_) => "assumes one less",
            Reading::ShortCall(_) => "short call",
        }
    }
}

impl Strike {
    pub fn name(&self) -> &'static str {
        match self {
            Strike::Delay(_) => "delay",
            Strike::ResetBefore => "reset before",
            Strike::ResetAfter => "reset after",
            Strike::Cut(_) => "cut",
            Strike::Status { acting: true, status: 406, .. } => "406 after acting",
            Strike::Status { acting: true, status: 409, .. } => "409 after acting",
            Strike::Status { acting: true, status: 500.., .. } => "5xx after acting",
            Strike::Status { acting: true, .. } => "4xx after acting",
            Strike::Status { acting: false, .. } => "status",
            Strike::Truncated => "truncated",
            Strike::Garbage => "garbage",
            Strike::WrongType => "wrong type",
            Strike::Slow(_) => "slow",
            Strike::Redirect => "redirect",
            Strike::ExpireSessions => "sessions end",
            Strike::Empty401 => "empty 401",
            Strike::Later { status: None, .. } => "later, reset",
            Strike::Later { .. } => "later, with a response",
            Strike::Html { acting: true, .. } => "page after acting",
            Strike::Html { .. } => "page",
            Strike::Stale => "stale",
            Strike::AnotherRecord => "another record",
            Strike::Duplicate { second: false } => "duplicate, first",
            Strike::Duplicate { second: true } => "duplicate, second",
            Strike::Restart => "restart",
            Strike::Contradictory(_) => "contradictory",
        }
    }
}

impl Machine {
    pub fn name(&self) -> &'static str {
        match self {
            Machine::NotSent(_) => "not sent",
            Machine::MaybeSent { acted: true } => "maybe sent, and was",
            Machine::MaybeSent { acted: false } => "maybe sent, and was not",
            Machine::Forgotten { .. } => "forgotten",
            Machine::Cancelled { acted: true } => "cancelled after",
            Machine::Cancelled { acted: false } => "cancelled before",
            Machine::Killed { acted: true } => "killed after",
            Machine::Killed { acted: false } => "killed before",
            Machine::JournalFails { .. } => "journal fails",
            Machine::ClockBack(_) => "clock set back",
            Machine::Suspended(_) => "suspended",
        }
    }
}
