//! How to read each row of a file, once it is decided.

use std::collections::{HashMap, HashSet};

use super::facts::{End, Facts, Sides};

/// Which of two instants a local time means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Pick {
    /// Not settled by evidence.
    #[default]
    Open,
    /// The earlier.
    Earlier,
    /// The later.
    Later,
}

/// How the instants of one row are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reading {
    /// Exchange day and month.
    pub(crate) swap: bool,
    /// Which instant of two.
    pub(crate) pick: Pick,
}

/// Day and month exchanged back in one or both columns, but for rows of which that makes no sense.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Swap {
    pub(crate) sides: Sides,
    pub(crate) unresolved: HashSet<u32>,
}

impl Swap {
    /// Reads facts as the repair does.
    pub(crate) fn apply(&self, facts: &mut Facts) {
        for fact in facts.rows.iter_mut().filter(|fact| !self.unresolved.contains(&fact.row)) {
            *fact = self.sides.of(*fact);
        }
    }
}

/// How a file is read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    pub(crate) swap: Option<Swap>,
    /// Rows in nights in which the clocks change, settled by evidence: plug-in and plug-out.
    pub(crate) picks: HashMap<u32, (Pick, Pick)>,
    /// Energy is in watt-hours, where the profile says kilowatt-hours.
    pub(crate) is_energy_in_wh: bool,
    /// What durations are multiplied by.
    pub(crate) duration_factor: f64,
    /// A lone comma is a decimal comma.
    pub(crate) is_decimal_comma: bool,
    /// Clocks are on UTC.
    pub(crate) is_utc: bool,
}

impl Default for Plan {
    fn default() -> Self {
        let (swap, picks) = (None, HashMap::new());
        Self { swap, picks, is_energy_in_wh: false, duration_factor: 1.0, is_decimal_comma: false, is_utc: false }
    }
}

impl Plan {
    /// Whether rows are read in ways of their own.
    pub(crate) fn is_by_row(&self) -> bool {
        self.leaves_rows() || !self.picks.is_empty()
    }

    /// Whether a row may be read in another way than others of the same cells because of evidence beside it. One of a night in
    /// which the clocks change that nothing settles is marked as such while it is read.
    pub(crate) fn is_settled(&self, row: u64) -> bool {
        self.leaves_rows() || u32::try_from(row).is_ok_and(|row| self.picks.contains_key(&row))
    }

    /// Whether day and month are exchanged in some rows only.
    fn leaves_rows(&self) -> bool {
        self.swap.as_ref().is_some_and(|swap| !swap.unresolved.is_empty())
    }

    /// How plug-in and plug-out of a row are read.
    pub(crate) fn of_row(&self, row: u64) -> (Reading, Reading) {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        let (first, second) = self.picks.get(&row).copied().unwrap_or_default();
        let swap = self.swap.as_ref().filter(|swap| !swap.unresolved.contains(&row));
        let (start, end) = swap.map_or((false, false), |swap| (swap.sides.start, swap.sides.end == End::Exchanged));
        (Reading { swap: start, pick: first }, Reading { swap: end, pick: second })
    }

    /// Whether a repair touches the whole file.
    pub(crate) fn changes_every_row(&self) -> bool {
        self.is_energy_in_wh || self.is_decimal_comma || self.is_utc || self.duration_factor.to_bits() != 1f64.to_bits()
    }

    /// Whether a repair leaves this row as it is, because it makes no sense of it.
    pub(crate) fn is_unresolved(&self, row: u64) -> bool {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        self.swap.as_ref().is_some_and(|swap| swap.unresolved.contains(&row))
    }
}
