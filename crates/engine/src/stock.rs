//! What there is.

use std::collections::{HashMap, HashSet};

use kerbwatt_model::{Dimension, Period, Stock};

use crate::bucket::number;
use crate::groups::Groups;
use crate::sums::Key;
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
        // By the number of each group: a key for each member would take longer than to count it.
        let mut of_groups: Vec<Live<'s>> = Vec::new();
        for (member, group) in snapshot.members.all().iter().zip(&groups.of) {
            let Some(group) = usize::try_from(*group).ok().filter(|_| member.is_live(end)) else { continue };
            if of_groups.len() <= group {
                of_groups.resize_with(group + 1, Live::default);
            }
            let live = &mut of_groups[group];
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
        for (group, live) in (0..).zip(of_groups).filter(|(_, live)| live.evses > 0) {
            counts.insert(std::iter::once(group).chain(buckets.iter().copied()).collect(), live);
        }
    }
    counts
}
