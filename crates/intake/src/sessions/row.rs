//! One row: from cells to a session, or to the reason why it is none.

use jiff::{Timestamp, ToSpan};
use kerbwatt_model::{Flag, Session, Zone};

use super::credits::Credits;
use super::gather::civil_seconds;
use super::instants::{Clock, Instant};
use super::nothing::{is_nobody, is_nothing};
use super::{lengths, spilled};
use crate::checks::Rule;
use crate::fields::Fee;
use crate::formats::Row;
use crate::profiles::{DurationUnit, FeeUnit, Field, Recognised};
use crate::repairs::{Plan, Reading};
use crate::{Declared, Rejected, Thresholds, fields, showing};

/// What became of a row.
pub(super) type Outcome<'r> = Result<Session<'r>, (Rule, Rejected)>;

/// Where a field of the model stands in a row.
#[derive(Clone, Copy)]
pub(super) enum Place<'l> {
    Nowhere,
    Column(usize),
    /// The same in each row.
    Constant(&'l str),
}

/// Reads rows of one file.
pub(super) struct Reader<'l> {
    layout: &'l Recognised,
    clock: Clock,
    plan: Plan,
    thresholds: Thresholds,
    credits: Credits,
    pub(super) places: [Place<'l>; Field::COUNT],
    /// Cells that a row must have.
    width: usize,
    /// What may be cut from a length, seconds.
    most_cut_s: f64,
    /// The last second in which a session may start.
    last_start_s: i64,
    /// Dates that fit both orders are in the one that the layout does not have, as others show.
    pub(super) is_other_order: bool,
}

/// A rejected row.
pub(super) fn rejected(rule: Rule, row: u64, column: String, value: &str, energy_kwh: f64) -> (Rule, Rejected) {
    let check = rule.check();
    let (column, value) = (column.into(), shortened(value).into());
    let rejected = Rejected { row, rule: check.id, column, value, energy_kwh, advice: check.advice };
    (rule, rejected)
}

/// Header of the session ids; of the charge points where there are none.
pub(super) fn id_column(layout: &Recognised) -> String {
    let of_sessions = layout.columns.contains_key(&Field::SessionId);
    layout.header_of(if of_sessions { Field::SessionId } else { Field::Device })
}

pub(super) fn shortened(value: &str) -> String {
    const LONGEST: usize = 120;
    let clean = value.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.take(LONGEST).collect()
}

impl<'l> Reader<'l> {
    pub(super) fn new(layout: &'l Recognised, clock: Clock, declared: &Declared<'_>) -> Self {
        let needed = layout.needed().max();
        let mut places = [Place::Nowhere; Field::COUNT];
        for (field, text) in &layout.profile.constants {
            places[*field as usize] = Place::Constant(text);
        }
        for (field, column) in &layout.columns {
            places[*field as usize] = Place::Column(*column);
        }
        let width = needed.map_or(0, |last| last + 1);
        let is_of_hours =
            layout.profile.duration == DurationUnit::Hours && !layout.columns.contains_key(&Field::PlugOut);
        let most_cut_s = if is_of_hours { 3600.0 } else { 60.0 };
        let (plan, credits) = (Plan::default(), Credits::default());
        Self {
            layout,
            clock,
            plan,
            thresholds: declared.thresholds,
            credits,
            places,
            width,
            most_cut_s,
            last_start_s: last_start_s(&layout.profile.zone(), declared.received),
            is_other_order: false,
        }
    }

    /// Whether rows are read in ways of their own, so that the same cells may say different things.
    pub(super) fn reads_row_by_row(&self) -> bool {
        self.plan.is_by_row()
    }

    /// Whether a row, of which a session with these flags was made, is one of those: only these have to be compared cell by cell
    /// to know copies, for copies of the others have the same ids.
    pub(super) fn is_read_by_itself(&self, row: u64, flags: i32) -> bool {
        self.plan.is_settled(row) || flags & Flag::ClockChange.bit() != 0
    }

    /// The same reader, reading as repairs have it.
    pub(super) fn with(mut self, plan: Plan) -> Self {
        if plan.is_utc {
            self.clock = self.clock.on_utc();
        }
        self.plan = plan;
        self
    }

