//! Capacity by hours of the day: days spread over the hours their clock shows.

use hashbrown::HashMap;

use kerbwatt_model::{Additive, Dimension, Zone, day_of_number};

use crate::bucket;
use crate::groups::Groups;
use crate::keyed::Keyed;
use crate::sums::{ByKey, Key, Sums};

/// What is spread: seconds of charge points, and what they could have delivered in them.
const SPREAD: [Additive; 5] =
    [Additive::AvailableS, Additive::CapacityKwh, Additive::LiveS, Additive::RatedS, Additive::EndsAvailableS];

/// Spreads sums by (group and zone, day) over the hours of each day, into the question's groups and buckets.
///
/// Availability is known by the day, so each hour has its part of the day's seconds; on the days the clocks change an
/// hour has none or two.
pub(crate) fn by_hours(days: &ByKey, zoned: &Groups, group_of: impl Fn(i32) -> i32, times: &[Dimension]) -> ByKey {
    let mut zones: HashMap<&str, Zone> = HashMap::new();
    let mut seconds: HashMap<(&str, i32), [i64; 24]> = HashMap::new();
    let mut hours: Keyed<Sums> = Keyed::default();
    let mut sorted: Vec<(&Key, &Sums)> = days.iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    for (key, sums) in sorted {
        let [group, day] = key[..] else { continue };
        let name: &str = usize::try_from(group).ok().and_then(|at| zoned.zones.get(at)).map_or("UTC", AsRef::as_ref);
        let seconds = seconds.entry((name, day)).or_insert_with(|| {
            let zone = zones.entry(name).or_insert_with(|| Zone::named(name).unwrap_or_else(|_| Zone::london()));
            zone.seconds_by_hour(day_of_number(day.into()))
        });
        let whole: i64 = seconds.iter().sum();
        let mut key = vec![group_of(group)];
        for (hour, part) in (0u8..).zip(*seconds) {
            key.truncate(1);
            key.extend(times.iter().map(|time| bucket::of_hour(*time, day, hour)));
            let all = hours.at(&key);
            for sum in SPREAD {
                all.add(sum, sums.of(sum) * ratio(part, whole));
            }
        }
    }
    hours.into_map(|sums| sums)
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a day")]
fn ratio(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}
