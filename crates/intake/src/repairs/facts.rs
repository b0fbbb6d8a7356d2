//! The facts of each row that repairs are judged by, in 48 bytes a row.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

use kerbwatt_model::day_of_number;

use super::civil_days::{self, DAY_S};
use super::{Columns, Headline, Measures, RepairExample};

/// What one row says. Civil seconds count as a clock on the wall does, from 1970, days of 86,400 seconds; instants in UTC do where
/// a layout gives them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fact {
    /// Plug-in, civil seconds.
    pub(crate) start: i64,
    /// Plug-out, civil seconds; [`NONE`] where there is none.
    pub(crate) end: i64,
    /// The number within the session's id; 0 where there is none.
    pub(crate) event: u64,
    /// Energy, kWh; not a number where there is none.
    pub(crate) energy_kwh: f64,
    /// Row in the file.
    pub(crate) row: u32,
    /// Number of the EVSE, by first sight.
    pub(crate) evse: u32,
    /// Duration in seconds, as reported; [`NO_DURATION`] where there is none.
    pub(crate) duration_s: i32,
    /// The energy has a comma that is read as one between thousands, and could be a decimal comma as well.
    pub(crate) has_comma: bool,
}

/// No end.
pub(crate) const NONE: i64 = i64::MIN;
/// No duration.
pub(crate) const NO_DURATION: i32 = i32::MIN;

/// A stay longer than this is taken for a wrong date, seconds: dates exchanged over midnight are about a month apart.
const MONTH_LONG_S: i64 = 20 * DAY_S;
/// Duration and clock differ by more than any change of the clocks, seconds.
const DIFFERS_S: i64 = 12 * 3600;

impl Fact {
    pub(super) fn day(&self) -> i64 {
        self.start.div_euclid(DAY_S)
    }

    /// Seconds plugged in; none without an end.
    pub(super) fn length(&self) -> Option<i64> {
        (self.end != NONE).then(|| self.end - self.start)
    }

    pub(super) fn duration(&self) -> Option<i64> {
        (self.duration_s != NO_DURATION).then_some(i64::from(self.duration_s))
    }

    /// Whether it is moved in time. Rows without energy are not equal to themselves.
    pub(super) fn is_moved(&self, after: &Self) -> bool {
        (self.start, self.end) != (after.start, after.end)
    }

    /// What an example shows of a row that is moved in time: its start, or its end where only that changes.
    pub(super) fn moved(&self, after: &Self, columns: &Columns) -> RepairExample {
        let is_end = self.start == after.start;
        let of = |fact: &Self| civil_days::shown(if is_end { fact.end } else { fact.start });
        let column = if is_end { &columns.end } else { &columns.start };
        RepairExample { row: u64::from(self.row), column: column.clone(), before: of(self), after: of(after) }
    }

    /// Whether the stay itself cannot be: negative, a month long, or not as long as its duration.
    pub(super) fn is_odd_stay(&self) -> bool {
        self.length().is_some_and(|length| !(0..=MONTH_LONG_S).contains(&length)) || self.contradicts_duration()
    }

    pub(super) fn contradicts_duration(&self) -> bool {
        self.length().zip(self.duration()).is_some_and(|(length, duration)| (length - duration).abs() > DIFFERS_S)
    }

    /// Mean power, kW; none for stays without length or energy.
    pub(super) fn kw(&self) -> Option<f64> {
        let length = self.length().filter(|length| *length > 0)?;
        (self.energy_kwh > 0.0).then(|| self.energy_kwh * 3600.0 / length as f64)
    }
}

/// The facts of a file, in file order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) rows: Vec<Fact>,
    evses: HashMap<u64, u32>,
}

impl Facts {
    /// Facts made for a test.
    #[cfg(test)]
    pub(super) fn of(rows: Vec<Fact>) -> Self {
        Self { rows, evses: HashMap::new() }
    }

    /// The number of an EVSE, by what its cells say.
    pub(crate) fn evse<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> u32 {
        let mut hash = DefaultHasher::new();
        for cell in cells {
            hash.write(cell.trim_ascii().as_bytes());
            hash.write_u8(0xFF);
        }
        self.number(hash.finish())
    }

