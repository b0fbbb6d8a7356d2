//! Sessions at one EVSE at the same time, counted on facts.

use super::facts::{Fact, NONE};

/// Counts sessions that begin while another is plugged in at the same EVSE, as the check on overlaps does; copies of a session
/// count once.
pub(super) fn count(rows: impl Iterator<Item = Fact>) -> u64 {
    each(rows).len() as u64
}

/// EVSEs with such sessions.
pub(super) fn evses(rows: impl Iterator<Item = Fact>) -> usize {
    let mut evses = each(rows);
    evses.dedup();
    evses.len()
}

/// The EVSE of each such session, in order.
fn each(rows: impl Iterator<Item = Fact>) -> Vec<u32> {
    let mut stays: Vec<(u32, i64, i64)> = rows
        .filter(|fact| fact.end != NONE && fact.end >= fact.start)
        .map(|fact| (fact.evse, fact.start, -fact.end))
        .collect();
    stays.sort_unstable();
    stays.dedup();
    let (mut found, mut last) = (Vec::new(), None::<(u32, i64)>);
    for (evse, start, end) in stays.into_iter().map(|(evse, start, end)| (evse, start, -end)) {
        match last.filter(|(of, _)| *of == evse) {
            Some((_, until)) if start < until => {
                found.push(evse);
                last = Some((evse, until.max(end)));
            }
            _ => last = Some((evse, end)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repairs::facts::NO_DURATION;

    #[test]
    fn touching_is_not_overlapping_and_copies_count_once() {
        let fact = |evse, start, end| Fact {
            start,
            end,
            event: 0,
            energy_kwh: 1.0,
            row: 1,
            evse,
            duration_s: NO_DURATION,
            has_comma: false,
        };
        let rows =
            [(0, 0, 10), (0, 0, 10), (0, 10, 20), (1, 5, 15), (0, 12, 13), (0, 15, 30), (0, 29, 31), (1, 7, NONE)];
        assert_eq!(count(rows.into_iter().map(|(evse, start, end)| fact(evse, start, end))), 3);
        assert_eq!(evses(rows.into_iter().map(|(evse, start, end)| fact(evse, start, end))), 1);
    }
}
