//! Lengths of stays: seconds or hours in a column of minutes, where ends are computed from it.
//!
//! Long stays of cars that charged little look like seconds, and a hub whose sockets share ids has them side by side. What tells the
//! two apart is how energy goes with time: who charges takes more the longer it lasts, and who parks does not.

use super::amounts::{MOST_KW, ROWS, median, power, repair, share};
use super::facts::{Fact, Facts, NO_DURATION, NONE};
use super::{EvidenceKind, Repair, RepairKind, Setting, Verdict, overlaps};

/// Charge points at which stays must overlap before anything follows from it.
const EVSES: usize = 3;
/// A mean below this is a car that stands rather than charges, kW.
const LEAST_KW: f64 = 0.3;
/// Lengths must differ by this factor before anything follows from how energy goes with them.
const LENGTHS_APART: f64 = 2.0;
/// Energy follows time where powers differ by less than the root of this degree of what lengths do.
const POWERS_APART: f64 = 3.0;
/// Less than this is no car, and small batteries do charge so slowly, kWh.
const LEAST_KWH: f64 = 5.0;
/// Only a bus at its stop takes a charge worth telling in less, seconds.
const BRIEF_S: i32 = 360;

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

/// Seconds or hours in a column of minutes: judged by power, by overlaps, and by how energy goes with time.
pub(super) fn duration_unit(facts: &Facts, setting: &Setting<'_>) -> Option<(Repair, f64)> {
    // A clock such as 12:30:00 has its unit with it.
    if !setting.end_is_derived || !setting.durations_are_minutes {
        return None;
    }
    // A comma read as one between thousands makes a thousand times the duration, and seconds would be told of it.
    if setting.commas.in_durations {
        return None;
    }
    [(1.0 / 60.0, "seconds"), (60.0, "hours")].into_iter().find_map(|(factor, unit)| slip(facts, setting, factor, unit))
}

/// By which factor the middle eight tenths of values differ.
fn spread(mut values: Vec<f64>) -> f64 {
    let last = values.len().saturating_sub(1);
    values.sort_unstable_by(f64::total_cmp);
    let at = |tenths: usize| values.get(last * tenths / 10).copied().unwrap_or_default();
    at(9) / at(1).max(f64::MIN_POSITIVE)
}

/// Whether energy follows the time, as it does while cars charge. What cars that stand for days took depends on their batteries.
fn follows_time(facts: &Facts) -> bool {
    let charges = || facts.rows.iter().filter_map(|fact| Some((fact.kw()?, fact)));
    let lengths = spread(charges().filter_map(|(_, fact)| fact.length()).map(|length| length as f64).collect());
    let powers = spread(charges().map(|(kw, _)| kw).collect());
    let kwh = median(charges().map(|(_, fact)| fact.energy_kwh).collect());
    kwh >= LEAST_KWH && lengths >= LENGTHS_APART && powers.powf(POWERS_APART) <= lengths
}

/// Whether nearly all stays would be too brief for what they took, by the limit in force too.
fn are_too_brief(facts: &Facts, most_kw: f64) -> bool {
    let charges = facts.rows.iter().filter_map(|fact| Some((fact.kw()?, fact)));
    let (brief, energies): (Vec<bool>, Vec<f64>) =
        charges.map(|(kw, fact)| (kw > most_kw && fact.duration_s < BRIEF_S, fact.energy_kwh)).unzip();
    share(brief.iter().filter(|is| **is).count(), brief.len()) >= 0.8 && median(energies) >= LEAST_KWH
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
    // Longer stays must not make any overlaps. Shorter ones must end such as there are, and not only at one id: a hub may be a single
    // one, with long stays side by side.
    let are_free = without <= rows / 50 + 1;
    let are_apart = || with >= rows / 4 && with >= ROWS as u64 && overlaps::evses(stays(1.0)) >= EVSES;
    let do_stays_agree = are_free && (factor > 1.0 || are_apart());
    let is_shown = if factor < 1.0 { follows_time(facts) } else { are_too_brief(facts, setting.most_kw) };
    let says = format!(
        "With durations in {unit}, {:.0} % of sessions have a plausible mean power, against {:.0} % in minutes; {without} sessions overlap, \
         against {with}.",
        after * 100.0,
        before * 100.0
    );
    let kinds = vec![
        power(
            before <= 0.2 && is_shown,
            format!(
                "Share of sessions with {LEAST_KW} to {MOST_KW} kW: {before:.2} as read, {after:.2} in {unit}. {}",
                energy_says(factor, is_shown)
            ),
        ),
        EvidenceKind {
            id: "stays",
            verdict: if do_stays_agree { Verdict::Agrees } else { Verdict::Silent },
            says: format!("Overlaps at one charge point: {with} as read, {without} in {unit}."),
        },
    ];
    let provable = kinds.iter().all(|kind| kind.verdict == Verdict::Agrees);
    let example = |fact: &Fact| {
        let minutes = f64::from(fact.duration_s) / 60.0;
        (fact.duration_s != NO_DURATION).then(|| (format!("{minutes:.0} min"), format!("{:.0} min", minutes * factor)))
    };
    let texts = (says, setting.columns.duration.clone());
    let changed = |fact: &Fact| stretched(fact, factor);
    let mut found = repair(RepairKind::DurationUnit, facts, texts, provable, kinds, changed, example);
    found.evidence.before.overlaps = with;
    found.evidence.after.overlaps = without;
    Some((found, factor))
}

fn energy_says(factor: f64, is_shown: bool) -> &'static str {
    match (factor < 1.0, is_shown) {
        (true, true) => "Energy grows with the duration, as it does while cars charge and not while they stand.",
        (true, false) => {
            "Energy does not grow with the duration, as it would while cars charge: these may be long stays."
        }
        (false, true) => {
            "Nearly all sessions would be too brief for their energy, by the limit on mean power in force."
        }
        (false, false) => {
            "Not nearly all sessions are too brief for their energy: these may be powerful charge points."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_is_the_factor_between_the_tenths_and_nothing_has_none() {
        assert!((spread((1..=101).map(f64::from).collect()) - 91.0 / 11.0).abs() < 1e-9);
        assert_eq!(spread(vec![3.0; 20]), 1.0);
        assert_eq!(spread(Vec::new()), 0.0);
    }
}
