//! One row: from cells to a session, or to the reason why it is none.

mod cells;
mod mended;
mod times;

use jiff::Timestamp;
use kerbwatt_model::{Flag, Session};

use self::times::last_start_s;
use super::credits::Credits;
use super::instants::{Clock, Instant};
use super::nothing::is_nobody;
use super::{lengths, spilled};
use crate::checks::Rule;
use crate::formats::Row;
use crate::profiles::{DurationUnit, Field, Recognised};
use crate::repairs::{DAY_S, Plan, Reading};
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

/// Characters of an id at most, generously: OCPI has 36 to 48.
const LONGEST_ID: usize = 255;
/// Letters and digits from which a driver's id can be taken for that of one card: `1` may name a driver and a connector.
const SHORTEST_CARD: usize = 6;
/// More energy than a number can mean, kWh: it is rather that of a card.
const MOST_KWH: f64 = 1e6;

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
        if kwh.abs() > MOST_KWH {
            return None;
        }
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
        if let Some((rule, field, value)) = self.set_aside(record).or_else(|| self.driver_elsewhere(record)) {
            return Err(rejected(rule, row, self.layout.header_of(field), &value, energy.unwrap_or(0.0)));
        }
        let Some((evse, device, connector)) = self.evse(record, joined) else {
            return fail(Rule::MissingId, self.id_field());
        };
        let session_id =
            self.text(record, Field::SessionId).filter(|id| !self.is_driver(record, id)).unwrap_or_default();
        let ids =
            [(Field::SessionId, session_id), (self.id_field(), evse), (Field::Connector, connector.unwrap_or(""))];
        if let Some((field, _)) = ids.iter().find(|(_, id)| id.len() > LONGEST_ID) {
            return fail(Rule::LongId, *field);
        }
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
        // One that starts at the last moment may end a day later.
        if plug_out.as_second() > self.last_start_s + DAY_S {
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
            session_id,
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

    /// Where the driver's id stands in place of a charge point's or a connector's.
    fn driver_elsewhere(&self, record: &Row<'_>) -> Option<(Rule, Field, String)> {
        self.text(record, Field::Driver)?;
        let is_driver = |field: &Field| self.text(record, *field).is_some_and(|id| self.is_driver(record, id));
        let field = [Field::Device, Field::Evse, Field::Connector].into_iter().find(is_driver)?;
        Some((Rule::MissingId, field, showing::HIDDEN.to_owned()))
    }

    /// Whether an id is that of the row's driver, which is kept as no other: a card's, and not a number that many things have.
    fn is_driver(&self, record: &Row<'_>, id: &str) -> bool {
        let driver = self.text(record, Field::Driver).filter(|driver| driver.len() >= SHORTEST_CARD);
        driver.is_some_and(|driver| driver.eq_ignore_ascii_case(id) && !is_nobody(driver))
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

    /// The connector, where it is part of an EVSE's id.
    pub(super) fn joint(&self) -> Option<Field> {
        self.layout.profile.evse_joined_by.as_ref().map(|_| Field::Connector)
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a session")]
pub(super) fn seconds(count: i64) -> f64 {
    count as f64
}
