//! Numbers of energy: watt-hours among kilowatt-hours, decimal commas that nobody declared.

use super::facts::{Fact, Facts};
use super::{Evidence, EvidenceKind, Headlines, Measures, Repair, RepairExample, RepairKind, Setting, Verdict};

/// Rows needed before anything is said.
pub(super) const ROWS: usize = 20;
/// Stays shorter than this say little of power, seconds.
const SHORT_S: i64 = 600;
/// No single vehicle takes more, kWh; no connector gives more, kW.
const MOST_KWH: f64 = 250.0;
pub(super) const MOST_KW: f64 = 400.0;
/// What no car can have, where nobody set other limits.
const IMPOSSIBLE_KWH: f64 = 1_000.0;
const IMPOSSIBLE_KW: f64 = 500.0;
/// No car charges with less: six amperes of one phase, kW.
const SLOWEST_KW: f64 = 1.38;

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

pub(super) fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Rows with a length and an energy from which a power can be told: kWh and kW.
fn powers<'f>(facts: impl Iterator<Item = &'f Fact>) -> Vec<(f64, f64)> {
    let long = facts.filter(|fact| fact.length().is_some_and(|length| length >= SHORT_S));
    long.filter_map(|fact| Some((fact.energy_kwh, fact.kw()?))).collect()
}

/// Watt-hours in a column of kilowatt-hours: nearly all rows are impossible as read, and all are plausible in watt-hours.
///
/// Where a limit was raised, lorries or ships may charge: there it is told only of powers with which no car could charge in watt-hours
/// more slowly, and proved only beyond the limits in force, and with twice the energy: there may be a first return before any limit is raised.
///
/// A comma read as one between thousands makes a thousand times the energy of a decimal comma, and so the same impossible energies: where it
/// may be one, nothing is proved. See [`commas_against`].
pub(super) fn energy_unit(facts: &Facts, setting: &Setting<'_>) -> Option<Repair> {
    let powers = powers(facts.rows.iter());
    let plausible = powers.iter().filter(|(kwh, kw)| *kwh <= MOST_KWH * 1000.0 && *kw <= MOST_KW * 1000.0).count();
    let middle = |of: fn(&(f64, f64)) -> f64| median(powers.iter().map(of).collect());
    let (median_kwh, median_kw) = (middle(|(kwh, _)| *kwh), middle(|(_, kw)| *kw));
    let impossible = beyond(&powers, IMPOSSIBLE_KWH, IMPOSSIBLE_KW);
    let share_before = share(impossible, powers.len());
    if powers.len() < ROWS || share_before < 0.3 || share(plausible, powers.len()) < 0.99 {
        return None;
    }
    let is_lenient = setting.most_kwh > IMPOSSIBLE_KWH || setting.most_kw > IMPOSSIBLE_KW;
    if is_lenient && median_kw < SLOWEST_KW * 1000.0 {
        return None;
    }
    let against = commas_against(facts, setting);
    let is_power = share(beyond(&powers, setting.most_kwh, setting.most_kw), powers.len()) >= 0.8
        && median_kwh >= 2.0 * setting.most_kwh
        && (setting.most_kw..MOST_KW * 1000.0).contains(&median_kw);
    let provable = is_power && against.is_none();
    let says = format!(
        "{impossible} of {} stays would need more than {IMPOSSIBLE_KW} kW or {IMPOSSIBLE_KWH} kWh. In watt-hours their median power \
         is {:.1} kW.",
        powers.len(),
        median_kw / 1000.0
    );
    let after = |fact: &Fact| Fact { energy_kwh: fact.energy_kwh / 1000.0, ..*fact };
    let kinds: Vec<EvidenceKind> = std::iter::once(power(is_power, says.clone())).chain(against).collect();
    let example =
        |fact: &Fact| (fact.energy_kwh > 0.0).then(|| (shown(fact.energy_kwh), shown(fact.energy_kwh / 1000.0)));
    let texts = (says, setting.columns.energy.clone());
    Some(repair(RepairKind::EnergyUnit, facts, texts, provable, kinds, after, example))
}

/// How many are impossible.
fn beyond(powers: &[(f64, f64)], most_kwh: f64, most_kw: f64) -> usize {
    powers.iter().filter(|(kwh, kw)| *kwh > most_kwh || *kw > most_kw).count()
}

/// What speaks against watt-hours where energies have commas that are read as those between thousands: that some can only be decimal
/// commas, or that energies without a comma are kilowatt-hours that a session can have. Divided by a thousand, these would be wrong.
fn commas_against(facts: &Facts, setting: &Setting<'_>) -> Option<EvidenceKind> {
    let against = |says: String| Some(EvidenceKind { id: "text", verdict: Verdict::Against, says });
    let unreadable = setting.commas.unreadable;
    if unreadable > 0 {
        return against(format!(
            "{unreadable} numbers with a comma can be read only with a decimal comma, so that others with three digits behind it may be \
             kilowatt-hours with one as well."
        ));
    }
    let plain = || facts.rows.iter().filter(|fact| !fact.has_comma);
    if plain().count() == facts.rows.len() {
        return None;
    }
    let is_possible =
        |fact: &&Fact| fact.energy_kwh > 0.0 && fact.energy_kwh <= MOST_KWH && fact.kw().is_none_or(|kw| kw <= MOST_KW);
    let possible = plain().filter(is_possible).count();
    let powers = powers(plain());
    let proves_alone =
        powers.len() >= ROWS && share(beyond(&powers, setting.most_kwh, setting.most_kw), powers.len()) >= 0.8;
    if possible == 0 || proves_alone {
        return None;
    }
    against(format!(
        "Numbers with a comma are impossible as read, but {possible} without one are kilowatt-hours that a session can have: the comma may \
         be a decimal comma."
    ))
}

