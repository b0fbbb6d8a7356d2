//! From the bytes of a return to sessions: each row ends as accepted, quarantined or duplicate.

mod gather;
mod instants;
mod originals;
mod repeats;
mod row;
mod witnesses;

use std::collections::HashMap;
use std::sync::Arc;

use kerbwatt_model::{Flag, Period, Session};

use crate::checks::{CHECKS, Context, Rule, Tally, overlapping};
use crate::formats::{self, Source, Table};
use crate::identity::id_from_content;
use crate::profiles::{Field, Recognised, recognise_return};
use crate::repairs::{Columns, Examined, Setting, examine};
use crate::{
    Declared, DuplicateRow, Example, KnownEvse, Refusal, Register, Rejected, SessionReturn, Thresholds, Totals,
};
use gather::gather;
use instants::Clock;
pub use originals::{OriginalRows, original_rows};
use repeats::Repeats;
use row::Reader;

/// Reads and checks a return of sessions: a file of any kind that holds one table, or a [`crate::PartOf`] one.
///
/// # Errors
/// [`Refusal`] when the file as a whole cannot be one.
pub fn read_sessions<S: Source + ?Sized>(
    source: &S,
    declared: &Declared<'_>,
    register: &dyn Register,
) -> Result<SessionReturn, Refusal> {
    read(&source, declared, register)
}

fn read(source: &dyn Source, declared: &Declared<'_>, register: &dyn Register) -> Result<SessionReturn, Refusal> {
    let opened = formats::open(source, source.part())?;
    let layout = recognise_return(opened.head(), declared)?;
    let table = opened.into_table(layout.body, layout.dialect);
    let clock = Clock::of(&layout, &table)?;
    let mut sorted = Sorted::default();
    let is_civil = clock.is_civil();
    let mut reader = Reader::new(&layout, clock, declared);
    let mut examined = Examined::default();
    // Instants with an offset leave little to repair: such files are walked twice only where something is asked or amiss.
    if is_civil || reader.end_field() == Field::Duration || !declared.repairs.is_empty() {
        (reader, examined) = look_for_repairs(reader, &table, &layout, declared, is_civil)?;
    }
    let mut repeats = Repeats::default();
    table.for_each_row(|number, record| {
        if reader.is_footer(record) {
            return;
        }
        let energy_kwh = reader.energy_kwh(record).unwrap_or(0.0);
        if let Some(first_row) = repeats.seen_before(number, record) {
            sorted.duplicate(number, first_row, energy_kwh);
            return;
        }
        match reader.read(number, record) {
            Ok(session) => sorted.place(session, &layout),
            Err(rejected) => sorted.reject(rejected),
        }
    })?;
    sorted.hide(|shown| reader.is_private(shown));
    if sorted.totals.rows_read == 0 {
        return Err(Refusal::NoRows);
    }
    if examined.is_blank() && sorted.is_amiss(&declared.thresholds) {
        (_, examined) = look_for_repairs(reader, &table, &layout, declared, is_civil)?;
    }
    let mut read = sorted.finish(&layout, declared, register, &examined)?;
    (read.repairs, read.applied) = (examined.proposed, examined.applied);
    Ok(read)
}

/// Looks for repairs, and makes the reader read as those that are decided have it.
fn look_for_repairs<'l>(
    mut reader: Reader<'l>,
    table: &Table<'_>,
    layout: &Recognised,
    declared: &Declared<'_>,
    is_civil: bool,
) -> Result<(Reader<'l>, Examined), Refusal> {
    let zone = layout.profile.zone();
    let setting = Setting {
        period: declared.period,
        zone: &zone,
        is_civil,
        end_is_derived: reader.end_field() == Field::Duration,
        wanted: declared.repairs,
        columns: Columns {
            start: layout.header_of(Field::PlugIn),
            energy: layout.header_of(Field::Energy),
            duration: layout.header_of(Field::Duration),
        },
        overlap: declared.overlap,
    };
    let mut examined = Examined::default();
    let mut gathered = gather(&reader, table)?;
    if let Some(repair) = gathered.commas.repair(&gathered.facts, &setting.columns.energy) {
        examined.plan.is_decimal_comma = examined.file(repair, declared.repairs);
    }
    if examined.plan.is_decimal_comma {
        reader = reader.with(examined.plan.clone());
        gathered = gather(&reader, table)?;
    }
    let mut examined = examine(&mut gathered.facts, &gathered.witnesses, &setting, examined);
    let plan = std::mem::take(&mut examined.plan);
    Ok((reader.with(plan), examined))
}

