//! Durations that contradict start and end: compared while rows are read, the flag is there already.

use kerbwatt_model::Flag;

use super::Check;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "duration_differs",
    severity: Severity::Warning,
    title: "Duration is not the time between start and end",
    advice: "Check the clock and the unit of the duration; start and end are what counts. Durations longer than from start to end are \
        told always, shorter ones only where those of most other rows agree, for they may be times of charging. An hour is \
        nothing in nights in which the clocks change.",
    flag: Some(Flag::DurationDiffers),
    finds: |session, _| session.has(Flag::DurationDiffers),
    shows: |session, _| format!("beside {} min from start to end", session.plugged_s() / 60),
};