    fn number(&mut self, evse: u64) -> u32 {
        let next = u32::try_from(self.evses.len()).unwrap_or(u32::MAX);
        *self.evses.entry(evse).or_insert(next)
    }

    /// Takes in the facts of the rows that follow.
    pub(crate) fn append(&mut self, more: Self) {
        let mut theirs: Vec<(u32, u64)> = more.evses.into_iter().map(|(evse, number)| (number, evse)).collect();
        theirs.sort_unstable();
        let numbers: Vec<u32> = theirs.into_iter().map(|(_, evse)| self.number(evse)).collect();
        let renumbered =
            |fact: Fact| Fact { evse: numbers.get(fact.evse as usize).copied().unwrap_or(fact.evse), ..fact };
        self.rows.extend(more.rows.into_iter().map(renumbered));
    }

    /// Contradictions within rows.
    pub(super) fn measures(rows: impl Iterator<Item = Fact>) -> Measures {
        let mut sums = Measures::default();
        for fact in rows {
            let length = fact.length();
            sums.end_before_start += u64::from(length.is_some_and(|length| length < 0));
            sums.month_long += u64::from(length.is_some_and(|length| length > MONTH_LONG_S));
            sums.contradicts_duration += u64::from(fact.contradicts_duration());
            sums.implausible_power += u64::from(fact.energy_kwh > 1000.0 || fact.kw().is_some_and(|kw| kw > 500.0));
        }
        sums
    }

    /// Figures at a glance.
    pub(super) fn headline(rows: impl Iterator<Item = Fact>) -> Headline {
        let (mut sum, mut days) = (Headline::default(), None::<(i64, i64)>);
        for fact in rows.filter(|fact| fact.length().is_some_and(|length| length >= 0) && fact.energy_kwh >= 0.0) {
            sum.sessions += 1;
            sum.energy_kwh += fact.energy_kwh;
            let (first, last) = days.unwrap_or((fact.day(), fact.day()));
            days = Some((first.min(fact.day()), last.max(fact.day())));
        }
        sum.first_day = days.map(|(first, _)| day_of_number(first));
        sum.last_day = days.map(|(_, last)| day_of_number(last));
        sum
    }
}

/// Which columns had day and month exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sides {
    pub(crate) start: bool,
    pub(crate) end: End,
}

/// What becomes of the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// As read.
    AsRead,
    /// Exchanged where its own date allows it.
    Exchanged,
    /// Computed from the start and a duration.
    Follows,
}

impl Sides {
    /// The fact with day and month exchanged back.
    pub(super) fn of(self, fact: Fact) -> Fact {
        let start = if self.start { civil_days::swapped_s(fact.start) } else { fact.start };
        let end = match self.end {
            _ if fact.end == NONE => NONE,
            End::AsRead => fact.end,
            End::Exchanged => civil_days::swapped_s(fact.end),
            End::Follows => fact.end + (start - fact.start),
        };
        Fact { start, end, ..fact }
    }
}

/// The last run of digits in a session's id, as a number; 0 where there is none or it is too long.
pub(crate) fn event_number(id: &str) -> u64 {
    let end = id.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let digits = end.len() - end.bytes().rev().take_while(u8::is_ascii_digit).count();
    end[digits..].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_id_is_its_last_run_of_digits() {
        for (id, number) in [("7751157", 7_751_157), ("CE-2018-00042", 42), ("é12x", 12), ("abc", 0), ("", 0)] {
            assert_eq!(event_number(id), number, "{id}");
        }
        assert_eq!(event_number(&"9".repeat(40)), 0);
    }

    #[test]
    fn evses_are_numbered_by_what_their_cells_say() {
        let mut facts = Facts::default();
        let cells = |a: &'static str, b: &'static str| [a, b].into_iter();
        assert_eq!(facts.evse(cells("a", "1")), 0);
        assert_eq!(facts.evse(cells("a1", "")), 1);
        assert_eq!(facts.evse(cells(" a", "1 ")), 0);
    }
}
