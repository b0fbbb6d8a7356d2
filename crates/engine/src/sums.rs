//! Sums of the additive columns, by group and time bucket.

use std::collections::HashMap;
use std::ops::AddAssign;

use datafusion::arrow::array::{Int32Array, Int64Array, RecordBatch};
use datafusion::common::ScalarValue;
use datafusion::dataframe::DataFrame;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::logical_expr::{Expr, col, lit, when};
use datafusion::prelude::JoinType;
use kerbwatt_model::{Additive, Dimension, Metric, Period, day_number};
use kerbwatt_store::LakeFile;

use crate::groups::Groups;
use crate::member::column;
use crate::resident::{Resident, numbers};
use crate::schema::{additive, is_by_hour_of_week};
use crate::stock::InUse;
use crate::tables::Tables;
use crate::{EngineError, Route, Snapshot, bucket};

/// Number of additive columns.
pub(crate) const WIDTH: usize = Additive::ALL.len();

/// The additive columns of one group and bucket. Whole numbers stay exact: they are far below 2⁵³.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sums(pub(crate) [f64; WIDTH]);

impl Default for Sums {
    fn default() -> Self {
        Self([0.0; WIDTH])
    }
}

impl AddAssign<&Sums> for Sums {
    fn add_assign(&mut self, other: &Sums) {
        for (own, more) in self.0.iter_mut().zip(other.0) {
            *own += more;
        }
    }
}

impl Sums {
    /// One of them.
    pub(crate) fn of(&self, sum: Additive) -> f64 {
        self.0[sum as usize]
    }

    pub(crate) fn add(&mut self, sum: Additive, value: f64) {
        self.0[sum as usize] += value;
    }
}

/// The sums that an answer is made of: those of its metrics, those that tell whether anything is known, and all where their
/// ledger is asked for.
pub(crate) fn needed(metrics: &[&'static Metric], ledger: bool) -> Vec<Additive> {
    if ledger {
        return Additive::ALL.to_vec();
    }
    let mut needed = vec![Additive::Sessions, Additive::PluggedS, Additive::AvailableS];
    needed.extend(metrics.iter().flat_map(|metric| metric.rule.sums()));
    needed.sort_unstable();
    needed.dedup();
    needed
}

/// Group, then time buckets in the order of the question.
pub(crate) type Key = Vec<i32>;

/// Sums by key.
pub(crate) type ByKey = HashMap<Key, Sums>;

/// What to sum.
pub(crate) struct Ask<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) groups: &'a Groups,
    pub(crate) route: Route,
    pub(crate) times: &'a [Dimension],
    pub(crate) period: &'a Period,
    /// Which sums; the others stay zero.
    pub(crate) sums: &'a [Additive],
}

/// Sums a rollup. The plan: files of the operators and months asked → days of the period → groups → sums.
pub(crate) async fn of_rollup(tables: &Tables, ask: &Ask<'_>) -> Result<ByKey, EngineError> {
    let table = ask.route.table();
    let files = files_of(ask.snapshot, ask.groups, table, Some(ask.period));
    let wanted: Vec<Additive> = additive(table).filter(|known| ask.sums.contains(known)).collect();
    if Resident::takes(table, &files, ask.groups) {
        return tables.resident.sums(&files, ask, &wanted);
    }
    let Some(frame) = tables.frame(table, &files).await? else { return Ok(ByKey::new()) };
    let plan = grouped(frame, tables, ask)?
        .aggregate(keys(ask), wanted.iter().map(|one| sum(col(one.id())).alias(one.id())).collect())?;
    let mut sums = ByKey::new();
    for batch in plan.collect().await? {
        read(&batch, ask.times.len(), &wanted, table, &mut sums)?;
    }
    Ok(sums)
}

