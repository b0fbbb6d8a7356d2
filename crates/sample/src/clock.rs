//! Clocks on walls in London, fast enough for every row.

use jiff::civil::Date;
use kerbwatt_model::{Zone, day_of_number};

/// Seconds of a day without a clock change.
pub(crate) const DAY_S: i64 = 86_400;

/// What the clock on the wall shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wall {
    pub(crate) day: Date,
    /// Seconds since midnight by the clock.
    pub(crate) second: i64,
}

/// The clock of a number of days.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    /// From when (seconds since 1970) which offset holds (seconds).
    offsets: Vec<(i64, i64)>,
    first: i64,
    days: Vec<Date>,
}

impl Clock {
    /// A clock for instants within these day numbers.
    pub(crate) fn new(first: i64, last: i64) -> Self {
        let zone = Zone::london();
        let mut offsets = vec![(i64::MIN, zone.offset_s(first * DAY_S))];
        for hour in first * 24..=(last + 1) * 24 {
            let offset = zone.offset_s(hour * 3600);
            if offsets.last().is_none_or(|(_, before)| *before != offset) {
                offsets.push((hour * 3600, offset));
            }
        }
        Self { offsets, first, days: (first..=last + 1).map(day_of_number).collect() }
    }

    /// What the clock shows at an instant, in seconds since 1970.
    pub(crate) fn at(&self, instant: i64) -> Wall {
        let offset = self.offsets.iter().rev().find(|(from, _)| *from <= instant).map_or(0, |(_, offset)| *offset);
        let local = instant + offset;
        Wall { day: self.date(local.div_euclid(DAY_S)), second: local.rem_euclid(DAY_S) }
    }

    /// What a clock that shows UTC shows.
    pub(crate) fn utc(&self, instant: i64) -> Wall {
        Wall { day: self.date(instant.div_euclid(DAY_S)), second: instant.rem_euclid(DAY_S) }
    }

    fn date(&self, number: i64) -> Date {
        let known = usize::try_from(number - self.first).ok().and_then(|index| self.days.get(index));
        known.copied().unwrap_or_else(|| day_of_number(number))
    }
}

#[cfg(test)]
mod tests {
    use kerbwatt_model::day_number;

    use super::*;

    #[test]
    fn the_clock_agrees_with_the_zone_at_every_half_hour_of_a_year() {
        let (first, last) = (day_number(Date::constant(2024, 1, 1)), day_number(Date::constant(2024, 12, 31)));
        let (clock, zone) = (Clock::new(first, last), Zone::london());
        for instant in (first * DAY_S..last * DAY_S).step_by(1800) {
            let civil = zone.civil(jiff::Timestamp::from_second(instant).unwrap_or_default());
            let wall = clock.at(instant);
            assert_eq!(wall.day, civil.date());
            assert_eq!(wall.second, i64::from(civil.hour()) * 3600 + i64::from(civil.minute()) * 60);
        }
    }
}
