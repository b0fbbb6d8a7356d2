//! Stays longer than is usual for the power.

use kerbwatt_model::{Flag, PowerBand, Session};

use super::limits::is_longer;
use super::{Check, Context};
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "long_stay",
    severity: Severity::Warning,
    title: "Plugged in unusually long",
    advice: "Check that the end is that of the session, not of its billing or of a lost connection.",
    flag: Some(Flag::LongStay),
    finds,
    shows: |session, _| format!("{} min", session.plugged_s() / 60),
};

fn finds(session: &Session<'_>, context: &Context<'_>) -> bool {
    let limits = context.thresholds;
    let limit_min = match PowerBand::of(context.known.and_then(|known| known.rated_kw)) {
        PowerBand::Slow => limits.long_stay_slow_min,
        PowerBand::Rapid | PowerBand::Ultra => limits.long_stay_rapid_min,
        PowerBand::Fast | PowerBand::Unknown => limits.long_stay_min,
    };
    is_longer(session.plugged_s(), limit_min)
}
