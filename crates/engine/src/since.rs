//! Days since EVSEs were used last, as far as returns tell.

use std::collections::HashMap;

use datafusion::arrow::array::{Array as _, Date32Array, Int32Array};
use datafusion::functions_aggregate::expr_fn::max;
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::JoinType;
use jiff::civil::Date;
use kerbwatt_model::{Additive, Period, Since, day_number};

use crate::groups::{Groups, OUT};
use crate::known::Known;
use crate::member::column;
use crate::per_session::median;
use crate::sums::{files_of, within};
use crate::tables::Tables;
use crate::{EngineError, Snapshot};

const TABLE: &str = "evse_day";

/// Reported days since last use, of all EVSEs of a group that are live and reported.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Unused(Vec<f64>);

impl Unused {
    /// One figure of them.
    pub(crate) fn of(&self, which: Since) -> Option<f64> {
        match which {
            Since::Middle => median(self.0.clone()),
            Since::Longest => self.0.iter().copied().max_by(f64::total_cmp),
        }
    }
}

/// Reported days since last use, by group, as of the end of a period.
pub(crate) async fn of(
    tables: &Tables,
    snapshot: &Snapshot,
    groups: &Groups,
    period: &Period,
) -> Result<HashMap<i32, Unused>, EngineError> {
    let first = snapshot.days.map_or(period.first, |(first, _)| first.min(period.first));
    let past = Period { first, last: period.last };
    let reported = Known::reported(tables, snapshot, &past).await?;
    let last_use = last_use(tables, snapshot, &past).await?;
    let (start, begin, end) = (number(first), number(period.first), number(period.last));
    let mut unused: HashMap<i32, Unused> = HashMap::new();
    for (member, group) in snapshot.members.all().iter().zip(&groups.of) {
        if *group == OUT || !member.is_live(end) || reported_days(snapshot, &reported, member.evse, begin, end) == 0 {
            continue;
        }
        let after = last_use.get(&member.evse).map_or(start, |day| day + 1);
        let days = reported_days(snapshot, &reported, member.evse, after, end);
        unused.entry(*group).or_default().0.push(f64::from(days));
    }
    Ok(unused)
}

fn number(day: Date) -> i32 {
    i32::try_from(day_number(day)).unwrap_or(i32::MAX)
}

/// Days on which an EVSE was live, in whichever version, and its operator reported.
fn reported_days(snapshot: &Snapshot, reported: &Known, evse: i32, from: i32, to: i32) -> u32 {
    let mut count = 0;
    for at in snapshot.members.indexes_of(evse) {
        let member = &snapshot.members.all()[*at];
        let from = from.max(member.live_first).max(member.valid_first);
        let to = to.min(member.live_last).min(member.valid_last);
        count += (from..=to).map(|day| u32::from(reported.has(*at, day))).sum::<u32>();
    }
    count
}

/// The last day of a period on which a vehicle was plugged in, by EVSE.
async fn last_use(tables: &Tables, snapshot: &Snapshot, past: &Period) -> Result<HashMap<i32, i32>, EngineError> {
    let all = Groups::unfiltered(snapshot, |_| Vec::new())?;
    let files = files_of(snapshot, &all, TABLE, Some(past));
    let Some(frame) = tables.frame(TABLE, &files).await? else { return Ok(HashMap::new()) };
    let of = |sum: Additive| col(sum.id()).gt(lit(0i64));
    let used = within(past, TABLE).and(of(Additive::Sessions).or(of(Additive::PluggedS)));
    let evses = tables.small(all.batch(snapshot)?)?;
    let plan = frame
        .filter(used)?
        .select_columns(&["version", "day"])?
        .join(evses, JoinType::Inner, &["version"], &["of_version"], None)?
        .aggregate(vec![col("e")], vec![max(col("day")).alias("last")])?;
    let mut days = HashMap::new();
    for batch in plan.collect().await? {
        let (evse, last) = (column::<Int32Array>(&batch, TABLE, "e")?, column::<Date32Array>(&batch, TABLE, "last")?);
        days.extend(
            (0..batch.num_rows()).filter(|row| last.is_valid(*row)).map(|row| (evse.value(row), last.value(row))),
        );
    }
    Ok(days)
}
