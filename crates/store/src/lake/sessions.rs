//! The table of sessions: the finest grain that the lake holds.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use kerbwatt_model::Session;

use super::{LakeError, TableSpec};

/// Name of the table of sessions.
pub const SESSIONS: &str = "sessions";

/// The table of sessions, partitioned by operator and by the local month of plug-in (`2018-06`).
#[must_use]
pub fn sessions_spec() -> TableSpec {
    let mut fields: Vec<_> = sessions_data_schema().fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new("operator", DataType::Utf8, false)));
    fields.push(Arc::new(Field::new("month", DataType::Utf8, false)));
    TableSpec { name: SESSIONS, schema: Arc::new(Schema::new(fields)), partitions: &["operator", "month"] }
}

/// The columns of the sessions that are in the Parquet files. Energy is in kWh, the fee in pence, instants in microseconds UTC.
#[must_use]
pub fn sessions_data_schema() -> SchemaRef {
    let instant = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("session_id", DataType::Utf8, false),
        Field::new("evse", DataType::Int32, false),
        Field::new("connector", DataType::Utf8, true),
        Field::new("plug_in", instant(), false),
        Field::new("plug_out", instant(), false),
        Field::new("charging_end", instant(), true),
        Field::new("energy_kwh", DataType::Float64, false),
        Field::new("fee_pence", DataType::Float64, true),
        Field::new("driver", DataType::Utf8, true),
        Field::new("zone", DataType::Utf8, false),
        Field::new("flags", DataType::Int32, false),
        Field::new("submission", DataType::Int64, false),
        Field::new("row", DataType::Int64, false),
    ]))
}

/// Sessions, each with the number of its EVSE, as rows of the table; all of one submission, in the given order.
///
/// # Errors
/// [`LakeError::Arrow`] when the rows do not make columns, such as more text than a column holds.
pub fn sessions_batch(rows: &[(&Session, i32)], zone: &str, submission: i64) -> Result<RecordBatch, LakeError> {
    let columns: Vec<ArrayRef> = vec![
        text(rows, |session| Some(&session.session_id)),
        Arc::new(Int32Array::from_iter_values(rows.iter().map(|(_, evse)| *evse))),
        text(rows, |session| session.connector.as_deref()),
        instant(rows, |session| Some(session.plug_in)),
        instant(rows, |session| Some(session.plug_out)),
        instant(rows, |session| session.charging_end),
        number(rows, |session| Some(session.energy_kwh)),
        number(rows, |session| session.fee_pence),
        text(rows, |session| session.driver.as_deref()),
        text(rows, |_| Some(zone)),
        Arc::new(Int32Array::from_iter_values(rows.iter().map(|(session, _)| session.flags))),
        Arc::new(Int64Array::from_value(submission, rows.len())),
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|(session, _)| whole(session.row)))),
    ];
    Ok(RecordBatch::try_new(sessions_data_schema(), columns)?)
}

fn text<'a>(rows: &'a [(&'a Session, i32)], of: impl Fn(&'a Session) -> Option<&'a str>) -> ArrayRef {
    Arc::new(rows.iter().map(|(session, _)| of(session)).collect::<StringArray>())
}

fn number(rows: &[(&Session, i32)], of: impl Fn(&Session) -> Option<f64>) -> ArrayRef {
    Arc::new(rows.iter().map(|(session, _)| of(session)).collect::<Float64Array>())
}

fn instant(rows: &[(&Session, i32)], of: impl Fn(&Session) -> Option<jiff::Timestamp>) -> ArrayRef {
    let instants = rows.iter().map(|(session, _)| of(session).map(jiff::Timestamp::as_microsecond));
    Arc::new(instants.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}

/// Row numbers count from 1 and stay far below the limit; one above it could only come from a broken reader.
fn whole(row: u64) -> i64 {
    i64::try_from(row).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test")]
mod tests {
    use super::*;
    use arrow::array::Array as _;
    use arrow::array::AsArray as _;
    use arrow::datatypes::{Int64Type, TimestampMicrosecondType};

    #[test]
    fn sessions_become_rows_in_order_with_their_gaps() {
        let first = Session { session_id: "a".into(), energy_kwh: 7.25, row: 3, ..Session::empty() };
        let end = jiff::Timestamp::from_second(90).unwrap();
        let second = Session { driver: Some("d".into()), charging_end: Some(end), row: 4, ..Session::empty() };
        let batch = sessions_batch(&[(&first, 12), (&second, 13)], "Europe/London", 9).unwrap();
        assert_eq!(batch.schema(), sessions_data_schema());
        assert_eq!(batch.column_by_name("row").unwrap().as_primitive::<Int64Type>().values(), &[3, 4]);
        let end = batch.column_by_name("charging_end").unwrap().as_primitive::<TimestampMicrosecondType>();
        assert!(end.is_null(0));
        assert_eq!(end.value(1), 90_000_000);
        assert_eq!(batch.column_by_name("driver").unwrap().as_string::<i32>().value(1), "d");
    }

    #[test]
    fn no_session_makes_no_row() {
        assert_eq!(sessions_batch(&[], "UTC", 1).unwrap().num_rows(), 0);
    }
}
