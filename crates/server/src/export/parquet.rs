//! Parquet: the table, and everything else of the answer as JSON in the file's metadata.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema};
use kerbwatt_hub::{Answer, Value};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::ExportError;

/// Key of the metadata.
const KEY: &str = "kerbwatt";

pub(super) fn bytes(answer: &Answer) -> Result<Vec<u8>, ExportError> {
    let arrays: Vec<ArrayRef> = (0..answer.columns.len()).map(|at| column(answer, at)).collect();
    let field =
        |(column, array): (&kerbwatt_hub::Column, &ArrayRef)| Field::new(&column.name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(answer.columns.iter().zip(&arrays).map(field).collect::<Vec<_>>()));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)?;
    // The rows are the table itself.
    let about = serde_json::json!({
        "coverage": answer.coverage, "provenance": answer.provenance, "ledger": answer.ledger,
    });
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(vec![KeyValue::new(KEY.to_owned(), about.to_string())]))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties))?;
    writer.write(&batch)?;
    Ok(writer.into_inner()?)
}

/// Whole numbers where all are, else numbers, else text.
fn column(answer: &Answer, at: usize) -> ArrayRef {
    let values = || answer.rows.iter().map(|row| row.get(at).unwrap_or(&Value::Null));
    if values().any(|value| matches!(value, Value::Text(_))) {
        return Arc::new(values().map(Value::text).collect::<StringArray>());
    }
    if values().any(|value| matches!(value, Value::Number(_))) {
        return Arc::new(values().map(Value::number).collect::<Float64Array>());
    }
    let is_figure = answer.columns.get(at).is_some_and(|column| column.kind == kerbwatt_hub::ColumnKind::Metric);
    if !is_figure && values().all(|value| *value == Value::Null) {
        return Arc::new(values().map(Value::text).collect::<StringArray>());
    }
    let whole = |value: &Value| match value {
        Value::Integer(whole) => Some(*whole),
        _ => None,
    };
    Arc::new(values().map(whole).collect::<Int64Array>())
}
