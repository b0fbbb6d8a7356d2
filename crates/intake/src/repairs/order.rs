//! Order: rows of an export follow each other in time, in the order of the file or of its event numbers.

use super::civil_days;
use super::facts::{Fact, Sides};

/// Rows that must be clear, on that many days, before their order says anything.
const CLEAR_ROWS: usize = 20;
const CLEAR_DAYS: usize = 5;
/// Share of clear rows that may be out of order in a file that follows time.
const OUT_OF_ORDER: f64 = 0.08;

/// Rows before and after that are a row's neighbours.
const AROUND: usize = 12;
/// Days before the median of earlier neighbours, or after that of later ones, at which a row is still in its place.
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

impl Order {
    /// Rows that stand among their neighbours as read, and far from them with the repair: it was not done to these.
    pub(super) fn in_place_as_read<'r>(&self, rows: &'r [Fact], sides: Sides) -> Vec<&'r Fact> {
        let at = |place: usize| match &self.sequence {
            Sequence::File => rows.get(place),
            Sequence::Events(order) => order.get(place).and_then(|at| rows.get(*at as usize)),
        };
        let repaired = |fact: &Fact| if sides.start { civil_days::swapped(fact.day()) } else { fact.day() };
        let middle = |places: std::ops::Range<usize>| {
            let mut days: Vec<i64> = places.filter_map(at).map(repaired).collect();
            days.sort_unstable();
            days.get(days.len() / 2).copied()
        };
        let mut found = Vec::new();
        for (place, fact) in (0..rows.len()).filter_map(|place| Some((place, at(place)?))) {
            if repaired(fact) == fact.day() {
                continue;
            }
            let above = middle(place.saturating_sub(AROUND)..place);
            let below = middle(place + 1..place + 1 + AROUND);
            let (earlier, later) = if self.is_descending { (below, above) } else { (above, below) };
            let is_in_place = |day: i64| {
                earlier.is_none_or(|earlier| earlier - NEAR <= day) && later.is_none_or(|later| day <= later + NEAR)
            };
            if is_in_place(fact.day()) && !is_in_place(repaired(fact)) {
                found.push(fact);
            }
        }
        found
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_part_in_order_is_found() {
        for (days, length) in
            [(vec![], 0), (vec![1, 1, 2], 3), (vec![3, 2, 1], 1), (vec![5, 1, 2, 9, 3, 4], 4), (vec![1, 9, 2, 9, 3], 3)]
        {
            assert_eq!(longest(days.iter().copied()), length, "{days:?}");
        }
    }
}
