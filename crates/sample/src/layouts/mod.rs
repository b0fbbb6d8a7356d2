//! The layouts of operators' files: one module each, exactly as the intake profile of the same name reads it.

mod depot;
mod dundee;
mod kerbwatt;
mod semicolon_comma;
mod split_date;
mod wh_epoch;

use jiff::civil::Date;

use crate::clock::{Clock, Wall};
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
    /// Whether the file went through a tool that takes the day for the month wherever it can.
    pub(crate) exchanges: bool,
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

    /// What a clock on the wall shows, as the file has it.
    fn wall(&self, instant: i64) -> Wall {
        let wall = self.clock.at(instant);
        let exchanged = |wall: Wall| Date::new(wall.day.year(), wall.day.day(), wall.day.month()).ok();
        let day = Some(wall).filter(|_| self.exchanges).and_then(exchanged);
        Wall { day: day.unwrap_or(wall.day), ..wall }
    }

    /// Whether a clock on the wall would show the end before the start: in the hour that comes twice.
    /// Such a session is left out of files with local times.
    fn reads_backwards(&self, visit: &Visit) -> bool {
        self.clock.at(visit.end) < self.clock.at(visit.start)
    }
}

/// A layout that no profile of intake knows.
pub(crate) const DEPOT: &str = "depot";

/// Adds a file in a layout.
pub(crate) fn write(layout: &str, sheet: &Sheet<'_>, rows: &[Row], out: &mut Vec<u8>) {
    out.reserve(rows.len() * 110 + 200);
    match layout {
        "semicolon-comma" => semicolon_comma::write(sheet, rows, out),
        "wh-epoch" => wh_epoch::write(sheet, rows, out),
        "split-date" => split_date::write(sheet, rows, out),
        DEPOT => depot::write(sheet, rows, out),
        "dundee-2018" => dundee::write(sheet, rows, out),
        _ => kerbwatt::write(sheet, rows, out),
    }
}
