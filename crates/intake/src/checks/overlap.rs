//! Sessions at one EVSE at the same time.

use kerbwatt_model::{ByEvse, Flag, Sessions, in_threads};

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

/// Positions of sessions that begin while another one at the same EVSE is plugged in (half-open intervals, of which those without length are empty).
pub(crate) fn overlapping(sessions: &Sessions, by_evse: &ByEvse) -> Vec<usize> {
    let stretches: Vec<usize> = (0..by_evse.len()).step_by(EVSES_AT_ONCE).collect();
    let found = in_threads(&stretches, |from| {
        let evses = *from..(from + EVSES_AT_ONCE).min(by_evse.len());
        let mut found = Vec::new();
        evses.for_each(|evse| overlapping_at_one(sessions, by_evse.of_evse(evse), &mut found));
        found
    });
    let mut found = found.concat();
    found.sort_unstable();
    found
}

/// EVSEs that a thread looks at before it takes the next ones.
pub(crate) const EVSES_AT_ONCE: usize = 512;

fn overlapping_at_one(sessions: &Sessions, positions: &[u32], found: &mut Vec<usize>) {
    let (starts_s, lengths_s) = (sessions.plug_ins_s(), sessions.plugged_s());
    let mut taken_until = i64::MIN;
    for at in positions.iter().map(|at| *at as usize) {
        // A failed start, of no length, takes the EVSE for no time.
        if starts_s[at] < taken_until && lengths_s[at] > 0 {
            found.push(at);
        }
        taken_until = taken_until.max(starts_s[at] + i64::from(lengths_s[at]));
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
            session("a", 30, 30),
        ]
        .into_iter()
        .collect();
        assert_eq!(overlapping(&rows, &rows.by_evse()), [3, 4, 5]);
    }
}
