//! The exchange of day and month: an export tool took DD/MM for MM/DD wherever the day was 12 or less.
//!
//! Written out again the column looks uniform, and 3 April stands there as 4 March. The claim is about the file as a whole: *every*
//! date with a day up to the twelfth is exchanged. It is proved by what it mends and does not spoil, in at least two of four
//! kinds of evidence that do not depend on each other, judged by the rows whose date has one reading only.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kerbwatt_model::{day_number, day_of_number};

use super::bounds::Bounds;
use super::facts::{End, Fact, Facts, Sides};
use super::order::Order;
use super::plan::Swap;
use super::{
    DayCount, Evidence, EvidenceKind, Headlines, Measures, Repair, RepairKind, Setting, Verdict, civil_days, overlaps,
    week,
};

/// Rows with one reading only that there must be to judge the others by.
pub(super) const CLEAR_ROWS: u64 = 20;
/// Rows that must change.
const AFFECTED_ROWS: u64 = 20;
/// Contradictions that a kind of evidence must mend to speak.
const LEAST: u64 = 10;
/// Days that declaration and clear rows together must be right about, where nothing else speaks.
const LEAST_DAYS: usize = 8;
/// Kinds of evidence that must agree.
const KINDS: usize = 2;
/// Examples shown.
const EXAMPLES: usize = 5;

/// The exchange, as found.
pub(super) struct Found {
    pub(super) repair: Repair,
    pub(super) swap: Swap,
}

/// Looks for the exchange; none where nothing speaks for it.
pub(super) fn find(facts: &Facts, setting: &Setting<'_>) -> Option<Found> {
    let rows = facts.rows.as_slice();
    let case = Case::of(rows, setting);
    if case.affected == 0 {
        return None;
    }
    let mut kinds = vec![case.period(), case.order(), case.week()];
    let overlaps = case.overlaps(&kinds);
    kinds.insert(2, case.stays(overlaps));
    let count = |verdict| kinds.iter().filter(|kind| kind.verdict == verdict).count();
    let provable = case.clear >= CLEAR_ROWS
        && case.affected >= AFFECTED_ROWS
        && (count(Verdict::Agrees) >= KINDS || case.is_told_twice_of_the_period())
        && count(Verdict::Against) == 0;
    let mended = case.mended();
    let speaks = kinds.iter().any(|kind| kind.verdict == Verdict::Agrees && kind.id != "week");
    let is_partial = mended >= 2 * LEAST && mended * 20 >= case.affected;
    if !provable && !speaks && !is_partial {
        return None;
    }
    let unresolved = if provable { case.spoiled() } else { HashSet::new() };
    let swap = Swap { sides: case.sides, unresolved };
    let evidence =
        Evidence { before: case.measures(None, overlaps), after: case.measures(Some(case.sides), overlaps), kinds };
    Some(Found { repair: case.repair(provable, mended, &swap, evidence), swap })
}

/// Rows whose day and month may be exchanged although nothing proves it: those that a repair without proof would change; and all, where
/// no date is clear, the days lie months apart, and the other reading makes them follow each other.
pub(super) fn doubtful(facts: &Facts, found: Option<&Found>) -> HashSet<u32> {
    let rows = facts.rows.as_slice();
    let changed =
        |sides: Sides| rows.iter().filter(move |fact| fact.is_moved(&sides.of(**fact))).map(|fact| fact.row).collect();
    match found {
        Some(found) if found.repair.provable => HashSet::new(),
        Some(found) => changed(found.swap.sides),
        None if follow_each_other(rows) => changed(Sides { start: true, end: End::Exchanged }),
        None => HashSet::new(),
    }
}

/// Whether no date is clear, and the days, which lie far apart, are next to each other with day and month exchanged.
fn follow_each_other(rows: &[Fact]) -> bool {
    if rows.iter().any(|fact| civil_days::is_clear(fact.day())) {
        return false;
    }
    let days: BTreeSet<i64> = rows.iter().map(Fact::day).collect();
    let exchanged: BTreeSet<i64> =
        rows.iter().map(|fact| Sides { start: true, end: End::AsRead }.of(*fact).day()).collect();
    let span = |days: &BTreeSet<i64>| days.first().zip(days.last()).map_or(0, |(first, last)| last - first);
    let (far, near) = (span(&days), span(&exchanged));
    days.len() >= 3 && usize::try_from(near).is_ok_and(|near| near < 2 * exchanged.len()) && far >= 8 * near
}

