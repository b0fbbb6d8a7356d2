//! When a session starts and ends, by the cells of a row.

use jiff::{Timestamp, ToSpan};
use kerbwatt_model::{Flag, Zone};

use super::{Reader, seconds};
use crate::checks::Rule;
use crate::fields;
use crate::formats::Row;
use crate::profiles::Field;
use crate::repairs::Reading;
use crate::sessions::gather::civil_seconds;
use crate::sessions::instants::Instant;

/// 2000-01-01 and 2099-12-31, UTC.
const FIRST_S: i64 = 946_684_800;
const LAST_S: i64 = 4_102_444_799;

impl Reader<'_> {
    /// A civil time in one cell, as the layout writes them.
    pub(in crate::sessions) fn civil(&self, text: &str) -> Option<jiff::civil::DateTime> {
        self.clock.civil(text, None)
    }

    /// Civil seconds of a cell; seconds UTC where the layout gives instants.
    pub(in crate::sessions) fn civil_s(&self, record: &Row<'_>, day: Field, clock: Field) -> Option<i64> {
        let (text, second) = self.day_and_clock(record, day, clock)?;
        if self.clock.is_civil() {
            self.clock.civil(text, second).map(civil_seconds)
        } else {
            self.clock.read(text, second, Reading::default()).map(|instant| instant.at.as_second())
        }
    }

    /// Seconds of the plugged duration, as reported.
    pub(in crate::sessions) fn duration_s(&self, record: &Row<'_>) -> Option<i64> {
        self.text(record, Field::Duration)?;
        self.length_s(record, Field::Duration)
    }

    pub(in crate::sessions) fn end_field(&self) -> Field {
        if self.has(Field::PlugOut) { Field::PlugOut } else { Field::Duration }
    }

    pub(super) fn charging_end_field(&self) -> Field {
        if self.feeds(Field::ChargingEnd) { Field::ChargingEnd } else { Field::ChargingDuration }
    }

    pub(super) fn instant(
        &self,
        record: &Row<'_>,
        day: Field,
        clock: Field,
        reading: Reading,
    ) -> Result<Option<Instant>, ()> {
        let Some((text, second)) = self.day_and_clock(record, day, clock) else { return Ok(None) };
        self.clock.read(text, second, reading).map(Some).ok_or(())
    }

    /// The cell of a date and that of its clock, where the layout splits them; none where either is blank.
    fn day_and_clock<'r>(
        &'r self,
        record: &'r Row<'r>,
        day: Field,
        clock: Field,
    ) -> Option<(&'r str, Option<&'r str>)> {
        let text = self.text(record, day)?;
        let is_split = clock != day && self.has(clock);
        let second = if is_split { Some(self.text(record, clock)?) } else { None };
        Some((text, second))
    }

    /// The start as reported, if a session can start then.
    pub(super) fn start(&self, record: &Row<'_>, reading: Reading) -> Result<Instant, (Rule, Field)> {
        let start = match self.instant(record, Field::PlugIn, Field::PlugInTime, reading) {
            Ok(Some(start)) => start,
            Ok(None) => return Err((Rule::MissingStart, Field::PlugIn)),
            Err(()) => return Err((Rule::UnreadableStart, Field::PlugIn)),
        };
        let at_s = start.at.as_second();
        if !(FIRST_S..=self.last_start_s).contains(&at_s) {
            let is_date = (FIRST_S..=LAST_S).contains(&at_s);
            return Err((if is_date { Rule::StartInFuture } else { Rule::StartOutOfRange }, Field::PlugIn));
        }
        match self.in_wrong_order(record) {
            Some(field) => Err((Rule::OtherDateOrder, field)),
            None => Ok(start),
        }
    }

    /// The end as reported, or from the duration.
    pub(super) fn end(&self, record: &Row<'_>, start: Timestamp, reading: Reading) -> Result<Option<Instant>, ()> {
        if self.end_field() == Field::PlugOut {
            return self.instant(record, Field::PlugOut, Field::PlugOutTime, reading);
        }
        if self.text(record, Field::Duration).is_none() {
            return Ok(None);
        }
        self.after(record, Field::Duration, start).map(Some).ok_or(())
    }

    /// When energy stopped flowing, and what must be said of it: an end before the plug was in says nothing of how long was charged.
    pub(super) fn charged_until(
        &self,
        record: &Row<'_>,
        start: Timestamp,
        reading: Reading,
    ) -> Result<(Option<Timestamp>, i32), Rule> {
        let Some(end) = self.charging_end(record, start, reading).map_err(|()| Rule::UnreadableEnd)? else {
            return Ok((None, 0));
        };
        let at = if end.at < start { end.again.unwrap_or(end.at) } else { end.at };
        match at {
            _ if at < start => Ok((None, Flag::ChargedBeforePlugged.bit())),
            _ if at.as_second() > LAST_S => Err(Rule::EndOutOfRange),
            _ => Ok((Some(at), 0)),
        }
    }

    /// When energy stopped flowing: as reported, or from the duration of charging.
    fn charging_end(&self, record: &Row<'_>, start: Timestamp, reading: Reading) -> Result<Option<Instant>, ()> {
        if self.feeds(Field::ChargingEnd) || self.text(record, Field::ChargingDuration).is_none() {
            return self.instant(record, Field::ChargingEnd, Field::ChargingEnd, reading);
        }
        self.after(record, Field::ChargingDuration, start).map(Some).ok_or(())
    }

    /// The instant that a duration after the start ends at.
    fn after(&self, record: &Row<'_>, field: Field, start: Timestamp) -> Option<Instant> {
        let reported = seconds(self.length_s(record, field)?);
        let length = whole(reported * self.plan.duration_factor)?;
        let at = Timestamp::from_second(start.as_second().saturating_add(length)).ok()?;
        Some(Instant { at, again: None, is_moved: false })
    }

    /// A duration in seconds, in the unit of the layout.
    fn length_s(&self, record: &Row<'_>, field: Field) -> Option<i64> {
        fields::duration_s(self.shown(record, field)?, self.layout.profile.duration, self.comma_is_decimal())
    }
}

/// The end of the day after the return was received, on the clocks of its charge points.
pub(super) fn last_start_s(zone: &Zone, received: Option<Timestamp>) -> i64 {
    let after = received.and_then(|at| zone.day(at).checked_add(2.days()).ok());
    after.map_or(LAST_S, |day| LAST_S.min(zone.start_of_day(day).as_second() - 1))
}

/// Seconds as a whole number, within ten years.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn whole(seconds: f64) -> Option<i64> {
    (seconds.abs() < 3.2e8).then(|| seconds.round() as i64)
}
