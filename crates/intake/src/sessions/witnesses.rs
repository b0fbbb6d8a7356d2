//! Columns that no field takes, asked what clock the others are on.

use super::row::Reader;
use crate::formats::Row;
use crate::repairs::witness::{Cell, Shown};
use crate::repairs::{Fact, Witnesses};

impl Reader<'_> {
    /// The columns that no field takes; none where the layout gives instants.
    pub(super) fn witnesses(&self) -> Witnesses {
        let layout = self.layout();
        let is_free = |at: &usize| self.is_civil() && !layout.columns.values().any(|column| column == at);
        let columns = layout.header.iter().enumerate().map(|(at, header)| (at, header.as_str()));
        Witnesses::of(layout.profile.zone(), columns.filter(|(at, _)| is_free(at)))
    }

    /// Compares the times of a row with what these columns show.
    pub(super) fn ask(&self, witnesses: &mut Witnesses, fact: &Fact, record: &Row<'_>) {
        witnesses.add(fact, |at| {
            let text = record.get(at).map(str::trim);
            match text {
                None | Some("") => Cell::Blank,
                Some(text) => Shown::of(text, |text| self.civil(text)).map_or(Cell::Other, Cell::Time),
            }
        });
    }
}
