//! Moments: a date and a clock, or an instant, in whatever way a layout writes them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::rfc2822;
use kerbwatt_model::day_number;

use super::days::{at, clock_beside, divided, zone_beside};
use super::{Order, date, date_time, serial, shown_order, time, trimmed};
use crate::profiles::Times;

/// What a cell says of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// An instant, whatever the zone.
    Instant(Timestamp),
    /// What a clock on the wall showed.
    Civil(DateTime),
}

/// The moment of a cell, with its clock in a second cell where the layout splits them. Dates of [`Times::Mixed`] that fit both
/// orders are read day first; [`ordered`] reads them in another.
pub(crate) fn moment(times: Times, day: &str, clock: Option<&str>) -> Option<Moment> {
    match times {
        Times::Rfc3339 => rfc3339(day).map(Moment::Instant),
        Times::Epoch => epoch(day).map(Moment::Instant),
        Times::EpochMs => epoch_ms(day).map(Moment::Instant),
        Times::Rfc2822 => rfc2822(day).map(Moment::Instant),
        Times::JavaScript => java_script(day).map(Moment::Instant),
        Times::DayFirst => ordered(day, clock, Order::DayFirst),
        Times::MonthFirst => ordered(day, clock, Order::MonthFirst),
        Times::YearFirst => is_year_first(day).then(|| ordered(day, clock, Order::DayFirst))?,
        Times::Mixed => ordered(day, clock, shown_order(day_of(day)).unwrap_or(Order::DayFirst)),
        Times::Serial => serial(day, clock).map(Moment::Civil),
    }
}

/// The moment of a civil date and clock, in one cell or two: an instant where the zone stands beside them.
pub(crate) fn ordered(day: &str, clock: Option<&str>, order: Order) -> Option<Moment> {
    civil(day, clock, order).map(Moment::Civil).or_else(|| in_its_zone(day, clock, order).map(Moment::Instant))
}

/// The date of a cell that may hold a clock too.
pub(crate) fn day_of(text: &str) -> &str {
    let text = trimmed(text);
    let piece = text.split([' ', 'T']).next().unwrap_or_default();
    // The usual dates; names of months and dates without separators take a closer look.
    let is_date = (6..=10).contains(&piece.len()) && piece.ends_with(|last: char| last.is_ascii_digit());
    if is_date { piece } else { divided(text).0 }
}

/// A civil date and clock, in one cell or two. A clock of midnight beside a date that has a clock of its own says nothing: it is
/// how databases write dates.
fn civil(day: &str, clock: Option<&str>, order: Order) -> Option<DateTime> {
    let Some(clock) = clock else { return date_time(day, order) };
    let without_midnight = || {
        let (alone, rest) = divided(day);
        (time(rest)? == Time::midnight()).then(|| date(alone, order))?
    };
    let date = date(day, order).or_else(without_midnight)?;
    at(date, clock, clock_beside)
}

/// A date and clock with the zone behind them, such as `2024-04-02 03:27:00 UTC`.
fn in_its_zone(day: &str, clock: Option<&str>, order: Order) -> Option<Timestamp> {
    let (text, ahead_s) = zone_beside(clock.unwrap_or(day))?;
    let at = if clock.is_some() { civil(day, Some(text), order) } else { civil(text, None, order) }?;
    let as_utc = jiff::tz::Offset::UTC.to_timestamp(at).ok()?;
    Timestamp::from_second(as_utc.as_second() - ahead_s).ok()
}

fn is_year_first(day: &str) -> bool {
    matches!(trimmed(day).bytes().take_while(u8::is_ascii_digit).count(), 4 | 8 | 12 | 14)
}

/// An instant in RFC 3339, in whole seconds; also as the Atlas charging-use specification writes it.
fn rfc3339(text: &str) -> Option<Timestamp> {
    let text = trimmed(text);
    let usual = plain_utc(text).or_else(|| whole_seconds(text.parse().ok().or_else(|| atlas(text))?));
    let usual = usual.or_else(|| end_of_day(text));
    usual.or_else(|| is_year_first(text).then(|| in_its_zone(text, None, Order::DayFirst))?)
}

/// An instant at the end of its day, such as `2024-03-01T24:00:00Z`: the midnight of the next.
fn end_of_day(text: &str) -> Option<Timestamp> {
    let (day, clock) = text.split_at_checked("2024-03-01T".len())?;
    let begins: Timestamp = format!("{day}00:00{}", clock.strip_prefix("24:00")?).parse().ok()?;
    let is_exact = begins.as_second().rem_euclid(60) == 0 && begins.subsec_nanosecond() == 0;
    is_exact.then(|| Timestamp::from_second(begins.as_second() + 86_400).ok())?
}

