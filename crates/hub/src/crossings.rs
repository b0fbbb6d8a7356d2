//! What the rows of a return have to do with rows of other returns: which repeat, replace or overlap them.
//!
//! One session is held once. The same row in another file is a repeat; another row under the same id is a correction, and the
//! return received later goes before where it covers the session's day (as declared, or else as found); elsewhere the one
//! received earlier does. A row that only says what was corrected since is a stale copy: it takes no correction back, unless its
//! return declares the day. Nothing is ever taken out because a later return lacks it. An id that comes again in a return of other days, for
//! something else, is another session: some operators count from one each month. So is one that comes again at another charge point,
//! at another time and with other energy: some count from one at each site, and of a correction something stays. Which row is of the same
//! session, [`crate::same_session`] says.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use kerbwatt_engine::HeldRow;
use kerbwatt_intake::Example;
use kerbwatt_model::{Flag, Period, Session, Sessions, Zone};
use kerbwatt_store::{Crossing, CrossingKind};

use crate::kept::Kept;
use crate::of_period::HeldOfPeriod;
use crate::points::Points;
use crate::same_session::{Found, Known};
use crate::standing::{Fate, fate, is_another, is_like, is_one};
use crate::superseded::{self, At, Superseded, said_by_row};

/// A return about to go into the lake.
pub(crate) struct Incoming<'a> {
    /// Its number; one larger than all others when it has none yet.
    pub(crate) submission: i64,
    /// Days that it covers.
    pub(crate) covers: Option<Period>,
    /// Whether it declares them.
    pub(crate) is_declared: bool,
    /// Clock of its charge points.
    pub(crate) zone: &'a Zone,
    pub(crate) sessions: &'a Sessions,
    /// Number of each EVSE in the ledger, by its number among the sessions; none for EVSEs that nobody named before.
    pub(crate) evses: &'a [Option<i32>],
    /// Which EVSEs may be the same.
    pub(crate) points: &'a Points,
}

impl<'a> Incoming<'a> {
    /// Position, session, and number of its EVSE.
    pub(crate) fn each(&self) -> impl Iterator<Item = (usize, Session<'a>, Option<i32>)> {
        let (sessions, evses) = (self.sessions, self.evses);
        let evse = move |number: &u32| evses.get(*number as usize).copied().flatten();
        let numbers = sessions.evse_numbers().iter();
        sessions.iter().zip(numbers).enumerate().map(move |(at, (session, number))| (at, session, evse(number)))
    }
}

/// What became of the rows.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Crossed {
    /// Rows of the return that stay out, in file order.
    pub(crate) out: Vec<Crossing>,
    /// Rows of others that it replaces, with their submission.
    pub(crate) replaces: Vec<(i64, Crossing)>,
    /// Rows that overlap a row of another return at the same charge point.
    pub(crate) overlaps: Vec<Beside>,
    /// Rows that say what a row of another return was corrected from, and stay out; they are among `out` too.
    pub(crate) corrected_since: Vec<Beside>,
    /// The same in a return that declares their days: they take the correction back.
    pub(crate) take_back: Vec<Beside>,
    /// Rows under the id of a row of another return of the same days that is another session all the same.
    pub(crate) namesakes: Vec<Beside>,
    /// What rows keep of those that they replace.
    pub(crate) kept: Vec<Kept>,
    /// What the figures hold of the period that the return declares.
    pub(crate) declared: Option<HeldOfPeriod>,
    /// How many rows stay out for a row at another EVSE of the same device, by their own EVSE.
    pub(crate) elsewhere: BTreeMap<i32, i64>,
}

/// A row that stays beside one of another return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Beside {
    /// Position among the sessions.
    at: usize,
    /// Row in the file.
    pub(crate) row: u64,
    /// The other return.
    pub(crate) other: i64,
    /// The row there.
    pub(crate) other_row: u64,
}

impl Beside {
    /// What a finding shows of it.
    pub(crate) fn example(&self) -> Example {
        beside(self.row, self.other, self.other_row)
    }

    fn of(at: usize, session: &Session<'_>, held: &HeldRow) -> Self {
        let (other, other_row) = superseded::at(held);
        Self { at, row: session.row, other, other_row }
    }
}

/// What a finding shows of a row and one of another return.
pub(crate) fn beside(row: u64, other: i64, other_row: u64) -> Example {
    Example { row, column: String::new(), value: format!("row {other_row} of return {other}") }
}

