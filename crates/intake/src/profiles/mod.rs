//! Profiles: how one layout maps to the model. A profile is a TOML file in this folder; adding a layout is adding a file.

mod dates;
mod field;
mod header;
mod places;
mod profile;
mod propose;
mod recognise;
mod totals;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub(crate) use dates::{phrase, written_otherwise};
pub(crate) use field::{Field, needs};
pub use field::{FieldInfo, Needed, fields};
pub use header::place as column_place;
pub(crate) use profile::{DurationUnit, EnergyUnit, FeeUnit, Times};
pub use profile::{Profile, ProfileError};
pub(crate) use propose::propose_text;
pub use propose::{Proposal, ProposedColumn};
pub use recognise::OUR_OWN;
pub(crate) use recognise::{Recognised, folded, recognise, recognise_return};
pub(crate) use totals::says_total;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Charging sessions.
    Sessions,
    /// Charge points.
    Register,
}

impl Kind {
    /// In a sentence.
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Self::Sessions => "a return of sessions",
            Self::Register => "a register of charge points",
        }
    }
}

const SHIPPED: &[(&str, &str)] = &[
    ("dundee-2018", include_str!("dundee-2018.toml")),
    ("dundee-2017", include_str!("dundee-2017.toml")),
    ("boulder", include_str!("boulder.toml")),
    ("kerbwatt", include_str!("kerbwatt.toml")),
    ("semicolon-comma", include_str!("semicolon-comma.toml")),
    ("wh-epoch", include_str!("wh-epoch.toml")),
    ("split-date", include_str!("split-date.toml")),
    ("perth-and-kinross", include_str!("perth-and-kinross.toml")),
    ("chargeplace-scotland", include_str!("chargeplace-scotland.toml")),
    ("chargepoint", include_str!("chargepoint.toml")),
    ("belib", include_str!("belib.toml")),
    ("sap-labs-france", include_str!("sap-labs-france.toml")),
    ("acn", include_str!("acn.toml")),
    ("acn-iso", include_str!("acn-iso.toml")),
    ("dft-domestics-2017", include_str!("dft-domestics-2017.toml")),
    ("dft-rapids-2017", include_str!("dft-rapids-2017.toml")),
    ("ev-chart", include_str!("ev-chart.toml")),
    ("atlas", include_str!("atlas.toml")),
    ("irve", include_str!("irve.toml")),
    ("ncr", include_str!("ncr.toml")),
    ("ncr-trimmed", include_str!("ncr-trimmed.toml")),
    ("dundee-locations", include_str!("dundee-locations.toml")),
    ("kerbwatt-register", include_str!("kerbwatt-register.toml")),
    ("ocpi-sessions", include_str!("ocpi-sessions.toml")),
    ("ocpi-cdrs", include_str!("ocpi-cdrs.toml")),
    ("ocpi-locations", include_str!("ocpi-locations.toml")),
    ("open-charge-map", include_str!("open-charge-map.toml")),
];

/// The profiles that are shipped. One that cannot be read is left out; a test rules that out.
#[must_use]
pub fn profiles() -> &'static [Profile] {
    static PROFILES: OnceLock<Vec<Profile>> = OnceLock::new();
    PROFILES.get_or_init(|| SHIPPED.iter().filter_map(|(name, text)| Profile::from_toml(name, text).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_profile_can_be_used() {
        for (name, text) in SHIPPED {
            let profile = Profile::from_toml(name, text);
            assert!(profile.as_ref().is_ok_and(|profile| profile.name == *name), "{profile:?}");
        }
        assert_eq!(profiles().len(), SHIPPED.len());
    }
}
