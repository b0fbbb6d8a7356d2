//! Before commissioning or after decommissioning.

use kerbwatt_model::{Flag, Session, day_number, day_of_number};

use super::{Check, Context};
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "outside_service",
    severity: Severity::Warning,
    title: "Charge point not in service",
    advice: "Check the dates of commissioning and decommissioning in the register.",
    flag: Some(Flag::OutsideService),
    finds,
    shows: |_, context| day_of_number(context.day).to_string(),
};

fn finds(_: &Session<'_>, context: &Context<'_>) -> bool {
    context.known.is_some_and(|known| {
        known.commissioned.is_some_and(|first| context.day < day_number(first))
            || known.decommissioned.is_some_and(|last| context.day > day_number(last))
    })
}
