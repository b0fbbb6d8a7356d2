//! Checks: what is looked for in each row, with an id, a severity, and a sentence that says what to do.
//!
//! A check of accepted rows is one small file here and one line in [`CHECKS`]; those that quarantine are found while a row is
//! read and are described in `rejections`, those that compare a return with others in `across`.

mod across;
mod clock_change;
mod coordinates;
mod duration_differs;
mod energy;
mod failed_start;
mod far;
mod fees;
mod limits;
mod long_charge;
mod long_stay;
mod outside_area;
mod outside_period;
mod outside_service;
mod over_rated_power;
mod overlap;
mod register;
mod rejections;
mod repaired;
mod under_one_minute;

use std::ops::RangeInclusive;

use hashbrown::HashMap;
use kerbwatt_model::{Flag, Session};

pub(crate) use across::TOTAL_PASSED_OVER;
pub use across::{
    ALL_SET_ASIDE, CORRECTED_SINCE, EARLIER_ON_UTC, HELD_ALREADY, KEEPS_EARLIER, LACKS_EARLIER, MOSTLY_LOW_ENERGY,
    MOSTLY_OVERLAPS, MOSTLY_SET_ASIDE, OVERLAPS_OTHER_RETURN, REPEATED_ROW, REPLACES_EARLIER, SAME_FILE, SAME_ID,
    TAKES_CORRECTION_BACK, UNPROVED_REPAIR, holds,
};
pub use coordinates::{COORDINATES_EXCHANGED, COORDINATES_WITHOUT_SIGN};
pub(crate) use far::{FAR, bulk};
pub use limits::{CheckLimit, LIMITS, Limit, LimitError, Limits, Thresholds};
pub(crate) use overlap::{EVSES_AT_ONCE, overlapping};
pub(crate) use rejections::Rule;

use crate::{Example, Finding, KnownEvse, Severity};

/// What a check of accepted rows may look at.
pub(crate) struct Context<'a> {
    pub(crate) thresholds: &'a Thresholds,
    /// First to last day of the declared period, in days since 1970.
    pub(crate) period: Option<RangeInclusive<i64>>,
    /// Local day of plug-in, in days since 1970.
    pub(crate) day: i64,
    pub(crate) register_is_empty: bool,
    /// What the register knows of the row's EVSE.
    pub(crate) known: Option<&'a KnownEvse>,
    /// What stands where a fee is not read, by row: of the first rows.
    pub(crate) fees: &'a HashMap<u64, String>,
}

/// One check.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Id, stable.
    pub id: &'static str,
    /// How grave.
    pub severity: Severity,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What to do.
    pub advice: &'static str,
    /// The flag it sets on the row.
    pub(crate) flag: Option<Flag>,
    /// Finds it in an accepted row, whose names are not looked up for this.
    pub(crate) finds: fn(&Session<'_>, &Context<'_>) -> bool,
    /// What was found, for an example.
    pub(crate) shows: fn(&Session<'_>, &Context<'_>) -> String,
}

/// Checks of accepted rows, in the order in which they run.
pub(crate) static CHECKS: [&Check; 25] = [
    &failed_start::CHECK,
    &under_one_minute::CHECK,
    &long_stay::CHECK,
    &long_charge::CHECK,
    &long_charge::LONGER_THAN_PLUGGED,
    &long_charge::BEFORE_PLUGGED,
    &duration_differs::CHECK,
    &energy::LOW,
    &energy::HIGH,
    &energy::IN_NO_TIME,
    &over_rated_power::CHECK,
    &fees::UNREADABLE,
    &fees::OTHER_CURRENCY,
    &fees::NEGATIVE,
    &outside_period::CHECK,
    &outside_service::CHECK,
    &outside_area::CHECK,
    &outside_area::NO_AREAS,
    &register::UNREGISTERED,
    &overlap::CHECK,
    &clock_change::CHECK,
    &clock_change::UNCLEAR_ORDER,
    &clock_change::END_DERIVED,
    &repaired::CHECK,
    &repaired::UNRESOLVED,
];

