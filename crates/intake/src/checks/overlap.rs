//! Sessions at one EVSE at the same time.

use std::cmp::Reverse;

use kerbwatt_model::{Flag, Sessions};

use super::Check;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "overlap",
    severity: Severity::Warning,
    title: "Two sessions at one charge point at the same time",
    advice: "Check the dates, and whether the connector is part of the charge point's id.",
    flag: Some(Flag::Overlap),
    test: |session, _| session.has(Flag::Overlap).then(|| format!("{} from {}", session.evse, session.plug_in)),
};

/// Positions of sessions that begin while another one at the same EVSE is plugged in (half-open intervals).
pub(crate) fn overlapping(sessions: &Sessions) -> Vec<usize> {
    let (starts_s, lengths_s) = (sessions.plug_ins_s(), sessions.plugged_s());
    let end_s = |at: usize| starts_s[at] + i64::from(lengths_s[at]);
    let mut found = Vec::new();
    let mut of_evses = by_evse(sessions);
    for of_evse in
        of_evses.chunk_by_mut(|a, b| sessions.evse_numbers()[*a as usize] == sessions.evse_numbers()[*b as usize])
    {
        of_evse.sort_by_key(|at| (starts_s[*at as usize], Reverse(lengths_s[*at as usize])));
        let mut taken_until = i64::MIN;
        for at in of_evse.iter().map(|at| *at as usize) {
            if starts_s[at] < taken_until {
                found.push(at);
            }
            taken_until = taken_until.max(end_s(at));
        }
    }
    found.sort_unstable();
    found
}

/// Positions of the sessions of each EVSE, one EVSE after the other, each in the order of the file.
fn by_evse(sessions: &Sessions) -> Vec<u32> {
    let numbers = sessions.evse_numbers();
    let mut next = vec![0usize; sessions.evses().len() + 1];
    for number in numbers {
        next[*number as usize + 1] += 1;
    }
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let mut order = vec![0u32; numbers.len()];
    for (at, number) in (0u32..).zip(numbers) {
        let place = &mut next[*number as usize];
        order[*place] = at;
        *place += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kerbwatt_model::Session;

    use super::*;

    #[test]
    fn only_sessions_at_the_same_charge_point_overlap_and_touching_is_not_overlapping() {
        let session = |evse: &'static str, from: i64, to: i64| Session {
            evse,
            plug_in: Timestamp::from_second(from).unwrap_or_default(),
            plug_out: Timestamp::from_second(to).unwrap_or_default(),
            ..Session::empty()
        };
        let rows: Sessions = [
            session("a", 0, 10),
            session("a", 10, 20),
            session("b", 5, 15),
            session("a", 12, 13),
            session("a", 15, 30),
            session("a", 29, 31),
        ]
        .into_iter()
        .collect();
        assert_eq!(overlapping(&rows), [3, 4, 5]);
    }
}