/// A file on trial.
struct Case<'a> {
    rows: &'a [Fact],
    setting: &'a Setting<'a>,
    sides: Sides,
    order: Option<Order>,
    bounds: Bounds,
    /// Rows of which the start has one reading only.
    clear: u64,
    /// Rows that the repair would change.
    affected: u64,
    /// Rows of which it would change the start.
    moved: u64,
}

/// Contradictions as read and as repaired, and how many rows lose or gain one.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    before: u64,
    after: u64,
    healed: u64,
    spoiled: u64,
}

impl Pair {
    /// Whether rows healed and rows spoiled, of so many, speak for the repair: one in fifty may be wrong for another reason.
    fn weigh(self, of: u64) -> Verdict {
        let borne = self.healed / 50 + 1;
        if self.spoiled > borne + 1 + of / 200 {
            Verdict::Against
        } else if self.healed >= LEAST && self.spoiled <= borne {
            Verdict::Agrees
        } else {
            Verdict::Silent
        }
    }
}

impl<'a> Case<'a> {
    fn of(rows: &'a [Fact], setting: &'a Setting<'a>) -> Self {
        let sides = likeliest(rows, setting.end_is_derived);
        let count = |test: &dyn Fn(&Fact) -> bool| rows.iter().filter(|fact| test(fact)).count() as u64;
        let affected = count(&|fact| fact.is_moved(&sides.of(*fact)));
        Self {
            rows,
            setting,
            sides,
            order: if affected == 0 { None } else { Order::find(rows) },
            bounds: Bounds::of(rows, setting.period),
            clear: count(&|fact| civil_days::is_clear(fact.day())),
            affected,
            moved: count(&|fact| sides.of(*fact).start != fact.start),
        }
    }

    fn both(&self, test: impl Fn(&Fact) -> bool) -> Pair {
        let mut pair = Pair::default();
        for fact in self.rows {
            let repaired = self.sides.of(*fact);
            if fact.is_moved(&repaired) {
                let (before, after) = (test(fact), test(&repaired));
                pair.before += u64::from(before);
                pair.after += u64::from(after);
                pair.healed += u64::from(before && !after);
                pair.spoiled += u64::from(after && !before);
            }
        }
        pair
    }

    /// The declared period, and the months of rows with one reading only.
    fn period(&self) -> EvidenceKind {
        let trial = |is_outside: &dyn Fn(i64) -> bool| {
            let pair = self.both(|fact| is_outside(fact.day()));
            let verdict = pair.weigh(self.moved);
            let is_little = pair.healed * 20 < self.moved;
            (pair, if verdict == Verdict::Agrees && is_little { Verdict::Silent } else { verdict })
        };
        let declared = trial(&|day| self.bounds.is_outside_declared(day));
        let months = trial(&|day| self.bounds.is_outside_months(day));
        let of_both = [declared.1, months.1];
        let verdict = if of_both.contains(&Verdict::Against) {
            Verdict::Against
        } else if of_both.contains(&Verdict::Agrees) {
            Verdict::Agrees
        } else {
            Verdict::Silent
        };
        let outside = match self.setting.period {
            Some(_) => {
                let Pair { before, after, .. } = declared.0;
                format!("Rows outside the declared period: {before} as read, {after} with the repair.")
            }
            None => "No period is declared.".to_owned(),
        };
        let says = format!(
            "{outside} Rows in months far from those of the rows whose date has one reading only: {} as read, {} with the repair.",
            months.0.before, months.0.after
        );
        EvidenceKind { id: "period", verdict, says }
    }

    /// Whether declaration and clear rows, which do not depend on each other, both name the period into which the repair brings rows of
    /// many days without a single one that leaves it. A right file would have to hold, beside its period, the same day of many months.
    fn is_told_twice_of_the_period(&self) -> bool {
        let is_outside = |fact: &Fact| self.bounds.is_outside_declared(fact.day());
        let far = self.both(|fact| self.bounds.is_outside_months(fact.day()));
        let mut days = HashSet::new();
        let (mut healed, mut left) = (0u64, 0u64);
        for fact in self.rows {
            let repaired = self.sides.of(*fact);
            if repaired.day() != fact.day() {
                let is_healed = is_outside(fact) && !is_outside(&repaired);
                healed += u64::from(is_healed);
                left += u64::from(is_outside(&repaired));
                days.extend(is_healed.then(|| fact.day()));
            }
        }
        let is_told = healed * 20 >= self.moved * 19 && far.healed * 2 >= self.moved && far.spoiled == 0;
        is_told && left == 0 && self.moved >= AFFECTED_ROWS && days.len() >= LEAST_DAYS
    }

