//! Starts outside the declared period.

use kerbwatt_model::{Flag, Session};

use super::{Check, Context};
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "outside_period",
    severity: Severity::Warning,
    title: "Starts outside the declared period",
    advice: "Declare the period that the file covers, or check the dates.",
    flag: Some(Flag::OutsidePeriod),
    test,
};

fn test(session: &Session<'_>, context: &Context<'_>) -> Option<String> {
    let period = context.period?;
    let day = context.zone.day(session.plug_in);
    (!period.contains(day)).then(|| day.to_string())
}
