//! Which row of the lake is of the same session as a row that comes: by its id, by what it says, or by what it says less exactly.
//!
//! A session that is sent again without an id, with its times cut to minutes or its energy rounded, says the same as before. It is taken
//! for the same session only where nothing else can be meant: one EVSE serves one vehicle at a time, so that two rows of one EVSE and
//! connector that begin and end in the same minutes are one session, unless a minute is all that it lasts, or more rows than one lie there
//! on either side. And the energies must agree within the coarser of their two roundings.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use kerbwatt_engine::HeldRow;
use kerbwatt_model::Session;

use crate::crossings::Incoming;

/// An EVSE, and the minutes in which a session begins and ends.
type Minutes = (i32, i64, i64);

/// Rows of the lake by what makes them the same session.
pub(crate) struct Known<'h> {
    /// The last row of each id.
    by_id: HashMap<&'h str, usize>,
    /// Of each row, the one before it with the same id.
    before: Vec<Option<usize>>,
    /// The last row of each EVSE and minutes.
    by_minutes: HashMap<Minutes, usize>,
    /// Of each row, the one before it of the same EVSE and minutes.
    beside: Vec<Option<usize>>,
    /// Rows that come, by EVSE and minutes.
    coming: OnceCell<HashMap<Minutes, Vec<usize>>>,
    held: &'h [HeldRow],
}

/// What was found of a row that comes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No row of the same session.
    Nothing,
    /// The row of the same session.
    Same(usize),
    /// The row of the same session, which one of the two tells less exactly.
    Rounded(usize),
    /// Rows of these returns, any of which may be of the same session.
    Unclear(BTreeSet<i64>),
}

impl<'h> Known<'h> {
    pub(crate) fn of(held: &'h [HeldRow]) -> Self {
        let mut by_id = HashMap::with_capacity(held.len());
        let before = held.iter().enumerate().map(|(at, row)| by_id.insert(row.session_id.as_str(), at)).collect();
        let mut by_minutes = HashMap::with_capacity(held.len());
        let minutes = |row: &HeldRow| minutes(row.evse, row.plug_in, row.plug_out);
        let beside = held.iter().enumerate().map(|(at, row)| by_minutes.insert(minutes(row), at)).collect();
        Self { by_id, before, by_minutes, beside, coming: OnceCell::new(), held }
    }

    /// Rows under an id, the last first.
    pub(crate) fn of_id(&self, id: &str) -> impl Iterator<Item = usize> {
        std::iter::successors(self.by_id.get(id).copied(), |at| self.before[*at])
    }

    /// The row of the same session: under the same id, or, where either has no id of its own, with the same content. Of several the one
    /// that begins nearest to it. `may_be` says which rows count at all.
    pub(crate) fn same_session(
        &self,
        session: &Session<'_>,
        evse: Option<i32>,
        incoming: &Incoming<'_>,
        may_be: impl Fn(usize) -> bool,
    ) -> Found {
        let apart = |at: &usize| {
            let row = &self.held[*at];
            let begin = row.plug_in.as_second().abs_diff(session.plug_in.as_second());
            (begin, row.energy_kwh.to_bits() != session.energy_kwh.to_bits(), *at)
        };
        if let Some(at) = self.of_id(session.session_id).filter(|at| may_be(*at)).min_by_key(apart) {
            return Found::Same(at);
        }
        let Some(evse) = evse else { return Found::Nothing };
        let key = minutes(evse, session.plug_in, session.plug_out);
        let there = std::iter::successors(self.by_minutes.get(&key).copied(), |at| self.beside[*at]);
        let there: Vec<usize> =
            there.filter(|at| may_be(*at) && connectors_agree(session.connector, self.connector(*at))).collect();
        let is_unnamed = |at: &usize| session.session_id.starts_with("h:") || self.held[*at].is_named_by_content();
        let says_the_same = |at: &usize| {
            let row = &self.held[*at];
            let is_same = session.plug_in == row.plug_in && session.plug_out == row.plug_out;
            is_same && session.energy_kwh.to_bits() == row.energy_kwh.to_bits()
        };
        // The last of them; before all one that names the same connector.
        let named_alike = |at: &usize| (self.connector(*at) == session.connector, *at);
        if let Some(at) = there.iter().copied().filter(|at| is_unnamed(at) && says_the_same(at)).max_by_key(named_alike)
        {
            return Found::Same(at);
        }
        if there.iter().any(|at| is_unnamed(at) && is_rounded(session, &self.held[*at])) {
            return self.rounded(&there, session, key, incoming);
        }
        Found::Nothing
    }

