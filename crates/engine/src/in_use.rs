//! How many EVSEs are used: whole months from a table, the days beside them from single sessions.

use std::collections::HashMap;

use kerbwatt_model::{Additive, Dimension, Period};

use crate::buckets::Buckets;
use crate::capacity::Capacity;
use crate::groups::{Groups, OUT};
use crate::raw::Scan;
use crate::resident::OfVersions;
use crate::route::{is_finer_than_month, whole_months};
use crate::sums::{Ask, Key, each_of_rollup, files_of};
use crate::{EngineError, Route};

/// EVSEs with and without a session.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InUse {
    /// At least one session started.
    pub(crate) used: i64,
    /// Reported, and none started.
    pub(crate) unused: i64,
}

/// Counts EVSEs by the groups and buckets of a scan.
pub(crate) async fn of(scan: &Scan<'_>) -> Result<HashMap<Key, InUse>, EngineError> {
    if scan.times.iter().any(|time| time.is_within_day() || time.is_of_session()) {
        return of_hours(scan);
    }
    let mut marks = Marks::of(scan);
    let is_by_month = !scan.times.iter().any(|time| is_finer_than_month(*time));
    match whole_months(scan.period).filter(|_| is_by_month) {
        Some((months, beside)) => {
            marks.add_months(scan, &months).await?;
            for period in &beside {
                marks.add_days(&Scan { period, ..*scan }).await?;
            }
        }
        None => marks.add_days(scan).await?,
    }
    Ok(marks.count())
}

/// Availability is not known by the hour: there a charge point without a session is not counted at all.
fn of_hours(scan: &Scan<'_>) -> Result<HashMap<Key, InUse>, EngineError> {
    let apart = Apart::of(scan);
    let of_files = Scan { groups: &apart.groups, ..*scan }.each_start(&[], |keys: &mut Keys, _, key, _, _| {
        keys.insert(key.to_vec());
        Ok(())
    })?;
    let keys: Keys = of_files.into_iter().flatten().collect();
    let mut counts: HashMap<Key, InUse> = HashMap::new();
    for mut key in keys {
        key[0] = apart.group(key[0]);
        counts.entry(key).or_default().used += 1;
    }
    Ok(counts)
}

type Keys = hashbrown::HashSet<Key>;

/// Each EVSE of a group as a group of its own.
struct Apart {
    groups: Groups,
    /// The group that each is of.
    of: Vec<i32>,
}

impl Apart {
    fn of(scan: &Scan<'_>) -> Self {
        let mut of = Vec::new();
        let members = scan.snapshot.members.all().iter();
        let mut numbers: hashbrown::HashMap<(i32, i32), i32> = hashbrown::HashMap::with_capacity(members.len());
        let number = |(member, group): (&crate::Member, &i32)| {
            if *group == OUT {
                return OUT;
            }
            *numbers.entry((*group, member.evse)).or_insert_with(|| {
                of.push(*group);
                i32::try_from(of.len() - 1).unwrap_or(OUT)
            })
        };
        let apart = members.zip(&scan.groups.of).map(number).collect();
        Self { groups: Groups::numbered(apart), of }
    }

    fn group(&self, apart: i32) -> i32 {
        usize::try_from(apart).ok().and_then(|at| self.of.get(at)).copied().unwrap_or(OUT)
    }
}

/// Of each EVSE and bucket, whether there is anything.
struct Marks<'a> {
    apart: Apart,
    buckets: Buckets<'a>,
    numbers: hashbrown::HashMap<Vec<i32>, usize>,
    used: Vec<bool>,
    available: Vec<bool>,
}

impl<'a> Marks<'a> {
    fn of(scan: &Scan<'a>) -> Self {
        let (apart, buckets) = (Apart::of(scan), Buckets::of_days(scan.times, scan.period));
        let numbers = buckets.days.iter().cloned().zip(0..).collect();
        let cells = apart.of.len() * buckets.days.len();
        Self { apart, buckets, numbers, used: vec![false; cells], available: vec![false; cells] }
    }

