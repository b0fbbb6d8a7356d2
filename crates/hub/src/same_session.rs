//! Which row of the lake is of the same session as a row that comes: by its id, by what it says, or by what it says less exactly.
//!
//! A session that is sent again without an id, with its times cut to minutes or its energy rounded, says the same as before. It is taken
//! for the same session only where nothing else can be meant: one EVSE serves one vehicle at a time, so that two rows of one EVSE and
//! connector that begin and end in the same minutes are one session, unless a minute is all that it lasts, or more rows than one lie there
//! on either side. Some operators call a station with several sockets one charge point: where either return has two vehicles there at once,
//! nothing is merged. And the energies must agree within the coarser of the roundings of the two returns.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use kerbwatt_engine::HeldRow;
use kerbwatt_model::{Flag, Session};

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
    returns: OnceCell<Returns>,
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
}

impl<'h> Known<'h> {
    pub(crate) fn of(held: &'h [HeldRow]) -> Self {
        let mut by_id = HashMap::with_capacity(held.len());
        let before = held.iter().enumerate().map(|(at, row)| by_id.insert(row.session_id.as_str(), at)).collect();
        let mut by_minutes = HashMap::with_capacity(held.len());
        let minutes = |row: &HeldRow| minutes(row.evse, row.plug_in, row.plug_out);
        let beside = held.iter().enumerate().map(|(at, row)| by_minutes.insert(minutes(row), at)).collect();
        Self { by_id, before, by_minutes, beside, returns: OnceCell::new(), held }
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

    /// Of rows at the same EVSE in the same minutes the one that is meant, where only one can be. Rows that may be meant are at the EVSE at
    /// the same time, so that the returns overlap: whatever is taken out of one of them, the others are compared anew.
    fn rounded(&self, there: &[usize], session: &Session<'_>, key: Minutes, incoming: &Incoming<'_>) -> Found {
        let returns = self.returns.get_or_init(|| Returns::of(incoming, self.held));
        let [only] = there else { return Found::Nothing };
        let row = &self.held[*only];
        let is_of_one_socket = session.connector.is_some() && row.connector.is_some();
        if !is_of_one_socket && returns.are_several_at_once(row) {
            return Found::Nothing;
        }
        let coming = returns.coming.get(&key).into_iter().flatten().map(|at| incoming.sessions.at(*at));
        let is_alone = coming.filter(|other| connectors_agree(session.connector, other.connector)).count() == 1;
        let is_same = energies_agree(session.energy_kwh, row.energy_kwh, returns.decimals_with(row));
        if is_alone && is_same { Found::Rounded(*only) } else { Found::Nothing }
    }

    fn connector(&self, at: usize) -> Option<&str> {
        self.held[at].connector.as_deref()
    }
}

/// What whole returns say of how their rows are told: worked out only where a row may be told less exactly than another.
struct Returns {
    /// Rows that come, by EVSE and minutes.
    coming: HashMap<Minutes, Vec<usize>>,
    /// EVSEs at which two sessions of the return that comes are at once.
    shared: HashSet<i32>,
    /// Most decimals of an energy of the return that comes.
    decimals: i32,
    /// The same of other returns, by submission.
    others_decimals: HashMap<i64, i32>,
    /// Submissions and EVSEs at which two of their sessions are at once.
    others_shared: HashSet<(i64, i32)>,
}

impl Returns {
    fn of(incoming: &Incoming<'_>, held: &[HeldRow]) -> Self {
        let (mut coming, mut shared, mut most) = (HashMap::<Minutes, Vec<usize>>::new(), HashSet::new(), 0);
        for (at, session, evse) in incoming.each() {
            most = most.max(decimals(session.energy_kwh));
            let Some(evse) = evse else { continue };
            coming.entry(minutes(evse, session.plug_in, session.plug_out)).or_default().push(at);
            if session.has(Flag::Overlap) {
                shared.insert(evse);
            }
        }
        let (mut others_decimals, mut others_shared) = (HashMap::new(), HashSet::new());
        let mut rows: Vec<&HeldRow> = held.iter().collect();
        rows.sort_by_key(|row| (row.submission, row.evse, row.plug_in));
        let mut last: Option<(i64, i32, Timestamp)> = None;
        for row in rows {
            let most = others_decimals.entry(row.submission).or_insert(0);
            *most = decimals(row.energy_kwh).max(*most);
            let before = last.filter(|(submission, evse, _)| (*submission, *evse) == (row.submission, row.evse));
            if before.is_some_and(|(.., until)| row.plug_in < until) {
                others_shared.insert((row.submission, row.evse));
            }
            let until = before.map_or(row.plug_out, |(.., until)| until.max(row.plug_out));
            last = Some((row.submission, row.evse, until));
        }
        Self { coming, shared, decimals: most, others_decimals, others_shared }
    }

    /// Whether either return has more than one vehicle at once where a row lies.
    fn are_several_at_once(&self, row: &HeldRow) -> bool {
        self.shared.contains(&row.evse) || self.others_shared.contains(&(row.submission, row.evse))
    }

    /// Decimals of the return that rounds more: the one that comes, or that of a row.
    fn decimals_with(&self, row: &HeldRow) -> i32 {
        self.others_decimals.get(&row.submission).copied().unwrap_or_default().min(self.decimals)
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
        && energies_agree(
            session.energy_kwh,
            held.energy_kwh,
            decimals(session.energy_kwh).min(decimals(held.energy_kwh)),
        )
}

/// Whether two instants of one minute are the same, or one of them is told by the minute only.
fn instants_agree(a: Timestamp, b: Timestamp) -> bool {
    a == b || is_whole_minute(a) || is_whole_minute(b)
}

fn is_whole_minute(at: Timestamp) -> bool {
    at.as_second().rem_euclid(60) == 0 && at.subsec_nanosecond() == 0
}

/// Whether one energy is the other, rounded to so many decimals.
fn energies_agree(a: f64, b: f64, decimals: i32) -> bool {
    let half = 0.5 * 0.1_f64.powi(decimals);
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