impl Crossed {
    /// How many rows overlap those of each other return.
    pub(crate) fn overlap_counts(&self) -> BTreeMap<i64, u64> {
        let mut counts = BTreeMap::new();
        for one in &self.overlaps {
            *counts.entry(one.other).or_default() += 1;
        }
        counts
    }

    /// Flags the rows that overlap, so that both sides of it are seen.
    pub(crate) fn flag(&self, sessions: &mut Sessions) {
        for one in &self.overlaps {
            sessions.flag(one.at, Flag::Overlap);
        }
    }
}

/// Compares a return with what the lake holds; `superseded` knows what was said before it was corrected, and `covers` says which days
/// another submission covers.
pub(crate) fn cross(
    incoming: &Incoming<'_>,
    held: &[HeldRow],
    superseded: &Superseded,
    covers: &dyn Fn(i64) -> Option<Period>,
) -> Crossed {
    let mut crossed = Crossed::default();
    if held.is_empty() {
        return crossed;
    }
    let (known, without) = (Known::of(held, incoming.points), OnceCell::new());
    let mut is_gone = vec![false; held.len()];
    let mut is_out = vec![false; incoming.sessions.len()];
    for (at, session, evse) in incoming.each() {
        let may_be_one = |other: usize| !is_gone[other] && is_one(incoming, &session, evse, &held[other], covers);
        let is_same = |other: usize| may_be_one(other) && !is_another(incoming.points, &session, evse, &held[other]);
        let (other, is_rounded) = match known.same_session(&session, evse, incoming, is_same) {
            Found::Same(other) => (other, false),
            Found::Rounded(other) => (other, true),
            Found::Nothing => {
                if let Some((other, other_row)) = superseded.corrected_by(&session, evse) {
                    is_out[at] = true;
                    crossed.corrected_since.push(Beside { at, row: session.row, other, other_row });
                    crossed.out.push(out(&session, CrossingKind::Outranked, (other, other_row)));
                    continue;
                }
                let is_namesake =
                    |other: &usize| may_be_one(*other) || is_like(incoming, &session, evse, &held[*other]);
                let namesake = known.of_id(session.session_id).filter(|other| !is_gone[*other]).find(is_namesake);
                crossed.namesakes.extend(namesake.map(|other| Beside::of(at, &session, &held[other])));
                continue;
            }
        };
        let row = &held[other];
        match fate(incoming, (&session, evse), (row, is_rounded), superseded, covers) {
            Fate::Replaces { is_back } => {
                is_gone[other] = true;
                if is_back {
                    crossed.take_back.push(Beside::of(at, &session, row));
                }
                let without = without.get_or_init(|| incoming.sessions.without());
                crossed.kept.extend(Kept::of(incoming, (at, &session, evse), row, without));
                crossed.replaces.push((row.submission, replaced(row, incoming.submission, session.row)));
            }
            Fate::StaysOut { kind, is_stale } => {
                is_out[at] = true;
                if is_stale {
                    crossed.corrected_since.push(Beside::of(at, &session, row));
                }
                if let Some(evse) = evse.filter(|evse| *evse != row.evse) {
                    *crossed.elsewhere.entry(evse).or_default() += 1;
                }
                crossed.out.push(out(&session, kind, superseded::at(row)));
            }
        }
    }
    crossed.overlaps = overlaps(incoming, held, &is_out, &is_gone);
    crossed
}

/// A row that stays out for one of another return.
fn out(session: &Session<'_>, kind: CrossingKind, (other, other_row): At) -> Crossing {
    Crossing { row: session.row, kind, other, other_row, energy_kwh: session.energy_kwh, said: None }
}

/// A row whose place one of a return takes.
fn replaced(row: &HeldRow, by: i64, by_row: u64) -> Crossing {
    Crossing {
        row: superseded::at(row).1,
        kind: CrossingKind::Replaced,
        other: by,
        other_row: by_row,
        energy_kwh: row.energy_kwh,
        said: Some(said_by_row(row)),
    }
}

