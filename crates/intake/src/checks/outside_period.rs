//! Starts outside the declared period.

use kerbwatt_model::{Flag, day_of_number};

use super::Check;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "outside_period",
    severity: Severity::Warning,
    title: "Starts outside the declared period",
    advice: "Declare the period that the file covers, or check the dates.",
    flag: Some(Flag::OutsidePeriod),
    finds: |_, context| context.period.as_ref().is_some_and(|days| !days.contains(&context.day)),
    shows: |_, context| day_of_number(context.day).to_string(),
};
