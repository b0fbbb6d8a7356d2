//! Dates with the name of their month or without separators, and cells in which they stand beside a clock.

use jiff::civil::{Date, DateTime, Time, Weekday};

use super::{Order, date, time, trimmed};

/// What stands between the parts of a date with the name of its month.
const BETWEEN: [char; 5] = [' ', '-', '/', '.', ','];

/// A date with the name of its month, such as `02-Apr-2024` or `April 2, 2024`, or of eight digits with the year first; any date behind
/// the name of its weekday, such as `Fri 01 March 2024`, if it is one.
pub(super) fn other_date(text: &str, order: Order) -> Option<Date> {
    let text = trimmed(text);
    let behind_weekday = || {
        let (weekday, rest) = behind_weekday(text)?;
        let is_date = |rest: &&str| rest.starts_with(|first: char| first.is_ascii_digit()) || named(rest).is_some();
        Some(rest).filter(is_date).and_then(|rest| date(rest, order)).filter(|date| date.weekday() == weekday)
    };
    compact(text).or_else(|| named(text)).or_else(behind_weekday)
}

/// The weekday at the beginning of a text, in English, whole or of three letters, and what stands behind it.
fn behind_weekday(text: &str) -> Option<(Weekday, &str)> {
    const DAYS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let end = text.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let (word, rest) = text.split_at_checked(end)?;
    let is_it = |name: &str| {
        word.eq_ignore_ascii_case(name) || name.get(..3).is_some_and(|short| word.eq_ignore_ascii_case(short))
    };
    let (_, weekday) = DAYS.into_iter().find(|(name, _)| is_it(name))?;
    let rest = rest.trim_start_matches([' ', ',', '.']);
    (rest.len() + end < text.len()).then_some((weekday, rest))
}

/// A date with a clock beside it, which `read` reads; `24:00` is the midnight that ends the day.
pub(super) fn at(day: Date, clock: &str, read: impl Fn(&str) -> Option<Time>) -> Option<DateTime> {
    match read(clock) {
        Some(time) => Some(day.to_datetime(time)),
        None => is_end_of_day(clock).then(|| day.tomorrow().ok())?.map(|next| next.to_datetime(Time::midnight())),
    }
}

/// Whether a clock shows the midnight that ends its day: `24:00`, `24:00:00`.
pub(crate) fn is_end_of_day(clock: &str) -> bool {
    let clock = trimmed(clock);
    let clock = clock.split_once('.').filter(|(_, fraction)| is_zeros(fraction)).map_or(clock, |(clock, _)| clock);
    clock == "24:00" || clock == "24:00:00"
}

fn is_zeros(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'0')
}

/// A date such as `20240402`. Years of this century alone, so that the day can never be meant to come first: there is no month 20.
fn compact(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = text.get(..4)?.parse().ok().filter(|year| (2000..=2099).contains(year))?;
    Date::new(year, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?).ok()
}

/// Whether a date has the name of its month, so that no order is needed to read it.
pub(crate) fn is_named(day: &str) -> bool {
    let text = trimmed(day);
    named(text).is_some() || behind_weekday(text).is_some_and(|(_, rest)| named(rest).is_some())
}

fn named(text: &str) -> Option<Date> {
    let (parts, end) = parts_with_name(text)?;
    let (day, month, year) = match parts.map(month_named) {
        [None, Some(month), None] if parts[0].len() == 4 => (parts[2], month, parts[0]),
        [None, Some(month), None] => (parts[0], month, parts[2]),
        // Beside a month in front, two digits at the end could be the hour.
        [Some(month), None, None] if parts[2].len() == 4 => (parts[1], month, parts[2]),
        _ => return None,
    };
    let century = match year.len() {
        2 => 2000,
        4 => 0,
        _ => return None,
    };
    let date = Date::new(year.parse::<i16>().ok()? + century, month, day.parse().ok()?).ok();
    date.filter(|_| end == text.len() && day.len() <= 2)
}

/// The number of a month by its English name, whole or of three letters.
fn month_named(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let is_it = |name: &&str| {
        let short = name.get(..3).unwrap_or(name);
        word.eq_ignore_ascii_case(name) || word.eq_ignore_ascii_case(short)
    };
    let at = MONTHS.iter().position(is_it);
    let at = at.or_else(|| word.eq_ignore_ascii_case("sept").then_some(8))?;
    i8::try_from(at + 1).ok()
}

