//! What returns have to do with each other: rows that another holds already, replaces or overlaps.

use rusqlite::{Row, Transaction, params};

use super::column::whole;
use super::{Failure, Ledger, LedgerError, all, column};

/// Why an accepted row is not in the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CrossingKind {
    /// Another return says the same.
    Repeats,
    /// Another return says otherwise of the same session, and goes before: this one does not declare the session's day.
    Outranked,
    /// A later return says otherwise of the same session.
    Replaced,
}

impl CrossingKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Repeats, Self::Outranked, Self::Replaced];

    /// Id, snake case.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Repeats => "repeats",
            Self::Outranked => "outranked",
            Self::Replaced => "replaced",
        }
    }
}

/// A row that is not in the figures because of a row of another return.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// Row in the file.
    pub row: u64,
    /// Why.
    pub kind: CrossingKind,
    /// The other submission.
    pub other: i64,
    /// Row in its file.
    pub other_row: u64,
    /// Energy of the row, kWh.
    pub energy_kwh: f64,
    /// A number over what the row says, where it was replaced; none where that was not noted.
    pub said: Option<i64>,
}

/// A row of a return, and the one that took its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplacedRow {
    /// Submission and row in its file.
    pub row: (i64, u64),
    /// Submission and row in the file of the one that counts in its place.
    pub by: (i64, u64),
    /// A number over what the row says.
    pub said: i64,
}

/// What one return has to do with another.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// The other submission.
    pub other: i64,
    /// `repeats`, `outranked_by`, `replaced_by`, `repeated_by`, `outranks`, `replaces` or `overlaps`.
    pub kind: &'static str,
    /// Rows concerned.
    pub rows: u64,
    /// Their energy, kWh; 0 for overlaps.
    pub energy_kwh: f64,
}

impl Ledger {
    /// What a submission has to do with others, by their numbers.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn relations(&self, submission: i64) -> Result<Vec<Relation>, LedgerError> {
        self.read(|connection| {
            let sql = "SELECT other, kind, 0 AS reverse, count(*) AS rows, sum(energy_kwh) AS energy_kwh FROM crossing \
                 WHERE submission = ?1 GROUP BY other, kind \
                 UNION ALL SELECT submission, kind, 1, count(*), sum(energy_kwh) FROM crossing \
                 WHERE other = ?1 GROUP BY submission, kind \
                 UNION ALL SELECT other, 'overlaps', 0, sessions, 0.0 FROM overlapping WHERE submission = ?1 \
                 UNION ALL SELECT submission, 'overlaps', 1, sessions, 0.0 FROM overlapping WHERE other = ?1 ORDER BY 1, 2, 3";
            all(connection, sql, [submission], relation_of)
        })
    }

    /// Submissions in the lake whose rows depend on those of the given ones, directly or through others; without these.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn dependants(&self, submissions: &[i64]) -> Result<Vec<i64>, LedgerError> {
        let given = serde_json::to_string(submissions).unwrap_or_else(|_| "[]".to_owned());
        let sql = "WITH RECURSIVE pair (a, b) AS (SELECT submission, other FROM crossing UNION SELECT submission, other FROM overlapping), \
             either (a, b) AS (SELECT a, b FROM pair UNION SELECT b, a FROM pair), \
             reached (id) AS (SELECT value FROM json_each(?1) UNION SELECT b FROM either JOIN reached ON a = id) \
             SELECT id FROM reached JOIN submission USING (id) \
             WHERE in_lake <> 0 AND id NOT IN (SELECT value FROM json_each(?1)) ORDER BY id";
        self.read(|connection| all(connection, sql, [&given], |row| row.get(0)))
    }

    /// Rows of a submission that are not in the figures because of others, by row.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn crossings(&self, submission: i64) -> Result<Vec<Crossing>, LedgerError> {
        let sql = "SELECT file_row, kind, other, other_row, energy_kwh, said FROM crossing WHERE submission = ?1 ORDER BY file_row";
        self.read(|connection| all(connection, sql, [submission], crossing_of))
    }

    /// Returns in the lake of which rows are not in the figures because of rows of a submission: their numbers, and these rows.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn out_for(&self, submission: i64) -> Result<Vec<(i64, u64)>, LedgerError> {
        let sql = "SELECT submission, other_row FROM crossing JOIN submission ON submission.id = submission \
             WHERE other = ?1 AND kind <> 'replaced' AND in_lake <> 0";
        let found = |row: &Row<'_>| Ok((row.get("submission")?, column::count(row, "other_row")?));
        self.read(|connection| all(connection, sql, [submission], found))
    }

    /// Rows that those of given submissions have replaced, and rows that these replaced before; where what they said was noted.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn replaced_by(&self, submissions: &[i64]) -> Result<Vec<ReplacedRow>, LedgerError> {
        let given = serde_json::to_string(submissions).unwrap_or_else(|_| "[]".to_owned());
        let sql = "WITH RECURSIVE reached (id) AS (SELECT value FROM json_each(?1) \
             UNION SELECT submission FROM crossing JOIN reached ON other = id WHERE kind = 'replaced') \
             SELECT submission, file_row, other, other_row, said FROM crossing JOIN reached ON other = id \
             WHERE kind = 'replaced' AND said IS NOT NULL";
        let replaced = |row: &Row<'_>| {
            let of =
                |submission, number| -> rusqlite::Result<_> { Ok((row.get(submission)?, column::count(row, number)?)) };
            Ok(ReplacedRow {
                row: of("submission", "file_row")?,
                by: of("other", "other_row")?,
                said: row.get("said")?,
            })
        };
        self.read(|connection| all(connection, sql, [&given], replaced))
    }
}

