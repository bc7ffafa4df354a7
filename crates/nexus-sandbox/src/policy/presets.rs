//! [`Preset`]: whole policies by name, from which others may differ.

use super::{CreateShows, ListShape, Numbers, Policy, Refresh, TimeForm, TimeResolution, Verification};

/// A whole policy by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preset {
    /// [`Policy::default`]: the readings that this project has chosen.
    Default,
    /// Where MX's documents differ among themselves: as their examples and their prose have it, to the letter. A create shows
    /// REQUESTED, numbers are JSON numbers where the examples show them so, and `account_type` alone is enough.
    Documented,
    /// What clients of the API have seen, as far as their published code and data show it (2021 and 2022): lists without wrappers, times
    /// with an offset, the fewer fields of that time, no name of the institution, an outcome that a later read shows.
    Observed,
}

/// The fields that the model of a client of 2021 lacks (source: domain.md 2).
const UNSEEN: [&str; 7] =
    ["account_name", "email", "error_code", "error_message", "first_name", "last_name", "verified_at"];

impl Preset {
    /// All of them.
    pub const ALL: [Preset; 3] = [Preset::Default, Preset::Documented, Preset::Observed];

    /// `default`, `documented` or `observed`.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Default => "default",
            Preset::Documented => "documented",
            Preset::Observed => "observed",
        }
    }

    /// The preset of this name.
    pub fn from_name(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// The policy.
    pub fn policy(self) -> Policy {
        let usual = Policy::default();
        match self {
            Preset::Default => usual,
            Preset::Documented => Policy {
                create_shows: CreateShows::Requested,
                numbers: Numbers::Examples,
                integers_in_requests: true,
                account_type_alone: true,
                ..usual
            },
            Preset::Observed => Policy {
                list_shape: ListShape::Flat,
                time_form: TimeForm::Offset,
                time_resolution: TimeResolution::Seconds,
                refresh: Refresh::Minutely,
                verification: Verification::Deferred,
                institution_name: None,
                hidden_fields: UNSEEN.map(str::to_owned).to_vec(),
                ..usual
            },
        }
    }
}
