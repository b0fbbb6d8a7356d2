//! Energy outside the usual, or in no time.

use kerbwatt_model::Flag;

use super::Check;
use crate::Severity;

pub(super) static LOW: Check = Check {
    id: "low_energy",
    severity: Severity::Info,
    title: "Very little energy",
    advice: "Nothing to do if the sessions were short; otherwise check the unit of the energy column.",
    flag: Some(Flag::LowEnergy),
    finds: |session, context| session.energy_kwh > 0.0 && session.energy_kwh < context.thresholds.low_energy_kwh,
    shows: |session, _| format!("{} kWh", session.energy_kwh),
};

pub(super) static HIGH: Check = Check {
    id: "high_energy",
    severity: Severity::Warning,
    title: "Very much energy",
    advice: "Check that these are single sessions of one vehicle, and the unit of the energy column.",
    flag: Some(Flag::HighEnergy),
    finds: |session, context| session.energy_kwh > context.thresholds.high_energy_kwh,
    shows: |session, _| format!("{} kWh", session.energy_kwh),
};

/// From here on no meter or clock is only rounded, kWh.
const TOLD_KWH: f64 = 1.0;

/// The end must be after the start (Atlas). Such a row may be cut to whole minutes or hours, and is kept; one that not even that explains
/// is none, see [`super::Rule::ImplausibleEnergy`].
pub(super) static IN_NO_TIME: Check = Check {
    id: "energy_in_no_time",
    severity: Severity::Warning,
    title: "Energy in no time",
    advice: "Check start, end and duration: they may be cut to whole minutes or hours.",
    flag: Some(Flag::EnergyInNoTime),
    finds: |session, _| session.energy_kwh >= TOLD_KWH && session.plugged_s() == 0,
    shows: |session, _| format!("{} kWh", session.energy_kwh),
};
