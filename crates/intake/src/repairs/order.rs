//! Order: rows of an export follow each other in time, in the order of the file or of its event numbers.

use super::bounds::Bounds;
use super::civil_days;
use super::facts::{Fact, Sides};

/// Rows that must be clear, on that many days, before their order says anything.
const CLEAR_ROWS: usize = 20;
const CLEAR_DAYS: usize = 5;
/// Share of clear rows that may be out of order in a file that follows time.
const OUT_OF_ORDER: f64 = 0.08;

/// Days before the row in order before it, or after the one after it, at which a row is still in its place.
const NEAR: i64 = 3;

/// An order that follows time, judged by rows whose date has one reading only.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    sequence: Sequence,
    is_descending: bool,
    /// Share of clear rows out of order.
    pub(super) noise: f64,
}

#[derive(Debug, Clone, PartialEq)]
enum Sequence {
    File,
    Events(Vec<u32>),
}

impl Order {
    /// The order to judge by: event numbers where they follow time, or else the file; none where neither does.
    pub(super) fn find(rows: &[Fact]) -> Option<Self> {
        let by_event = || by_event(rows).map(Sequence::Events);
        by_event().and_then(|events| Self::tested(rows, events)).or_else(|| Self::tested(rows, Sequence::File))
    }

    /// How it is called in a sentence.
    pub(super) fn phrase(&self) -> &'static str {
        match self.sequence {
            Sequence::File => "in the order of the file",
            Sequence::Events(_) => "in the order of the event numbers",
        }
    }

    fn tested(rows: &[Fact], sequence: Sequence) -> Option<Self> {
        let order = Self { sequence, is_descending: false, noise: 0.0 };
        let clear: Vec<i64> = order.days(rows).filter(|day| civil_days::is_clear(*day)).collect();
        let mut distinct = std::collections::HashSet::new();
        for day in &clear {
            if distinct.len() >= CLEAR_DAYS {
                break;
            }
            distinct.insert(*day);
        }
        if clear.len() < CLEAR_ROWS || distinct.len() < CLEAR_DAYS {
            return None;
        }
        let up = clear.len() - longest(clear.iter().copied());
        let down = clear.len() - longest(clear.iter().rev().copied());
        let noise = up.min(down) as f64 / clear.len() as f64;
        (noise <= OUT_OF_ORDER).then_some(Self { is_descending: down < up, noise, ..order })
    }

    fn days<'r>(&'r self, rows: &'r [Fact]) -> Box<dyn DoubleEndedIterator<Item = i64> + 'r> {
        match &self.sequence {
            Sequence::File => Box::new(rows.iter().map(Fact::day)),
            Sequence::Events(order) => Box::new(order.iter().filter_map(|at| rows.get(*at as usize)).map(Fact::day)),
        }
    }

    /// Rows out of order with some columns exchanged.
    pub(super) fn out_of_order(&self, rows: &[Fact], sides: Sides) -> u64 {
        let read = |day: i64| if sides.start { civil_days::swapped(day) } else { day };
        let days = self.days(rows).map(read);
        let kept = if self.is_descending { longest(days.rev()) } else { longest(days) };
        (rows.len() - kept) as u64
    }
}

/// Which of its readings has a row in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InPlace {
    AsRead,
    Repaired,
    BothOrNeither,
}

impl Order {
    /// Rows that as read stand between those in order around them, and with the repair do not: it was not done to these. Rows
    /// that say nothing go with the next that do: a stretch that was left alone is left alone as a whole.
    pub(super) fn in_place_as_read<'r>(&self, rows: &'r [Fact], bounds: &Bounds) -> Vec<&'r Fact> {
        let mut places: Vec<&Fact> = match &self.sequence {
            Sequence::File => rows.iter().collect(),
            Sequence::Events(order) => order.iter().filter_map(|at| rows.get(*at as usize)).collect(),
        };
        if self.is_descending {
            places.reverse();
        }
        let readings = readings(&places, bounds);
        let mut is_found = vec![false; places.len()];
        // What was said last, on the way there and on the way back.
        let mut last = InPlace::BothOrNeither;
        for place in (0..places.len()).chain((0..places.len()).rev()) {
            if readings[place] != InPlace::BothOrNeither {
                last = readings[place];
            }
            is_found[place] |= last == InPlace::AsRead;
        }
        let is_moved = |fact: &Fact| civil_days::swapped(fact.day()) != fact.day();
        places
            .into_iter()
            .zip(is_found)
            .filter(|(fact, is_found)| *is_found && is_moved(fact))
            .map(|(fact, _)| fact)
            .collect()
    }
}

