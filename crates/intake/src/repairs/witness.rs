//! A second column of times in the same file, as a witness of what clock the first is on.
//!
//! A column that no field takes may hold the same instants on another clock. It speaks for UTC where it is ahead of the start (or
//! the end) by exactly what local time is ahead of UTC: an hour in summer and nothing in winter. It speaks for local time where
//! it is behind by as much, or gives the offset of local time beside the very digits of the start. The same digits with a `Z` prove
//! nothing, and are told: whoever writes a local time with a `Z` is wrong about the one or the other. Nearly every row must fit, so
//! that a column of other moments (an upload, a payment, the end of charging) is never taken for a clock.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use kerbwatt_model::Zone;

use super::Verdict;
use super::facts::{Fact, NONE};

/// Cells looked at before a column is taken for one of times.
const TRIED: u32 = 20;
/// Rows at each of two offsets that a column must fit to prove UTC; at one offset where it is written beside the times.
const ROWS: u64 = 20;
/// Rows of a thousand that may not fit.
const EXCEPTIONS: u64 = 1;
/// Rows in summer that speak for local time before that counts.
const LOCAL: u64 = 5;
/// Rows this near to a change of the clocks say nothing, seconds.
const NEAR_CHANGE_S: i64 = 3 * 3600;

/// A time as a cell gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Civil seconds, as the digits say.
    pub(crate) civil_s: i64,
    /// Seconds ahead of UTC, where the cell says so; zero for `Z`.
    pub(crate) offset_s: Option<i64>,
}

impl Shown {
    /// Reads a cell: ISO 8601 with or without offset, or else as `civil` reads the times of the layout.
    pub(crate) fn of(text: &str, civil: impl FnOnce(&str) -> Option<DateTime>) -> Option<Self> {
        let text = text.trim();
        if text.len() < 10 || !text.starts_with(|first: char| first.is_ascii_digit()) || !text.contains(':') {
            return None;
        }
        if let Ok(pieces) = Pieces::parse(text)
            && let Some(time) = pieces.time()
        {
            let offset_s = pieces.offset().map(|offset| match offset {
                PiecesOffset::Numeric(numeric) => i64::from(numeric.offset().seconds()),
                _ => 0,
            });
            return Some(Self { civil_s: seconds(pieces.date().to_datetime(time)), offset_s });
        }
        civil(text).map(|at| Self { civil_s: seconds(at), offset_s: None })
    }
}

fn seconds(at: DateTime) -> i64 {
    let whole = Time::new(at.hour(), at.minute(), at.second(), 0).unwrap_or(at.time());
    jiff::tz::Offset::UTC.to_timestamp(at.date().to_datetime(whole)).map_or(0, jiff::Timestamp::as_second)
}

/// How a column compares with the start or the end, counts of rows.
#[derive(Debug, Clone, Default)]
struct Counts {
    /// As if the start is on UTC and the column is local, by the offset of local time.
    as_utc: BTreeMap<i64, u64>,
    /// Of these, rows in which the column gives that offset, and it is not zero.
    with_offset: u64,
    /// As if the start is local.
    as_local: u64,
    /// The same digits at a time at which UTC and local differ, without an offset that says more.
    same: u64,
    /// Of these, rows in which the column says that it is on UTC.
    same_on_utc: u64,
    /// Anything else.
    other: u64,
}

impl Counts {
    fn add(&mut self, at: i64, shown: Shown, zone: &Zone) {
        let ahead = zone.offset_s(at);
        if zone.offset_s(at - NEAR_CHANGE_S) != ahead || zone.offset_s(at + NEAR_CHANGE_S) != ahead {
            return;
        }
        let (by, offset) = (shown.civil_s - at, shown.offset_s);
        if by == ahead && offset.is_none_or(|offset| offset == ahead) {
            *self.as_utc.entry(ahead).or_default() += 1;
            self.with_offset += u64::from(ahead != 0 && offset.is_some());
        } else if (by == 0 && offset == Some(ahead)) || (by == -ahead && offset.is_none_or(|offset| offset == 0)) {
            self.as_local += 1;
        } else if by == 0 {
            self.same += 1;
            self.same_on_utc += u64::from(offset == Some(0));
        } else {
            self.other += 1;
        }
    }

    fn append(&mut self, more: &Self) {
        for (ahead, rows) in &more.as_utc {
            *self.as_utc.entry(*ahead).or_default() += rows;
        }
        self.with_offset += more.with_offset;
        self.as_local += more.as_local;
        self.same += more.same;
        self.same_on_utc += more.same_on_utc;
        self.other += more.other;
    }

    fn fitting(&self) -> u64 {
        self.as_utc.values().sum()
    }

