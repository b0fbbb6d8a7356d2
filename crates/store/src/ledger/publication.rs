//! Data versions: the atomic switch from one state of the lake to the next. And the audit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_model::Period;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::column::whole;
use super::crossings::{add_crossings, count_crossings, put_crossings};
use super::places::places_now;
use super::shown::note_shown;
use super::{Crossing, Decision, Failure, Ledger, LedgerError, PlacesRecord, all, column, note};

/// A state of the lake, to be made the current one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Publication {
    /// Versions of the lake's tables, by name.
    pub tables: BTreeMap<String, i64>,
    /// Identity of the lake's tables, by name: one that was made anew after damage is another.
    pub table_ids: BTreeMap<String, String>,
    /// Which columns the tables have, in the caller's own words.
    pub format: String,
    /// First and last day with data.
    pub days: Option<(Date, Date)>,
    /// Submissions whose sessions are now in the lake, as they are now.
    pub entered: Vec<Entered>,
    /// Submissions whose sessions are no longer in the lake.
    pub left: Vec<i64>,
    /// Why it was made, for people.
    pub reason: String,
    /// Whether `entered` are all that are in the lake, as after a rebuild, or come on top of those before.
    pub replaces_all: bool,
}

/// A submission whose sessions went into the lake, and what that did to rows of its own and of others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entered {
    /// The submission.
    pub submission: i64,
    /// The days that it reports, where they had not been noted with it: see [`super::Submission::covered`].
    pub covered: Option<Vec<Period>>,
    /// Rows of its own that other returns keep out.
    pub crossings: Vec<Crossing>,
    /// Rows of others that it replaces, with their submission.
    pub replaces: Vec<(i64, Crossing)>,
    /// How many of its rows overlap those of another, by its number.
    pub overlaps: BTreeMap<i64, u64>,
}

/// A state of the lake: the stamp on every figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataVersion {
    /// Number, from 1; never given twice.
    pub number: i64,
    /// When it was made.
    pub made_at: Timestamp,
    /// Versions of the lake's tables, by name.
    pub tables: BTreeMap<String, i64>,
    /// Why it was made.
    pub reason: String,
    /// First and last day with data.
    pub days: Option<(Date, Date)>,
    /// Identity of the lake's tables, by name; nothing where it was not noted.
    pub table_ids: BTreeMap<String, String>,
    /// Which columns the tables have; none where it was not noted.
    pub format: Option<String>,
    /// Files of boundaries in use, by level; none for versions of which the ledger did not yet keep what they hold.
    pub places: Option<Vec<PlacesRecord>>,
    /// The last import of a register that is in it; 0 where there was none.
    pub register_import: i64,
    /// The last decision that is in it; 0 where there was none.
    pub last_decision: i64,
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Number, from 1.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What happened, such as `accepted`.
    pub event: String,
    /// To what, such as `submission 3 of gb-dcc`.
    pub subject: String,
    /// More, for people; may be empty.
    pub detail: String,
}

impl Ledger {
    /// Makes a state of the lake the current one, and notes which submissions are in it, in one transaction. Returns its number.
    ///
    /// # Errors
    /// [`LedgerError::Absent`] when a submission is not there or not accepted; otherwise [`LedgerError`] when the ledger
    /// cannot be written. Then the version before stays the current one.
    pub fn publish(&self, publication: &Publication, at: Timestamp) -> Result<i64, LedgerError> {
        self.write(|transaction| {
            let before = "SELECT coalesce(max(number), 0) FROM data_version";
            let before: i64 = transaction.query_row(before, [], |row| row.get(0))?;
            let number = insert(transaction, publication, at)?;
            if publication.replaces_all {
                transaction.execute_batch(
                    "UPDATE submission SET in_lake = 0; DELETE FROM crossing WHERE submission IN \
                     (SELECT id FROM submission WHERE state = 'accepted'); DELETE FROM overlapping;",
                )?;
            }
            for id in &publication.left {
                leave(transaction, *id)?;
            }
            // All are taken out before the first comes in: what one does to another must not be forgotten again.
            for entered in &publication.entered {
                leave(transaction, entered.submission)?;
            }
            for entered in &publication.entered {
                enter(transaction, entered)?;
            }
            note_shown(transaction, number, before)?;
            note(transaction, at, "data version", &number.to_string(), &publication.reason)?;
            Ok(number)
        })
    }

