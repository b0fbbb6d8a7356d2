//! Capacity by groups and days: from a table where one keeps it, and otherwise from the members themselves.

use hashbrown::HashMap;
use kerbwatt_model::{Additive, Period, Query, Zone, day_of_number};

use crate::bucket::number;
use crate::buckets::Buckets;
use crate::facts::float;
use crate::groups::OUT;
use crate::keyed::Keyed;
use crate::known::Known;
use crate::member::Member;
use crate::route::whole_months;
use crate::sums::{Ask, ByKey, Sums, add_all, of_rollup};
use crate::tables::Tables;
use crate::{EngineError, Route, Snapshot};

/// Years before and after the data of which capacity is told: what lies beyond is a slip in a date.
const YEARS_OUTSIDE: i32 = 50;

/// Sums of capacity for a question. Whole months come from the smallest table that keeps them.
pub(crate) async fn of(tables: &Tables, query: &Query, ask: &Ask<'_>) -> Result<ByKey, EngineError> {
    let mut sums = of_data(tables, query, ask).await?;
    add_all(&mut sums, outside(tables, ask).await?);
    Ok(sums)
}

/// Capacity of the days before and after the months that hold data, of which no table tells: charge points were in service then, and
/// nothing was reported.
pub(crate) async fn outside(tables: &Tables, ask: &Ask<'_>) -> Result<ByKey, EngineError> {
    let mut sums = ByKey::new();
    for period in &without_data(ask.snapshot, ask.period) {
        let days = Capacity::of_days(tables, &Ask { period, ..*ask }, period).await?;
        add_all(&mut sums, days.sums());
    }
    Ok(sums)
}

async fn of_data(tables: &Tables, query: &Query, ask: &Ask<'_>) -> Result<ByKey, EngineError> {
    let of_days = Route::capacity(query, ask.period);
    let is_smaller = |route: &Route| of_days.is_none_or(|of_days| *route < of_days);
    let of_months = |months: &Period| Route::capacity(query, months).filter(is_smaller);
    let split = whole_months(ask.period).and_then(|(months, beside)| Some((of_months(&months)?, months, beside)));
    let Some((route, months, beside)) = split else { return through(tables, of_days, ask).await };
    let mut sums = of_rollup(tables, route, &Ask { period: &months, ..*ask }).await?;
    for period in &beside {
        add_all(&mut sums, through(tables, of_days, &Ask { period, ..*ask }).await?);
    }
    Ok(sums)
}

/// From a table, or from the members.
async fn through(tables: &Tables, route: Option<Route>, ask: &Ask<'_>) -> Result<ByKey, EngineError> {
    match route {
        Some(route) => of_rollup(tables, route, ask).await,
        None => Ok(Capacity::read(tables, ask).await?.map_or_else(ByKey::new, |capacity| capacity.sums())),
    }
}

/// What there is of days of a member, in one bucket.
pub(crate) struct Days {
    live: f64,
    reported: f64,
    live_s: f64,
    pub(crate) available_s: f64,
    ends_available_s: f64,
}

/// Capacity of a period, worked out from the days in service of members and the days that were reported.
pub(crate) struct Capacity<'a> {
    ask: Ask<'a>,
    buckets: Buckets<'a>,
    /// The days, clipped to the months that hold data: others have no capacity.
    first: i32,
    last: i32,
    reported: Known,
    ends: Option<Known>,
}

impl<'a> Capacity<'a> {
    /// Reads what was reported; none where no month of the period holds data.
    pub(crate) async fn read(tables: &Tables, ask: &Ask<'a>) -> Result<Option<Self>, EngineError> {
        match with_data(ask.snapshot, ask.period) {
            Some(period) => Ok(Some(Self::of_days(tables, ask, &period).await?)),
            None => Ok(None),
        }
    }

    async fn of_days(tables: &Tables, ask: &Ask<'a>, period: &Period) -> Result<Self, EngineError> {
        let reported = Known::reported(tables, ask.snapshot, period).await?;
        let ends = if ask.sums.contains(&Additive::EndsAvailableS) {
            Some(Known::ends(tables, ask.snapshot, period).await?)
        } else {
            None
        };
        let (first, last) = (number(period.first), number(period.last));
        Ok(Self { ask: *ask, buckets: Buckets::of_days(ask.times, ask.period), first, last, reported, ends })
    }

    fn sums(&self) -> ByKey {
        let mut sums: Keyed<Sums> = Keyed::default();
        let mut key = Vec::new();
        self.each(|member, group, buckets, days| {
            key.clear();
            key.push(group);
            key.extend(buckets);
            add(sums.at(&key), member, days, self.ask.sums);
        });
        sums.into_map(|sums| sums)
    }