/// Those among them that tell a flag which was set while rows were read or compared. Most sessions have none, and are not asked.
static OF_FLAGS: [&Check; 10] = [
    &duration_differs::CHECK,
    &fees::UNREADABLE,
    &fees::OTHER_CURRENCY,
    &fees::NEGATIVE,
    &overlap::CHECK,
    &clock_change::CHECK,
    &clock_change::UNCLEAR_ORDER,
    &clock_change::END_DERIVED,
    &repaired::CHECK,
    &repaired::UNRESOLVED,
];

/// The checks that may find something in a session without a flag.
pub(crate) fn of_unflagged() -> Vec<&'static Check> {
    let needs_flag = |check: &&Check| OF_FLAGS.iter().any(|one| one.id == check.id);
    CHECKS.into_iter().filter(|check| !needs_flag(check)).collect()
}

/// Those among them that ask the register.
static OF_REGISTER: [&Check; 5] = [
    &long_stay::CHECK,
    &over_rated_power::CHECK,
    &outside_service::CHECK,
    &outside_area::CHECK,
    &register::UNREGISTERED,
];

/// Bits of the flags that a session has by the register, [`Flag::OF_REGISTER`]. `known` is the entry of its charge point, `day`
/// the local day of plug-in, counted from 1970-01-01.
#[must_use]
pub fn flags_of_register(
    session: &Session<'_>,
    known: Option<&KnownEvse>,
    register_is_empty: bool,
    thresholds: &Thresholds,
    day: i64,
) -> i32 {
    let fees = HashMap::new();
    let context = Context { thresholds, period: None, day, register_is_empty, known, fees: &fees };
    let found = OF_REGISTER.into_iter().filter(|check| (check.finds)(session, &context));
    found.fold(0, |bits, check| bits | check.flag.map_or(0, Flag::bit))
}

/// Every check, those that quarantine first, and those last that are not asked of single rows of a return.
#[must_use]
pub fn checks() -> Vec<Check> {
    let of_returns = CHECKS.iter().chain(&across::ACROSS).chain(&coordinates::COORDINATES).map(|check| **check);
    rejections::RULES.iter().map(Rule::check).chain(of_returns).collect()
}

impl Check {
    /// What it found, where that is counted elsewhere; of the examples the first few are kept.
    #[must_use]
    pub fn found(&self, count: u64, examples: impl Iterator<Item = Example>) -> Finding {
        Finding {
            rule: self.id,
            severity: self.severity,
            title: self.title,
            count,
            advice: self.advice,
            holds: holds(self.id),
            limits: Vec::new(),
            examples: examples.take(EXAMPLES).collect(),
        }
    }
}

/// Puts the gravest and most frequent first.
pub fn sort_findings(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (a.severity, b.count, a.rule).cmp(&(b.severity, a.count, b.rule)));
}

/// Counts of what was found, with the first examples.
#[derive(Default)]
pub(crate) struct Tally(Vec<Finding>);

const EXAMPLES: usize = 5;

impl Tally {
    /// Counts a row; the example is made only where it is kept.
    pub(crate) fn count(&mut self, check: &Check, example: impl FnOnce() -> Example) {
        let at = self.0.iter().position(|finding| finding.rule == check.id).unwrap_or_else(|| {
            self.0.push(check.found(0, std::iter::empty()));
            self.0.len() - 1
        });
        let finding = &mut self.0[at];
        finding.count += 1;
        if finding.examples.len() < EXAMPLES {
            finding.examples.push(example());
        }
    }

    /// Takes in what was found in the rows that follow.
    pub(crate) fn append(&mut self, more: Self) {
        for theirs in more.0 {
            match self.0.iter_mut().find(|finding| finding.rule == theirs.rule) {
                None => self.0.push(theirs),
                Some(ours) => {
                    ours.count += theirs.count;
                    ours.examples.extend(theirs.examples);
                    ours.examples.truncate(EXAMPLES);
                }
            }
        }
    }

