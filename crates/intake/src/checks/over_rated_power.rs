//! More energy than the charge point can give in the time.

use kerbwatt_model::{Flag, Session};

use super::{Check, Context};
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "over_rated_power",
    severity: Severity::Warning,
    title: "Mean power above the rated power",
    advice: "Check times, energy and the rated power in the register.",
    flag: Some(Flag::OverRatedPower),
    test,
};

fn test(session: &Session<'_>, context: &Context<'_>) -> Option<String> {
    let rated_kw = context.known.and_then(|known| known.rated_kw)?;
    let mean_kw = mean_kw(session)?;
    (mean_kw > rated_kw * context.thresholds.over_rated).then(|| format!("{mean_kw:.1} kW on {rated_kw} kW"))
}

/// Energy by time plugged in; none for sessions without length.
#[expect(clippy::cast_precision_loss, reason = "seconds of a session")]
pub(crate) fn mean_kw(session: &Session<'_>) -> Option<f64> {
    let seconds = session.plugged_s();
    (seconds > 0).then(|| session.energy_kwh * 3600.0 / seconds as f64)
}
