//! The register: what is known of each charge point, and from when to when.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_model::{RegisterEntry, in_threads};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, Transaction, params};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::column::whole;
use super::{Failure, Ledger, LedgerError, all, column, note};
use crate::Digest;

/// Versions that a thread parses before it takes the next ones.
const VERSIONS_AT_ONCE: usize = 1_024;
/// As long as nothing else is known.
const FIRST_DAY: &str = "0001-01-01";
const LAST_DAY: &str = "9999-12-31";

/// A register of an operator, to be taken over.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterImport {
    /// The operator's id.
    pub operator: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of its bytes, which are in the vault.
    pub digest: Digest,
    /// IANA zone of its charge points.
    pub zone: String,
    /// Its rows. Of rows with the same key the last counts.
    pub entries: Vec<RegisterEntry>,
    /// Day from which changes hold.
    pub on: Date,
    /// Repairs that were applied, with the rows whose values each changed.
    pub repaired: Vec<(String, u64)>,
    /// Name of the layout it was read in.
    pub profile: String,
    /// The layout as TOML, where it is none of those shipped.
    pub layout: Option<String>,
}

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RegisterChange {
    /// Charge points not known before.
    pub added: u64,
    /// Charge points described differently from now on.
    pub changed: u64,
    /// Charge points described as before.
    pub unchanged: u64,
}

/// A charge point as described for some days.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterVersion {
    /// Number, from 1; never given twice.
    pub version: i32,
    /// The operator's id.
    pub operator: String,
    /// Id of the EVSE, or of the device where EVSEs are not listed.
    pub key: String,
    /// IANA zone.
    pub zone: String,
    /// The description.
    pub entry: RegisterEntry,
    /// First day it holds for; 0001-01-01 where there was none before.
    pub valid_first: Date,
    /// Last day it holds for; 9999-12-31 for the current one.
    pub valid_last: Date,
}

/// The newest entry of a charge point, as far as returns are checked against it.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisteredPoint {
    /// The operator's id.
    pub operator: String,
    /// Id of the EVSE, or of the device where EVSEs are not listed.
    pub key: String,
    /// What the entry says.
    pub described: Described,
}

/// What an entry says that returns are checked against; what only people read is not taken out of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Described {
    /// Whether it is a device whose EVSEs are not listed.
    pub is_device: bool,
    /// Degrees north and east, WGS84.
    pub coordinates: Option<(f64, f64)>,
    /// Rated power of the strongest connector, kW.
    pub rated_kw: Option<f64>,
    /// First day in service.
    pub commissioned: Option<Date>,
    /// Last day in service.
    pub decommissioned: Option<Date>,
}

/// A file that a register came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterImportRecord {
    /// Number, from 1.
    pub id: i64,
    /// The operator's id.
    pub operator: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// When it was imported.
    pub at: Timestamp,
    /// Rows in it.
    pub entries: u64,
    /// Repairs that were applied, with the rows whose values each changed.
    pub repaired: Vec<(String, u64)>,
    /// Name of the layout it was read in; none where it was not noted.
    pub profile: Option<String>,
    /// The layout as TOML, where it is none of those shipped.
    pub layout: Option<String>,
    /// The import whose repairs it takes back; none where a file was handed in.
    pub undoes: Option<i64>,
}

impl Ledger {
    /// Takes over a register, in one transaction. A charge point described differently ends as it was on the day before
    /// `on` and is as described from `on`; charge points that the file does not list stay as they are.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written; then nothing is changed.
    pub fn import_register(&self, import: &RegisterImport, at: Timestamp) -> Result<RegisterChange, LedgerError> {
        self.write(|transaction| {
            transaction.execute("INSERT OR IGNORE INTO operator (id) VALUES (?1)", [&import.operator])?;
            let id = note_import(transaction, import, None, at)?;
            let mut change = RegisterChange::default();
            for (key, entry) in by_key(import) {
                take_over(transaction, import, id, key, entry, &mut change)?;
            }
            let RegisterChange { added, changed, unchanged } = change;
            let detail = format!("{}: {added} added, {changed} changed, {unchanged} unchanged", import.file_name);
            note(transaction, at, "register imported", &format!("register of {}", import.operator), &detail)?;
            Ok(change)
        })
    }

