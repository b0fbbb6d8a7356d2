//! The table of sessions: the finest grain that the lake holds.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use kerbwatt_model::{Flag, Sessions};

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

/// Sessions at some positions as rows of the table, in that order; all of one submission. `evses` are the numbers of EVSEs in the
/// ledger, by their number among the sessions. Of flags, those that only the row's own file decides: with others the same
/// returns would make other rows after each new register.
///
/// # Errors
/// [`LakeError::Arrow`] when the rows do not make columns, such as more text than a column holds.
pub fn sessions_batch(
    sessions: &Sessions,
    positions: &[u32],
    evses: &[i32],
    zone: &str,
    submission: i64,
) -> Result<RecordBatch, LakeError> {
    let rows = Rows(positions);
    let evse = |at: usize| evses.get(sessions.evse_numbers()[at] as usize).copied().unwrap_or_default();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rows.each(|at| sessions.id(at)))),
        Arc::new(Int32Array::from_iter_values(rows.each(evse))),
        rows.names(sessions.same_connector(positions), |at| sessions.connector(at)),
        rows.instant(|at| Some(sessions.plug_ins_s()[at])),
        rows.instant(|at| Some(sessions.plug_out_s(at))),
        rows.instant(|at| sessions.charging_end_s(at)),
        Arc::new(Float64Array::from_iter_values(rows.each(|at| sessions.energy_kwh(at)))),
        Arc::new(rows.each(|at| sessions.fee_pence(at)).collect::<Float64Array>()),
        rows.names(sessions.same_driver(positions), |at| sessions.driver(at)),
        Arc::new(StringArray::new_repeated(zone, positions.len())),
        Arc::new(Int32Array::from_iter_values(rows.each(|at| sessions.flags()[at] & !Flag::OF_REGISTER))),
        Arc::new(Int64Array::from_value(submission, positions.len())),
        Arc::new(Int64Array::from_iter_values(rows.each(|at| whole(sessions.row(at))))),
    ];
    Ok(RecordBatch::try_new(sessions_data_schema(), columns)?)
}

/// Positions of the rows.
struct Rows<'s>(&'s [u32]);

impl<'s> Rows<'s> {
    fn each<T>(&self, of: impl Fn(usize) -> T + 's) -> impl Iterator<Item = T> + 's {
        self.0.iter().map(move |at| of(*at as usize))
    }

    /// Names, where they are not the same in all rows.
    fn names(&self, same: Option<Option<&str>>, of: impl Fn(usize) -> Option<&'s str> + 's) -> ArrayRef {
        Arc::new(match same {
            Some(Some(name)) => StringArray::new_repeated(name, self.0.len()),
            Some(None) => StringArray::new_null(self.0.len()),
            None => self.each(of).collect(),
        })
    }

    fn instant(&self, second: impl Fn(usize) -> Option<i64> + 's) -> ArrayRef {
        let micros = self.each(second).map(|second| second.map(|second| second * 1_000_000));
        Arc::new(micros.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
    }
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
    use arrow::datatypes::{Int32Type, Int64Type, TimestampMicrosecondType};
    use kerbwatt_model::Session;

    #[test]
    fn sessions_become_rows_in_order_with_their_gaps() {
        let flags = Flag::Overlap.bit() | Flag::Unregistered.bit();
        let first = Session { session_id: "a", evse: "x", energy_kwh: 7.25, flags, row: 3, ..Session::empty() };
        let end = jiff::Timestamp::from_second(90).unwrap();
        let second = Session { driver: Some("d"), charging_end: Some(end), row: 4, ..Session::empty() };
        let sessions: Sessions = [second, first].into_iter().collect();
        let batch = sessions_batch(&sessions, &[1, 0], &[13, 12], "Europe/London", 9).unwrap();
        assert_eq!(batch.schema(), sessions_data_schema());
        assert_eq!(batch.column_by_name("row").unwrap().as_primitive::<Int64Type>().values(), &[3, 4]);
        let end = batch.column_by_name("charging_end").unwrap().as_primitive::<TimestampMicrosecondType>();
        assert!(end.is_null(0));
        assert_eq!(end.value(1), 90_000_000);
        assert_eq!(batch.column_by_name("evse").unwrap().as_primitive::<Int32Type>().values(), &[12, 13]);
        assert_eq!(batch.column_by_name("driver").unwrap().as_string::<i32>().value(1), "d");
        assert_eq!(batch.column_by_name("connector").unwrap().null_count(), 2);
        let flags = batch.column_by_name("flags").unwrap().as_primitive::<Int32Type>().values();
        assert_eq!(flags, &[Flag::Overlap.bit(), 0], "what the register decides is not kept");
    }

    #[test]
    fn names_are_the_same_whether_all_rows_share_them_or_not() {
        let named = |connector, driver| Session { connector, driver, ..Session::empty() };
        let sessions: Sessions =
            [named(Some("1"), None), named(Some("1"), Some("d")), named(Some("2"), Some("d")), named(None, None)]
                .into_iter()
                .collect();
        for positions in [&[0, 1][..], &[1, 2], &[2, 3], &[0, 3], &[3], &[0, 1, 2, 3]] {
            let batch = sessions_batch(&sessions, positions, &[0], "UTC", 1).unwrap();
            let column = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().iter().collect::<Vec<_>>();
            let each = |of: fn(&Sessions, usize) -> Option<&str>| {
                positions.iter().map(|at| of(&sessions, *at as usize)).collect::<Vec<_>>()
            };
            assert_eq!(column("connector"), each(Sessions::connector));
            assert_eq!(column("driver"), each(Sessions::driver));
        }
    }

    #[test]
    fn no_session_makes_no_row() {
        assert_eq!(sessions_batch(&Sessions::new(), &[], &[], "UTC", 1).unwrap().num_rows(), 0);
    }
}
