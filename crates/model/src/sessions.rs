//! Sessions by the million: column by column, in some 30 to 60 bytes a row and its id.

mod by_evse;
mod compact;
mod parts;

use std::ops::Range;

use jiff::Timestamp;

pub use by_evse::ByEvse;
pub use parts::{Gathering, Part, Renames};

use crate::{Flag, Names, Session};
use compact::{Amounts, Ends, NONE, Sparse};

/// Positions of the kinds of names.
const EVSE: usize = 0;
const DEVICE: usize = 1;
const CONNECTOR: usize = 2;
const DRIVER: usize = 3;
const KINDS: usize = 4;

/// Sessions of one operator, in the order in which they came. Instants are kept in whole seconds, lengths of up to 136 years;
/// rows are numbered up to [`Sessions::MOST_ROWS`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sessions {
    names: [Names; KINDS],
    columns: Columns,
    unended_row: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Columns {
    ids: String,
    id_ends: Ends,
    evses: Vec<u32>,
    /// The other names, from [`DEVICE`] on. A device that is called as its EVSE is none.
    beside: [Sparse; KINDS - DEVICE],
    plug_in_s: Vec<i64>,
    plugged_s: Vec<u32>,
    charging_s: Sparse,
    energy_kwh: Amounts,
    fee_pence: Amounts,
    flags: Vec<i32>,
    row: Vec<u32>,
}

impl Sessions {
    /// The highest number of a row.
    pub const MOST_ROWS: u64 = u32::MAX as u64;

