//! Civil time: only through a named IANA zone.

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// The text is not an IANA zone that is known.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is not an IANA time zone; use a name such as Europe/London")]
pub struct ZoneError(pub String);

/// A named IANA zone, such as `Europe/London`.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// Local time of many instants: the zone's rules are looked up only where the clocks change.
#[derive(Debug, Clone)]
pub struct LocalTime<'z> {
    zone: &'z Zone,
    offset_s: i64,
    /// The offset holds from here …
    from_s: i64,
    /// … until here.
    until_s: i64,
}

impl LocalTime<'_> {
    /// Seconds since 1970 as a clock on the wall counts them, days of 86,400 seconds, at an instant in seconds UTC.
    #[inline]
    pub fn local_s(&mut self, at_s: i64) -> i64 {
        if !(self.from_s..self.until_s).contains(&at_s) {
            self.look_up(at_s);
        }
        at_s + self.offset_s
    }

    /// As [`LocalTime::local_s`], and the instant until which the clock goes on without a change.
    #[inline]
    pub fn local_until_s(&mut self, at_s: i64) -> (i64, i64) {
        (self.local_s(at_s), self.until_s)
    }

    /// Days since 1970 on the wall at an instant in seconds UTC.
    #[inline]
    pub fn day(&mut self, at_s: i64) -> i64 {
        self.local_s(at_s).div_euclid(86_400)
    }

    fn look_up(&mut self, at_s: i64) {
        let instant = Timestamp::from_second(at_s).unwrap_or_default();
        let zone = &self.zone.0;
        self.offset_s = self.zone.offset_s(at_s);
        // A change at the instant itself is its own beginning.
        let after = instant.checked_add(1.second()).unwrap_or(instant);
        self.from_s = zone.preceding(after).next().map_or(i64::MIN, |change| change.timestamp().as_second());
        self.until_s = zone.following(instant).next().map_or(i64::MAX, |change| change.timestamp().as_second());
    }
}

/// What a clock on the wall says of an instant: exactly one, none (clocks went forward) or two (clocks went back).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// The one instant.
    Unique(Timestamp),
    /// No clock showed this time; the instant is what a clock not yet put forward would mean.
    Missing(Timestamp),
    /// The clock showed this time twice.
    Twice {
        /// The first, in summer time.
        earlier: Timestamp,
        /// The second, in winter time.
        later: Timestamp,
    },
}

impl Zone {
    /// Finds a zone by its IANA name.
    ///
    /// # Errors
    /// [`ZoneError`] when there is none of that name.
    pub fn named(name: &str) -> Result<Self, ZoneError> {
        TimeZone::get(name).map(Self).map_err(|_| ZoneError(name.to_owned()))
    }

    /// Europe/London, the zone of a hub and a profile that name no other.
    #[must_use]
    pub fn london() -> Self {
        Self(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC))
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The clock on the wall at an instant.
    #[must_use]
    pub fn civil(&self, instant: Timestamp) -> DateTime {
        self.0.to_datetime(instant)
    }

    /// Seconds that local time is ahead of UTC at an instant given in seconds since 1970.
    #[must_use]
    pub fn offset_s(&self, at: i64) -> i64 {
        Timestamp::from_second(at).map_or(0, |instant| i64::from(self.0.to_offset(instant).seconds()))
    }

    /// Local time of many instants that lie near each other.
    #[must_use]
    pub fn local(&self) -> LocalTime<'_> {
        LocalTime { zone: self, offset_s: 0, from_s: 0, until_s: 0 }
    }

    /// The day on the wall at an instant.
    #[must_use]
    pub fn day(&self, instant: Timestamp) -> Date {
        self.civil(instant).date()
    }

    /// The instant, or instants, at which a clock on the wall shows a civil time.
    ///
    /// # Errors
    /// [`jiff::Error`] when the instant is outside the years that can be represented.
    pub fn resolve(&self, civil: DateTime) -> Result<Resolved, jiff::Error> {
        let ambiguous = self.0.to_ambiguous_timestamp(civil);
        Ok(match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => Resolved::Unique(ambiguous.unambiguous()?),
            AmbiguousOffset::Gap { .. } => Resolved::Missing(ambiguous.compatible()?),
            AmbiguousOffset::Fold { .. } => {
                Resolved::Twice { earlier: ambiguous.earlier()?, later: ambiguous.later()? }
            }
        })
    }

    /// The instant at which a civil day begins.
    #[must_use]
    pub fn start_of_day(&self, day: Date) -> Timestamp {
        self.0
            .to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
            .compatible()
            .unwrap_or(Timestamp::MIN)
    }

    /// Seconds in a civil day: 82,800, 86,400 or 90,000 in Europe/London.
    #[must_use]
    pub fn seconds_in_day(&self, day: Date) -> i64 {
        let next = day.checked_add(1.day()).unwrap_or(day);
        self.start_of_day(next).as_second() - self.start_of_day(day).as_second()
    }

    /// Seconds of a civil day at which the clock shows each hour: 3,600, or 0 and 7,200 where the clocks change.
    #[must_use]
    pub fn seconds_by_hour(&self, day: Date) -> [i64; 24] {
        let mut seconds = [3600; 24];
        if self.seconds_in_day(day) == 86_400 {
            return seconds;
        }
        seconds = [0; 24];
        let start = self.start_of_day(day).as_second();
        let end = start + self.seconds_in_day(day);
        let mut at = start;
        while at < end {
            // Quarter hours: no zone changes by less, and Lord Howe's half hour comes out right.
            if let Ok(instant) = Timestamp::from_second(at) {
                let hour = usize::try_from(self.civil(instant).hour()).unwrap_or(0);
                seconds[hour] += 900;
            }
            at += 900;
        }
        seconds
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_hour_that_is_missing_and_the_one_that_comes_twice_are_told_apart() {
        let london = Zone::london();
        assert!(matches!(london.resolve(date(2018, 3, 25).at(1, 30, 0, 0)).unwrap(), Resolved::Missing(_)));
        let Resolved::Twice { earlier, later } = london.resolve(date(2018, 10, 28).at(1, 30, 0, 0)).unwrap() else {
            unreachable!("the clocks go back on that day")
        };
        assert_eq!(later.as_second() - earlier.as_second(), 3600);
    }

    #[test]
    fn the_hours_of_a_day_add_up_to_its_length_at_both_clock_changes() {
        let london = Zone::london();
        for (day, length, hour_one) in
            [(date(2018, 3, 25), 82_800, 0), (date(2018, 10, 28), 90_000, 7200), (date(2018, 6, 6), 86_400, 3600)]
        {
            let hours = london.seconds_by_hour(day);
            assert_eq!(hours.iter().sum::<i64>(), length);
            assert_eq!(hours[1], hour_one);
            assert_eq!(london.seconds_in_day(day), length);
        }
    }

    #[test]
    fn an_unknown_zone_is_refused_by_name() {
        assert!(Zone::named("Europe/Londn").unwrap_err().to_string().contains("Europe/Londn"));
    }
}
