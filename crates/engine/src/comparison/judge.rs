//! The rule itself: charge-point days of both periods are counted day by day, and the verdict follows from the counts.

use std::collections::HashMap;

use kerbwatt_model::Period;

use super::days::{Days, Run, counterparts, reported};
use super::{Comparison, NotCompared, words};
use crate::Snapshot;
use crate::groups::{Groups, OUT};
use crate::known::Known;

/// Of the charge-point days of a period, the share that may lack a return although their counterparts have one. A city of dozens
/// of operators always waits for one of them.
const MISSING: f64 = 0.1;
/// By how much these shares may differ: totals are off by about that.
const ASKEW: f64 = 0.05;
/// Of the days with anything in service, the share that may be without a counterpart.
const APART: f64 = 0.05;

/// What was counted of a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) reported_now: u32,
    pub(super) reported_before: u32,
    pub(super) missing_now: u32,
    pub(super) missing_before: u32,
    /// Days with any charge point in service and reported on.
    pub(super) days_now: Days,
    pub(super) days_before: Days,
    pub(super) points: Points,
}

/// How many charge points there are: as far as it matters.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Points {
    #[default]
    None,
    /// One, by its number.
    One(i32),
    Several,
}

impl Points {
    fn with(self, evse: i32) -> Self {
        match self {
            Self::None => Self::One(evse),
            Self::One(known) if known == evse => self,
            _ => Self::Several,
        }
    }
}

/// What an operator reported of the days of both periods.
struct Returns {
    now: Days,
    before: Days,
}

/// Counts for each group.
pub(super) fn tallies(
    snapshot: &Snapshot,
    groups: &Groups,
    (now, before): (&Period, &Period),
    known: &Known,
) -> Vec<Tally> {
    let (days, then) = counterparts(now, before);
    let empty = Tally { days_now: Days::none(days.len()), days_before: Days::none(days.len()), ..Tally::default() };
    let mut tallies = vec![empty; groups.values.len()];
    let mut of_operators: HashMap<usize, Returns> = HashMap::new();
    for (at, (member, group)) in snapshot.members.all().iter().zip(&groups.of).enumerate() {
        let Some(tally) = usize::try_from(*group).ok().filter(|_| *group != OUT).and_then(|at| tallies.get_mut(at))
        else {
            continue;
        };
        let live = |days: &[i32]| {
            let (first, last) = days.first().copied().zip(days.last().copied()).unwrap_or_default();
            let (from, to) = member.live_days(first, last).into_inner();
            Run::within(days, from, to)
        };
        let runs = (live(&days), live(&then));
        let returns = of_operators
            .entry(known.operator(at))
            .or_insert_with(|| Returns { now: reported(known, at, &days), before: reported(known, at, &then) });
        tally.add(member.evse, member.registered, runs, returns);
    }
    tallies
}

impl Tally {
    /// Counts a charge point in service on some days now and before.
    fn add(&mut self, evse: i32, registered: bool, (now, before): (Run, Run), returns: &Returns) {
        let mut is_known = false;
        for at in 0..returns.now.words() {
            let (live_now, live_before) = (now.word(at), before.word(at));
            let (told_now, told_before) = (returns.now.word(at), returns.before.word(at));
            let (known_now, known_before) = (live_now & told_now, live_before & told_before);
            // Without a register nobody knows whether a point was there before it was reported on: no return is then no knowledge.
            let maybe = if registered { 0 } else { live_now | live_before };
            self.missing_now += ((live_now | maybe) & told_before & !told_now).count_ones();
            self.missing_before += ((live_before | maybe) & told_now & !told_before).count_ones();
            self.reported_now += known_now.count_ones();
            self.reported_before += known_before.count_ones();
            self.days_now.add(at, known_now);
            self.days_before.add(at, known_before);
            is_known |= known_now | known_before != 0;
        }
        if is_known {
            self.points = self.points.with(evse);
        }
    }

    /// What follows from the counts.
    pub(super) fn verdict(&self, now: &Period, before: &Period) -> Comparison {
        let mut comparison = Comparison {
            from: now.first,
            to: now.last,
            before_from: before.first,
            before_to: before.last,
            comparable: true,
            reason: None,
            words: None,
            evse_days_now: self.reported_now,
            evse_days_before: self.reported_before,
            missing_now: self.missing_now,
            missing_before: self.missing_before,
            days_now: self.days_now.count(),
            days_before: self.days_before.count(),
            days_both: self.days_now.count_both(&self.days_before),
            is_one_point: matches!(self.points, Points::One(_)),
        };
        comparison.reason = reason(&comparison);
        comparison.comparable = comparison.reason.is_none();
        comparison.words = words::sentence(&comparison);
        comparison
    }
}

fn reason(counted: &Comparison) -> Option<NotCompared> {
    let now = share_missing(counted.missing_now, counted.evse_days_now);
    let before = share_missing(counted.missing_before, counted.evse_days_before);
    if now.max(before) > MISSING || (now - before).abs() > ASKEW {
        return Some(NotCompared::Returns);
    }
    let days = f64::from(counted.days_now.max(counted.days_before));
    (f64::from(counted.days_both) < (1.0 - APART) * days).then_some(NotCompared::Service)
}