/// The first three words or numbers of a text, and where the third ends; none where none is the name of a month.
fn parts_with_name(text: &str) -> Option<([&str; 3], usize)> {
    let mut parts = [""; 3];
    let mut at = 0;
    for part in &mut parts {
        let rest = text.get(at..)?;
        let word = rest.trim_start_matches(BETWEEN);
        let is_number = word.starts_with(|first: char| first.is_ascii_digit());
        let ends = |letter: char| !letter.is_ascii_alphanumeric() || letter.is_ascii_digit() != is_number;
        *part = word.get(..word.find(ends).unwrap_or(word.len())).filter(|part| !part.is_empty())?;
        at += rest.len() - word.len() + part.len();
    }
    parts.iter().any(|part| month_named(part).is_some()).then_some((parts, at))
}

/// A cell divided into its date and what stands beside it, which is empty where nothing does.
pub(super) fn divided(text: &str) -> (&str, &str) {
    let text = trimmed(text);
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = behind_weekday(text).map_or(text, |(_, rest)| rest);
    let end = match () {
        () if is_digits && matches!(text.len(), 12 | 14) => 8,
        () => match parts_with_name(rest) {
            Some((_, end)) => end,
            None => rest.find([' ', 'T', ',']).unwrap_or(rest.len()),
        },
    };
    let end = text.len() - rest.len() + end;
    let (day, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let rest = rest.strip_prefix('T').unwrap_or(rest);
    (day, rest.trim_start_matches([' ', ',']))
}

/// A date and a clock in one cell, in the less usual ways of writing them.
pub(super) fn other_date_time(text: &str, order: Order) -> Option<DateTime> {
    let (day, clock) = divided(text);
    at(date(day, order)?, clock, clock_beside)
}

/// A clock beside a date: also `04.27` and `0427`, which could be anything where no date stands beside them.
pub(super) fn clock_beside(text: &str) -> Option<Time> {
    time(text).or_else(|| dotted(text)).or_else(|| run_together(trimmed(text)))
}

fn dotted(text: &str) -> Option<Time> {
    let is_pair = |piece: &str| piece.bytes().take_while(u8::is_ascii_digit).count() == 2;
    let are_pairs = text.split('.').skip(1).take(2).all(is_pair);
    (are_pairs && text.contains('.') && !text.contains(':')).then(|| time(&text.replacen('.', ":", 2)))?
}

fn run_together(text: &str) -> Option<Time> {
    if !matches!(text.len(), 4 | 6) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hour, rest) = text.split_at_checked(2)?;
    let (minute, second) = rest.split_at_checked(2)?;
    let second = if second.is_empty() { "0" } else { second };
    Time::new(hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?, 0).ok()
}

