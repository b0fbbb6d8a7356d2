//! When: instants in whatever way a layout writes them.

use csv::ByteRecord;
use jiff::Timestamp;
use jiff::civil::DateTime;
use kerbwatt_model::{Resolved, Zone};

use crate::Refusal;
use crate::fields::{self, Order};
use crate::formats::Table;
use crate::profiles::{Field, Recognised, Times};

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
}

impl Clock {
    pub(super) fn of(layout: &Recognised, table: &Table<'_>) -> Result<Self, Refusal> {
        let times = layout.profile.times.unwrap_or(Times::Rfc3339);
        let unclear = if times == Times::Mixed { order_of_file(layout, table)? } else { Order::DayFirst };
        Ok(Self { times, zone: layout.profile.zone(), unclear })
    }

    /// The instant of a cell, with its clock in a second cell where the layout splits them.
    pub(super) fn read(&self, day: &str, clock: Option<&str>) -> Option<Instant> {
        let plain = |at: Timestamp| Instant { at, again: None, is_moved: false };
        match self.times {
            Times::Rfc3339 => fields::rfc3339(day).map(plain),
            Times::Epoch => fields::epoch(day).map(plain),
            Times::DayFirst => self.resolve(civil(day, clock, Order::DayFirst)?),
            Times::Mixed => {
                let date = if clock.is_some() { day } else { day.trim().split(' ').next().unwrap_or_default() };
                self.resolve(civil(day, clock, fields::shown_order(date).unwrap_or(self.unclear))?)
            }
        }
    }

    fn resolve(&self, civil: DateTime) -> Option<Instant> {
        Some(match self.zone.resolve(civil).ok()? {
            Resolved::Unique(at) => Instant { at, again: None, is_moved: false },
            Resolved::Missing(at) => Instant { at, again: None, is_moved: true },
            Resolved::Twice { earlier, later } => Instant { at: earlier, again: Some(later), is_moved: false },
        })
    }
}

fn civil(day: &str, clock: Option<&str>, order: Order) -> Option<DateTime> {
    match clock {
        Some(clock) => Some(fields::date(day, order)?.to_datetime(fields::time(clock)?)),
        None => fields::date_time(day, order),
    }
}

/// How dates that fit both orders are meant: rows of an export follow each other in time, so the order in which fewer rows go
/// back is the one meant; day first where both do as well.
fn order_of_file(layout: &Recognised, table: &Table<'_>) -> Result<Order, Refusal> {
    let Some(column) = layout.columns.get(&Field::PlugIn).copied() else { return Ok(Order::DayFirst) };
    let mut last: Option<[jiff::civil::Date; 2]> = None;
    let mut steps_back = [0u64; 2];
    table.for_each_row(|_, record: &ByteRecord| {
        let text = record.get(column).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or_default();
        let date = text.trim().split(' ').next().unwrap_or_default();
        let both = [Order::DayFirst, Order::MonthFirst].map(|order| fields::date(date, order));
        let [Some(day_first), Some(month_first)] = both else { return };
        let now = [day_first, month_first];
        if let Some(last) = last {
            for at in 0..2 {
                steps_back[at] += u64::from(now[at] < last[at]);
            }
        }
        last = Some(now);
    })?;
    Ok(if steps_back[1] < steps_back[0] { Order::MonthFirst } else { Order::DayFirst })
}
