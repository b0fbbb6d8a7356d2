//! Which row of the lake is of the same session as a row that comes: by its id, by what it says, or by what it says less exactly.
//!
//! A session that is sent again without an id, with its times cut or rounded to minutes or its energy rounded, says the same as before. It is taken
//! for the same session only where nothing else can be meant: one EVSE serves one vehicle at a time, so that two rows of one EVSE and
//! connector that begin and end in the same minutes, or within half a minute of each other, are one session, unless a minute is all that it lasts, or more rows than one lie there
//! on either side. Some operators call a station with several sockets one charge point: where either return has two vehicles there at once,
//! nothing is merged. And the energies must agree within the coarser of the roundings of the two returns.
//!
//! One return may name only the device where another names its EVSE ([`Points`]): such rows are the same session where they say the same to
//! the second, and that something was charged.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use kerbwatt_engine::{HeldRow, is_from_content, plain_id};
use kerbwatt_model::{Flag, Session};

use crate::crossings::Incoming;
use crate::points::Points;

/// A device, and the minutes in which a session begins and ends.
type Minutes = (i32, i64, i64);

/// Rows by device and minutes: the last row of each, and of each row the one before it of the same.
#[derive(Default)]
struct ByMinutes {
    last: HashMap<Minutes, usize>,
    before: Vec<Option<usize>>,
}

impl ByMinutes {
    fn of(rows: impl ExactSizeIterator<Item = Minutes>) -> Self {
        let mut last = HashMap::with_capacity(rows.len());
        let before = rows.enumerate().map(|(at, minutes)| last.insert(minutes, at)).collect();
        Self { last, before }
    }

    fn all(&self, minutes: Minutes) -> impl Iterator<Item = usize> {
        std::iter::successors(self.last.get(&minutes).copied(), |at| self.before.get(*at).copied().flatten())
    }
}

/// Rows of the lake by what makes them the same session.
pub(crate) struct Known<'h> {
    /// The last row of each id.
    by_id: HashMap<&'h str, usize>,
    /// Of each row, the one before it with the same id.
    before: Vec<Option<usize>>,
    /// Rows by the minutes in which they begin and end.
    by_minutes: ByMinutes,
    /// Rows by the minutes that their times are rounded to: made only where a row has to be looked for there.
    by_rounded: OnceCell<ByMinutes>,
    /// Whether any row has no id of its own.
    has_unnamed: bool,
    returns: OnceCell<Returns>,
    points: &'h Points,
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
    pub(crate) fn of(held: &'h [HeldRow], points: &'h Points) -> Self {
        let mut by_id = HashMap::with_capacity(held.len());
        let before = held.iter().enumerate().map(|(at, row)| by_id.insert(plain_id(&row.session_id), at)).collect();
        let minutes = |row: &HeldRow| minutes(points.device(row.evse), row.plug_in, row.plug_out);
        let by_minutes = ByMinutes::of(held.iter().map(minutes));
        let has_unnamed = held.iter().any(HeldRow::is_named_by_content);
        let (by_rounded, returns) = (OnceCell::new(), OnceCell::new());
        Self { by_id, before, by_minutes, by_rounded, has_unnamed, returns, points, held }
    }

    /// Rows under an id, the last first.
    pub(crate) fn of_id(&self, id: &str) -> impl Iterator<Item = usize> {
        std::iter::successors(self.by_id.get(plain_id(id)).copied(), |at| self.before[*at])
    }

    /// Rows of a device whose times are rounded to the same minutes.
    fn of_rounded(&self, minutes: Minutes) -> impl Iterator<Item = usize> {
        let of_row = |row: &HeldRow| rounded(self.points.device(row.evse), row.plug_in, row.plug_out);
        self.by_rounded.get_or_init(|| ByMinutes::of(self.held.iter().map(of_row))).all(minutes)
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
        let Some(evse) = evse.filter(|_| self.has_unnamed || is_from_content(session.session_id)) else {
            return Found::Nothing;
        };
        let device = self.points.device(evse);
        let is_meant = |at: &usize| {
            let row = &self.held[*at];
            let is_there = self.points.agree(evse, row.evse) && (evse == row.evse || session.energy_kwh > 0.0);
            is_there && may_be(*at) && connectors_agree(session.connector, row.connector.as_deref())
        };
        let mut there: Vec<usize> =
            self.by_minutes.all(minutes(device, session.plug_in, session.plug_out)).filter(is_meant).collect();
        let is_unnamed = |at: &usize| is_from_content(session.session_id) || self.held[*at].is_named_by_content();
        let says_the_same = |at: &usize| {
            let row = &self.held[*at];
            let is_same = session.plug_in == row.plug_in && session.plug_out == row.plug_out;
            is_same && session.energy_kwh.to_bits() == row.energy_kwh.to_bits()
        };
        // The last of them; before all one that names the same EVSE and connector.
        let named_alike = |at: &usize| (self.held[*at].evse == evse, self.connector(*at) == session.connector, *at);
        if let Some(at) = there.iter().copied().filter(|at| is_unnamed(at) && says_the_same(at)).max_by_key(named_alike)
        {
            return Found::Same(at);
        }
        there.extend(self.of_rounded(rounded(device, session.plug_in, session.plug_out)).filter(is_meant));
        there.sort_unstable();
        there.dedup();
        if there.iter().any(|at| is_unnamed(at) && is_rounded(session, &self.held[*at])) {
            return self.rounded(&there, session, evse, incoming);
        }
        Found::Nothing
    }

    /// Of rows at the same EVSE in the same minutes, cut or rounded, the one that is meant, where only one can be. Rows that may be meant are at the EVSE at
    /// the same time, so that the returns overlap: whatever is taken out of one of them, the others are compared anew.
    fn rounded(&self, there: &[usize], session: &Session<'_>, evse: i32, incoming: &Incoming<'_>) -> Found {
        let returns = self.returns.get_or_init(|| Returns::of(incoming, self.held));
        let [only] = there else { return Found::Nothing };
        let row = &self.held[*only];
        let is_of_one_socket = session.connector.is_some() && row.connector.is_some();
        if !is_of_one_socket && (evse != row.evse || returns.are_several_at_once(row)) {
            return Found::Nothing;
        }
        let is_as_good = |at: &usize| {
            let number = incoming.sessions.evse_numbers()[*at] as usize;
            let other = incoming.evses.get(number).copied().flatten();
            other.is_some_and(|other| self.points.agree(other, row.evse))
                && connectors_agree(session.connector, incoming.sessions.connector(*at))
        };
        let is_alone = returns.coming(self.points.device(evse), row).into_iter().filter(is_as_good).count() == 1;
        let is_same = energies_agree(session.energy_kwh, row.energy_kwh, returns.decimals_with(row));
        if is_alone && is_same { Found::Rounded(*only) } else { Found::Nothing }
    }

    fn connector(&self, at: usize) -> Option<&str> {
        self.held[at].connector.as_deref()
    }
}

