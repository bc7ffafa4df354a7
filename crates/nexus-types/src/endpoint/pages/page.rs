//! [`Page`]: one page of a list, and what it shows about others.

use crate::microdeposit::Microdeposit;
use crate::tolerance::Paging;

/// The number of records on a page by default (source: domain.md 7.4).
const USUAL_SIZE: u64 = 25;

/// What one page shows about whether there is more of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sign {
    /// No sign of more, or the list says that this is the end.
    None,
    /// Nothing but that the page is full: 25 records, or as many as it says that fit.
    Full,
    /// It says that there is more: a next page, more pages than this one. Or it has something to say about pages that cannot be
    /// read.
    More,
    /// It says how many records there are on all pages, and that is more than are on this one.
    Total(u64),
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// Its records.
    pub records: Vec<Microdeposit>,
    /// What it shows about others.
    pub sign: Sign,
    /// How many records there are on all pages, if it says so.
    pub total: Option<u64>,
    /// Which page was asked for, from 1. A server may have sent another.
    pub number: u32,
}

impl Page {
    pub(in crate::endpoint) fn new(number: u32, records: Vec<Microdeposit>, paging: &Paging) -> Page {
        let count = records.len() as u64;
        let further = paging.pages.is_some_and(|pages| pages > u64::from(number));
        let ends = paging.end || paging.total.is_some() || paging.pages.is_some();
        let fits = paging.size.is_some_and(|size| size > 0 && count >= size);
        let sign = match paging.total {
            _ if paging.more || further => Sign::More,
            Some(total) if total > count => Sign::Total(total),
            _ if !ends && (fits || count == USUAL_SIZE) => Sign::Full,
            _ => Sign::None,
        };
        Page { records, sign, total: paging.total, number }
    }
}