/// Rows by what became of them.
#[derive(Default)]
struct Sorted {
    sessions: Vec<Session>,
    by_id: HashMap<Arc<str>, usize>,
    quarantined: Vec<Rejected>,
    duplicates: Vec<DuplicateRow>,
    totals: Totals,
    tally: Tally,
}

impl Sorted {
    fn count(&mut self, energy_kwh: f64) {
        self.totals.rows_read += 1;
        self.totals.energy_kwh.read += energy_kwh;
    }

    fn duplicate(&mut self, row: u64, first_row: u64, energy_kwh: f64) {
        self.count(energy_kwh);
        self.totals.duplicates += 1;
        self.totals.energy_kwh.duplicates += energy_kwh;
        self.duplicates.push(DuplicateRow { row, first_row, energy_kwh });
    }

    fn reject(&mut self, (rule, rejected): (Rule, Rejected)) {
        self.count(rejected.energy_kwh);
        self.totals.quarantined += 1;
        self.totals.energy_kwh.quarantined += rejected.energy_kwh;
        let example = Example { row: rejected.row, column: rejected.column.clone(), value: rejected.value.clone() };
        self.tally.add(&rule.check(), example);
        self.quarantined.push(rejected);
    }

    /// Takes drivers' ids out of what is shown: a row whose cells are shifted holds them anywhere.
    fn hide(&mut self, is_private: impl Fn(&str) -> bool) {
        let shown = self.quarantined.iter_mut().map(|row| &mut row.value).chain(self.tally.shown());
        for value in shown.filter(|value| is_private(value)) {
            "(hidden)".clone_into(value);
        }
    }

    /// Accepts a session, unless its id was there before.
    fn place(&mut self, mut session: Session, layout: &Recognised) {
        if session.session_id.is_empty() {
            session.session_id = id_from_content(&session);
        }
        let known = self.by_id.get(&session.session_id).map(|at| &self.sessions[*at]);
        match known {
            Some(first) if crate::identity::same_content(first, &session) => {
                let first_row = first.row;
                self.duplicate(session.row, first_row, session.energy_kwh);
            }
            Some(first) => {
                let value = format!("{} (also in row {})", session.session_id, first.row);
                let rejected = row::rejected(
                    Rule::ConflictingSession,
                    session.row,
                    row::id_column(layout),
                    &value,
                    session.energy_kwh,
                );
                self.reject(rejected);
            }
            None => {
                self.count(session.energy_kwh);
                self.totals.accepted += 1;
                self.totals.energy_kwh.accepted += session.energy_kwh;
                self.by_id.insert(Arc::clone(&session.session_id), self.sessions.len());
                self.sessions.push(session);
            }
        }
    }

    /// Whether so many energies cannot be that their unit or their commas may be another than declared.
    fn is_amiss(&self, thresholds: &Thresholds) -> bool {
        let of_energy = ["implausible_energy", "unreadable_energy"];
        let amiss = self.quarantined.iter().filter(|row| of_energy.contains(&row.rule)).count();
        // Where a higher limit lets such energies pass, the file is looked at all the same.
        let usual_kwh = Thresholds::default().impossible_kwh;
        let is_lenient = thresholds.impossible_kwh > usual_kwh;
        let passed = self.sessions.iter().filter(|session| is_lenient && session.energy_kwh > usual_kwh).count();
        let amiss = (amiss + passed) as u64;
        amiss >= 20 && amiss * 5 >= self.totals.rows_read
    }