pub(super) fn power(agrees: bool, says: String) -> EvidenceKind {
    EvidenceKind { id: "power", verdict: if agrees { Verdict::Agrees } else { Verdict::Silent }, says }
}

fn shown(value: f64) -> String {
    format!("{value}")
}

/// What cells of energy look like, counted while facts are gathered.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Commas {
    /// Cells with a comma.
    pub(crate) with_comma: u64,
    /// Cells with a dot.
    pub(crate) with_dot: u64,
    /// Cells with a comma that cannot be read as declared.
    pub(crate) unreadable: u64,
    /// Cells with a comma that can be read with a decimal comma, as an energy that a session can have.
    pub(crate) readable: u64,
    /// Cells with a comma that can be read as declared, but then as an energy that no session can have.
    pub(crate) impossible: u64,
    /// The first that cannot be read: row, text, and value with a decimal comma.
    pub(crate) examples: Vec<(u64, String, f64)>,
}

impl Commas {
    /// Counts a cell, given its energy as declared, kWh, and what it is with a decimal comma.
    pub(crate) fn add(&mut self, row: u64, cell: &str, declared_kwh: Option<f64>, decimal: Option<f64>) {
        let has_comma = cell.contains(',');
        self.with_comma += u64::from(has_comma);
        self.with_dot += u64::from(cell.contains('.'));
        let possible = decimal.filter(|value| value.abs() <= IMPOSSIBLE_KWH);
        if let (true, Some(value)) = (has_comma, possible) {
            self.readable += 1;
            self.impossible += u64::from(declared_kwh.is_some_and(|kwh| kwh > IMPOSSIBLE_KWH));
            if declared_kwh.is_none() {
                self.unreadable += 1;
                if self.examples.len() < 5 {
                    self.examples.push((row, cell.to_owned(), value));
                }
            }
        }
    }

    /// Counts the cells of the rows that follow.
    pub(crate) fn append(&mut self, more: Self) {
        self.with_comma += more.with_comma;
        self.with_dot += more.with_dot;
        self.readable += more.readable;
        self.unreadable += more.unreadable;
        self.impossible += more.impossible;
        self.examples.extend(more.examples);
        self.examples.truncate(5);
    }

    /// The repair: commas that can only be decimal commas, and not one dot.
    pub(crate) fn repair(&self, facts: &Facts, setting: &Setting<'_>) -> Option<Repair> {
        let column = setting.columns.energy.as_str();
        let least = ROWS as u64;
        if self.unreadable < least || self.readable * 200 < self.with_comma * 199 {
            return None;
        }
        // Either most are no numbers as declared, or all others that have a comma are more than any session can have: of cars, for where
        // a limit was raised ships may have as much. What is impossible either way says nothing.
        let are_others_impossible =
            setting.most_kwh <= IMPOSSIBLE_KWH && self.unreadable + self.impossible == self.readable;
        let is_only_way = self.unreadable * 2 >= self.with_comma
            || (self.unreadable * 20 >= self.with_comma && are_others_impossible);
        let provable = self.with_dot == 0 && is_only_way;
        let says = if provable {
            format!(
                "{} numbers can be read only if the comma divides whole and decimal places, and none is written with a dot.",
                self.unreadable
            )
        } else {
            format!(
                "{} numbers can be read only with a decimal comma, but others {}.",
                self.unreadable,
                if self.with_dot > 0 { "are written with a dot" } else { "can be read as thousands too" }
            )
        };
        let kind = EvidenceKind {
            id: "text",
            verdict: if provable { Verdict::Agrees } else { Verdict::Against },
            says: format!(
                "Numbers with a comma: {}, of which {} can be read with a decimal comma; numbers with a dot: {}.",
                self.with_comma, self.readable, self.with_dot
            ),
        };
        let texts = (says, column.to_owned());
        let mut found = repair(RepairKind::DecimalComma, facts, texts, provable, vec![kind], |fact| *fact, |_| None);
        found.rows = self.with_comma;
        found.evidence.before.unreadable = self.unreadable;
        found.examples = self
            .examples
            .iter()
            .map(|(row, before, after)| RepairExample {
                row: *row,
                column: column.to_owned(),
                before: before.clone(),
                after: shown(*after),
            })
            .collect();
        Some(found)
    }
}

pub(super) fn repair(
    kind: RepairKind,
    facts: &Facts,
    (says, column): (String, String),
    provable: bool,
    kinds: Vec<EvidenceKind>,
    after: impl Fn(&Fact) -> Fact,
    example: impl Fn(&Fact) -> Option<(String, String)>,
) -> Repair {
    let rows = || facts.rows.iter();
    let examples = rows().filter_map(|fact| example(fact).map(|texts| (fact.row, texts))).take(5);
    Repair {
        kind,
        title: kind.title(),
        says,
        rows: rows().filter(|fact| example(fact).is_some()).count() as u64,
        unresolved: 0,
        evidence: Evidence {
            before: Facts::measures(rows().copied()),
            after: Measures { ..Facts::measures(rows().map(&after)) },
            kinds,
        },
        provable,
        examples: examples
            .map(|(row, (before, after))| RepairExample { row: u64::from(row), column: column.clone(), before, after })
            .collect(),
        by_day: Vec::new(),
        headline: Headlines { before: Facts::headline(rows().copied()), after: Facts::headline(rows().map(&after)) },
    }
}