    /// The same reader, of a file whose dates are in the order that the layout does not have, as far as they show it.
    pub(super) fn in_other_order(self, is_other_order: bool) -> Self {
        Self { is_other_order, ..self }
    }

    /// The same reader, which knows of the credits in the file.
    pub(super) fn crediting(self, credits: Credits) -> Self {
        Self { credits, ..self }
    }

    pub(super) fn credits(&self) -> &Credits {
        &self.credits
    }

    /// A total below the rows.
    pub(super) fn is_footer(&self, record: &Row<'_>) -> bool {
        let first = record.get(0).unwrap_or_default().trim_ascii();
        self.layout.profile.footer.as_ref().is_some_and(|footer| footer.eq_ignore_ascii_case(first))
    }

    /// Whether something stands behind the last column: then a delimiter within a cell may have moved those behind it,
    /// and no cell can be trusted to be what its column says.
    pub(super) fn is_shifted(&self, record: &Row<'_>) -> bool {
        record.holds_beyond(self.layout.width)
    }

    /// Energy of a row in kWh, as in the file.
    pub(super) fn energy_kwh(&self, record: &Row<'_>) -> Option<f64> {
        let text = self.shown(record, Field::Energy)?;
        let kwh = fields::energy_kwh(text, self.layout.profile.energy, self.comma_is_decimal())?;
        Some(if self.plan.is_energy_in_wh { kwh / 1000.0 } else { kwh })
    }

    /// Why the cells of a row are not those of its columns, and what is told of it.
    fn misshapen(&self, record: &Row<'_>) -> Option<(Rule, String)> {
        // First, for a row that swallowed others has mostly too few cells as well.
        if let Some(rows) = spilled::count(self.layout, self.width, record) {
            let value = format!("{rows} {} below it not read", if rows == 1 { "row" } else { "rows" });
            return Some((Rule::UnclosedQuote, value));
        }
        if record.len() < self.width {
            return Some((Rule::TruncatedRow, format!("{} of {} cells", record.len(), self.width)));
        }
        let value = || format!("{} cells, {} headers", record.len(), self.layout.width);
        self.is_shifted(record).then(|| (Rule::TooManyCells, value()))
    }

