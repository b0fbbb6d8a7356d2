//! The one door: a question goes in, figures come out.

use std::collections::{HashMap, HashSet};

use kerbwatt_model::{Additive, Dimension, Distinct, Metric, PerSession, Period, Query, Rule, Stock, Viewer};

use crate::assemble::{self, Pieces};
use crate::groups::{Groups, times_of};
use crate::known::Known;
use crate::raw::Scan;
use crate::route::needs_evses;
use crate::stock::InUse;
use crate::sums::{Ask, ByKey, Key, in_use_of_rollup, needed, of_rollup};
use crate::tables::Tables;
use crate::{
    Answer, EngineError, Provenance, Route, SessionRow, Snapshot, calendar, congestion, coverage, ledger, per_session,
    sessions, since, stock,
};

/// Answers questions. Keeps what it has read of small tables; holds no other state.
pub struct Engine {
    pub(crate) tables: Tables,
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
        refuse_several_operators(snapshot, query, &groups)?;
        let asked = query.period.or_else(|| snapshot.days.and_then(|(first, last)| Period::new(first, last).ok()));
        let Some(period) = asked else { return Ok(empty(snapshot, query)) };
        let summed = Query {
            metrics: query.metrics.iter().copied().filter(|metric| !needs_evses(metric)).collect(),
            ..query.clone()
        };
        let chosen =
            route.filter(|route| route.answers(&summed, &period)).unwrap_or_else(|| Route::of(&summed, &period));
        let wanted = needed(&query.metrics, query.ledger);
        let question = Question {
            engine: self,
            snapshot,
            query: &summed,
            groups: &groups,
            period: &period,
            may_split: route.is_none(),
            sums: &wanted,
        };
        let pieces = question.pieces(&query.metrics, chosen).await?;
        let mut provenance = provenance(snapshot, query, Some(period));
        provenance.route = chosen.table();
        let (keys, rows): (Vec<_>, Vec<_>) = assemble::rows(snapshot, query, &groups, &pieces).into_iter().unzip();
        let ledger = if query.ledger { Some(question.ledger(&query.metrics, &pieces, &keys).await?) } else { None };
        Ok(Answer {
            columns: assemble::columns(query),
            rows,
            coverage: coverage::of(&self.tables, snapshot, query, &period).await?,
            provenance,
            ledger,
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
        ledger: query.ledger.then(crate::Ledger::default),
    }
}

/// A driver is a pseudonym within one operator: over several there is nothing to count.
fn refuse_several_operators(snapshot: &Snapshot, query: &Query, groups: &Groups) -> Result<(), EngineError> {
    let of_drivers = query.metrics.iter().find(|metric| metric.rule.is_within_operator());
    match of_drivers {
        Some(metric) if !groups.are_within_operators(snapshot) => {
            Err(EngineError::SeveralOperators { metric: metric.id })
        }
        _ => Ok(()),
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
    /// The sums that are needed.
    sums: &'a [Additive],
}

impl<'a> Question<'a> {
    async fn pieces(&self, metrics: &[&'static Metric], route: Route) -> Result<Pieces<'a>, EngineError> {
        let asks = |is_asked: fn(&Rule) -> bool| metrics.iter().any(|metric| is_asked(&metric.rule));
        let (times, tables) = (times_of(&self.query.by), &self.engine.tables);
        let mut pieces = Pieces { sums: self.sums(route, &times).await?, ..Pieces::default() };
        let is_counted = |stock: Stock| metrics.iter().any(|metric| metric.rule == Rule::Stock(stock));
        if asks(|rule| matches!(rule, Rule::Stock(_))) {
            pieces.live = stock::live(self.snapshot, self.groups, &times, self.period, is_counted);
        }
        if metrics.iter().any(|metric| needs_evses(metric)) {
            pieces.in_use = self.in_use(metrics, &times).await?;
        }
        if asks(|rule| matches!(rule, Rule::Median(_))) {
            let of = |metric: &&'static Metric| match metric.rule {
                Rule::Median(what) => Some(what),
                _ => None,
            };
            let asked: Vec<PerSession> = metrics.iter().filter_map(of).collect();
            pieces.medians = per_session::medians(&self.scan(&times), &asked)?;
        }
        if asks(|rule| matches!(rule, Rule::Peak)) {
            pieces.peaks = self.scan(&times).peaks()?;
        }
        if asks(|rule| matches!(rule, Rule::Distinct(Distinct::Drivers) | Rule::TopShare(_))) {
            pieces.drivers = per_session::drivers(&self.scan(&times))?;
        }
        if asks(|rule| matches!(rule, Rule::Congestion)) {
            let reported = Known::reported(tables, self.snapshot, self.period).await?;
            pieces.sites = congestion::of(&self.scan(&times), &reported)?;
        }
        if asks(|rule| matches!(rule, Rule::SinceUse(_))) {
            pieces.unused = since::of(tables, self.snapshot, self.groups, self.period).await?;
        }
        Ok(pieces)
    }

    /// How the denominators came about, of the whole and of each row.
    async fn ledger(
        &self,
        metrics: &[&'static Metric],
        pieces: &Pieces<'_>,
        keys: &[Key],
    ) -> Result<crate::Ledger, EngineError> {
        let query = Query { by: Vec::new(), ..self.query.clone() };
        let groups = Groups::of(self.snapshot, &query)?;
        let unsplit = Question { query: &query, groups: &groups, ..*self };
        let rates: Vec<&'static Metric> = metrics.iter().copied().filter(|metric| ledger::has(metric)).collect();
        let whole = unsplit.pieces(&rates, Route::of(&query, self.period)).await?;
        let left_out = ledger::left_out(&self.engine.tables, self.snapshot, self.query, self.period).await?;
        Ok(ledger::of(&rates, &whole, pieces, keys, left_out))
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
                None => self.scan(times).sums(self.sums).await?,
            },
            route => self.rollup(self.groups, route, times).await?,
        };
        // The time without a session has no length or energy of one.
        if !has_capacity && !times.iter().any(|time| time.is_of_session()) {
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
        let ask = Ask { period: &months, ..self.ask(self.groups, route, times, self.sums) };
        let mut sums = of_rollup(&self.engine.tables, &ask).await?;
        for days in &beside {
            for (key, more) in (Scan { period: days, ..self.scan(times) }).sums(self.sums).await? {
                *sums.entry(key).or_default() += &more;
            }
        }
        Ok(Some(sums))
    }

    fn ask<'s>(&'s self, groups: &'s Groups, route: Route, times: &'s [Dimension], sums: &'s [Additive]) -> Ask<'s> {
        Ask { snapshot: self.snapshot, groups, route, times, period: self.period, sums }
    }

    async fn rollup(&self, groups: &Groups, route: Route, times: &[Dimension]) -> Result<ByKey, EngineError> {
        of_rollup(&self.engine.tables, &self.ask(groups, route, times, self.sums)).await
    }

    /// Capacity alone, from the tables that keep it; spread over hours where the question is finer than a day.
    async fn capacity(&self, times: &[Dimension], is_within_day: bool) -> Result<ByKey, EngineError> {
        let sums: Vec<Additive> = self.sums.iter().copied().filter(|sum| !sum.is_of_sessions()).collect();
        if !is_within_day {
            let route = Route::capacity(self.query, self.period);
            return of_rollup(&self.engine.tables, &self.ask(self.groups, route, times, &sums)).await;
        }
        let zoned = Groups::with_zones(self.snapshot, self.query)?;
        let by_day = Query { by: vec![Dimension::Day], ..self.query.clone() };
        let fits_cube = Route::CubeDay.answers(
            &Query { by: self.query.by.iter().copied().filter(|d| !d.is_within_day()).collect(), ..by_day },
            self.period,
        );
        let route = if fits_cube { Route::CubeDay } else { Route::EvseDay };
        let ask = self.ask(&zoned, route, &[Dimension::Day], &sums);
        let days = of_rollup(&self.engine.tables, &ask).await?;
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
            let ask = self.ask(self.groups, route, times, &[]);
            return in_use_of_rollup(&self.engine.tables, &ask).await;
        }
        let groups = Groups::with_evses(self.snapshot, &query)?;
        let by_evse = Scan { groups: &groups, ..self.scan(times) }.sums(&[]).await?;
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
}
