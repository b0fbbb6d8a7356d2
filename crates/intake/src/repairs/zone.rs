//! Clocks on UTC in a layout of local times: seen where the clocks change, in a second column of times, and in earlier returns
//! that hold the same sessions; nowhere else. Only the last two prove it. Durations that a spreadsheet worked out from two local times, and
//! clocks that were put forward late, are both ordinary, also together and beside an earlier return that is wrong.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kerbwatt_model::Zone;

use super::clock_nights::{Meaning, change_days, durations_fit, over_a_change};
use super::earlier::Overlap;
use super::facts::{Fact, Facts, NONE};
use super::witness::{Testimony, Witnesses};
use super::{
    Columns, DayCount, Evidence, EvidenceKind, Headlines, Measures, Repair, RepairKind, Setting, Verdict, civil_days,
};

/// The evidence of earlier returns.
const EARLIER: &str = "earlier_return";
/// Rows with an hour that never was, before anything is said: one or two may be a clock that was put right late.
const MISSING: u64 = 3;
/// Stays over a change of the clocks whose duration speaks for UTC.
const STAYS: u64 = 5;
/// From which they are told even where nothing else speaks for UTC.
const STAYS_ALONE: u64 = 10;

/// What nights of change say.
#[derive(Default)]
struct Nights {
    missing: u64,
    for_utc: u64,
    for_local: u64,
}

/// Everything that is known of the clocks.
struct Known {
    nights: Nights,
    column: Option<Testimony>,
    /// A column that says that it is on UTC, with the same digits, and rows of summer.
    same: Option<(String, u64)>,
    earlier: Option<Overlap>,
}

/// Looks for clocks on UTC. It is proved where a second column or an earlier return of local clocks says so, and nothing says otherwise;
/// what nights of change say is a finding.
pub(super) fn find(facts: &Facts, setting: &Setting<'_>, witnesses: &Witnesses) -> Option<Repair> {
    let known = Known {
        nights: Nights::of(facts, setting),
        column: witnesses.testimony(),
        same: witnesses.contradiction().map(|(header, rows)| (header.to_owned(), rows)),
        earlier: setting.overlap.copied(),
    };
    let provable = known.is_proof();
    (provable || known.is_suspicious()).then(|| repair(facts, setting.zone, &known, provable, &setting.columns))
}

impl Known {
    fn column(&self) -> Verdict {
        self.column.as_ref().map_or(Verdict::Silent, |said| said.verdict)
    }

    /// What earlier returns prove, and what they only hint at.
    fn earlier(&self) -> (Verdict, Verdict) {
        self.earlier.map_or((Verdict::Silent, Verdict::Silent), |overlap| (overlap.proof(), overlap.hint()))
    }

    fn is_proof(&self) -> bool {
        let said = [self.column(), self.earlier().0];
        self.nights.for_local == 0 && !said.contains(&Verdict::Against) && said.contains(&Verdict::Agrees)
    }

    fn is_suspicious(&self) -> bool {
        let nights = &self.nights;
        let by_stays = nights.for_utc >= STAYS_ALONE && nights.for_local == 0;
        nights.missing >= MISSING || by_stays || self.same.is_some() || self.earlier().1 == Verdict::Agrees
    }

    /// Why, in words for an analyst.
    fn says(&self, zone: &Zone, provable: bool) -> String {
        let nights = &self.nights;
        if let Some(said) = self.column.as_ref().filter(|said| provable && said.verdict == Verdict::Agrees) {
            return format!(
                "In summer the column {} is ahead by as much as local time is ahead of UTC, in {} rows: clocks are on UTC.",
                said.header, said.rows
            );
        }
        if let Some(overlap) = self.earlier.filter(|overlap| provable || overlap.hint() == Verdict::Agrees) {
            let sessions = overlap.with_local.as_utc + overlap.with_instants.as_utc;
            let end = if provable {
                "clocks are on UTC."
            } else {
                "they may be on UTC, or the earlier return may be wrong. If they are on UTC, say so in the layout; if the earlier return is \
                 wrong, accept this one."
            };
            return format!(
                "{sessions} sessions of summer are later in an earlier return by what local time is ahead of UTC: {end}"
            );
        }
        if let Some((header, rows)) = self.same.as_ref().filter(|_| nights.missing < MISSING) {
            return format!(
                "In summer the column {header}, which says that it is on UTC, has the same time in {rows} rows: it is wrong, or the clocks are \
                 on UTC; nothing in the file says which."
            );
        }
        if nights.missing < MISSING {
            return format!(
                "{} stays over a change of the clocks last as their duration says if clocks are on UTC, or if the durations were worked \
                 out from the times shown; nothing in the file says which.",
                nights.for_utc
            );
        }
        format!(
            "{} rows have an hour that the clocks of {} never showed. They may be on UTC, or may not have been changed at once; nothing \
             else in the file says which.",
            nights.missing,
            zone.name()
        )
    }

