//! Profiles: how one layout maps to the model. A profile is a TOML file in this folder; adding a layout is adding a file.

mod recognise;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use kerbwatt_model::Zone;
use serde::{Deserialize, Serialize};

pub(crate) use recognise::{Recognised, recognise};

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

/// A field of the model that a column can feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    SessionId,
    Evse,
    Device,
    Connector,
    Driver,
    PlugIn,
    PlugInTime,
    PlugOut,
    PlugOutTime,
    ChargingEnd,
    DurationMin,
    Energy,
    Fee,
    Location,
    LocationName,
    Address,
    Street,
    Town,
    Postcode,
    Latitude,
    Longitude,
    Siting,
    Band,
    RatedKw,
    Current,
    Connectors,
    Commissioned,
    Decommissioned,
}

impl Field {
    /// Id in reports.
    pub(crate) fn id(self) -> String {
        serde_json_name(self)
    }
}

fn serde_json_name(field: Field) -> String {
    let debug = format!("{field:?}");
    let mut name = String::new();
    for (at, letter) in debug.char_indices() {
        if letter.is_uppercase() && at > 0 {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// How instants are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Times {
    /// RFC 3339, with offset or Z.
    Rfc3339,
    /// Seconds since 1970, UTC.
    Epoch,
    /// Civil date and time in the profile's zone, day first.
    DayFirst,
    /// The same, but with rows that are month first: told apart row by row and by the order of the file.
    Mixed,
}

/// Unit of energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EnergyUnit {
    /// Kilowatt-hours.
    #[default]
    Kwh,
    /// Watt-hours.
    Wh,
}

/// Unit of fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FeeUnit {
    /// Pence.
    #[default]
    Pence,
    /// Pounds.
    Pounds,
}

/// How one layout maps to the model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name, stable.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// What a file of this layout holds.
    pub kind: Kind,
    /// IANA zone of its clocks.
    zone: String,
    #[serde(default)]
    pub(crate) times: Option<Times>,
    #[serde(default)]
    pub(crate) energy: EnergyUnit,
    #[serde(default)]
    pub(crate) fee: FeeUnit,
    /// Commas group thousands, although fields are not divided by commas.
    #[serde(default)]
    pub(crate) comma_groups: bool,
    /// Between device and connector in the id of an EVSE that has none of its own.
    #[serde(default)]
    pub(crate) evse_joined_by: Option<String>,
    /// A row that begins with this text is a total, not a session.
    #[serde(default)]
    pub(crate) footer: Option<String>,
    /// A text that may stand before an id and does not belong to it.
    #[serde(default)]
    pub(crate) id_prefix: Option<String>,
    /// Fields that a file must have a column for.
    pub(crate) required: Vec<Field>,
    /// Header of the column that feeds a field.
    pub(crate) columns: BTreeMap<Field, String>,
    /// Headers that are known and left aside.
    #[serde(default)]
    pub(crate) ignored: Vec<String>,
    /// What a value means: by field, from the text in the file to an id of the model.
    #[serde(default)]
    pub(crate) values: BTreeMap<Field, BTreeMap<String, String>>,
    /// Numbered connector columns of the National Chargepoint Registry.
    #[serde(default)]
    pub(crate) numbered_connectors: bool,
}

/// The text is not a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the profile {name} cannot be used: {reason}")]
pub struct ProfileError {
    /// Its name or file.
    pub name: String,
    /// What is wrong.
    pub reason: String,
}

impl Profile {
    fn parse(name: &str, text: &str) -> Result<Self, ProfileError> {
        let wrong = |reason: String| ProfileError { name: name.to_owned(), reason };
        let profile: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        Zone::named(&profile.zone).map_err(|error| wrong(error.to_string()))?;
        if let Some(field) = profile.required.iter().find(|field| !profile.columns.contains_key(field)) {
            return Err(wrong(format!("the required field {} has no column", field.id())));
        }
        Ok(profile)
    }

    /// Zone of its clocks.
    pub(crate) fn zone(&self) -> Zone {
        Zone::named(&self.zone).unwrap_or_else(|_| Zone::london())
    }

    /// What a value of the file means.
    pub(crate) fn meaning<'v>(&'v self, field: Field, value: &'v str) -> &'v str {
        let known = self.values.get(&field).and_then(|values| values.get(&value.trim().to_lowercase()));
        known.map_or(value, String::as_str)
    }
}

const SHIPPED: [(&str, &str); 15] = [
    ("dundee-2018", include_str!("dundee-2018.toml")),
    ("dundee-2017", include_str!("dundee-2017.toml")),
    ("boulder", include_str!("boulder.toml")),
    ("kerbwatt", include_str!("kerbwatt.toml")),
    ("semicolon-comma", include_str!("semicolon-comma.toml")),
    ("wh-epoch", include_str!("wh-epoch.toml")),
    ("split-date", include_str!("split-date.toml")),
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
    PROFILES.get_or_init(|| SHIPPED.iter().filter_map(|(name, text)| Profile::parse(name, text).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_profile_can_be_used() {
        for (name, text) in SHIPPED {
            let profile = Profile::parse(name, text);
            assert!(profile.as_ref().is_ok_and(|profile| profile.name == name), "{profile:?}");
        }
        assert_eq!(profiles().len(), SHIPPED.len());
    }

    #[test]
    fn a_profile_with_a_mistake_is_refused_with_the_reason() {
        let text = "name='x'\ntitle='x'\nkind='sessions'\nzone='Europe/Londn'\nrequired=[]\n[columns]\n";
        assert!(Profile::parse("x", text).is_err_and(|error| error.to_string().contains("Europe/Londn")));
        let text = "name='x'\ntitle='x'\nkind='sessions'\nzone='UTC'\nrequired=['energy']\n[columns]\n";
        assert!(Profile::parse("x", text).is_err_and(|error| error.to_string().contains("energy")));
    }

    #[test]
    fn fields_are_named_in_snake_case() {
        assert_eq!(Field::PlugInTime.id(), "plug_in_time");
        assert_eq!(Field::RatedKw.id(), "rated_kw");
    }
}
