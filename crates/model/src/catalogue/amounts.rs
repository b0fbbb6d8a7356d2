//! Amounts that add up.

use super::additive::{Additive as A, Total};
use super::texts::{ATLAS, BY_START, ENDS, ESTIMATE, FACTORS, OVERLAPS, SPREAD};
use super::{Direction, Format, Metric, Rule, metric_of};
use crate::factors::{AVOIDED_KG_PER_KWH, ELECTRIC_MILES_PER_KWH, FACTORS_VERSION};

const fn sum(of: A) -> Rule {
    Rule::Total(Total::of(of))
}

/// Where the end of charging is known.
const fn ended(of: Total) -> Rule {
    Rule::Total(of.per(3600.0).known_by(A::PluggedS, A::EndedS))
}

pub(super) const SESSIONS: Metric = Metric {
    unit: "sessions",
    unit_label: "sessions",
    sentence: "How many times a vehicle was plugged in.",
    formula: "count of sessions by start",
    exclusions: &[BY_START, "Failed starts are included here and counted apart as failed starts."],
    source: ATLAS,
    ..metric_of("sessions", "Sessions", "Sessions", sum(A::Sessions))
};

pub(super) const FAILED_STARTS: Metric = Metric {
    unit: "sessions",
    unit_label: "failed starts",
    sentence: "Sessions that delivered no energy or lasted under a minute.",
    formula: "count of sessions with energy = 0 or plugged time < 1 minute",
    exclusions: &[BY_START],
    source: ATLAS,
    good_direction: Direction::Down,
    ..metric_of("failed_starts", "Failed starts", "Failed starts", sum(A::FailedStarts))
};

pub(super) const ENERGY: Metric = Metric {
    unit: "kWh",
    unit_label: "kWh",
    format: Format::Kwh,
    sentence: "Energy delivered to vehicles.",
    formula: "Σ energy of sessions, apportioned to local hours",
    exclusions: &[SPREAD],
    ..metric_of("energy_kwh", "Energy delivered", "Energy", sum(A::EnergyKwh))
};

pub(super) const PLUGGED_HOURS: Metric = Metric {
    unit: "h",
    unit_label: "hours",
    format: Format::Hours,
    sentence: "Hours in which a vehicle was plugged in, charging or not.",
    formula: "Σ (plug-out − plug-in), clipped to the period",
    exclusions: &[OVERLAPS],
    ..metric_of("plugged_hours", "Hours plugged in", "Plugged in", Rule::Total(Total::of(A::PluggedS).per(3600.0)))
};

pub(super) const CHARGING_HOURS: Metric = Metric {
    unit: "h",
    unit_label: "hours",
    format: Format::Hours,
    sentence: "Hours in which energy was flowing into a vehicle.",
    formula: "Σ (end of charging − plug-in), clipped to the period",
    exclusions: &[ENDS, OVERLAPS],
    ..metric_of("charging_hours", "Hours charging", "Charging", ended(Total::of(A::ChargingS)))
};

pub(super) const IDLE_HOURS: Metric = Metric {
    unit: "h",
    unit_label: "hours",
    format: Format::Hours,
    sentence: "Hours in which a vehicle stayed plugged in after it had finished charging.",
    formula: "Σ (plug-out − end of charging), clipped to the period",
    exclusions: &[ENDS, OVERLAPS],
    good_direction: Direction::Down,
    ..metric_of("idle_hours", "Hours plugged in and idle", "Idle", ended(Total::of(A::EndedS).less(A::ChargingS)))
};

pub(super) const CO2E_AVOIDED: Metric = Metric {
    unit: "kg CO2e",
    unit_label: "kg CO2e",
    format: Format::Decimal,
    sentence: "About how much less greenhouse gas was emitted than if average petrol cars had driven the same way.",
    formula: "Σ energy × (3.5 miles per kWh × 1.609344 km × 0.16450 kg CO2e per km − 0.20705 − 0.01830 kg CO2e per kWh) = Σ energy × 0.70123 kg CO2e per kWh",
    exclusions: &[
        ESTIMATE,
        "Making the cars and the fuel is left out, and what is lost between charge point and battery.",
        SPREAD,
    ],
    source: FACTORS,
    version: FACTORS_VERSION,
    ..metric_of(
        "co2e_avoided_kg",
        "CO2e avoided, estimate",
        "CO2e avoided",
        Rule::Total(Total::of(A::EnergyKwh).per(1.0 / AVOIDED_KG_PER_KWH)),
    )
};

pub(super) const ELECTRIC_MILES: Metric = Metric {
    unit: "miles",
    unit_label: "miles",
    format: Format::Decimal,
    sentence: "About how far the energy delivered drives.",
    formula: "Σ energy × 3.5 miles per kWh",
    exclusions: &[ESTIMATE, SPREAD],
    source: FACTORS,
    version: FACTORS_VERSION,
    ..metric_of(
        "electric_miles",
        "Electric miles, estimate",
        "Electric miles",
        Rule::Total(Total::of(A::EnergyKwh).per(1.0 / ELECTRIC_MILES_PER_KWH)),
    )
};
