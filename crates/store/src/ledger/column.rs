//! Values in and out of SQLite's columns.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_model::Period;
use rusqlite::types::Type;
use rusqlite::{Result, Row};
use serde::de::DeserializeOwned;

use super::{Failure, LedgerError};
use crate::Digest;

/// A count as SQLite stores it.
pub(super) fn whole(number: u64, what: &'static str) -> Result<i64, LedgerError> {
    i64::try_from(number).map_err(|_| LedgerError::TooLarge { what })
}

pub(super) fn count(row: &Row<'_>, column: &str) -> Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|error| unreadable(row, column, error))
}

pub(super) fn instant(row: &Row<'_>, column: &str) -> Result<Timestamp> {
    parsed(row, column)
}

pub(super) fn instant_if_any(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>> {
    parsed_if_any(row, column)
}

pub(super) fn day(row: &Row<'_>, column: &str) -> Result<Date> {
    parsed(row, column)
}

pub(super) fn day_if_any(row: &Row<'_>, column: &str) -> Result<Option<Date>> {
    parsed_if_any(row, column)
}

pub(super) fn period(row: &Row<'_>, first: &str, last: &str) -> Result<Option<Period>> {
    match (day_if_any(row, first)?, day_if_any(row, last)?) {
        (Some(from), Some(to)) => Period::new(from, to).map(Some).map_err(|error| unreadable(row, last, error)),
        _ => Ok(None),
    }
}

/// A list of periods as JSON, none where there is none.
pub(super) fn periods(row: &Row<'_>, column: &str) -> Result<Option<Vec<Period>>> {
    let ends: Option<Vec<(Date, Date)>> = json_if_any(row, column)?;
    let period = |(first, last)| Period::new(first, last).map_err(|error| unreadable(row, column, error));
    ends.map(|ends| ends.into_iter().map(period).collect()).transpose()
}

/// The same, to be stored.
pub(super) fn periods_json(periods: &[Period]) -> std::result::Result<String, Failure> {
    let ends: Vec<(Date, Date)> = periods.iter().map(|period| (period.first, period.last)).collect();
    serde_json::to_string(&ends).map_err(Failure::of_json)
}

pub(super) fn digest(row: &Row<'_>, column: &str) -> Result<Digest> {
    let text: String = row.get(column)?;
    Digest::parse(&text).map_err(|error| unreadable(row, column, error))
}

pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| unreadable(row, column, error))
}

pub(super) fn json_if_any<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| serde_json::from_str(&text).map_err(|error| unreadable(row, column, error))).transpose()
}

fn parsed<T>(row: &Row<'_>, column: &str) -> Result<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error| unreadable(row, column, error))
}

fn parsed_if_any<T>(row: &Row<'_>, column: &str) -> Result<Option<T>>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|error| unreadable(row, column, error))).transpose()
}

fn unreadable(row: &Row<'_>, column: &str, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
}
