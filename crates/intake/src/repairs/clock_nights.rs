//! Nights in which the clocks change: which of two instants a local time means, settled by a duration, by sessions before and
//! after at the same EVSE, or by the order of the file. What none of these settles stays open, and is flagged.

use std::collections::{HashMap, HashSet};

use kerbwatt_model::{Resolved, Zone, day_of_number};

use super::civil_days::DAY_S;
use super::facts::{Fact, Facts, NONE};
use super::order::longest;
use super::plan::Pick;

/// Duration and clock agree within this, seconds: both may be rounded to minutes.
const ROUNDING_S: i64 = 180;
/// Rows that may be open in a file: in a file with more, all start within one hour, and no order can be seen.
const MOST: usize = 20_000;
/// Share of rows that may be out of order in a file of which the order settles anything.
const OUT_OF_ORDER: usize = 100;
/// Rows at other times that there must be to see whether a file follows time.
const LEAST: usize = 20;

/// Rows below which a share of them says little.
const FEW_OTHERS: u64 = 5;

/// Open rows of one night at one EVSE that are read together: each has up to four ways.
const MOST_AT_ONCE: usize = 5;

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
    let (all, fit) = fitting(facts.rows.iter());
    all >= FEW_OTHERS && nearly_all(all, fit)
}

/// Rows with a duration beside start and end, and those of them where it is the time between.
fn fitting<'f>(rows: impl Iterator<Item = &'f Fact>) -> (u64, u64) {
    let lengths = rows.filter_map(|fact| fact.length().zip(fact.duration()));
    lengths.fold((0, 0), |(all, fit), (length, duration)| {
        (all + 1, fit + u64::from((length - duration).abs() <= ROUNDING_S))
    })
}

fn nearly_all(all: u64, fit: u64) -> bool {
    fit * 10 >= all * 8
}

/// Whether a row starts or ends on one of some days.
fn is_near(fact: &Fact, days: &HashSet<i64>) -> bool {
    [fact.start, fact.end].iter().any(|at| *at != NONE && days.contains(&at.div_euclid(DAY_S)))
}

/// Of a stay over a change of the clocks whose ends have one meaning each: whether its duration is what the wall shows, and whether it is
/// the time that passed. None where no clock was changed meanwhile, or nothing is said.
pub(super) fn over_a_change(fact: &Fact, zone: &Zone) -> Option<(bool, bool)> {
    let (shown, duration) = fact.length().zip(fact.duration())?;
    let (Meaning::One(from), Meaning::One(to)) = (Meaning::of(zone, fact.start), Meaning::of(zone, fact.end)) else {
        return None;
    };
    let is = |length: i64| (length - duration).abs() <= ROUNDING_S;
    (to - from != shown).then(|| (is(shown), is(to - from)))
}

/// Whether durations were worked out from the times shown: over a change of the clocks such ones are wrong by what the clocks were changed,
/// and cannot tell an hour.
fn follow_the_wall(facts: &Facts, zone: &Zone, days: &HashSet<i64>) -> bool {
    let near = facts.rows.iter().filter(|fact| is_near(fact, days));
    let (of_wall, of_time): (Vec<bool>, Vec<bool>) = near.filter_map(|fact| over_a_change(fact, zone)).unzip();
    let count = |are: Vec<bool>| are.into_iter().filter(|is| *is).count();
    count(of_wall) > count(of_time)
}

/// Whether durations can settle the nights: they are those between start and end in nearly all other rows. Where there are hardly any
/// others, none may differ; a duration of another kind would fit the night only by accident.
fn durations_settle(facts: &Facts, days: &HashSet<i64>) -> bool {
    let (all, fit) = fitting(facts.rows.iter().filter(|fact| !is_near(fact, days)));
    if all < FEW_OTHERS { fit == all } else { nearly_all(all, fit) }
}

/// A row with a local time that has two meanings.
struct Night {
    at: usize,
    start: Meaning,
    end: Option<Meaning>,
    pick: (Pick, Pick),
}