    /// All versions of all charge points, by number.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn register(&self) -> Result<Vec<RegisterVersion>, LedgerError> {
        let sql = "SELECT version, operator, key, zone, entry, file_row, valid_first, valid_last \
             FROM register_version ORDER BY version";
        self.read(|connection| versions(connection, sql, []))
    }

    /// The newest entry of each charge point.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn registered_points(&self) -> Result<Vec<RegisteredPoint>, LedgerError> {
        let sql = "SELECT operator, key, entry FROM register_version WHERE valid_last = ?1 ORDER BY version";
        self.read(|connection| all(connection, sql, [LAST_DAY], point_of))
    }

    /// All versions as they were after an import: without those of later imports, with those that a later one replaced. The days
    /// on which one ends may be those of now.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn register_at(&self, import: i64) -> Result<Vec<RegisterVersion>, LedgerError> {
        let sql = "SELECT version, operator, key, zone, entry, file_row, valid_first, valid_last \
             FROM register_version WHERE import <= ?1 \
             UNION ALL SELECT version, operator, key, zone, entry, file_row, valid_first, valid_last \
             FROM register_gone WHERE import <= ?1 AND gone_by > ?1 ORDER BY version";
        self.read(|connection| versions(connection, sql, [import]))
    }

    /// All imports, oldest first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn register_imports(&self) -> Result<Vec<RegisterImportRecord>, LedgerError> {
        let sql = "SELECT id, operator, file_name, digest, at, entries, repaired, profile, layout, undoes FROM register_import \
             ORDER BY id";
        self.read(|connection| all(connection, sql, [], import_of))
    }
}

/// Notes an import, and gives its number.
pub(super) fn note_import(
    transaction: &Transaction<'_>,
    import: &RegisterImport,
    undoes: Option<i64>,
    at: Timestamp,
) -> Result<i64, Failure> {
    let repaired = serde_json::to_string(&import.repaired).map_err(Failure::of_json)?;
    transaction.execute(
        "INSERT INTO register_import (operator, file_name, digest, at, entries, repaired, profile, layout, undoes) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            import.operator,
            import.file_name,
            import.digest.to_string(),
            at.to_string(),
            entries_of(import)?,
            repaired,
            import.profile,
            import.layout,
            undoes
        ],
    )?;
    Ok(transaction.last_insert_rowid())
}

/// Entries by the id of their EVSE or device; of several the last.
pub(super) fn by_key(import: &RegisterImport) -> BTreeMap<&str, &RegisterEntry> {
    import.entries.iter().map(|entry| (key_of(entry), entry)).collect()
}

fn entries_of(import: &RegisterImport) -> Result<i64, LedgerError> {
    const WHAT: &str = "the number of entries";
    whole(u64::try_from(import.entries.len()).unwrap_or(u64::MAX), WHAT)
}

fn key_of(entry: &RegisterEntry) -> &str {
    entry.evse.as_deref().unwrap_or(&entry.device)
}

struct Current {
    version: i64,
    zone: String,
    entry: String,
    valid_first: Date,
}

