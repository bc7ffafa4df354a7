//! A life: one test run as data, with the server's policy, the caller's calls and the failures. It is drawn from a seed first
//! and carried out after, so that a failing life can be shortened by removing elements, and be kept as a script.

use serde::{Deserialize, Serialize};

/// One life. As JSON it is a script.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Life {
    /// Guids, amounts, delays and tokens come from it.
    pub seed: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub troubles: Vec<Trouble>,
}

/// One way in which this server, or this client's settings, differ from the usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reading {
    Deferred,
    AfterSeconds(u32),
    ReadsTouchAlways,
    ReadsTouchMinutely,
    UpdatedByStatusOnly,
    UpdatedNever,
    UpdatedNull,
    WholeSeconds,
    Hidden(String),
    Null(String),
    Masked,
    Invented,
    Integers,
    EmptyListNull,
    EmptyListMissing,
    FlatList,
    ListLag(u32),
    Pages {
        per: u16,
        sign: u8,
        ignored: bool,
    },
    NoConflict,
    ExactOrder,
    WrongState(u16),
    DeniedDays(u16),
    Minutely,
    OnRead,
    Production,
    /// The client's wall clock is wrong by so many seconds.
    Skew(i32),
    /// The session was given from outside; no other can be had.
    GivenSession,
    /// This client assumes nothing about the server.
    AssumeNothing,
    /// This client does not assume this one, by its number.
    AssumeNot(u8),
    /// So many seconds for a call.
    ShortCall(u8),
}

/// A record from before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Earlier {
    pub account: u8,
    pub was: Was,
    pub stranger: bool,
}

/// Where it came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Was {
    New,
    Bare,
    Deposited,
    Verified,
    Prevented,
}

/// One call of the caller's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub what: What,
    /// So many seconds after the last one ended; with `beside`, after it began, and at the same time as it.
    #[serde(default)]
    pub after: u32,
    #[serde(default)]
    pub beside: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum What {
    Create { account: u8, key: Option<u8> },
    Preinitiate { key: Option<u8> },
    Wait { record: u8, every: u32, hours: u32 },
    Verify { record: u8, amounts: Amounts, wait: bool, key: Option<u8> },
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Amounts {
    Right,
    Wrong,
    Swapped,
}

/// A fault on the n-th request of an operation, counted from 1 over the whole life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    pub on: On,
    pub nth: u32,
    pub strike: Strike,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum On {
    Create,
    Read,
    List,
    Verify,
    Session,
    Token,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Strike {
    Delay(u64),
    ResetBefore,
    ResetAfter,
    Cut(usize),
    Status { status: u16, acting: bool, retry_after: Option<String> },
    Truncated,
    Garbage,
    WrongType,
    Slow(u64),
    Redirect,
    ExpireSessions,
    Empty401,
    Later { millis: u64, status: Option<u16> },
    Html { status: u16, acting: bool },
    Stale,
    AnotherRecord,
    Duplicate { second: bool },
    Restart,
    Contradictory(u8),
}

/// What happens to the machine, during this call, at this point of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trouble {
    pub call: usize,
    pub at: At,
    pub what: Machine,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum At {
    /// The n-th step, from 1.
    Step(u32),
    /// The change is about to be sent.
    Change,
    /// A sleep.
    Sleep,
    Find,
    Claim,
    Settle,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Machine {
    /// Certainly nothing was sent: no thread, no file, no connection.
    NotSent(u8),
    /// Nobody is sure: a full table, a panic after sending.
    MaybeSent {
        acted: bool,
    },
    /// The driver forgets to tell.
    Forgotten {
        acted: bool,
    },
    /// The caller gives up, and everything after that ends too. `acted`: the step was done all the same.
    Cancelled {
        acted: bool,
    },
    /// The process is killed, before the step or after it.
    Killed {
        acted: bool,
    },
    /// The journal cannot be used, but may have written.
    JournalFails {
        acted: bool,
    },
    ClockBack(u32),
    /// The process stands still so long, and its own clock with it; the wall clock does not.
    Suspended(u32),
}

impl Life {
    pub fn has(&self, fits: impl Fn(&Reading) -> bool) -> bool {
        self.readings.iter().any(fits)
    }

    pub fn strikes(&self, fits: impl Fn(On, &Strike) -> bool) -> bool {
        self.faults.iter().any(|fault| fits(fault.on, &fault.strike))
    }
}
