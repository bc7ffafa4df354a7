//! [`TenantOptions`]: a tenant as it is wanted, and why there may be none.

use std::time::Duration;

use nexus_types::InputError;

use crate::policy::Policy;

/// A tenant lives no longer than a year.
pub(crate) const LONGEST: Duration = Duration::from_secs(31_536_000);

/// A tenant as it is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TenantOptions {
    /// Its name: 1 to 64 letters, digits, and `- . _`. Without one, `tenant-1` and so on.
    pub name: Option<String>,
    /// All chance comes from it; the sandbox's own seed if there is none. Tenants of one seed meet the same chances and share
    /// neither guids nor tokens.
    pub seed: Option<u64>,
    /// What is assumed about MX; as the sandbox's own if there is none.
    pub policy: Option<Policy>,
    /// It is gone after this much real time; if there is none, with the sandbox.
    pub lives: Option<Duration>,
}

/// Why there is no such tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    Input(InputError),
    Taken,
    Full,
}

impl TenantOptions {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let input = |field, rule| Err(Refusal::Input(InputError::new(field, rule)));
        if self.name.as_deref().is_some_and(|name| !is_name(name)) {
            return input("name", "must be 1 to 64 letters, digits, and - . _, and begin with a letter or digit");
        }
        if self.lives.is_some_and(|lives| lives.is_zero() || lives > LONGEST) {
            return input("ttl_seconds", "must be 1 to 31536000");
        }
        Ok(())
    }
}

fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.bytes().all(fits)
}

impl From<Refusal> for InputError {
    fn from(refusal: Refusal) -> InputError {
        match refusal {
            Refusal::Input(error) => error,
            Refusal::Taken => InputError::new("name", "must not be another tenant's"),
            Refusal::Full => InputError::new("name", "cannot be given: this sandbox holds no more tenants"),
        }
    }
}
