//! Rates: sums divided once, and medians beside the means.

use super::additive::{Additive as A, Total};
use super::texts::{
    ATLAS, BY_START, ENDS, LIVE, OPEN, OVERLAPS, POWER_TIME, RATED, REPORTED, SPREAD, STARTED, WITH_FAILED, WITHIN,
};
use super::{Direction, Format, Metric, PerSession, Rule, metric_of};

const fn ratio(above: Total, below: Total) -> Rule {
    Rule::Ratio { above, below }
}

const EVSE_DAYS: Total = Total::of(A::AvailableS).per(86_400.0);

pub(super) const UTILISATION_TIME: Metric = Metric {
    unit: "ratio",
    unit_label: "% of time",
    format: Format::Percent,
    sentence: "Share of the available time in which a vehicle was plugged in (time-based utilisation).",
    formula: "Σ plugged time within the available time ÷ Σ available time of live, reported EVSEs",
    exclusions: &[REPORTED, WITHIN, LIVE, OPEN, OVERLAPS],
    version: 2,
    source: "UK time-based utilisation as used in DfT and industry reports",
    ..metric_of(
        "utilisation_time",
        "Time plugged in",
        "Plugged in",
        ratio(Total::of(A::OpenPluggedS), Total::of(A::AvailableS)),
    )
};

pub(super) const UTILISATION_CHARGING: Metric = Metric {
    unit: "ratio",
    unit_label: "% of time",
    format: Format::Percent,
    sentence: "Share of the available time in which energy was flowing.",
    formula: "Σ charging time within the available time ÷ (Σ available time of live, reported EVSEs in months in which their operator reports the end of charging − Σ plugged time of sessions without it)",
    exclusions: &[
        ENDS,
        "Months in which an operator reports no end of charging at all are left out whole; elsewhere the available time in which sessions without one were plugged in is left out, for nobody knows whether energy was flowing.",
        REPORTED,
        WITHIN,
        LIVE,
        OPEN,
        OVERLAPS,
    ],
    version: 2,
    ..metric_of(
        "utilisation_charging",
        "Time charging",
        "Charging",
        ratio(Total::of(A::OpenChargingS), Total::of(A::EndsAvailableS).less(A::UnendedS)),
    )
};

pub(super) const UTILISATION_ENERGY: Metric = Metric {
    unit: "ratio",
    unit_label: "% of capacity",
    format: Format::Percent,
    sentence: "Energy delivered as a share of what the charge points could have delivered at rated power (energy-based utilisation).",
    formula: "Σ energy within the available time ÷ Σ (rated power × available time)",
    exclusions: &[REPORTED, WITHIN, LIVE, OPEN, RATED],
    version: 2,
    source: "UK energy-based utilisation (capacity factor)",
    ..metric_of(
        "utilisation_energy",
        "Energy utilisation",
        "Of capacity",
        ratio(Total::of(A::RatedEnergyKwh), Total::of(A::CapacityKwh)),
    )
};

pub(super) const SESSIONS_PER_EVSE_DAY: Metric = Metric {
    unit: "sessions per EVSE-day",
    unit_label: "a day",
    format: Format::Decimal,
    sentence: "Sessions for each charge point and day.",
    formula: "sessions ÷ Σ (available time ÷ 24 hours)",
    exclusions: &[REPORTED, STARTED, LIVE],
    ..metric_of(
        "sessions_per_evse_day",
        "Sessions per charge point a day",
        "Sessions a day",
        ratio(Total::of(A::Sessions), EVSE_DAYS),
    )
};

pub(super) const KWH_PER_EVSE_DAY: Metric = Metric {
    unit: "kWh per EVSE-day",
    unit_label: "kWh a day",
    format: Format::Decimal,
    sentence: "Energy for each charge point and day.",
    formula: "Σ energy within the available time ÷ Σ (available time ÷ 24 hours)",
    exclusions: &[REPORTED, WITHIN, LIVE, SPREAD],
    version: 2,
    ..metric_of(
        "kwh_per_evse_day",
        "Energy per charge point a day",
        "kWh a day",
        ratio(Total::of(A::OpenKwh), EVSE_DAYS),
    )
};