    /// Rows at which UTC and local differ.
    fn telling(&self) -> u64 {
        self.as_utc.iter().filter(|(ahead, _)| **ahead != 0).map(|(_, rows)| rows).sum()
    }

    fn verdict(&self) -> Verdict {
        let few = |exceptions: u64, rows: u64| exceptions * 1000 <= rows * EXCEPTIONS;
        let offsets = self.as_utc.values().filter(|rows| **rows >= ROWS).count();
        let is_enough = self.with_offset >= ROWS || (offsets >= 2 && self.telling() >= ROWS);
        if is_enough && few(self.as_local + self.same + self.other, self.fitting()) {
            Verdict::Agrees
        } else if self.as_local >= LOCAL && few(self.telling() + self.other, self.as_local) {
            Verdict::Against
        } else {
            Verdict::Silent
        }
    }
}

/// A column that no field takes.
#[derive(Debug, Clone)]
struct Column {
    at: usize,
    header: String,
    tried: u32,
    read: u32,
    start: Counts,
    end: Counts,
}

impl Column {
    /// Whether its first cells are no times.
    fn is_no_clock(&self) -> bool {
        self.tried >= TRIED && self.read * 2 < self.tried
    }

    fn append(&mut self, more: &Self) {
        self.tried = self.tried.saturating_add(more.tried);
        self.read = self.read.saturating_add(more.read);
        self.start.append(&more.start);
        self.end.append(&more.end);
    }

    /// The better of what it says of starts and of ends.
    fn best(&self) -> (&Counts, Verdict) {
        let (start, end) = (self.start.verdict(), self.end.verdict());
        if start == Verdict::Silent { (&self.end, end) } else { (&self.start, start) }
    }

    /// A column that says itself that it is on UTC is no local clock.
    fn is_labelled_utc(&self) -> bool {
        let header = self.header.to_ascii_lowercase();
        ["utc", "gmt", "zulu"].iter().any(|name| header.contains(name))
    }
}

/// All columns that no field takes.
#[derive(Debug, Clone)]
pub(crate) struct Witnesses {
    columns: Vec<Column>,
    /// The zone whose local time the layout says its clocks show.
    zone: Zone,
}

impl Default for Witnesses {
    fn default() -> Self {
        Self { columns: Vec::new(), zone: Zone::london() }
    }
}

/// What a column says, for the evidence.
pub(super) struct Testimony {
    pub(super) verdict: Verdict,
    pub(super) header: String,
    /// Rows that speak for UTC, or for local time.
    pub(super) rows: u64,
}

impl Witnesses {
    /// Columns by their place and header.
    pub(crate) fn of<'h>(zone: Zone, columns: impl Iterator<Item = (usize, &'h str)>) -> Self {
        let column = |(at, header): (usize, &str)| Column {
            at,
            header: header.to_owned(),
            tried: 0,
            read: 0,
            start: Counts::default(),
            end: Counts::default(),
        };
        Self { columns: columns.map(column).collect(), zone }
    }

    /// Whether there is nobody to be asked.
    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Compares the cells of a row with its start and end; `shown` reads the cell of a column.
    pub(crate) fn add(&mut self, fact: &Fact, shown: impl Fn(usize) -> Cell) {
        let (mut is_over, zone) = (false, &self.zone);
        for column in &mut self.columns {
            let cell = shown(column.at);
            if matches!(cell, Cell::Blank) {
                continue;
            }
            column.tried = column.tried.saturating_add(1);
            if let Cell::Time(time) = cell {
                column.read = column.read.saturating_add(1);
                column.start.add(fact.start, time, zone);
                if fact.end != NONE {
                    column.end.add(fact.end, time, zone);
                }
            } else {
                (column.start.other, column.end.other) = (column.start.other + 1, column.end.other + 1);
            }
            is_over |= column.is_no_clock();
        }
        if is_over {
            self.columns.retain(|column| !column.is_no_clock());
        }
    }

    /// Takes in what the rows that follow show. A column that is no clock in a part of the file is none.
    pub(crate) fn append(&mut self, more: &Self) {
        self.columns.retain_mut(|column| {
            let theirs = more.columns.iter().find(|theirs| theirs.at == column.at);
            theirs.map(|theirs| column.append(theirs)).is_some()
        });
    }

    /// A column that says that it is on UTC, and has the digits of the start or the end; and the rows, of summer.
    pub(super) fn contradiction(&self) -> Option<(&str, u64)> {
        let rows = |column: &Column| {
            let of = |counts: &Counts| if column.is_labelled_utc() { counts.same } else { counts.same_on_utc };
            of(&column.start).max(of(&column.end))
        };
        let found = self.columns.iter().map(|column| (column.header.as_str(), rows(column)));
        found.max_by_key(|(_, rows)| *rows).filter(|(_, rows)| *rows >= ROWS)
    }

    /// What the columns say: one that speaks for local time goes before any that speak for UTC.
    pub(super) fn testimony(&self) -> Option<Testimony> {
        let said = |wanted: Verdict| {
            let column = self.columns.iter().find(|column| {
                column.best().1 == wanted && (wanted == Verdict::Against || !column.is_labelled_utc())
            })?;
            let counts = column.best().0;
            let rows = if wanted == Verdict::Against { counts.as_local } else { counts.telling() };
            Some(Testimony { verdict: wanted, header: column.header.clone(), rows })
        };
        said(Verdict::Against).or_else(|| said(Verdict::Agrees))
    }
}

