//! Periods: whole civil days, both ends included.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// Why a text is not a period.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PeriodError {
    /// Not dates, months or years.
    #[error(
        "“{0}” is not a period: use days, months or years, both ends included, such as 2018-06-06..2018-09-06, 2018-06..2018-09 or 2018"
    )]
    Malformed(String),
    /// The end is before the start.
    #[error("the period ends on {last}, before it starts on {first}: put the earlier date first")]
    Backwards {
        /// First day as given.
        first: Date,
        /// Last day as given.
        last: Date,
    },
}

/// Whole civil days from `first` to `last`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Period {
    /// First day.
    pub first: Date,
    /// Last day, included.
    pub last: Date,
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Ends {
            first: Date,
            last: Date,
        }
        let Ends { first, last } = Ends::deserialize(deserializer)?;
        Self::new(first, last).map_err(D::Error::custom)
    }
}

impl Period {
    /// A period from its two ends.
    ///
    /// # Errors
    /// [`PeriodError::Backwards`] when `last` is before `first`.
    pub fn new(first: Date, last: Date) -> Result<Self, PeriodError> {
        if last < first { Err(PeriodError::Backwards { first, last }) } else { Ok(Self { first, last }) }
    }

    /// Reads `2018`, `2018-06`, `2018-06-06` or two of these joined by `..`.
    ///
    /// # Errors
    /// [`PeriodError`] says what is wrong and how to write it.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        Self::between(from, to).map_err(|error| match error {
            PeriodError::Malformed(_) => PeriodError::Malformed(text.to_owned()),
            backwards @ PeriodError::Backwards { .. } => backwards,
        })
    }

    /// Reads two ends, each a day, a month or a year.
    ///
    /// # Errors
    /// As [`Period::parse`].
    pub fn between(from: &str, to: &str) -> Result<Self, PeriodError> {
        let (first, _) = ends(from).ok_or_else(|| PeriodError::Malformed(from.to_owned()))?;
        let (_, last) = ends(to).ok_or_else(|| PeriodError::Malformed(to.to_owned()))?;
        Self::new(first, last)
    }

    /// Number of days.
    #[must_use]
    pub fn days(&self) -> i64 {
        day_number(self.last) - day_number(self.first) + 1
    }

    /// Whether a day is within.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether any day is in both.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Whether both ends are the ends of months.
    #[must_use]
    pub fn is_whole_months(&self) -> bool {
        self.first.day() == 1 && self.last == self.last.last_of_month()
    }

    /// Each day in order.
    pub fn iter_days(&self) -> impl Iterator<Item = Date> {
        let last = self.last;
        std::iter::successors(Some(self.first), |day| day.tomorrow().ok()).take_while(move |day| *day <= last)
    }

    /// The first day of each month touched, in order.
    pub fn iter_months(&self) -> impl Iterator<Item = Date> {
        let last = self.last;
        std::iter::successors(Some(self.first.first_of_month()), |month| month.checked_add(1.month()).ok())
            .take_while(move |month| *month <= last)
    }

    /// The period of the same length just before; whole months stay whole months.
    #[must_use]
    pub fn previous(&self) -> Self {
        let last = self.first.yesterday().unwrap_or(self.first);
        let first = if self.is_whole_months() {
            let months = i32::try_from(self.iter_months().count()).unwrap_or(1);
            self.first.checked_sub(months.months()).unwrap_or(self.first)
        } else {
            self.first.checked_sub(self.days().days()).unwrap_or(self.first)
        };
        Self { first, last }
    }

    /// The same days a year earlier; whole months stay whole months.
    #[must_use]
    pub fn last_year(&self) -> Self {
        let shift = |day: Date| day.checked_sub(1.year()).unwrap_or(day);
        let last =
            if self.is_whole_months() { shift(self.last.first_of_month()).last_of_month() } else { shift(self.last) };
        Self { first: shift(self.first), last }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

/// Days since 1 January 1970, as in Arrow's Date32.
///
/// Asked for each of the three instants of a session, where the library's general difference of two dates takes longer than to read
/// their digits. Years begin in March here, so that the leap day is their last.
#[must_use]
pub fn day_number(day: Date) -> i64 {
    let (year, month) = match day.month() {
        month @ ..=2 => (i64::from(day.year()) - 1, i64::from(month) + 9),
        month => (i64::from(day.year()), i64::from(month) - 3),
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let of_year = (153 * month + 2) / 5 + i64::from(day.day()) - 1;
    year * 365 + leap_days + of_year - DAYS_BEFORE_1970
}

/// From 1 March of year 0 to 1 January 1970.
const DAYS_BEFORE_1970: i64 = 719_468;

/// The civil day of a number of days since 1 January 1970.
#[must_use]
pub fn day_of_number(number: i64) -> Date {
    Date::constant(1970, 1, 1).checked_add(number.days()).unwrap_or(Date::MAX)
}

fn ends(text: &str) -> Option<(Date, Date)> {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    if !parts.first().is_some_and(|year| digits(year, 4)) || !parts[1..].iter().all(|part| digits(part, 2)) {
        return None;
    }
    let year = parts[0].parse().ok()?;
    let number = |at: usize| parts[at].parse::<i8>().ok();
    match parts.len() {
        1 => Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)),
        2 => {
            let first = Date::new(year, number(1)?, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        3 => {
            let day = Date::new(year, number(1)?, number(2)?).ok()?;
            Some((day, day))
        }
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn days_months_and_years_are_read_with_both_ends_included() {
        for (text, read, days) in [
            ("2018-06-06..2018-09-06", "2018-06-06..2018-09-06", 93),
            ("2018-06..2018-09", "2018-06-01..2018-09-30", 122),
            ("2018", "2018-01-01..2018-12-31", 365),
            ("2020-02", "2020-02-01..2020-02-29", 29),
        ] {
            let period = Period::parse(text).unwrap();
            assert_eq!(period.to_string(), read);
            assert_eq!(period.days(), days);
            assert_eq!(period.iter_days().count() as i64, days);
        }
    }

    #[test]
    fn the_number_of_each_day_of_five_centuries_is_that_of_the_library() {
        let epoch = Date::constant(1970, 1, 1);
        let first = Date::constant(1795, 1, 1);
        for day in first.series(1.day()).take(183_000).chain([Date::MIN, Date::MAX]) {
            let days = day.duration_since(epoch).as_hours() / 24;
            assert_eq!((day_number(day), day_of_number(days)), (days, day), "{day}");
        }
    }

    #[test]
    fn a_malformed_or_backward_period_is_refused_with_advice() {
        for text in ["", "2018-13", "2018-02-30", "June 2018", "2018-6", "2018..", "20180606"] {
            assert!(matches!(Period::parse(text), Err(PeriodError::Malformed(_))), "{text}");
        }
        assert!(matches!(Period::parse("2018-09..2018-06"), Err(PeriodError::Backwards { .. })));
    }

    #[test]
    fn comparison_periods_keep_whole_months_whole() {
        let quarter = Period::parse("2025-10..2025-12").unwrap();
        assert_eq!(quarter.previous(), Period::parse("2025-07..2025-09").unwrap());
        assert_eq!(Period::parse("2021-02").unwrap().last_year(), Period::parse("2020-02").unwrap());
        let week = Period::parse("2025-03-08..2025-03-14").unwrap();
        assert_eq!(week.previous(), Period::parse("2025-03-01..2025-03-07").unwrap());
    }

    #[test]
    fn day_numbers_go_there_and_back() {
        for number in [-400_000, -1, 0, 17_688, 20_000] {
            assert_eq!(day_number(day_of_number(number)), number);
        }
    }
}
