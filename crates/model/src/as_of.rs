//! As of when figures are asked for: a data version, a day or an instant.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::Zone;

/// As of when figures are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// As of the data version of this number.
    Version(i64),
    /// As of the end of a civil day.
    Day(Date),
    /// As of a civil time, the minute or second that it names included.
    Civil(DateTime, Precision),
    /// As of an instant.
    Instant(Timestamp),
}

/// How finely a civil time was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// `10:12`: up to the end of that minute.
    Minute,
    /// `10:12:30`.
    Second,
}

/// A text that names neither a data version nor a day nor a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is neither a data version nor a day nor a time")]
pub struct AsOfError(pub String);

impl AsOfError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        "Write the number of a data version, such as 37; a day, such as 2026-10-14; or a time, such as 2026-10-14T10:12 \
         (in the zone of the hub) or 2026-10-14T09:12:00Z."
    }
}

impl AsOf {
    /// Reads a number, a day or a time.
    ///
    /// # Errors
    /// [`AsOfError`] when the text is anything else.
    pub fn parse(text: &str) -> Result<Self, AsOfError> {
        let text = text.trim();
        let unknown = || AsOfError(text.to_owned());
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Self::Version).map_err(|_| unknown());
        }
        if text.len() == 10 {
            return text.parse().map(Self::Day).map_err(|_| unknown());
        }
        if let Ok(instant) = text.parse() {
            return Ok(Self::Instant(instant));
        }
        // A day alone has ten letters, so this one has a time.
        let civil: DateTime = text.parse().map_err(|_| unknown())?;
        let precision = if text.matches(':').count() > 1 { Precision::Second } else { Precision::Minute };
        Ok(Self::Civil(civil, precision))
    }

    /// Whether something made at an instant was there then, by the clock of a zone. A data version says nothing about that.
    #[must_use]
    pub fn admits(&self, made_at: Timestamp, zone: &Zone) -> bool {
        match self {
            Self::Version(_) => false,
            Self::Day(day) => zone.day(made_at) <= *day,
            Self::Instant(instant) => made_at <= *instant,
            Self::Civil(asked, precision) => {
                let made = zone.civil(made_at);
                let made = match precision {
                    Precision::Minute => made.with().second(0).subsec_nanosecond(0).build().unwrap_or(made),
                    Precision::Second => made.with().subsec_nanosecond(0).build().unwrap_or(made),
                };
                made <= *asked
            }
        }
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(number) => write!(f, "{number}"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Civil(civil, _) => write!(f, "{civil}"),
            Self::Instant(instant) => write!(f, "{instant}"),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn admits(asked: &str, made_at: &str) -> bool {
        AsOf::parse(asked).unwrap().admits(made_at.parse().unwrap(), &Zone::london())
    }

    #[test]
    fn a_number_is_a_version_and_a_date_a_day() {
        assert_eq!(AsOf::parse("37"), Ok(AsOf::Version(37)));
        assert_eq!(AsOf::parse(" 2026-10-14 "), Ok(AsOf::Day(jiff::civil::date(2026, 10, 14))));
        for text in ["", "x", "-1", "3.5", "2026-13-01", "2026-10", "14/10/2026", "99999999999999999999", "yesterday"] {
            let error = AsOf::parse(text).unwrap_err();
            assert!(error.to_string().contains(text) && error.advice().contains("2026-10-14"), "{text}");
        }
    }

    #[test]
    fn a_day_lasts_to_its_end_in_the_zone_of_the_hub() {
        assert!(admits("2026-07-01", "2026-07-01T22:59:59Z"));
        assert!(!admits("2026-07-01", "2026-07-01T23:00:00Z"), "it is 00:00 on 2 July in London");
    }

    #[test]
    fn a_time_includes_the_minute_that_it_names() {
        assert!(admits("2026-07-01T10:12", "2026-07-01T09:12:59.9Z"));
        assert!(!admits("2026-07-01T10:12", "2026-07-01T09:13:00Z"));
        assert!(!admits("2026-07-01T10:12:30", "2026-07-01T09:12:31Z"));
        assert!(admits("2026-07-01T09:12:30Z", "2026-07-01T09:12:30Z"));
        assert!(!admits("2026-07-01T09:12:30Z", "2026-07-01T09:12:30.5Z"));
    }
}
