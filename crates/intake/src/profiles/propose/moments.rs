//! Which columns hold moments, in which way they are written, and in which order day and month stand.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::sheet::{Column, Sheet};
use super::vocabulary::Meaning as M;
use super::words::Said;
use crate::fields::{self, Moment, Order};
use crate::profiles::Times;

/// What a column's values are, as moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Instants that need no zone.
    Instant(Times),
    /// Date and clock.
    Civil,
    /// A date.
    Day,
    /// A clock.
    Clock,
    /// Date and clock as the number of days that a spreadsheet counts.
    Serial,
    /// Something else.
    Other,
}

/// What dates show of the order in which they are written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shown {
    /// Dates that are dates only with the day first.
    pub(super) day_first: usize,
    /// Dates that are dates only with the month first.
    pub(super) month_first: usize,
    /// Dates with a year of four digits in front.
    pub(super) year_first: usize,
    /// Dates with a year of two digits.
    pub(super) short_year: usize,
    /// Dates with the name of their month, which need no order.
    pub(super) named: usize,
    pub(super) all: usize,
}

impl Shown {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            day_first: self.day_first + other.day_first,
            month_first: self.month_first + other.month_first,
            year_first: self.year_first + other.year_first,
            short_year: self.short_year + other.short_year,
            named: self.named + other.named,
            all: self.all + other.all,
        }
    }

    /// Whether every date says by itself what its day is.
    pub(super) fn needs_no_order(self) -> bool {
        self.named + self.year_first == self.all
    }
}

/// A column as moments.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) form: Form,
    pub(super) shown: Shown,
    /// Dates whose clock always says midnight: a date that a database wrote.
    pub(super) is_midnight: bool,
}

/// Share of cells that must have a form for the column to have it.
const MOST: f64 = 0.9;

/// Looks at the values of a column.
pub(super) fn look(column: &Column) -> Look {
    let cells: Vec<&str> = column.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    let share = |test: &dyn Fn(&str) -> bool| super::ratio(cells.iter().filter(|cell| test(cell)).count(), cells.len());
    let instants = [Times::Rfc3339, Times::Rfc2822, Times::JavaScript, Times::Epoch, Times::EpochMs];
    let shown = cells.iter().fold(Shown::default(), |all, cell| all.and(order_of(cell)));
    let of = |form, is_midnight| Look { form, shown, is_midnight };
    for times in instants {
        if share(&|cell| is_instant(times, cell)) >= MOST {
            return of(Form::Instant(times), false);
        }
    }
    if says_time(&column.said) && share(&is_serial) >= MOST {
        return of(Form::Serial, false);
    }
    let (civil, day, clock) = (share(&is_civil), share(&is_day), share(&is_clock));
    if civil + day >= MOST {
        let is_midnight = cells.iter().all(|cell| is_day(cell) || clock_of(cell).is_some_and(is_zero));
        let form = if civil > day { Form::Civil } else { Form::Day };
        return of(form, is_midnight);
    }
    if clock >= MOST { of(Form::Clock, false) } else { of(Form::Other, false) }
}

fn is_instant(times: Times, cell: &str) -> bool {
    let digits = cell.split('.').next().unwrap_or_default().len();
    let is_epoch = match times {
        Times::Epoch => digits == 10,
        Times::EpochMs => digits == 13,
        _ => true,
    };
    is_epoch && fields::moment(times, cell, None).is_some()
}

/// Headers under which a plain number can be a date: any other number could be one as well.
fn says_time(said: &Said) -> bool {
    const MOMENTS: [M; 5] = [M::Start, M::End, M::Day, M::Clock, M::Stamp];
    const AMOUNTS: [M; 13] = [
        M::Kwh,
        M::Wh,
        M::OtherEnergyUnit,
        M::Energy,
        M::Power,
        M::Meter,
        M::Money,
        M::Battery,
        M::Id,
        M::Length,
        M::Minutes,
        M::Seconds,
        M::Hours,
    ];
    said.says_any(&MOMENTS) && !said.says_any(&AMOUNTS)
}

/// Whether a number is a date and a clock between 2010 and 2050, in days since the end of 1899.
fn is_serial(cell: &str) -> bool {
    let is_usual = |at: jiff::civil::DateTime| (2010..2050).contains(&at.year());
    cell.contains('.') && fields::serial(cell, None).is_some_and(is_usual)
}

fn is_clock(cell: &str) -> bool {
    fields::time(cell).is_some() || fields::is_end_of_day(cell)
}

fn clock_of(cell: &str) -> Option<&str> {
    cell.split_once([' ', 'T']).map(|(_, clock)| clock)
}

