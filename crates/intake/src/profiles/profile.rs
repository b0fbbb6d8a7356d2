//! A profile: how one layout maps to the model. Written as TOML, edited as JSON.

use std::collections::BTreeMap;

use kerbwatt_model::Zone;
use serde::{Deserialize, Serialize};

use super::field::{Field, needs};
use super::header::{MOST_HEADER_ROWS, is_any_place};
use super::{Kind, folded};

/// How instants are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Times {
    /// RFC 3339, with offset or Z.
    Rfc3339,
    /// Seconds since 1970, UTC.
    Epoch,
    /// Milliseconds since 1970, UTC.
    EpochMs,
    /// Civil date and time in the profile's zone, day first.
    DayFirst,
    /// The same, month first.
    MonthFirst,
    /// The same, year first: ISO 8601 without offset.
    YearFirst,
    /// Day first, but with rows that are month first: told apart row by row and by the order of the file.
    Mixed,
    /// RFC 2822, such as `Wed, 25 Apr 2018 11:08:04 GMT`.
    Rfc2822,
    /// As JavaScript writes dates: `Fri Apr 14 2017 00:49:24 GMT+0200 (CEST)`.
    JavaScript,
    /// Days since the end of 1899 with the clock as their fraction, as spreadsheets count: civil time in the profile's zone.
    Serial,
}

impl Times {
    /// Whether instants are on a clock on the wall, so that the zone decides what they mean.
    pub(crate) fn are_civil(self) -> bool {
        matches!(self, Self::DayFirst | Self::MonthFirst | Self::YearFirst | Self::Mixed | Self::Serial)
    }
}

/// Unit of energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EnergyUnit {
    /// Kilowatt-hours.
    #[default]
    Kwh,
    /// Watt-hours.
    Wh,
}

/// Unit of fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FeeUnit {
    /// Pence.
    #[default]
    Pence,
    /// Pounds.
    Pounds,
}

/// Unit of durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DurationUnit {
    /// Minutes.
    #[default]
    Minutes,
    /// Seconds.
    Seconds,
    /// Hours.
    Hours,
    /// `HH:MM:SS` or `HH:MM`, up to `838:59:59`, or numbers that name their units, such as `3h 53m`, which every unit reads; a bare
    /// number is in seconds.
    Clock,
}

/// Headers by which a column is known, the first the usual one: spellings drift from month to month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "OneOrMore")]
pub(crate) struct Headers(pub(crate) Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl From<OneOrMore> for Headers {
    fn from(read: OneOrMore) -> Self {
        match read {
            OneOrMore::One(header) => Self(vec![header]),
            OneOrMore::More(headers) => Self(headers),
        }
    }
}

/// How one layout maps to the model.
///
/// Any draft can be read by serde, so that a person can work on it; [`Profile::check`] says whether it can be used, and
/// [`Profile::from_toml`] refuses one that cannot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name, stable.
    #[serde(default)]
    pub name: String,
    /// What it is, in a few words.
    #[serde(default)]
    pub title: String,
    /// What a file of this layout holds.
    pub kind: Kind,
    /// IANA zone of its clocks, or UTC.
    pub(crate) zone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<Times>,
    #[serde(default)]
    pub(crate) energy: EnergyUnit,
    #[serde(default)]
    pub(crate) fee: FeeUnit,
    /// VAT that is added to fees without it, in per cent: [`USUAL_VAT`] where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vat_percent: Option<f64>,
    #[serde(default)]
    pub(crate) duration: DurationUnit,
    /// Whether a lone comma is the decimal one; where nothing is said it is one unless commas divide the fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) comma_decimal: Option<bool>,
    /// Rows that make up the header, 0 to 5: the names of several are joined, and a blank above takes the name to its left. Without one,
    /// and where a column has no name, columns are known by their place: `column 3`.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub(crate) header_rows: u8,
    /// Between device and connector in the id of an EVSE that has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) evse_joined_by: Option<String>,
    /// A row that begins with this text is a total, not a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) footer: Option<String>,
    /// A text that may stand before the id of an EVSE or a device and does not belong to it, such as `SCO` before `50884`: in registers
    /// and in returns alike, so that the two meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id_prefix: Option<String>,
    /// Rated powers from here on are in watts: some registers mix the units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) watts_from: Option<f64>,
    /// Fields by which the layout is known: a file must have a column for each, beside what every layout needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) required: Vec<Field>,
    /// Headers of the column that feeds a field.
    pub(crate) columns: BTreeMap<Field, Headers>,
    /// Headers that are known and left aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ignored: Vec<String>,
    /// Values of fields that are the same in every row and in no column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) constants: BTreeMap<Field, String>,
    /// What a value means: by field, from the text in the file (lower case) to an id of the model.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) values: BTreeMap<Field, BTreeMap<String, String>>,
    /// Columns that say with `true` or `1` that there is a connector: from the header to the connector's standard.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) connector_flags: BTreeMap<String, String>,
    /// Numbered connector columns of the National Chargepoint Registry.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) numbered_connectors: bool,
}

