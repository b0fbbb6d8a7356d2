//! When each charge point was last used, and its week before and since, from the rollups.

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;
use kerbwatt_model::{Additive, Dimension, Period, day_of_number};

use super::source::{Source, months_within};
use crate::bucket::number;
use crate::groups::{Groups, OUT};
use crate::known::Known;
use crate::last_use::last_use;
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
    let reported = Known::reported(&source.engine.tables, source.snapshot, period).await?;
    let ends = ends(source, &groups, period, &reported).await?;
    let known = ends.len();
    // Of those used within the days asked nothing more need be read. Reported days are at most as many as days.
    let least = i32::try_from(min_days).unwrap_or(i32::MAX);
    let may_be = |ends: &Ends| ends.last_used.is_none_or(|used| ends.last_reported - used >= least);
    let candidates: HashMap<i32, Ends> = ends.into_iter().filter(|(_, ends)| may_be(ends)).collect();
    groups.of.iter_mut().filter(|group| !candidates.contains_key(group)).for_each(|group| *group = OUT);
    // Weeks are kept by month, so the past is told by whole months.
    let months = months_within(source, period);
    let mut found = with_days(source, &groups, (period, months.as_ref()), &candidates, &reported);
    found.retain(|_, silent| silent.reported_days_since >= min_days);
    let mut found: Vec<Silent> = found.into_values().collect();
    let mut weeks = match months {
        Some(months) if !found.is_empty() => source.weeks_of(&groups, &months)?,
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
    let last = number(period.last);
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
async fn ends(
    source: &Source<'_>,
    groups: &Groups,
    period: &Period,
    reported: &Known,
) -> Result<HashMap<i32, Ends>, EngineError> {
    let (tables, snapshot) = (&source.engine.tables, source.snapshot);
    let last_use = last_use(tables, snapshot, &groups.of, period, &[Additive::PluggedS, Additive::Sessions]).await?;
    let mut found: HashMap<i32, Ends> = HashMap::new();
    for (at, (member, group)) in snapshot.members.all().iter().zip(&groups.of).enumerate() {
        let days = member.live_days(number(period.first), number(period.last));
        let is_reported = |day: &i32| reported.has(at, *day);
        // One that nobody reported on is not known to be unused.
        let Some((first, last)) = days.clone().find(is_reported).zip(days.rev().find(is_reported)) else { continue };
        if *group != OUT {
            let new = Ends { last_used: last_use.get(group).copied(), first_reported: first, last_reported: last };
            let ends = found.entry(*group).or_insert(new);
            ends.first_reported = ends.first_reported.min(first);
            ends.last_reported = ends.last_reported.max(last);
        }
    }
    Ok(found)
}

/// The reported days of candidates, before and since their last use.
fn with_days(
    source: &Source<'_>,
    groups: &Groups,
    (period, months): (&Period, Option<&Period>),
    candidates: &HashMap<i32, Ends>,
    reported: &Known,
) -> HashMap<i32, Silent> {
    let mut found: HashMap<i32, Silent> = HashMap::new();
    for (group, ends) in candidates {
        let values = usize::try_from(*group).ok().and_then(|at| groups.values.get(at));
        let Some(evse) = values.and_then(|values| values.first()?.as_deref()) else { continue };
        found.insert(*group, begin(evse, ends));
    }
    let months = months.map_or(0..0, |months| number(months.first)..number(months.last) + 1);
    for (at, (member, group)) in source.snapshot.members.all().iter().zip(&groups.of).enumerate() {
        let (Some(ends), Some(silent)) = (candidates.get(group), found.get_mut(group)) else { continue };
        let days = member.live_days(number(period.first), number(period.last));
        days.filter(|day| reported.has(at, *day)).for_each(|day| silent.add_day(day, ends, &months));
    }
    found
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

impl Silent {
    /// Adds a reported day.
    fn add_day(&mut self, day: i32, ends: &Ends, months: &Range<i32>) {
        let is_since = ends.last_used.is_none_or(|used| day > used);
        self.reported_days_since += u32::from(is_since);
        if !is_since && !months.contains(&day) {
            return;
        }
        let hours = if is_since { &mut self.past.silent } else { &mut self.past.hours };
        let first = usize::try_from(bucket::weekday(day) * 24).unwrap_or(0);
        hours[first..first + 24].iter_mut().for_each(|hour| *hour += 1.0);
    }
}