    fn order(&self) -> EvidenceKind {
        let Some(order) = self.order.as_ref().filter(|_| self.sides.start) else {
            return EvidenceKind {
                id: "order",
                verdict: Verdict::Silent,
                says: "Rows with one reading only do not follow time, so their order says nothing.".to_owned(),
            };
        };
        let (before, after) = self.steps_back(order);
        let all = self.rows.len() as f64;
        let usual = (order.noise * 2.0 + 0.01) * all + 3.0;
        let is_usual = after as f64 <= usual;
        let verdict = if !is_usual && after * 10 > before {
            Verdict::Against
        } else if is_usual && before >= after + LEAST.max(self.moved / 10) {
            Verdict::Agrees
        } else {
            Verdict::Silent
        };
        let says = format!("Rows out of time {}: {before} as read, {after} with the repair.", order.phrase());
        EvidenceKind { id: "order", verdict, says }
    }

    fn steps_back(&self, order: &Order) -> (u64, u64) {
        (order.out_of_order(self.rows, AS_READ), order.out_of_order(self.rows, self.sides))
    }

    fn week(&self) -> EvidenceKind {
        let fit = week::fit(self.rows, self.sides);
        let verdict = match fit.map_or(0, week::Fit::says) {
            1 => Verdict::Agrees,
            -1 => Verdict::Against,
            _ => Verdict::Silent,
        };
        let says = fit.map_or_else(
            || "There are too few days to compare the rhythm of the week.".to_owned(),
            |fit| {
                // Without the sign of a zero.
                let [before, after] = [fit.before, fit.after].map(|by| (by * 10.0).round() / 10.0 + 0.0);
                format!(
                    "How busy days are fits the rhythm of the week of the other rows by {before:.1} standard deviations as read, by \
                     {after:.1} with the repair."
                )
            },
        );
        EvidenceKind { id: "week", verdict, says }
    }

    /// Overlaps both ways; they cost a sort of all rows, and are counted only where something else speaks.
    fn overlaps(&self, kinds: &[EvidenceKind]) -> Pair {
        let odd = self.both(Fact::is_odd_stay);
        if kinds.iter().all(|kind| kind.verdict != Verdict::Agrees) && odd.before < LEAST {
            return Pair::default();
        }
        Pair {
            before: overlaps::count(self.rows.iter().copied()),
            after: overlaps::count(self.rows.iter().map(|fact| self.sides.of(*fact))),
            ..Pair::default()
        }
    }

    /// Stays that cannot be, and stays at one EVSE at the same time.
    fn stays(&self, overlaps: Pair) -> EvidenceKind {
        let odd = self.both(Fact::is_odd_stay);
        let of_rows = odd.weigh(self.affected);
        let (before, after, all) = (overlaps.before as f64, overlaps.after as f64, self.rows.len() as f64);
        let are_spoiled = after > before * 1.05 + 5.0 + all / 100.0;
        let are_mended =
            self.sides.end == End::Follows && overlaps.before >= 2 * LEAST && after <= before / 4.0 + all / 200.0;
        let verdict = match of_rows {
            Verdict::Against => Verdict::Against,
            // A stay that only the repair makes impossible has dates that were right as they are.
            _ if are_spoiled || odd.spoiled > odd.healed => Verdict::Against,
            Verdict::Silent if are_mended => Verdict::Agrees,
            other => other,
        };
        let says = format!(
            "Stays that are negative, a month long or not as long as their duration: {} as read, {} with the repair. Overlaps at one \
             charge point: {} and {}.",
            odd.before, odd.after, overlaps.before, overlaps.after
        );
        EvidenceKind { id: "stays", verdict, says }
    }

    /// How many rows the repair mends, each taken by itself.
    fn mended(&self) -> u64 {
        let is_mended = |fact: &&Fact| {
            let repaired = self.sides.of(**fact);
            fact.is_moved(&repaired) && self.is_nonsense(fact) && !self.is_nonsense(&repaired)
        };
        self.rows.iter().filter(is_mended).count() as u64
    }

    /// Rows that the repair spoils: each taken by itself, or in their place among the others as they are.
    fn spoiled(&self) -> HashSet<u32> {
        let makes_sense = |fact: &&Fact| !self.is_nonsense(fact);
        let is_spoiled = |fact: &&Fact| {
            let repaired = self.sides.of(**fact);
            fact.is_moved(&repaired) && self.is_nonsense(&repaired)
        };
        let by_itself = self.rows.iter().filter(is_spoiled);
        let order = self.order.as_ref().filter(|_| self.sides.start);
        let in_place = order.map(|order| order.in_place_as_read(self.rows, &self.bounds)).unwrap_or_default();
        by_itself.chain(in_place).filter(makes_sense).map(|fact| fact.row).collect()
    }

