//! When: instants in whatever way a layout writes them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use kerbwatt_model::{Resolved, Zone, day_number};

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

    /// How the layout says that moments are written.
    pub(super) fn times(&self) -> Times {
        self.times
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
        fields::fits_both_orders(text)
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

/// How dates that fit both orders are meant: in the one order, if there is such a one, in which they lie among those that show it by
/// themselves; else as those that show it by themselves, where these all agree, unless rows follow each
/// other in time in the other order only: an export tool that exchanges day and month leaves such a file. Where they do not agree, or none shows it, the order in which fewer rows go back is the one
/// meant, for rows of an export follow each other in time; day first where both do as well. Also, whether that is a guess: no date
/// shows its order by itself.
fn order_of_file(layout: &Recognised, table: &Table<'_>) -> Result<(Order, bool), Refusal> {
    let Some(column) = layout.columns.get(&Field::PlugIn).copied() else { return Ok((Order::DayFirst, false)) };
    let (mut shown, mut unclear, mut all) = ([0u64; 2], Steps::default(), Steps::default());
    let mut spread = Spread::default();
    table.for_each_row(|_, record: &Row<'_>| {
        let date = fields::day_of(record.get(column).unwrap_or_default());
        match [Order::DayFirst, Order::MonthFirst].map(|order| fields::date(date, order)) {
            [Some(day_first), Some(month_first)] => {
                *spread.unclear.entry([day_first, month_first]).or_default() += 1;
                unclear.go_to([day_first, month_first]);
                all.go_to([day_first, month_first]);
            }
            [Some(day), None] => {
                shown[0] += 1;
                spread.clear(day);
                all.go_to([day; 2]);
            }
            [None, Some(day)] => {
                shown[1] += 1;
                spread.clear(day);
                all.go_to([day; 2]);
            }
            [None, None] => {}
        }
    })?;
    let order = spread.only_order().unwrap_or_else(|| likelier(shown, unclear.back, all.back));
    Ok((order, shown == [0, 0]))
}

/// Days of dates that show their order by themselves, and how often each date is there that does not, day first and month first.
#[derive(Default)]
struct Spread {
    clear: Option<[jiff::civil::Date; 2]>,
    unclear: BTreeMap<[jiff::civil::Date; 2], u64>,
}

impl Spread {
    fn clear(&mut self, day: jiff::civil::Date) {
        let [first, last] = self.clear.unwrap_or([day, day]);
        self.clear = Some([first.min(day), last.max(day)]);
    }

    /// The order in which nearly all unclear dates lie among the clear ones or next to them, where in the other most lie elsewhere.
    fn only_order(&self) -> Option<Order> {
        const BESIDE_DAYS: i64 = 14;
        let [first, last] = self.clear?;
        let days = day_number(first) - BESIDE_DAYS..=day_number(last) + BESIDE_DAYS;
        let all: u64 = self.unclear.values().sum();
        let within = |order: usize| -> u64 {
            self.unclear
                .iter()
                .filter(|(dates, _)| days.contains(&day_number(dates[order])))
                .map(|(_, count)| count)
                .sum()
        };
        match [within(0), within(1)] {
            [day, month] if day * 20 >= all * 19 && month * 2 < all => Some(Order::DayFirst),
            [day, month] if month * 20 >= all * 19 && day * 2 < all => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

/// Rows that go back in time, read day first and month first.
#[derive(Default)]
struct Steps {
    last: Option<[jiff::civil::Date; 2]>,
    back: [u64; 2],
}

impl Steps {
    fn go_to(&mut self, now: [jiff::civil::Date; 2]) {
        if let Some(last) = self.last.replace(now) {
            for at in 0..2 {
                self.back[at] += u64::from(now[at] < last[at]);
            }
        }
    }
}

/// The order meant, by how many dates show each, and how many rows go back in each: among those that fit both, and among all. Day first
/// and month first.
fn likelier(shown: [u64; 2], unclear_back: [u64; 2], all_back: [u64; 2]) -> Order {
    /// Steps back in one order for each in the other, beyond which rows follow time in the latter.
    const CLEARLY: u64 = 4;
    let is_clear = |at: usize, back: [u64; 2]| back[1 - at] > 1 + CLEARLY * back[at];
    let follows_time = |at: usize| is_clear(at, unclear_back) || is_clear(at, all_back);
    let is_month_first = match shown {
        [0, month] if month > 0 => !follows_time(0),
        [day, 0] if day > 0 => follows_time(1),
        _ => unclear_back[1] < unclear_back[0],
    };
    if is_month_first { Order::MonthFirst } else { Order::DayFirst }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_one_month_are_read_in_the_order_that_leaves_them_in_it() {
        let day = |month, day| jiff::civil::date(2019, month, day);
        let of = |dates: &[[jiff::civil::Date; 2]], clear: &[jiff::civil::Date]| {
            let mut spread = Spread::default();
            clear.iter().for_each(|day| spread.clear(*day));
            dates.iter().for_each(|dates| *spread.unclear.entry(*dates).or_default() += 1);
            spread.only_order()
        };
        // 07/03 to 12/03, beside 3/13 to 3/26.
        let of_march: Vec<[jiff::civil::Date; 2]> = (7..=12).map(|n| [day(3, n), day(n, 3)]).collect();
        assert_eq!(of(&of_march, &[day(3, 13), day(3, 26)]), Some(Order::DayFirst));
        let turned: Vec<[jiff::civil::Date; 2]> = of_march.iter().map(|[a, b]| [*b, *a]).collect();
        assert_eq!(of(&turned, &[day(3, 13), day(3, 26)]), Some(Order::MonthFirst));
        // Over years both orders lie within, and without clear dates nothing is known.
        assert_eq!(of(&of_march, &[day(1, 13), day(12, 26)]), None);
        assert_eq!(of(&of_march, &[]), None);
    }

    #[test]
    fn dates_that_fit_both_orders_go_with_those_that_show_it_unless_rows_follow_time_otherwise() {
        for (shown, unclear, all, order) in [
            ([0, 0], [0, 0], [0, 0], Order::DayFirst),
            ([0, 0], [9, 3], [9, 3], Order::MonthFirst),
            ([0, 200], [90, 95], [190, 195], Order::MonthFirst),
            ([200, 0], [95, 90], [190, 195], Order::DayFirst),
            ([0, 200], [0, 3], [0, 6], Order::DayFirst),
            ([0, 11_874], [0, 33], [221, 254], Order::DayFirst),
            ([200, 0], [3, 0], [6, 0], Order::MonthFirst),
            ([200, 300], [90, 3], [100, 100], Order::MonthFirst),
        ] {
            assert_eq!(likelier(shown, unclear, all), order, "{shown:?} {unclear:?} {all:?}");
        }
    }
}