/// Counts EVSEs with and without a session by a rollup that keeps each EVSE apart. The plan: sums by group, EVSE and bucket →
/// counts by group and bucket, so that only those leave the engine.
pub(crate) async fn in_use_of_rollup(tables: &Tables, ask: &Ask<'_>) -> Result<HashMap<Key, InUse>, EngineError> {
    let table = ask.route.table();
    let files = files_of(ask.snapshot, ask.groups, table, Some(ask.period));
    if Resident::takes(table, &files, ask.groups) {
        return tables.resident.in_use(&files, ask);
    }
    let Some(frame) = tables.frame(table, &files).await? else { return Ok(HashMap::new()) };
    // Tables by hours keep no availability: there a charge point without a session is not counted at all.
    let available = if is_by_hour_of_week(table) { lit(0i64) } else { col("available_s") };
    let by_evse = keys(ask).into_iter().chain([col("e")]).collect();
    let one_if =
        |condition: Expr| -> Result<Expr, EngineError> { Ok(when(condition, lit(1i64)).otherwise(lit(0i64))?) };
    let has_session = || col("starts").gt(lit(0i64));
    let names = ["used", "unused"];
    let counts = vec![
        sum(one_if(has_session())?).alias("used"),
        sum(one_if(has_session().is_not_true().and(col("reported_s").gt(lit(0i64))))?).alias("unused"),
    ];
    let plan = grouped(frame, tables, ask)?
        .aggregate(by_evse, vec![sum(col("sessions")).alias("starts"), sum(available).alias("reported_s")])?
        .aggregate(counted(ask), counts)?;
    let mut found = HashMap::new();
    for batch in plan.collect().await? {
        let keys = key_columns(&batch, ask.times.len(), table)?;
        let [used, unused] = names.map(|name| column::<Int64Array>(&batch, table, name));
        let (used, unused) = (used?, unused?);
        for row in 0..batch.num_rows() {
            let count = InUse { used: used.value(row), unused: unused.value(row) };
            found.insert(keys.iter().map(|key| key.value(row)).collect(), count);
        }
    }
    Ok(found)
}

/// Rows of the period, each with its group and EVSE.
fn grouped(frame: DataFrame, tables: &Tables, ask: &Ask<'_>) -> Result<DataFrame, EngineError> {
    let groups = tables.small(ask.groups.batch(ask.snapshot)?)?;
    let joined = frame.filter(within(ask.period, ask.route.table()))?;
    Ok(joined.join(groups, JoinType::Inner, &["version"], &["of_version"], None)?)
}

/// Group and time buckets of a row.
fn keys(ask: &Ask<'_>) -> Vec<Expr> {
    let times = ask.times.iter().enumerate().map(|(at, time)| bucket::expression(*time).alias(format!("t{at}")));
    std::iter::once(col("g")).chain(times).collect()
}

/// The same, once they are columns.
fn counted(ask: &Ask<'_>) -> Vec<Expr> {
    std::iter::once(col("g")).chain((0..ask.times.len()).map(|at| col(format!("t{at}")))).collect()
}

fn key_columns<'b>(
    batch: &'b RecordBatch,
    times: usize,
    table: &'static str,
) -> Result<Vec<&'b Int32Array>, EngineError> {
    let names = std::iter::once("g".to_owned()).chain((0..times).map(|at| format!("t{at}")));
    names.map(|name| column::<Int32Array>(batch, table, &name)).collect()
}

/// Days of a rollup within a period; rollups by month keep the first day of each.
pub(crate) fn within(period: &Period, table: &str) -> Expr {
    let first = if table.contains("month") { period.first.first_of_month() } else { period.first };
    let day = |day| lit(ScalarValue::Date32(i32::try_from(day_number(day)).ok()));
    col("day").gt_eq(day(first)).and(col("day").lt_eq(day(period.last)))
}

/// Files of a table that can hold rows of the groups and the period.
pub(crate) fn files_of<'a>(
    snapshot: &'a Snapshot,
    groups: &Groups,
    table: &str,
    period: Option<&Period>,
) -> Vec<&'a LakeFile> {
    let operators = groups.operators(snapshot);
    let months = period.map(|period| {
        let month = |day: jiff::civil::Date| day.strftime("%Y-%m").to_string();
        (month(period.first), month(period.last))
    });
    let is_asked = |file: &&LakeFile| {
        let is_operator = file.partition.get("p_operator").is_none_or(|o| operators.iter().any(|known| **known == **o));
        let is_month = match (&months, file.partition.get("p_month")) {
            (Some((first, last)), Some(month)) => first <= month && month <= last,
            _ => true,
        };
        is_operator && is_month
    };
    snapshot.files.get(table).into_iter().flatten().filter(is_asked).collect()
}

fn read(
    batch: &RecordBatch,
    times: usize,
    wanted: &[Additive],
    table: &'static str,
    into: &mut ByKey,
) -> Result<(), EngineError> {
    let keys = key_columns(batch, times, table)?;
    let values = wanted.iter().map(|sum| numbers(batch, table, *sum)).collect::<Result<Vec<_>, _>>()?;
    for row in 0..batch.num_rows() {
        let sums = into.entry(keys.iter().map(|key| key.value(row)).collect()).or_default();
        for (sum, column) in wanted.iter().zip(&values) {
            sums.add(*sum, column[row]);
        }
    }
    Ok(())
}