pub(super) const ENERGY_PER_SESSION: Metric = Metric {
    unit: "kWh per session",
    unit_label: "kWh a session",
    format: Format::Decimal,
    sentence: "Mean energy of a session.",
    formula: "Σ energy of sessions started ÷ sessions started",
    exclusions: &[BY_START, WITH_FAILED],
    good_direction: Direction::None,
    ..metric_of(
        "energy_per_session",
        "Energy per session, mean",
        "kWh a session",
        ratio(Total::of(A::StartedKwh), Total::of(A::Sessions)),
    )
};

pub(super) const ENERGY_PER_SESSION_MEDIAN: Metric = Metric {
    unit: "kWh per session",
    unit_label: "kWh a session",
    format: Format::Decimal,
    sentence: "Half of the sessions took less energy, half took more.",
    formula: "median of the energy of sessions started",
    exclusions: &[BY_START, WITH_FAILED, "Exact, from single sessions."],
    good_direction: Direction::None,
    ..metric_of(
        "energy_per_session_median",
        "Energy per session, median",
        "kWh a session",
        Rule::Median(PerSession::Kwh),
    )
};

pub(super) const DURATION_PER_SESSION: Metric = Metric {
    unit: "min",
    unit_label: "minutes",
    format: Format::Minutes,
    sentence: "Mean time plugged in of a session.",
    formula: "Σ plugged time of sessions started ÷ sessions started",
    exclusions: &[BY_START, WITH_FAILED, "The whole length counts, also beyond the period."],
    good_direction: Direction::None,
    ..metric_of(
        "duration_per_session",
        "Duration per session, mean",
        "Duration",
        ratio(Total::of(A::StartedS).per(60.0), Total::of(A::Sessions)),
    )
};

pub(super) const DURATION_PER_SESSION_MEDIAN: Metric = Metric {
    unit: "min",
    unit_label: "minutes",
    format: Format::Minutes,
    sentence: "Half of the sessions were shorter, half were longer.",
    formula: "median of the plugged time of sessions started",
    exclusions: &[BY_START, WITH_FAILED, "Exact, from single sessions."],
    good_direction: Direction::None,
    ..metric_of(
        "duration_per_session_median",
        "Duration per session, median",
        "Duration",
        Rule::Median(PerSession::Minutes),
    )
};

pub(super) const POWER_PER_SESSION: Metric = Metric {
    unit: "kW",
    unit_label: "kW",
    format: Format::Decimal,
    sentence: "Mean power of a session while it charged, each session counting the same.",
    formula: "Σ (energy ÷ charging time) of sessions started ÷ sessions started with a length",
    exclusions: &[BY_START, POWER_TIME, WITH_FAILED],
    good_direction: Direction::None,
    ..metric_of(
        "power_per_session",
        "Power per session, mean",
        "Power",
        ratio(Total::of(A::PowerKw), Total::of(A::PoweredSessions)),
    )
};

pub(super) const POWER_PER_SESSION_MEDIAN: Metric = Metric {
    unit: "kW",
    unit_label: "kW",
    format: Format::Decimal,
    sentence: "Half of the sessions charged with less power, half with more.",
    formula: "median of energy ÷ charging time of sessions started with a length",
    exclusions: &[BY_START, POWER_TIME, WITH_FAILED, "Exact, from single sessions."],
    good_direction: Direction::None,
    ..metric_of("power_per_session_median", "Power per session, median", "Power", Rule::Median(PerSession::Kw))
};

pub(super) const FAILED_START_RATE: Metric = Metric {
    unit: "ratio",
    unit_label: "% of sessions",
    format: Format::Percent,
    sentence: "Share of sessions that delivered no energy or lasted under a minute.",
    formula: "failed starts ÷ sessions",
    exclusions: &[BY_START],
    source: ATLAS,
    good_direction: Direction::Down,
    ..metric_of(
        "failed_start_rate",
        "Failed starts, share",
        "Failed starts",
        ratio(Total::of(A::FailedStarts), Total::of(A::Sessions)),
    )
};
