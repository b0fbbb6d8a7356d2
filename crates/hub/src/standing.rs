//! Whether two rows are of one session, and which of them counts.

use kerbwatt_engine::{HeldRow, is_from_content};
use kerbwatt_model::{Period, Session};
use kerbwatt_store::CrossingKind;

use crate::crossings::Incoming;
use crate::points::Points;
use crate::same_session::says_no_more;
use crate::superseded::Superseded;

/// What becomes of a row of which another return has the same session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stays out; it is stale where it says what was corrected since.
    StaysOut {
        /// Why.
        kind: CrossingKind,
        /// Whether only that keeps it out.
        is_stale: bool,
    },
    /// It takes the place of the other.
    Replaces {
        /// Whether it says what the other corrected.
        is_back: bool,
    },
}

/// Which of two rows of one session counts; `is_rounded` says that one of them tells it less exactly.
pub(crate) fn fate(
    incoming: &Incoming<'_>,
    (session, evse): (&Session<'_>, Option<i32>),
    (held, is_rounded): (&HeldRow, bool),
    superseded: &Superseded,
    covers: &dyn Fn(i64) -> Option<Period>,
) -> Fate {
    // The id that the operator gives is news of a row that had none: by it a correction will know the session.
    let is_now_named = held.is_named_by_content() && !is_from_content(session.session_id);
    let is_no_news = if is_rounded {
        says_no_more(session, held)
    } else {
        says_nothing_new(incoming.points, session, evse, held) && !is_now_named
    };
    if is_no_news || is_cut_off(incoming, session, evse, held) {
        return Fate::StaysOut { kind: CrossingKind::Repeats, is_stale: false };
    }
    if !goes_before(incoming, session, held, covers) {
        return Fate::StaysOut { kind: CrossingKind::Outranked, is_stale: false };
    }
    match superseded.said_before(held, session, evse) {
        true if !incoming.is_declared => Fate::StaysOut { kind: CrossingKind::Outranked, is_stale: true },
        is_back => Fate::Replaces { is_back },
    }
}

/// Whether two rows under the same id are of one session: where one lies in the days that the other's return covers, or both have
/// the charge point at the same time.
pub(crate) fn is_one(
    incoming: &Incoming<'_>,
    session: &Session<'_>,
    evse: Option<i32>,
    held: &HeldRow,
    covers: &dyn Fn(i64) -> Option<Period>,
) -> bool {
    let is_covered = |period: Option<Period>, at| period.is_some_and(|period| period.contains(incoming.zone.day(at)));
    let is_of_same_days =
        is_covered(incoming.covers, held.plug_in) || is_covered(covers(held.submission), session.plug_in);
    let is_at_once = session.plug_in < held.plug_out && held.plug_in < session.plug_out;
    is_of_same_days || (is_at(incoming.points, evse, held) && (session.plug_in == held.plug_in || is_at_once))
}

/// Whether a row under the same id says the same but for when: a correction of the time, or another session of an operator that counts
/// anew.
pub(crate) fn is_like(incoming: &Incoming<'_>, session: &Session<'_>, evse: Option<i32>, held: &HeldRow) -> bool {
    is_at(incoming.points, evse, held)
        && session.energy_kwh > 0.0
        && session.energy_kwh.to_bits() == held.energy_kwh.to_bits()
}

/// Whether two rows under the same id have nothing else in common: another charge point, another time and other energy. No energy is
/// nothing that two sessions could have in common.
pub(crate) fn is_another(points: &Points, session: &Session<'_>, evse: Option<i32>, held: &HeldRow) -> bool {
    !is_at(points, evse, held)
        && session.plug_in != held.plug_in
        && session.plug_out != held.plug_out
        && (session.energy_kwh.to_bits() != held.energy_kwh.to_bits() || held.energy_kwh == 0.0)
}

/// Whether a row is the last of a file that ends within it, and begins as the one that is held: what is missing is no correction.
fn is_cut_off(incoming: &Incoming<'_>, session: &Session<'_>, evse: Option<i32>, held: &HeldRow) -> bool {
    let is_begun = |new: f64, old: f64| old.to_string().starts_with(&new.to_string());
    let fee_is_begun = match (session.fee_pence, held.fee_pence) {
        (Some(new), Some(old)) => is_begun(new, old),
        (new, _) => new.is_none(),
    };
    incoming.sessions.unended_row() == Some(session.row)
        && is_at(incoming.points, evse, held)
        && session.plug_in == held.plug_in
        && session.plug_out <= held.plug_out
        && is_begun(session.energy_kwh, held.energy_kwh)
        && fee_is_begun
}

/// Whether a row says no more of a session than is held: what it leaves open does not count.
fn says_nothing_new(points: &Points, session: &Session<'_>, evse: Option<i32>, held: &HeldRow) -> bool {
    let agrees = |new: Option<&str>, old: Option<&str>| new.is_none() || new == old;
    is_at(points, evse, held)
        && session.plug_in == held.plug_in
        && session.plug_out == held.plug_out
        && session.energy_kwh.to_bits() == held.energy_kwh.to_bits()
        && agrees(session.connector, held.connector.as_deref())
        && (session.charging_end.is_none() || session.charging_end == held.charging_end)
        && (session.fee_pence.is_none() || session.fee_pence == held.fee_pence)
}

/// Whether an EVSE may be that of a row that is held.
fn is_at(points: &Points, evse: Option<i32>, held: &HeldRow) -> bool {
    evse.is_some_and(|evse| points.agree(evse, held.evse))
}

/// Whether the row goes before the one held.
fn goes_before(
    incoming: &Incoming<'_>,
    session: &Session<'_>,
    held: &HeldRow,
    covers: &dyn Fn(i64) -> Option<Period>,
) -> bool {
    let day = |at| incoming.zone.day(at);
    let is_covered = |period: Option<Period>, at| period.is_some_and(|period| period.contains(day(at)));
    if incoming.submission > held.submission {
        is_covered(incoming.covers, session.plug_in)
    } else {
        !is_covered(covers(held.submission), held.plug_in)
    }
}