fn is_zero(clock: &str) -> bool {
    fields::time(clock) == Some(jiff::civil::Time::midnight())
}

fn is_day(cell: &str) -> bool {
    [Order::DayFirst, Order::MonthFirst].into_iter().any(|order| fields::date(cell, order).is_some())
}

fn is_civil(cell: &str) -> bool {
    [Order::DayFirst, Order::MonthFirst].into_iter().any(|order| fields::ordered(cell, None, order).is_some())
}

fn order_of(cell: &str) -> Shown {
    let day = fields::day_of(cell);
    if !is_day(day) {
        return Shown::default();
    }
    if fields::is_named(day) {
        let short_year = usize::from(!day.split([' ', '-', '/', '.', ',']).any(|part| part.len() == 4));
        return Shown { named: 1, short_year, all: 1, ..Shown::default() };
    }
    let starts_with_year = matches!(day.bytes().take_while(u8::is_ascii_digit).count(), 4 | 8);
    let ends_with_year = day.bytes().rev().take_while(u8::is_ascii_digit).count() == 4;
    let shown = fields::shown_order(day).filter(|_| !starts_with_year);
    Shown {
        day_first: usize::from(shown == Some(Order::DayFirst)),
        month_first: usize::from(shown == Some(Order::MonthFirst)),
        year_first: usize::from(starts_with_year),
        short_year: usize::from(!starts_with_year && !ends_with_year),
        named: 0,
        all: 1,
    }
}

/// Seconds since 1970 of each row, civil ones as if on the clock of Greenwich: near enough to compare rows with each other.
pub(super) fn seconds(sheet: &Sheet, day: usize, clock: Option<usize>, times: Times) -> Vec<Option<i64>> {
    let read = |row: usize| {
        let clock = clock.map(|at| sheet.columns[at].cells[row].as_str());
        match fields::moment(times, &sheet.columns[day].cells[row], clock)? {
            Moment::Instant(at) => Some(at.as_second()),
            Moment::Civil(at) => TimeZone::UTC.to_timestamp(at).ok().map(Timestamp::as_second),
        }
    };
    (0..sheet.rows).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(cells: &[&str]) -> Look {
        let text = format!("start,x\n{}", cells.iter().map(|cell| format!("\"{cell}\",1\n")).collect::<String>());
        Sheet::of(&text, None).map_or_else(|| unreachable!("a header"), |sheet| look(&sheet.columns[0]))
    }

    #[test]
    fn the_form_of_moments_is_seen() {
        for (cell, form) in [
            ("2024-03-01T08:15:00Z", Form::Instant(Times::Rfc3339)),
            ("Wed, 25 Apr 2018 11:08:04 GMT", Form::Instant(Times::Rfc2822)),
            ("Fri Apr 14 2017 00:49:24 GMT+0200 (CEST)", Form::Instant(Times::JavaScript)),
            ("1709280900", Form::Instant(Times::Epoch)),
            ("1709280900250", Form::Instant(Times::EpochMs)),
            ("01/03/2024 08:15", Form::Civil),
            ("2024-03-01", Form::Day),
            ("8:15 pm", Form::Clock),
            ("24:00", Form::Clock),
            ("01/03/2024 24:00", Form::Civil),
            ("2024-03-01T24:00:00Z", Form::Instant(Times::Rfc3339)),
            ("Fri 01 March 2024 00:04", Form::Civil),
            ("Fri 01 March 2024", Form::Day),
            ("01-Mar-2024 08:15", Form::Civil),
            ("01/03/2024, 08:15", Form::Civil),
            ("01.03.2024 08.15", Form::Civil),
            ("01/03/2024 08:15 UTC", Form::Civil),
            ("2024-03-01 08:15 UTC", Form::Instant(Times::Rfc3339)),
            ("20240301 081500", Form::Civil),
            ("20240301081500", Form::Civil),
            ("20240301", Form::Day),
            ("45384.18541667", Form::Serial),
            ("45384", Form::Other),
            ("18.15", Form::Other),
            ("0815", Form::Other),
            ("50914", Form::Other),
            ("7.25", Form::Other),
        ] {
            assert_eq!(looked(&[cell]).form, form, "{cell}");
        }
        assert!(looked(&["2024-03-01T00:00:00", "2024-03-02T00:00:00"]).is_midnight);
    }

    #[test]
    fn dates_after_the_twelfth_show_the_order() {
        let shown = looked(&["12/01/2024", "13/01/2024", "01/14/2024", "05/06/24"]).shown;
        assert_eq!((shown.day_first, shown.month_first, shown.short_year, shown.all), (1, 1, 1, 4));
    }
}
