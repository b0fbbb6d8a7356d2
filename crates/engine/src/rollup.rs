//! Rollups of one operator and one month, from single sessions: what a return refreshes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch};
use jiff::civil::Date;
use kerbwatt_model::{Additive, Period, day_number, day_of_number, spread};

use crate::facts::{Piece, SessionFacts, float};
use crate::member::{Member, Members};
use crate::schema::{additive, rollup_data_schema};
use crate::sums::Sums;
use crate::zones::Zones;
use crate::{EngineError, bucket, facts};

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
    /// Whether any session of the month says when charging ended.
    has_ends: bool,
    /// Of each day of the month, whether an accepted return covers it.
    reported: Vec<bool>,
}

impl Accumulated {
    /// Time without an end of charging is left out of a denominator; where that counts none of the month, there is nothing to
    /// leave it out of.
    fn settle_ends(&mut self) {
        if !self.has_ends {
            let rows = self.days.values_mut().chain(self.hours.values_mut());
            rows.for_each(|row| row.0[Additive::UnendedS as usize] = 0.0);
        }
    }
}

/// Builds every rollup of one operator and month.
///
/// # Errors
/// [`EngineError::Lake`] when the columns do not fit together, which would be a defect.
pub fn build_month(input: &RollupInput<'_>) -> Result<RollupBatches, EngineError> {
    let first = number(input.month.first_of_month());
    let last = number(input.month.last_of_month());
    let is_reported = |day| input.reported.iter().any(|period| period.contains(day_of_number(i64::from(day))));
    let mut sums = Accumulated { reported: (first..=last).map(is_reported).collect(), ..Accumulated::default() };
    let mut zones = Zones::default();
    for session in input.sessions {
        add_session(&mut sums, session, input.members, (first, last), &mut zones);
    }
    let own = || input.members.all().iter().filter(|member| *member.operator == *input.operator);
    for member in own() {
        add_capacity(&mut sums, member, (first, last), &mut zones);
    }
    sums.settle_ends();
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

fn add_session(
    sums: &mut Accumulated,
    session: &SessionFacts,
    members: &Members,
    (first, last): (i32, i32),
    zones: &mut Zones,
) {
    // A version may change on the way; the clock of an EVSE does not.
    let Some(member) = members.versions_of(session.evse).next() else { return };
    let mut next_s = 0;
    for (at, share) in spread(&session.stay, zones.get(&member.zone)).iter().enumerate() {
        let offset_s = next_s;
        next_s += share.plugged_s;
        if share.day < first || share.day > last {
            continue;
        }
        let Some(member) = members.version_on(session.evse, share.day).map(|at| &members.all()[at]) else { continue };
        let piece = Piece {
            offset_s,
            plugged_s: share.plugged_s,
            energy_kwh: share.energy_kwh,
            is_start: at == 0,
            is_rated: member.rated_kw.is_some(),
            // Whether the month has any such time is known when all sessions are.
            is_in_ends: member.is_live(share.day) && is_reported(&sums.reported, first, share.day),
        };
        let how = bucket::weekday(share.day) * 24 + i32::from(share.hour);
        facts::add(sums.days.entry((member.version, share.day)).or_default(), session, &piece);
        facts::add(sums.hours.entry((member.version, how)).or_default(), session, &piece);
        sums.has_ends |= session.stay.charging_end.is_some();
    }
}

fn is_reported(days: &[bool], first: i32, day: i32) -> bool {
    usize::try_from(day - first).ok().and_then(|at| days.get(at)).copied().unwrap_or(false)
}

fn add_capacity(sums: &mut Accumulated, member: &Member, (first, last): (i32, i32), zones: &mut Zones) {
    let zone = zones.get(&member.zone);
    let (from, to) =
        (first.max(member.live_first).max(member.valid_first), last.min(member.live_last).min(member.valid_last));
    for day in from..=to {
        let date = day_of_number(day.into());
        let is_reported = is_reported(&sums.reported, first, day);
        let live_s = float(zone.seconds_in_day(date));
        let available_s = if is_reported { live_s } else { 0.0 };
        let registered = f64::from(u8::from(member.registered));
        let row = sums.days.entry((member.version, day)).or_default();
        row.add(Additive::LiveDays, 1.0);
        row.add(Additive::RegisteredDays, registered);
        row.add(Additive::ReportedRegisteredDays, if is_reported { registered } else { 0.0 });
        row.add(Additive::LiveS, live_s);
        row.add(Additive::AvailableS, available_s);
        if let Some(kw) = member.rated_kw {
            row.add(Additive::RatedS, available_s);
            row.add(Additive::CapacityKwh, kw * available_s / 3600.0);
        }
        if sums.has_ends {
            row.add(Additive::EndsAvailableS, available_s);
        }
    }
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
    for sum in additive(table) {
        columns.push(numbers(rows.values().map(|sums| sums.of(sum)), !sum.is_whole()));
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
