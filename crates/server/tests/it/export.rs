//! Answers as files: read back, they say what JSON says.

use std::io::Cursor;

use arrow::array::{Array as _, Float64Array, Int64Array, StringArray};
use calamine::{Data, Reader as _, Xlsx};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::client::{ask, get};

const ASKED: &str =
    "/query?metric=sessions,utilisation_time,energy_per_session&by=location&from=2024-01&to=2024-03&ledger=true";

async fn workbook() -> Xlsx<Cursor<Vec<u8>>> {
    let reply = get(&format!("{ASKED}&format=xlsx")).await;
    assert_eq!(reply.status, 200);
    assert!(reply.header("content-type").contains("spreadsheetml"));
    assert!(reply.header("content-disposition").ends_with("-2024-01-01-to-2024-03-31.xlsx\""));
    Xlsx::new(Cursor::new(reply.bytes)).unwrap()
}

/// A cell as JSON has it; an empty cell is no figure.
fn same(cell: Option<&Data>, value: &Value) -> bool {
    match cell {
        None | Some(Data::Empty) => value.is_null(),
        Some(Data::String(text)) => value.as_str() == Some(text),
        Some(Data::Float(number)) => value.as_f64() == Some(*number),
        Some(Data::Int(number)) => value.as_i64() == Some(*number),
        Some(_) => false,
    }
}

#[tokio::test]
async fn a_workbook_has_the_figures_of_json_digit_for_digit() {
    let (answer, mut workbook) = (ask(ASKED).await, workbook().await);
    let columns: Vec<&str> =
        answer["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    let sheet = workbook.worksheet_range("Figures").unwrap();
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(sheet.height(), rows.len() + 1);
    for (at, row) in rows.iter().enumerate() {
        for (column, name) in columns.iter().enumerate() {
            let cell = sheet.get((at + 1, column));
            assert!(same(cell, &row[*name]), "{name} in row {at}: {cell:?} instead of {}", row[*name]);
        }
    }
}

#[tokio::test]
async fn a_workbook_names_definitions_coverage_and_data_version_and_runs_nothing() {
    let mut workbook = workbook().await;
    let sheet = workbook.worksheet_range("About").unwrap();
    let text: String = sheet.rows().map(|row| format!("{} {}\n", row[0], row[1])).collect();
    for part in ["utilisation_time (version 2)", "Formula: ", "Coverage 1", "Data version ", "2024-01-01..2024-03-31"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let sheet = workbook.worksheet_range("Denominators").unwrap();
    assert!(sheet.rows().any(|row| row[1] == Data::String("unreported".to_owned())));
    // A site of these tests is named =Somewhere.
    let named = workbook.worksheet_range("Figures").unwrap();
    assert!(named.rows().any(|row| row.contains(&Data::String("=Somewhere".to_owned()))));
    assert!(workbook.worksheet_formula("Figures").unwrap().is_empty());
}

#[tokio::test]
async fn a_parquet_file_has_the_figures_of_json_and_says_where_they_come_from() {
    let answer = ask(ASKED).await;
    let reply = get(&format!("{ASKED}&format=parquet")).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/vnd.apache.parquet"));
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(reply.bytes)).unwrap();
    let metadata = builder.metadata().file_metadata().key_value_metadata().unwrap();
    let about = metadata.iter().find(|one| one.key == "kerbwatt").and_then(|one| one.value.clone()).unwrap();
    let about: Value = serde_json::from_str(&about).unwrap();
    for part in ["coverage", "provenance", "ledger"] {
        assert_eq!(about[part], answer[part], "{part}");
    }
    let batch = builder.build().unwrap().next().unwrap().unwrap();
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(batch.num_rows(), rows.len());
    for (name, column) in batch.schema().fields().iter().map(|field| field.name()).zip(batch.columns()) {
        for (at, row) in rows.iter().enumerate() {
            let value = &row[name];
            let array = column.as_any();
            let is_same = if column.is_null(at) {
                value.is_null()
            } else if let Some(whole) = array.downcast_ref::<Int64Array>() {
                value.as_i64() == Some(whole.value(at))
            } else if let Some(number) = array.downcast_ref::<Float64Array>() {
                value.as_f64() == Some(number.value(at))
            } else {
                value.as_str() == Some(array.downcast_ref::<StringArray>().unwrap().value(at))
            };
            assert!(is_same, "{name} in row {at}");
        }
    }
}