    fn kinds(&self) -> Vec<EvidenceKind> {
        let nights = &self.nights;
        let stays = if nights.for_local > 0 {
            Verdict::Against
        } else if nights.for_utc >= STAYS {
            Verdict::Agrees
        } else {
            Verdict::Silent
        };
        let clock = if nights.missing >= MISSING { Verdict::Agrees } else { Verdict::Silent };
        let mut kinds = vec![
            EvidenceKind {
                id: "stays",
                verdict: stays,
                says: format!(
                    "Stays over a change of the clocks whose duration fits UTC only: {}; local time only: {}.",
                    nights.for_utc, nights.for_local
                ),
            },
            EvidenceKind {
                id: "clock",
                verdict: clock,
                says: format!("Rows with an hour that the local clock never showed: {}.", nights.missing),
            },
        ];
        kinds.extend(self.column.as_ref().map(column_kind));
        kinds.extend(self.same.as_ref().map(|(header, rows)| EvidenceKind {
            id: "same_digits",
            verdict: Verdict::Silent,
            says: format!("Rows of summer in which the column {header}, on UTC as it says, has the same time: {rows}."),
        }));
        kinds.extend(self.earlier.as_ref().map(earlier_kind));
        kinds
    }
}

fn column_kind(said: &Testimony) -> EvidenceKind {
    let clock = if said.verdict == Verdict::Against { "local time" } else { "UTC" };
    let says =
        format!("Rows in which the column {} says that the other clock is on {clock}: {}.", said.header, said.rows);
    EvidenceKind { id: "second_column", verdict: said.verdict, says }
}

fn earlier_kind(overlap: &Overlap) -> EvidenceKind {
    let (verdict, counts) = overlap.says();
    let says = format!(
        "Sessions that earlier returns hold: {} later there in summer by what local time is ahead of UTC, {} at the same time in summer, {} in \
         winter, {} otherwise.",
        counts.as_utc, counts.same_in_summer, counts.same_in_winter, counts.other
    );
    EvidenceKind { id: EARLIER, verdict, says }
}

impl Nights {
    fn of(facts: &Facts, setting: &Setting<'_>) -> Self {
        let (mut nights, zone) = (Self::default(), setting.zone);
        let days = change_days(facts, zone);
        if days.is_empty() {
            return nights;
        }
        let is_near = |at: i64| at != NONE && days.contains(&at.div_euclid(civil_days::DAY_S));
        let can_compare = !setting.end_is_derived && durations_fit(facts);
        for fact in facts.rows.iter().filter(|fact| is_near(fact.start) || is_near(fact.end)) {
            nights.add(fact, zone, can_compare, setting.end_is_derived);
        }
        nights
    }

    fn add(&mut self, fact: &Fact, zone: &Zone, can_compare: bool, end_is_derived: bool) {
        let start = Meaning::of(zone, fact.start);
        let end = if fact.end == NONE || end_is_derived { Meaning::One(0) } else { Meaning::of(zone, fact.end) };
        let is_missing = |meaning| matches!(meaning, Meaning::Never(..));
        self.missing += u64::from(is_missing(start) || is_missing(end));
        // What the wall shows is what passed where the clocks are on UTC.
        if let Some((fits_utc, fits_local)) = over_a_change(fact, zone).filter(|_| can_compare) {
            self.for_utc += u64::from(fits_utc);
            self.for_local += u64::from(fits_local);
        }
    }
}

impl Repair {
    /// Whether sessions of an earlier return are later by what local time is ahead of UTC, which is not enough to prove it: one of the
    /// two returns is wrong, and a person has to say which.
    #[must_use]
    pub fn is_dispute_with_earlier(&self) -> bool {
        let speaks = |kind: &EvidenceKind| kind.id == EARLIER && kind.verdict == Verdict::Agrees;
        self.kind == RepairKind::MislabelledZone && !self.provable && self.evidence.kinds.iter().any(speaks)
    }
}

/// Local civil seconds of a UTC clock.
fn local(zone: &Zone, at: i64) -> i64 {
    at + zone.offset_s(at)
}

