//! `split-date`: code page 1252, a title above the header, dates and times apart to the minute, no session id, a total.

use super::Sheet;
use crate::defects::Row;
use crate::digits;

/// The pound sign in code page 1252.
const POUND: u8 = 0xA3;

pub(super) fn write(sheet: &Sheet<'_>, rows: &[Row], out: &mut Vec<u8>) {
    out.extend_from_slice(
        b"Usage report\r\n\r\nCPID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost\r\n",
    );
    let mut hundredths = 0;
    for row in rows.iter().filter(|row| !sheet.reads_backwards(&row.visit)) {
        hundredths += line(sheet, row, out);
    }
    out.extend_from_slice(b"Total,,,,,,");
    digits::decimal(out, hundredths, 2, b'.');
    out.extend_from_slice(b",\r\n");
}

/// Adds a row; its energy in hundredths of a kWh, as printed.
fn line(sheet: &Sheet<'_>, row: &Row, out: &mut Vec<u8>) -> i64 {
    let Some((evse, _)) = sheet.place(row) else { return 0 };
    out.extend_from_slice(evse.device.as_bytes());
    out.push(b',');
    digits::number(out, i64::from(evse.connector));
    out.push(b',');
    time(sheet, row.visit.start, out);
    out.push(b',');
    if row.open {
        out.extend_from_slice(b",,,\r\n");
        return 0;
    }
    time(sheet, row.visit.end, out);
    out.push(b',');
    // Rounded away from zero where negative, so that such an energy stays negative.
    let hundredths = row.visit.energy_wh.div_euclid(10);
    digits::decimal(out, hundredths, 2, b'.');
    out.push(b',');
    out.push(POUND);
    digits::decimal(out, row.visit.fee_pence, 2, b'.');
    out.extend_from_slice(b"\r\n");
    hundredths
}

fn time(sheet: &Sheet<'_>, instant: i64, out: &mut Vec<u8>) {
    let wall = sheet.wall(instant);
    digits::day_first_short(out, wall, b'-');
    out.push(b',');
    digits::hour_minute(out, wall);
}
