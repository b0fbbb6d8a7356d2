//! A workbook. Text is written as text and never as a formula, whatever it begins with.

use kerbwatt_hub::{Answer, Ledger, Value};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::{ExportError, about};

pub(super) fn bytes(answer: &Answer) -> Result<Vec<u8>, ExportError> {
    let bold = Format::new().set_bold();
    let mut workbook = Workbook::new();
    // The same question gives the same bytes: not the time of this answer, but that of the data version.
    let made_at = ExcelDateTime::from_timestamp(answer.provenance.as_of.as_second())?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
    figures(workbook.add_worksheet().set_name("Figures")?, answer, &bold)?;
    let sheet = workbook.add_worksheet().set_name("About")?;
    for (row, (name, value)) in (0..).zip(about::lines(answer)) {
        sheet.write_string_with_format(row, 0, name, &bold)?.write_string(row, 1, value)?;
    }
    sheet.set_column_width(0, 34)?.set_column_width(1, 100)?;
    if let Some(ledger) = &answer.ledger {
        denominators(workbook.add_worksheet().set_name("Denominators")?, ledger, &bold)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn figures(sheet: &mut Worksheet, answer: &Answer, bold: &Format) -> Result<(), ExportError> {
    for (at, column) in (0u16..).zip(&answer.columns) {
        sheet.write_string_with_format(0, at, &column.name, bold)?;
    }
    for (at, row) in (1u32..).zip(&answer.rows) {
        for (column, value) in (0u16..).zip(row) {
            match value {
                // No figure is an empty cell, which is not zero.
                Value::Null => {}
                Value::Text(text) => {
                    sheet.write_string(at, column, text)?;
                }
                Value::Integer(_) | Value::Number(_) => {
                    if let Some(number) = value.number().filter(|number| number.is_finite()) {
                        sheet.write_number(at, column, number)?;
                    }
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn denominators(sheet: &mut Worksheet, ledger: &Ledger, bold: &Format) -> Result<(), ExportError> {
    for (at, name) in (0u16..).zip(["metric", "line", "amount", "unit", "what"]) {
        sheet.write_string_with_format(0, at, name, bold)?;
    }
    let mut at = 1;
    for (metric, line) in ledger.rates.iter().flat_map(|rate| rate.lines.iter().map(|line| (rate.metric, line))) {
        sheet.write_string(at, 0, metric)?.write_string(at, 1, line.id)?.write_number(at, 2, line.amount)?;
        sheet.write_string(at, 3, line.unit)?.write_string(at, 4, line.label)?;
        at += 1;
    }
    for left in &ledger.left_out {
        #[expect(clippy::cast_precision_loss, reason = "rows are far below 2^53")]
        let rows = left.rows as f64;
        sheet.write_string(at, 0, "left out")?.write_string(at, 1, left.reason)?.write_number(at, 2, rows)?;
        sheet.write_string(at, 3, "rows")?.write_string(at, 4, &left.words)?;
        at += 1;
    }
    Ok(())
}