    /// The values of all examples.
    pub(crate) fn shown(&mut self) -> impl Iterator<Item = &mut String> {
        self.0.iter_mut().flat_map(|finding| finding.examples.iter_mut().map(|example| &mut example.value))
    }

    /// What was found most often.
    pub(crate) fn most_frequent(&self) -> Option<&Finding> {
        self.0.iter().max_by_key(|finding| finding.count)
    }

    /// Gravest and most frequent first, each with the limits that it was found by.
    pub(crate) fn findings_with(mut self, thresholds: Thresholds) -> Vec<Finding> {
        for finding in &mut self.0 {
            finding.limits = thresholds.of_check(finding.rule);
        }
        self.findings()
    }

    /// Gravest and most frequent first.
    pub(crate) fn findings(mut self) -> Vec<Finding> {
        sort_findings(&mut self.0);
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn only_the_flags_that_are_said_to_hang_on_the_register_do() {
        let flags = OF_REGISTER.iter().filter_map(|check| check.flag);
        assert_eq!(flags.fold(0, |bits, flag| bits | flag.bit()), Flag::OF_REGISTER);
        let (thresholds, fees) = (Thresholds::default(), HashMap::new());
        let at = |hours: i64| jiff::Timestamp::from_second(hours * 3600).unwrap_or_default();
        let date = |day| Some(kerbwatt_model::day_of_number(day));
        let place = crate::KnownPlace::Outside(crate::Coordinates { latitude: 0.0, longitude: 0.0 });
        let slow = KnownEvse { rated_kw: Some(3.6), commissioned: date(9), decommissioned: date(99), place };
        let mut differing = 0;
        for (hours, energy_kwh) in [(0, 0.0), (1, 30.0), (5, 0.2), (20, 260.0), (80, 40.0)] {
            let session = Session { plug_out: at(hours), energy_kwh, ..Session::empty() };
            let bits = |known: Option<&KnownEvse>, register_is_empty| {
                let context =
                    Context { thresholds: &thresholds, period: None, day: 0, register_is_empty, known, fees: &fees };
                let found = CHECKS.into_iter().filter(|check| (check.finds)(&session, &context));
                found.fold(0, |bits, check| bits | check.flag.map_or(0, Flag::bit))
            };
            let without = bits(None, true);
            for (known, is_empty) in [(Some(&slow), false), (None, false)] {
                differing |= bits(known, is_empty) ^ without;
                let of_register = flags_of_register(&session, known, is_empty, &thresholds, 0);
                assert_eq!(bits(known, is_empty) & Flag::OF_REGISTER, of_register);
            }
        }
        assert_eq!(differing, Flag::OF_REGISTER, "each of them differs, and no other");
    }

    #[test]
    fn checks_that_tell_flags_find_nothing_in_sessions_without_one_and_each_its_own() {
        let (thresholds, fees) = (Thresholds::default(), HashMap::new());
        let context = Context {
            thresholds: &thresholds,
            period: None,
            day: 0,
            register_is_empty: true,
            known: None,
            fees: &fees,
        };
        assert_eq!(of_unflagged().len() + OF_FLAGS.len(), CHECKS.len());
        for energy_kwh in [-1.0, 0.0, 7.0, 300.0] {
            let session = Session { energy_kwh, fee_pence: Some(-1.0), ..Session::empty() };
            for check in OF_FLAGS {
                assert!(!(check.finds)(&session, &context), "{}", check.id);
                let flags = check.flag.map_or(0, Flag::bit);
                assert!((check.finds)(&Session { flags, ..session }, &context), "{}", check.id);
            }
        }
    }

    #[test]
    fn each_check_has_its_own_id_and_says_what_to_do() {
        let all = checks();
        let ids: HashSet<&str> = all.iter().map(|check| check.id).collect();
        assert_eq!(ids.len(), all.len());
        assert!(all.iter().all(|check| check.advice.ends_with('.') && !check.title.is_empty()));
    }
}
