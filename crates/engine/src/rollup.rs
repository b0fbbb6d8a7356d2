//! Rollups of one operator and one month, from single sessions: what a return refreshes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch};
use jiff::civil::Date;
use kerbwatt_model::{Period, Stay, Zone, day_number, day_of_number, spread};

use crate::member::{Member, Members};
use crate::schema::{CAPACITY, FACTS, rollup_data_schema};
use crate::sums::Sums;
use crate::{EngineError, bucket};

/// What the rollups need of one session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SessionFacts {
    /// The ledger's number of the EVSE.
    pub evse: i32,
    /// When and how much.
    pub stay: Stay,
}

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
    /// Periods that accepted returns of the operator cover.
    pub reported: &'a [Period],
}

/// One batch for each rollup table, by name; empty ones are left out.
pub type RollupBatches = BTreeMap<&'static str, RecordBatch>;

/// Sums by (version, day) and by (version, hour of week).
#[derive(Default)]
struct Accumulated {
    days: BTreeMap<(i32, i32), Sums>,
    hours: BTreeMap<(i32, i32), Sums>,
}

/// Builds every rollup of one operator and month.
///
/// # Errors
/// [`EngineError::Lake`] when the columns do not fit together, which would be a defect.
pub fn build_month(input: &RollupInput<'_>) -> Result<RollupBatches, EngineError> {
    let first = number(input.month.first_of_month());
    let last = number(input.month.last_of_month());
    let mut sums = Accumulated::default();
    let mut zones = Zones::default();
    for session in input.sessions {
        add_session(&mut sums, session, input.members, (first, last), &mut zones);
    }
    let own = || input.members.all().iter().filter(|member| *member.operator == *input.operator);
    for member in own() {
        add_capacity(&mut sums, member, input.reported, (first, last), &mut zones);
    }
    let cells = cells(own());
    let of_cell = |version: i32| cells.get(&version).copied().unwrap_or(version);
    let by_month = regrouped(&sums.days, |(version, _)| (version, first));
    let cube_days = regrouped(&sums.days, |(version, day)| (of_cell(version), day));
    let cube_hours = regrouped(&sums.hours, |(version, how)| (of_cell(version), how));
    let mut batches = RollupBatches::new();
    for (table, rows) in [("evse_day", &sums.days), ("evse_month", &by_month), ("cube_day", &cube_days)] {
        insert(&mut batches, table, rows, None)?;
    }
    for (table, rows) in [("evse_month_how", &sums.hours), ("cube_month_how", &cube_hours)] {
        insert(&mut batches, table, rows, Some(first))?;
    }
    Ok(batches)
}

/// The same sums under coarser keys.
fn regrouped(rows: &BTreeMap<(i32, i32), Sums>, key: impl Fn((i32, i32)) -> (i32, i32)) -> BTreeMap<(i32, i32), Sums> {
    let mut regrouped: BTreeMap<(i32, i32), Sums> = BTreeMap::new();
    for (at, sums) in rows {
        *regrouped.entry(key(*at)).or_default() += sums;
    }
    regrouped
}

fn number(day: Date) -> i32 {
    i32::try_from(day_number(day)).unwrap_or(i32::MAX)
}

/// The version that stands for all members of the same (operator, borough, band, siting, current): the smallest of them, so
/// that tables by cell join with the same dimension table.
fn cells<'m>(members: impl Iterator<Item = &'m Member>) -> HashMap<i32, i32> {
    let mut first_of: HashMap<_, i32> = HashMap::new();
    let keyed: Vec<_> = members.map(|m| (m.version, (m.areas[0].clone(), m.band, m.siting, m.current))).collect();
    for (version, cell) in &keyed {
        first_of.entry(cell.clone()).and_modify(|first| *first = (*first).min(*version)).or_insert(*version);
    }
    keyed.into_iter().map(|(version, cell)| (version, first_of[&cell])).collect()
}

/// Zones by name: a look-up in the zone database is not free.
#[derive(Default)]
struct Zones(HashMap<Arc<str>, Zone>);

impl Zones {
    fn get(&mut self, name: &Arc<str>) -> &Zone {
        self.0.entry(Arc::clone(name)).or_insert_with(|| Zone::named(name).unwrap_or_else(|_| Zone::london()))
    }
}

