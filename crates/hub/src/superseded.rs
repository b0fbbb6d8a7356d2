//! What rows said that others have replaced. A row that says it again knows no more than the return that was corrected: a stale copy,
//! which takes no correction back unless it declares its days.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use kerbwatt_engine::{HeldRow, is_from_content};
use kerbwatt_model::Session;
use kerbwatt_store::Digest;

use crate::crossings::Crossed;
use crate::{Hub, HubError};

/// A submission, and a row in its file.
pub(crate) type At = (i64, u64);

/// Where a row that is held stands.
pub(crate) fn at(held: &HeldRow) -> At {
    (held.submission, u64::try_from(held.row).unwrap_or_default())
}

/// Rows that were replaced, each by the row that took its place, with what it said.
#[derive(Debug, Default)]
pub(crate) struct Superseded {
    by: HashMap<At, (At, i64)>,
    /// The rows that took the place of rows that said something.
    of_what: HashMap<i64, At>,
    /// Submissions of which the ledger need not be asked (again).
    known: HashSet<i64>,
}

impl Superseded {
    /// Nothing yet; what the ledger says of some submissions does not count, for they go into the lake anew.
    pub(crate) fn told_anew_by(submissions: impl Iterator<Item = i64>) -> Self {
        Self { known: submissions.collect(), ..Self::default() }
    }

    /// Whether one of the rows whose place a row took, directly or through others, said the same.
    pub(crate) fn said_before(&self, held: &HeldRow, session: &Session<'_>, evse: Option<i32>) -> bool {
        let Some(evse) = evse.filter(|_| !self.by.is_empty()) else { return false };
        let mut at = at(held);
        let mut said = None;
        // No row comes twice in a row of replacements; a ledger that says otherwise must not be walked for ever.
        for _ in 0..self.by.len() {
            let Some((before, what)) = self.by.get(&at) else { return false };
            if *what == *said.get_or_insert_with(|| said_by_session(session, evse)) {
                return true;
            }
            at = *before;
        }
        false
    }

    /// The row that took the place of one that said the same: which nobody named, so that only what it says tells what it is.
    pub(crate) fn corrected_by(&self, session: &Session<'_>, evse: Option<i32>) -> Option<At> {
        let evse = evse.filter(|_| !self.of_what.is_empty() && is_from_content(session.session_id))?;
        self.of_what.get(&said_by_session(session, evse)).copied()
    }

    fn put(&mut self, row: At, by: At, said: i64) {
        self.by.insert(by, (row, said));
        self.of_what.insert(said, by);
    }

    /// Takes notice of what a return replaces.
    pub(crate) fn add(&mut self, crossed: &Crossed) {
        for (submission, row) in &crossed.replaces {
            if let Some(said) = row.said {
                self.put((*submission, row.row), (row.other, row.other_row), said);
            }
        }
    }
}

impl Hub {
    /// Adds what rows said whose place rows of the lake took.
    pub(crate) fn add_superseded(&self, superseded: &mut Superseded, rows: &[HeldRow]) -> Result<(), HubError> {
        let is_new = |id: &i64| !superseded.known.contains(id);
        let new: BTreeSet<i64> = rows.iter().map(|row| row.submission).filter(is_new).collect();
        if new.is_empty() {
            return Ok(());
        }
        let new: Vec<i64> = new.into_iter().collect();
        for one in self.ledger.replaced_by(&new)? {
            if !superseded.known.contains(&one.by.0) {
                superseded.put(one.row, one.by, one.said);
            }
        }
        superseded.known.extend(new);
        Ok(())
    }
}

/// A number over what a row says that is held.
pub(crate) fn said_by_row(held: &HeldRow) -> i64 {
    let HeldRow { evse, connector, plug_in, plug_out, charging_end, energy_kwh, fee_pence, .. } = held;
    said(*evse, connector.as_deref(), [Some(*plug_in), Some(*plug_out), *charging_end], (*energy_kwh, *fee_pence))
}

fn said_by_session(session: &Session<'_>, evse: i32) -> i64 {
    let times = [Some(session.plug_in), Some(session.plug_out), session.charging_end];
    said(evse, session.connector, times, (session.energy_kwh, session.fee_pence))
}

/// The same for the same values, on every machine and in every version: it is kept in the ledger.
fn said(
    evse: i32,
    connector: Option<&str>,
    times: [Option<Timestamp>; 3],
    (energy_kwh, fee_pence): (f64, Option<f64>),
) -> i64 {
    let times = times.map(|at| at.map(Timestamp::as_microsecond));
    let fee = fee_pence.map(f64::to_bits);
    Digest::of(format!("{evse} {connector:?} {times:?} {} {fee:?}", energy_kwh.to_bits()).as_bytes()).number()
}