/// What whole returns say of how their rows are told: worked out only where a row may be told less exactly than another.
struct Returns {
    /// Rows that come, by device and the minutes in which they begin and end.
    coming: HashMap<Minutes, Vec<usize>>,
    /// The same by the minutes that their times are rounded to.
    coming_rounded: HashMap<Minutes, Vec<usize>>,
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
        let mut coming_rounded = HashMap::<Minutes, Vec<usize>>::new();
        for (at, session, evse) in incoming.each() {
            most = most.max(decimals(session.energy_kwh));
            let Some(evse) = evse else { continue };
            let (device, from, to) = (incoming.points.device(evse), session.plug_in, session.plug_out);
            coming.entry(minutes(device, from, to)).or_default().push(at);
            coming_rounded.entry(rounded(device, from, to)).or_default().push(at);
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
        Self { coming, coming_rounded, shared, decimals: most, others_decimals, others_shared }
    }

    /// Rows that come and may be a row that is held, at a device: in the same minutes, cut or rounded.
    fn coming(&self, device: i32, row: &HeldRow) -> HashSet<usize> {
        let cut = self.coming.get(&minutes(device, row.plug_in, row.plug_out));
        let rounded = self.coming_rounded.get(&rounded(device, row.plug_in, row.plug_out));
        cut.into_iter().chain(rounded).flatten().copied().collect()
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

fn minutes(device: i32, plug_in: Timestamp, plug_out: Timestamp) -> Minutes {
    (device, minute(plug_in), minute(plug_out))
}

fn rounded(device: i32, plug_in: Timestamp, plug_out: Timestamp) -> Minutes {
    let nearest = |at: Timestamp| (at.as_second() + HALF_A_MINUTE_S).div_euclid(60);
    (device, nearest(plug_in), nearest(plug_out))
}

/// Seconds.
const HALF_A_MINUTE_S: i64 = 30;

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

/// Whether two instants are the same, or one of them is the other told by the minute only, cut or rounded.
fn instants_agree(a: Timestamp, b: Timestamp) -> bool {
    a == b || is_by_the_minute(a, b) || is_by_the_minute(b, a)
}

/// Whether an instant is another, told by the minute only, cut or rounded.
fn is_by_the_minute(told: Timestamp, exact: Timestamp) -> bool {
    let apart_s = (told.as_second() - exact.as_second()).abs();
    is_whole_minute(told) && (minute(told) == minute(exact) || apart_s <= HALF_A_MINUTE_S)
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
    let is_time = |new: Timestamp, old: Timestamp| new == old || is_by_the_minute(new, old);
    let charged = session.charging_end.is_none_or(|new| held.charging_end.is_some_and(|old| is_time(new, old)));
    is_time(session.plug_in, held.plug_in)
        && is_time(session.plug_out, held.plug_out)
        && decimals(session.energy_kwh) <= decimals(held.energy_kwh)
        && charged
        && (session.connector.is_none() || session.connector == held.connector.as_deref())
        && (session.fee_pence.is_none() || session.fee_pence == held.fee_pence)
}
