//! The metric catalogue: every figure as data. It renders the methods page, the API documentation and the data dictionary.

use serde::Serialize;

use crate::Dimension;

/// How a metric combines over parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Parts add up.
    Sum,
    /// Sums are divided once.
    RatioOfSums,
    /// Distinct things are counted; parts do not add up.
    Distinct,
    /// A quantile over single sessions; parts do not combine.
    Quantile,
    /// The largest simultaneous count; parts do not combine.
    Maximum,
}

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Whole number.
    Integer,
    /// One or two decimals.
    Decimal,
    /// Share, 0 to 1, shown in percent.
    Percent,
    /// Hours.
    Hours,
    /// kWh, shown in kWh, MWh or GWh.
    Kwh,
    /// Minutes.
    Minutes,
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    None,
}

/// One metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Metric {
    /// Id, stable.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Name where space is short.
    pub short_name: &'static str,
    /// Unit of the value in answers.
    pub unit: &'static str,
    /// Unit as said on screens.
    pub unit_label: &'static str,
    /// How it is shown.
    pub format: Format,
    /// What it says, in plain words.
    pub sentence: &'static str,
    /// Formula.
    pub formula: &'static str,
    /// What is left out or assumed.
    pub exclusions: &'static [&'static str],
    /// Where the definition comes from.
    pub source: &'static str,
    /// Version of the definition.
    pub version: u32,
    /// How parts combine.
    pub combine: Combine,
    /// Which way is good.
    pub good_direction: Direction,
}

impl Metric {
    /// Why the metric has no meaning by a dimension; none where it has.
    #[must_use]
    pub fn refuses(&self, dimension: Dimension) -> Option<&'static str> {
        let within_day = dimension.is_within_day();
        let cyclic = within_day && dimension != Dimension::Hour || dimension == Dimension::Weekday;
        match self.id {
            "evses" | "coverage" | "evse_days" if within_day => {
                Some("charge points are registered and reported by the day, not by the hour")
            }
            "evses" if cyclic => Some("a stock is counted at the end of a period, and a weekday has no end"),
            "evses_unused" if within_day => Some("a charge point counts as unused over whole days"),
            _ => None,
        }
    }
}

/// Finds a metric by its id.
#[must_use]
pub fn metric(id: &str) -> Option<&'static Metric> {
    CATALOGUE.iter().find(|metric| metric.id == id)
}

const REPORTED: &str =
    "Counts only charge-point days that an accepted return covers; days without a return are missing, not zero.";
const LIVE: &str = "A charge point is live from its commissioning to its decommissioning day; without these dates, for the whole time reported. One that is not in the register is live from its first session to the end of the last return that mentions it.";
const OPEN: &str = "Opening hours are not in version 1: a live charge point counts as open round the clock.";
const RATED: &str = "Charge points of unknown rated power are left out, with their energy.";
const SPREAD: &str = "Energy is spread evenly over the charging time, or over the plugged time where the end of charging is not reported.";
const BY_START: &str = "A session belongs to the local hour and day in which it starts.";
const ATLAS: &str = "Atlas charging-use specification; DfT electric vehicle charging device statistics";
const OWN: &str = "Kerbwatt metric catalogue";

const fn metric_of(id: &'static str, name: &'static str, short_name: &'static str) -> Metric {
    Metric {
        id,
        name,
        short_name,
        unit: "",
        unit_label: "",
        format: Format::Integer,
        sentence: "",
        formula: "",
        exclusions: &[],
        source: OWN,
        version: 1,
        combine: Combine::Sum,
        good_direction: Direction::Up,
    }
}

