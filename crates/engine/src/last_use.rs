//! The last day on which charge points were used: the month from a table that stays in memory, the day from that month alone.

use std::collections::{BTreeMap, HashMap};

use kerbwatt_model::{Additive, Dimension, Period, day_number, day_of_number};

use crate::groups::{Groups, OUT};
use crate::sums::{Ask, files_of};
use crate::tables::Tables;
use crate::{EngineError, Route, Snapshot};

/// The last day of a period on which each group has some of the sums; groups that have none are left out.
pub(crate) fn last_use(
    tables: &Tables,
    snapshot: &Snapshot,
    of: &[i32],
    period: &Period,
    used: &[Additive],
) -> Result<HashMap<i32, i32>, EngineError> {
    let asked = Asked { tables, snapshot, used };
    let mut months: HashMap<i32, Vec<i32>> = HashMap::new();
    asked.each(of.to_vec(), Route::EvseMonth, Dimension::Month, period, |group, month| {
        months.entry(group).or_default().push(month);
    })?;
    // Groups by the last month that may hold their last day, the latest months first.
    let mut due: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for (group, months) in &mut months {
        months.sort_unstable();
        due.entry(months.pop().unwrap_or_default()).or_default().push(*group);
    }
    let mut last: HashMap<i32, i32> = HashMap::new();
    while let Some((month, groups)) = due.pop_last() {
        let mut is_due = vec![false; groups.iter().max().and_then(|most| usize::try_from(*most).ok()).unwrap_or(0) + 1];
        groups.iter().filter_map(|group| usize::try_from(*group).ok()).for_each(|group| is_due[group] = true);
        let is_due = |group: &i32| usize::try_from(*group).is_ok_and(|group| is_due.get(group) == Some(&true));
        let within: Vec<i32> = of.iter().map(|group| if is_due(group) { *group } else { OUT }).collect();
        let first = day_of_number(month.into());
        let days = Period { first: first.max(period.first), last: first.last_of_month().min(period.last) };
        asked.each(within, Route::EvseDay, Dimension::Day, &days, |group, day| {
            let known = last.entry(group).or_insert(day);
            *known = (*known).max(day);
        })?;
        // The period may begin or end within the month, and the use lie outside.
        for group in groups.into_iter().filter(|group| !last.contains_key(group)) {
            if let Some(before) = months.get_mut(&group).and_then(Vec::pop) {
                due.entry(before).or_default().push(group);
            }
        }
    }
    Ok(last)
}

struct Asked<'a> {
    tables: &'a Tables,
    snapshot: &'a Snapshot,
    used: &'a [Additive],
}

impl Asked<'_> {
    /// Calls `take` with each group and bucket that has some of the sums.
    fn each(
        &self,
        of: Vec<i32>,
        route: Route,
        time: Dimension,
        period: &Period,
        mut take: impl FnMut(i32, i32),
    ) -> Result<(), EngineError> {
        let (tables, snapshot) = (self.tables, self.snapshot);
        let groups = Groups { of, values: Vec::new(), zones: Vec::new() };
        let files = files_of(snapshot, &groups, route.table(), Some(period));
        let ask = Ask { snapshot, groups: &groups, route, times: &[time], period, sums: self.used };
        tables.resident.each(&files, &ask, self.used, |group, buckets, values| {
            if values.iter().any(|value| *value > 0.0) {
                take(group, buckets.first().copied().unwrap_or_default());
            }
        })
    }
}

/// Days of a member within two days on which it is live in its version.
pub(crate) fn live_days(member: &crate::Member, from: i32, to: i32) -> std::ops::RangeInclusive<i32> {
    from.max(member.live_first).max(member.valid_first)..=to.min(member.live_last).min(member.valid_last)
}

/// The number of a day.
pub(crate) fn number(day: jiff::civil::Date) -> i32 {
    i32::try_from(day_number(day)).unwrap_or(i32::MAX)
}
