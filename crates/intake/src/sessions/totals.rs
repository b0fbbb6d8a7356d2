//! Totals among the rows of sessions: what an export tool or a hand puts below or between them.

use super::row::{Place, Reader, rejected, shortened};
use crate::checks::Rule;
use crate::formats::Row;
use crate::profiles::{Field, says_total};
use crate::{Example, Rejected, showing};

impl Reader<'_> {
    /// The column in which a row says that it is a total of others; none where it may be a session.
    ///
    /// A word that stands for itself where an id belongs says so whatever else the row holds. Elsewhere it may name a network, such as
    /// Total: then only a row without a start and a charge point is none.
    pub(super) fn total(&self, record: &Row<'_>) -> Option<usize> {
        let cell = |at: usize| record.get(at).unwrap_or_default().trim_ascii();
        let at = (0..record.len()).find(|at| !cell(*at).is_empty())?;
        let is_alone = says_total(cell(at))?;
        let feeds = |field: Field| matches!(self.places[field as usize], Place::Column(column) if column == at);
        let ids = [Field::Evse, Field::Device];
        if is_alone && (ids.into_iter().any(feeds) || feeds(Field::SessionId)) {
            return Some(at);
        }
        let stands = |field: Field| {
            let column = matches!(self.places[field as usize], Place::Column(column) if column != at);
            column && self.text(record, field).is_some()
        };
        let is_session = stands(Field::PlugIn) || ids.into_iter().any(stands);
        (!is_session).then_some(at)
    }

    /// A total, set aside: what it sums up is in the rows already.
    pub(super) fn rejected_total(&self, row: u64, record: &Row<'_>, at: usize) -> (Rule, Rejected) {
        rejected(Rule::TotalsRow, row, self.header(at), &shown(record, at), 0.0)
    }

    /// A total that the layout says is there.
    pub(super) fn footer(&self, row: u64, record: &Row<'_>) -> Example {
        Example { row, column: self.header(0), value: shortened(&shown(record, 0)) }
    }

    fn header(&self, at: usize) -> String {
        self.layout().header.get(at).cloned().unwrap_or_default()
    }
}

/// What stands in a cell, as far as it may be shown: a word for totals names nobody.
fn shown(record: &Row<'_>, at: usize) -> String {
    let cell = record.get(at).unwrap_or_default().trim_ascii();
    if says_total(cell) == Some(true) { cell.to_owned() } else { showing::content(cell).into_owned() }
}
