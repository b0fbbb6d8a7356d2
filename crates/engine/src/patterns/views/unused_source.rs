//! When each charge point was last used, and its week before and since, from the rollups.

use std::collections::HashMap;
use std::ops::Range;

use datafusion::arrow::array::{Array, Date32Array, Int32Array, RecordBatch};
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::logical_expr::{col, lit, when};
use futures::StreamExt;
use jiff::civil::Date;
use kerbwatt_model::{Dimension, Period, day_number, day_of_number};

use super::source::{Source, months_within};
use crate::groups::{Groups, OUT};
use crate::member::column;
use crate::patterns::statistics::silence::Past;
use crate::patterns::statistics::week_shapes::HOURS;
use crate::{EngineError, bucket};

/// A charge point without use since some day.
pub(super) struct Silent {
    pub(super) evse: String,
    pub(super) last_used: Option<Date>,
    pub(super) first_reported: Date,
    pub(super) last_reported: Date,
    pub(super) reported_days_since: u32,
    pub(super) past: Past,
}

const TABLE: &str = "evse_day";

/// Days of a charge point, as days since 1970.
#[derive(Debug, Clone, Copy)]
struct Ends {
    last_used: Option<i32>,
    first_reported: i32,
    last_reported: i32,
}

/// How many charge points in service on the last day were reported on, and those without use on their last `min_days` reported days.
pub(super) async fn silent(
    source: &Source<'_>,
    period: &Period,
    min_days: u32,
) -> Result<(usize, Vec<Silent>), EngineError> {
    let mut groups = source.groups(Dimension::Evse)?;
    keep_live(source, &mut groups, period);
    let ends = ends(source, &groups, period).await?;
    let known = ends.len();
    // Of those used within the days asked nothing more need be read. Reported days are at most as many as days.
    let least = i32::try_from(min_days).unwrap_or(i32::MAX);
    let may_be = |ends: &Ends| ends.last_used.is_none_or(|used| ends.last_reported - used >= least);
    let candidates: HashMap<i32, Ends> = ends.into_iter().filter(|(_, ends)| may_be(ends)).collect();
    groups.of.iter_mut().filter(|group| !candidates.contains_key(group)).for_each(|group| *group = OUT);
    // Weeks are kept by month, so the past is told by whole months.
    let months = months_within(source, period);
    let mut found = with_days(source, &groups, (period, months.as_ref()), &candidates).await?;
    found.retain(|_, silent| silent.reported_days_since >= min_days);
    let mut found: Vec<Silent> = found.into_values().collect();
    let mut weeks = match months {
        Some(months) if !found.is_empty() => source.weeks_of(&groups, &months).await?,
        _ => HashMap::new(),
    };
    for silent in &mut found {
        if let Some(week) = weeks.remove(&silent.evse) {
            silent.past.sessions = week.sessions;
        }
    }
    Ok((known, found))
}

/// Leaves out charge points that are not in service on the last day.
fn keep_live(source: &Source<'_>, groups: &mut Groups, period: &Period) {
    let last = i32::try_from(day_number(period.last)).unwrap_or(i32::MAX);
    let members = source.snapshot.members.all();
    let mut live = vec![false; groups.values.len()];
    for (member, group) in members.iter().zip(&groups.of) {
        if let Some(known) = usize::try_from(*group).ok().and_then(|at| live.get_mut(at)) {
            *known |= member.live_last >= last;
        }
    }
    let is_live = |group: i32| usize::try_from(group).is_ok_and(|at| live.get(at) == Some(&true));
    groups.of.iter_mut().filter(|group| !is_live(**group)).for_each(|group| *group = OUT);
}

/// Last use, first and last reported day of each group.
async fn ends(source: &Source<'_>, groups: &Groups, period: &Period) -> Result<HashMap<i32, Ends>, EngineError> {
    let mut found = HashMap::new();
    let Some(frame) = source.rows(groups, TABLE, period).await? else { return Ok(found) };
    let day_if = |name: &str| when(col(name).gt(lit(0i64)), col("day")).end();
    let aggregates = vec![
        max(day_if("plugged_s")?).alias("used"),
        min(day_if("available_s")?).alias("first"),
        max(day_if("available_s")?).alias("last"),
    ];
    for batch in frame.aggregate(vec![col("g")], aggregates)?.collect().await? {
        let group = column::<Int32Array>(&batch, TABLE, "g")?;
        let [used, first, last] = ["used", "first", "last"].map(|name| column::<Date32Array>(&batch, TABLE, name));
        let (used, first, last) = (used?, first?, last?);
        for row in 0..batch.num_rows() {
            // One that nobody reported on is not known to be unused.
            if first.is_valid(row) && last.is_valid(row) {
                let last_used = used.is_valid(row).then(|| used.value(row));
                let ends = Ends { last_used, first_reported: first.value(row), last_reported: last.value(row) };
                found.insert(group.value(row), ends);
            }
        }
    }
    Ok(found)
}

/// The reported days of candidates, before and since their last use.
async fn with_days(
    source: &Source<'_>,
    groups: &Groups,
    (period, months): (&Period, Option<&Period>),
    candidates: &HashMap<i32, Ends>,
) -> Result<HashMap<i32, Silent>, EngineError> {
    let mut found: HashMap<i32, Silent> = HashMap::new();
    for (group, ends) in candidates {
        let values = usize::try_from(*group).ok().and_then(|at| groups.values.get(at));
        let Some(evse) = values.and_then(|values| values.first()?.as_deref()) else { continue };
        found.insert(*group, begin(evse, ends));
    }
    if found.is_empty() {
        return Ok(found);
    }
    let Some(frame) = source.rows(groups, TABLE, period).await? else { return Ok(found) };
    let reported = frame.filter(col("available_s").gt(lit(0i64)))?.select_columns(&["g", "day"])?;
    let number = |day| i32::try_from(day_number(day)).unwrap_or(i32::MAX);
    let months = months.map_or(0..0, |months| number(months.first)..number(months.last) + 1);
    let mut stream = reported.execute_stream().await?;
    while let Some(batch) = stream.next().await {
        add_days(&batch?, candidates, &months, &mut found)?;
    }
    Ok(found)
}

fn begin(evse: &str, ends: &Ends) -> Silent {
    let day = |number: i32| day_of_number(number.into());
    Silent {
        evse: evse.to_owned(),
        last_used: ends.last_used.map(day),
        first_reported: day(ends.first_reported),
        last_reported: day(ends.last_reported),
        reported_days_since: 0,
        past: Past { sessions: [0.0; HOURS], hours: [0.0; HOURS], silent: [0.0; HOURS] },
    }
}

fn add_days(
    batch: &RecordBatch,
    candidates: &HashMap<i32, Ends>,
    months: &Range<i32>,
    found: &mut HashMap<i32, Silent>,
) -> Result<(), EngineError> {
    let (group, day) = (column::<Int32Array>(batch, TABLE, "g")?, column::<Date32Array>(batch, TABLE, "day")?);
    for row in 0..batch.num_rows() {
        let (group, day) = (group.value(row), day.value(row));
        let (Some(ends), Some(silent)) = (candidates.get(&group), found.get_mut(&group)) else { continue };
        let is_since = ends.last_used.is_none_or(|used| day > used);
        silent.reported_days_since += u32::from(is_since);
        if !is_since && !months.contains(&day) {
            continue;
        }
        let hours = if is_since { &mut silent.past.silent } else { &mut silent.past.hours };
        let first = usize::try_from(bucket::weekday(day) * 24).unwrap_or(0);
        hours[first..first + 24].iter_mut().for_each(|hour| *hour += 1.0);
    }
    Ok(())
}
