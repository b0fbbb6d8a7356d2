//! The limits of checks: where each begins to find something, which of them can be set, and within which bounds.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Check;

/// Where the checks begin to find something in one file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Shortest usual stay, seconds.
    pub short_stay_s: f64,
    /// Longest usual stay on a slow point, minutes: a week, because residents leave the car.
    pub long_stay_slow_min: f64,
    /// Longest usual stay elsewhere, minutes (Atlas charging-use specification).
    pub long_stay_min: f64,
    /// Longest usual stay on a rapid point, minutes.
    pub long_stay_rapid_min: f64,
    /// Longest usual charge, minutes (Atlas).
    pub long_charge_min: f64,
    /// Most by which a duration may differ from the time between start and end, minutes: rounding to a quarter of an hour.
    pub duration_differs_min: f64,
    /// Least usual energy, kWh (Atlas).
    pub low_energy_kwh: f64,
    /// Most usual energy, kWh (Atlas).
    pub high_energy_kwh: f64,
    /// Mean power over rated power.
    pub over_rated: f64,
    /// Energy that no session can have, kWh.
    pub impossible_kwh: f64,
    /// Mean power that no session can have, kW.
    pub impossible_kw: f64,
}

impl Default for Thresholds {
    /// What holds where nothing was set. Returns recorded before limits could be set were read with these: to change one, give
    /// these returns the old value in the ledger first.
    fn default() -> Self {
        Self {
            short_stay_s: 60.0,
            long_stay_slow_min: 10_080.0,
            long_stay_min: 2_880.0,
            long_stay_rapid_min: 720.0,
            long_charge_min: 1_440.0,
            duration_differs_min: 15.0,
            low_energy_kwh: 0.5,
            high_energy_kwh: 250.0,
            over_rated: 1.1,
            impossible_kwh: 1_000.0,
            impossible_kw: 500.0,
        }
    }
}

/// A limit that can be set, for a hub or for one operator.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Name, by which it is set.
    pub name: &'static str,
    /// Id of the check that it belongs to.
    pub check: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Unit of its value; 1 for a ratio.
    pub unit: &'static str,
    /// Least value that it may be set to.
    pub least: f64,
    /// Greatest value that it may be set to.
    pub most: f64,
    field: fn(&mut Thresholds) -> &mut f64,
}

/// A year of minutes: a stay may be longer, but then there is nothing left to check.
const YEAR_MIN: f64 = 525_600.0;

/// Every limit, in the order of the checks; of several of one check, the usual one first.
pub static LIMITS: [Limit; 11] = [
    limit("impossible_kwh", "implausible_energy", "Energy that no session can have", "kWh", (50.0, 100_000.0), |t| {
        &mut t.impossible_kwh
    }),
    limit("impossible_kw", "implausible_energy", "Mean power that no session can have", "kW", (25.0, 10_000.0), |t| {
        &mut t.impossible_kw
    }),
    limit("short_stay_s", "under_one_minute", "Shortest usual stay", "s", (0.0, 3_600.0), |t| &mut t.short_stay_s),
    limit("long_stay_min", "long_stay", "Longest usual stay, unless slow or rapid", "min", (10.0, YEAR_MIN), |t| {
        &mut t.long_stay_min
    }),
    limit(
        "long_stay_slow_min",
        "long_stay",
        "Longest usual stay on a slow charge point",
        "min",
        (10.0, YEAR_MIN),
        |t| &mut t.long_stay_slow_min,
    ),
    limit(
        "long_stay_rapid_min",
        "long_stay",
        "Longest usual stay on a rapid or ultra-rapid charge point",
        "min",
        (10.0, YEAR_MIN),
        |t| &mut t.long_stay_rapid_min,
    ),
    limit("long_charge_min", "long_charge", "Longest usual charge", "min", (10.0, YEAR_MIN), |t| {
        &mut t.long_charge_min
    }),
    limit(
        "duration_differs_min",
        "duration_differs",
        "Most by which a duration may differ from the time between start and end",
        "min",
        (0.0, 1_440.0),
        |t| &mut t.duration_differs_min,
    ),
    limit("low_energy_kwh", "low_energy", "Least usual energy", "kWh", (0.0, 50.0), |t| &mut t.low_energy_kwh),
    limit("high_energy_kwh", "high_energy", "Most usual energy", "kWh", (1.0, 100_000.0), |t| &mut t.high_energy_kwh),
    limit("over_rated", "over_rated_power", "Mean power over rated power", "1", (0.5, 100.0), |t| &mut t.over_rated),
];

const fn limit(
    name: &'static str,
    check: &'static str,
    title: &'static str,
    unit: &'static str,
    (least, most): (f64, f64),
    field: fn(&mut Thresholds) -> &mut f64,
) -> Limit {
    Limit { name, check, title, unit, least, most, field }
}

