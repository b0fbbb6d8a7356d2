//! What was settled while a row was read: the flag is there already.

use kerbwatt_model::Flag;

use super::Check;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "clock_change",
    severity: Severity::Warning,
    title: "Time in the hour in which the clocks change",
    advice: "Send times with an offset or in UTC; the earlier of two readings was taken.",
    flag: Some(Flag::ClockChange),
    finds: |session, _| session.has(Flag::ClockChange),
    shows: |session, _| format!("{} to {}", session.plug_in, session.plug_out),
};

pub(super) static UNCLEAR_ORDER: Check = Check {
    id: "unclear_order",
    severity: Severity::Warning,
    title: "Day and month could be exchanged",
    advice: "Send dates with the year first, such as 2019-03-09: nothing in the file proves whether the day or the month comes first in \
        these.",
    flag: Some(Flag::UnclearOrder),
    finds: |session, _| session.has(Flag::UnclearOrder),
    shows: |session, _| session.plug_in.to_string(),
};

pub(super) static END_DERIVED: Check = Check {
    id: "end_derived",
    severity: Severity::Info,
    title: "End computed from the duration",
    advice: "Nothing to do; an end in the file would be more exact.",
    flag: Some(Flag::EndDerived),
    finds: |session, _| session.has(Flag::EndDerived),
    shows: |session, _| session.plug_out.to_string(),
};
