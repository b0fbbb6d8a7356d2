//! Taking back the repairs of a register: its entries become as if the file had been taken over as it stands.

use jiff::Timestamp;
use kerbwatt_model::RegisterEntry;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::column::{self, whole};
use super::register::{RegisterChange, RegisterImport, by_key, comparable, note_import, take_over};
use super::{Failure, Ledger, LedgerError, note};

impl Ledger {
    /// Takes back the repairs of an import, which must be the newest of its operator, in one transaction; `as_it_stands` is the same file
    /// without them, as of the same day. What the import made hold for some days holds for the same days without the repairs; past data
    /// versions keep what they had.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written; then nothing is changed.
    pub fn undo_register_repairs(
        &self,
        undone: i64,
        as_it_stands: &RegisterImport,
        at: Timestamp,
    ) -> Result<RegisterChange, LedgerError> {
        self.write(|transaction| {
            let id = note_import(transaction, as_it_stands, Some(undone), at)?;
            let mut change = RegisterChange::default();
            for (key, entry) in by_key(as_it_stands) {
                match of_import(transaction, as_it_stands, key, undone)? {
                    Some(known) => replace(transaction, &known, as_it_stands, id, (key, entry), &mut change)?,
                    None => take_over(transaction, as_it_stands, id, key, entry, &mut change)?,
                }
            }
            let RegisterChange { added, changed, unchanged } = change;
            let detail = format!("import {undone}: {added} added, {changed} changed, {unchanged} unchanged");
            note(transaction, at, "repairs of a register taken back", &as_it_stands.operator, &detail)?;
            Ok(change)
        })
    }
}

/// A version that an import made.
struct Made {
    version: i64,
    entry: String,
    valid_first: String,
    valid_last: String,
}

fn of_import(
    transaction: &Transaction<'_>,
    import: &RegisterImport,
    key: &str,
    made_by: i64,
) -> rusqlite::Result<Option<Made>> {
    transaction
        .prepare_cached(
            "SELECT version, entry, valid_first, valid_last FROM register_version \
             WHERE operator = ?1 AND key = ?2 AND import = ?3",
        )?
        .query_row(params![import.operator, key, made_by], |row| {
            Ok(Made {
                version: row.get("version")?,
                entry: row.get("entry")?,
                valid_first: column::day(row, "valid_first")?.to_string(),
                valid_last: column::day(row, "valid_last")?.to_string(),
            })
        })
        .optional()
}

fn replace(
    transaction: &Transaction<'_>,
    known: &Made,
    import: &RegisterImport,
    id: i64,
    (key, entry): (&str, &RegisterEntry),
    change: &mut RegisterChange,
) -> Result<(), Failure> {
    let text = comparable(entry)?;
    if known.entry == text {
        change.unchanged += 1;
        return Ok(());
    }
    change.changed += 1;
    transaction.prepare_cached("DELETE FROM register_version WHERE version = ?1")?.execute([known.version])?;
    let row = whole(entry.row, "the number of a row")?;
    transaction
        .prepare_cached(
            "INSERT INTO register_version (operator, key, zone, entry, file_row, import, valid_first, valid_last) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![import.operator, key, import.zone, text, row, id, known.valid_first, known.valid_last])?;
    Ok(())
}