    /// Calls `take` with each member that takes part, its group, the buckets in which it has days, and those.
    pub(crate) fn each(&self, mut take: impl FnMut(&Member, i32, &[i32], &Days)) {
        let runs = self.buckets.runs();
        let mut of_members: HashMap<(usize, *const str), Series> = HashMap::new();
        for (at, (member, group)) in self.ask.snapshot.members.all().iter().zip(&self.ask.groups.of).enumerate() {
            let (from, to) = member.live_days(self.first, self.last).into_inner();
            if *group == OUT || from > to {
                continue;
            }
            let key = (self.reported.operator(at), std::ptr::from_ref(&*member.zone));
            let series = of_members.entry(key).or_insert_with(|| self.series(at, member));
            let first = runs.partition_point(|(_, _, last)| *last < from);
            for (bucket, begin, end) in runs[first..].iter().take_while(|(_, begin, _)| *begin <= to) {
                let days = series.days(from.max(*begin) - self.first, to.min(*end) - self.first);
                take(member, *group, &self.buckets.days[*bucket], &days);
            }
        }
    }

    /// Sums over the days up to each, for the members of one operator and zone.
    fn series(&self, at: usize, member: &Member) -> Series {
        let zones = self.ask.snapshot.members.zones();
        let zone =
            zones.iter().find(|(name, _)| *name == member.zone).map_or_else(Zone::london, |(_, zone)| zone.clone());
        let mut sums = vec![[0.0; 4]];
        for day in self.first..=self.last {
            let date = day_of_number(day.into());
            let live_s = float(zone.seconds_in_day(date));
            let has_ends = self.ends.as_ref().is_some_and(|ends| ends.has(at, number(date.first_of_month())));
            let reported = if self.reported.has(at, day) { 1.0 } else { 0.0 };
            let ends = if has_ends { reported } else { 0.0 };
            let [before_live_s, before_reported, before_s, before_ends_s] = sums.last().copied().unwrap_or_default();
            sums.push([
                before_live_s + live_s,
                before_reported + reported,
                before_s + reported * live_s,
                before_ends_s + ends * live_s,
            ]);
        }
        Series(sums)
    }
}

/// Live seconds, reported days, seconds of those, and of those in months in which ends of charging are reported: of all days
/// before each.
struct Series(Vec<[f64; 4]>);

impl Series {
    /// What there is from a day to another, counted from the first.
    fn days(&self, from: i32, to: i32) -> Days {
        let until = |day: i32| usize::try_from(day).ok().and_then(|at| self.0.get(at)).copied().unwrap_or_default();
        let (before, all) = (until(from), until(to + 1));
        let [live_s, reported, available_s, ends_available_s] = std::array::from_fn(|at| all[at] - before[at]);
        Days { live: f64::from(to - from + 1), reported, live_s, available_s, ends_available_s }
    }
}

fn add(sums: &mut Sums, member: &Member, days: &Days, wanted: &[Additive]) {
    let registered = f64::from(u8::from(member.registered));
    for sum in wanted {
        let value = match sum {
            Additive::LiveDays => days.live,
            Additive::RegisteredDays => days.live * registered,
            Additive::ReportedRegisteredDays => days.reported * registered,
            Additive::LiveS => days.live_s,
            Additive::AvailableS => days.available_s,
            Additive::RatedS if member.rated_kw.is_some() => days.available_s,
            Additive::CapacityKwh => member.rated_kw.unwrap_or(0.0) * days.available_s / 3600.0,
            Additive::EndsAvailableS => days.ends_available_s,
            _ => continue,
        };
        sums.add(*sum, value);
    }
}

/// The days of a period in months that hold data.
fn with_data(snapshot: &Snapshot, period: &Period) -> Option<Period> {
    let (first, last) = snapshot.days?;
    Period::new(period.first.max(first.first_of_month()), period.last.min(last.last_of_month())).ok()
}

/// The days of a period before and after those.
fn without_data(snapshot: &Snapshot, period: &Period) -> Vec<Period> {
    let Some((first, last)) = snapshot.days else { return Vec::new() };
    let years = |years: i32| jiff::Span::new().years(years);
    let before = first.first_of_month().yesterday().ok().and_then(|end| {
        let begin = end.checked_sub(years(YEARS_OUTSIDE)).unwrap_or(end);
        Period::new(period.first.max(begin), period.last.min(end)).ok()
    });
    let after = last.last_of_month().tomorrow().ok().and_then(|begin| {
        let end = begin.checked_add(years(YEARS_OUTSIDE)).unwrap_or(begin);
        Period::new(period.first.max(begin), period.last.min(end)).ok()
    });
    before.into_iter().chain(after).collect()
}
