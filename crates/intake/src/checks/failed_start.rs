//! Attempts that did not become a charge.

use kerbwatt_model::Flag;

use super::Check;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "failed_start",
    severity: Severity::Info,
    title: "No energy, or under a minute",
    advice: "Nothing to do: these are kept and counted as failed starts.",
    flag: Some(Flag::FailedStart),
    finds: |session, _| session.stay().is_failed_start(),
    shows: |session, _| format!("{} kWh", session.energy_kwh),
};
