//! The one door: a question goes in, figures come out.

use std::collections::{HashMap, HashSet};

use kerbwatt_model::{Dimension, Metric, Period, Query, Viewer};

use crate::assemble::{self, Pieces};
use crate::groups::{Groups, times_of};
use crate::raw::Scan;
use crate::route::needs_evses;
use crate::stock::InUse;
use crate::sums::{Ask, ByKey, Key, in_use_of_rollup, of_rollup};
use crate::tables::Tables;
use crate::{Answer, EngineError, Provenance, Route, SessionRow, Snapshot, calendar, coverage, sessions, stock};

/// Answers questions. Keeps what it has read of small tables; holds no other state.
pub struct Engine {
    tables: Tables,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine with nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self { tables: Tables::new() }
    }

    /// Answers a question for a viewer, from the smallest table that answers exactly.
    ///
    /// # Errors
    /// [`EngineError`] when a filter's value is unknown or the lake cannot be read.
    pub async fn answer(&self, snapshot: &Snapshot, query: &Query, viewer: Viewer) -> Result<Answer, EngineError> {
        self.answer_through(snapshot, query, viewer, None).await
    }

    /// As [`Engine::answer`], with the table for sums chosen by the caller: for checking that every route gives the same
    /// figures. A route that cannot answer is passed over for the one that would be picked.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn answer_through(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        viewer: Viewer,
        route: Option<Route>,
    ) -> Result<Answer, EngineError> {
        // The owner sees everything. The match makes whoever adds a viewer decide here.
        let Viewer::LocalOwner = viewer;
        let groups = Groups::of(snapshot, query)?;
        let asked = query.period.or_else(|| snapshot.days.and_then(|(first, last)| Period::new(first, last).ok()));
        let Some(period) = asked else { return Ok(empty(snapshot, query)) };
        let summed = Query {
            metrics: query.metrics.iter().copied().filter(|metric| !needs_evses(metric)).collect(),
            ..query.clone()
        };
        let chosen =
            route.filter(|route| route.answers(&summed, &period)).unwrap_or_else(|| Route::of(&summed, &period));
        let may_split = route.is_none();
        let question = Question { engine: self, snapshot, query: &summed, groups: &groups, period: &period, may_split };
        let pieces = question.pieces(&query.metrics, chosen).await?;
        let mut provenance = provenance(snapshot, query, Some(period));
        provenance.route = chosen.table();
        Ok(Answer {
            columns: assemble::columns(query),
            rows: assemble::rows(snapshot, query, &groups, &pieces),
            coverage: coverage::of(&self.tables, snapshot, query, &period).await?,
            provenance,
        })
    }

    /// Calls `take` with each canonical session row that passes the filters and starts in the period.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub fn each_session(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        viewer: Viewer,
        take: &mut dyn FnMut(SessionRow),
    ) -> Result<(), EngineError> {
        sessions::each_row(snapshot, query, viewer, take)
    }

    /// Forgets what was read of files that none of these snapshots names.
    pub fn forget_all_but(&self, snapshots: &[&Snapshot]) {
        let files = snapshots.iter().flat_map(|snapshot| snapshot.files.values().flatten());
        let named: HashSet<String> = files.map(|file| file.path.to_string_lossy().into_owned()).collect();
        self.tables.keep_only(|path| named.contains(path));
    }
}

fn empty(snapshot: &Snapshot, query: &Query) -> Answer {
    Answer {
        columns: assemble::columns(query),
        rows: Vec::new(),
        coverage: crate::Coverage::default(),
        provenance: provenance(snapshot, query, None),
    }
}

fn provenance(snapshot: &Snapshot, query: &Query, period: Option<Period>) -> Provenance {
    Provenance {
        data_version: snapshot.data_version,
        as_of: snapshot.made_at,
        period,
        filters: query.filters.clone(),
        metrics: query.metrics.clone(),
        route: "none",
        suppressed: 0,
        sample: snapshot.is_sample,
    }
}

/// A question with its groups and period settled.
struct Question<'a> {
    engine: &'a Engine,
    snapshot: &'a Snapshot,
    query: &'a Query,
    groups: &'a Groups,
    period: &'a Period,
    /// Whether parts of the period may be answered by different tables.
    may_split: bool,
}

