//! `semicolon-comma`: a byte order mark, semicolons, decimal commas, local times, pounds.

use super::Sheet;
use crate::defects::Row;
use crate::digits;

pub(super) fn write(sheet: &Sheet<'_>, rows: &[Row], out: &mut Vec<u8>) {
    out.extend_from_slice(
        "\u{feff}Transaction ID;Charge point;Socket;Start time;End time;Energy (kWh);Amount (GBP);Card\n".as_bytes(),
    );
    for row in rows.iter().filter(|row| !sheet.reads_backwards(&row.visit)) {
        line(sheet, row, out);
    }
}

fn line(sheet: &Sheet<'_>, row: &Row, out: &mut Vec<u8>) {
    let Some((evse, _)) = sheet.place(row) else { return };
    digits::number(out, sheet.id(row));
    out.push(b';');
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
        digits::decimal(out, row.visit.energy_wh, 3, b',');
        out.push(b';');
        digits::decimal(out, row.visit.fee_pence, 2, b',');
    }
    out.push(b';');
    if let Some(card) = sheet.card(row) {
        digits::padded(out, 7_500_000_000 + card % 100_000_000, 10);
    }
    out.push(b'\n');
}

fn time(sheet: &Sheet<'_>, instant: i64, out: &mut Vec<u8>) {
    let wall = sheet.clock.at(instant);
    digits::day_first(out, wall, b'/');
    out.push(b' ');
    digits::clock_time(out, wall);
}