    /// No session.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.row.len()
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.row.is_empty()
    }

    /// Makes room for so many more that are like those of a part, with ids of so many bytes in all, so that columns do not move
    /// while they grow.
    pub fn reserve_like(&mut self, part: &Part, more: usize, id_bytes: usize) {
        let (columns, like) = (&mut self.columns, &part.columns);
        columns.ids.reserve(id_bytes);
        columns.id_ends.reserve(more);
        columns.evses.reserve(more);
        columns.beside.iter_mut().zip(&like.beside).for_each(|(column, like)| column.reserve_like(like, more));
        columns.plug_in_s.reserve(more);
        columns.plugged_s.reserve(more);
        columns.charging_s.reserve_like(&like.charging_s, more);
        columns.energy_kwh.reserve_like(&like.energy_kwh, more);
        columns.fee_pence.reserve_like(&like.fee_pence, more);
        columns.flags.reserve(more);
        columns.row.reserve(more);
    }

    /// Takes a session in.
    pub fn push(&mut self, session: &Session<'_>) {
        self.columns.evses.push(self.names[EVSE].number(session.evse));
        for (name, kind) in beside(session).into_iter().zip(DEVICE..) {
            self.columns.beside[kind - DEVICE].push(name.map_or(NONE, |name| self.names[kind].number(name)));
        }
        self.columns.push(session);
    }

    /// Takes in a stretch of a part; `renames` has learnt from it and from all parts that came before it out of the same table.
    pub fn append(&mut self, part: &Part, stretch: Range<usize>, renames: &mut Renames) {
        let (columns, other) = (&mut self.columns, &part.columns);
        let (first, base) = (other.id_ends.before(stretch.start), columns.ids.len());
        columns.ids.push_str(&other.ids[first..other.id_ends.before(stretch.end)]);
        stretch.clone().for_each(|at| columns.id_ends.push(base + other.id_ends.before(at + 1) - first));
        let names = &mut self.names;
        let mut renamed = |kind: usize, number: u32| renames.0[kind].number(number, &mut names[kind]);
        columns.evses.extend(other.evses[stretch.clone()].iter().map(|number| renamed(EVSE, *number)));
        for (kind, (column, other)) in (DEVICE..).zip(columns.beside.iter_mut().zip(&other.beside)) {
            column.append(other, stretch.clone(), |number| renamed(kind, number));
        }
        columns.plug_in_s.extend_from_slice(&other.plug_in_s[stretch.clone()]);
        columns.plugged_s.extend_from_slice(&other.plugged_s[stretch.clone()]);
        columns.charging_s.append(&other.charging_s, stretch.clone(), |seconds| seconds);
        columns.energy_kwh.append(&other.energy_kwh, stretch.clone());
        columns.fee_pence.append(&other.fee_pence, stretch.clone());
        columns.flags.extend_from_slice(&other.flags[stretch.clone()]);
        columns.row.extend_from_slice(&other.row[stretch]);
    }

    /// Notes the row in which their file ends, for it may have been cut off there.
    pub fn end_within(&mut self, row: u64) {
        self.unended_row = Some(row);
    }

    /// The row in which their file ends without an end of the row.
    #[must_use]
    pub fn unended_row(&self) -> Option<u64> {
        self.unended_row
    }

    /// The session at a position, counted from 0.
    ///
    /// # Panics
    /// When there is none, as indexing does.
    #[inline]
    #[must_use]
    pub fn at(&self, at: usize) -> Session<'_> {
        self.columns.at(at, |kind, number| self.names[kind].text(number))
    }

    /// The session at a position, with everything but names and its id empty: those take looking up.
    ///
    /// # Panics
    /// As [`Sessions::at`].
    #[inline]
    #[must_use]
    pub fn without_names(&self, at: usize) -> Session<'_> {
        Session { session_id: "", ..self.columns.at(at, |_, _| "") }
    }

    /// The first session.
    #[must_use]
    pub fn first(&self) -> Option<Session<'_>> {
        (!self.is_empty()).then(|| self.at(0))
    }

    /// All sessions, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Session<'_>> + Clone {
        (0..self.len()).map(|at| self.at(at))
    }

    /// The id of a session.
    #[inline]
    #[must_use]
    pub fn id(&self, at: usize) -> &str {
        self.columns.id(at)
    }

    /// Distinct ids of EVSEs, by their number here.
    #[must_use]
    pub fn evses(&self) -> &Names {
        &self.names[EVSE]
    }

    /// Number here of each session's EVSE, by position.
    #[inline]
    #[must_use]
    pub fn evse_numbers(&self) -> &[u32] {
        &self.columns.evses
    }

    /// Connector of a session.
    #[inline]
    #[must_use]
    pub fn connector(&self, at: usize) -> Option<&str> {
        self.name(CONNECTOR, at)
    }

    /// Pseudonym of the driver of a session.
    #[inline]
    #[must_use]
    pub fn driver(&self, at: usize) -> Option<&str> {
        self.name(DRIVER, at)
    }

    /// Connector of all sessions at some positions, where it is the same: most operators have one name for all, or none.
    #[must_use]
    pub fn same_connector(&self, positions: &[u32]) -> Option<Option<&str>> {
        self.same_name(CONNECTOR, positions)
    }

    /// Driver of all sessions at some positions, where it is the same: mostly none.
    #[must_use]
    pub fn same_driver(&self, positions: &[u32]) -> Option<Option<&str>> {
        self.same_name(DRIVER, positions)
    }

    fn same_name(&self, kind: usize, positions: &[u32]) -> Option<Option<&str>> {
        let column = &self.columns.beside[kind - DEVICE];
        let first = column.get(*positions.first()? as usize);
        let is_same = positions.iter().all(|at| column.get(*at as usize) == first);
        is_same.then(|| first.map(|number| self.names[kind].text(number)))
    }

    #[inline]
    fn name(&self, kind: usize, at: usize) -> Option<&str> {
        self.columns.beside[kind - DEVICE].get(at).map(|number| self.names[kind].text(number))
    }

    /// Plug-out of a session, seconds UTC.
    #[inline]
    #[must_use]
    pub fn plug_out_s(&self, at: usize) -> i64 {
        self.columns.plug_in_s[at] + i64::from(self.columns.plugged_s[at])
    }

    /// End of charging of a session, seconds UTC, where reported.
    #[inline]
    #[must_use]
    pub fn charging_end_s(&self, at: usize) -> Option<i64> {
        self.columns.charging_s.get(at).map(|after| self.columns.plug_in_s[at] + i64::from(after))
    }

    /// Energy of a session, kWh.
    #[inline]
    #[must_use]
    pub fn energy_kwh(&self, at: usize) -> f64 {
        self.columns.energy_kwh.get(at).unwrap_or_default()
    }

    /// Fee of a session in pence, where reported.
    #[inline]
    #[must_use]
    pub fn fee_pence(&self, at: usize) -> Option<f64> {
        self.columns.fee_pence.get(at)
    }

    /// Plug-in of each session, seconds UTC, by position.
    #[inline]
    #[must_use]
    pub fn plug_ins_s(&self) -> &[i64] {
        &self.columns.plug_in_s
    }

    /// Seconds plugged in of each session, by position.
    #[inline]
    #[must_use]
    pub fn plugged_s(&self) -> &[u32] {
        &self.columns.plugged_s
    }

    /// Row of a session in its file: ascending by position.
    #[inline]
    #[must_use]
    pub fn row(&self, at: usize) -> u64 {
        u64::from(self.columns.row[at])
    }

    /// Bits of [`Flag`] of each session, by position.
    #[inline]
    #[must_use]
    pub fn flags(&self) -> &[i32] {
        &self.columns.flags
    }

    /// Positions of sessions, those of each EVSE together, in order of plug-in.
    #[must_use]
    pub fn by_evse(&self) -> ByEvse {
        ByEvse::of(self)
    }

    /// Whether no session has a connector, an end of charging, a fee, a driver.
    #[must_use]
    pub fn without(&self) -> Without {
        let columns = &self.columns;
        Without {
            connector: columns.beside[CONNECTOR - DEVICE].is_blank(),
            charging_end: columns.charging_s.is_blank(),
            fee_pence: columns.fee_pence.is_blank(),
            driver: columns.beside[DRIVER - DEVICE].is_blank(),
        }
    }

    /// Sets what else a session says.
    pub fn amend(&mut self, at: usize, by: &Amended) {
        let names = &mut self.names;
        let mut name = |kind: usize, text: Option<&str>| text.map(|text| names[kind].number(text));
        let (connector, driver) = (name(CONNECTOR, by.connector.as_deref()), name(DRIVER, by.driver.as_deref()));
        let place = by.place.as_ref().map(|(evse, device)| {
            let device = Some(device.as_str()).filter(|device| device != evse);
            (name(EVSE, Some(evse)), name(DEVICE, device))
        });
        let columns = &mut self.columns;
        for (kind, number) in [(CONNECTOR, connector), (DRIVER, driver)] {
            if let Some(number) = number {
                columns.beside[kind - DEVICE].set(at, number);
            }
        }
        if let Some((Some(evse), device)) = place {
            columns.evses[at] = evse;
            columns.beside[0].set(at, device.unwrap_or(NONE));
        }
        if let Some(end) = by.charging_end {
            let after = u32::try_from(end.as_second() - columns.plug_in_s[at]).unwrap_or(NONE);
            columns.charging_s.set(at, after);
        }
        if let Some(pence) = by.fee_pence {
            columns.fee_pence.set(at, pence);
        }
    }

    /// Sets a flag on a session.
    pub fn flag(&mut self, at: usize, flag: Flag) {
        self.columns.flags[at] |= flag.bit();
    }

    /// The flags of all sessions, to be changed.
    pub fn flags_mut(&mut self) -> &mut [i32] {
        &mut self.columns.flags
    }

    /// Sets more flags, by position from `from` on.
    pub fn add_flags(&mut self, from: usize, bits: &[i32]) {
        for (flags, more) in self.columns.flags[from..].iter_mut().zip(bits) {
            *flags |= more;
        }
    }
}