/// Which reading of each row is in its place, judged by the longest part that is in order with the repair.
fn readings(places: &[&Fact], bounds: &Bounds) -> Vec<InPlace> {
    let days: Vec<i64> = places.iter().map(|fact| civil_days::swapped(fact.day())).collect();
    let kept = longest_part(&days);
    let (mut passed, mut before) = (0, None);
    let mut found = Vec::with_capacity(days.len());
    for (place, (fact, repaired)) in places.iter().zip(&days).enumerate() {
        let is_kept = kept.get(passed) == Some(&place);
        passed += usize::from(is_kept);
        let after = kept.get(passed).map(|next| days[*next]);
        let is_in_place = |day: i64| {
            before.is_none_or(|before| before - NEAR <= day)
                && after.is_none_or(|after| day <= after + NEAR)
                && !bounds.is_outside_months(day)
        };
        found.push(match (is_in_place(fact.day()), is_in_place(*repaired)) {
            (true, false) => InPlace::AsRead,
            (false, true) => InPlace::Repaired,
            _ => InPlace::BothOrNeither,
        });
        if is_kept {
            before = Some(*repaired);
        }
    }
    found
}

/// Positions in the order of event numbers; none where rows lack them.
fn by_event(rows: &[Fact]) -> Option<Vec<u32>> {
    let numbered = rows.iter().filter(|fact| fact.event != 0).count();
    if numbered * 20 < rows.len() * 19 {
        return None;
    }
    let mut order: Vec<u32> = (0..u32::try_from(rows.len()).ok()?).collect();
    order.sort_by_key(|at| rows[*at as usize].event);
    Some(order)
}

/// Length of the longest part that never goes back, by patience sorting: as many piles as that part is long.
pub(super) fn longest(days: impl Iterator<Item = i64>) -> usize {
    let mut tops: Vec<i64> = Vec::new();
    for day in days {
        let at = tops.partition_point(|top| *top <= day);
        match tops.get_mut(at) {
            Some(top) => *top = day,
            None => tops.push(day),
        }
    }
    tops.len()
}

/// Places of a longest part that never goes back.
fn longest_part(days: &[i64]) -> Vec<usize> {
    let (mut tops, mut before) = (Vec::<usize>::new(), vec![None; days.len()]);
    for (place, day) in days.iter().enumerate() {
        let at = tops.partition_point(|top| days[*top] <= *day);
        before[place] = at.checked_sub(1).map(|at| tops[at]);
        match tops.get_mut(at) {
            Some(top) => *top = place,
            None => tops.push(place),
        }
    }
    let mut part: Vec<usize> = std::iter::successors(tops.last().copied(), |place| before[*place]).collect();
    part.reverse();
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_part_in_order_is_found() {
        for (days, length) in
            [(vec![], 0), (vec![1, 1, 2], 3), (vec![3, 2, 1], 1), (vec![5, 1, 2, 9, 3, 4], 4), (vec![1, 9, 2, 9, 3], 3)]
        {
            assert_eq!(longest(days.iter().copied()), length, "{days:?}");
            let part = longest_part(&days);
            assert_eq!(part.len(), length, "{days:?}");
            assert!(part.windows(2).all(|pair| pair[0] < pair[1] && days[pair[0]] <= days[pair[1]]), "{part:?}");
        }
    }
}
