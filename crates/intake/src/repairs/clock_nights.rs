//! Nights in which the clocks change: which of two instants a local time means, settled by a duration, by sessions before and
//! after at the same EVSE, or by the order of the file. What none of these settles stays open, and is flagged.

use std::collections::{HashMap, HashSet};

use kerbwatt_model::{Resolved, Zone, day_of_number};

use super::civil_days::DAY_S;
use super::facts::{Fact, Facts, NONE};
use super::order::longest;
use super::plan::Pick;

/// Duration and clock agree within this, seconds: both may be rounded to minutes.
pub(super) const ROUNDING_S: i64 = 180;
/// Rows that may be open in a file: in a file with more, all start within one hour, and no order can be seen.
const MOST: usize = 20_000;
/// Share of rows that may be out of order in a file of which the order settles anything.
const OUT_OF_ORDER: usize = 100;

/// The instants, in seconds UTC, that a local time can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    One(i64),
    /// The clock showed it twice.
    Two(i64, i64),
    /// The clock never showed it: a clock already put forward, and one not yet put forward, would mean these.
    Never(i64, i64),
}

impl Meaning {
    pub(super) fn of(zone: &Zone, civil_s: i64) -> Self {
        let seconds = |number: i64| i8::try_from(number).unwrap_or(0);
        let clock = civil_s.rem_euclid(DAY_S);
        let civil = day_of_number(civil_s.div_euclid(DAY_S)).at(
            seconds(clock / 3600),
            seconds(clock / 60 % 60),
            seconds(clock % 60),
            0,
        );
        match zone.resolve(civil) {
            Ok(Resolved::Unique(at)) => Self::One(at.as_second()),
            Ok(Resolved::Twice { earlier, later }) => Self::Two(earlier.as_second(), later.as_second()),
            Ok(Resolved::Missing(at)) => Self::Never(at.as_second() - 3600, at.as_second()),
            Err(_) => Self::One(civil_s),
        }
    }

    fn both(self) -> [(Pick, i64); 2] {
        match self {
            Self::One(at) => [(Pick::Open, at); 2],
            Self::Two(earlier, later) | Self::Never(earlier, later) => [(Pick::Earlier, earlier), (Pick::Later, later)],
        }
    }

    fn is_twice(self) -> bool {
        matches!(self, Self::Two(..))
    }
}

/// Days of a file on which the clocks change.
pub(super) fn change_days(facts: &Facts, zone: &Zone) -> HashSet<i64> {
    let mut days = HashSet::new();
    for fact in &facts.rows {
        days.insert(fact.day());
        if fact.end != NONE {
            days.insert(fact.end.div_euclid(DAY_S));
        }
    }
    days.retain(|day| zone.seconds_in_day(day_of_number(*day)) != DAY_S);
    days
}

/// Whether durations are those between start and end, so that they can settle anything.
pub(super) fn durations_fit(facts: &Facts) -> bool {
    let (mut all, mut fit) = (0u64, 0u64);
    for (length, duration) in facts.rows.iter().filter_map(|fact| fact.length().zip(fact.duration())) {
        all += 1;
        fit += u64::from((length - duration).abs() <= ROUNDING_S);
    }
    all >= 5 && fit * 10 >= all * 8
}

/// A row with a local time that has two meanings.
struct Night {
    at: usize,
    start: Meaning,
    end: Option<Meaning>,
    pick: (Pick, Pick),
}

/// Settles what evidence settles: picks for plug-in and plug-out by row.
pub(crate) fn settle(facts: &Facts, zone: &Zone) -> HashMap<u32, (Pick, Pick)> {
    let days = change_days(facts, zone);
    if days.is_empty() {
        return HashMap::new();
    }
    let mut nights = nights(facts, zone, &days);
    if nights.is_empty() || nights.len() > MOST {
        return HashMap::new();
    }
    if durations_fit(facts) {
        nights.iter_mut().for_each(|night| by_duration(night, &facts.rows[night.at]));
    }
    by_neighbours(&mut nights, facts, zone, &days);
    by_order(&mut nights, facts);
    let settled = nights.into_iter().filter(|night| night.pick != (Pick::Open, Pick::Open));
    settled.map(|night| (facts.rows[night.at].row, night.pick)).collect()
}

fn nights(facts: &Facts, zone: &Zone, days: &HashSet<i64>) -> Vec<Night> {
    let is_near = |at: i64| at != NONE && days.contains(&at.div_euclid(DAY_S));
    let rows = facts.rows.iter().enumerate().filter(|(_, fact)| is_near(fact.start) || is_near(fact.end));
    rows.map(|(at, fact)| Night {
        at,
        start: Meaning::of(zone, fact.start),
        end: (fact.end != NONE).then(|| Meaning::of(zone, fact.end)),
        pick: (Pick::Open, Pick::Open),
    })
    .filter(|night| {
        let is_open = |meaning: Meaning| !matches!(meaning, Meaning::One(_));
        is_open(night.start) || night.end.is_some_and(is_open)
    })
    .collect()
}

