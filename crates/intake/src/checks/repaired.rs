//! What repairs did to a row: the flag is there already.

use kerbwatt_model::Flag;

use super::Check;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "repaired",
    severity: Severity::Info,
    title: "Read with a repair",
    advice: "Nothing to do for these rows; correct the export so that the next return needs no repair.",
    flag: Some(Flag::Repaired),
    finds: |session, _| session.has(Flag::Repaired),
    shows: |session, _| format!("{} to {}", session.plug_in, session.plug_out),
};

pub(super) static UNRESOLVED: Check = Check {
    id: "unresolved",
    severity: Severity::Warning,
    title: "Kept as read: a repair could not settle it",
    advice: "Compare these rows with the source, and send them again.",
    flag: Some(Flag::Unresolved),
    finds: |session, _| session.has(Flag::Unresolved),
    shows: |session, _| format!("{} to {}", session.plug_in, session.plug_out),
};