/// What is missing of a period, as a share of what there would be.
pub(super) fn share_missing(missing: u32, reported: u32) -> f64 {
    if missing == 0 { 0.0 } else { f64::from(missing) / (f64::from(missing) + f64::from(reported)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A year of 100 days and the one before; each charge point with its days in service and reported.
    struct Case(Tally);

    const DAYS: [i32; 100] = {
        let mut days = [0; 100];
        let mut at = 0;
        while at < 100 {
            days[at as usize] = at;
            at += 1;
        }
        days
    };

    type FromTo = (i32, i32);

    fn run((from, to): FromTo) -> Run {
        Run::within(&DAYS, from, to)
    }

    fn days((from, to): FromTo) -> Days {
        Days::where_each(&DAYS, |day| from <= day && day <= to)
    }

    const ALL: FromTo = (0, 99);
    const NEVER: FromTo = (200, 200);

    impl Case {
        fn new() -> Self {
            Self(Tally { days_now: Days::none(100), days_before: Days::none(100), ..Tally::default() })
        }

        /// In service and reported on: (now, before) each.
        fn point(mut self, registered: bool, live: (FromTo, FromTo), reported: (FromTo, FromTo)) -> Self {
            let evse = self.0.reported_now as i32 * 1000 + self.0.reported_before as i32 + self.0.missing_now as i32;
            let returns = Returns { now: days(reported.0), before: days(reported.1) };
            self.0.add(evse, registered, (run(live.0), run(live.1)), &returns);
            self
        }

        fn verdict(&self) -> Comparison {
            let now = Period::parse("2026").unwrap_or_else(|_| unreachable!());
            self.0.verdict(&now, &now.last_year())
        }
    }

    #[test]
    fn the_same_days_with_returns_compare_whatever_their_share() {
        let all = Case::new().point(true, (ALL, ALL), (ALL, ALL)).verdict();
        assert_eq!((all.comparable, all.words), (true, None));
        let thin = Case::new().point(true, (ALL, ALL), ((10, 39), (10, 39))).verdict();
        assert!(thin.comparable, "{thin:?}");
    }

    #[test]
    fn fewer_returns_then_do_not_compare() {
        let fewer = Case::new().point(true, (ALL, ALL), (ALL, (0, 72))).verdict();
        assert_eq!((fewer.reason, fewer.missing_before, fewer.missing_now), (Some(NotCompared::Returns), 27, 0));
        let few = Case::new().point(true, (ALL, ALL), (ALL, (0, 95))).verdict();
        assert!(few.comparable && few.is_near(), "four days of a hundred are let pass, and told: {few:?}");
        let text = "4% of charge-point days then have no return where there is one now.";
        assert_eq!(few.words.as_deref(), Some(text));
    }

    #[test]
    fn as_many_returns_of_other_days_do_not_compare() {
        let other = Case::new().point(true, (ALL, ALL), ((25, 99), (0, 74))).verdict();
        assert_eq!((other.evse_days_now, other.evse_days_before), (75, 75));
        assert_eq!((other.reason, other.missing_now, other.missing_before), (Some(NotCompared::Returns), 25, 25));
    }

    #[test]
    fn a_city_that_always_waits_for_some_operator_is_compared_until_that_skews_its_totals() {
        let mut case = Case::new();
        for _ in 0..15 {
            case = case.point(true, (ALL, ALL), (ALL, ALL));
        }
        let of = |case: &Case, returns: (FromTo, FromTo)| {
            let with = Case(case.0.clone()).point(true, (ALL, ALL), returns);
            with.verdict().comparable
        };
        assert!(of(&case, ((0, 49), (25, 99))), "some of the days of one operator in sixteen");
        let both = case.point(true, (ALL, ALL), (ALL, (0, 1)));
        assert!(!of(&both, (ALL, (0, 1))), "two in seventeen lack returns then, and none now");
        assert!(of(&both, ((0, 1), ALL)), "one lacks them then, another now");
    }

    #[test]
    fn points_added_to_others_are_growth_that_is_said_to_be_of_points() {
        let mut case = Case::new().point(true, (ALL, ALL), (ALL, ALL));
        for _ in 0..3 {
            case = case.point(true, (ALL, (50, 99)), (ALL, ALL));
        }
        let grown = case.verdict();
        assert!(grown.comparable);
        assert_eq!(grown.words.as_deref(), Some("With 60% more charge-point days."));
    }

    #[test]
    fn what_was_not_there_for_part_of_the_time_then_does_not_compare() {
        let opened = Case::new().point(true, (ALL, (77, 99)), (ALL, ALL)).verdict();
        assert_eq!(opened.reason, Some(NotCompared::Service));
        let closed = Case::new().point(true, ((0, 40), ALL), (ALL, ALL)).verdict();
        assert_eq!(closed.reason, Some(NotCompared::Service));
        let never = Case::new().point(true, (ALL, NEVER), (ALL, ALL)).verdict();
        assert_eq!(never.reason, Some(NotCompared::Service));
    }

    #[test]
    fn a_point_that_nobody_registers_may_have_been_there_before_its_first_return() {
        let unknown = Case::new().point(true, (ALL, ALL), (ALL, ALL)).point(false, (ALL, NEVER), (ALL, NEVER));
        assert_eq!(unknown.verdict().reason, Some(NotCompared::Returns));
        let new = Case::new().point(true, (ALL, ALL), (ALL, ALL)).point(false, (ALL, NEVER), (ALL, ALL));
        assert!(new.verdict().comparable, "its operator reported, and it was not among what was used");
    }

    #[test]
    fn where_nothing_was_reported_at_all_there_is_nothing_to_refuse() {
        assert!(Case::new().verdict().comparable);
    }
}