    /// A stay that cannot be, or one outside both the declared period and the months of the other rows.
    fn is_nonsense(&self, fact: &Fact) -> bool {
        fact.is_odd_stay() || self.bounds.is_outside_all(fact.day())
    }

    fn measures(&self, sides: Option<Sides>, overlaps: Pair) -> Measures {
        let read = |fact: &Fact| sides.map_or(*fact, |sides| sides.of(*fact));
        let mut found = Facts::measures(self.rows.iter().map(read));
        for fact in self.rows.iter().map(read) {
            found.outside_period += u64::from(
                self.setting
                    .period
                    .is_some_and(|period| !(day_number(period.first)..=day_number(period.last)).contains(&fact.day())),
            );
            found.outside_months += u64::from(self.bounds.is_outside_months(fact.day()));
        }
        found.overlaps = if sides.is_some() { overlaps.after } else { overlaps.before };
        if let Some(order) = &self.order {
            let (before, after) = self.steps_back(order);
            found.steps_back = if sides.is_some() { after } else { before };
        }
        found
    }

    fn repair(&self, provable: bool, mended: u64, swap: &Swap, evidence: Evidence) -> Repair {
        let read = |fact: &Fact| if swap.unresolved.contains(&fact.row) { *fact } else { swap.sides.of(*fact) };
        let changed = self.rows.iter().filter(|fact| fact.is_moved(&read(fact)));
        let rows = changed.clone().count() as u64;
        let unresolved = swap.unresolved.len() as u64;
        let mut by_day = BTreeMap::<i64, (u64, u64)>::new();
        for fact in self.rows {
            by_day.entry(fact.day()).or_default().0 += 1;
            by_day.entry(read(fact).day()).or_default().1 += 1;
        }
        let day_count = |(day, (before, after))| DayCount { day: day_of_number(day), before, after };
        Repair {
            kind: RepairKind::DayMonthSwap,
            title: RepairKind::DayMonthSwap.title(),
            says: self.says(provable, mended, rows, unresolved),
            rows,
            unresolved,
            evidence,
            provable,
            examples: changed.take(EXAMPLES).map(|fact| fact.moved(&read(fact), &self.setting.columns)).collect(),
            by_day: by_day.into_iter().map(day_count).collect(),
            headline: Headlines {
                before: Facts::headline(self.rows.iter().copied()),
                after: Facts::headline(self.rows.iter().map(read)),
            },
        }
    }

    fn says(&self, provable: bool, mended: u64, rows: u64, unresolved: u64) -> String {
        let all = self.rows.len();
        let column = match (self.sides.start, self.sides.end) {
            (true, End::Exchanged) => "start and end",
            (true, _) => "start",
            (false, _) => "end",
        };
        if !provable {
            return format!(
                "In {mended} of {all} rows the dates of {column} make sense only if day and month are exchanged, but not all evidence \
                 agrees that this was done to the whole file. Nothing can be repaired; ask for the file in ISO 8601."
            );
        }
        let rest = match unresolved {
            0 => String::new(),
            1 => " One row makes no sense that way; it stays as it is, and is flagged.".to_owned(),
            several => format!(" {several} rows make no sense that way; they stay as they are, and are flagged."),
        };
        format!(
            "An export tool read dates of {column} month first wherever the day was 12 or less: {rows} of {all} rows have day and \
             month exchanged.{rest}"
        )
    }
}

const AS_READ: Sides = Sides { start: false, end: End::AsRead };

/// Which columns are likeliest exchanged: those with which the fewest stays are odd; both where that does not decide.
fn likeliest(rows: &[Fact], end_is_derived: bool) -> Sides {
    if end_is_derived {
        return Sides { start: true, end: End::Follows };
    }
    let ways = [
        Sides { start: true, end: End::Exchanged },
        Sides { start: true, end: End::AsRead },
        Sides { start: false, end: End::Exchanged },
    ];
    let mut odd = [0u64; 3];
    for fact in rows {
        for (at, way) in ways.iter().enumerate() {
            odd[at] += u64::from(way.of(*fact).is_odd_stay());
        }
    }
    let least = (0..ways.len()).min_by_key(|at| odd[*at]).unwrap_or(0);
    ways[least]
}
