//! What patterns are made of: answers of the one door, and sums of the same rollups by charge point.

use std::collections::HashMap;

use datafusion::arrow::array::{Int32Array, Int64Array, RecordBatch};
use datafusion::common::ScalarValue;
use datafusion::dataframe::DataFrame;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::JoinType;
use kerbwatt_model::{Additive, Dimension, Metric, Period, Query, Viewer, day_number, metric};

use crate::groups::Groups;
use crate::member::column;
use crate::patterns::statistics::week_shapes::HOURS;
use crate::sums::{Ask, Sums, files_of, of_rollup};
use crate::{Answer, Engine, EngineError, Route, Snapshot};

/// The engine at one snapshot, for a question's filters and a viewer.
#[derive(Clone, Copy)]
pub(in crate::patterns) struct Source<'a> {
    pub(in crate::patterns) engine: &'a Engine,
    pub(in crate::patterns) snapshot: &'a Snapshot,
    /// Filters and period; its metrics and dimensions are not looked at.
    pub(in crate::patterns) query: &'a Query,
    pub(in crate::patterns) viewer: Viewer,
}

/// What patterns ask of each charge point or site: others stay zero.
const OF_MEMBERS: [Additive; 6] = [
    Additive::Sessions,
    Additive::EnergyKwh,
    Additive::PluggedS,
    Additive::AvailableS,
    Additive::RegisteredDays,
    Additive::ReportedRegisteredDays,
];

/// Sums of one charge point or site.
pub(in crate::patterns) struct MemberSums {
    pub(in crate::patterns) id: String,
    pub(in crate::patterns) name: String,
    pub(in crate::patterns) sums: Sums,
}

impl MemberSums {
    /// Whether anything is known of it: not having been reported is not the same as not having been used.
    pub(in crate::patterns) fn is_known(&self) -> bool {
        self.sums.of(Additive::AvailableS) > 0.0 || self.sums.of(Additive::Sessions) > 0.0
    }
}

/// The week of one charge point or site: seconds plugged in and sessions begun in each hour.
#[derive(Debug, Clone)]
pub(in crate::patterns) struct WeekSums {
    pub(in crate::patterns) plugged_s: [f64; HOURS],
    pub(in crate::patterns) sessions: [f64; HOURS],
}

