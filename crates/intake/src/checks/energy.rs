//! Energy outside the usual.

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
