//! Counts of EVSEs: how many there are, how many are used.

use std::collections::HashMap;

use kerbwatt_model::{Dimension, Period, day_number};

use crate::groups::{Groups, OUT};
use crate::sums::{ByKey, Key};
use crate::{Snapshot, bucket};

/// EVSEs live on the last day of each bucket, clipped to the period.
pub(crate) fn live(snapshot: &Snapshot, groups: &Groups, times: &[Dimension], period: &Period) -> HashMap<Key, i64> {
    let number = |day| i32::try_from(day_number(day)).unwrap_or(i32::MAX);
    let (first, last) = (number(period.first), number(period.last));
    let mut ends: HashMap<Vec<i32>, i32> = HashMap::new();
    if times.is_empty() {
        ends.insert(Vec::new(), last);
    } else {
        for day in first..=last {
            ends.insert(times.iter().map(|time| bucket::of_day(*time, day)).collect(), day);
        }
    }
    let mut counts = HashMap::new();
    for (buckets, end) in ends {
        for (member, group) in snapshot.members.all().iter().zip(&groups.of) {
            if *group != OUT && member.is_live(end) {
                let key = std::iter::once(*group).chain(buckets.iter().copied()).collect();
                *counts.entry(key).or_insert(0) += 1;
            }
        }
    }
    counts
}

/// EVSEs with and without a session, from sums in which each EVSE is its own group.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InUse {
    /// At least one session started.
    pub(crate) used: i64,
    /// Reported, and none started.
    pub(crate) unused: i64,
}

/// Counts EVSEs by the question's groups.
pub(crate) fn in_use(by_evse: &ByKey, group_of: impl Fn(i32) -> i32) -> HashMap<Key, InUse> {
    let mut counts: HashMap<Key, InUse> = HashMap::new();
    for (key, sums) in by_evse {
        let mut grouped = key.clone();
        grouped[0] = group_of(key[0]);
        let count = counts.entry(grouped).or_default();
        if sums.sessions() > 0.0 {
            count.used += 1;
        } else if sums.available_s() > 0.0 {
            count.unused += 1;
        }
    }
    counts
}