impl Source<'_> {
    /// The period asked, or all days with data; none where there is no data.
    pub(in crate::patterns) fn period(&self) -> Option<Period> {
        let all = || self.snapshot.days.and_then(|(first, last)| Period::new(first, last).ok());
        self.query.period.or_else(all)
    }

    /// Whether data covers a period from end to end: otherwise comparing with it would look like growth.
    pub(in crate::patterns) fn holds(&self, period: &Period) -> bool {
        self.snapshot.days.is_some_and(|(first, last)| first <= period.first && period.last <= last)
    }

    /// Figures by dimensions, through the one door.
    pub(in crate::patterns) async fn answer(
        &self,
        metrics: &[&'static Metric],
        by: &[Dimension],
        period: Option<Period>,
    ) -> Result<Answer, EngineError> {
        let query = Query { metrics: metrics.to_vec(), by: by.to_vec(), period, ..self.query.clone() };
        self.engine.answer(self.snapshot, &query, self.viewer).await
    }

    /// As [`Source::answer`], of metrics by id.
    pub(in crate::patterns) async fn answer_ids(
        &self,
        ids: &[&str],
        by: &[Dimension],
        period: Option<Period>,
    ) -> Result<Answer, EngineError> {
        let metrics: Vec<&'static Metric> = ids.iter().filter_map(|id| metric(id)).collect();
        self.answer(&metrics, by, period).await
    }

    /// Sums of each charge point or site that passes the filters.
    pub(in crate::patterns) async fn by_member(
        &self,
        by: Dimension,
        period: &Period,
    ) -> Result<Vec<MemberSums>, EngineError> {
        // As in `rows`: whoever adds a viewer decides here too.
        let Viewer::LocalOwner = self.viewer;
        let groups = self.groups(by)?;
        let route = if period.is_whole_months() { Route::EvseMonth } else { Route::EvseDay };
        let sums = &OF_MEMBERS;
        let ask = Ask { snapshot: self.snapshot, groups: &groups, route, times: &[], period, sums };
        let mut sums = of_rollup(&self.engine.tables, &ask).await?;
        let names = self.names(by);
        let members = groups.values.iter().zip(0i32..).filter_map(|(values, group)| {
            let id = values.first()?.as_deref()?.to_owned();
            let name = names.get(id.as_str()).map_or_else(|| id.clone(), |name| (*name).to_owned());
            Some(MemberSums { id, name, sums: sums.remove(&vec![group])? })
        });
        let mut members: Vec<MemberSums> = members.collect();
        members.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(members)
    }

    /// The weeks of charge points or sites over whole months, by id.
    pub(in crate::patterns) async fn weeks(
        &self,
        by: Dimension,
        months: &Period,
    ) -> Result<HashMap<String, WeekSums>, EngineError> {
        self.weeks_of(&self.groups(by)?, months).await
    }

    /// As [`Source::weeks`], of groups with one dimension.
    pub(super) async fn weeks_of(
        &self,
        groups: &Groups,
        months: &Period,
    ) -> Result<HashMap<String, WeekSums>, EngineError> {
        let table = Route::EvseMonthHow.table();
        let mut weeks: HashMap<String, WeekSums> = HashMap::new();
        let Some(frame) = self.rows(groups, table, months).await? else { return Ok(weeks) };
        let sums = ["plugged_s", "sessions"].map(|name| sum(col(name)).alias(name)).to_vec();
        for batch in frame.aggregate(vec![col("g"), col("how")], sums)?.collect().await? {
            add_weeks(&batch, table, groups, &mut weeks)?;
        }
        Ok(weeks)
    }

    /// The rows of a rollup that pass the filters, each with its group; none where there are no files.
    pub(super) async fn rows(
        &self,
        groups: &Groups,
        table: &'static str,
        period: &Period,
    ) -> Result<Option<DataFrame>, EngineError> {
        // The owner sees everything. The match makes whoever adds a viewer decide here.
        let Viewer::LocalOwner = self.viewer;
        let files = files_of(self.snapshot, groups, table, Some(period));
        let Some(frame) = self.engine.tables.frame(table, &files).await? else { return Ok(None) };
        let day = |day| lit(ScalarValue::Date32(i32::try_from(day_number(day)).ok()));
        let within = col("day").gt_eq(day(period.first)).and(col("day").lt_eq(day(period.last)));
        let members = self.engine.tables.small(groups.batch(self.snapshot)?)?;
        Ok(Some(frame.filter(within)?.join(members, JoinType::Inner, &["version"], &["of_version"], None)?))
    }

    pub(super) fn groups(&self, by: Dimension) -> Result<Groups, EngineError> {
        Groups::of(self.snapshot, &Query { by: vec![by], ..self.query.clone() })
    }

    /// Names of charge points (their site's) or sites.
    pub(super) fn names(&self, by: Dimension) -> HashMap<&str, &str> {
        let members = self.snapshot.members.all().iter();
        members.filter_map(|member| Some((member.value(by)?, &*member.location_name))).collect()
    }
}

fn add_weeks(
    batch: &RecordBatch,
    table: &'static str,
    groups: &Groups,
    weeks: &mut HashMap<String, WeekSums>,
) -> Result<(), EngineError> {
    let (group, how) = (column::<Int32Array>(batch, table, "g")?, column::<Int32Array>(batch, table, "how")?);
    let [plugged, sessions] = ["plugged_s", "sessions"].map(|name| column::<Int64Array>(batch, table, name));
    let (plugged, sessions) = (plugged?, sessions?);
    for row in 0..batch.num_rows() {
        let values = usize::try_from(group.value(row)).ok().and_then(|at| groups.values.get(at));
        let Some(id) = values.and_then(|values| values.first()?.as_deref()) else { continue };
        let Some(hour) = usize::try_from(how.value(row)).ok().filter(|hour| *hour < HOURS) else { continue };
        if !weeks.contains_key(id) {
            weeks.insert(id.to_owned(), WeekSums { plugged_s: [0.0; HOURS], sessions: [0.0; HOURS] });
        }
        if let Some(week) = weeks.get_mut(id) {
            week.plugged_s[hour] += whole(plugged.value(row));
            week.sessions[hour] += whole(sessions.value(row));
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts and seconds are far below 2^53")]
fn whole(count: i64) -> f64 {
    count as f64
}

/// The whole months that a period touches.
pub(in crate::patterns) fn months_touched(period: &Period) -> Period {
    Period { first: period.first.first_of_month(), last: period.last.last_of_month() }
}

/// The whole months within a period; an end at or beyond that of the data is the end of its month, as nothing lies between.
pub(in crate::patterns) fn months_within(source: &Source<'_>, period: &Period) -> Option<Period> {
    let (first_day, last_day) = source.snapshot.days?;
    let (month, end) = (period.first.first_of_month(), period.last.last_of_month());
    let is_whole = period.first == month || period.first <= first_day;
    let first = if is_whole { month } else { month.last_of_month().tomorrow().ok()? };
    let is_whole = period.last == end || period.last >= last_day;
    let last = if is_whole { end } else { end.first_of_month().yesterday().ok()? };
    Period::new(first, last).ok()
}