/// What no session of a table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Without {
    /// No connector.
    pub connector: bool,
    /// No end of charging.
    pub charging_end: bool,
    /// No fee.
    pub fee_pence: bool,
    /// No driver.
    pub driver: bool,
}

/// What is to be set of a session; the rest stays.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Amended {
    /// Operator's ids of EVSE and device.
    pub place: Option<(String, String)>,
    /// Connector.
    pub connector: Option<String>,
    /// End of charging, not before plug-in.
    pub charging_end: Option<Timestamp>,
    /// Fee in pence.
    pub fee_pence: Option<f64>,
    /// Pseudonym of the driver.
    pub driver: Option<String>,
}

impl Amended {
    /// Whether nothing is to be set.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// The names beside that of the EVSE.
fn beside<'s>(session: &Session<'s>) -> [Option<&'s str>; KINDS - DEVICE] {
    [Some(session.device).filter(|device| *device != session.evse), session.connector, session.driver]
}

impl Columns {
    /// Takes in all of a session but its names.
    fn push(&mut self, session: &Session<'_>) {
        let start_s = session.plug_in.as_second();
        let after = |end: Timestamp| u32::try_from(end.as_second() - start_s).unwrap_or(0).min(NONE - 1);
        self.ids.push_str(session.session_id);
        self.id_ends.push(self.ids.len());
        self.plug_in_s.push(start_s);
        self.plugged_s.push(after(session.plug_out));
        self.charging_s.push(session.charging_end.map_or(NONE, after));
        self.energy_kwh.push(Some(session.energy_kwh));
        self.fee_pence.push(session.fee_pence);
        self.flags.push(session.flags);
        self.row.push(u32::try_from(session.row).unwrap_or(u32::MAX));
    }