    /// Of rows at the same EVSE in the same minutes the one that is meant, where only one can be.
    fn rounded(&self, there: &[usize], session: &Session<'_>, key: Minutes, incoming: &Incoming<'_>) -> Found {
        match there {
            [only] if self.is_alone(session, key, incoming) => Found::Rounded(*only),
            [_] => Found::Nothing,
            several => Found::Unclear(several.iter().map(|at| self.held[*at].submission).collect()),
        }
    }

    /// Whether no other row that comes may be of the same session.
    fn is_alone(&self, session: &Session<'_>, key: Minutes, incoming: &Incoming<'_>) -> bool {
        let coming = self.coming.get_or_init(|| {
            let mut coming: HashMap<Minutes, Vec<usize>> = HashMap::new();
            for (at, session, evse) in incoming.each() {
                if let Some(evse) = evse {
                    coming.entry(minutes(evse, session.plug_in, session.plug_out)).or_default().push(at);
                }
            }
            coming
        });
        let others = coming.get(&key).into_iter().flatten().map(|at| incoming.sessions.at(*at));
        others.filter(|other| connectors_agree(session.connector, other.connector)).count() == 1
    }

    fn connector(&self, at: usize) -> Option<&str> {
        self.held[at].connector.as_deref()
    }
}

fn minutes(evse: i32, plug_in: Timestamp, plug_out: Timestamp) -> Minutes {
    (evse, minute(plug_in), minute(plug_out))
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// A row that names no connector may be of any.
fn connectors_agree(a: Option<&str>, b: Option<&str>) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// Whether two rows of the same minutes say the same but for how exactly; none of them a session within one minute.
fn is_rounded(session: &Session<'_>, held: &HeldRow) -> bool {
    minute(session.plug_in) < minute(session.plug_out)
        && instants_agree(session.plug_in, held.plug_in)
        && instants_agree(session.plug_out, held.plug_out)
        && energies_agree(session.energy_kwh, held.energy_kwh)
}

/// Whether two instants of one minute are the same, or one of them is told by the minute only.
fn instants_agree(a: Timestamp, b: Timestamp) -> bool {
    a == b || is_whole_minute(a) || is_whole_minute(b)
}

fn is_whole_minute(at: Timestamp) -> bool {
    at.as_second().rem_euclid(60) == 0 && at.subsec_nanosecond() == 0
}

/// Whether one energy is the other, rounded.
fn energies_agree(a: f64, b: f64) -> bool {
    let half = 0.5 * 0.1_f64.powi(decimals(a).min(decimals(b)));
    // A half may be rounded either way, and binary numbers are not quite what they are written as.
    (a - b).abs() <= half * (1.0 + 1e-9)
}

fn decimals(kwh: f64) -> i32 {
    let text = kwh.to_string();
    text.split_once('.').map_or(0, |(_, decimals)| i32::try_from(decimals.len()).unwrap_or(i32::MAX))
}

/// Whether a row that is known to be of the same session, told less exactly by one of the two, says no more than the one that is held.
pub(crate) fn says_no_more(session: &Session<'_>, held: &HeldRow) -> bool {
    let is_time = |new: Timestamp, old: Timestamp| new == old || (is_whole_minute(new) && minute(new) == minute(old));
    let charged = session.charging_end.is_none_or(|new| held.charging_end.is_some_and(|old| is_time(new, old)));
    is_time(session.plug_in, held.plug_in)
        && is_time(session.plug_out, held.plug_out)
        && decimals(session.energy_kwh) <= decimals(held.energy_kwh)
        && charged
        && (session.connector.is_none() || session.connector == held.connector.as_deref())
        && (session.fee_pence.is_none() || session.fee_pence == held.fee_pence)
}