/// Every metric that can be asked.
pub static CATALOGUE: &[Metric] = &[
    Metric {
        unit: "sessions",
        unit_label: "sessions",
        sentence: "How many times a vehicle was plugged in.",
        formula: "count of sessions by start",
        exclusions: &[BY_START, "Failed starts are included here and counted apart as failed starts."],
        source: ATLAS,
        ..metric_of("sessions", "Sessions", "Sessions")
    },
    Metric {
        unit: "sessions",
        unit_label: "failed starts",
        sentence: "Sessions that delivered no energy or lasted under a minute.",
        formula: "count of sessions with energy = 0 or plugged time < 1 minute",
        exclusions: &[BY_START],
        source: ATLAS,
        good_direction: Direction::Down,
        ..metric_of("failed_starts", "Failed starts", "Failed starts")
    },
    Metric {
        unit: "kWh",
        unit_label: "kWh",
        format: Format::Kwh,
        sentence: "Energy delivered to vehicles.",
        formula: "Σ energy of sessions, apportioned to local hours",
        exclusions: &[SPREAD],
        ..metric_of("energy_kwh", "Energy delivered", "Energy")
    },
    Metric {
        unit: "h",
        unit_label: "hours",
        format: Format::Hours,
        sentence: "Hours in which a vehicle was plugged in, charging or not.",
        formula: "Σ (plug-out − plug-in), clipped to the period",
        ..metric_of("plugged_hours", "Hours plugged in", "Plugged in")
    },
    Metric {
        unit: "ratio",
        unit_label: "% of time",
        format: Format::Percent,
        sentence: "Share of the available time in which a vehicle was plugged in (time-based utilisation).",
        formula: "Σ plugged time ÷ Σ available time of live, reported EVSEs",
        exclusions: &[REPORTED, LIVE, OPEN],
        source: "UK time-based utilisation as used in DfT and industry reports",
        combine: Combine::RatioOfSums,
        ..metric_of("utilisation_time", "Time plugged in", "Plugged in")
    },
    Metric {
        unit: "ratio",
        unit_label: "% of capacity",
        format: Format::Percent,
        sentence: "Energy delivered as a share of what the charge points could have delivered at rated power (energy-based utilisation).",
        formula: "Σ energy ÷ Σ (rated power × available time)",
        exclusions: &[REPORTED, LIVE, OPEN, RATED],
        source: "UK energy-based utilisation (capacity factor)",
        combine: Combine::RatioOfSums,
        ..metric_of("utilisation_energy", "Energy utilisation", "Of capacity")
    },
    Metric {
        unit: "sessions per EVSE-day",
        unit_label: "a day",
        format: Format::Decimal,
        sentence: "Sessions for each charge point and day.",
        formula: "sessions ÷ Σ (available time ÷ 24 hours)",
        exclusions: &[REPORTED, LIVE],
        combine: Combine::RatioOfSums,
        ..metric_of("sessions_per_evse_day", "Sessions per charge point a day", "Sessions a day")
    },
    Metric {
        unit: "kWh per EVSE-day",
        unit_label: "kWh a day",
        format: Format::Decimal,
        sentence: "Energy for each charge point and day.",
        formula: "Σ energy ÷ Σ (available time ÷ 24 hours)",
        exclusions: &[REPORTED, LIVE, SPREAD],
        combine: Combine::RatioOfSums,
        ..metric_of("kwh_per_evse_day", "Energy per charge point a day", "kWh a day")
    },
    Metric {
        unit: "kWh per session",
        unit_label: "kWh a session",
        format: Format::Decimal,
        sentence: "Mean energy of a session.",
        formula: "Σ energy of sessions started ÷ sessions started",
        exclusions: &[BY_START, "Failed starts are included."],
        combine: Combine::RatioOfSums,
        good_direction: Direction::None,
        ..metric_of("energy_per_session", "Energy per session, mean", "kWh a session")
    },
    Metric {
        unit: "kWh per session",
        unit_label: "kWh a session",
        format: Format::Decimal,
        sentence: "Half of the sessions took less energy, half took more.",
        formula: "median of the energy of sessions started",
        exclusions: &[BY_START, "Failed starts are included.", "Exact, from single sessions."],
        combine: Combine::Quantile,
        good_direction: Direction::None,
        ..metric_of("energy_per_session_median", "Energy per session, median", "kWh a session")
    },
    Metric {
        unit: "min",
        unit_label: "minutes",
        format: Format::Minutes,
        sentence: "Mean time plugged in of a session.",
        formula: "Σ plugged time of sessions started ÷ sessions started",
        exclusions: &[BY_START, "Failed starts are included.", "The whole length counts, also beyond the period."],
        combine: Combine::RatioOfSums,
        good_direction: Direction::None,
        ..metric_of("duration_per_session", "Duration per session, mean", "Duration")
    },
    Metric {
        unit: "min",
        unit_label: "minutes",
        format: Format::Minutes,
        sentence: "Half of the sessions were shorter, half were longer.",
        formula: "median of the plugged time of sessions started",
        exclusions: &[BY_START, "Failed starts are included.", "Exact, from single sessions."],
        combine: Combine::Quantile,
        good_direction: Direction::None,
        ..metric_of("duration_per_session_median", "Duration per session, median", "Duration")
    },
    Metric {
        unit: "EVSEs",
        unit_label: "charge points",
        sentence: "Charge points (EVSEs: each serves one vehicle at a time) live at the end of the period.",
        formula: "count of EVSEs live on the last day of the period",
        exclusions: &[LIVE],
        source: "OCPI 2.2.1 EVSE",
        combine: Combine::Distinct,
        good_direction: Direction::None,
        ..metric_of("evses", "Charge points", "Charge points")
    },
    Metric {
        unit: "EVSE-days",
        unit_label: "charge-point days",
        sentence: "Days of live charge points, reported or not.",
        formula: "Σ live days over EVSEs",
        exclusions: &[LIVE],
        good_direction: Direction::None,
        ..metric_of("evse_days", "Charge-point days", "Point days")
    },
    Metric {
        unit: "EVSEs",
        unit_label: "charge points",
        sentence: "Charge points with at least one session started in the period.",
        formula: "count of EVSEs with ≥ 1 session started",
        exclusions: &[BY_START],
        combine: Combine::Distinct,
        ..metric_of("evses_in_use", "Charge points in use", "In use")
    },
    Metric {
        unit: "EVSEs",
        unit_label: "charge points",
        sentence: "Charge points that were live and reported in the period and had no session.",
        formula: "count of EVSEs live and reported on ≥ 1 day, with no session started",
        exclusions: &[REPORTED, LIVE],
        combine: Combine::Distinct,
        good_direction: Direction::Down,
        ..metric_of("evses_unused", "Unused charge points", "Unused")
    },
    Metric {
        unit: "ratio",
        unit_label: "% of sessions",
        format: Format::Percent,
        sentence: "Share of sessions that delivered no energy or lasted under a minute.",
        formula: "failed starts ÷ sessions",
        exclusions: &[BY_START],
        source: ATLAS,
        combine: Combine::RatioOfSums,
        good_direction: Direction::Down,
        ..metric_of("failed_start_rate", "Failed starts, share", "Failed starts")
    },
    Metric {
        unit: "EVSEs",
        unit_label: "at once",
        sentence: "The most charge points plugged in at the same moment.",
        formula: "maximum over time of simultaneous sessions; a session ends before another starts at the same instant",
        combine: Combine::Maximum,
        good_direction: Direction::None,
        ..metric_of("peak_concurrency", "Most plugged in at once", "Peak")
    },
    Metric {
        unit: "ratio",
        unit_label: "% of charge-point days",
        format: Format::Percent,
        sentence: "Share of registered charge-point days that an accepted return covers.",
        formula: "EVSE-days reported ÷ EVSE-days registered",
        exclusions: &["Charge points that are not in the register are left out.", LIVE],
        combine: Combine::RatioOfSums,
        ..metric_of("coverage", "Coverage", "Coverage")
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_complete_and_has_its_own_id() {
        let mut ids: Vec<&str> = CATALOGUE.iter().map(|metric| metric.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CATALOGUE.len());
        for metric in CATALOGUE {
            for text in [metric.name, metric.unit, metric.unit_label, metric.sentence, metric.formula, metric.source] {
                assert!(!text.is_empty(), "{}", metric.id);
            }
        }
    }

    #[test]
    fn a_ratio_is_never_said_to_add_up() {
        for metric in CATALOGUE.iter().filter(|metric| metric.format == Format::Percent) {
            assert_eq!(metric.combine, Combine::RatioOfSums, "{}", metric.id);
        }
    }
}