impl Limit {
    /// The limit of a name.
    ///
    /// # Errors
    /// [`LimitError::Unknown`], which lists the names that there are.
    pub fn named(name: &str) -> Result<&'static Self, LimitError> {
        let unknown = || LimitError::Unknown { name: name.to_owned() };
        LIMITS.iter().find(|limit| limit.name == name).ok_or_else(unknown)
    }

    /// What holds where nothing was set.
    #[must_use]
    pub fn usual(&self) -> f64 {
        self.of(Thresholds::default())
    }

    /// Its value among others.
    #[must_use]
    pub fn of(&self, mut thresholds: Thresholds) -> f64 {
        *(self.field)(&mut thresholds)
    }

    /// Refuses a value that it cannot have.
    ///
    /// # Errors
    /// [`LimitError::OutOfRange`], which says the range.
    pub fn check_value(&'static self, value: f64) -> Result<(), LimitError> {
        // Written so that what is not a number is refused as well.
        if (self.least..=self.most).contains(&value) {
            Ok(())
        } else {
            Err(LimitError::OutOfRange { limit: self, value })
        }
    }

    fn applied(&self, thresholds: Thresholds) -> CheckLimit {
        CheckLimit { name: self.name, value: self.of(thresholds), unit: self.unit }
    }
}

/// Why a limit cannot be set. `Display` says what is wrong and what would be right.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LimitError {
    /// There is none of that name.
    #[error("there is no limit “{name}”; choose from {}", names())]
    Unknown {
        /// As asked.
        name: String,
    },
    /// A value that the limit cannot have.
    #[error("{} cannot be {value}; it is a number from {} to {}{}", .limit.name, .limit.least, .limit.most, unit(.limit))]
    OutOfRange {
        /// The limit.
        limit: &'static Limit,
        /// As asked.
        value: f64,
    },
    /// Not `NAME=VALUE`.
    #[error("“{text}” is not NAME=VALUE with a number for the value, such as long_stay_min=4320")]
    Malformed {
        /// As asked.
        text: String,
    },
}

fn names() -> String {
    LIMITS.iter().map(|limit| limit.name).collect::<Vec<_>>().join(", ")
}

fn unit(limit: &Limit) -> String {
    if limit.unit == "1" { String::new() } else { format!(" {}", limit.unit) }
}

/// Limits that were set; all others are as usual.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Limits(BTreeMap<&'static str, f64>);

impl Limits {
    /// Reads one, written `NAME=VALUE`.
    ///
    /// # Errors
    /// [`LimitError`] when it is not written so, there is none of that name, or it cannot have that value.
    pub fn parse(text: &str) -> Result<(&'static Limit, f64), LimitError> {
        let malformed = || LimitError::Malformed { text: text.to_owned() };
        let (name, value) = text.split_once('=').ok_or_else(malformed)?;
        let limit = Limit::named(name.trim())?;
        let value: f64 = value.trim().parse().map_err(|_| malformed())?;
        limit.check_value(value)?;
        Ok((limit, value))
    }

    /// Sets one.
    ///
    /// # Errors
    /// [`LimitError`] when there is none of that name, or it cannot have that value.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), LimitError> {
        let limit = Limit::named(name)?;
        limit.check_value(value)?;
        self.0.insert(limit.name, value);
        Ok(())
    }

    /// Those that were set, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.0.iter().map(|(name, value)| (*name, *value))
    }
}

impl Thresholds {
    /// The same, but for the limits that were set.
    #[must_use]
    pub fn with(mut self, limits: &Limits) -> Self {
        for limit in &LIMITS {
            if let Some(value) = limits.0.get(limit.name) {
                *(limit.field)(&mut self) = *value;
            }
        }
        self
    }

    /// All values by name, for a record from which [`Thresholds::of_record`] makes them again: also those that were not set, so
    /// that a return is read in the same way when another value becomes the usual one.
    #[must_use]
    pub fn to_record(self) -> BTreeMap<String, f64> {
        LIMITS.iter().map(|limit| (limit.name.to_owned(), limit.of(self))).collect()
    }

    /// Values as recorded, also such as could not be set any more; what the record does not name was as usual.
    #[must_use]
    pub fn of_record(record: &BTreeMap<String, f64>) -> Self {
        let mut thresholds = Self::default();
        for limit in &LIMITS {
            if let Some(value) = record.get(limit.name) {
                *(limit.field)(&mut thresholds) = *value;
            }
        }
        thresholds
    }

    /// All of them with their values.
    #[must_use]
    pub fn all(self) -> Vec<CheckLimit> {
        LIMITS.iter().map(|limit| limit.applied(self)).collect()
    }