/// Replaces the rows of a submission that are not in the figures because of others.
pub(super) fn put_crossings(transaction: &Transaction<'_>, submission: i64, rows: &[Crossing]) -> Result<(), Failure> {
    transaction.execute("DELETE FROM crossing WHERE submission = ?1", [submission])?;
    add_crossings(transaction, submission, rows)
}

/// Adds rows of a submission that are not in the figures because of others.
pub(super) fn add_crossings(transaction: &Transaction<'_>, submission: i64, rows: &[Crossing]) -> Result<(), Failure> {
    let mut statement = transaction.prepare_cached(
        "INSERT OR REPLACE INTO crossing (submission, file_row, kind, other, other_row, energy_kwh, said) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for row in rows {
        let (number, other_row) =
            (whole(row.row, "the number of a row")?, whole(row.other_row, "the number of a row")?);
        statement.execute(params![
            submission,
            number,
            row.kind.id(),
            row.other,
            other_row,
            row.energy_kwh,
            row.said
        ])?;
    }
    Ok(())
}

/// Counts the rows of submissions that are not in the figures because of others.
pub(super) fn count_crossings(transaction: &Transaction<'_>, submissions: &[i64]) -> Result<(), Failure> {
    let mut statement = transaction.prepare_cached(
        "UPDATE submission SET (repeated, energy_repeated_kwh, replaced, energy_replaced_kwh) = (\
         SELECT coalesce(sum(kind <> 'replaced'), 0), coalesce(sum(iif(kind <> 'replaced', energy_kwh, 0.0)), 0.0), \
         coalesce(sum(kind = 'replaced'), 0), coalesce(sum(iif(kind = 'replaced', energy_kwh, 0.0)), 0.0) \
         FROM crossing WHERE submission = ?1) WHERE id = ?1",
    )?;
    for submission in submissions {
        statement.execute([submission])?;
    }
    Ok(())
}

fn relation_of(row: &Row<'_>) -> rusqlite::Result<Relation> {
    let (kind, is_reverse): (String, bool) = (row.get("kind")?, row.get("reverse")?);
    let kind = match (kind.as_str(), is_reverse) {
        ("repeats", false) => "repeats",
        ("repeats", true) => "repeated_by",
        ("outranked", false) => "outranked_by",
        ("outranked", true) => "outranks",
        ("replaced", false) => "replaced_by",
        ("replaced", true) => "replaces",
        _ => "overlaps",
    };
    Ok(Relation {
        other: row.get("other")?,
        kind,
        rows: column::count(row, "rows")?,
        energy_kwh: row.get("energy_kwh")?,
    })
}

fn crossing_of(row: &Row<'_>) -> rusqlite::Result<Crossing> {
    let kind: String = row.get("kind")?;
    Ok(Crossing {
        row: column::count(row, "file_row")?,
        // A CHECK of the table leaves no other text.
        kind: CrossingKind::ALL.into_iter().find(|known| known.id() == kind).unwrap_or(CrossingKind::Repeats),
        other: row.get("other")?,
        other_row: column::count(row, "other_row")?,
        energy_kwh: row.get("energy_kwh")?,
        said: row.get("said")?,
    })
}
