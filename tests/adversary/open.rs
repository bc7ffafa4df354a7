//! Which microdeposits have a submission of which nobody has learned how it ended: what a caller tells the next flow.

use nexus_types::MicrodepositGuid;

#[derive(Default)]
pub struct Open(Vec<Entry>);

struct Entry {
    guid: MicrodepositGuid,
    under_way: u32,
    unsettled: bool,
}

impl Open {
    /// Begins a submission; whether an earlier one is open.
    pub fn enter(&mut self, guid: &MicrodepositGuid) -> bool {
        if let Some(entry) = self.0.iter_mut().find(|entry| entry.guid == *guid) {
            let open = entry.under_way > 0 || entry.unsettled;
            entry.under_way += 1;
            return open;
        }
        self.0.push(Entry { guid: guid.clone(), under_way: 1, unsettled: false });
        false
    }

    /// Ends one; `open`: nobody has learned how.
    pub fn leave(&mut self, guid: Option<&MicrodepositGuid>, open: bool) {
        if let Some(entry) = self.0.iter_mut().find(|entry| Some(&entry.guid) == guid) {
            entry.under_way = entry.under_way.saturating_sub(1);
            entry.unsettled |= open;
        }
    }
}
