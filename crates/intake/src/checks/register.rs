//! Charge points that the register does not hold.

use kerbwatt_model::Flag;

use super::Check;
use crate::Severity;

pub(super) static UNREGISTERED: Check = Check {
    id: "unregistered",
    severity: Severity::Warning,
    title: "Charge point not in the register",
    advice: "Send a register that lists these charge points; their sessions are counted in the meantime.",
    flag: Some(Flag::Unregistered),
    finds: |_, context| !context.register_is_empty && context.known.is_none(),
    shows: |session, _| session.evse.to_owned(),
};
