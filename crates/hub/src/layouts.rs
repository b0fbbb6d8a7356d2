//! Layouts: the profiles that are shipped, and the operators' own.

use jiff::Timestamp;
use kerbwatt_intake::{Profile, profiles};

use crate::{Hub, HubError};

/// A layout that files are recognised by.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownLayout {
    /// The profile.
    pub profile: Profile,
    /// Whose own it is, its version from 1, and when that was made; none for one that is shipped.
    pub own: Option<(String, i64, Timestamp)>,
}

impl Hub {
    /// Every layout in its newest version: operators' own, newest first, then those that are shipped.
    ///
    /// # Errors
    /// Store errors.
    pub fn layouts(&self) -> Result<Vec<KnownLayout>, HubError> {
        let own = self.ledger.layouts()?.into_iter().filter_map(|layout| {
            // One that a newer program cannot use any more is not in the way of the others.
            let profile = Profile::from_toml(&layout.name, &layout.profile).ok()?;
            Some(KnownLayout { profile, own: Some((layout.operator, layout.version, layout.made_at)) })
        });
        let shipped = profiles().iter().map(|profile| KnownLayout { profile: profile.clone(), own: None });
        Ok(own.chain(shipped).collect())
    }
}