/// The one pair of instants that are as far apart as the duration says.
fn by_duration(night: &mut Night, fact: &Fact) {
    let Some((end, duration)) = night.end.zip(fact.duration()) else { return };
    let mut fitting: Vec<(Pick, Pick, i64)> = Vec::new();
    for (first, from) in night.start.both() {
        for (second, to) in end.both() {
            let is_new = !fitting.iter().any(|known| (known.0, known.1) == (first, second));
            if is_new && (to - from - duration).abs() <= ROUNDING_S {
                fitting.push((first, second, from));
            }
        }
    }
    if let [(first, second, _)] = fitting[..] {
        night.pick = (first, second);
    }
}

/// The one instant at which no other session is plugged in at the same EVSE.
fn by_neighbours(nights: &mut [Night], facts: &Facts, zone: &Zone, days: &HashSet<i64>) {
    let open: HashSet<usize> = nights.iter().map(|night| night.at).collect();
    let evses: HashSet<u32> = nights.iter().map(|night| facts.rows[night.at].evse).collect();
    let is_near = |at: i64| (-1..=1).any(|by| days.contains(&(at.div_euclid(DAY_S) + by)));
    let mut others: HashMap<u32, Vec<(i64, i64)>> = HashMap::new();
    for (at, fact) in facts.rows.iter().enumerate() {
        let is_known = !open.contains(&at) && fact.length().is_some_and(|length| length > 0);
        if is_known && evses.contains(&fact.evse) && (is_near(fact.start) || is_near(fact.end)) {
            let [(_, from), _] = Meaning::of(zone, fact.start).both();
            let [(_, to), _] = Meaning::of(zone, fact.end).both();
            others.entry(fact.evse).or_default().push((from, to));
        }
    }
    for night in nights.iter_mut().filter(|night| night.pick == (Pick::Open, Pick::Open)) {
        let (Some(end), true) = (night.end, night.start.is_twice() || night.end.is_some_and(Meaning::is_twice)) else {
            continue;
        };
        let known = others.get(&facts.rows[night.at].evse).map(Vec::as_slice).unwrap_or_default();
        let is_free = |from: i64, to: i64| known.iter().all(|(start, end)| to <= *start || *end <= from);
        let mut free: Vec<(Pick, Pick)> = Vec::new();
        for (first, from) in night.start.both() {
            for (second, to) in end.both() {
                if from <= to && is_free(from, to) && !free.contains(&(first, second)) {
                    free.push((first, second));
                }
            }
        }
        if let [only] = free[..]
            && !known.is_empty()
        {
            night.pick = only;
        }
    }
}

/// Rows of a file that follows time: where its local times step back once within the hour, the clocks went back there; what
/// comes after a row known to be in the second hour is in it too, and what comes before one in the first is in the first.
fn by_order(nights: &mut [Night], facts: &Facts) {
    let starts = || facts.rows.iter().map(|fact| fact.start);
    let all = facts.rows.len();
    let rising = all - longest(starts());
    let falling = all - longest(starts().rev());
    let out = rising.min(falling);
    if out * OUT_OF_ORDER > all {
        return;
    }
    let mut open: Vec<&mut Night> = nights.iter_mut().filter(|night| night.start.is_twice()).collect();
    if falling < rising {
        open.reverse();
    }
    let day = |night: &Night| facts.rows[night.at].day();
    for of_day in open.chunk_by_mut(|a, b| day(a) == day(b)) {
        let back: Vec<usize> = (1..of_day.len())
            .filter(|at| facts.rows[of_day[*at].at].start < facts.rows[of_day[*at - 1].at].start)
            .collect();
        let first_later = of_day.iter().position(|night| night.pick.0 == Pick::Later);
        let last_earlier = of_day.iter().rposition(|night| night.pick.0 == Pick::Earlier);
        let (until, from) = match back[..] {
            [once] => (Some(once), Some(once)),
            [] => (last_earlier.map(|at| at + 1), first_later),
            _ => continue,
        };
        let contradicts = first_later.is_some_and(|at| until.is_some_and(|until| at < until))
            || last_earlier.is_some_and(|at| from.is_some_and(|from| at >= from));
        if contradicts {
            continue;
        }
        for (at, night) in of_day.iter_mut().enumerate().filter(|(_, night)| night.pick.0 == Pick::Open) {
            if until.is_some_and(|until| at < until) {
                night.pick.0 = Pick::Earlier;
            } else if from.is_some_and(|from| at >= from) {
                night.pick.0 = Pick::Later;
            }
        }
    }
}
