//! When: instants in whatever way a layout writes them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use kerbwatt_model::{Resolved, Zone};

use crate::Refusal;
use crate::fields::{self, Moment, Order};
use crate::formats::{Row, Table};
use crate::profiles::{Field, Recognised, Times};
use crate::repairs::{Pick, Reading, swapped_date, zone_as_utc};

/// An instant, and whether the clocks changed around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instant {
    pub(super) at: Timestamp,
    /// The other instant at which the clock showed the same.
    pub(super) again: Option<Timestamp>,
    /// The clock never showed this.
    pub(super) is_moved: bool,
}

/// Reads instants of one file.
pub(super) struct Clock {
    times: Times,
    zone: Zone,
    /// Reading of dates that fit both orders.
    unclear: Order,
    /// No date of the file shows its order by itself, so that the reading of the others is a guess.
    is_guess: bool,
    /// Clocks are on UTC, whatever the profile says.
    is_utc: bool,
}

impl Clock {
    pub(super) fn of(layout: &Recognised, table: &Table<'_>) -> Result<Self, Refusal> {
        let times = layout.profile.times.unwrap_or(Times::Rfc3339);
        let is_mixed = times == Times::Mixed;
        let (unclear, is_guess) = if is_mixed { order_of_file(layout, table)? } else { (Order::DayFirst, false) };
        Ok(Self { times, zone: layout.profile.zone(), unclear, is_guess, is_utc: false })
    }

    /// Whether instants are civil times in the profile's zone.
    pub(super) fn is_civil(&self) -> bool {
        self.times.are_civil()
    }

    /// The instant of a cell, with its clock in a second cell where the layout splits them.
    pub(super) fn read(&self, day: &str, clock: Option<&str>, reading: Reading) -> Option<Instant> {
        match self.moment(day, clock)? {
            // What names its own zone needs none, unless its day and month are to be exchanged first.
            Moment::Instant(at) if !self.is_civil() || !reading.swap => {
                Some(Instant { at, again: None, is_moved: false })
            }
            Moment::Instant(at) => self.resolve(reading.of(self.zone.civil(at)), reading.pick),
            Moment::Civil(civil) => self.resolve(reading.of(civil), reading.pick),
        }
    }

    fn moment(&self, day: &str, clock: Option<&str>) -> Option<Moment> {
        if self.times == Times::Mixed {
            let order = fields::shown_order(fields::day_of(day)).unwrap_or(self.unclear);
            return fields::ordered(day, clock, order);
        }
        fields::moment(self.times, day, clock)
    }

    /// The civil time of a cell, for layouts that have civil times.
    pub(super) fn civil(&self, day: &str, clock: Option<&str>) -> Option<DateTime> {
        match self.moment(day, clock)? {
            Moment::Civil(at) => Some(at),
            Moment::Instant(at) => self.is_civil().then(|| self.zone.civil(at)),
        }
    }

    /// Whether the clocks change between two instants, or so near to them that a clock could have been read either way.
    pub(super) fn changes_between(&self, from: Timestamp, to: Timestamp) -> bool {
        const NEAR_S: i64 = 3600;
        self.zone.offset_s(from.as_second() - NEAR_S) != self.zone.offset_s(to.as_second() + NEAR_S)
    }

    /// Whether no date of the file shows its order, so that those that fit both are guesses.
    pub(super) fn is_guess(&self) -> bool {
        self.is_guess
    }

    /// Whether the day of a cell fits both orders.
    pub(super) fn fits_both(&self, text: &str) -> bool {
        let read = |order| fields::date(fields::day_of(text), order);
        read(Order::DayFirst) != read(Order::MonthFirst)
    }

    /// Reads clocks as UTC.
    pub(super) fn on_utc(self) -> Self {
        Self { is_utc: true, ..self }
    }

    fn resolve(&self, civil: DateTime, pick: Pick) -> Option<Instant> {
        if self.is_utc {
            return zone_as_utc(civil).map(|at| Instant { at, again: None, is_moved: false });
        }
        let settled = |at: Timestamp| Instant { at, again: None, is_moved: false };
        Some(match (self.zone.resolve(civil).ok()?, pick) {
            (Resolved::Unique(at), _) | (Resolved::Missing(at), Pick::Later) => settled(at),
            (Resolved::Missing(at), Pick::Open) => Instant { at, again: None, is_moved: true },
            (Resolved::Missing(at), Pick::Earlier) => settled(Timestamp::from_second(at.as_second() - 3600).ok()?),
            (Resolved::Twice { earlier, later }, Pick::Open) => {
                Instant { at: earlier, again: Some(later), is_moved: false }
            }
            (Resolved::Twice { earlier, .. }, Pick::Earlier) => settled(earlier),
            (Resolved::Twice { later, .. }, Pick::Later) => settled(later),
        })
    }
}

impl Reading {
    /// A civil time, with day and month exchanged back where that is decided.
    fn of(self, civil: DateTime) -> DateTime {
        let swapped = if self.swap { swapped_date(civil.date()) } else { None };
        swapped.map_or(civil, |day| day.to_datetime(civil.time()))
    }
}

/// How dates that fit both orders are meant: rows of an export follow each other in time, so the order in which fewer rows go
/// back is the one meant; day first where both do as well. Also, whether that is a guess: no date shows its order by itself.
fn order_of_file(layout: &Recognised, table: &Table<'_>) -> Result<(Order, bool), Refusal> {
    let Some(column) = layout.columns.get(&Field::PlugIn).copied() else { return Ok((Order::DayFirst, false)) };
    let mut last: Option<[jiff::civil::Date; 2]> = None;
    let mut steps_back = [0u64; 2];
    let mut is_shown = false;
    table.for_each_row(|_, record: &Row<'_>| {
        let text = record.get(column).unwrap_or_default();
        let date = fields::day_of(text);
        let both = [Order::DayFirst, Order::MonthFirst].map(|order| fields::date(date, order));
        is_shown |= both[0].is_some() != both[1].is_some();
        let [Some(day_first), Some(month_first)] = both else { return };
        let now = [day_first, month_first];
        if let Some(last) = last {
            for at in 0..2 {
                steps_back[at] += u64::from(now[at] < last[at]);
            }
        }
        last = Some(now);
    })?;
    let order = if steps_back[1] < steps_back[0] { Order::MonthFirst } else { Order::DayFirst };
    Ok((order, !is_shown))
}
