//! `dundee-2018`: the columns of that council's open data, latest first, three of them nameless.

use super::Sheet;
use crate::defects::Row;
use crate::digits;

pub(super) fn write(sheet: &Sheet<'_>, rows: &[Row], out: &mut Vec<u8>) {
    out.extend_from_slice(
        b"Charging event,User ID,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model,,,\n",
    );
    for row in rows.iter().rev().filter(|row| !sheet.reads_backwards(&row.visit)) {
        line(sheet, row, out);
    }
}

fn line(sheet: &Sheet<'_>, row: &Row, out: &mut Vec<u8>) {
    let Some((evse, site)) = sheet.place(row) else { return };
    digits::number(out, sheet.id(row));
    out.push(b',');
    if let Some(card) = sheet.card(row) {
        digits::padded(out, 100_000 + card % 900_000, 6);
        // Guests without an account carry an H.
        if card % 5 == 0 {
            out.push(b'H');
        }
    }
    out.push(b',');
    out.extend_from_slice(evse.device.as_bytes());
    out.push(b',');
    digits::number(out, i64::from(evse.connector));
    out.push(b',');
    time(sheet, row.visit.start, out);
    out.push(b',');
    if row.open {
        out.extend_from_slice(b",,,");
    } else {
        time(sheet, row.visit.end, out);
        out.push(b',');
        digits::decimal(out, row.visit.energy_wh, 3, b'.');
        // This layout does not say in which unit its cost is: it stays empty.
        out.push(b',');
    }
    let model = if evse.rated_kw < 50.0 { "22kW Dual Outlet" } else { "Rapid Charger" };
    for text in [",\"", &site.name, ", London\",Sample,", model, ",,,\n"] {
        out.extend_from_slice(text.as_bytes());
    }
}

fn time(sheet: &Sheet<'_>, instant: i64, out: &mut Vec<u8>) {
    let wall = sheet.clock.at(instant);
    digits::day_first(out, wall, b'/');
    out.push(b',');
    digits::hour_minute(out, wall);
}
