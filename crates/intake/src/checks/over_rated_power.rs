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
    finds,
    shows,
};

fn finds(session: &Session<'_>, context: &Context<'_>) -> bool {
    let limit_kw = rated_kw(context).map(|rated_kw| rated_kw * context.thresholds.over_rated);
    limit_kw.zip(mean_kw(session)).is_some_and(|(limit_kw, mean_kw)| mean_kw > limit_kw)
}

fn shows(session: &Session<'_>, context: &Context<'_>) -> String {
    let (mean_kw, rated_kw) = (mean_kw(session).unwrap_or_default(), rated_kw(context).unwrap_or_default());
    format!("{mean_kw:.1} kW on {rated_kw} kW")
}

fn rated_kw(context: &Context<'_>) -> Option<f64> {
    context.known.and_then(|known| known.rated_kw)
}

/// Energy by time plugged in; none for sessions without length.
#[expect(clippy::cast_precision_loss, reason = "seconds of a session")]
pub(crate) fn mean_kw(session: &Session<'_>) -> Option<f64> {
    let seconds = session.plugged_s();
    (seconds > 0).then(|| session.energy_kwh * 3600.0 / seconds as f64)
}