impl Question<'_> {
    async fn pieces(&self, metrics: &[&'static Metric], route: Route) -> Result<Pieces, EngineError> {
        let asks = |ids: &[&str]| metrics.iter().any(|metric| ids.contains(&metric.id));
        let times = times_of(&self.query.by);
        let mut pieces = Pieces { sums: self.sums(route, &times).await?, ..Pieces::default() };
        if asks(&["evses"]) {
            pieces.live = stock::live(self.snapshot, self.groups, &times, self.period);
        }
        if asks(&["evses_in_use", "evses_unused"]) {
            pieces.in_use = self.in_use(metrics, &times).await?;
        }
        if asks(&["energy_per_session_median", "duration_per_session_median"]) {
            let sessions = self.scan(&times).per_session().await?;
            pieces.medians = sessions.into_iter().map(|(key, (kwh, min))| (key, (median(kwh), median(min)))).collect();
        }
        if asks(&["peak_concurrency"]) {
            pieces.peaks = self.scan(&times).peaks().await?;
        }
        Ok(pieces)
    }

    fn scan<'s>(&'s self, times: &'s [Dimension]) -> Scan<'s> {
        Scan { tables: &self.engine.tables, snapshot: self.snapshot, groups: self.groups, times, period: self.period }
    }

    /// Sums of use by the chosen route, with the capacity they are divided by.
    async fn sums(&self, route: Route, times: &[Dimension]) -> Result<ByKey, EngineError> {
        let is_within_day = times.iter().any(|time| time.is_within_day());
        let has_capacity = !is_within_day && route != Route::Sessions;
        let mut sums = match route {
            Route::Sessions => match self.of_parts(times).await? {
                Some(sums) => sums,
                None => self.scan(times).sums().await?,
            },
            route => self.rollup(self.groups, route, times).await?,
        };
        if !has_capacity {
            for (key, capacity) in self.capacity(times, is_within_day).await? {
                *sums.entry(key).or_default() += &capacity;
            }
        }
        Ok(sums)
    }

    /// Sums by hours over a period that begins or ends within a month: whole months from a rollup, the days beside them from
    /// single sessions. None where that is not possible.
    async fn of_parts(&self, times: &[Dimension]) -> Result<Option<ByKey>, EngineError> {
        let Some((months, beside)) = whole_months(self.period).filter(|_| self.may_split) else { return Ok(None) };
        let route = Route::of(self.query, &months);
        if route == Route::Sessions {
            return Ok(None);
        }
        let ask = Ask { snapshot: self.snapshot, groups: self.groups, route, times, period: &months };
        let mut sums = of_rollup(&self.engine.tables, &ask).await?;
        for days in &beside {
            for (key, more) in (Scan { period: days, ..self.scan(times) }).sums().await? {
                *sums.entry(key).or_default() += &more;
            }
        }
        Ok(Some(sums))
    }

    async fn rollup(&self, groups: &Groups, route: Route, times: &[Dimension]) -> Result<ByKey, EngineError> {
        let ask = Ask { snapshot: self.snapshot, groups, route, times, period: self.period };
        of_rollup(&self.engine.tables, &ask).await
    }

    /// Capacity alone, from the tables that keep it; spread over hours where the question is finer than a day.
    async fn capacity(&self, times: &[Dimension], is_within_day: bool) -> Result<ByKey, EngineError> {
        if !is_within_day {
            let mut sums = self.rollup(self.groups, Route::capacity(self.query, self.period), times).await?;
            sums.values_mut().for_each(|sums| sums.0[..7].fill(0.0));
            return Ok(sums);
        }
        let zoned = Groups::with_zones(self.snapshot, self.query)?;
        let by_day = Query { by: vec![Dimension::Day], ..self.query.clone() };
        let fits_cube = Route::CubeDay.answers(
            &Query { by: self.query.by.iter().copied().filter(|d| !d.is_within_day()).collect(), ..by_day },
            self.period,
        );
        let route = if fits_cube { Route::CubeDay } else { Route::EvseDay };
        let days = self.rollup(&zoned, route, &[Dimension::Day]).await?;
        let groups = zoned.within(self.groups);
        let group_of = |at: i32| usize::try_from(at).ok().and_then(|at| groups.get(at)).copied().unwrap_or(0);
        Ok(calendar::by_hours(&days, &zoned, group_of, times))
    }

    async fn in_use(
        &self,
        metrics: &[&'static Metric],
        times: &[Dimension],
    ) -> Result<HashMap<Key, InUse>, EngineError> {
        let query = Query { metrics: metrics.to_vec(), ..self.query.clone() };
        let route = Route::of(&query, self.period);
        if route != Route::Sessions {
            let ask = Ask { snapshot: self.snapshot, groups: self.groups, route, times, period: self.period };
            return in_use_of_rollup(&self.engine.tables, &ask).await;
        }
        let groups = Groups::with_evses(self.snapshot, &query)?;
        let by_evse = Scan { groups: &groups, ..self.scan(times) }.sums().await?;
        let coarse = groups.within(self.groups);
        let group_of = |at: i32| usize::try_from(at).ok().and_then(|at| coarse.get(at)).copied().unwrap_or(0);
        Ok(stock::in_use(&by_evse, group_of))
    }
}

/// The whole months within a period, and the days before and after them.
fn whole_months(period: &Period) -> Option<(Period, Vec<Period>)> {
    let month = period.first.first_of_month();
    let first = if month == period.first { month } else { month.last_of_month().tomorrow().ok()? };
    let end = period.last.last_of_month();
    let last = if end == period.last { end } else { end.first_of_month().yesterday().ok()? };
    let months = Period::new(first, last).ok()?;
    let before = first.yesterday().ok().and_then(|day| Period::new(period.first, day).ok());
    let after = last.tomorrow().ok().and_then(|day| Period::new(day, period.last).ok());
    Some((months, before.into_iter().chain(after).collect()))
}

/// Median: the middle value, or the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_falls_into_whole_months_and_the_days_beside_them() {
        let parts = |text: &str| {
            let (months, beside) = whole_months(&Period::parse(text).ok()?)?;
            Some(std::iter::once(months).chain(beside).map(|part| part.to_string()).collect::<Vec<_>>())
        };
        let whole = "2024-02-01..2024-03-31";
        assert_eq!(
            parts("2024-01-20..2024-04-02"),
            Some(vec![whole.into(), "2024-01-20..2024-01-31".into(), "2024-04-01..2024-04-02".into()])
        );
        assert_eq!(parts("2024-02..2024-03"), Some(vec![whole.into()]));
        assert_eq!(parts("2024-01-20..2024-02-10"), None);
    }

    #[test]
    fn a_median_is_the_middle_or_the_mean_of_both_middles() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
    }
}
