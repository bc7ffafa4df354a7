//! The microdeposits with a submission whose outcome no caller knows; a caller passes this to the next flow.

use nexus_types::MicrodepositGuid;

#[derive(Default)]
pub struct Open(Vec<Entry>);

struct Entry {
    guid: MicrodepositGuid,
    /// Without a key, and with one.
    under_way: [u32; 2],
    unsettled: [bool; 2],
}

impl Open {
    /// Begins a submission; whether an earlier one is open. One with a key may be another process's, which learns of others
    /// with a key from the journal alone.
    pub fn enter(&mut self, guid: &MicrodepositGuid, keyed: bool) -> bool {
        let known = self.0.iter().position(|entry| entry.guid == *guid).unwrap_or_else(|| {
            self.0.push(Entry { guid: guid.clone(), under_way: [0; 2], unsettled: [false; 2] });
            self.0.len() - 1
        });
        let entry = &mut self.0[known];
        let open = |of: usize| entry.under_way[of] > 0 || entry.unsettled[of];
        let open = open(0) || (!keyed && open(1));
        entry.under_way[usize::from(keyed)] += 1;
        open
    }

    /// Ends one; `open`: nobody has learned how.
    pub fn leave(&mut self, guid: Option<&MicrodepositGuid>, keyed: bool, open: bool) {
        if let Some(entry) = self.0.iter_mut().find(|entry| Some(&entry.guid) == guid) {
            entry.under_way[usize::from(keyed)] -= 1;
            entry.unsettled[usize::from(keyed)] |= open;
        }
    }
}
