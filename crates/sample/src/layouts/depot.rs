//! `depot`: what a new back office exports. No profile of intake fits its headers, and none of them says where the charge point
//! stands: somebody has to.

use super::Sheet;
use crate::defects::Row;
use crate::digits;

pub(super) fn write(sheet: &Sheet<'_>, rows: &[Row], out: &mut Vec<u8>) {
    out.extend_from_slice(b"Bay;Lead;Arrived;Departed;Drawn;Takings;Shift\n");
    for row in rows.iter().filter(|row| !sheet.reads_backwards(&row.visit)) {
        line(sheet, row, out);
    }
}

fn line(sheet: &Sheet<'_>, row: &Row, out: &mut Vec<u8>) {
    let Some((evse, _)) = sheet.place(row) else { return };
    out.extend_from_slice(evse.device.as_bytes());
    out.push(b';');
    digits::number(out, i64::from(evse.connector));
    out.push(b';');
    time(sheet, row.visit.start, out);
    out.push(b';');
    if row.open {
        out.extend_from_slice(b";;");
    } else {
        time(sheet, row.visit.end, out);
        out.push(b';');
        digits::decimal(out, row.visit.energy_wh, 3, b'.');
        out.push(b';');
        digits::decimal(out, row.visit.fee_pence, 2, b'.');
    }
    let shift: &[u8] = if sheet.wall(row.visit.start).second < 12 * 3600 { b";early\n" } else { b";late\n" };
    out.extend_from_slice(shift);
}

fn time(sheet: &Sheet<'_>, instant: i64, out: &mut Vec<u8>) {
    let wall = sheet.wall(instant);
    digits::day_first(out, wall, b'.');
    out.push(b' ');
    digits::hour_minute(out, wall);
}
