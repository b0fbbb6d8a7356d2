//! Sessions at one EVSE at the same time.

use std::cmp::Reverse;

use kerbwatt_model::{Flag, Session};

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
pub(crate) fn overlapping(sessions: &[Session]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sessions.len()).collect();
    order.sort_by_key(|at| (&sessions[*at].evse, sessions[*at].plug_in, Reverse(sessions[*at].plug_out)));
    let mut found = Vec::new();
    let mut last: Option<&Session> = None;
    for at in order {
        let session = &sessions[at];
        match last.filter(|last| last.evse == session.evse) {
            Some(before) if session.plug_in < before.plug_out => {
                found.push(at);
                if session.plug_out > before.plug_out {
                    last = Some(session);
                }
            }
            _ => last = Some(session),
        }
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn only_sessions_at_the_same_charge_point_overlap_and_touching_is_not_overlapping() {
        let session = |evse: &str, from: i64, to: i64| Session {
            evse: evse.into(),
            plug_in: Timestamp::from_second(from).unwrap_or_default(),
            plug_out: Timestamp::from_second(to).unwrap_or_default(),
            ..Session::empty()
        };
        let rows = [
            session("a", 0, 10),
            session("a", 10, 20),
            session("b", 5, 15),
            session("a", 12, 13),
            session("a", 15, 30),
            session("a", 29, 31),
        ];
        assert_eq!(overlapping(&rows), [3, 4, 5]);
    }
}
