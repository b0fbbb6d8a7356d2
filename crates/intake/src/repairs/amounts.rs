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
fn powers(facts: &Facts) -> Vec<(f64, f64)> {
    let long = facts.rows.iter().filter(|fact| fact.length().is_some_and(|length| length >= SHORT_S));
    long.filter_map(|fact| Some((fact.energy_kwh, fact.kw()?))).collect()
}

/// Watt-hours in a column of kilowatt-hours: nearly all rows are impossible as read, and all are plausible in watt-hours.
///
/// Where a limit was raised, lorries or ships may charge: there it is told only of powers with which no car could charge in watt-hours
/// more slowly, and proved only beyond the limits in force, and with twice the energy: there may be a first return before any limit is raised.
pub(super) fn energy_unit(facts: &Facts, setting: &Setting<'_>) -> Option<Repair> {
    let powers = powers(facts);
    let beyond = |most_kwh: f64, most_kw: f64| {
        let count = powers.iter().filter(|(kwh, kw)| *kwh > most_kwh || *kw > most_kw).count();
        (count, share(count, powers.len()))
    };
    let plausible = powers.iter().filter(|(kwh, kw)| *kwh <= MOST_KWH * 1000.0 && *kw <= MOST_KW * 1000.0).count();
    let middle = |of: fn(&(f64, f64)) -> f64| median(powers.iter().map(of).collect());
    let (median_kwh, median_kw) = (middle(|(kwh, _)| *kwh), middle(|(_, kw)| *kw));
    let (impossible, share_before) = beyond(IMPOSSIBLE_KWH, IMPOSSIBLE_KW);
    if powers.len() < ROWS || share_before < 0.3 || share(plausible, powers.len()) < 0.99 {
        return None;
    }
    let is_lenient = setting.most_kwh > IMPOSSIBLE_KWH || setting.most_kw > IMPOSSIBLE_KW;
    if is_lenient && median_kw < SLOWEST_KW * 1000.0 {
        return None;
    }
    let provable = beyond(setting.most_kwh, setting.most_kw).1 >= 0.8
        && median_kwh >= 2.0 * setting.most_kwh
        && (setting.most_kw..MOST_KW * 1000.0).contains(&median_kw);
    let says = format!(
        "{impossible} of {} stays would need more than {IMPOSSIBLE_KW} kW or {IMPOSSIBLE_KWH} kWh. In watt-hours their median power \
         is {:.1} kW.",
        powers.len(),
        median_kw / 1000.0
    );
    let after = |fact: &Fact| Fact { energy_kwh: fact.energy_kwh / 1000.0, ..*fact };
    let kind = power(provable, says.clone());
    let example =
        |fact: &Fact| (fact.energy_kwh > 0.0).then(|| (shown(fact.energy_kwh), shown(fact.energy_kwh / 1000.0)));
    let texts = (says, setting.columns.energy.clone());
    Some(repair(RepairKind::EnergyUnit, facts, texts, provable, vec![kind], after, example))
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
    /// The first that cannot be read: row, text, and value with a decimal comma.
    pub(crate) examples: Vec<(u64, String, f64)>,
}

impl Commas {
    /// Counts a cell, given what it is as declared and with a decimal comma.
    pub(crate) fn add(&mut self, row: u64, cell: &str, declared: Option<f64>, decimal: Option<f64>) {
        let has_comma = cell.contains(',');
        self.with_comma += u64::from(has_comma);
        self.with_dot += u64::from(cell.contains('.'));
        let possible = decimal.filter(|value| value.abs() <= IMPOSSIBLE_KWH);
        if let (true, Some(value)) = (has_comma, possible) {
            self.readable += 1;
            if declared.is_none() {
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
        self.examples.extend(more.examples);
        self.examples.truncate(5);
    }

    /// The repair: commas that can only be decimal commas, and not one dot.
    pub(crate) fn repair(&self, facts: &Facts, column: &str) -> Option<Repair> {
        let least = ROWS as u64;
        if self.unreadable < least || self.readable * 200 < self.with_comma * 199 {
            return None;
        }
        let provable = self.with_dot == 0 && self.unreadable * 2 >= self.with_comma;
        let says = if provable {
            format!(
                "{} numbers can be read only if the comma divides whole and decimal places, and none is written with a dot.",
                self.unreadable
            )
        } else {
            format!(
                "{} numbers can be read only with a decimal comma, but others are written with a dot or as thousands.",
                self.unreadable
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
