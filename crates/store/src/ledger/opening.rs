//! Opening the ledger and bringing it up to date.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{Ledger, LedgerError, all};
use crate::durable;

/// Each entry takes the ledger from the version of its index to the next. Never change one that was released.
const MIGRATIONS: [&str; 7] = [
    include_str!("schema.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
    include_str!("schema-4.sql"),
    include_str!("schema-5.sql"),
    include_str!("schema-6.sql"),
    include_str!("schema-7.sql"),
];
const PATIENCE: Duration = Duration::from_secs(5);

impl Ledger {
    /// Opens the ledger for writing, makes it where there is none, and brings one of an older version up to date.
    ///
    /// # Errors
    /// [`LedgerError`] when it comes from a newer version, is damaged, or cannot be written.
    pub fn open_for_writing(path: &Path) -> Result<Self, LedgerError> {
        let failed = |source| LedgerError::of(path, source);
        let is_new = !path.exists();
        if is_new {
            // SQLite says of a file that cannot be made only that it cannot; why, the system says. An empty one is a new ledger.
            make(path).map_err(|source| LedgerError::of_disk(path, &source))?;
        }
        let mut connection = Connection::open(path).map_err(failed)?;
        prepare(&connection).map_err(failed)?;
        migrate(path, &mut connection)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
        if is_new && let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
            durable::sync_dir(dir).map_err(|source| LedgerError::of_disk(path, &source))?;
        }
        Ok(Self { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    /// Opens the ledger for reading, also while another process writes. Functions that write fail then.
    ///
    /// # Errors
    /// [`LedgerError`] when there is none, or it comes from another version, or is damaged.
    pub fn open_for_reading(path: &Path) -> Result<Self, LedgerError> {
        if !path.exists() {
            return Err(LedgerError::Missing { path: path.to_owned() });
        }
        let failed = |source| LedgerError::of(path, source);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        let found = version(&connection).map_err(failed)?;
        if usize::try_from(found).is_ok_and(|found| found < MIGRATIONS.len()) {
            return Err(LedgerError::Older { path: path.to_owned(), found });
        }
        refuse_newer(path, found)?;
        Ok(Self { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    /// Checks the file and the references in it, and returns the problems in words; none when all is well.
    ///
    /// # Errors
    /// [`LedgerError`] when not even that is possible.
    pub fn check(&self) -> Result<Vec<String>, LedgerError> {
        self.read(|connection| {
            let mut problems = all(connection, "PRAGMA integrity_check", [], |row| row.get::<_, String>(0))?;
            problems.retain(|problem| problem != "ok");
            problems.extend(all(connection, "PRAGMA foreign_key_check", [], |row| {
                let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
                let rowid: Option<i64> = row.get(1)?;
                let row = rowid.map_or_else(|| "a row".to_owned(), |rowid| format!("row {rowid}"));
                Ok(format!("{row} of the table {table} refers to something that the table {parent} does not hold"))
            })?);
            Ok(problems)
        })
    }
}

/// Makes an empty file, which nobody but its owner may write, as SQLite would.
fn make(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    options.open(path).map(drop)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    // References are looked at again once the tables are as they should be: a table made anew is gone for a moment.
    connection.pragma_update(None, "foreign_keys", false)
}

fn migrate(path: &Path, connection: &mut Connection) -> Result<(), LedgerError> {
    let failed = |source| LedgerError::of(path, source);
    // Within the transaction, so that two processes cannot both find the same old version.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let found = version(&transaction).map_err(failed)?;
    refuse_newer(path, found)?;
    for (next, sql) in (1_i64..).zip(MIGRATIONS).filter(|(next, _)| *next > found) {
        transaction.execute_batch(sql).map_err(failed)?;
        transaction.pragma_update(None, "user_version", next).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn refuse_newer(path: &Path, found: i64) -> Result<(), LedgerError> {
    match i64::try_from(MIGRATIONS.len()) {
        Ok(known) if found > known => Err(LedgerError::Newer { path: path.to_owned(), found, known }),
        _ => Ok(()),
    }
}