/// Positions of the columns in [`Sums`].
const SESSIONS: usize = 0;
const FAILED: usize = 1;
const STARTED_KWH: usize = 2;
const STARTED_S: usize = 3;
const PLUGGED_S: usize = 4;
const ENERGY: usize = 5;
const RATED_ENERGY: usize = 6;

fn add_session(
    sums: &mut Accumulated,
    session: &SessionFacts,
    members: &Members,
    (first, last): (i32, i32),
    zones: &mut Zones,
) {
    let stay = &session.stay;
    // A version may change on the way; the clock of an EVSE does not.
    let Some(member) = members.versions_of(session.evse).next() else { return };
    let shares = spread(stay, zones.get(&member.zone));
    for (at, share) in shares.iter().enumerate() {
        if share.day < first || share.day > last {
            continue;
        }
        let Some(member) = members.version_on(session.evse, share.day).map(|at| &members.all()[at]) else { continue };
        let mut part = Sums::default();
        part.0[PLUGGED_S] = float(share.plugged_s);
        part.0[ENERGY] = share.energy_kwh;
        part.0[RATED_ENERGY] = if member.rated_kw.is_some() { share.energy_kwh } else { 0.0 };
        if at == 0 {
            part.0[SESSIONS] = 1.0;
            part.0[FAILED] = if stay.is_failed_start() { 1.0 } else { 0.0 };
            part.0[STARTED_KWH] = stay.energy_kwh;
            part.0[STARTED_S] = float(stay.plugged_s());
        }
        let how = bucket::weekday(share.day) * 24 + i32::from(share.hour);
        *sums.days.entry((member.version, share.day)).or_default() += &part;
        *sums.hours.entry((member.version, how)).or_default() += &part;
    }
}

fn add_capacity(
    sums: &mut Accumulated,
    member: &Member,
    reported: &[Period],
    (first, last): (i32, i32),
    zones: &mut Zones,
) {
    let zone = zones.get(&member.zone).clone();
    let (from, to) =
        (first.max(member.live_first).max(member.valid_first), last.min(member.live_last).min(member.valid_last));
    for day in from..=to {
        let date = day_of_number(day.into());
        let is_reported = reported.iter().any(|period| period.contains(date));
        let available_s = if is_reported { float(zone.seconds_in_day(date)) } else { 0.0 };
        let registered = f64::from(u8::from(member.registered));
        let capacity = [
            1.0,
            registered,
            if is_reported { registered } else { 0.0 },
            available_s,
            member.rated_kw.unwrap_or(0.0) * available_s / 3600.0,
        ];
        let row = sums.days.entry((member.version, day)).or_default();
        for (at, value) in capacity.into_iter().enumerate() {
            row.0[FACTS.len() + at] += value;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a session are far below 2^53")]
fn float(whole: i64) -> f64 {
    whole as f64
}

/// Adds a table: keys are (version, day), or (version, hour of week) with the month given apart.
fn insert(
    batches: &mut RollupBatches,
    table: &'static str,
    rows: &BTreeMap<(i32, i32), Sums>,
    month: Option<i32>,
) -> Result<(), EngineError> {
    if rows.is_empty() {
        return Ok(());
    }
    let versions = Int32Array::from_iter_values(rows.keys().map(|(version, _)| *version));
    let second = || rows.keys().map(|(_, second)| *second);
    let mut columns: Vec<ArrayRef> = vec![Arc::new(versions)];
    match month {
        None => columns.push(Arc::new(Date32Array::from_iter_values(second()))),
        Some(month) => {
            columns.push(Arc::new(Date32Array::from_iter_values(second().map(|_| month))));
            columns.push(Arc::new(Int32Array::from_iter_values(second())));
        }
    }
    let capacity = if month.is_some() { &[][..] } else { &CAPACITY[..] };
    for (at, (_, is_float)) in FACTS.iter().chain(capacity).enumerate() {
        columns.push(numbers(rows.values().map(|sums| sums.0[at]), *is_float));
    }
    batches.insert(table, RecordBatch::try_new(rollup_data_schema(table), columns)?);
    Ok(())
}

#[expect(clippy::cast_possible_truncation, reason = "whole by construction: counts and seconds")]
fn numbers(values: impl Iterator<Item = f64>, is_float: bool) -> ArrayRef {
    if is_float {
        Arc::new(Float64Array::from_iter_values(values))
    } else {
        Arc::new(Int64Array::from_iter_values(values.map(|value| value as i64)))
    }
}
