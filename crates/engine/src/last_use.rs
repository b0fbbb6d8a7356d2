//! The last day on which charge points were used: the month from a table, the day from the single sessions of that month.

use std::collections::{BTreeMap, HashMap};

use kerbwatt_model::{Additive, Dimension, Period, day_of_number};

use crate::groups::{Groups, OUT};
use crate::raw::{Parts, Scan};
use crate::sums::{Ask, each_of_rollup};
use crate::tables::Tables;
use crate::{EngineError, Route, Snapshot};

/// The last day of a period on which each group has some of the sums; groups that have none are left out.
pub(crate) async fn last_use(
    tables: &Tables,
    snapshot: &Snapshot,
    of: &[i32],
    period: &Period,
    used: &[Additive],
) -> Result<HashMap<i32, i32>, EngineError> {
    let asked = Asked { tables, snapshot, used };
    let mut months: HashMap<i32, Vec<i32>> = HashMap::new();
    asked.each_month(of.to_vec(), period, |group, month| months.entry(group).or_default().push(month)).await?;
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
        last = later(last, asked.days(within, &days)?);
        // The period may begin or end within the month, and the use lie outside.
        for group in groups.into_iter().filter(|group| !last.contains_key(group)) {
            if let Some(before) = months.get_mut(&group).and_then(Vec::pop) {
                due.entry(before).or_default().push(group);
            }
        }
    }
    Ok(last)
}

/// What counts as use, and where it is found.
pub(crate) struct Asked<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) used: &'a [Additive],
}

impl Asked<'_> {
    /// Calls `take` with each group and the first day of each month that has some of the sums.
    pub(crate) async fn each_month(
        &self,
        of: Vec<i32>,
        period: &Period,
        mut take: impl FnMut(i32, i32),
    ) -> Result<(), EngineError> {
        let groups = Groups::numbered(of);
        let (snapshot, times) = (self.snapshot, &[Dimension::Month]);
        let ask = Ask { snapshot, groups: &groups, times, period, sums: self.used };
        each_of_rollup(self.tables, Route::EvseMonth, &ask, self.used, |group, buckets, values| {
            if values.iter().any(|value| *value > 0.0) {
                take(group, buckets.first().copied().unwrap_or_default());
            }
        })
        .await
    }

    /// The last day of each group on which single sessions have some of the sums.
    fn days(&self, of: Vec<i32>, period: &Period) -> Result<HashMap<i32, i32>, EngineError> {
        let groups = Groups::numbered(of);
        let scan = Scan { tables: self.tables, snapshot: self.snapshot, groups: &groups, times: &[], period };
        let counts_starts = self.used.contains(&Additive::Sessions);
        let of_files = scan.each(&[], Parts::Hours, |last: &mut HashMap<i32, i32>, _, key, part| {
            if part.piece.plugged_s > 0 || (counts_starts && part.piece.is_start) {
                let known = last.entry(key[0]).or_insert(part.day);
                *known = (*known).max(part.day);
            }
        })?;
        Ok(of_files.into_iter().reduce(later).unwrap_or_default())
    }
}

/// The later of both, group by group.
fn later(mut all: HashMap<i32, i32>, more: HashMap<i32, i32>) -> HashMap<i32, i32> {
    for (group, day) in more {
        let known = all.entry(group).or_insert(day);
        *known = (*known).max(day);
    }
    all
}
