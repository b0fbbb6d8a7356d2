//! Parts and cycles of civil time, as integers while computing and as text in answers.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Date32Array, Int32Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, cast::as_date32_array};
use datafusion::logical_expr::{ColumnarValue, Expr, Volatility, cast, col, create_udf, lit};
use jiff::civil::Date;
use kerbwatt_model::{Bin, Dimension, ENERGY_BINS, LENGTH_BINS, Stay, bin_of, day_number, day_of_number};

/// Weekday of a day number, 0 = Monday (1 January 1970 was a Thursday).
#[inline]
pub(crate) fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7)
}

/// The number of a day, counted from 1970.
pub(crate) fn number(day: Date) -> i32 {
    i32::try_from(day_number(day)).unwrap_or(i32::MAX)
}

/// The bucket of a local day: the number of the bucket's first day, or the weekday. `Day` is the day itself.
pub(crate) fn of_day(dimension: Dimension, day: i32) -> i32 {
    match dimension {
        Dimension::Week => day - weekday(day),
        Dimension::Weekday => weekday(day),
        Dimension::Month | Dimension::Quarter | Dimension::Year => {
            let date = day_of_number(day.into());
            let month = match dimension {
                Dimension::Month => date.month(),
                Dimension::Quarter => (date.month() - 1) / 3 * 3 + 1,
                _ => 1,
            };
            number(Date::new(date.year(), month, 1).unwrap_or(date))
        }
        _ => day,
    }
}

/// The bucket of a local hour; hours of the world count from 1970 in local time.
#[inline]
pub(crate) fn of_hour(dimension: Dimension, day: i32, hour: u8) -> i32 {
    match dimension {
        Dimension::Hour => day * 24 + i32::from(hour),
        Dimension::HourOfDay => i32::from(hour),
        Dimension::HourOfWeek => weekday(day) * 24 + i32::from(hour),
        other => of_day(other, day),
    }
}

/// The bucket of a part of a session in a local hour: of its time, or of the session that it is part of.
#[expect(clippy::cast_precision_loss, reason = "seconds of a session are far below 2^53")]
#[inline]
pub(crate) fn of_part(dimension: Dimension, day: i32, hour: u8, stay: &Stay) -> i32 {
    let bin = match dimension {
        Dimension::SessionLength => bin_of(&LENGTH_BINS, stay.plugged_s() as f64 / 60.0),
        Dimension::SessionEnergy => bin_of(&ENERGY_BINS, stay.energy_kwh),
        time => return of_hour(time, day, hour),
    };
    i32::try_from(bin).unwrap_or(0)
}

/// The bin of a bucket; none for a part of time.
pub(crate) fn bin(dimension: Dimension, bucket: i32) -> Option<&'static Bin> {
    let bins: &[Bin] = match dimension {
        Dimension::SessionLength => &LENGTH_BINS,
        Dimension::SessionEnergy => &ENERGY_BINS,
        _ => &[],
    };
    bins.get(usize::try_from(bucket).ok()?)
}

/// How a bucket reads in an answer.
pub(crate) fn text(dimension: Dimension, bucket: i32) -> String {
    if let Some(bin) = bin(dimension, bucket) {
        return bin.id.to_owned();
    }
    let date = day_of_number(bucket.into());
    match dimension {
        Dimension::Hour => format!("{}T{:02}", day_of_number(bucket.div_euclid(24).into()), bucket.rem_euclid(24)),
        Dimension::Month => date.strftime("%Y-%m").to_string(),
        Dimension::Quarter => format!("{}-Q{}", date.year(), (date.month() - 1) / 3 + 1),
        Dimension::Year => date.year().to_string(),
        _ => date.to_string(),
    }
}

/// Whether a bucket reads as a number in answers.
pub(crate) fn is_number(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::HourOfDay | Dimension::HourOfWeek | Dimension::Weekday)
}

/// The bucket of the columns `day` and, in tables by hour of week, `how`, as an expression.
pub(crate) fn expression(dimension: Dimension) -> Expr {
    match dimension {
        Dimension::HourOfWeek => col("how"),
        Dimension::HourOfDay => col("how") % lit(24),
        Dimension::Hour => cast(col("day"), DataType::Int32) * lit(24) + col("how") % lit(24),
        _ => {
            let bucket = move |arguments: &[ColumnarValue]| bucket_column(dimension, arguments);
            let name = format!("bucket_{}", dimension.id());
            create_udf(&name, vec![DataType::Date32], DataType::Int32, Volatility::Immutable, Arc::new(bucket))
                .call(vec![col("day")])
        }
    }
}

fn bucket_column(dimension: Dimension, arguments: &[ColumnarValue]) -> Result<ColumnarValue> {
    let days = match arguments {
        [ColumnarValue::Array(array)] => Arc::clone(array),
        [ColumnarValue::Scalar(scalar)] => scalar.to_array()?,
        _ => return Err(DataFusionError::Internal("a bucket is of one column".to_owned())),
    };
    let days: &Date32Array = as_date32_array(&days)?;
    let mut last = (i32::MIN, 0);
    let buckets: Int32Array = days
        .iter()
        .map(|day| {
            day.map(|day| {
                // Days come in runs, and calendar arithmetic costs more than a comparison.
                if last.0 != day {
                    last = (day, of_day(dimension, day));
                }
                last.1
            })
        })
        .collect();
    Ok(ColumnarValue::Array(Arc::new(buckets) as ArrayRef))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn buckets_begin_on_mondays_months_quarters_and_years() {
        let day = number(date(2018, 8, 16));
        for (dimension, reads) in [
            (Dimension::Day, "2018-08-16"),
            (Dimension::Week, "2018-08-13"),
            (Dimension::Month, "2018-08"),
            (Dimension::Quarter, "2018-Q3"),
            (Dimension::Year, "2018"),
        ] {
            assert_eq!(text(dimension, of_day(dimension, day)), reads);
        }
        assert_eq!(text(Dimension::Hour, of_hour(Dimension::Hour, day, 7)), "2018-08-16T07");
        assert_eq!(of_hour(Dimension::HourOfWeek, day, 7), 3 * 24 + 7);
        assert_eq!(of_day(Dimension::Weekday, -4), 6);
    }
}
