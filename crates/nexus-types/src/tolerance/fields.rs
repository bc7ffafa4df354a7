//! A record's fields as they are on the wire, and the checks across fields: the status and the guid.

use std::borrow::Cow;

use super::columns::{Column, Wire};
use super::raw::Raw;
use crate::account::AccountNumber;
use crate::guid::MicrodepositGuid;
use crate::microdeposit::{Microdeposit, record as fields};
use crate::private::Private;
use crate::routing::RoutingNumber;
use crate::status::{KnownStatus, Status, agree, is_a_word};
use crate::timestamp::Timestamp;

macro_rules! define {
    ($($(#[$doc:meta])* $name:ident, $field:ident = $number:literal, $kind:ty;)*) => {
        /// The fields as they stand on the wire.
        #[derive(Default)]
        pub(super) struct Fields { $(pub(super) $name: <$kind as Column>::Wire,)* }

        impl Fields {
            /// What the careful way finds in an object.
            pub(super) fn careful(raw: &Raw<'_>) -> Fields {
                Fields { $($name: Wire::careful(raw.get(stringify!($name))),)* }
            }

            /// What each type makes of what stands for it, in a record of this status.
            fn become_a_record(self, status: &Status) -> Microdeposit {
                Microdeposit { $($name: Column::from_wire(self.$name, status),)* }
            }
        }
    };
}
fields!(define);

impl Fields {
    /// The status that the two fields give, or the one field that is there. None if they contradict each other, or if the value of
    /// `status` cannot be a status.
    pub(super) fn status(&self) -> Option<Status> {
        let name = self.status_name.0.as_deref();
        let number = self.status.number();
        // What nearly every record says, before everything that takes longer.
        if let (Some(known), Some(name)) = (number.and_then(KnownStatus::from_number), name)
            && known.name() == name
        {
            return Some(known.status());
        }
        let one = match self.status.text() {
            // The Platform form writes the name where the number belongs; the field for the name may repeat it.
            Some(text) => {
                let same = |name: &str| name.trim().is_empty() || name.trim().eq_ignore_ascii_case(text.trim());
                is_a_word(text) && name.is_none_or(same)
            }
            None => agree(number, name),
        };
        let known = self.status.text().filter(|text| KnownStatus::from_name(text).is_some());
        let said = known.or(name.filter(|name| !name.trim().is_empty())).or(self.status.text());
        one.then(|| Status::from_parts(number, said))
    }

    /// The record, unless it has no guid: what cannot be named is no record.
    pub(super) fn finish(mut self, status: &Status) -> Option<Microdeposit> {
        self.guid.0.as_ref().filter(|guid| !guid.is_empty())?;
        self.status_name.0 = self.status_name.0.or_else(|| self.status.name()).filter(|_| !status.is_contradictory());
        self.account_type_name.0 = self.account_type_name.0.or_else(|| self.account_type.name());
        Some(self.become_a_record(status))
    }
}