    #[inline]
    fn at<'s>(&'s self, at: usize, text: impl Fn(usize, u32) -> &'s str) -> Session<'s> {
        let instant = |second: i64| Timestamp::from_second(second).unwrap_or_default();
        let start_s = self.plug_in_s[at];
        let after = |seconds: u32| instant(start_s + i64::from(seconds));
        let name = |kind: usize| self.beside[kind - DEVICE].get(at).map(|number| text(kind, number));
        let evse = text(EVSE, self.evses[at]);
        Session {
            session_id: self.id(at),
            evse,
            device: name(DEVICE).unwrap_or(evse),
            connector: name(CONNECTOR),
            plug_in: instant(start_s),
            plug_out: after(self.plugged_s[at]),
            charging_end: self.charging_s.get(at).map(after),
            energy_kwh: self.energy_kwh.get(at).unwrap_or_default(),
            fee_pence: self.fee_pence.get(at),
            driver: name(DRIVER),
            flags: self.flags[at],
            row: u64::from(self.row[at]),
        }
    }

    #[inline]
    fn id(&self, at: usize) -> &str {
        &self.ids[self.id_ends.of(at)]
    }
}

impl<'s> FromIterator<Session<'s>> for Sessions {
    fn from_iter<I: IntoIterator<Item = Session<'s>>>(sessions: I) -> Self {
        let mut table = Self::new();
        sessions.into_iter().for_each(|session| table.push(&session));
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(row: u64) -> Session<'static> {
        let instant = |second| Timestamp::from_second(second).unwrap_or_default();
        Session {
            session_id: if row == 2 { "s-2" } else { "" },
            evse: if row == 1 { "a" } else { "b" },
            device: "d",
            connector: (row == 3).then_some("1"),
            plug_in: instant(1_000_000),
            plug_out: instant(1_000_900),
            charging_end: (row == 2).then(|| instant(1_000_000)),
            energy_kwh: 1.25,
            fee_pence: (row == 3).then_some(-0.0),
            driver: (row == 2).then_some("x"),
            flags: 4,
            row,
        }
    }

    #[test]
    fn a_session_comes_out_as_it_went_in() {
        let given: Vec<Session<'_>> = (1..=3).map(one).collect();
        let table: Sessions = given.iter().copied().collect();
        assert_eq!(table.iter().collect::<Vec<_>>(), given);
        assert_eq!(table.first(), Some(one(1)));
        assert_eq!(table.evses().len(), 2);
    }

    #[test]
    fn parts_of_a_table_are_the_same_sessions_in_another_under_other_numbers() {
        let (mut whole, mut source): (Sessions, Gathering) = (std::iter::once(one(3)).collect(), Gathering::new());
        let driver = source.number_driver("x");
        let mut renames = Renames::default();
        for rows in [1..=2, 2..=3] {
            let drivers: Vec<Option<u32>> = rows.clone().map(|row| (row == 2).then_some(driver)).collect();
            rows.map(one).for_each(|session| source.push(&session));
            let part = source.take_part(drivers.into_iter());
            renames.learn(&part);
            whole.append(&part, 1..2, &mut renames);
        }
        assert_eq!(whole.iter().collect::<Vec<_>>(), [one(3), one(2), one(3)]);
        assert_eq!(whole.evses().len(), 1, "a name that no session has is not taken over");
    }

    #[test]
    fn what_is_amended_is_set_and_the_rest_stays() {
        let bare = Session { connector: None, charging_end: None, fee_pence: None, driver: None, ..one(1) };
        let mut table: Sessions = [bare, bare].into_iter().collect();
        assert_eq!(table.without(), Without { connector: true, charging_end: true, fee_pence: true, driver: true });
        let fee = Amended { fee_pence: Some(120.5), driver: Some("x".into()), ..Amended::default() };
        let place = Some(("d-2".to_owned(), "d".to_owned()));
        table.amend(1, &Amended { place, connector: Some("2".into()), charging_end: Some(bare.plug_out), ..fee });
        let amended = Session {
            evse: "d-2",
            connector: Some("2"),
            charging_end: Some(bare.plug_out),
            fee_pence: Some(120.5),
            driver: Some("x"),
            ..bare
        };
        assert_eq!(table.iter().collect::<Vec<_>>(), [bare, amended]);
        assert_eq!((table.without(), Amended::default().is_nothing()), (Without::default(), true));
    }

    #[test]
    fn flags_are_added_to_those_that_are_there() {
        let mut table: Sessions = (1..=2).map(one).collect();
        table.flag(0, Flag::Overlap);
        table.add_flags(1, &[1]);
        assert_eq!(table.flags(), [4 | Flag::Overlap.bit(), 5]);
    }
}