/// An instant exactly as `2024-03-01T08:15:00Z`, which most files write: three of them in a row are most of its reading.
fn plain_utc(text: &str) -> Option<Timestamp> {
    let text: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    if marks.iter().any(|(at, mark)| text[*at] != *mark) {
        return None;
    }
    let digit =
        |at: usize| text[at].checked_sub(b'0').filter(|digit| *digit < 10).and_then(|digit| i8::try_from(digit).ok());
    let pair = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    let day = Date::new(i16::from(pair(0)?) * 100 + i16::from(pair(2)?), pair(5)?, pair(8)?).ok()?;
    let (hour, minute, second) = (pair(11)?, pair(14)?, pair(17)?);
    // A leap second is left to the library.
    let is_on_a_clock = hour < 24 && minute < 60 && second < 60;
    let of_day = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    is_on_a_clock.then(|| Timestamp::from_second(day_number(day) * 86_400 + of_day).ok())?
}

/// An instant such as `20220101 01:01:01 [-5:00]`.
fn atlas(text: &str) -> Option<Timestamp> {
    let (civil, offset) = trimmed(text).strip_suffix(']')?.split_once('[')?;
    let (day, clock) = civil.trim().split_once(' ')?;
    let (sign, hours) = (offset.get(..1)?, offset.get(1..)?);
    let padding = if hours.find(':')? == 1 { "0" } else { "" };
    let (year, rest) = day.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    format!("{year}-{month}-{day}T{}{sign}{padding}{hours}", clock.trim()).parse().ok()
}

/// Seconds since 1970; a fraction is left off.
fn epoch(text: &str) -> Option<Timestamp> {
    Timestamp::from_second(whole(text)?).ok()
}

/// Milliseconds since 1970, in whole seconds.
fn epoch_ms(text: &str) -> Option<Timestamp> {
    Timestamp::from_second(whole(text)?.div_euclid(1000)).ok()
}

/// An instant in RFC 2822, such as `Wed, 25 Apr 2018 11:08:04 GMT`.
fn rfc2822(text: &str) -> Option<Timestamp> {
    static PARSER: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new();
    whole_seconds(PARSER.parse_timestamp(trimmed(text)).ok()?)
}

/// An instant as JavaScript writes it: `Fri Apr 14 2017 00:49:24 GMT+0200 (CEST)`. The name in brackets says nothing more.
fn java_script(text: &str) -> Option<Timestamp> {
    let instant = trimmed(text).split('(').next()?.trim_end();
    whole_seconds(Timestamp::strptime("%a %b %d %Y %H:%M:%S GMT%z", instant).ok()?)
}

fn whole_seconds(instant: Timestamp) -> Option<Timestamp> {
    Timestamp::from_second(instant.as_second()).ok()
}

