//! Cells as text: dates and times in ISO on the sheet's own clock, numbers in their shortest form.

use calamine::{DataRef, ExcelDateTime, Style};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::formats::csv::on_one_line;

/// What a number format shows of an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    Date,
    Time,
    Both,
}

/// The number formats of a workbook, by style.
pub(super) struct Formats {
    by_style: Vec<Shows>,
    /// Days are counted from 1904 instead of 1900.
    is_1904: bool,
}

impl Formats {
    pub(super) fn of(styles: &[Style], is_1904: bool) -> Self {
        let code = |style: &Style| style.number_format.as_ref().map(|format| shows(&format.format_code));
        Self { by_style: styles.iter().map(|style| code(style).unwrap_or(Shows::Both)).collect(), is_1904 }
    }

    /// What stands in a cell: on one line, nothing for an error such as `#N/A`.
    pub(super) fn text(&self, value: &DataRef<'_>, style: usize) -> String {
        match value {
            DataRef::Int(number) => number.to_string(),
            DataRef::Float(number) => number.to_string(),
            DataRef::String(text) => on_one_line(text).into_owned(),
            DataRef::SharedString(text) => on_one_line(text).into_owned(),
            DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
            DataRef::DateTime(instant) => {
                let shown = self.by_style.get(style).copied().unwrap_or(Shows::Both);
                instant_text(instant, shown, self.is_1904)
            }
            DataRef::DateTimeIso(text) => text.replace('T', " "),
            DataRef::DurationIso(text) => text.clone(),
            _ => String::new(),
        }
    }
}

/// What a format code such as `dd/mm/yyyy hh:mm` shows. An `m` beside hours or seconds means minutes; alone it means months.
fn shows(code: &str) -> Shows {
    let (mut has_day, mut has_clock, mut has_m) = (false, false, false);
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter.to_ascii_lowercase() {
            // Only the first of several sections is for dates.
            ';' => break,
            '\\' | '_' | '*' => {
                letters.next();
            }
            '"' => {
                letters.by_ref().find(|letter| *letter == '"');
            }
            '[' => {
                letters.by_ref().find(|letter| *letter == ']');
            }
            'y' | 'd' => has_day = true,
            'h' | 's' => has_clock = true,
            'm' => has_m = true,
            _ => {}
        }
    }
    match (has_day || (has_m && !has_clock), has_clock) {
        (true, false) => Shows::Date,
        (false, true) => Shows::Time,
        _ => Shows::Both,
    }
}

const DAY_S: f64 = 86_400.0;
/// Days from the serial number 0 to the end of the year 9999.
const LAST_DAY: f64 = 2_958_466.0;

fn instant_text(instant: &ExcelDateTime, shown: Shows, is_1904: bool) -> String {
    let serial = instant.as_f64();
    if !(0.0..LAST_DAY).contains(&serial) {
        // A negative duration, or no date at all: the number says more than an invented day.
        return serial.to_string();
    }
    let (days, seconds) = days_and_seconds(serial);
    if instant.is_duration() {
        let hours = days * 24 + seconds / 3600;
        return format!("{hours:02}:{:02}:{:02}", seconds / 60 % 60, seconds % 60);
    }
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if shown == Shows::Time || (days == 0 && shown == Shows::Both) {
        return clock;
    }
    let Ok(day) = day_of(days, is_1904).map(|day| day.to_string()) else { return serial.to_string() };
    if shown == Shows::Date && seconds == 0 { day } else { format!("{day} {clock}") }
}

fn day_of(days: i64, is_1904: bool) -> Result<Date, jiff::Error> {
    // Excel takes 1900 for a leap year: before March of that year the count is one less.
    let lag = i64::from(!is_1904 && days < 60);
    let first = if is_1904 { date(1904, 1, 1) } else { date(1899, 12, 30) };
    first.checked_add((days + lag).days())
}

/// Whole days, and seconds of the day to the nearest.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn days_and_seconds(serial: f64) -> (i64, i64) {
    let seconds = (serial * DAY_S).round() as i64;
    (seconds / 86_400, seconds % 86_400)
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn formats_show_dates_times_or_both() {
        for (code, shown) in [
            ("mm-dd-yy", Shows::Date),
            ("dd/mm/yyyy;@", Shows::Date),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", Shows::Date),
            ("mmm", Shows::Date),
            ("h:mm AM/PM", Shows::Time),
            ("mm:ss", Shows::Time),
            ("m/d/yy h:mm", Shows::Both),
            ("yyyy\"h\"mm", Shows::Date),
        ] {
            assert_eq!(shows(code), shown, "{code}");
        }
    }

    #[test]
    fn serial_dates_are_written_in_iso() {
        let text =
            |serial, kind, is_1904, shown| instant_text(&ExcelDateTime::new(serial, kind, is_1904), shown, is_1904);
        for (serial, kind, is_1904, shown, written) in [
            (43_257.343_75, DateTime, false, Shows::Both, "2018-06-06 08:15:00"),
            (43_257.0, DateTime, false, Shows::Both, "2018-06-06 00:00:00"),
            (43_257.0, DateTime, false, Shows::Date, "2018-06-06"),
            (43_257.343_75, DateTime, false, Shows::Date, "2018-06-06 08:15:00"),
            (41_795.343_75, DateTime, true, Shows::Both, "2018-06-06 08:15:00"),
            (0.343_75, DateTime, false, Shows::Time, "08:15:00"),
            (0.742_361_111_111_111_14, DateTime, false, Shows::Time, "17:49:00"),
            (0.343_75, DateTime, false, Shows::Both, "08:15:00"),
            (43_256.999_999_999, DateTime, false, Shows::Both, "2018-06-06 00:00:00"),
            (26.0 / 24.0 + 10.0 / 1440.0, TimeDelta, false, Shows::Both, "26:10:00"),
            (1.0, DateTime, false, Shows::Date, "1900-01-01"),
            (61.0, DateTime, false, Shows::Date, "1900-03-01"),
            (-1.5, TimeDelta, false, Shows::Time, "-1.5"),
            (1e300, DateTime, false, Shows::Both, &1e300.to_string()),
        ] {
            assert_eq!(text(serial, kind, is_1904, shown), written, "{serial}");
        }
    }

    #[test]
    fn numbers_are_short_and_errors_are_nothing() {
        let formats = Formats::of(&[], false);
        for (value, written) in [
            (DataRef::Float(7.25), "7.25"),
            (DataRef::Float(50_914.0), "50914"),
            (DataRef::Float(6.503_999_999_999_999_6), "6.504"),
            (DataRef::Bool(true), "TRUE"),
            (DataRef::Error(calamine::CellErrorType::NA), ""),
            (DataRef::SharedString("Energy\r\n(kWh)"), "Energy (kWh)"),
            (DataRef::Empty, ""),
        ] {
            assert_eq!(formats.text(&value, 3), written);
        }
    }
}