fn one() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_one(rows: &u8) -> bool {
    *rows == 1
}

/// Standard rate, at which public charging is taxed in the United Kingdom whatever its power, per cent.
const USUAL_VAT: f64 = 20.0;

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
    /// Reads a profile; `name` is used in errors, and where the text names none.
    ///
    /// # Errors
    /// [`ProfileError`] when the text is not TOML, has a key that no profile has, or fails [`Profile::check`].
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ProfileError> {
        let wrong = |error: toml::de::Error| ProfileError { name: name.to_owned(), reason: error.to_string() };
        let mut profile: Self = toml::from_str(text).map_err(wrong)?;
        if profile.name.is_empty() {
            name.clone_into(&mut profile.name);
        }
        if profile.title.is_empty() {
            profile.title.clone_from(&profile.name);
        }
        profile.check()?;
        Ok(profile)
    }

    /// The profile as TOML, which [`Profile::from_toml`] reads.
    ///
    /// # Errors
    /// [`ProfileError`] when a value cannot be written, which no profile that was read has.
    pub fn to_toml(&self) -> Result<String, ProfileError> {
        toml::to_string_pretty(self).map_err(|error| self.wrong(error.to_string()))
    }

    /// Whether files can be read with it.
    ///
    /// # Errors
    /// [`ProfileError`] with what is missing or contradicts itself.
    pub fn check(&self) -> Result<(), ProfileError> {
        Zone::named(&self.zone).map_err(|error| self.wrong(error.to_string()))?;
        if let Some(field) = self.required.iter().find(|field| !self.columns.contains_key(field)) {
            return Err(self.wrong(format!("the required field {} has no column", field.id())));
        }
        if let Some((field, _)) = self.columns.iter().find(|(_, headers)| headers.0.iter().all(String::is_empty)) {
            return Err(self.wrong(format!("the field {} names no header", field.id())));
        }
        let fields = self.columns.keys().chain(self.constants.keys());
        if let Some(field) = fields.copied().find(|field| !field.belongs_to(self.kind)) {
            return Err(self.wrong(format!("{} holds no field {}", self.kind.phrase(), field.id())));
        }
        let mut missing = needs(self.kind).iter().filter(|(group, _)| !group.iter().any(|field| self.feeds(*field)));
        if let Some((_, what)) = missing.next() {
            return Err(self.wrong(format!("no column feeds {what}")));
        }
        if let Some(header) = self.shared_by_both_ends() {
            let says = format!(
                "start and end are both read from “{header}”; where a file has two of it, the second is “{header} (2)”"
            );
            return Err(self.wrong(says));
        }
        self.check_header()?;
        if self.vat_percent.is_some_and(|percent| !(0.0..=100.0).contains(&percent)) {
            return Err(self.wrong("vat_percent must be from 0 to 100".to_owned()));
        }
        if self.kind == Kind::Sessions && self.times.is_none() {
            return Err(self.wrong("times says nothing: name how dates are written, such as day_first".to_owned()));
        }
        Ok(())
    }

    /// What is known of the header; without one nothing but places may be named, for whatever else stood there was data.
    fn check_header(&self) -> Result<(), ProfileError> {
        if self.header_rows > MOST_HEADER_ROWS {
            return Err(self.wrong(format!("header_rows must be from 0 to {MOST_HEADER_ROWS}")));
        }
        let read = self.columns.values().flat_map(|headers| &headers.0);
        let mut names = read.chain(&self.ignored).chain(self.connector_flags.keys());
        if self.header_rows == 0 && names.any(|name| !is_any_place(name)) {
            return Err(self.wrong("without a header, columns are named by their place, such as “column 3”".to_owned()));
        }
        Ok(())
    }

    /// The header from which start and end are both read, where nothing else tells them apart: their clocks, or their days where these
    /// have none beside them.
    fn shared_by_both_ends(&self) -> Option<&str> {
        let of = |clock: Field, day: Field| self.columns.get(&clock).or_else(|| self.columns.get(&day))?.0.first();
        let start = of(Field::PlugInTime, Field::PlugIn)?;
        let end = of(Field::PlugOutTime, Field::PlugOut)?;
        (folded(start) == folded(end)).then_some(end)
    }

    fn wrong(&self, reason: String) -> ProfileError {
        ProfileError { name: self.name.clone(), reason }
    }

    /// Whether a column or a constant feeds a field.
    pub(crate) fn feeds(&self, field: Field) -> bool {
        self.columns.contains_key(&field) || self.constants.contains_key(&field)
    }

    /// What a fee without VAT is multiplied by.
    pub(crate) fn vat_factor(&self) -> f64 {
        1.0 + self.vat_percent.unwrap_or(USUAL_VAT) / 100.0
    }

    /// Zone of its clocks.
    pub(crate) fn zone(&self) -> Zone {
        Zone::named(&self.zone).unwrap_or_else(|_| Zone::london())
    }

    /// Rows that make up the header; 0 where the first row is data already.
    #[must_use]
    pub fn header_rows(&self) -> u8 {
        self.header_rows
    }

    /// Whether instants are those of clocks on the wall of a zone, not instants themselves.
    #[must_use]
    pub fn has_local_clocks(&self) -> bool {
        self.times.is_some_and(Times::are_civil)
    }

    /// Whether another layout reads the same columns as instants, and on the same clocks.
    #[must_use]
    pub fn has_clocks_of(&self, other: &Self) -> bool {
        let clocks = [Field::PlugIn, Field::PlugInTime, Field::PlugOut, Field::PlugOutTime, Field::Duration];
        self.times == other.times
            && self.zone == other.zone
            && self.duration == other.duration
            && clocks.iter().all(|field| self.columns.get(field) == other.columns.get(field))
    }

    /// What a value of the file means.
    pub(crate) fn meaning<'v>(&'v self, field: Field, value: &'v str) -> &'v str {
        let known = self.values.get(&field).and_then(|values| values.get(&value.trim().to_lowercase()));
        known.map_or(value, String::as_str)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::profiles;
    use super::*;

    const LEAST: &str = "kind='sessions'\nzone='UTC'\ntimes='epoch_ms'\n[columns]\nevse=['a','A b']\nplug_in='b'\n\
        duration='c'\nenergy='d'\n";

    #[test]
    fn the_least_profile_is_read_and_named_by_its_file() {
        let profile = Profile::from_toml("mine", LEAST).unwrap();
        assert_eq!((profile.name.as_str(), profile.title.as_str(), profile.header_rows), ("mine", "mine", 1));
        assert_eq!(profile.columns[&Field::Evse].0, ["a", "A b"]);
    }

    #[test]
    fn a_profile_is_the_same_after_it_is_written_and_read_as_toml_or_json() {
        for profile in profiles() {
            let text = profile.to_toml().unwrap();
            assert_eq!(&Profile::from_toml("again", &text).unwrap(), profile, "{text}");
            let json = serde_json::to_string(profile).unwrap();
            assert_eq!(&serde_json::from_str::<Profile>(&json).unwrap(), profile, "{json}");
        }
    }

    #[test]
    fn a_profile_with_a_mistake_is_refused_with_the_reason() {
        for (from, to, reason) in [
            ("zone='UTC'", "zone='Europe/Londn'", "Europe/Londn"),
            ("[columns]", "required=['session_id']\n[columns]", "session_id"),
            ("energy='d'", "", "an energy"),
            ("duration='c'", "", "an end"),
            ("plug_in='b'", "", "a start"),
            ("evse=['a','A b']", "", "a charge point"),
            ("energy='d'", "energy=[]", "names no header"),
            ("energy='d'", "energy='d'\nsiting='e'", "no field siting"),
            ("times='epoch_ms'", "", "times"),
            ("times='epoch_ms'", "times='sundial'", "sundial"),
            ("[columns]", "colour=1\n[columns]", "colour"),
            ("[columns]", "header_rows=6\n[columns]", "header_rows"),
            ("[columns]", "header_rows=0\n[columns]", "by their place"),
            ("[columns]", "vat_percent=-1\n[columns]", "vat_percent"),
            ("[columns]", "vat_percent=nan\n[columns]", "vat_percent"),
            ("duration='c'", "plug_out='B'", "both read from “B”"),
            ("duration='c'", "plug_out='c'\nplug_in_time='t'\nplug_out_time='t'", "“t (2)”"),
        ] {
            let error = Profile::from_toml("x", &LEAST.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(reason) && error.contains("profile x"), "{error}");
        }
    }

    #[test]
    fn start_and_end_may_share_the_column_of_their_day() {
        let text = LEAST.replace("duration='c'", "plug_out='b'\nplug_in_time='from'\nplug_out_time='to'");
        assert!(Profile::from_toml("x", &text).is_ok());
    }

    #[test]
    fn a_constant_stands_for_a_column() {
        let text = format!("{}[constants]\ndevice='Depot'\n", LEAST.replace("evse=['a','A b']", ""));
        assert!(Profile::from_toml("x", &text).is_ok());
    }
}