/// Rows that go in while another return has the charge point taken, or the device where one names no more, half-open; each once.
fn overlaps(incoming: &Incoming<'_>, held: &[HeldRow], is_out: &[bool], is_gone: &[bool]) -> Vec<Beside> {
    let points = incoming.points;
    let mut by_device: HashMap<i32, Vec<&HeldRow>> = HashMap::new();
    // What has no length takes the charge point for no time.
    let takes_time = |row: &&HeldRow| row.plug_in < row.plug_out;
    for row in held.iter().zip(is_gone).filter(|(_, gone)| !**gone).map(|(row, _)| row).filter(takes_time) {
        by_device.entry(points.device(row.evse)).or_default().push(row);
    }
    let longest: HashMap<i32, i64> = by_device
        .iter_mut()
        .map(|(device, rows)| {
            rows.sort_by_key(|row| row.plug_in);
            (*device, rows.iter().map(|row| row.plug_out.as_second() - row.plug_in.as_second()).max().unwrap_or(0))
        })
        .collect();
    let mut found = Vec::new();
    for (at, session, evse) in incoming.each() {
        let there = |evse: i32| Some((evse, points.device(evse), by_device.get(&points.device(evse))?));
        let Some((evse, device, rows)) = evse.and_then(there) else { continue };
        if is_out[at] || session.plug_in == session.plug_out {
            continue;
        }
        // Only rows that begin before this one ends, and not so long before it begins that none of them lasts.
        let end = rows.partition_point(|row| row.plug_in < session.plug_out);
        let earliest = session.plug_in.as_second().saturating_sub(longest[&device]);
        let begin = rows.partition_point(|row| row.plug_in.as_second() < earliest);
        let is_taken = |row: &&&HeldRow| {
            session.plug_in < row.plug_out && row.plug_in < session.plug_out && points.agree(evse, row.evse)
        };
        if let Some(other) = rows.get(begin..end).unwrap_or_default().iter().find(is_taken) {
            found.push(Beside::of(at, &session, other));
        }
    }
    found
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        // 1 June 2018, 00:00 UTC.
        Timestamp::from_second(1_527_811_200 + minute * 60).unwrap()
    }

    fn session(row: u64, id: &str, from: i64, to: i64, energy_kwh: f64) -> Session<'_> {
        Session { session_id: id, evse: "1", plug_in: at(from), plug_out: at(to), energy_kwh, row, ..Session::empty() }
    }

    fn held(submission: i64, row: i64, id: &str, from: i64, to: i64, energy_kwh: f64) -> HeldRow {
        HeldRow {
            submission,
            row,
            session_id: id.into(),
            evse: 1,
            connector: None,
            plug_in: at(from),
            plug_out: at(to),
            charging_end: None,
            energy_kwh,
            fee_pence: None,
        }
    }

    fn crossed(submission: i64, covers: &str, sessions: &[Session<'_>], rows: &[HeldRow], other: &str) -> Crossed {
        let (zone, sessions) = (Zone::named("UTC").unwrap(), sessions.iter().copied().collect());
        let covers = Some(Period::parse(covers).unwrap());
        let incoming = Incoming {
            submission,
            covers,
            is_declared: true,
            zone: &zone,
            sessions: &sessions,
            evses: &[Some(1)],
            points: &Points::default(),
        };
        cross(&incoming, rows, &Superseded::default(), &|_| Some(Period::parse(other).unwrap()))
    }

    #[test]
    fn the_same_row_in_another_file_is_a_repeat_of_it() {
        let rows = [held(1, 7, "a", 0, 60, 5.0)];
        let found = crossed(2, "2018-06", &[session(3, "a", 0, 60, 5.0)], &rows, "2018-06");
        let repeat =
            Crossing { row: 3, kind: CrossingKind::Repeats, other: 1, other_row: 7, energy_kwh: 5.0, said: None };
        assert_eq!(found, Crossed { out: vec![repeat], ..Crossed::default() });
    }

    #[test]
    fn a_row_without_id_repeats_one_with_an_id_that_says_the_same() {
        let rows = [held(1, 7, "a", 0, 60, 5.0)];
        assert_eq!(crossed(2, "2018-06", &[session(3, "h:00", 0, 60, 5.0)], &rows, "2018-06").out.len(), 1);
        assert_eq!(crossed(2, "2018-06", &[session(3, "b", 0, 60, 5.0)], &rows, "2018-06").out.len(), 0);
    }

    #[test]
    fn a_row_without_id_and_with_rounded_energy_or_minutes_is_the_session_that_is_held() {
        let seconds = HeldRow { plug_in: at(0) + jiff::Span::new().seconds(17), ..held(1, 7, "a", 0, 60, 7.25) };
        for (row, energy_kwh) in [(held(1, 7, "a", 0, 60, 7.25), 7.3), (seconds.clone(), 7.25), (seconds, 7.0)] {
            let new = session(3, "h:00", 0, 60, energy_kwh);
            let found = crossed(2, "2018-06", &[new], std::slice::from_ref(&row), "2018-06");
            assert_eq!(found.out.first().map(|one| one.kind), Some(CrossingKind::Repeats), "{energy_kwh}");
            // What tells it more exactly replaces what was told less exactly, in the days of its return.
            let held_rounded = held(1, 7, "h:00", 0, 60, energy_kwh);
            let exact = Session { plug_in: row.plug_in, ..session(3, "a", 0, 60, 7.25) };
            let found = crossed(2, "2018-06", &[exact], std::slice::from_ref(&held_rounded), "2018-06");
            assert_eq!(found.replaces.len(), 1, "{energy_kwh}");
            let found = crossed(2, "2018-07", &[exact], &[held_rounded], "2018-06");
            assert_eq!(found.out.first().map(|one| one.kind), Some(CrossingKind::Outranked), "{energy_kwh}");
        }
    }

    #[test]
    fn rows_that_may_be_two_sessions_are_never_taken_for_one_that_was_rounded() {
        let row = held(1, 7, "a", 0, 60, 7.25);
        let all = |new: &[Session<'_>], rows: &[HeldRow]| {
            let found = crossed(2, "2018-06", new, rows, "2018-06");
            found.out.len() + found.replaces.len()
        };
        let rounded = session(3, "h:00", 0, 60, 7.3);
        let one = std::slice::from_ref(&row);
        assert_eq!(all(&[rounded], one), 1);
        // Other energy, another minute, an id of its own, another connector.
        assert_eq!(all(&[session(3, "h:00", 0, 60, 7.4)], one), 0);
        assert_eq!(all(&[session(3, "h:00", 0, 61, 7.3)], one), 0);
        assert_eq!(all(&[session(3, "b", 0, 60, 7.3)], one), 0);
        let connector = |of: &str| HeldRow { connector: Some(of.into()), ..row.clone() };
        let second = Session { connector: Some("2"), ..rounded };
        assert_eq!(all(&[second], &[connector("1")]), 0);
        assert_eq!(all(&[second], &[connector("1"), connector("2")]), 1);
        // Other seconds of the same minutes: both are told exactly.
        let later = HeldRow { plug_in: at(0) + jiff::Span::new().seconds(40), ..row.clone() };
        let earlier = Session { plug_in: at(0) + jiff::Span::new().seconds(5), ..rounded };
        assert_eq!(all(&[earlier], &[later]), 0);
        // A session within one minute, of which there may be several.
        let short = HeldRow { plug_in: at(0) + jiff::Span::new().seconds(5), ..held(1, 7, "a", 0, 0, 0.0) };
        assert_eq!(all(&[session(3, "h:00", 0, 0, 0.1)], &[short]), 0);
        // Several of them, on either side.
        let other = held(4, 9, "c", 0, 60, 7.0);
        assert_eq!(all(&[rounded], &[row.clone(), other]), 0);
        assert_eq!(all(&[rounded, session(4, "h:01", 0, 60, 7.2)], one), 0);
        // A station with several sockets, as either return shows elsewhere.
        let (busy, also) = (held(1, 8, "d", 300, 400, 1.25), held(1, 9, "e", 350, 390, 2.25));
        assert_eq!(all(&[rounded], &[row.clone(), busy.clone()]), 1);
        assert_eq!(all(&[rounded], &[row.clone(), busy, also]), 0);
        let overlapping = Session { flags: Flag::Overlap.bit(), ..session(4, "h:02", 300, 400, 1.5) };
        assert_eq!(all(&[rounded, overlapping], one), 0);
        // Unless both say which socket it was.
        assert_eq!(all(&[second, overlapping], &[connector("2")]), 1);
    }

    #[test]
    fn times_rounded_to_the_next_minute_are_those_of_the_session_that_is_held_where_no_other_is_near() {
        let moved =
            |row: HeldRow, seconds: i64| HeldRow { plug_in: row.plug_in + jiff::Span::new().seconds(seconds), ..row };
        let all = |new: &[Session<'_>], rows: &[HeldRow]| {
            let found = crossed(2, "2018-06", new, rows, "2018-06");
            found.out.len() + found.replaces.len()
        };
        let rounded = session(3, "h:00", 10, 60, 7.25);
        let held = |seconds: i64| moved(held(1, 7, "a", 10, 60, 7.25), seconds);
        assert_eq!((all(&[rounded], &[held(-30)]), all(&[rounded], &[held(29)])), (1, 1));
        assert_eq!(all(&[rounded], &[held(-31)]), 0, "that would be the minute before");
        // Another row as near, on either side.
        let other = HeldRow { row: 8, session_id: "b".into(), ..held(10) };
        assert_eq!(all(&[rounded], &[held(-20), other]), 0);
        let cut = session(4, "h:01", 9, 60, 7.25);
        assert_eq!(all(&[rounded, cut], &[held(-20)]), 0);
        // What tells it to the second replaces what was told by the minute.
        let exact = Session { plug_in: held(-20).plug_in, ..session(3, "b", 10, 60, 7.25) };
        let by_the_minute = HeldRow { session_id: "h:00".into(), ..held(0) };
        assert_eq!(crossed(2, "2018-06", &[exact], &[by_the_minute], "2018-06").replaces.len(), 1);
    }

    #[test]
    fn ids_out_of_a_spreadsheet_are_the_numbers_that_went_in() {
        let rows = [held(1, 7, "1000", 0, 60, 5.0), held(1, 8, "1001.0", 100, 160, 5.0)];
        let new =
            [session(3, "1000.0", 0, 60, 5.0), session(4, "1001", 100, 160, 5.0), session(5, "100.00", 0, 60, 5.0)];
        let found = crossed(2, "2018-06", &new, &rows, "2018-06");
        assert_eq!(found.out.iter().map(|one| one.row).collect::<Vec<_>>(), [3, 4]);
    }

    #[test]
    fn energies_agree_within_the_rounding_of_their_returns_and_not_of_single_rows() {
        let held = [held(1, 7, "a", 0, 60, 7.25), held(1, 8, "b", 100, 160, 3.5)];
        let merged = |new: &[Session<'_>]| crossed(2, "2018-06", new, &held, "2018-06").out.len();
        let whole = session(3, "h:00", 0, 60, 7.0);
        assert_eq!(merged(&[whole, session(4, "h:01", 200, 260, 5.0)]), 1);
        // Seven in a return that has decimals is seven.
        assert_eq!(merged(&[whole, session(4, "h:01", 200, 260, 5.25)]), 0);
    }

    #[test]
    fn sessions_of_two_connectors_at_the_same_instant_are_both_repeated() {
        let of =
            |connector: &'static str| HeldRow { connector: Some(connector.into()), ..held(1, 7, "h:0", 0, 60, 5.0) };
        let new = ["1", "2"].map(|connector| Session { connector: Some(connector), ..session(3, "h:9", 0, 60, 5.0) });
        let found = crossed(2, "2018-06", &new, &[of("1"), of("2")], "2018-06");
        assert_eq!(found.out.iter().map(|one| one.kind).collect::<Vec<_>>(), [CrossingKind::Repeats; 2]);
    }

    #[test]
    fn a_corrected_row_replaces_the_earlier_one_only_within_the_days_that_its_return_covers() {
        let (rows, new) = ([held(1, 7, "a", 0, 60, 5.0)], [session(3, "a", 0, 90, 6.0)]);
        let found = crossed(2, "2018-06", &new, &rows, "2018-06");
        let by = Crossing {
            row: 7,
            kind: CrossingKind::Replaced,
            other: 2,
            other_row: 3,
            energy_kwh: 5.0,
            said: Some(said_by_row(&rows[0])),
        };
        assert_eq!((found.replaces, found.out), (vec![(1, by)], Vec::new()));
        let found = crossed(2, "2018-07", &new, &rows, "2018-06");
        assert_eq!((found.out[0].kind, found.replaces.len()), (CrossingKind::Outranked, 0));
    }

    #[test]
    fn a_return_received_earlier_does_not_replace_a_later_one_when_it_is_accepted_after_it() {
        let (rows, old) = ([held(2, 7, "a", 0, 60, 5.0)], [session(3, "a", 0, 90, 6.0)]);
        assert_eq!(crossed(1, "2018-06", &old, &rows, "2018-06").out[0].kind, CrossingKind::Outranked);
        assert_eq!(crossed(1, "2018-06", &old, &rows, "2018-07").replaces.len(), 1);
    }

    #[test]
    fn an_id_that_comes_again_in_a_return_of_other_days_is_another_session() {
        let (rows, may) = ([held(1, 7, "5", 0, 60, 5.0)], 30 * 24 * 60);
        let new = session(3, "5", may, may + 60, 6.0);
        assert_eq!(crossed(2, "2018-07", &[new], &rows, "2018-06"), Crossed::default());
        // One that an earlier return of the same days gave a wrong day is corrected.
        assert_eq!(crossed(2, "2018-07", &[new], &rows, "2018-07").replaces.len(), 1);
        let both = [held(1, 7, "5", 0, 60, 5.0), held(2, 3, "5", may, may + 60, 6.0)];
        let found = crossed(3, "2018-06..2018-07", &[session(1, "5", 10, 60, 5.5)], &both, "2018-06");
        assert_eq!(found.replaces.iter().map(|(of, _)| *of).collect::<Vec<_>>(), [1], "the nearer one");
    }

    #[test]
    fn an_id_that_comes_again_at_another_charge_point_with_another_stay_is_another_session_and_is_told() {
        let rows = [held(1, 7, "5", 0, 60, 5.0)];
        let zone = Zone::named("UTC").unwrap();
        let covers = Some(Period::parse("2018-06").unwrap());
        let of = |evse: Option<i32>, from, to, energy_kwh| {
            let sessions: Sessions = [session(3, "5", from, to, energy_kwh)].into_iter().collect();
            let incoming = Incoming {
                submission: 2,
                covers,
                is_declared: true,
                zone: &zone,
                sessions: &sessions,
                evses: &[evse],
                points: &Points::default(),
            };
            cross(&incoming, &rows, &Superseded::default(), &|_| covers)
        };
        let namesake = Beside { at: 0, row: 3, other: 1, other_row: 7 };
        for evse in [Some(2), None] {
            let found = of(evse, 100, 200, 6.0);
            assert_eq!(found, Crossed { namesakes: vec![namesake], ..Crossed::default() });
        }
        // Of a correction something stays: the charge point, one of the times or the energy.
        for (evse, from, to, energy_kwh) in
            [(Some(1), 100, 200, 6.0), (Some(2), 0, 200, 6.0), (Some(2), 30, 60, 6.0), (Some(2), 100, 200, 5.0)]
        {
            assert_eq!(of(evse, from, to, energy_kwh).replaces.len(), 1);
        }
    }

    #[test]
    fn a_row_in_which_its_file_ends_corrects_nothing_that_it_only_begins() {
        let rows = [held(1, 7, "a", 0, 60, 22.59)];
        let cut_off = |energy_kwh| {
            let mut sessions: Sessions = [session(3, "a", 0, 60, energy_kwh)].into_iter().collect();
            sessions.end_within(3);
            let (zone, covers) = (Zone::named("UTC").unwrap(), Some(Period::parse("2018-06").unwrap()));
            let incoming = Incoming {
                submission: 2,
                covers,
                is_declared: true,
                zone: &zone,
                sessions: &sessions,
                evses: &[Some(1)],
                points: &Points::default(),
            };
            cross(&incoming, &rows, &Superseded::default(), &|_| covers)
        };
        assert_eq!(cut_off(2.0).out.first().map(|one| one.kind), Some(CrossingKind::Repeats));
        assert_eq!(cut_off(3.0).replaces.len(), 1, "a correction, with or without an end of its line");
    }

    #[test]
    fn what_a_return_leaves_open_says_nothing_against_what_is_held() {
        let rich = HeldRow { fee_pence: Some(120.0), connector: Some("2".into()), ..held(1, 7, "a", 0, 60, 5.0) };
        let found = crossed(2, "2018-06", &[session(3, "a", 0, 60, 5.0)], std::slice::from_ref(&rich), "2018-06");
        assert_eq!(found.out[0].kind, CrossingKind::Repeats);
        let with_fee = Session { fee_pence: Some(120.0), ..session(3, "a", 0, 60, 5.0) };
        let found = crossed(2, "2018-06", &[with_fee], &[held(1, 7, "a", 0, 60, 5.0)], "2018-06");
        assert_eq!(found.replaces.len(), 1, "a fee that was not known is a correction");
    }

    #[test]
    fn sessions_of_two_returns_at_one_point_at_the_same_time_overlap_and_touching_ones_do_not() {
        let rows = [held(1, 1, "a", 0, 600, 5.0), held(1, 2, "b", 700, 800, 5.0)];
        let new = [session(1, "x", 600, 700, 1.0), session(2, "y", 650, 701, 1.0), session(3, "z", 590, 610, 1.0)];
        let found = crossed(2, "2018-06", &new, &rows, "2018-06").overlaps;
        let told: Vec<(usize, u64, i64, u64)> =
            found.iter().map(|one| (one.at, one.row, one.other, one.other_row)).collect();
        assert_eq!(told, [(1, 2, 1, 2), (2, 3, 1, 1)]);
    }
}