pub(super) fn take_over(
    transaction: &Transaction<'_>,
    import: &RegisterImport,
    id: i64,
    key: &str,
    entry: &RegisterEntry,
    change: &mut RegisterChange,
) -> Result<(), Failure> {
    let text = comparable(entry)?;
    let current = current(transaction, &import.operator, key)?;
    let valid_first = match &current {
        None => {
            change.added += 1;
            FIRST_DAY.to_owned()
        }
        Some(current) if current.entry == text && current.zone == import.zone => {
            change.unchanged += 1;
            return Ok(());
        }
        Some(current) => {
            change.changed += 1;
            make_room(transaction, current, import.on)?.to_string()
        }
    };
    let row = whole(entry.row, "the number of a row")?;
    transaction
        .prepare_cached(
            "INSERT INTO register_version (operator, key, zone, entry, file_row, import, valid_first, valid_last) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![import.operator, key, import.zone, text, row, id, valid_first, LAST_DAY])?;
    Ok(())
}

fn current(transaction: &Transaction<'_>, operator: &str, key: &str) -> rusqlite::Result<Option<Current>> {
    transaction
        .prepare_cached(
            "SELECT version, zone, entry, valid_first FROM register_version \
             WHERE operator = ?1 AND key = ?2 AND valid_last = ?3",
        )?
        .query_row(params![operator, key, LAST_DAY], |row| {
            Ok(Current {
                version: row.get("version")?,
                zone: row.get("zone")?,
                entry: row.get("entry")?,
                valid_first: column::day(row, "valid_first")?,
            })
        })
        .optional()
}

/// Ends the current version on the day before, or removes it where it began only then; returns the first day of the next.
fn make_room(transaction: &Transaction<'_>, current: &Current, on: Date) -> rusqlite::Result<Date> {
    match on.yesterday() {
        Ok(end) if current.valid_first < on => {
            transaction
                .prepare_cached("UPDATE register_version SET valid_last = ?2 WHERE version = ?1")?
                .execute(params![current.version, end.to_string()])?;
            Ok(on)
        }
        _ => {
            transaction
                .prepare_cached("DELETE FROM register_version WHERE version = ?1")?
                .execute([current.version])?;
            Ok(current.valid_first)
        }
    }
}

/// The entry as text, without its row: a line that only moved within the file has not changed. Text rather than values,
/// because a coordinate must not count as changed for having been written down and read again.
pub(super) fn comparable(entry: &RegisterEntry) -> Result<String, Failure> {
    let entry = RegisterEntry { row: 0, ..entry.clone() };
    serde_json::to_string(&entry)
        .map_err(|error| Failure::Sqlite(rusqlite::Error::ToSqlConversionFailure(error.into())))
}

/// A version as it is written.
struct Written {
    version: i32,
    operator: String,
    key: String,
    zone: String,
    entry: String,
    file_row: i64,
    valid_first: String,
    valid_last: String,
}

/// Versions parsed by several threads: that takes longer than to read them.
fn versions(connection: &Connection, sql: &str, values: impl Params) -> rusqlite::Result<Vec<RegisterVersion>> {
    let written_of = |row: &Row<'_>| {
        Ok(Written {
            version: row.get(0)?,
            operator: row.get(1)?,
            key: row.get(2)?,
            zone: row.get(3)?,
            entry: row.get(4)?,
            file_row: row.get(5)?,
            valid_first: row.get(6)?,
            valid_last: row.get(7)?,
        })
    };
    let written = all(connection, sql, values, written_of)?;
    let chunks: Vec<&[Written]> = written.chunks(VERSIONS_AT_ONCE).collect();
    let parsed = in_threads(&chunks, |chunk| chunk.iter().map(Written::parsed).collect::<rusqlite::Result<Vec<_>>>());
    let mut versions = Vec::with_capacity(written.len());
    for chunk in parsed {
        versions.extend(chunk?);
    }
    Ok(versions)
}

impl Written {
    fn parsed(&self) -> rusqlite::Result<RegisterVersion> {
        let entry: RegisterEntry = serde_json::from_str(&self.entry).map_err(|error| unreadable(4, error))?;
        let row = u64::try_from(self.file_row).map_err(|error| unreadable(5, error))?;
        let day = |column, text: &str| text.parse::<Date>().map_err(|error| unreadable(column, error));
        Ok(RegisterVersion {
            version: self.version,
            operator: self.operator.clone(),
            key: self.key.clone(),
            zone: self.zone.clone(),
            entry: RegisterEntry { row, ..entry },
            valid_first: day(6, &self.valid_first)?,
            valid_last: day(7, &self.valid_last)?,
        })
    }
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

fn point_of(row: &Row<'_>) -> rusqlite::Result<RegisteredPoint> {
    #[derive(Deserialize)]
    struct Entry {
        evse: Option<IgnoredAny>,
        latitude: Option<f64>,
        longitude: Option<f64>,
        rated_kw: Option<f64>,
        commissioned: Option<Date>,
        decommissioned: Option<Date>,
    }
    let entry: Entry = column::json(row, "entry")?;
    let described = Described {
        is_device: entry.evse.is_none(),
        coordinates: entry.latitude.zip(entry.longitude),
        rated_kw: entry.rated_kw,
        commissioned: entry.commissioned,
        decommissioned: entry.decommissioned,
    };
    Ok(RegisteredPoint { operator: row.get("operator")?, key: row.get("key")?, described })
}

fn import_of(row: &Row<'_>) -> rusqlite::Result<RegisterImportRecord> {
    Ok(RegisterImportRecord {
        id: row.get("id")?,
        operator: row.get("operator")?,
        file_name: row.get("file_name")?,
        digest: column::digest(row, "digest")?,
        at: column::instant(row, "at")?,
        entries: column::count(row, "entries")?,
        repaired: column::json(row, "repaired")?,
        profile: row.get("profile")?,
        layout: row.get("layout")?,
        undoes: row.get("undoes")?,
    })
}
