//! Rows that say of themselves that they are no sessions, in OCPI's words: by their status, and by credits.
//!
//! A charge detail record cannot be changed or deleted once it is sent (OCPI 2.2.1, 2.3.0, module CDRs): a credit, a record of its own
//! with all that it cancels and its costs negative, takes it back, and a corrected record may follow. The three have one session.

use hashbrown::HashMap;

use super::row::Reader;
use crate::Refusal;
use crate::checks::Rule;
use crate::formats::{Row, Table};
use crate::profiles::Field;

/// A row that cancels another.
pub(super) struct Credit {
    row: u64,
    /// Id of the record that it cancels, as [`key`] has it.
    cancels: String,
    /// Its own id, as in the file.
    record: String,
}

/// The credits of a file.
#[derive(Default)]
pub(super) struct Credits {
    /// By the record that they cancel, the first of each.
    by_record: HashMap<String, Known>,
}

/// A credit, as it is told.
struct Known {
    told: String,
    /// Whether the record that it cancels is in the file.
    is_here: bool,
}

impl Credits {
    /// What there is to know before rows are read again; none where no row cancels another.
    pub(super) fn of(found: Vec<Credit>, reader: &Reader<'_>, table: &Table<'_>) -> Result<Option<Self>, Refusal> {
        if found.is_empty() {
            return Ok(None);
        }
        let mut by_record = HashMap::with_capacity(found.len());
        for Credit { row, cancels, record } in found {
            let known = || Known { told: format!("credited by {record} (row {row})"), is_here: false };
            by_record.entry(cancels).or_insert_with(known);
        }
        table.for_each_row(|_, row| {
            let known = reader.record(row).and_then(|record| by_record.get_mut(&key(record)));
            if let Some(known) = known.filter(|_| reader.cancels(row).is_none()) {
                known.is_here = true;
            }
        })?;
        Ok(Some(Self { by_record }))
    }
}

/// An id of a record: case does not count in those of OCPI.
fn key(id: &str) -> String {
    id.to_lowercase()
}

impl Reader<'_> {
    /// Whether the layout has a column in which rows may say that they are no sessions: most have none, and are not asked.
    fn says_what_it_is(&self) -> bool {
        self.feeds(Field::Credits) || self.feeds(Field::Status)
    }

    /// Id of the record that a row cancels.
    fn cancels<'r>(&'r self, row: &'r Row<'r>) -> Option<&'r str> {
        self.text(row, Field::Credits)
    }

    /// Id of a record; that of its session where it has none of its own.
    fn record<'r>(&'r self, row: &'r Row<'r>) -> Option<&'r str> {
        self.text(row, Field::Record).or_else(|| self.text(row, Field::SessionId))
    }

    /// The row as a credit, where it is one.
    pub(super) fn credit(&self, number: u64, row: &Row<'_>) -> Option<Credit> {
        if !self.feeds(Field::Credits) {
            return None;
        }
        let cancels = key(self.cancels(row)?);
        Some(Credit { row: number, cancels, record: self.record(row).unwrap_or_default().to_owned() })
    }

    /// Why a row is no session by what it says itself, with the field that says so and what is told of it.
    pub(super) fn set_aside(&self, row: &Row<'_>) -> Option<(Rule, Field, String)> {
        if !self.says_what_it_is() {
            return None;
        }
        if let Some(cancels) = self.cancels(row) {
            let known = self.credits().by_record.get(&key(cancels));
            let rule =
                if known.is_some_and(|known| known.is_here) { Rule::CreditRecord } else { Rule::CreditElsewhere };
            let session = self.text(row, Field::SessionId).map(|session| format!(" (session {session})"));
            return Some((rule, Field::Credits, format!("credits {cancels}{}", session.unwrap_or_default())));
        }
        let by_record = &self.credits().by_record;
        let known = self.record(row).filter(|_| !by_record.is_empty());
        if let Some(known) = known.and_then(|record| by_record.get(&key(record))) {
            return Some((Rule::CreditedRecord, Field::Record, known.told.clone()));
        }
        let status = self.status(row)?;
        let rule = match () {
            () if status.eq_ignore_ascii_case("INVALID") => Rule::InvalidSession,
            () if status.eq_ignore_ascii_case("RESERVATION") => Rule::Reservation,
            () => return None,
        };
        Some((rule, Field::Status, status.to_owned()))
    }

    /// Whether a row says that its session goes on or has not begun, so that an end beside it is only the latest known.
    pub(super) fn is_going_on(&self, row: &Row<'_>) -> bool {
        self.feeds(Field::Status)
            && self
                .status(row)
                .is_some_and(|status| ["ACTIVE", "PENDING"].iter().any(|open| status.eq_ignore_ascii_case(open)))
    }

    /// The state of a session, in OCPI's words where the layout knows them.
    fn status<'r>(&'r self, row: &'r Row<'r>) -> Option<&'r str> {
        Some(self.layout().profile.meaning(Field::Status, self.text(row, Field::Status)?))
    }
}
