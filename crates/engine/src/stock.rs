//! What there is, and how many EVSEs are used.

use std::collections::{HashMap, HashSet};

use kerbwatt_model::{Additive, Dimension, Period, Stock, day_number};

use crate::groups::{Groups, OUT};
use crate::sums::{ByKey, Key};
use crate::{Snapshot, Value, bucket};

/// What is live at the end of a bucket.
#[derive(Debug, Default)]
pub(crate) struct Live<'s> {
    evses: i64,
    devices: HashSet<&'s str>,
    locations: HashSet<&'s str>,
    rated: i64,
    rated_kw: f64,
}

impl Live<'_> {
    /// One figure of it.
    pub(crate) fn of(&self, stock: Stock) -> Value {
        let count = |things: usize| Value::Integer(i64::try_from(things).unwrap_or(i64::MAX));
        match stock {
            Stock::Evses => Value::Integer(self.evses),
            Stock::Devices => count(self.devices.len()),
            Stock::Locations => count(self.locations.len()),
            // Nothing there has no power; something there of unknown power has an unknown one.
            Stock::RatedKw if self.evses > 0 && self.rated == 0 => Value::Null,
            Stock::RatedKw => Value::Number(self.rated_kw),
        }
    }
}

/// What is live on the last day of each bucket, clipped to the period.
pub(crate) fn live<'s>(
    snapshot: &'s Snapshot,
    groups: &Groups,
    times: &[Dimension],
    period: &Period,
    // Counting what is distinct takes longer.
    is_counted: impl Fn(Stock) -> bool,
) -> HashMap<Key, Live<'s>> {
    let (devices, locations) = (is_counted(Stock::Devices), is_counted(Stock::Locations));
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
    let mut counts: HashMap<Key, Live<'s>> = HashMap::new();
    for (buckets, end) in ends {
        for (member, group) in snapshot.members.all().iter().zip(&groups.of) {
            if *group != OUT && member.is_live(end) {
                let key = std::iter::once(*group).chain(buckets.iter().copied()).collect();
                let live = counts.entry(key).or_default();
                live.evses += 1;
                if devices {
                    live.devices.insert(&member.device);
                }
                if locations {
                    live.locations.insert(&member.location);
                }
                live.rated += i64::from(member.rated_kw.is_some());
                live.rated_kw += member.rated_kw.unwrap_or(0.0);
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

impl InUse {
    /// Counts an EVSE by its sessions and the seconds in which it was live and reported.
    pub(crate) fn count(&mut self, sessions: f64, available_s: f64) {
        if sessions > 0.0 {
            self.used += 1;
        } else if available_s > 0.0 {
            self.unused += 1;
        }
    }
}

/// Counts EVSEs by the question's groups.
pub(crate) fn in_use(by_evse: &ByKey, group_of: impl Fn(i32) -> i32) -> HashMap<Key, InUse> {
    let mut counts: HashMap<Key, InUse> = HashMap::new();
    for (key, sums) in by_evse {
        let mut grouped = key.clone();
        grouped[0] = group_of(key[0]);
        counts.entry(grouped).or_default().count(sums.of(Additive::Sessions), sums.of(Additive::AvailableS));
    }
    counts
}
