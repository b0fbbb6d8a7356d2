//! Which kind of use a week's profile shows: the nearest of the reference shapes.
//!
//! Nearest by total variation distance, the share of plugged-in time that would have to move to other hours (e.g. D. A. Levin and Y. Peres,
//! "Markov Chains and Mixing Times", section 4.1). Not a clustering of what happens to be there: a name depends on the charge point alone, so it does not
//! change when others are added, and means the same in every borough and year.

use super::week_shapes::{HOURS, KINDS, Kind};

/// Fewer sessions than this say too little.
pub(crate) const MIN_SESSIONS: f64 = 30.0;
/// A profile of which less than this lies as in the nearest shape has no clear pattern.
pub(crate) const MIN_FIT: f64 = 0.7;

/// The week of a charge point or site.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Week {
    /// Time plugged in by hour of the week, in any unit.
    pub(crate) plugged: [f64; HOURS],
    /// Sessions.
    pub(crate) sessions: f64,
    /// Time plugged in altogether, hours.
    pub(crate) plugged_h: f64,
}

/// What a week shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shown {
    /// A kind (its place in [`KINDS`]), and how well it fits: the share of plugged-in time that lies as in its shape.
    Kind(usize, f64),
    /// None of the shapes is near; the fit of the nearest.
    NoClearPattern(f64),
    /// Too little use to tell.
    TooLittle,
}

/// Each hour of an ordinary weekday, then each hour of a weekend day, adding up to one.
type Profile = [f64; 48];

/// The kind of use that a week shows.
pub(crate) fn archetype(week: &Week) -> Shown {
    if week.sessions < MIN_SESSIONS || week.plugged_h <= 0.0 {
        return Shown::TooLittle;
    }
    let own = smoothed(&profile(&week.plugged));
    let stay_h = week.plugged_h / week.sessions;
    let may_be = |kind: &Kind| kind.stay_h.0 <= stay_h && stay_h < kind.stay_h.1;
    let fits = KINDS.iter().enumerate().filter(|(_, kind)| may_be(kind));
    let nearest = fits.map(|(at, kind)| (at, fit(&own, kind))).max_by(|a, b| a.1.total_cmp(&b.1));
    match nearest {
        Some((at, fit)) if fit >= MIN_FIT => Shown::Kind(at, fit),
        Some((_, fit)) => Shown::NoClearPattern(fit),
        None => Shown::NoClearPattern(0.0),
    }
}

fn fit(own: &Profile, kind: &Kind) -> f64 {
    let shape = smoothed(&profile(&week_of(kind)));
    1.0 - own.iter().zip(&shape).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
}

/// A kind's shape over the whole week.
pub(crate) fn week_of(kind: &Kind) -> [f64; HOURS] {
    std::array::from_fn(|at| if at < 5 * 24 { kind.weekday[at % 24] } else { kind.weekend[at % 24] })
}

fn profile(plugged: &[f64; HOURS]) -> Profile {
    let mut profile = [0.0; 48];
    for (at, value) in plugged.iter().enumerate() {
        profile[at % 24 + if at < 5 * 24 { 0 } else { 24 }] += value;
    }
    let whole: f64 = profile.iter().sum();
    profile.map(|value| if whole > 0.0 { value / whole } else { 0.0 })
}

/// Each hour with a part of its neighbours, round the clock: whether somebody comes at 17:50 or 18:10 is no difference in kind.
fn smoothed(profile: &Profile) -> Profile {
    std::array::from_fn(|at| {
        let (day, hour) = (at / 24 * 24, at % 24);
        (profile[day + (hour + 23) % 24] + 2.0 * profile[at] + profile[day + (hour + 1) % 24]) / 4.0
    })
}
