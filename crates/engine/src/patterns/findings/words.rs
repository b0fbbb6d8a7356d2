//! Numbers, dates and periods as officers write them.

use jiff::civil::Date;
use kerbwatt_model::Period;

/// `48,210`
pub(crate) fn count(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 charge point`, `48,210 charge points`
pub(crate) fn some(number: f64, one: &str) -> String {
    let plural = if number.round() == 1.0 { "" } else { "s" };
    format!("{} {one}{plural}", count(number))
}

/// `34%`; what is not all is never 100%, and what is not nothing never 0%.
pub(crate) fn percent(share: f64) -> String {
    let whole = (share * 100.0).round();
    if share > 0.0 && share < 0.01 {
        return "less than 1%".to_owned();
    }
    let whole = if share < 1.0 { whole.min(99.0) } else { whole };
    format!("{}%", count(whole))
}

/// `1 Sep 2024`
pub(crate) fn day(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

/// `in 2024`, `in September 2024`, `from October to December 2025`, `from 6 Jun to 6 Sep 2018`, `on 6 Jun 2018`
pub(crate) fn period(period: &Period) -> String {
    let (first, last) = (period.first, period.last);
    let same_year = first.year() == last.year();
    let month = |day: Date| day.strftime("%B").to_string();
    if period.is_whole_months() {
        return match (first.month(), last.month()) {
            (1, 12) if same_year => format!("in {}", first.year()),
            (from, to) if same_year && from == to => format!("in {} {}", month(first), first.year()),
            _ if same_year => format!("from {} to {} {}", month(first), month(last), last.year()),
            _ => format!("from {} {} to {} {}", month(first), first.year(), month(last), last.year()),
        };
    }
    if first == last {
        return format!("on {}", day(first));
    }
    let from = if same_year { first.strftime("%-d %b").to_string() } else { day(first) };
    format!("from {from} to {}", day(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_officers_write_them() {
        assert_eq!((count(48_210.0).as_str(), count(999.6).as_str(), count(0.0).as_str()), ("48,210", "1,000", "0"));
        assert_eq!((some(1.0, "session"), some(0.0, "session")), ("1 session".to_owned(), "0 sessions".to_owned()));
        let shares = [0.342, 0.999, 1.0, 0.004, 0.0, 1.234].map(percent);
        assert_eq!(shares, ["34%", "99%", "100%", "less than 1%", "0%", "123%"]);
    }

    #[test]
    fn periods_read_as_officers_write_them() {
        let read = |text: &str| Period::parse(text).map(|asked| period(&asked)).unwrap_or_default();
        assert_eq!(read("2024"), "in 2024");
        assert_eq!(read("2024-09"), "in September 2024");
        assert_eq!(read("2025-10..2025-12"), "from October to December 2025");
        assert_eq!(read("2024-10..2025-03"), "from October 2024 to March 2025");
        assert_eq!(read("2018-06-06..2018-09-06"), "from 6 Jun to 6 Sep 2018");
        assert_eq!(read("2018-12-06..2019-01-06"), "from 6 Dec 2018 to 6 Jan 2019");
        assert_eq!(read("2018-06-06"), "on 6 Jun 2018");
    }
}
