//! Rollups of one operator and one month, from single sessions: what a return refreshes.

mod month;
mod rows;

use std::collections::{BTreeMap, HashMap};

use datafusion::arrow::array::RecordBatch;
use jiff::civil::Date;
use kerbwatt_model::{Period, in_threads};

use crate::EngineError;
use crate::facts::SessionFacts;
use crate::member::{Member, Members};
use crate::sums::Sums;
use month::{Month, MonthSums};
use rows::Rows;

/// All that the rollups of one operator and month are made from.
pub struct RollupInput<'a> {
    /// Operator.
    pub operator: &'a str,
    /// First day of the month.
    pub month: Date,
    /// Members; those of other operators are passed over.
    pub members: &'a Members,
    /// Sessions that touch the month, those begun before it included.
    pub sessions: &'a [SessionFacts],
    /// Whether the month is among those that hold data: others have no capacity.
    pub has_capacity: bool,
    /// Periods that accepted returns of the operator cover.
    pub reported: &'a [Period],
}

/// One batch for each rollup table, by name; empty ones are left out.
pub type RollupBatches = BTreeMap<&'static str, RecordBatch>;

/// Members that one thread works on at a time. Fixed, so that sums are added up in the same order on every machine.
const MEMBERS_AT_A_TIME: usize = 2_048;

/// Builds every rollup of one operator and month.
///
/// # Errors
/// [`EngineError::Lake`] when the columns do not fit together, which would be a defect.
pub fn build_month(input: &RollupInput<'_>) -> Result<RollupBatches, EngineError> {
    let mut own: Vec<&Member> =
        input.members.all().iter().filter(|member| *member.operator == *input.operator).collect();
    own.sort_by_key(|member| member.version);
    let month = Month::of(input);
    let cells = cells(&own);
    let chunks: Vec<&[&Member]> = own.chunks(MEMBERS_AT_A_TIME).collect();
    let mut built = Built::new();
    for part in in_threads(&chunks, |members| build(&month, members, &cells)) {
        built.append(part);
    }
    built.batches(&month)
}

/// What was built for some members, one after the other.
struct Built {
    evses: Rows,
    cells: BTreeMap<i32, MonthSums>,
}

impl Built {
    fn new() -> Self {
        Self { evses: Rows::of("evse_month"), cells: BTreeMap::new() }
    }

    fn append(&mut self, more: Self) {
        self.evses.append(more.evses);
        for (cell, sums) in more.cells {
            match self.cells.get_mut(&cell) {
                Some(known) => *known += &sums,
                None => _ = self.cells.insert(cell, sums),
            }
        }
    }

    fn batches(self, month: &Month<'_>) -> Result<RollupBatches, EngineError> {
        let [mut months, mut days, mut hours, mut weeks] =
            ["cube_month", "cube_day", "cube_day_how", "cube_month_how"].map(Rows::of);
        for (cell, sums) in &self.cells {
            let mut whole = None;
            sums.each_day(|day, sums| {
                days.push(*cell, day, None, sums);
                *whole.get_or_insert_with(Sums::default) += sums;
            });
            whole.iter().for_each(|sums| months.push(*cell, month.first, None, sums));
            sums.each_hour(|day, how, sums| hours.push(*cell, day, Some(how), sums));
            sums.each_hour_of_week(|how, sums| weeks.push(*cell, month.first, Some(how), sums));
        }
        let mut batches = RollupBatches::new();
        for rows in [months, days, hours, weeks, self.evses].into_iter().filter(|rows| !rows.is_empty()) {
            batches.insert(rows.table(), rows.into_batch()?);
        }
        Ok(batches)
    }
}

fn build(month: &Month<'_>, members: &[&Member], cells: &HashMap<i32, i32>) -> Built {
    let (mut built, mut clocks) = (Built::new(), month.clocks());
    for member in members {
        let cell = cells.get(&member.version).copied().unwrap_or(member.version);
        let of_cell = built.cells.entry(cell).or_insert_with(|| month.nothing());
        if let Some(own) = month.add(of_cell, member, &mut clocks) {
            built.evses.push(member.version, month.first, None, &own);
        }
    }
    built
}

/// The version that stands for all members of the same (operator, borough, band, siting, current): the smallest of them, so
/// that tables by cell join with the same dimension table.
fn cells(members: &[&Member]) -> HashMap<i32, i32> {
    let mut first_of: HashMap<_, i32> = HashMap::new();
    let key = |m: &Member| (m.areas[0].clone(), m.band, m.siting, m.current);
    for member in members {
        first_of.entry(key(member)).or_insert(member.version);
    }
    members.iter().map(|member| (member.version, first_of[&key(member)])).collect()
}
