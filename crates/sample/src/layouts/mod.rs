//! The layouts of operators' files: one module each, exactly as the intake profile of the same name reads it.

mod dundee;
mod kerbwatt;
mod semicolon_comma;
mod split_date;
mod wh_epoch;

use crate::clock::Clock;
use crate::defects::Row;
use crate::drivers;
use crate::estate::{Estate, Evse, Site};
use crate::sessions::Visit;

/// What a layout needs beside the rows.
pub(crate) struct Sheet<'a> {
    pub(crate) seed: u64,
    /// Position of the operator.
    pub(crate) operator: usize,
    pub(crate) estate: &'a Estate,
    pub(crate) clock: Clock,
    /// Session id of the first session of the return.
    pub(crate) first_id: u64,
}

impl Sheet<'_> {
    fn id(&self, row: &Row) -> i64 {
        i64::try_from(self.first_id + row.rank + 1).unwrap_or(i64::MAX)
    }

    fn place(&self, row: &Row) -> Option<(&Evse, &Site)> {
        let evse = self.estate.evses.get(row.visit.evse)?;
        Some((evse, self.estate.sites.get(evse.site)?))
    }

    fn card(&self, row: &Row) -> Option<u64> {
        row.visit.driver.map(|driver| drivers::card(self.seed, self.operator, driver))
    }

    /// Whether a clock on the wall would show the end before the start: in the hour that comes twice.
    /// Such a session is left out of files with local times.
    fn reads_backwards(&self, visit: &Visit) -> bool {
        self.clock.at(visit.end) < self.clock.at(visit.start)
    }
}

/// Adds a file in a layout.
pub(crate) fn write(layout: &str, sheet: &Sheet<'_>, rows: &[Row], out: &mut Vec<u8>) {
    out.reserve(rows.len() * 110 + 200);
    match layout {
        "semicolon-comma" => semicolon_comma::write(sheet, rows, out),
        "wh-epoch" => wh_epoch::write(sheet, rows, out),
        "split-date" => split_date::write(sheet, rows, out),
        "dundee-2018" => dundee::write(sheet, rows, out),
        _ => kerbwatt::write(sheet, rows, out),
    }
}
