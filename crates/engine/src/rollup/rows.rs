//! Rows of a rollup table on their way into columns.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch};
use kerbwatt_model::Additive;

use crate::EngineError;
use crate::schema::{additive, is_by_hour_of_week, rollup_data_schema};
use crate::sums::Sums;

/// Rows of one table, column by column.
pub(super) struct Rows {
    table: &'static str,
    versions: Vec<i32>,
    days: Vec<i32>,
    hours: Vec<i32>,
    sums: Vec<(Additive, Column)>,
}

enum Column {
    Whole(Vec<i64>),
    Real(Vec<f64>),
}

impl Rows {
    pub(super) fn of(table: &'static str) -> Self {
        let column =
            |sum: Additive| (sum, if sum.is_whole() { Column::Whole(Vec::new()) } else { Column::Real(Vec::new()) });
        let (versions, days, hours) = (Vec::new(), Vec::new(), Vec::new());
        Self { table, versions, days, hours, sums: additive(table).map(column).collect() }
    }

    pub(super) fn table(&self) -> &'static str {
        self.table
    }

    pub(super) fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// Adds a row; `how` is the hour of the week, for tables that have it.
    #[expect(clippy::cast_possible_truncation, reason = "whole by construction: counts and seconds")]
    pub(super) fn push(&mut self, version: i32, day: i32, how: Option<i32>, sums: &Sums) {
        self.versions.push(version);
        self.days.push(day);
        self.hours.extend(how);
        for (sum, column) in &mut self.sums {
            match column {
                Column::Whole(values) => values.push(sums.of(*sum) as i64),
                Column::Real(values) => values.push(sums.of(*sum)),
            }
        }
    }

    pub(super) fn append(&mut self, more: Self) {
        self.versions.extend(more.versions);
        self.days.extend(more.days);
        self.hours.extend(more.hours);
        for ((_, column), (_, more)) in self.sums.iter_mut().zip(more.sums) {
            match (column, more) {
                (Column::Whole(values), Column::Whole(more)) => values.extend(more),
                (Column::Real(values), Column::Real(more)) => values.extend(more),
                _ => {} // the same table has the same columns
            }
        }
    }

    pub(super) fn into_batch(self) -> Result<RecordBatch, EngineError> {
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new(Int32Array::from(self.versions)), Arc::new(Date32Array::from(self.days))];
        if is_by_hour_of_week(self.table) {
            columns.push(Arc::new(Int32Array::from(self.hours)));
        }
        columns.extend(self.sums.into_iter().map(|(_, column)| match column {
            Column::Whole(values) => Arc::new(Int64Array::from(values)) as ArrayRef,
            Column::Real(values) => Arc::new(Float64Array::from(values)) as ArrayRef,
        }));
        Ok(RecordBatch::try_new(rollup_data_schema(self.table), columns)?)
    }
}
