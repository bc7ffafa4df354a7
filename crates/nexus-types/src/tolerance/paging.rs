//! The signs in a list, beside its records, that there are further pages.
//!
//! No pages are documented for this list. Other lists of the API have them (domain.md 7.4), and servers say so in many
//! ways; the names are looked at without their case and underscores.

use serde_json::value::RawValue;

use super::raw::Pairs;
use super::text::{text, text_of};

/// What stands beside the records of one page.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Paging {
    /// How many records there are on all pages; the largest, if it is given more than once.
    pub(crate) total: Option<u64>,
    /// How many pages there are.
    pub(crate) pages: Option<u64>,
    /// How many records fit on a page.
    pub(crate) size: Option<u64>,
    /// Something says that there is more; or what should say it cannot be read.
    pub(crate) more: bool,
    /// Something says outright that there is no more.
    pub(crate) end: bool,
}

/// The depth of the search: `pagination.links.next`.
const DEEPEST: u8 = 2;

/// What one name is about, if it is known.
enum About {
    Total,
    Pages,
    Size,
    Page,
    Next,
    HasMore,
    /// An object that is about nothing else than pages.
    Object,
    /// An object that may be about pages and other things.
    Mixed,
}

fn about(name: &str) -> Option<About> {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    Some(match name.as_str() {
        "totalentries" | "total" | "totalcount" | "totalrecords" | "totalitems" | "totalresults" | "totalelements" => {
            About::Total
        }
        "totalpages" | "pagecount" | "pages" | "lastpage" => About::Pages,
        "perpage" | "recordsperpage" | "pagesize" | "limit" => About::Size,
        "page" | "currentpage" | "pagenumber" => About::Page,
        "next" | "nextpage" | "nexturl" | "nextpageurl" | "nextlink" | "nextcursor" | "nexttoken" | "nextpagetoken" => {
            About::Next
        }
        "hasmore" | "hasnext" | "hasnextpage" | "more" => About::HasMore,
        "pagination" | "paging" | "pageinfo" | "pager" => About::Object,
        "meta" | "metadata" | "links" => About::Mixed,
        _ => return None,
    })
}

/// Reads the fields beside the records. A body for which this fails counts as a sign of more: the list may be incomplete.
pub(crate) fn paging(body: &[u8]) -> Paging {
    let mut paging = Paging::default();
    match serde_json::from_str::<Pairs<'_>>(&text_of(body)) {
        Ok(Pairs(pairs)) => {
            paging.take(&pairs, DEEPEST);
        }
        Err(_) => paging.more = true,
    }
    paging
}

impl Paging {
    /// Takes what an object says. Whether it said anything at all.
    fn take(&mut self, pairs: &[(String, &RawValue)], deeper: u8) -> bool {
        let mut said = false;
        for (name, raw) in pairs {
            let Some(about) = about(name) else { continue };
            if raw.get() == "null" {
                continue;
            }
            match about {
                About::Total => self.total = self.number(raw).max(self.total),
                About::Pages => self.pages = self.number(raw).max(self.pages),
                About::Size => self.size = self.number(raw).or(self.size),
                About::Page => continue,
                About::Next => self.more |= !is_empty(raw),
                About::HasMore => match raw.get() {
                    "false" | "0" | "\"false\"" => self.end = true,
                    _ => self.more = true,
                },
                About::Object | About::Mixed if deeper == 0 => continue,
                About::Object => match serde_json::from_str::<Pairs<'_>>(raw.get()) {
                    Ok(Pairs(pairs)) => self.more |= !self.take(&pairs, deeper - 1),
                    Err(_) => self.more = true,
                },
                About::Mixed => match serde_json::from_str::<Pairs<'_>>(raw.get()) {
                    Ok(Pairs(pairs)) if self.take(&pairs, deeper - 1) => {}
                    Ok(_) => continue,
                    Err(_) => self.more |= raw.get().contains("\"next\""),
                },
            }
            said = true;
        }
        said
    }

    /// A number, or text of one. What is neither could mean anything: a sign.
    fn number(&mut self, raw: &RawValue) -> Option<u64> {
        let number = text(raw).and_then(|text| text.parse().ok());
        self.more |= number.is_none();
        number
    }
}

/// Nothing, in any of the ways to write it.
fn is_empty(raw: &RawValue) -> bool {
    let json: String = raw.get().chars().filter(|c| !c.is_whitespace()).collect();
    matches!(json.as_str(), "null" | "\"\"" | "false" | "0" | "{}" | "[]")
}
