//! Files of boundaries, one a level. The boundaries themselves are read again from the vault.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use super::{Ledger, LedgerError, all, column, note};
use crate::Digest;

/// A file of boundaries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacesRecord {
    /// Id of the level.
    pub level: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of its bytes, which are in the vault.
    #[serde(with = "crate::digest::as_text")]
    pub digest: Digest,
    /// Property that holds an area's code.
    pub code_field: String,
    /// Property that holds an area's name.
    pub name_field: String,
    /// When it was imported.
    pub at: Timestamp,
}

impl Ledger {
    /// Sets or replaces the file of a level.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written.
    pub fn put_places(
        &self,
        level: &str,
        file_name: &str,
        digest: &Digest,
        code_field: &str,
        name_field: &str,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO places (level, file_name, digest, code_field, name_field, at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![level, file_name, digest.to_string(), code_field, name_field, at.to_string()],
            )?;
            note(transaction, at, "places imported", level, file_name)?;
            Ok(())
        })
    }

    /// The files of all levels, by level.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn places(&self) -> Result<Vec<PlacesRecord>, LedgerError> {
        self.read(places_now)
    }
}

/// The files of all levels, by level.
pub(super) fn places_now(connection: &Connection) -> rusqlite::Result<Vec<PlacesRecord>> {
    let sql = "SELECT level, file_name, digest, code_field, name_field, at FROM places ORDER BY level";
    all(connection, sql, [], places_of)
}

fn places_of(row: &Row<'_>) -> rusqlite::Result<PlacesRecord> {
    Ok(PlacesRecord {
        level: row.get("level")?,
        file_name: row.get("file_name")?,
        digest: column::digest(row, "digest")?,
        code_field: row.get("code_field")?,
        name_field: row.get("name_field")?,
        at: column::instant(row, "at")?,
    })
}
