//! Charging times that are long, longer than the stay, or before it.

use kerbwatt_model::{Flag, Session};

use super::Check;
use super::limits::is_longer;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "long_charge",
    severity: Severity::Warning,
    title: "Charging unusually long",
    advice: "Check that the charging time is not the time plugged in.",
    flag: Some(Flag::LongCharge),
    finds: |session, context| is_longer(charging_s(session), context.thresholds.long_charge_min),
    shows: |session, _| format!("{} min", charging_s(session) / 60),
};

pub(super) static LONGER_THAN_PLUGGED: Check = Check {
    id: "charged_longer_than_plugged",
    severity: Severity::Warning,
    title: "Charging ended after the plug was pulled",
    advice: "Check the columns for the end of charging and the end of the session: they may be exchanged.",
    flag: Some(Flag::ChargedLongerThanPlugged),
    finds: |session, _| session.charging_end.is_some_and(|end| end > session.plug_out),
    shows: |session, _| format!("{} after {}", session.charging_end.unwrap_or_default(), session.plug_out),
};

/// Found while the row was read: the flag is there already, and the end is not.
pub(super) static BEFORE_PLUGGED: Check = Check {
    id: "charged_before_plugged",
    severity: Severity::Warning,
    title: "Charging ended before the plug was in",
    advice: "Check the column for the end of charging and its clock; the end of charging counts as unknown.",
    flag: Some(Flag::ChargedBeforePlugged),
    finds: |session, _| session.has(Flag::ChargedBeforePlugged),
    shows: |session, _| format!("before {}", session.plug_in),
};

/// None where the end is not known.
fn charging_s(session: &Session<'_>) -> i64 {
    session.charging_end.map_or(0, |end| end.as_second() - session.plug_in.as_second())
}
