//! How much of each part of the calendar was reported: a week of which one day was is no fall.

use std::collections::{BTreeMap, HashMap};

use kerbwatt_model::{Dimension, Period, Query, Viewer, day_of_number};
use serde::Serialize;

use crate::bucket::{self, number};
use crate::facts::float;
use crate::groups::{Groups, OUT};
use crate::known::Known;
use crate::patterns::median;
use crate::patterns::words::percent;
use crate::{Engine, EngineError, Snapshot};

/// Below this part of the usual share of reported charge-point days a bucket does not stand beside the others.
const USUAL: f64 = 0.9;
/// Days around the data of which anything is worked out: what lies further away is in no bucket with data.
const AROUND: i32 = 400;

/// How much of a bucket was reported.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BucketReported {
    /// The bucket, as it reads in answers.
    pub bucket: String,
    /// Its days.
    pub days: u32,
    /// Those within the period.
    pub days_in_period: u32,
    /// Those with any charge point reported on.
    pub days_reported: u32,
    /// Share of its charge-point days in service that were reported; none where nothing was in service.
    pub share: Option<f64>,
    /// Whether clearly less of it was reported than of the other buckets, so that it does not stand beside them.
    pub partly: bool,
    /// Whether the period begins or ends within it.
    pub cut: bool,
    /// `Partly reported: 1 of 7 days`; none where it is neither partly reported nor cut.
    pub words: Option<String>,
}

/// What was counted of a bucket.
#[derive(Default)]
struct Counted {
    days: u32,
    days_reported: u32,
    live: i64,
    reported: i64,
}

impl Engine {
    /// How much of each bucket of a question was reported; none where it is split by more than one part of the calendar.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn reported_by_bucket(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        viewer: Viewer,
    ) -> Result<Option<Vec<BucketReported>>, EngineError> {
        // The owner sees everything. The match makes whoever adds a viewer decide here.
        let Viewer::LocalOwner = viewer;
        let (Some(dimension), Some(data)) = (of_calendar(&query.by), snapshot.days) else { return Ok(None) };
        let asked = query.period.or_else(|| Period::new(data.0, data.1).ok());
        let near = |period: Period| {
            let first = number(period.first).max(number(data.0) - AROUND);
            let last = number(period.last).min(number(data.1) + AROUND);
            Period::new(day_of_number(first.into()), day_of_number(last.into())).ok()
        };
        let Some(period) = asked.and_then(near) else { return Ok(Some(Vec::new())) };
        let counted = self.counted(snapshot, query, &period, dimension).await?;
        Ok(Some(judged(dimension, counted)))
    }

    async fn counted(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        period: &Period,
        dimension: Dimension,
    ) -> Result<BTreeMap<i32, Counted>, EngineError> {
        let groups = Groups::of(snapshot, &Query { by: Vec::new(), ..query.clone() })?;
        let known = Known::all_reported(&self.tables, snapshot).await?;
        let (first, last) = (number(period.first), number(period.last));
        let mut counted: BTreeMap<i32, Counted> = BTreeMap::new();
        let mut any_reported: Vec<bool> = (first..=last).map(|_| false).collect();
        for (member, changes) in changes_of_live(snapshot, &groups, known, (first, last)) {
            let mut live = 0;
            for ((day, change), is_reported) in (first..=last).zip(changes).zip(&mut any_reported) {
                live += change;
                let bucket = counted.entry(bucket::of_day(dimension, day)).or_default();
                bucket.live += live;
                if live > 0 && known.has(member, day) {
                    bucket.reported += live;
                    *is_reported = true;
                }
            }
        }
        for (day, is_reported) in (first..=last).zip(any_reported) {
            let bucket = counted.entry(bucket::of_day(dimension, day)).or_default();
            bucket.days += 1;
            bucket.days_reported += u32::from(is_reported);
        }
        Ok(counted)
    }
}

/// The part of the calendar that is the only dimension.
fn of_calendar(by: &[Dimension]) -> Option<Dimension> {
    use Dimension::{Day, Month, Quarter, Week, Year};
    match by {
        [one @ (Day | Week | Month | Quarter | Year)] => Some(*one),
        _ => None,
    }
}

