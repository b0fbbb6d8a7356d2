//! Cells as repairs read them, for rows that are written out to be mended and sent again: by themselves they prove no repair, and would
//! be read as they stand.

use super::{Place, Reader};
use crate::fields;
use crate::formats::Row;
use crate::profiles::Field;
use crate::repairs::Reading;

/// Amounts in which a comma may be a decimal one.
const AMOUNTS: [Field; 5] = [Field::Energy, Field::Fee, Field::FeeNet, Field::Duration, Field::ChargingDuration];

impl Reader<'_> {
    /// Cells of a row that repairs read otherwise than they stand, by column: times with the year first, numbers with a point.
    pub(in crate::sessions) fn mended(&self, number: u64, record: &Row<'_>) -> Vec<(usize, String)> {
        let (start, end) = self.plan.of_row(number);
        let times = [
            (Field::PlugIn, Field::PlugInTime, start),
            (Field::PlugOut, Field::PlugOutTime, end),
            (Field::ChargingEnd, Field::ChargingEnd, end),
        ];
        let times = times.into_iter().flat_map(|(day, clock, reading)| self.mended_time(record, day, clock, reading));
        times.chain(AMOUNTS.into_iter().filter_map(|field| self.mended_amount(record, field))).collect()
    }

    fn mended_time(&self, record: &Row<'_>, day: Field, clock: Field, reading: Reading) -> Vec<(usize, String)> {
        let Place::Column(column) = self.places[day as usize] else { return Vec::new() };
        let read = |reading| self.instant(record, day, clock, reading).ok().flatten();
        let Some(instant) = read(reading) else { return Vec::new() };
        let is_exchanged = reading.swap && read(Reading { swap: false, ..reading }) != Some(instant);
        if !is_exchanged && !self.plan.is_utc {
            return Vec::new();
        }
        let local = self.layout.profile.zone().civil(instant.at);
        match self.places[clock as usize] {
            Place::Column(beside) if beside != column => {
                vec![(column, local.date().to_string()), (beside, local.strftime("%H:%M:%S").to_string())]
            }
            // Clocks that were on UTC name their zone, for an hour of local time may come twice.
            _ if self.plan.is_utc => vec![(column, instant.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())],
            _ => vec![(column, local.strftime("%Y-%m-%d %H:%M:%S").to_string())],
        }
    }

    fn mended_amount(&self, record: &Row<'_>, field: Field) -> Option<(usize, String)> {
        let Place::Column(column) = self.places[field as usize] else { return None };
        let text = self.text(record, field)?;
        let number = fields::number(text, self.comma_is_decimal())?;
        let factor = match field {
            Field::Energy if self.plan.is_energy_in_wh => return Some((column, (number / 1000.0).to_string())),
            Field::Duration | Field::ChargingDuration => self.plan.duration_factor,
            _ => 1.0,
        };
        let is_read_otherwise =
            factor.to_bits() != 1f64.to_bits() || (self.plan.is_decimal_comma && text.contains(','));
        is_read_otherwise.then(|| (column, (number * factor).to_string()))
    }
}
