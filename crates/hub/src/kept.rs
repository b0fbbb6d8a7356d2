//! What a correction keeps of the row that it replaces: what its return has no column for.
//!
//! A later export with fewer columns says nothing of connectors, fees, drivers and ends of charging. Where it corrects a session these stay
//! as they were told before. A column that is there, and empty in a row, is another matter: what it leaves open is open. The lake alone holds
//! the two together; each return is kept as it came, so that withdrawing either gives the other as it is.

use std::collections::{BTreeMap, HashMap, HashSet};

use kerbwatt_engine::HeldRow;
use kerbwatt_model::{Amended, Session, Sessions, Without};

use crate::crossings::Incoming;

/// What a row keeps of one that it replaces.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kept {
    /// Position among the sessions.
    at: usize,
    /// Row in the file.
    pub(crate) row: u64,
    /// The other return.
    pub(crate) other: i64,
    /// The row there.
    pub(crate) other_row: i64,
    /// The EVSE, where the return names only its device.
    pub(crate) evse: Option<i32>,
    /// Everything else but the driver.
    by: Amended,
    /// Whether the driver is to be kept, where there was one.
    driver: bool,
}

impl Kept {
    /// What a session, given by its position and EVSE, keeps of a row; none where that is nothing for sure.
    pub(crate) fn of(
        incoming: &Incoming<'_>,
        (at, session, evse): (usize, &Session<'_>, Option<i32>),
        held: &HeldRow,
        without: &Without,
    ) -> Option<Self> {
        // Of another charge point it would be another's connector.
        let is_there = evse.is_some_and(|evse| incoming.points.agree(evse, held.evse));
        let is_part = evse.is_some_and(|evse| incoming.points.is_part_of(held.evse, evse));
        // An end of charging is that of a stay which begins as this one does, and ends no earlier.
        let ended = |end: &jiff::Timestamp| session.plug_in == held.plug_in && *end <= session.plug_out;
        let by = Amended {
            connector: held.connector.clone().filter(|_| without.connector && is_there),
            charging_end: held.charging_end.filter(|end| without.charging_end && ended(end)),
            fee_pence: held.fee_pence.filter(|_| without.fee_pence),
            ..Amended::default()
        };
        let evse = Some(held.evse).filter(|_| is_part && without.connector);
        let (row, other, other_row) = (session.row, held.submission, held.row);
        let kept = Self { at, row, other, other_row, evse, by, driver: without.driver };
        (!kept.by.is_nothing() || kept.evse.is_some() || kept.driver).then_some(kept)
    }

    /// Whether it is known to keep something: of a driver that is known only when the row is read.
    pub(crate) fn is_told(&self) -> bool {
        !self.by.is_nothing() || self.evse.is_some()
    }

    /// A row that is held, as it will be.
    pub(crate) fn keep_in(&self, row: &mut HeldRow) {
        row.evse = self.evse.unwrap_or(row.evse);
        row.connector = self.by.connector.clone().or(row.connector.take());
        row.charging_end = self.by.charging_end.or(row.charging_end);
        row.fee_pence = self.by.fee_pence.or(row.fee_pence);
    }

    /// In words.
    pub(crate) fn words(&self) -> String {
        let kept = [
            (self.evse.is_some() || self.by.connector.is_some()).then_some("connector"),
            self.by.charging_end.map(|_| "end of charging"),
            self.by.fee_pence.map(|_| "fee"),
        ];
        let kept: Vec<&str> = kept.into_iter().flatten().collect();
        format!("{} of row {} of return {}", kept.join(", "), self.other_row, self.other)
    }
}

/// Rows of each return whose drivers are to be kept.
pub(crate) fn drivers_wanted(kept: &[Kept]) -> HashMap<i64, HashSet<i64>> {
    let mut rows: HashMap<i64, HashSet<i64>> = HashMap::new();
    for one in kept.iter().filter(|one| one.driver) {
        rows.entry(one.other).or_default().insert(one.other_row);
    }
    rows
}

/// Keeps in sessions what they keep. `drivers` has the drivers of rows of other returns, and `places` the ids of EVSE and device by number.
/// Gives the number of each EVSE that sessions went back to, by its id.
pub(crate) fn keep(
    sessions: &mut Sessions,
    kept: Vec<Kept>,
    drivers: &HashMap<(i64, i64), String>,
    places: &HashMap<i32, (String, String)>,
) -> BTreeMap<String, i32> {
    let mut back = BTreeMap::new();
    for mut one in kept {
        one.by.driver = drivers.get(&(one.other, one.other_row)).filter(|_| one.driver).cloned();
        if let Some((number, place)) = one.evse.and_then(|number| Some((number, places.get(&number)?))) {
            back.insert(place.0.clone(), number);
            one.by.place = Some(place.clone());
        }
        sessions.amend(one.at, &one.by);
    }
    back
}
