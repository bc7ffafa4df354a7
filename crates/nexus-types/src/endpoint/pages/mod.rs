//! The pages of a list: what a page shows about further ones, and how a whole list is collected.
//!
//! A list is complete unless it shows a sign of more. Nothing documents pages for this list, so every sign is read that other
//! lists are known to give, and what cannot be read is one. In: one [`Page`] after another. Out: what to fetch next, the whole,
//! or that the whole is not to be had.

mod page;

use std::collections::BTreeSet;

pub use page::{Page, Sign};

use super::list::List;
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;

/// The most pages that are fetched: no person has ten thousand microdeposits.
const MOST_PAGES: u32 = 400;

/// What to do after a page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Next {
    /// Fetch this one, and add it too.
    Fetch(List),
    /// This is the whole list: every record once, in the order of the server.
    Complete(Vec<Microdeposit>),
    /// The list says that there is more, and the rest cannot be had. What did come is in [`Pages::records`]: a record that is
    /// there is there, but nothing can be concluded from one that is not.
    Incomplete,
}

/// Collects the pages of one list.
///
/// ```
/// use nexus_types::endpoint::Next;
/// use nexus_types::{Endpoint, List, Pages, Response};
///
/// let (mut pages, mut list) = (Pages::new(), List::new());
/// let records = loop {
///     assert_eq!(list.request().path, "/micro_deposits"); // carried by any HTTP library
///     let page = list.parse_page(&Response::new(200, r#"{"micro_deposits":[{"guid":"MIC-1"}]}"#))?;
///     match pages.add(page) {
///         Next::Fetch(further) => list = further,
///         Next::Complete(records) => break records,
///         _ => panic!("the list is not complete"),
///     }
/// };
/// assert_eq!(records.len(), 1);
/// # Ok::<(), nexus_types::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Pages {
    records: Vec<Microdeposit>,
    seen: BTreeSet<MicrodepositGuid>,
    /// Records that came, those counted twice that one page held twice: this is how a total counts.
    counted: u64,
    /// Pages that came.
    fetched: u32,
    /// Something else than a full page spoke of more.
    more_announced: bool,
    /// The last total that a page gave.
    total: Option<u64>,
}

impl Pages {
    /// Nothing yet. The first page to fetch is [`List::new`].
    pub fn new() -> Pages {
        Pages::default()
    }

    /// What has been collected up to now, each record once.
    pub fn records(&self) -> &[Microdeposit] {
        &self.records
    }

    /// Takes the page that was asked for, and says what to do next. After `Complete` it is empty again.
    ///
    /// A page that brings nothing new ends the list: it is empty, or the server takes no notice of the number and sends the
    /// same again. That is the whole if nothing but a full page spoke of more.
    pub fn add(&mut self, page: Page) -> Next {
        self.fetched = self.fetched.saturating_add(1);
        self.more_announced |= matches!(page.sign, Sign::More | Sign::Total(_));
        self.total = page.total.or(self.total);
        let empty = page.records.is_empty();
        let news = self.take(page.records);
        // The same records again: the server does not give the requested page, whatever else the response says.
        if !news && !empty && self.more_announced {
            return Next::Incomplete;
        }
        let lacking = self.total.is_some_and(|total| self.counted < total);
        let open = match page.sign {
            Sign::More => true,
            Sign::Full => self.total.is_none(),
            Sign::None | Sign::Total(_) => false,
        };
        if !open && !lacking {
            return self.complete();
        }
        if !news {
            let only_full = page.sign == Sign::Full && !self.more_announced;
            return if only_full { self.complete() } else { Next::Incomplete };
        }
        if self.fetched >= MOST_PAGES {
            return Next::Incomplete;
        }
        Next::Fetch(List::page(self.fetched + 1))
    }

    /// Keeps what is new. Whether anything was.
    fn take(&mut self, records: Vec<Microdeposit>) -> bool {
        let before = self.records.len();
        let old: Vec<bool> = records.iter().map(|record| self.seen.contains(&record.guid)).collect();
        for (record, old) in records.into_iter().zip(old) {
            self.counted += u64::from(!old);
            if self.seen.insert(record.guid.clone()) {
                self.records.push(record);
            }
        }
        self.records.len() > before
    }

    fn complete(&mut self) -> Next {
        Next::Complete(std::mem::take(self).records)
    }
}

#[cfg(test)]
mod tests;