/// What a cell is to a witness.
pub(crate) enum Cell {
    /// Nothing there.
    Blank,
    /// A time.
    Time(Shown),
    /// No time.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repairs::facts::NO_DURATION;

    fn fact(start: i64, row: u32) -> Fact {
        Fact { start, end: NONE, event: 0, energy_kwh: 5.0, row, evse: 0, duration_s: NO_DURATION, has_comma: false }
    }

    /// Starts every 40 hours of 2018, and what `other` makes of each beside it.
    fn testimony(header: &str, rows: i64, other: impl Fn(&Zone, i64) -> Shown) -> Option<(Verdict, u64)> {
        let zone = Zone::london();
        let mut witnesses = Witnesses::of(zone.clone(), [(3, header)].into_iter());
        for row in 0..rows {
            let at = 1_514_800_000 + row * 40 * 3600;
            let shown = other(&zone, at);
            witnesses.add(&fact(at, u32::try_from(row).unwrap_or_default()), |_| Cell::Time(shown));
        }
        witnesses.testimony().map(|said| (said.verdict, said.rows))
    }

    fn plain(civil_s: i64) -> Shown {
        Shown { civil_s, offset_s: None }
    }

    #[test]
    fn a_local_clock_beside_a_start_on_utc_proves_utc_and_a_utc_clock_beside_a_local_start_speaks_against_it() {
        let local = |zone: &Zone, at: i64| plain(at + zone.offset_s(at));
        assert!(matches!(testimony("Local", 200, local), Some((Verdict::Agrees, rows)) if rows > 100));
        assert_eq!(testimony("Start UTC", 200, local), None, "its own name says otherwise");
        assert_eq!(testimony("Local", 40, local), None, "winter alone says nothing");
        let utc = |zone: &Zone, at: i64| plain(at - zone.offset_s(at - 3600));
        assert!(matches!(testimony("UTC", 200, utc), Some((Verdict::Against, _))));
    }

    #[test]
    fn an_offset_that_is_written_proves_utc_where_the_digits_differ_and_local_time_where_they_do_not() {
        let with = |zone: &Zone, at: i64, by: i64| Shown { civil_s: at + by, offset_s: Some(zone.offset_s(at)) };
        let local = testimony("t", 200, |zone, at| with(zone, at, zone.offset_s(at)));
        assert!(matches!(local, Some((Verdict::Agrees, _))));
        assert!(matches!(testimony("t", 200, |zone, at| with(zone, at, 0)), Some((Verdict::Against, _))));
        let digits_with_z = |_: &Zone, at: i64| Shown { civil_s: at, offset_s: Some(0) };
        assert_eq!(testimony("t", 200, digits_with_z), None, "one of the two is wrong, and nothing says which");
    }

    #[test]
    fn other_moments_are_no_clock() {
        assert_eq!(testimony("uploaded", 200, |_, at| plain(at + 3600)), None, "an hour later all year");
        assert_eq!(testimony("created", 200, |_, at| plain(at + at % 977)), None);
        assert_eq!(testimony("copy", 200, |_, at| plain(at)), None);
        let nearly = |zone: &Zone, at: i64| plain(at + zone.offset_s(at) + i64::from(at % 100 == 0) * 60);
        assert_eq!(testimony("paid", 200, nearly), None, "one row of a hundred is too many");
    }

    #[test]
    fn cells_are_read_with_and_without_offsets() {
        let shown = |text: &str| Shown::of(text, |_| None).map(|shown| (shown.civil_s, shown.offset_s));
        assert_eq!(shown("2018-07-01T13:00:00+01:00"), Some((1_530_450_000, Some(3600))));
        assert_eq!(shown(" 2018-07-01 13:00:00Z"), Some((1_530_450_000, Some(0))));
        assert_eq!(shown("2018-07-01 13:00:00.500"), Some((1_530_450_000, None)));
        for text in ["", "12:00", "2018-07-01", "GB*ABC:1:2345", "12345678:9"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
