//! The one door: a question goes in, figures come out.

use std::collections::HashSet;

use jiff::civil::Date;
use kerbwatt_model::{
    Additive, Dimension, Distinct, ENERGY_BINS, LENGTH_BINS, Metric, PerSession, Period, Query, Rule, Stock, Viewer,
    day_of_number,
};

use crate::assemble::{self, Pieces};
use crate::buckets::Buckets;
use crate::groups::{Groups, places_of, times_of};
use crate::known::Known;
use crate::last_use::Asked;
use crate::raw::Scan;
use crate::route::{needs_evses, whole_months};
use crate::sums::{Ask, ByKey, Key, add_all, needed, of_rollup};
use crate::tables::Tables;
use crate::{
    Answer, EngineError, Provenance, Route, SessionRow, Snapshot, calendar, capacity, congestion, coverage, in_use,
    ledger, per_session, returns, sessions, since, stock,
};

/// Answers questions. Keeps what it has read of small tables; holds no other state.
pub struct Engine {
    pub(crate) tables: Tables,
    /// Up to how many sessions typical days are made of single days.
    pub(crate) days_up_to: f64,
}

/// Beyond these, the rollups by hour of week say how the weekdays of months lie.
const SESSIONS_BY_DAY: f64 = 200_000.0;

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine with nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self { tables: Tables::new(None), days_up_to: SESSIONS_BY_DAY }
    }

    /// As [`Engine::new`]; adds up rollups of more rows than these by a plan, and not in memory.
    #[must_use]
    pub fn holding_at_most(rows: u64) -> Self {
        Self { tables: Tables::new(Some(rows)), ..Self::new() }
    }

    /// As [`Engine::new`]; makes typical days of single days only up to so many sessions.
    #[must_use]
    pub fn telling_days_up_to(sessions: f64) -> Self {
        Self { days_up_to: sessions, ..Self::new() }
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
        refuse_too_many_rows(query, &groups, &period)?;
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
        let mut ledger = if query.ledger { Some(question.ledger(&query.metrics, &pieces, &keys).await?) } else { None };
        let (coverage, operators) = coverage::of(&self.tables, snapshot, query, &period).await?;
        provenance.returns = returns::counted(snapshot, &operators, &period);
        if let Some(ledger) = &mut ledger {
            ledger.repaired = returns::repaired(snapshot, &operators, &period);
        }
        Ok(Answer { columns: assemble::columns(query), rows, coverage, provenance, ledger })
    }

    /// Sums of groups, from the smallest tables that have them.
    pub(crate) async fn sums(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        groups: &Groups,
        period: &Period,
        sums: &[Additive],
    ) -> Result<ByKey, EngineError> {
        let question = Question { engine: self, snapshot, query, groups, period, may_split: true, sums };
        question.sums(Route::of(query, period), &times_of(&query.by)).await
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

    /// Calls `take` with each EVSE, by its number in the lake, and the first day of each month in which sessions of it start.
    ///
    /// # Errors
    /// [`EngineError`] when the lake cannot be read.
    pub async fn each_month_in_use(
        &self,
        snapshot: &Snapshot,
        viewer: Viewer,
        take: &mut (dyn FnMut(i32, Date) + Send),
    ) -> Result<(), EngineError> {
        let Viewer::LocalOwner = viewer;
        let Some((first, last)) = snapshot.days else { return Ok(()) };
        let Ok(period) = Period::new(first.first_of_month(), last.last_of_month()) else { return Ok(()) };
        let evses = snapshot.members.all().iter().map(|member| member.evse).collect();
        let asked = Asked { tables: &self.tables, snapshot, used: &[Additive::Sessions] };
        asked.each_month(evses, &period, |evse, month| take(evse, day_of_number(month.into()))).await
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

/// Rows that an answer may have: each takes about a kilobyte until it is sent.
const MOST_ROWS: usize = 1_000_000;

/// Counts the rows that there may be, before any is made.
fn refuse_too_many_rows(query: &Query, groups: &Groups, period: &Period) -> Result<(), EngineError> {
    let (times, bins): (Vec<Dimension>, Vec<Dimension>) =
        times_of(&query.by).into_iter().partition(|time| !time.is_of_session());
    let of_bins = |bin: &Dimension| match bin {
        Dimension::SessionLength => LENGTH_BINS.len(),
        _ => ENERGY_BINS.len(),
    };
    let buckets = Buckets::of_days(&times, period).count();
    let rows = bins.iter().map(of_bins).fold(groups.values.len().saturating_mul(buckets), usize::saturating_mul);
    if rows > MOST_ROWS { Err(EngineError::TooManyRows { rows, most: MOST_ROWS }) } else { Ok(()) }
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
        returns: crate::Returns::default(),
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
            pieces.in_use = in_use::of(&self.scan(&times)).await?;
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
        let left_out = ledger::left_out(self.engine, self.snapshot, self.query, self.period).await?;
        Ok(ledger::of(&rates, &whole, pieces, keys, left_out))
    }

    fn scan<'s>(&'s self, times: &'s [Dimension]) -> Scan<'s> {
        Scan { tables: &self.engine.tables, snapshot: self.snapshot, groups: self.groups, times, period: self.period }
    }

    /// Sums of use by the chosen route, with the capacity they are divided by.
    async fn sums(&self, route: Route, times: &[Dimension]) -> Result<ByKey, EngineError> {
        let is_within_day = times.iter().any(|time| time.is_within_day());
        let (mut sums, has_capacity) = match self.of_parts(route, times).await? {
            Some(found) => found,
            None => (self.of_route(route, times, self.period, self.sums).await?, route.has_capacity()),
        };
        // The time without a session has no length or energy of one.
        if !times.iter().any(|time| time.is_of_session()) {
            let capacity = if has_capacity {
                let asked: Vec<Additive> = self.sums.iter().copied().filter(|sum| !sum.is_of_sessions()).collect();
                capacity::outside(&self.engine.tables, &self.ask(times, &asked)).await?
            } else {
                self.capacity(times, is_within_day).await?
            };
            add_all(&mut sums, capacity);
        }
        Ok(sums)
    }

    /// Sums of a period by a route.
    async fn of_route(
        &self,
        route: Route,
        times: &[Dimension],
        period: &Period,
        sums: &[Additive],
    ) -> Result<ByKey, EngineError> {
        match route {
            Route::Sessions => (Scan { period, ..self.scan(times) }).sums(sums).await,
            route => of_rollup(&self.engine.tables, route, &Ask { period, ..self.ask(times, sums) }).await,
        }
    }

    /// Sums of a period that begins or ends within a month: whole months by a smaller table, the days beside them by the route; and
    /// whether capacity is among them, which takes both to keep it. None where there is no smaller one.
    async fn of_parts(&self, route: Route, times: &[Dimension]) -> Result<Option<(ByKey, bool)>, EngineError> {
        let smaller = |months: &Period| Some(Route::of(self.query, months)).filter(|of_months| *of_months < route);
        let parts = whole_months(self.period).filter(|_| self.may_split);
        let Some((of_months, months, beside)) =
            parts.and_then(|(months, beside)| Some((smaller(&months)?, months, beside)))
        else {
            return Ok(None);
        };
        let has_capacity = route.has_capacity() && of_months.has_capacity();
        let kept = |sum: &Additive| has_capacity || sum.is_of_sessions();
        let kept: Vec<Additive> = self.sums.iter().copied().filter(kept).collect();
        let mut sums = self.of_route(of_months, times, &months, &kept).await?;
        for days in &beside {
            add_all(&mut sums, self.of_route(route, times, days, &kept).await?);
        }
        Ok(Some((sums, has_capacity)))
    }

    fn ask<'s>(&'s self, times: &'s [Dimension], sums: &'s [Additive]) -> Ask<'s> {
        Ask { snapshot: self.snapshot, groups: self.groups, times, period: self.period, sums }
    }

    /// Capacity alone; spread over hours where the question is finer than a day.
    async fn capacity(&self, times: &[Dimension], is_within_day: bool) -> Result<ByKey, EngineError> {
        let tables = &self.engine.tables;
        let sums: Vec<Additive> = self.sums.iter().copied().filter(|sum| !sum.is_of_sessions()).collect();
        let ask = self.ask(times, &sums);
        if !is_within_day {
            return capacity::of(tables, self.query, &ask).await;
        }
        let zoned = Groups::with_zones(self.snapshot, self.query)?;
        let mut by = places_of(&self.query.by);
        by.push(Dimension::Day);
        let by_day = Query { by, ..self.query.clone() };
        let days = capacity::of(tables, &by_day, &Ask { groups: &zoned, times: &[Dimension::Day], ..ask }).await?;
        let groups = zoned.within(self.groups);
        let group_of = |at: i32| usize::try_from(at).ok().and_then(|at| groups.get(at)).copied().unwrap_or(0);
        Ok(calendar::by_hours(&days, &zoned, group_of, times))
    }
}