/// A whole number, its fraction left off if that is zeros or digits.
fn whole(text: &str) -> Option<i64> {
    let (digits, fraction) = trimmed(text).split_once('.').unwrap_or((trimmed(text), ""));
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Times; 10] = [
        Times::Rfc3339,
        Times::Epoch,
        Times::EpochMs,
        Times::DayFirst,
        Times::MonthFirst,
        Times::YearFirst,
        Times::Mixed,
        Times::Rfc2822,
        Times::JavaScript,
        Times::Serial,
    ];

    fn shown(times: Times, day: &str, clock: Option<&str>) -> String {
        match moment(times, day, clock) {
            Some(Moment::Instant(at)) => at.to_string(),
            Some(Moment::Civil(at)) => at.to_string(),
            None => "-".to_owned(),
        }
    }

    #[test]
    fn each_way_of_writing_a_moment_is_read() {
        for (times, day, clock, read) in [
            (Times::Rfc3339, "2024-03-01T08:15:00+01:00", None, "2024-03-01T07:15:00Z"),
            (Times::Rfc3339, "2020-01-02 13:08:54+00:00", None, "2020-01-02T13:08:54Z"),
            (Times::Rfc3339, "2024-03-01T08:15:00", None, "-"),
            (Times::Rfc3339, "20220101 01:01:01 [-5:00]", None, "2022-01-01T06:01:01Z"),
            (Times::Rfc3339, "20220101 01:01:01 [+10:30]", None, "2021-12-31T14:31:01Z"),
            (Times::Rfc3339, "20220101 01:01:01 []", None, "-"),
            (Times::Rfc3339, "2024-04-02 03:27:00 UTC", None, "2024-04-02T03:27:00Z"),
            (Times::Rfc3339, "2024-04-02 04:27 BST", None, "2024-04-02T03:27:00Z"),
            (Times::Rfc3339, "02/04/2024 04:27 BST", None, "-"),
            (Times::DayFirst, "02/04/2024 04:27 GMT", None, "2024-04-02T04:27:00Z"),
            (Times::DayFirst, "02/04/2024 04:27 CST", None, "-"),
            (Times::MonthFirst, "4/2/2024", Some("4:27 AM UTC"), "2024-04-02T04:27:00Z"),
            (Times::DayFirst, "02-Apr-2024", Some("04.27"), "2024-04-02T04:27:00"),
            (Times::DayFirst, "02 Apr 2024 00:00:00", Some("04:27"), "2024-04-02T04:27:00"),
            (Times::YearFirst, "20240402", Some("042700"), "2024-04-02T04:27:00"),
            (Times::YearFirst, "20240402042700", None, "2024-04-02T04:27:00"),
            (Times::Mixed, "02 April 2024 04:27", None, "2024-04-02T04:27:00"),
            (Times::Serial, "45384.18541667", None, "2024-04-02T04:27:00"),
            (Times::Serial, "02/04/2024 04:27", None, "-"),
            (Times::Epoch, "1709280900", None, "2024-03-01T08:15:00Z"),
            (Times::Epoch, "1709280900.25", None, "2024-03-01T08:15:00Z"),
            (Times::EpochMs, "1709280900250", None, "2024-03-01T08:15:00Z"),
            (Times::Rfc3339, "2024-02-29T24:00:00Z", None, "2024-03-01T00:00:00Z"),
            (Times::Rfc3339, "2024-02-29T24:00:00+01:00", None, "2024-02-29T23:00:00Z"),
            (Times::Rfc3339, "2024-02-29T24:00:01Z", None, "-"),
            (Times::Rfc3339, "2024-02-29T24:01:00Z", None, "-"),
            (Times::DayFirst, "29/02/2024", Some("24:00"), "2024-03-01T00:00:00"),
            (Times::DayFirst, "29/02/2024 24:00 UTC", None, "2024-03-01T00:00:00Z"),
            (Times::YearFirst, "2024-02-29", Some("24:00:00"), "2024-03-01T00:00:00"),
            (Times::DayFirst, "Fri 01 March 2024 00:04", None, "2024-03-01T00:04:00"),
            (Times::DayFirst, "Fri 01 March 2024", Some("00:04"), "2024-03-01T00:04:00"),
            (Times::DayFirst, "01/03/2024 8:15", None, "2024-03-01T08:15:00"),
            (Times::DayFirst, "2024-03-01 08:15:00", None, "2024-03-01T08:15:00"),
            (Times::MonthFirst, "3/1/2024 8:15", None, "2024-03-01T08:15:00"),
            (Times::MonthFirst, "3/1/2024", Some("8:15 PM"), "2024-03-01T20:15:00"),
            (Times::MonthFirst, "13/1/2024 8:15", None, "-"),
            (Times::YearFirst, "2024-03-01T08:15:00.125", None, "2024-03-01T08:15:00"),
            (Times::YearFirst, "2024/03/01 08:15", None, "2024-03-01T08:15:00"),
            (Times::YearFirst, "2017-08-31T00:00:00", Some("22:12"), "2017-08-31T22:12:00"),
            (Times::YearFirst, "2017-08-31T01:00:00", Some("22:12"), "-"),
            (Times::YearFirst, "01/03/2024 08:15", None, "-"),
            (Times::Mixed, "1/13/2018 08:15", None, "2018-01-13T08:15:00"),
            (Times::Rfc2822, "Wed, 25 Apr 2018 11:08:04 GMT", None, "2018-04-25T11:08:04Z"),
            (Times::JavaScript, "Fri Apr 14 2017 00:49:24 GMT+0200 (CEST)", None, "2017-04-13T22:49:24Z"),
            (
                Times::JavaScript,
                "Fri Apr 14 2017 00:49:24 GMT+0000 (Coordinated Universal Time)",
                None,
                "2017-04-14T00:49:24Z",
            ),
            (Times::JavaScript, "Fri Foo 14 2017 00:49:24 GMT+0200", None, "-"),
        ] {
            assert_eq!(shown(times, day, clock), read, "{day} {clock:?} as {times:?}");
        }
    }

    proptest! {
        #[test]
        fn a_plain_instant_is_read_as_the_library_reads_it(text in "[012][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z") {
            let read: Option<Timestamp> = text.parse().ok();
            prop_assert_eq!(rfc3339(&text), read);
        }

        #[test]
        fn any_text_is_read_or_refused_without_harm(day in "\\PC{0,32}", clock in "\\PC{0,10}") {
            for times in ALL {
                let _ = (moment(times, &day, None), moment(times, &day, Some(&clock)));
            }
        }
    }
}
