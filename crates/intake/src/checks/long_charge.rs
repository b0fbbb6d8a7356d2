//! Charging times that are long, or longer than the stay.

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
    test: |session, context| {
        charging_s(session)
            .filter(|s| is_longer(*s, context.thresholds.long_charge_min))
            .map(|s| format!("{} min", s / 60))
    },
};

pub(super) static LONGER_THAN_PLUGGED: Check = Check {
    id: "charged_longer_than_plugged",
    severity: Severity::Warning,
    title: "Charging ended after the plug was pulled",
    advice: "Check the columns for the end of charging and the end of the session: they may be exchanged.",
    flag: Some(Flag::ChargedLongerThanPlugged),
    test: |session, _| {
        session
            .charging_end
            .filter(|end| *end > session.plug_out)
            .map(|end| format!("{end} after {}", session.plug_out))
    },
};

fn charging_s(session: &Session<'_>) -> Option<i64> {
    session.charging_end.map(|end| end.as_second() - session.plug_in.as_second())
}
