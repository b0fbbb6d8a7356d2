//! Layouts that operators' files have: profiles of their own, each version kept.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::{Ledger, LedgerError, all, column, note};

/// A profile of an operator's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Whose it is.
    pub operator: String,
    /// Its name.
    pub name: String,
    /// Version, from 1.
    pub version: i64,
    /// The profile, as TOML.
    pub profile: String,
    /// When this version was made.
    pub made_at: Timestamp,
}

/// A profile to be kept as one of an operator's own, with the decision by which it becomes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLayout {
    /// Its name.
    pub name: String,
    /// The profile, as TOML.
    pub profile: String,
}

impl Ledger {
    /// The newest version of each profile of operators' own, the one made last first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn layouts(&self) -> Result<Vec<Layout>, LedgerError> {
        let sql = "SELECT operator, name, max(version) AS version, profile, made_at FROM layout \
             GROUP BY operator, name ORDER BY made_at DESC, operator, name";
        self.read(|connection| all(connection, sql, [], layout_of))
    }
}

/// Keeps a profile as the newest version of that name. One that says the same as the newest is not kept twice.
pub(super) fn put_layout(
    transaction: &Transaction<'_>,
    operator: &str,
    layout: &NewLayout,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let NewLayout { name, profile } = layout;
    let sql = "SELECT version, profile FROM layout WHERE operator = ?1 AND name = ?2 ORDER BY version DESC LIMIT 1";
    let newest: Option<(i64, String)> = transaction
        .prepare_cached(sql)?
        .query_row(params![operator, name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let version = match newest {
        Some((_, known)) if known == *profile => return Ok(()),
        Some((version, _)) => version + 1,
        None => 1,
    };
    transaction.execute(
        "INSERT INTO layout (operator, name, version, profile, made_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![operator, name, version, profile, at.to_string()],
    )?;
    note(transaction, at, "layout", &format!("{name} of {operator}"), &format!("version {version}"))
}

fn layout_of(row: &Row<'_>) -> rusqlite::Result<Layout> {
    Ok(Layout {
        operator: row.get("operator")?,
        name: row.get("name")?,
        version: row.get("version")?,
        profile: row.get("profile")?,
        made_at: column::instant(row, "made_at")?,
    })
}