    async fn add_months(&mut self, scan: &Scan<'_>, months: &Period) -> Result<(), EngineError> {
        let wanted = [Additive::Sessions, Additive::AvailableS];
        let (numbers, width, route) = (&self.numbers, self.buckets.days.len(), Route::EvseMonth);
        let (used, available) = (&mut self.used, &mut self.available);
        let mut mark = |cell: Option<usize>, [sessions, available_s]: [f64; 2]| {
            if let Some(cell) = cell {
                used[cell] |= sessions > 0.0;
                available[cell] |= available_s > 0.0;
            }
        };
        let groups = &self.apart.groups;
        let files = files_of(scan.snapshot, groups, route.table(), Some(months));
        if scan.tables.holds(&files) {
            let of_months = Buckets::of(scan.times, months, route.table());
            let mut key = Key::new();
            let own = |bucket: usize| {
                of_months.fill(&mut key, bucket);
                numbers.get(&key[1..]).copied()
            };
            let own: Vec<Option<usize>> = (0..of_months.count()).map(own).collect();
            let groups = OfVersions::of(scan.snapshot, &groups.of);
            let rows = (&groups, &of_months);
            return scan.tables.resident.each_row(&files, route.table(), rows, wanted, |group, bucket, values| {
                mark(own[bucket].map(|bucket| group * width + bucket), values);
            });
        }
        let ask = Ask { snapshot: scan.snapshot, groups, times: scan.times, period: months, sums: &wanted };
        each_of_rollup(scan.tables, route, &ask, &wanted, |group, buckets, values| {
            let cell = numbers.get(buckets).and_then(|bucket| cell(group, *bucket, width));
            mark(cell, [values[0], values[1]]);
        })
        .await
    }

    async fn add_days(&mut self, scan: &Scan<'_>) -> Result<(), EngineError> {
        let (groups, width) = (&self.apart.groups, self.buckets.days.len());
        let by_day = Scan { groups, times: &[Dimension::Day], ..*scan };
        let of_files = by_day.each_start(&[], |cells: &mut Vec<usize>, _, key, _, _| {
            let found = self.buckets.day(key[1]).and_then(|bucket| cell(key[0], bucket, width));
            // Sessions of a charge point lie one after the other.
            cells.extend(found.filter(|found| cells.last() != Some(found)));
            Ok(())
        })?;
        of_files.into_iter().flatten().for_each(|cell| self.used[cell] = true);
        let wanted = [Additive::AvailableS];
        let (snapshot, times, period) = (scan.snapshot, scan.times, scan.period);
        let ask = Ask { snapshot, groups, times, period, sums: &wanted };
        let Some(capacity) = Capacity::read(scan.tables, &ask).await? else { return Ok(()) };
        let (numbers, available) = (&self.numbers, &mut self.available);
        capacity.each(|_, group, buckets, days| {
            let cell = numbers.get(buckets).and_then(|bucket| cell(group, *bucket, width));
            if let Some(cell) = cell.filter(|_| days.available_s > 0.0) {
                available[cell] = true;
            }
        });
        Ok(())
    }

    fn count(&self) -> HashMap<Key, InUse> {
        let width = self.buckets.days.len();
        let groups = self.apart.of.iter().max().and_then(|most| usize::try_from(most + 1).ok()).unwrap_or(0);
        let mut counts = vec![InUse::default(); groups * width];
        for (at, group) in self.apart.of.iter().enumerate() {
            let Some(first) = cell(*group, 0, width) else { continue };
            for (bucket, count) in counts[first..first + width].iter_mut().enumerate() {
                let (used, available) = (self.used[at * width + bucket], self.available[at * width + bucket]);
                count.used += i64::from(used);
                count.unused += i64::from(available && !used);
            }
        }
        let keyed = counts.into_iter().enumerate().filter(|(_, count)| *count != InUse::default());
        let key = |cell: usize| {
            let mut key = Key::new();
            self.buckets.fill(&mut key, cell);
            key
        };
        keyed.map(|(cell, count)| (key(cell), count)).collect()
    }
}

fn cell(group: i32, bucket: usize, width: usize) -> Option<usize> {
    usize::try_from(group).ok().map(|group| group * width + bucket)
}