    /// The current data version; none before the first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn data_version(&self) -> Result<Option<DataVersion>, LedgerError> {
        self.read(|connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} ORDER BY number DESC LIMIT 1"))?
                .query_row([], version_of)
                .optional()
        })
    }

    /// Every data version, newest first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn data_versions(&self) -> Result<Vec<DataVersion>, LedgerError> {
        self.read(|connection| all(connection, &format!("{COLUMNS} ORDER BY number DESC"), [], version_of))
    }

    /// One data version.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn data_version_of(&self, number: i64) -> Result<Option<DataVersion>, LedgerError> {
        self.read(|connection| {
            let sql = format!("{COLUMNS} WHERE number = ?1");
            connection.prepare_cached(&sql)?.query_row([number], version_of).optional()
        })
    }

    /// Decisions after one and up to another, oldest first, each with its submission.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn decisions_between(&self, after: i64, up_to: i64) -> Result<Vec<(i64, Decision)>, LedgerError> {
        let sql = "SELECT id, submission, at, kind, detail, note, before, undone_by FROM decision \
             WHERE id > ?1 AND id <= ?2 ORDER BY id";
        let found = |row: &Row<'_>| Ok((row.get("submission")?, super::decisions::decision_of(row)?));
        self.read(|connection| all(connection, sql, [after, up_to], found))
    }

    /// Submissions that are not in the lake as they are: accepted ones that are missing in it, and stale ones; oldest first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn pending(&self) -> Result<Vec<i64>, LedgerError> {
        let sql = "SELECT id FROM submission WHERE in_lake = 2 OR (state = 'accepted' AND in_lake = 0) ORDER BY id";
        self.read(|connection| all(connection, sql, [], |row| row.get(0)))
    }

    /// The audit, oldest first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn audit(&self) -> Result<Vec<AuditEntry>, LedgerError> {
        let sql = "SELECT id, at, event, subject, detail FROM audit ORDER BY id";
        self.read(|connection| all(connection, sql, [], entry_of))
    }
}

/// Forgets what a submission in the lake did to rows of its own and of others.
fn leave(transaction: &Transaction<'_>, id: i64) -> Result<(), Failure> {
    let others: Vec<i64> = transaction
        .prepare_cached("SELECT DISTINCT submission FROM crossing WHERE other = ?1")?
        .query_map([id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for sql in [
        // What waits for a decision is compared anew, and says until then what it was compared with.
        "DELETE FROM crossing WHERE submission = ?1 \
         OR (other = ?1 AND submission IN (SELECT id FROM submission WHERE in_lake <> 0))",
        "DELETE FROM overlapping WHERE submission = ?1 OR other = ?1",
        "UPDATE submission SET in_lake = 0 WHERE id = ?1",
    ] {
        transaction.prepare_cached(sql)?.execute([id])?;
    }
    count_crossings(transaction, &others)?;
    count_crossings(transaction, &[id])
}

fn enter(transaction: &Transaction<'_>, entered: &Entered) -> Result<(), Failure> {
    let id = entered.submission;
    let covered = entered.covered.as_deref().map(column::periods_json).transpose()?;
    let sql = "UPDATE submission SET in_lake = 1, covered = coalesce(?2, covered) WHERE id = ?1 AND state = 'accepted'";
    if transaction.prepare_cached(sql)?.execute(params![id, covered])? == 0 {
        return Err(LedgerError::Absent { what: "accepted submission", id: id.to_string() }.into());
    }
    put_crossings(transaction, id, &entered.crossings)?;
    let mut touched = vec![id];
    for (other, crossing) in &entered.replaces {
        add_crossings(transaction, *other, std::slice::from_ref(crossing))?;
        touched.push(*other);
    }
    let mut overlap = transaction
        .prepare_cached("INSERT OR REPLACE INTO overlapping (submission, other, sessions) VALUES (?1, ?2, ?3)")?;
    for (other, sessions) in &entered.overlaps {
        overlap.execute(params![id, other, whole(*sessions, "the number of overlaps")?])?;
    }
    touched.sort_unstable();
    touched.dedup();
    count_crossings(transaction, &touched)
}

const COLUMNS: &str = "SELECT number, made_at, tables, reason, first_day, last_day, table_ids, format, places, \
    register_import, last_decision FROM data_version";

fn insert(transaction: &Transaction<'_>, publication: &Publication, at: Timestamp) -> Result<i64, Failure> {
    let json = |map: serde_json::Result<String>| map.map_err(Failure::of_json);
    let places = serde_json::to_string(&places_now(transaction)?);
    let day = |of: fn(&(Date, Date)) -> Date| publication.days.as_ref().map(|days| of(days).to_string());
    transaction.execute(
        "INSERT INTO data_version (made_at, tables, reason, first_day, last_day, table_ids, format, places, \
         register_import, last_decision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, \
         (SELECT coalesce(max(id), 0) FROM register_import), (SELECT coalesce(max(id), 0) FROM decision))",
        params![
            at.to_string(),
            json(serde_json::to_string(&publication.tables))?,
            publication.reason,
            day(|days| days.0),
            day(|days| days.1),
            json(serde_json::to_string(&publication.table_ids))?,
            publication.format,
            json(places)?,
        ],
    )?;
    Ok(transaction.last_insert_rowid())
}

fn version_of(row: &Row<'_>) -> rusqlite::Result<DataVersion> {
    Ok(DataVersion {
        number: row.get("number")?,
        made_at: column::instant(row, "made_at")?,
        tables: column::json(row, "tables")?,
        reason: row.get("reason")?,
        days: column::day_if_any(row, "first_day")?.zip(column::day_if_any(row, "last_day")?),
        table_ids: column::json_if_any(row, "table_ids")?.unwrap_or_default(),
        format: row.get("format")?,
        places: column::json_if_any(row, "places")?,
        register_import: row.get::<_, Option<i64>>("register_import")?.unwrap_or(0),
        last_decision: row.get::<_, Option<i64>>("last_decision")?.unwrap_or(0),
    })
}

fn entry_of(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.get("id")?,
        at: column::instant(row, "at")?,
        event: row.get("event")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
    })
}
