//! Stays of less than a minute, unless another limit is set.

use kerbwatt_model::Flag;

use super::Check;
use super::limits::is_shorter;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "under_one_minute",
    severity: Severity::Warning,
    title: "Plugged in very briefly",
    advice: "Check that test sessions are left out of the export.",
    flag: Some(Flag::UnderOneMinute),
    finds: |session, context| is_shorter(session.plugged_s(), context.thresholds.short_stay_s),
    shows: |session, _| format!("{} s", session.plugged_s()),
};
