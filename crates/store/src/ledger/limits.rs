//! Limits of checks: what was set for the hub and for operators, each change kept.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::{Ledger, LedgerError, all, column, note};

/// A change of a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitChange {
    /// Number, from 1.
    pub id: i64,
    /// Whose returns it is about; none where it is about those of all.
    pub operator: Option<String>,
    /// Name of the limit.
    pub name: String,
    /// What it was set to; none where it is no longer set.
    pub value: Option<f64>,
    /// What was set before; none where nothing was.
    pub before: Option<f64>,
    /// When.
    pub at: Timestamp,
    /// Who changed it, in their own words; may be empty.
    pub who: String,
    /// Why; may be empty.
    pub note: String,
}

/// Who changes limits, why and when.
#[derive(Debug, Clone, Copy)]
pub struct ChangedBy<'a> {
    /// Who, in their own words; may be empty.
    pub who: &'a str,
    /// Why; may be empty.
    pub note: &'a str,
    /// When.
    pub at: Timestamp,
}

const COLUMNS: &str = "SELECT id, operator, name, value, value_before, at, who, note FROM limit_change";

impl Ledger {
    /// Sets limits (a value) or takes back what was set (none), for an operator or for all, in one transaction; returns how many
    /// of them that changed.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written, as for an operator that is not known. Then nothing is changed.
    pub fn change_limits(
        &self,
        operator: Option<&str>,
        changes: &[(&str, Option<f64>)],
        by: ChangedBy<'_>,
    ) -> Result<usize, LedgerError> {
        self.write(|transaction| {
            let mut changed = 0;
            for (name, value) in changes {
                changed += usize::from(change(transaction, operator, name, *value, by)?);
            }
            Ok(changed)
        })
    }

    /// What is set now, for all and for operators.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn limits(&self) -> Result<Vec<LimitChange>, LedgerError> {
        let newest = "WHERE id IN (SELECT max(id) FROM limit_change GROUP BY operator, name) AND value IS NOT NULL";
        self.read(|connection| all(connection, &format!("{COLUMNS} {newest} ORDER BY operator, name"), [], change_of))
    }

    /// Every change, newest first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn limit_changes(&self) -> Result<Vec<LimitChange>, LedgerError> {
        self.read(|connection| all(connection, &format!("{COLUMNS} ORDER BY id DESC"), [], change_of))
    }
}

fn change(
    transaction: &Transaction<'_>,
    operator: Option<&str>,
    name: &str,
    value: Option<f64>,
    by: ChangedBy<'_>,
) -> rusqlite::Result<bool> {
    let newest = "SELECT value FROM limit_change WHERE operator IS ?1 AND name = ?2 ORDER BY id DESC LIMIT 1";
    let before: Option<f64> =
        transaction.prepare_cached(newest)?.query_row(params![operator, name], |row| row.get(0)).optional()?.flatten();
    if before.map(f64::to_bits) == value.map(f64::to_bits) {
        return Ok(false);
    }
    transaction
        .prepare_cached(
            "INSERT INTO limit_change (operator, name, value, value_before, at, who, note)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![operator, name, value, before, by.at.to_string(), by.who, by.note])?;
    let said = |value: Option<f64>| value.map_or_else(|| "not set".to_owned(), |value| value.to_string());
    let subject = format!("limit {name} of {}", operator.unwrap_or("the hub"));
    let mut detail = format!("{} before, {} now", said(before), said(value));
    for more in [by.who, by.note].into_iter().filter(|text| !text.is_empty()) {
        detail.push_str(": ");
        detail.push_str(more);
    }
    note(transaction, by.at, "limit", &subject, &detail)?;
    Ok(true)
}

fn change_of(row: &Row<'_>) -> rusqlite::Result<LimitChange> {
    Ok(LimitChange {
        id: row.get("id")?,
        operator: row.get("operator")?,
        name: row.get("name")?,
        value: row.get("value")?,
        before: row.get("value_before")?,
        at: column::instant(row, "at")?,
        who: row.get("who")?,
        note: row.get("note")?,
    })
}