/// A text without the zone at its end, and what clocks are ahead of UTC there, seconds. Only zones that mean one thing in a British
/// file: `GMT`, `UTC`, `Z` and `BST`.
pub(super) fn zone_beside(text: &str) -> Option<(&str, i64)> {
    let (rest, word) = trimmed(text).rsplit_once(' ')?;
    let is = |zone: &str| word.eq_ignore_ascii_case(zone);
    match () {
        () if is("UTC") || is("GMT") || is("Z") => Some((rest, 0)),
        () if is("BST") => Some((rest, 3600)),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use proptest::prelude::*;

    use super::super::{date_time, day_of, shown_order};
    use super::*;

    #[test]
    fn dates_with_names_and_without_separators_are_read_whatever_the_order() {
        for text in [
            "02-Apr-2024",
            "02 April 2024",
            "2 apr 2024",
            "2/Apr/24",
            "02APR2024",
            "April 2, 2024",
            "Apr 2 2024",
            "2024-Apr-02",
            "20240402",
        ] {
            for order in [Order::DayFirst, Order::MonthFirst] {
                assert_eq!(date(text, order), Some(day(2024, 4, 2)), "{text}");
            }
            assert_eq!(shown_order(text), None, "{text}");
        }
        for text in [
            "Tue 02 April 2024",
            "Tuesday, 2 Apr 2024",
            "TUE 02-Apr-2024",
            "Tue Apr 2 2024",
            "Tue, 2024-04-02",
            "tue. 20240402",
        ] {
            assert_eq!(date(text, Order::DayFirst), Some(day(2024, 4, 2)), "{text}");
        }
        assert_eq!(date("Wed 02 April 2024", Order::DayFirst), None, "it was a Tuesday");
        assert_eq!(shown_order("Tue 02/04/2024"), Some(Order::DayFirst), "4 February was a Sunday");
        for wrong in
            ["02-Foo-2024", "31 Feb 2024", "Apr 2 24", "2 Apr", "Apr Apr 2024", "20241302", "19990402", "02042024"]
        {
            assert_eq!(date(wrong, Order::DayFirst), None, "{wrong}");
        }
    }

    #[test]
    fn a_date_and_a_clock_are_told_apart_in_one_cell() {
        for text in [
            "02-Apr-2024 04:27",
            "02 April 2024 04:27",
            "02 April 2024, 4:27 am",
            "02-APR-2024T04:27:00",
            "02/04/2024, 04:27:00",
            "02/04/2024,04:27",
            "02/04/2024, 04:27:00 AM",
            "02.04.2024 04.27",
            "02.04.2024 04.27.00",
            "02.04.2024 4.27am",
            "20240402 042700",
            "20240402 04:27",
            "20240402T0427",
            "20240402042700",
            "202404020427",
            "Tue 02 April 2024 04:27",
            "Tue, 02 Apr 2024 4:27 AM",
            "Tuesday 02/04/2024 04:27:00",
            "Tue 2024-04-02T04:27",
        ] {
            assert_eq!(date_time(text, Order::DayFirst), Some(day(2024, 4, 2).at(4, 27, 0, 0)), "{text}");
        }
        for wrong in [
            "02/04/2024",
            "02/04/2024,",
            "20240402 2500",
            "20240402046000",
            "02.04.2024 4.5",
            "Apr 2 04:27",
            "20240402",
        ] {
            assert_eq!(date_time(wrong, Order::DayFirst), None, "{wrong}");
        }
    }

    #[test]
    fn the_end_of_a_day_is_the_midnight_of_the_next() {
        for text in ["28/02/2024 24:00", "2024-02-28T24:00:00", "28 Feb 2024 24:00:00.000", "28/02/2024, 24:00"] {
            assert_eq!(date_time(text, Order::DayFirst), Some(day(2024, 2, 29).at(0, 0, 0, 0)), "{text}");
        }
        for wrong in ["28/02/2024 24:01", "28/02/2024 25:00", "28/02/2024 24:00:01", "28/02/2024 24:00 PM"] {
            assert_eq!(date_time(wrong, Order::DayFirst), None, "{wrong}");
        }
    }

    #[test]
    fn the_date_of_a_cell_is_found_beside_its_clock() {
        for (text, date) in [
            ("02/04/2024 04:27", "02/04/2024"),
            ("2/4/24 04:27", "2/4/24"),
            ("2024-04-02T04:27", "2024-04-02"),
            ("02/04/2024, 04:27", "02/04/2024"),
            ("02 April 2024 04:27", "02 April 2024"),
            ("02-OCT-2024 04:27", "02-OCT-2024"),
            ("20240402042700", "20240402"),
            ("Tue 02 April 2024 04:27", "Tue 02 April 2024"),
            ("Tue, 02/04/2024 04:27", "Tue, 02/04/2024"),
            ("", ""),
        ] {
            assert_eq!(day_of(text), date, "{text}");
        }
    }

    #[test]
    fn only_zones_that_mean_one_thing_are_read_beside_a_time() {
        assert_eq!(zone_beside("04:27 UTC"), Some(("04:27", 0)));
        assert_eq!(zone_beside("02/07/2024 04:27 bst"), Some(("02/07/2024 04:27", 3600)));
        assert_eq!(zone_beside("04:27 EST"), None);
        assert_eq!(zone_beside("UTC"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_divided_or_refused_without_harm(text in "[ 0-9A-Za-zé,./:-]{0,24}|\\PC{0,24}") {
            let _ = (other_date_time(&text, Order::DayFirst), other_date(&text, Order::MonthFirst), clock_beside(&text), zone_beside(&text));
            let (day, rest) = divided(&text);
            prop_assert!(day.len() + rest.len() <= text.len());
        }

        #[test]
        fn a_written_moment_is_read_back_in_each_notation(days in 10_957i64..47_000, minute in 0i8..60, hour in 0i8..24) {
            let written = kerbwatt_model::day_of_number(days).at(hour, minute, 0, 0);
            for format in [
                "%d-%b-%Y %H:%M", "%-d %B %Y %H:%M", "%B %-d, %Y %I:%M %p", "%d/%m/%Y, %H:%M:%S", "%d.%m.%Y %H.%M",
                "%Y%m%d %H%M%S", "%Y%m%d%H%M%S",
                "%a %d %B %Y %H:%M", "%A, %d/%m/%Y %H:%M:%S",
            ] {
                let text = written.strftime(format).to_string();
                prop_assert_eq!(date_time(&text, Order::DayFirst), Some(written), "{}", text);
            }
        }
    }
}
