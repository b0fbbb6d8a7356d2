//! Stays of less than a minute.

use kerbwatt_model::Flag;

use super::Check;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "under_one_minute",
    severity: Severity::Warning,
    title: "Plugged in for under a minute",
    advice: "Check that test sessions are left out of the export.",
    flag: Some(Flag::UnderOneMinute),
    test: |session, _| (session.plugged_s() < 60).then(|| format!("{} s", session.plugged_s())),
};
