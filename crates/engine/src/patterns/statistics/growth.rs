//! Growth of all, and of the same charge points: new points hide falling use, and lost returns look like it.
//!
//! Like for like as retailers state it: only what was there, and reported, through both periods.

/// Of the days of a period, the share on which a charge point must be in service and reported to be compared.
pub(crate) const SHARE_OF_DAYS: f64 = 0.95;

/// One charge point in two periods.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct PointUse {
    /// Use in the earlier period, and days in service and reported.
    pub(crate) before: (f64, f64),
    /// The same in the later period.
    pub(crate) now: (f64, f64),
}

/// The same charge points in two periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LikeForLike {
    /// How many there are.
    pub(crate) evses: usize,
    /// Their use in the earlier period.
    pub(crate) before: f64,
    /// Their use in the later one.
    pub(crate) now: f64,
    /// Change of their use a reported day, as a share of the earlier; none where that was nothing.
    pub(crate) change: Option<f64>,
}

/// Compares the charge points that were there through both periods, of `days` (earlier, later) days each; none where there are none.
pub(crate) fn like_for_like(points: &[PointUse], days: (f64, f64)) -> Option<LikeForLike> {
    let through = |point: &&PointUse| {
        point.before.1 >= SHARE_OF_DAYS * days.0
            && point.now.1 >= SHARE_OF_DAYS * days.1
            && days.0 > 0.0
            && days.1 > 0.0
    };
    let same: Vec<&PointUse> = points.iter().filter(through).collect();
    if same.is_empty() {
        return None;
    }
    let sum = |get: fn(&PointUse) -> f64| same.iter().map(|point| get(point)).sum::<f64>();
    let (before, now) = (sum(|point| point.before.0), sum(|point| point.now.0));
    // By the reported day, so that a leap year or a few days without a return are no growth.
    let (rate_before, rate_now) = (before / sum(|point| point.before.1), now / sum(|point| point.now.1));
    Some(LikeForLike { evses: same.len(), before, now, change: (before > 0.0).then(|| rate_now / rate_before - 1.0) })
}
