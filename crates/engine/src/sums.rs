//! Sums of the additive columns, by group and time bucket.

use std::ops::AddAssign;

use datafusion::arrow::array::{Int32Array, RecordBatch};
use datafusion::common::ScalarValue;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::logical_expr::{Expr, col, lit};
use datafusion::prelude::JoinType;
use kerbwatt_model::{Additive, Dimension, Metric, Period, day_number};
use kerbwatt_store::LakeFile;

use crate::groups::Groups;
use crate::member::column;
use crate::resident::numbers;
use crate::schema::additive;
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
pub(crate) type ByKey = hashbrown::HashMap<Key, Sums>;

/// Adds sums to others, key by key.
pub(crate) fn add_all(sums: &mut ByKey, more: ByKey) {
    for (key, more) in more {
        *sums.entry(key).or_default() += &more;
    }
}

/// What to sum.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) groups: &'a Groups,
    pub(crate) times: &'a [Dimension],
    pub(crate) period: &'a Period,
    /// Which sums; the others stay zero.
    pub(crate) sums: &'a [Additive],
}

/// Sums a rollup.
pub(crate) async fn of_rollup(tables: &Tables, route: Route, ask: &Ask<'_>) -> Result<ByKey, EngineError> {
    let mut all = ByKey::new();
    let wanted = wanted(route, ask);
    each_of_rollup(tables, route, ask, &wanted, |group, buckets, values| {
        let key = std::iter::once(group).chain(buckets.iter().copied()).collect();
        let sums = all.entry(key).or_default();
        wanted.iter().zip(values).for_each(|(sum, value)| sums.add(*sum, *value));
    })
    .await?;
    Ok(all)
}

/// The sums asked for that a rollup keeps.
fn wanted(route: Route, ask: &Ask<'_>) -> Vec<Additive> {
    additive(route.table()).filter(|known| ask.sums.contains(known)).collect()
}

/// Sums a rollup and calls `take` with each group, its buckets, and its sums in the order of `wanted`. Where the rollup is too
/// large to be held, the plan is: files of the operators and months asked → days of the period → groups → sums.
pub(crate) async fn each_of_rollup(
    tables: &Tables,
    route: Route,
    ask: &Ask<'_>,
    wanted: &[Additive],
    mut take: impl FnMut(i32, &[i32], &[f64]),
) -> Result<(), EngineError> {
    let table = route.table();
    let files = files_of(ask.snapshot, ask.groups, table, Some(ask.period));
    if tables.holds(&files) {
        return tables.resident.each(&files, table, ask, wanted, &mut take);
    }
    let Some(frame) = tables.frame(table, &files).await? else { return Ok(()) };
    let groups = tables.small(ask.groups.batch(ask.snapshot)?)?;
    let plan = frame
        .filter(within(ask.period, table))?
        .join(groups, JoinType::Inner, &["version"], &["of_version"], None)?
        .aggregate(keys(ask), wanted.iter().map(|one| sum(col(one.id())).alias(one.id())).collect())?;
    for batch in plan.collect().await? {
        let keys = key_columns(&batch, ask.times.len(), table)?;
        let columns = wanted.iter().map(|sum| numbers(&batch, table, *sum)).collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            let buckets: Key = keys[1..].iter().map(|key| key.value(row)).collect();
            let values: Vec<f64> = columns.iter().map(|column| column[row]).collect();
            take(keys[0].value(row), &buckets, &values);
        }
    }
    Ok(())
}

/// Group and time buckets of a row.
fn keys(ask: &Ask<'_>) -> Vec<Expr> {
    let times = ask.times.iter().enumerate().map(|(at, time)| bucket::expression(*time).alias(format!("t{at}")));
    std::iter::once(col("g")).chain(times).collect()
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