    fn finish(
        mut self,
        layout: &Recognised,
        declared: &Declared<'_>,
        register: &dyn Register,
        examined: &Examined,
    ) -> Result<SessionReturn, Refusal> {
        let zone = layout.profile.zone();
        let first = self.sessions.iter().map(|session| session.plug_in).min().map(|at| zone.day(at));
        let last = self.sessions.iter().map(|session| session.plug_in).max().map(|at| zone.day(at));
        let found = first.zip(last).and_then(|(first, last)| Period::new(first, last).ok());
        if let (Some(period), Some(found)) = (declared.period, found)
            && !examined.proposed.iter().any(|repair| repair.provable)
            && !self.sessions.iter().any(|session| period.contains(zone.day(session.plug_in)))
        {
            return Err(Refusal::PeriodFitsNoRow { declared: period, found });
        }
        for at in overlapping(&self.sessions) {
            self.sessions[at].flags |= Flag::Overlap.bit();
        }
        self.check(layout, declared, register);
        let is_flagged = |session: &&Session| session.flags & !notes() != 0;
        self.totals.flagged = self.sessions.iter().filter(is_flagged).count() as u64;
        Ok(SessionReturn {
            profile: layout.described(),
            layout: layout.profile.clone(),
            zone,
            sessions: self.sessions,
            quarantined: self.quarantined,
            duplicates: self.duplicates,
            findings: self.tally.findings_with(declared.thresholds),
            totals: self.totals,
            found,
            repairs: Vec::new(),
            applied: Vec::new(),
        })
    }

    fn check(&mut self, layout: &Recognised, declared: &Declared<'_>, register: &dyn Register) {
        let zone = layout.profile.zone();
        let mut known: HashMap<Arc<str>, Option<KnownEvse>> = HashMap::new();
        let register_is_empty = register.is_empty();
        for session in &mut self.sessions {
            let of_evse = match known.get(&session.evse) {
                Some(known) => *known,
                None => {
                    let looked_up = register.evse(&session.evse, &session.device);
                    known.insert(Arc::clone(&session.evse), looked_up);
                    looked_up
                }
            };
            let context = Context {
                thresholds: &declared.thresholds,
                period: declared.period,
                zone: &zone,
                register_is_empty,
                known: of_evse,
            };
            for check in CHECKS {
                if let Some(value) = (check.test)(session, &context) {
                    session.flags |= check.flag.map_or(0, Flag::bit);
                    self.tally.add(check, Example { row: session.row, column: column_of(check.id, layout), value });
                }
            }
        }
    }
}

/// Flags that note something without warning of it.
fn notes() -> i32 {
    [Flag::FailedStart, Flag::LowEnergy, Flag::EndDerived, Flag::Repaired]
        .into_iter()
        .fold(0, |bits, flag| bits | flag.bit())
}

/// The column that a check is about.
fn column_of(check: &str, layout: &Recognised) -> String {
    let field = match check {
        "failed_start" | "low_energy" | "high_energy" | "over_rated_power" => Field::Energy,
        "unregistered" | "overlap" | "outside_area" | "no_areas_there" if layout.columns.contains_key(&Field::Evse) => {
            Field::Evse
        }
        "unregistered" | "overlap" | "outside_area" | "no_areas_there" => Field::Device,
        "long_charge" | "charged_longer_than_plugged" => Field::ChargingEnd,
        "long_stay" | "under_one_minute" if layout.columns.contains_key(&Field::PlugOut) => Field::PlugOut,
        "long_stay" | "under_one_minute" | "end_derived" => Field::Duration,
        _ => Field::PlugIn,
    };
    layout.header_of(field)
}