    /// Reads a row, but for its driver. `energy` is what [`Reader::energy_kwh`] gives; `joined` is room for an id that is put
    /// together.
    pub(super) fn read<'r>(
        &'r self,
        row: u64,
        record: &'r Row<'r>,
        energy: Option<f64>,
        joined: &'r mut String,
    ) -> Outcome<'r> {
        let fail = |rule, field| Err(self.fail(rule, row, record, field, energy));
        if let Some((rule, value)) = self.misshapen(record) {
            return Err(rejected(rule, row, String::new(), &value, energy.unwrap_or(0.0)));
        }
        if let Some((rule, field, value)) = self.set_aside(record) {
            return Err(rejected(rule, row, self.layout.header_of(field), &value, energy.unwrap_or(0.0)));
        }
        let Some((evse, device, connector)) = self.evse(record, joined) else {
            return fail(Rule::MissingId, self.id_field());
        };
        let (start_reading, end_reading) = self.plan.of_row(row);
        let start = match self.start(record, start_reading) {
            Ok(start) => start,
            Err((rule, field)) => return fail(rule, field),
        };
        let end_field = self.end_field();
        let end = match self.end(record, start.at, end_reading) {
            Ok(Some(end)) => end,
            Ok(None) => return fail(Rule::OpenSession, end_field),
            Err(()) => return fail(Rule::UnreadableEnd, end_field),
        };
        if self.is_going_on(record) {
            return fail(Rule::OpenSession, Field::Status);
        }
        let Some(energy_kwh) = energy else {
            let is_empty = self.text(record, Field::Energy).is_none();
            return fail(if is_empty { Rule::OpenSession } else { Rule::UnreadableEnergy }, Field::Energy);
        };
        // A clock that showed the same time twice is read so that the session ends after it starts, if that is possible.
        let plug_out = if end.at < start.at { end.again.unwrap_or(end.at) } else { end.at };
        if plug_out < start.at {
            return fail(Rule::EndBeforeStart, end_field);
        }
        if plug_out.as_second() > LAST_S {
            return fail(Rule::EndOutOfRange, end_field);
        }
        let (charging_end, flag_of_charging) = match self.charged_until(record, start.at, end_reading) {
            Ok(known) => known,
            Err(rule) => return fail(rule, self.charging_end_field()),
        };
        if let Some(rule) = self.impossible(energy_kwh, start.at, plug_out) {
            return fail(rule, Field::Energy);
        }
        let mut flags = flag_of_charging | self.flags_of_times(record, (start, end), plug_out);
        let (fee_pence, flags_of_fee) = self.fee(record);
        flags |= flags_of_fee;
        flags |= self.flags_of_repairs(row, record, (start_reading, end_reading));
        Ok(Session {
            session_id: self.text(record, Field::SessionId).unwrap_or_default(),
            evse,
            device,
            connector,
            plug_in: start.at,
            plug_out,
            charging_end,
            energy_kwh,
            fee_pence,
            driver: None,
            flags,
            row,
        })
    }

    /// What must be known of the start and the end of a session.
    fn flags_of_times(&self, record: &Row<'_>, (start, end): (Instant, Instant), plug_out: Timestamp) -> i32 {
        let mut flags = 0;
        if start.is_moved || end.is_moved || start.again.is_some() || end.again.is_some() {
            flags |= Flag::ClockChange.bit();
        }
        if self.end_field() == Field::Duration {
            flags |= Flag::EndDerived.bit();
        }
        if self.clock.is_guess() && self.text(record, Field::PlugIn).is_some_and(|text| self.clock.fits_both(text)) {
            flags |= Flag::UnclearOrder.bit();
        }
        if self.end_field() == Field::PlugOut {
            flags |= self.compared_length(record, start.at, plug_out);
        }
        flags
    }

    /// How the duration compares with start and end, where a file has all three.
    fn compared_length(&self, record: &Row<'_>, from: Timestamp, to: Timestamp) -> i32 {
        if !self.has(Field::Duration) {
            return 0;
        }
        let Some(reported_s) = self.duration_s(record) else { return 0 };
        let reported_s = seconds(reported_s) * self.plan.duration_factor;
        let limit_s = self.thresholds.duration_differs_min * 60.0;
        lengths::compared(reported_s, lengths::span_s(from, to), limit_s, || self.clock.changes_between(from, to))
    }

    /// Whether repairs changed a row, or could not settle it.
    fn flags_of_repairs(&self, row: u64, record: &Row<'_>, (start, end): (Reading, Reading)) -> i32 {
        let is_moved = |reading: Reading, day: Field, clock: Field| {
            let plain = Reading { swap: false, ..reading };
            reading.swap && self.instant(record, day, clock, reading) != self.instant(record, day, clock, plain)
        };
        let is_repaired = self.plan.changes_every_row()
            || is_moved(start, Field::PlugIn, Field::PlugInTime)
            || is_moved(end, Field::PlugOut, Field::PlugOutTime);
        let repaired = if is_repaired { Flag::Repaired.bit() } else { 0 };
        repaired | if self.plan.is_unresolved(row) { Flag::Unresolved.bit() } else { 0 }
    }

    fn fail(&self, rule: Rule, row: u64, record: &Row<'_>, field: Field, energy: Option<f64>) -> (Rule, Rejected) {
        let text = self.shown(record, field).unwrap_or_default();
        let second = match field {
            Field::PlugIn => self.text(record, Field::PlugInTime),
            Field::PlugOut => self.text(record, Field::PlugOutTime),
            _ => None,
        };
        let value = second.map_or_else(|| text.to_owned(), |second| format!("{text} {second}"));
        // A cell out of its place may hold what names a driver.
        let shown = if field.is_measured() { showing::content(&value) } else { value.as_str().into() };
        rejected(rule, row, self.layout.header_of(field), &shown, energy.unwrap_or(0.0))
    }

    fn impossible(&self, energy_kwh: f64, from: Timestamp, to: Timestamp) -> Option<Rule> {
        let length_s = seconds(to.as_second() - from.as_second());
        let limits = &self.thresholds;
        if energy_kwh < 0.0 {
            return Some(Rule::NegativeEnergy);
        }
        // No length may be a time cut to whole minutes or hours.
        let hours = if length_s > 0.0 { length_s } else { self.most_cut_s } / 3600.0;
        let is_too_fast = energy_kwh / hours > limits.impossible_kw && energy_kwh > 1.0;
        (energy_kwh > limits.impossible_kwh || is_too_fast).then_some(Rule::ImplausibleEnergy)
    }

    pub(super) fn cell<'r>(&'r self, record: &'r Row<'r>, field: Field) -> Option<&'r str> {
        match self.places[field as usize] {
            Place::Column(at) => record.get(at),
            Place::Constant(text) => Some(text),
            Place::Nowhere => None,
        }
    }

    /// Text of a cell; none where it is blank or says that there is nothing.
    pub(super) fn text<'r>(&'r self, record: &'r Row<'r>, field: Field) -> Option<&'r str> {
        self.shown(record, field).filter(|text| !is_nothing(text))
    }

    fn shown<'r>(&'r self, record: &'r Row<'r>, field: Field) -> Option<&'r str> {
        let text = fields::trimmed(self.cell(record, field)?);
        // Our own files for spreadsheets put an apostrophe before what would be read as a formula.
        Some(text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(text))
    }

    /// Whether a lone comma is a decimal comma.
    pub(super) fn comma_is_decimal(&self) -> bool {
        self.layout.comma_is_decimal() || self.plan.is_decimal_comma
    }

    /// Whether the file has a column for a field.
    pub(super) fn has(&self, field: Field) -> bool {
        matches!(self.places[field as usize], Place::Column(_))
    }

    /// Whether a column or a constant feeds a field.
    pub(super) fn feeds(&self, field: Field) -> bool {
        !matches!(self.places[field as usize], Place::Nowhere)
    }

    /// What reads its instants.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The layout of the file.
    pub(super) fn layout(&self) -> &Recognised {
        self.layout
    }

    /// Whether times are on a clock on the wall.
    pub(super) fn is_civil(&self) -> bool {
        self.clock.is_civil()
    }

    /// A civil time in one cell, as the layout writes them.
    pub(super) fn civil(&self, text: &str) -> Option<jiff::civil::DateTime> {
        self.clock.civil(text, None)
    }

    /// The connector, where it is part of an EVSE's id.
    pub(super) fn joint(&self) -> Option<Field> {
        self.layout.profile.evse_joined_by.as_ref().map(|_| Field::Connector)
    }

    /// Civil seconds of a cell; seconds UTC where the layout gives instants.
    pub(super) fn civil_s(&self, record: &Row<'_>, day: Field, clock: Field) -> Option<i64> {
        let (text, second) = self.day_and_clock(record, day, clock)?;
        if self.clock.is_civil() {
            self.clock.civil(text, second).map(civil_seconds)
        } else {
            self.clock.read(text, second, Reading::default()).map(|instant| instant.at.as_second())
        }
    }

    /// Seconds of the plugged duration, as reported.
    pub(super) fn duration_s(&self, record: &Row<'_>) -> Option<i64> {
        self.text(record, Field::Duration)?;
        self.length_s(record, Field::Duration)
    }

    /// What stands in the cell of the fee; none where that is nothing.
    pub(super) fn fee_text<'r>(&'r self, record: &'r Row<'r>) -> Option<&'r str> {
        let text = |field: Field| self.text(record, field).filter(|text| *text != "-");
        text(Field::Fee).or_else(|| text(Field::FeeNet))
    }

    /// What brings a fee to what the driver paid: VAT, where the row has it without.
    fn vat_factor(&self, record: &Row<'_>) -> f64 {
        let is_net = self.feeds(Field::FeeNet) && self.text(record, Field::Fee).is_none_or(|text| text == "-");
        if is_net { self.layout.profile.vat_factor() } else { 1.0 }
    }

    /// The fee in pence, and what must be said of it: money that is not read must not vanish.
    fn fee(&self, record: &Row<'_>) -> (Option<f64>, i32) {
        let Some(text) = self.fee_text(record) else { return (None, 0) };
        let pence = match fields::fee(text, self.comma_is_decimal()) {
            Fee::Number(value) if self.layout.profile.fee == FeeUnit::Pounds => value * 100.0,
            Fee::Number(pence) | Fee::Pence(pence) => pence,
            Fee::Other(_) => return (None, Flag::OtherCurrency.bit()),
            Fee::Unreadable => return (None, Flag::UnreadableFee.bit()),
        };
        let pence = pence * self.vat_factor(record);
        (Some(pence), if pence < 0.0 { Flag::NegativeFee.bit() } else { 0 })
    }

    /// The driver's id as it stands in a row; none where the cell says that there is nobody.
    pub(super) fn driver<'r>(&self, record: &Row<'r>) -> Option<&'r str> {
        let Place::Column(at) = self.places[Field::Driver as usize] else { return None };
        record.get(at).map(str::trim_ascii).filter(|raw| !is_nobody(raw))
    }

    /// Ids of EVSE, device and connector.
    fn evse<'r>(&'r self, record: &'r Row<'r>, joined: &'r mut String) -> Option<(&'r str, &'r str, Option<&'r str>)> {
        let connector = self.text(record, Field::Connector);
        let id = |field: Field| self.text(record, field).map(|id| self.without_prefix(id));
        let device = id(Field::Device);
        if let Some(evse) = id(Field::Evse) {
            return Some((evse, device.unwrap_or(evse), connector));
        }
        let device = device?;
        let evse = match (&self.layout.profile.evse_joined_by, connector) {
            (Some(joint), Some(connector)) => {
                joined.clear();
                joined.extend([device, joint.as_str(), connector]);
                joined.as_str()
            }
            _ => device,
        };
        Some((evse, device, connector))
    }

    /// The id of a charge point as the register has it.
    pub(super) fn without_prefix<'r>(&self, id: &'r str) -> &'r str {
        let prefix = self.layout.profile.id_prefix.as_deref();
        prefix.and_then(|prefix| id.strip_prefix(prefix)).filter(|bare| !bare.is_empty()).unwrap_or(id)
    }

    fn id_field(&self) -> Field {
        if self.feeds(Field::Evse) { Field::Evse } else { Field::Device }
    }

    pub(super) fn end_field(&self) -> Field {
        if self.has(Field::PlugOut) { Field::PlugOut } else { Field::Duration }
    }

    fn charging_end_field(&self) -> Field {
        if self.feeds(Field::ChargingEnd) { Field::ChargingEnd } else { Field::ChargingDuration }
    }

    fn instant(&self, record: &Row<'_>, day: Field, clock: Field, reading: Reading) -> Result<Option<Instant>, ()> {
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
    fn start(&self, record: &Row<'_>, reading: Reading) -> Result<Instant, (Rule, Field)> {
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
    fn end(&self, record: &Row<'_>, start: Timestamp, reading: Reading) -> Result<Option<Instant>, ()> {
        if self.end_field() == Field::PlugOut {
            return self.instant(record, Field::PlugOut, Field::PlugOutTime, reading);
        }
        if self.text(record, Field::Duration).is_none() {
            return Ok(None);
        }
        self.after(record, Field::Duration, start).map(Some).ok_or(())
    }

    /// When energy stopped flowing, and what must be said of it: an end before the plug was in says nothing of how long was charged.
    fn charged_until(
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

/// 2000-01-01 and 2099-12-31, UTC.
const FIRST_S: i64 = 946_684_800;
const LAST_S: i64 = 4_102_444_799;

/// The end of the day after the return was received, on the clocks of its charge points.
fn last_start_s(zone: &Zone, received: Option<Timestamp>) -> i64 {
    let after = received.and_then(|at| zone.day(at).checked_add(2.days()).ok());
    after.map_or(LAST_S, |day| LAST_S.min(zone.start_of_day(day).as_second() - 1))
}

/// Seconds as a whole number, within ten years.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn whole(seconds: f64) -> Option<i64> {
    (seconds.abs() < 3.2e8).then(|| seconds.round() as i64)
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a session")]
pub(super) fn seconds(count: i64) -> f64 {
    count as f64
}
