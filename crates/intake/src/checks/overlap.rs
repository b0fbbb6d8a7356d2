//! Sessions at one EVSE at the same time.

use std::cmp::Reverse;

use kerbwatt_model::{Flag, Sessions, in_threads};

use super::Check;
use crate::Severity;

pub(super) static CHECK: Check = Check {
    id: "overlap",
    severity: Severity::Warning,
    title: "Two sessions at one charge point at the same time",
    advice: "Check the dates, and whether the connector is part of the charge point's id.",
    flag: Some(Flag::Overlap),
    finds: |session, _| session.has(Flag::Overlap),
    shows: |session, _| format!("{} from {}", session.evse, session.plug_in),
};

/// Positions of sessions that begin while another one at the same EVSE is plugged in (half-open intervals).
pub(crate) fn overlapping(sessions: &Sessions) -> Vec<usize> {
    let by_evse = sessions.by_evse();
    let stretches: Vec<usize> = (0..by_evse.len()).step_by(EVSES_AT_ONCE).collect();
    let found = in_threads(&stretches, |from| {
        let (mut found, mut visits) = (Vec::new(), Vec::new());
        for evse in *from..(from + EVSES_AT_ONCE).min(by_evse.len()) {
            overlapping_at_one(sessions, by_evse.of(evse), &mut visits, &mut found);
        }
        found
    });
    let mut found = found.concat();
    found.sort_unstable();
    found
}

/// EVSEs that a thread looks at before it takes the next ones.
pub(crate) const EVSES_AT_ONCE: usize = 512;

/// Start, length (the longest first), and position.
type Visit = (i64, Reverse<u32>, usize);

fn overlapping_at_one(sessions: &Sessions, positions: &[u32], visits: &mut Vec<Visit>, found: &mut Vec<usize>) {
    let (starts_s, lengths_s) = (sessions.plug_ins_s(), sessions.plugged_s());
    visits.clear();
    visits.extend(positions.iter().map(|at| *at as usize).map(|at| (starts_s[at], Reverse(lengths_s[at]), at)));
    visits.sort_unstable();
    let mut taken_until = i64::MIN;
    for (start_s, Reverse(length_s), at) in visits.iter() {
        if *start_s < taken_until {
            found.push(*at);
        }
        taken_until = taken_until.max(start_s + i64::from(*length_s));
    }
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
