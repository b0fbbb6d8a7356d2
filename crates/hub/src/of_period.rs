//! What earlier returns have in the figures of the period that a return declares, and which of it the return lacks.
//!
//! Nothing is taken out because a later return lacks it. That it goes on counting is told, before the return is accepted and after.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use kerbwatt_engine::{HeldFile, HeldRow};
use kerbwatt_intake::{Finding, LACKS_EARLIER};
use kerbwatt_model::{Period, Zone};

use crate::HubError;
use crate::crossings::{Crossed, Incoming};
use crate::holding::told;
use crate::superseded::at;

/// What other returns, received earlier, have in the figures of a period.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct HeldOfPeriod {
    /// The period.
    period: String,
    /// Rows and energy in kWh by return: all.
    all: BTreeMap<i64, (u64, f64)>,
    /// Those of which the return that is compared has a row of the same session.
    met: BTreeMap<i64, (u64, f64)>,
    /// Those that it replaces.
    replaced: (u64, f64),
    /// Rows of the return that is compared, in the period, that go in.
    comes: (u64, f64),
}

/// What the figures hold of a declared period, while it is being added up.
pub(crate) struct OfPeriod {
    from: Timestamp,
    before: Timestamp,
    /// Rows of the lake by return, without those that are looked at one by one.
    unlike: BTreeMap<i64, (u64, f64)>,
    period: Period,
}

impl OfPeriod {
    pub(crate) fn of(period: Period, zone: &Zone) -> Self {
        let after = period.last.tomorrow().unwrap_or(period.last);
        let (from, before) = (zone.start_of_day(period.first), zone.start_of_day(after));
        Self { from, before, unlike: BTreeMap::new(), period }
    }

    fn holds(&self, at: Timestamp) -> bool {
        (self.from..self.before).contains(&at)
    }

    /// Adds a file of the lake, of which some rows are looked at one by one.
    pub(crate) fn add(&mut self, file: &HeldFile, matching: &[HeldRow]) -> Result<(), HubError> {
        let (rows, energy_kwh) = file.between(self.from, self.before)?;
        let inside = matching.iter().filter(|row| self.holds(row.plug_in)).map(|row| row.energy_kwh);
        let looked_at = inside.fold((0, 0.0), |sum, kwh| (sum.0 + 1, sum.1 + kwh));
        if rows > looked_at.0 {
            let sum = self.unlike.entry(file.submission).or_default();
            *sum = (sum.0 + rows - looked_at.0, sum.1 + energy_kwh - looked_at.1);
        }
        Ok(())
    }

    /// What comes of comparing a return with rows.
    pub(crate) fn compared(mut self, incoming: &Incoming<'_>, rows: &[HeldRow], crossed: &Crossed) -> HeldOfPeriod {
        let replaced: HashSet<(i64, u64)> = crossed.replaces.iter().map(|(other, row)| (*other, row.row)).collect();
        let out: HashSet<u64> = crossed.out.iter().map(|row| row.row).collect();
        let met: HashSet<(i64, u64)> = crossed.out.iter().map(|row| (row.other, row.other_row)).collect();
        let add = |sum: &mut (u64, f64), kwh: f64| *sum = (sum.0 + 1, sum.1 + kwh);
        let all = std::mem::take(&mut self.unlike);
        let mut held = HeldOfPeriod { period: self.period.to_string(), all, ..HeldOfPeriod::default() };
        let earlier = |row: &&HeldRow| row.submission < incoming.submission && self.holds(row.plug_in);
        for row in rows.iter().filter(earlier) {
            let key = at(row);
            add(held.all.entry(row.submission).or_default(), row.energy_kwh);
            if replaced.contains(&key) {
                add(&mut held.replaced, row.energy_kwh);
            }
            if replaced.contains(&key) || met.contains(&key) {
                add(held.met.entry(row.submission).or_default(), row.energy_kwh);
            }
        }
        let sessions = incoming.sessions;
        for at in (0..sessions.len()).filter(|at| out.is_empty() || !out.contains(&sessions.row(*at))) {
            if self.holds(Timestamp::from_second(sessions.plug_ins_s()[at]).unwrap_or_default()) {
                add(&mut held.comes, sessions.energy_kwh(at));
            }
        }
        held
    }
}

impl Crossed {
    /// Sessions of earlier returns in the period that the return declares, and of which it has no row.
    pub(crate) fn lacks_earlier(&self) -> Option<Finding> {
        let held = self.declared.as_ref()?;
        let lacks = |(other, all): (&i64, &(u64, f64))| {
            let met = held.met.get(other).copied().unwrap_or_default();
            (all.0 > met.0).then(|| (all.0 - met.0, (all.1 - met.1).max(0.0), *other))
        };
        let lacking: Vec<(u64, f64, i64)> = held.all.iter().filter_map(lacks).collect();
        if lacking.is_empty() {
            return None;
        }
        let of_all = held.all.values().fold((0, 0.0), |sum, (rows, kwh)| (sum.0 + rows, sum.1 + kwh));
        let after = (of_all.0 + held.comes.0 - held.replaced.0, of_all.1 + held.comes.1 - held.replaced.1);
        let sums = |(rows, kwh): (u64, f64)| format!("{rows} sessions with {kwh:.1} kWh");
        let figures = format!("figures of {}: {} before, {} with this return", held.period, sums(of_all), sums(after));
        let examples =
            lacking.iter().map(|(rows, kwh, other)| told(format!("{} of return {other}", sums((*rows, *kwh)))));
        let rows = lacking.iter().map(|(rows, ..)| rows).sum();
        Some(LACKS_EARLIER.found(rows, std::iter::once(told(figures)).chain(examples)))
    }
}
