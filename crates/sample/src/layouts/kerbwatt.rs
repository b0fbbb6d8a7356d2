//! `kerbwatt`: commas, instants in UTC, kWh, pence.

use std::io::Write;

use super::Sheet;
use crate::defects::Row;
use crate::digits;

pub(super) fn write(sheet: &Sheet<'_>, rows: &[Row], out: &mut Vec<u8>) {
    out.extend_from_slice(
        b"session_id,evse,device,connector,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver\n",
    );
    for row in rows {
        line(sheet, row, out);
    }
}

fn line(sheet: &Sheet<'_>, row: &Row, out: &mut Vec<u8>) {
    let Some((evse, _)) = sheet.place(row) else { return };
    let visit = &row.visit;
    digits::number(out, sheet.id(row));
    for text in [&evse.uid, &evse.device] {
        out.push(b',');
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b',');
    digits::number(out, i64::from(evse.connector));
    out.push(b',');
    digits::rfc3339(out, sheet.clock.utc(visit.start));
    out.push(b',');
    if row.open {
        out.extend_from_slice(b",,,");
    } else {
        digits::rfc3339(out, sheet.clock.utc(visit.end));
        out.push(b',');
        // One in sixteen points does not report when charging ended.
        if visit.evse % 16 != 5 {
            digits::rfc3339(out, sheet.clock.utc(visit.charging_end));
        }
        out.push(b',');
        digits::decimal(out, visit.energy_wh, 3, b'.');
        out.push(b',');
        digits::number(out, visit.fee_pence);
    }
    out.push(b',');
    if let Some(card) = sheet.card(row) {
        // Writing to a Vec cannot fail.
        let _ = write!(out, "{card:014X}");
    }
    out.push(b'\n');
}
