//! Before commissioning or after decommissioning.

use kerbwatt_model::{Flag, Session};

use super::{Check, Context};
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "outside_service",
    severity: Severity::Warning,
    title: "Charge point not in service",
    advice: "Check the dates of commissioning and decommissioning in the register.",
    flag: Some(Flag::OutsideService),
    test,
};

fn test(session: &Session<'_>, context: &Context<'_>) -> Option<String> {
    let known = context.known?;
    let day = context.zone.day(session.plug_in);
    let is_early = known.commissioned.is_some_and(|first| day < first);
    let is_late = known.decommissioned.is_some_and(|last| day > last);
    (is_early || is_late).then(|| day.to_string())
}
