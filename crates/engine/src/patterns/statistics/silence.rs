//! How surprising it is that a charge point has not been used for so long, by its own past.
//!
//! Sessions are taken to come independently at a rate that depends on the hour of the week (a Poisson process, inhomogeneous over a week; e.g.
//! S. M. Ross, "Stochastic Processes"). The rate is not known but estimated, so the chance is that of the gamma-Poisson predictive
//! distribution (Gelman et al., "Bayesian Data Analysis", section 2.6) with Jeffreys' prior: few sessions in the past make a
//! long silence less surprising than many at the same rate. Real drivers have habits and holidays: read it as an order of magnitude.

use super::week_shapes::HOURS;

/// The past of a charge point up to its last session, and the time since.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Past {
    /// Sessions begun in each hour of the week, the last session included.
    pub(crate) sessions: [f64; HOURS],
    /// Reported hours of each hour of the week in the same time.
    pub(crate) hours: [f64; HOURS],
    /// Reported hours of each hour of the week since.
    pub(crate) silent: [f64; HOURS],
}

/// How surprising a silence is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Surprise {
    /// Sessions to be expected in that time.
    pub(crate) expected: f64,
    /// Chance that none comes, 0 to 1.
    pub(crate) chance_of_none: f64,
}

/// Sessions in each hour of the week at the mean rate that are added to what was seen: an hour with nothing yet is not one in which
/// nothing can come.
const PRIOR: f64 = 1.0;

/// How surprising the silence after a past is; none where there is no past.
pub(crate) fn surprise(past: &Past) -> Option<Surprise> {
    let count: f64 = past.sessions.iter().sum();
    let hours: f64 = past.hours.iter().sum();
    if count < 1.0 || hours <= 0.0 {
        return None;
    }
    let shape = shape(past, count / hours);
    let exposure = |hours: &[f64; HOURS]| hours.iter().zip(&shape).map(|(hours, times)| hours * times).sum::<f64>();
    let (seen, silent) = (exposure(&past.hours), exposure(&past.silent));
    // The past ends with a session by its making, so one fewer tells of the rate.
    let events = count - 1.0 + 0.5;
    Some(Surprise { expected: events / seen * silent, chance_of_none: (seen / (seen + silent)).powf(events) })
}

/// How many times busier than the mean each hour of the week is, drawn towards once.
fn shape(past: &Past, mean: f64) -> [f64; HOURS] {
    std::array::from_fn(|at| (past.sessions[at] + PRIOR) / (past.hours[at] * mean + PRIOR))
}
