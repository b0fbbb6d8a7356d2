//! Units and numbers: watt-hours among kilowatt-hours, seconds or hours among minutes, decimal commas that nobody declared.

use super::facts::{Fact, Facts, NO_DURATION, NONE};
use super::{
    Evidence, EvidenceKind, Headlines, Measures, Repair, RepairExample, RepairKind, Setting, Verdict, overlaps,
};

/// Rows needed before anything is said.
const ROWS: usize = 20;
/// Charge points at which stays must overlap before anything follows from it.
const EVSES: usize = 3;
/// Stays shorter than this say little of power, seconds.
const SHORT_S: i64 = 600;
/// No single vehicle takes more, kWh; no connector gives more, kW.
const MOST_KWH: f64 = 250.0;
const MOST_KW: f64 = 400.0;
/// A mean below this is a car that stands rather than charges, kW.
const LEAST_KW: f64 = 0.3;
/// What no session can have: limits beyond which intake refuses a row.
const IMPOSSIBLE_KWH: f64 = 1_000.0;
const IMPOSSIBLE_KW: f64 = 500.0;

fn is_impossible(kwh: f64, kw: f64) -> bool {
    kwh > IMPOSSIBLE_KWH || kw > IMPOSSIBLE_KW
}

fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Rows with a length and an energy from which a power can be told: kWh and kW.
fn powers(facts: &Facts) -> Vec<(f64, f64)> {
    let long = facts.rows.iter().filter(|fact| fact.length().is_some_and(|length| length >= SHORT_S));
    long.filter_map(|fact| Some((fact.energy_kwh, fact.kw()?))).collect()
}

/// Watt-hours in a column of kilowatt-hours: nearly all rows are impossible as read, and all are plausible in watt-hours.
pub(super) fn energy_unit(facts: &Facts, setting: &Setting<'_>) -> Option<Repair> {
    let powers = powers(facts);
    let impossible = powers.iter().filter(|(kwh, kw)| is_impossible(*kwh, *kw)).count();
    let plausible = powers.iter().filter(|(kwh, kw)| *kwh <= MOST_KWH * 1000.0 && *kw <= MOST_KW * 1000.0).count();
    let median_kw = median(powers.iter().map(|(_, kw)| *kw).collect());
    let share_before = share(impossible, powers.len());
    if powers.len() < ROWS || share_before < 0.3 || share(plausible, powers.len()) < 0.99 {
        return None;
    }
    let provable = share_before >= 0.8 && (IMPOSSIBLE_KW..MOST_KW * 1000.0).contains(&median_kw);
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

fn power(agrees: bool, says: String) -> EvidenceKind {
    EvidenceKind { id: "power", verdict: if agrees { Verdict::Agrees } else { Verdict::Silent }, says }
}

fn shown(value: f64) -> String {
    format!("{value}")
}

/// Ends and durations of a file multiplied.
pub(super) fn stretch(facts: &mut Facts, factor: f64) {
    for fact in &mut facts.rows {
        *fact = stretched(fact, factor);
    }
}

fn stretched(fact: &Fact, factor: f64) -> Fact {
    if fact.duration_s == NO_DURATION || fact.end == NONE {
        return *fact;
    }
    let seconds = (f64::from(fact.duration_s) * factor).round();
    Fact { end: fact.start + seconds as i64, duration_s: seconds as i32, ..*fact }
}

/// Seconds or hours in a column of minutes, where ends are computed from it: judged by power and by overlaps.
pub(super) fn duration_unit(facts: &Facts, setting: &Setting<'_>) -> Option<(Repair, f64)> {
    // A clock such as 12:30:00 has its unit with it.
    if !setting.end_is_derived || !setting.durations_are_minutes {
        return None;
    }
    [(1.0 / 60.0, "seconds"), (60.0, "hours")].into_iter().find_map(|(factor, unit)| slip(facts, setting, factor, unit))
}

/// Whether nearly all durations are multiples of sixty, as whole minutes are when they are written in seconds.
fn are_whole_minutes(facts: &Facts) -> bool {
    let durations: Vec<i32> = facts.rows.iter().map(|fact| fact.duration_s).filter(|s| *s != NO_DURATION).collect();
    // A number of what was taken for minutes is sixty times as many seconds here.
    let whole = durations.iter().filter(|seconds| **seconds % 3600 == 0).count();
    whole >= ROWS && share(whole, durations.len()) >= 0.95
}

fn slip(facts: &Facts, setting: &Setting<'_>, factor: f64, unit: &str) -> Option<(Repair, f64)> {
    let powers: Vec<f64> = facts.rows.iter().filter_map(Fact::kw).collect();
    let is_plausible = |kw: &f64| (LEAST_KW..=MOST_KW).contains(kw);
    let before = share(powers.iter().filter(|kw| is_plausible(kw)).count(), powers.len());
    let after = share(powers.iter().filter(|kw| is_plausible(&(**kw / factor))).count(), powers.len());
    if powers.len() < ROWS || after < 0.9 || before > 0.5 {
        return None;
    }
    let stays = |factor: f64| facts.rows.iter().map(move |fact| stretched(fact, factor));
    let (with, without) = (overlaps::count(stays(1.0)), overlaps::count(stays(factor)));
    let rows = facts.rows.len() as u64;
    let are_free = without <= rows / 50 + 1;
    // Shorter stays must end overlaps that there are, and not only at one id: a hub may be a single one, with long stays side by side;
    // unless the numbers show that they were minutes before. Longer ones must not make any.
    let are_apart = || overlaps::evses(stays(1.0)) >= EVSES || are_whole_minutes(facts);
    let stays = if factor < 1.0 {
        with >= rows / 4 && with >= ROWS as u64 && are_free && are_apart()
    } else {
        are_free && before <= 0.2
    };
    let says = format!(
        "With durations in {unit}, {:.0} % of sessions have a plausible mean power, against {:.0} % in minutes; {without} sessions overlap, \
         against {with}.",
        after * 100.0,
        before * 100.0
    );
    let kinds = vec![
        power(
            true,
            format!("Share of sessions with {LEAST_KW} to {MOST_KW} kW: {before:.2} as read, {after:.2} in {unit}."),
        ),
        EvidenceKind {
            id: "stays",
            verdict: if stays { Verdict::Agrees } else { Verdict::Silent },
            says: format!("Overlaps at one charge point: {with} as read, {without} in {unit}."),
        },
    ];
    let example = |fact: &Fact| {
        let minutes = f64::from(fact.duration_s) / 60.0;
        (fact.duration_s != NO_DURATION).then(|| (format!("{minutes:.0} min"), format!("{:.0} min", minutes * factor)))
    };
    let texts = (says, setting.columns.duration.clone());
    let changed = |fact: &Fact| stretched(fact, factor);
    let mut found = repair(RepairKind::DurationUnit, facts, texts, stays, kinds, changed, example);
    found.evidence.before.overlaps = with;
    found.evidence.after.overlaps = without;
    Some((found, factor))
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

fn repair(
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
