//! `wh-epoch`: seconds since 1970, watt-hours, pence.

use super::Sheet;
use crate::defects::Row;
use crate::digits;

pub(super) fn write(sheet: &Sheet<'_>, rows: &[Row], out: &mut Vec<u8>) {
    out.extend_from_slice(b"id,evse_uid,start_epoch,end_epoch,energy_wh,cost_pence,user_id\n");
    for row in rows {
        line(sheet, row, out);
    }
}

fn line(sheet: &Sheet<'_>, row: &Row, out: &mut Vec<u8>) {
    let Some((evse, _)) = sheet.place(row) else { return };
    digits::number(out, sheet.id(row));
    out.push(b',');
    out.extend_from_slice(evse.uid.as_bytes());
    out.push(b',');
    digits::number(out, row.visit.start);
    out.push(b',');
    if row.open {
        out.extend_from_slice(b",,");
    } else {
        digits::number(out, row.visit.end);
        out.push(b',');
        digits::number(out, row.visit.energy_wh);
        out.push(b',');
        digits::number(out, row.visit.fee_pence);
    }
    out.push(b',');
    if let Some(card) = sheet.card(row) {
        out.extend_from_slice(b"MG");
        digits::padded(out, card % 1_000_000_000, 9);
    }
    out.push(b'\n');
}