    /// Those of one check with their values, the usual one first; none for a check without one.
    #[must_use]
    pub fn of_check(self, id: &str) -> Vec<CheckLimit> {
        LIMITS.iter().filter(|limit| limit.check == id).map(|limit| limit.applied(self)).collect()
    }
}

/// Whether so many seconds are more than a limit in minutes.
#[expect(clippy::cast_precision_loss, reason = "seconds of a session")]
pub(super) fn is_longer(seconds: i64, limit_min: f64) -> bool {
    seconds as f64 > limit_min * 60.0
}

/// Whether so many seconds are less than a limit in seconds.
#[expect(clippy::cast_precision_loss, reason = "seconds of a session")]
pub(super) fn is_shorter(seconds: i64, limit_s: f64) -> bool {
    (seconds as f64) < limit_s
}

/// Where a check begins to find something.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CheckLimit {
    /// Name of the limit among [`LIMITS`].
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Unit of the value; 1 for a ratio.
    pub unit: &'static str,
}

impl Check {
    /// Its limit where nothing was set; none for a check without one. The usual one where it differs between power bands.
    #[must_use]
    pub fn limit(&self) -> Option<CheckLimit> {
        Thresholds::default().of_check(self.id).into_iter().next()
    }

    /// Its limits, in the order of [`LIMITS`]; none for a check without one.
    pub fn limits(&self) -> impl Iterator<Item = &'static Limit> {
        let id = self.id;
        LIMITS.iter().filter(move |limit| limit.check == id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::checks;

    #[test]
    fn limits_belong_to_checks_that_exist_and_others_have_none() {
        let limited: BTreeSet<&str> =
            checks().iter().filter(|check| check.limit().is_some()).map(|check| check.id).collect();
        assert_eq!(limited, LIMITS.iter().map(|limit| limit.check).collect());
        assert_eq!(limited.len(), 8);
    }

    #[test]
    fn each_limit_has_its_own_name_and_place_and_can_be_what_is_usual() {
        let names: BTreeSet<&str> = LIMITS.iter().map(|limit| limit.name).collect();
        assert_eq!(names.len(), LIMITS.len());
        for (at, limit) in LIMITS.iter().enumerate() {
            assert!(limit.check_value(limit.usual()).is_ok(), "{}", limit.name);
            let mut changed = Thresholds::default();
            *(limit.field)(&mut changed) += 1.0;
            let differing: Vec<usize> =
                (0..LIMITS.len()).filter(|at| LIMITS[*at].of(changed) != LIMITS[*at].usual()).collect();
            assert_eq!(differing, [at], "{}", limit.name);
        }
    }

    #[test]
    fn an_unknown_name_lists_those_that_there_are_and_a_value_out_of_range_says_the_range() {
        let said = |text: &str| Limits::parse(text).err().map(|error| error.to_string()).unwrap_or_default();
        let unknown = said("long_say_min=4320");
        assert!(unknown.contains("long_say_min") && unknown.contains("long_stay_min, long_stay_slow_min"), "{unknown}");
        assert_eq!(said("long_stay_min=-1"), "long_stay_min cannot be -1; it is a number from 10 to 525600 min");
        assert_eq!(said("over_rated=NaN"), "over_rated cannot be NaN; it is a number from 0.5 to 100");
        assert!(said("over_rated=inf").contains("cannot be inf"));
        for malformed in ["long_stay_min", "long_stay_min=many", "long_stay_min=", "long_stay_min=4,320"] {
            assert!(said(malformed).contains("NAME=VALUE"), "{malformed}");
        }
        assert!(
            matches!(Limits::parse(" long_stay_min = 4320 "), Ok((limit, value)) if limit.name == "long_stay_min" && value == 4320.0)
        );
    }

    #[test]
    fn what_was_recorded_comes_back_and_what_was_not_was_as_usual() {
        let mut limits = Limits::default();
        assert!(limits.set("long_stay_min", 4320.0).is_ok() && limits.set("over_rated", 1.25).is_ok());
        let set = Thresholds::default().with(&limits);
        assert_eq!((set.long_stay_min, set.over_rated, set.high_energy_kwh), (4320.0, 1.25, 250.0));
        assert_eq!(Thresholds::of_record(&set.to_record()), set);
        assert_eq!(Thresholds::of_record(&BTreeMap::new()), Thresholds::default());
        let of_old = BTreeMap::from([("long_stay_min".to_owned(), 1.0), ("no_more".to_owned(), 2.0)]);
        assert_eq!(Thresholds::of_record(&of_old).long_stay_min, 1.0, "a record holds whatever the range is today");
    }
}
