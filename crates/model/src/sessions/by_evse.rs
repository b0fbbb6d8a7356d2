//! Sessions of the same EVSE together.

use std::cmp::Reverse;
use std::sync::{Mutex, PoisonError};

use super::Sessions;
use crate::in_threads;

/// EVSEs that a thread puts in order before it takes the next ones.
const AT_ONCE: usize = 512;

/// Positions of sessions by their EVSE, in order of plug-in, the longest first of those that begin together: see
/// [`Sessions::by_evse`].
#[derive(Debug, Clone, Default)]
pub struct ByEvse {
    positions: Vec<u32>,
    /// Where those of each EVSE begin, by its number; and where the last ones end.
    begins: Vec<usize>,
}

impl ByEvse {
    pub(super) fn of(sessions: &Sessions) -> Self {
        let numbers = sessions.evse_numbers();
        let mut begins = vec![0usize; sessions.evses().len() + 1];
        for number in numbers {
            begins[*number as usize + 1] += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let (mut next, mut positions) = (begins.clone(), vec![0; numbers.len()]);
        for (position, number) in (0u32..).zip(numbers) {
            let place = &mut next[*number as usize];
            positions[*place] = position;
            *place += 1;
        }
        let mut all = Self { positions, begins };
        all.put_in_order(sessions);
        all
    }

    /// Puts the sessions of each EVSE in order where they stand.
    fn put_in_order(&mut self, sessions: &Sessions) {
        let (starts_s, lengths_s) = (sessions.plug_ins_s(), sessions.plugged_s());
        let (mut left, mut stretches) = (self.positions.as_mut_slice(), Vec::new());
        for from in (0..self.begins.len() - 1).step_by(AT_ONCE) {
            let begins = &self.begins[from..self.begins.len().min(from + AT_ONCE + 1)];
            let (stretch, rest) = left.split_at_mut(begins[begins.len() - 1] - begins[0]);
            stretches.push((begins, Mutex::new(stretch)));
            left = rest;
        }
        in_threads(&stretches, |(begins, stretch)| {
            let mut left: &mut [u32] = &mut stretch.lock().unwrap_or_else(PoisonError::into_inner);
            for ends in begins.windows(2) {
                let (of_evse, rest) = left.split_at_mut(ends[1] - ends[0]);
                of_evse.sort_by_key(|at| (starts_s[*at as usize], Reverse(lengths_s[*at as usize])));
                left = rest;
            }
        });
    }

    /// How many EVSEs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.begins.len().saturating_sub(1)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Positions of the sessions of an EVSE, by its number.
    #[must_use]
    pub fn of_evse(&self, evse: usize) -> &[u32] {
        let ends = self.begins.get(evse).zip(self.begins.get(evse + 1));
        ends.and_then(|(first, last)| self.positions.get(*first..*last)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::Session;

    #[test]
    fn sessions_of_an_evse_are_in_order_of_plug_in_and_those_that_begin_together_longest_first() {
        let at = |second| Timestamp::from_second(second).unwrap_or_default();
        let one = |evse: &'static str, from: i64, to: i64| Session {
            evse,
            plug_in: at(from),
            plug_out: at(to),
            ..Session::empty()
        };
        let rows = [("a", 5, 6), ("b", 1, 2), ("a", 0, 9), ("c", 7, 8), ("b", 1, 2), ("a", 5, 7)];
        let table: Sessions = rows.iter().map(|(evse, from, to)| one(evse, *from, *to)).collect();
        let by_evse = table.by_evse();
        assert_eq!((by_evse.len(), by_evse.of_evse(0), by_evse.of_evse(1)), (3, &[2, 5, 0][..], &[1, 4][..]));
        assert_eq!((by_evse.of_evse(2), by_evse.of_evse(3)), (&[3][..], &[][..]));
        assert!(ByEvse::default().is_empty() && Sessions::new().by_evse().is_empty());
    }

    #[test]
    fn many_evses_are_put_in_order_by_several_threads_as_by_one() {
        let names: Vec<String> = (0..1_300).map(|number| format!("e{number}")).collect();
        let start =
            |at: usize| Timestamp::from_second(i64::try_from(at * 7_919 % 10_007).unwrap_or(0)).unwrap_or_default();
        let of = |at: usize| Session {
            evse: &names[at * 31 % names.len()],
            plug_in: start(at),
            plug_out: start(at),
            ..Session::empty()
        };
        let table: Sessions = (0..9_000).map(of).collect();
        let by_evse = table.by_evse();
        let mut seen = 0;
        for evse in 0..by_evse.len() {
            let mut expected: Vec<usize> =
                (0..table.len()).filter(|at| table.evse_numbers()[*at] as usize == evse).collect();
            expected.sort_by_key(|at| table.plug_ins_s()[*at]);
            let found: Vec<usize> = by_evse.of_evse(evse).iter().map(|at| *at as usize).collect();
            assert_eq!(found, expected);
            seen += found.len();
        }
        assert_eq!(seen, table.len());
    }
}