fn repair(facts: &Facts, zone: &Zone, known: &Known, provable: bool, columns: &Columns) -> Repair {
    let nights = &known.nights;
    let moved = |fact: &Fact| {
        let end = if fact.end == NONE { NONE } else { local(zone, fact.end) };
        Fact { start: local(zone, fact.start), end, ..*fact }
    };
    let changed = facts.rows.iter().filter(|fact| fact.is_moved(&moved(fact)));
    let mut by_day = BTreeMap::<i64, (u64, u64)>::new();
    for fact in &facts.rows {
        by_day.entry(fact.day()).or_default().0 += 1;
        by_day.entry(moved(fact).day()).or_default().1 += 1;
    }
    Repair {
        kind: RepairKind::MislabelledZone,
        title: RepairKind::MislabelledZone.title(),
        says: known.says(zone, provable),
        rows: changed.clone().count() as u64,
        unresolved: 0,
        evidence: Evidence {
            before: Measures {
                missing_hours: nights.missing,
                contradicts_duration: nights.for_utc,
                ..Facts::measures(facts.rows.iter().copied())
            },
            after: Measures { contradicts_duration: nights.for_local, ..Facts::measures(facts.rows.iter().map(moved)) },
            kinds: known.kinds(),
        },
        provable,
        examples: changed.take(5).map(|fact| fact.moved(&moved(fact), columns)).collect(),
        by_day: by_day
            .into_iter()
            .map(|(day, (before, after))| DayCount { day: kerbwatt_model::day_of_number(day), before, after })
            .collect(),
        headline: Headlines {
            before: Facts::headline(facts.rows.iter().copied()),
            after: Facts::headline(facts.rows.iter().map(moved)),
        },
    }
}

/// A civil time read as UTC.
pub(crate) fn as_utc(civil: jiff::civil::DateTime) -> Option<Timestamp> {
    jiff::tz::Offset::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kerbwatt_model::day_number;

    use super::*;
    use crate::repairs::UnclearCommas;

    /// Stays over the night in which the clocks of London went forward, as a clock on UTC or on local time shows them.
    fn stays(on_utc: bool, count: u32) -> Facts {
        let zone = Zone::london();
        let night = day_number(date(2018, 3, 25)) * civil_days::DAY_S;
        let shown = |at: i64| if on_utc { at } else { local(&zone, at) };
        let row = |row: u32| {
            let (start, end) = (night - 3600 * i64::from(1 + row % 5), night + 3600 * 6 + 60 * i64::from(row));
            let duration_s = i32::try_from(end - start).unwrap_or_default();
            Fact {
                start: shown(start),
                end: shown(end),
                event: 0,
                energy_kwh: 7.0,
                row,
                evse: row,
                duration_s,
                has_comma: false,
            }
        };
        Facts::of((0..count).map(row).collect())
    }

    fn found(facts: &Facts) -> Option<Repair> {
        let zone = Zone::london();
        let setting = Setting {
            period: None,
            zone: &zone,
            is_civil: true,
            end_is_derived: false,
            durations_are_minutes: true,
            most_kwh: 1_000.0,
            most_kw: 500.0,
            wanted: &[],
            columns: Columns::default(),
            overlap: None,
            commas: UnclearCommas::default(),
        };
        find(facts, &setting, &Witnesses::default())
    }

    #[test]
    fn durations_over_a_change_of_the_clocks_and_rows_in_the_missing_hour_are_told_and_prove_nothing() {
        let repair = found(&stays(true, 30));
        assert!(repair.is_some_and(|repair| !repair.provable && repair.evidence.before.contradicts_duration == 30));
        let mut facts = stays(true, 30);
        let missing = facts.rows[0].end.div_euclid(civil_days::DAY_S) * civil_days::DAY_S + 3600;
        let short =
            |row: u32| Fact { start: missing + 60 * i64::from(row), end: missing + 9_000, row, ..facts.rows[0] };
        let more: Vec<Fact> = (0..3).map(short).collect();
        facts.rows.extend(more);
        assert!(found(&facts).is_some_and(|repair| !repair.provable && repair.evidence.before.missing_hours == 3));
        assert_eq!(found(&stays(false, 30)), None);
        assert_eq!(found(&stays(true, 4)), None, "too few to say");
    }

    #[test]
    fn one_stay_that_fits_local_time_only_is_against_it() {
        let mut facts = stays(true, 30);
        facts.rows.extend(stays(false, 1).rows);
        assert_eq!(found(&facts), None);
    }
}