/// For each operator, one of its members and by how many the charge points in service change on each day.
fn changes_of_live(
    snapshot: &Snapshot,
    groups: &Groups,
    known: &Known,
    (first, last): (i32, i32),
) -> Vec<(usize, Vec<i64>)> {
    let days = usize::try_from(last - first + 2).unwrap_or(0);
    let mut of_operators: HashMap<usize, (usize, Vec<i64>)> = HashMap::new();
    for (at, (member, group)) in snapshot.members.all().iter().zip(&groups.of).enumerate() {
        let (from, to) = member.live_days(first, last).into_inner();
        if *group == OUT || from > to {
            continue;
        }
        let (_, changes) = of_operators.entry(known.operator(at)).or_insert_with(|| (at, vec![0; days]));
        for (day, change) in [(from, 1), (to + 1, -1)] {
            if let Some(known) = usize::try_from(day - first).ok().and_then(|at| changes.get_mut(at)) {
                *known += change;
            }
        }
    }
    of_operators.into_values().collect()
}

fn judged(dimension: Dimension, counted: BTreeMap<i32, Counted>) -> Vec<BucketReported> {
    let share = |counted: &Counted| (counted.live > 0).then(|| float(counted.reported) / float(counted.live));
    let shares: Vec<f64> = counted.values().filter(|one| one.reported > 0).filter_map(share).collect();
    let usual = median(&shares).unwrap_or(0.0);
    let one = |(bucket, counted): (i32, Counted)| {
        let share = share(&counted);
        let mut found = BucketReported {
            bucket: bucket::text(dimension, bucket),
            days: length(dimension, bucket),
            days_in_period: counted.days,
            days_reported: counted.days_reported,
            share,
            partly: counted.reported > 0 && share.is_some_and(|share| share < USUAL * usual),
            cut: false,
            words: None,
        };
        found.cut = found.days_in_period < found.days;
        found.words = words(&found);
        found
    };
    counted.into_iter().map(one).collect()
}

/// Days of a whole bucket.
fn length(dimension: Dimension, bucket: i32) -> u32 {
    let days = (bucket..).take_while(|day| bucket::of_day(dimension, *day) == bucket).count();
    u32::try_from(days).unwrap_or(u32::MAX)
}

fn words(found: &BucketReported) -> Option<String> {
    match found {
        BucketReported { partly: true, days, days_reported, .. } if days_reported < days => {
            Some(format!("Partly reported: {days_reported} of {days} days"))
        }
        BucketReported { partly: true, share, .. } => {
            Some(format!("Partly reported: {} of charge-point days", percent(share.unwrap_or(0.0))))
        }
        BucketReported { cut: true, days, days_in_period, .. } => {
            Some(format!("Only {days_in_period} of {days} days are in the period"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn weeks(of: &[(u32, u32, i64, i64)]) -> Vec<BucketReported> {
        let first = number(date(2025, 6, 2));
        let one = |(at, (days, days_reported, live, reported)): (i32, &(u32, u32, i64, i64))| {
            (first + 7 * at, Counted { days: *days, days_reported: *days_reported, live: *live, reported: *reported })
        };
        judged(Dimension::Week, (0..).zip(of).map(one).collect())
    }

    #[test]
    fn a_week_with_one_day_reported_of_seven_is_said_to_be_that() {
        let found = weeks(&[(7, 7, 70, 70), (7, 7, 70, 70), (7, 1, 70, 10), (7, 0, 70, 0)]);
        let partly: Vec<bool> = found.iter().map(|week| week.partly).collect();
        assert_eq!(partly, [false, false, true, false], "no return is a gap, which needs no such word");
        assert_eq!((found[2].bucket.as_str(), found[2].days), ("2025-06-16", 7));
        assert_eq!(found[2].words.as_deref(), Some("Partly reported: 1 of 7 days"));
    }

    #[test]
    fn what_is_always_covered_in_part_is_measured_against_that() {
        let found = weeks(&[(7, 7, 70, 42), (7, 7, 70, 42), (7, 7, 70, 28)]);
        assert_eq!(found.iter().filter(|week| week.partly).count(), 1);
        assert_eq!(found[2].words.as_deref(), Some("Partly reported: 40% of charge-point days"));
    }

    #[test]
    fn a_week_that_the_period_cuts_is_said_to_be_cut() {
        let found = weeks(&[(3, 3, 30, 30), (7, 7, 70, 70)]);
        assert_eq!((found[0].cut, found[0].partly), (true, false));
        assert_eq!(found[0].words.as_deref(), Some("Only 3 of 7 days are in the period"));
        assert_eq!(found[1].words, None);
    }
}