/// Settles what evidence settles: picks for plug-in and plug-out by row.
pub(crate) fn settle(facts: &Facts, zone: &Zone, end_is_derived: bool) -> HashMap<u32, (Pick, Pick)> {
    let days = change_days(facts, zone);
    if days.is_empty() {
        return HashMap::new();
    }
    let mut nights = nights(facts, zone, &days);
    if nights.is_empty() || nights.len() > MOST {
        return HashMap::new();
    }
    // An end that was computed from the start says nothing of it.
    if !end_is_derived {
        if durations_settle(facts, &days) && !follow_the_wall(facts, zone, &days) {
            nights.iter_mut().for_each(|night| by_duration(night, &facts.rows[night.at]));
        }
        by_neighbours(&mut nights, facts, zone, &days);
    }
    by_order(&mut nights, facts);
    let settled = nights.into_iter().filter(|night| night.pick != (Pick::Open, Pick::Open));
    settled.map(|night| (facts.rows[night.at].row, night.pick)).collect()
}

fn nights(facts: &Facts, zone: &Zone, days: &HashSet<i64>) -> Vec<Night> {
    let rows = facts.rows.iter().enumerate().filter(|(_, fact)| is_near(fact, days));
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

/// What stays at one EVSE allow: of all ways to read its open rows of one night, those in which no two stays overlap. Where these
/// agree on an instant, it is settled.
fn by_neighbours(nights: &mut [Night], facts: &Facts, zone: &Zone, days: &HashSet<i64>) {
    let mut known = known_stays(nights, facts, zone, days);
    let night_of = |night: &Night| (facts.rows[night.at].evse, facts.rows[night.at].end.div_euclid(DAY_S));
    nights.sort_by_key(|night| (night_of(night), night.at));
    for of_evse in nights.chunk_by_mut(|a, b| night_of(a) == night_of(b)) {
        let stays = known.entry(facts.rows[of_evse[0].at].evse).or_default();
        if of_evse.len() > MOST_AT_ONCE || of_evse.len() + stays.len() < 2 {
            continue;
        }
        let mut allowed = Vec::new();
        combine(of_evse, &mut Vec::new(), stays, &mut allowed);
        let Some(first) = allowed.first().cloned() else { continue };
        for (at, night) in of_evse.iter_mut().enumerate() {
            let agreed = |of: fn(&(Pick, Pick)) -> Pick| {
                let pick = of(&first[at]);
                if allowed.iter().all(|way| of(&way[at]) == pick) { pick } else { Pick::Open }
            };
            night.pick = (agreed(|picks| picks.0), agreed(|picks| picks.1));
        }
    }
    nights.sort_by_key(|night| night.at);
}

/// Stays around the nights at the EVSEs of open rows that are not open themselves.
fn known_stays(nights: &[Night], facts: &Facts, zone: &Zone, days: &HashSet<i64>) -> HashMap<u32, Vec<(i64, i64)>> {
    let open: HashSet<usize> = nights.iter().map(|night| night.at).collect();
    let evses: HashSet<u32> = nights.iter().map(|night| facts.rows[night.at].evse).collect();
    let is_near = |at: i64| (-1..=1).any(|by| days.contains(&(at.div_euclid(DAY_S) + by)));
    let mut known: HashMap<u32, Vec<(i64, i64)>> = HashMap::new();
    for (at, fact) in facts.rows.iter().enumerate() {
        let is_known = !open.contains(&at) && fact.length().is_some_and(|length| length > 0);
        if is_known && evses.contains(&fact.evse) && (is_near(fact.start) || is_near(fact.end)) {
            let instant = |civil: i64| Meaning::of(zone, civil).both()[0].1;
            known.entry(fact.evse).or_default().push((instant(fact.start), instant(fact.end)));
        }
    }
    known
}

/// Adds to `allowed` each way to read rows in which none of them overlaps another or a stay already there.
fn combine(
    rows: &[Night],
    way: &mut Vec<(Pick, Pick)>,
    stays: &mut Vec<(i64, i64)>,
    allowed: &mut Vec<Vec<(Pick, Pick)>>,
) {
    let Some(night) = rows.get(way.len()) else {
        allowed.push(way.clone());
        return;
    };
    let Some(end) = night.end else {
        way.push((Pick::Open, Pick::Open));
        combine(rows, way, stays, allowed);
        way.pop();
        return;
    };
    let mut tried: Vec<(Pick, Pick)> = Vec::new();
    for (first, from) in night.start.both() {
        for (second, to) in end.both() {
            let fits_pick = |pick: Pick, settled: Pick| settled == Pick::Open || settled == pick;
            let is_free = from <= to && stays.iter().all(|(start, end)| to <= *start || *end <= from);
            let picks = (first, second);
            let is_wanted = fits_pick(first, night.pick.0) && fits_pick(second, night.pick.1);
            if is_free && is_wanted && !tried.contains(&picks) {
                tried.push(picks);
                way.push(picks);
                stays.push((from, to));
                combine(rows, way, stays, allowed);
                stays.pop();
                way.pop();
            }
        }
    }
}

/// Rows of a file that follows time: where its local times step back once within the hour, the clocks went back there; what
/// comes after a row known to be in the second hour is in it too, and what comes before one in the first is in the first.
fn by_order(nights: &mut [Night], facts: &Facts) {
    let is_open: HashSet<usize> = nights.iter().map(|night| night.at).collect();
    let known = facts.rows.iter().enumerate().filter(|(at, _)| !is_open.contains(at));
    let starts: Vec<i64> = known.map(|(_, fact)| fact.start).collect();
    let rising = starts.len() - longest(starts.iter().copied());
    let falling = starts.len() - longest(starts.iter().rev().copied());
    if starts.len() < LEAST || rising.min(falling) * OUT_OF_ORDER > starts.len() {
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kerbwatt_model::day_number;

    use super::*;

    /// 28 October 2018, when the clocks of London went back at two.
    fn at(hour: i64, minute: i64) -> i64 {
        day_number(date(2018, 10, 28)) * DAY_S + hour * 3600 + minute * 60
    }

    fn fact(row: u32, evse: u32, start: i64, end: i64, minutes: i32) -> Fact {
        Fact {
            start,
            end,
            event: 0,
            energy_kwh: 5.0,
            row,
            evse,
            duration_s: minutes.saturating_mul(60),
            has_comma: false,
        }
    }

    /// Ten stays on another day that last as their durations say.
    fn usual() -> Vec<Fact> {
        (0..10).map(|by| fact(100 + by, 9, at(40 + i64::from(by), 0), at(40 + i64::from(by), 30), 30)).collect()
    }

    fn settled(rows: Vec<Fact>) -> HashMap<u32, (Pick, Pick)> {
        let facts = Facts::of(rows);
        settle(&facts, &Zone::london(), false)
    }

    #[test]
    fn a_duration_tells_which_hour_start_and_end_are_in() {
        let mut rows = usual();
        rows.push(fact(1, 0, at(0, 30), at(1, 30), 60));
        rows.push(fact(2, 1, at(0, 30), at(1, 30), 120));
        rows.push(fact(3, 2, at(1, 50), at(1, 10), 20));
        rows.push(fact(4, 3, at(1, 10), at(1, 50), 40));
        let picks = settled(rows);
        assert_eq!(picks.get(&1), Some(&(Pick::Open, Pick::Earlier)));
        assert_eq!(picks.get(&2), Some(&(Pick::Open, Pick::Later)));
        assert_eq!(picks.get(&3), Some(&(Pick::Earlier, Pick::Later)));
        assert_eq!(picks.get(&4), None, "both hours fit");
    }

    #[test]
    fn durations_worked_out_from_the_times_shown_tell_no_hour() {
        let mut rows = usual();
        rows.push(fact(1, 0, at(0, 30), at(1, 30), 60));
        rows.push(fact(2, 1, at(0, 10), at(5, 10), 300));
        assert_eq!(settled(rows).get(&1), None);
    }

    #[test]
    fn two_cars_at_one_charge_point_tell_each_others_hour() {
        // The first left before the second came: only the first ten to two and the second twenty past one allow that.
        let first = fact(1, 0, at(0, 10), at(1, 50), i32::MIN);
        let second = fact(2, 0, at(1, 20), at(2, 30), i32::MIN);
        let picks = settled(vec![first, second]);
        assert_eq!(picks.get(&1), Some(&(Pick::Open, Pick::Earlier)));
        assert_eq!(picks.get(&2), Some(&(Pick::Later, Pick::Open)));
        let elsewhere = Fact { evse: 1, ..second };
        assert!(settled(vec![first, elsewhere]).is_empty(), "at two charge points they say nothing");
        let at_once = fact(3, 0, at(0, 20), at(3, 0), i32::MIN);
        assert!(
            settled(vec![first, second, at_once]).is_empty(),
            "nothing follows from an id that two charge points share"
        );
    }

    #[test]
    fn durations_of_something_else_settle_nothing() {
        let mut rows: Vec<Fact> = usual().into_iter().map(|fact| Fact { duration_s: 60, ..fact }).collect();
        rows.push(fact(1, 0, at(0, 30), at(1, 30), 60));
        assert_eq!(settled(rows).get(&1), None);
    }
}
