//! EVSEs as returns and registers name them, and the numbers that the lake knows them by.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::{Ledger, LedgerError, all, column};

/// An EVSE as a return or a register names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvse {
    /// The operator's own id.
    pub uid: String,
    /// The device it belongs to.
    pub device: String,
    /// IANA zone of its civil time.
    pub zone: String,
}

/// An EVSE with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvseRecord {
    /// Number, from 1; never given twice.
    pub number: i32,
    /// The operator's id.
    pub operator: String,
    /// The operator's own id of the EVSE.
    pub uid: String,
    /// The device it belongs to, as named first.
    pub device: String,
    /// IANA zone of its civil time, as named first.
    pub zone: String,
    /// Day of its first session in any return.
    pub first_seen: Option<Date>,
    /// Day of its last session in any return.
    pub last_seen: Option<Date>,
}

/// What one submission says of an EVSE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvseReturn {
    /// The submission.
    pub submission: i64,
    /// Sessions in it.
    pub sessions: i64,
    /// Day of the first of them.
    pub first: Date,
    /// Day of the last of them.
    pub last: Date,
}

impl Ledger {
    /// The numbers of an operator's EVSEs, in the order given; those not known get one. An operator not known before becomes known.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written.
    pub fn number_evses(&self, operator: &str, evses: &[NewEvse]) -> Result<Vec<i32>, LedgerError> {
        self.write(|transaction| {
            transaction.execute("INSERT OR IGNORE INTO operator (id) VALUES (?1)", [operator])?;
            let mut known = known_numbers(transaction, operator, evses)?;
            let mut insert = transaction.prepare_cached(
                "INSERT INTO evse (operator, uid, device, zone) VALUES (?1, ?2, ?3, ?4) RETURNING number",
            )?;
            let mut number = |evse: &NewEvse| -> rusqlite::Result<i32> {
                if let Some(number) = known.get(evse.uid.as_str()) {
                    return Ok(*number);
                }
                let number = insert.query_row(params![operator, evse.uid, evse.device, evse.zone], |row| row.get(0))?;
                known.insert(evse.uid.clone(), number);
                Ok(number)
            };
            Ok(evses.iter().map(&mut number).collect::<rusqlite::Result<_>>()?)
        })
    }

    /// All EVSEs, by number.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn evses(&self) -> Result<Vec<EvseRecord>, LedgerError> {
        let sql = "SELECT number, operator, uid, device, zone, first_seen, last_seen FROM evse ORDER BY number";
        self.read(|connection| all(connection, sql, [], record_of))
    }

    /// An operator's EVSEs, each with its number, its id and its device; by number.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn devices_of(&self, operator: &str) -> Result<Vec<(i32, String, String)>, LedgerError> {
        let sql = "SELECT number, uid, device FROM evse WHERE operator = ?1 ORDER BY number";
        self.read(|connection| all(connection, sql, [operator], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))))
    }

    /// Sessions of each EVSE in returns that are in the lake, by its number.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn sessions_by_evse(&self) -> Result<HashMap<i32, u64>, LedgerError> {
        let sql = "SELECT evse, sum(sessions) AS sessions FROM evse_return GROUP BY evse";
        let found = |row: &Row<'_>| Ok((row.get("evse")?, column::count(row, "sessions")?));
        Ok(self.read(|connection| all(connection, sql, [], found))?.into_iter().collect())
    }

    /// Notes how many sessions of which EVSE a submission has, and their first and last day, and widens the days on which these were
    /// seen, to the end of what the submission covers. Notes of the same submission made before are replaced.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written, or does not know the submission or an EVSE.
    pub fn note_returns(
        &self,
        submission: i64,
        covered: Option<Date>,
        counts: &[(i32, i64, Date, Date)],
    ) -> Result<(), LedgerError> {
        self.write(|transaction| {
            transaction.execute("DELETE FROM evse_return WHERE submission = ?1", [submission])?;
            let mut statement = transaction.prepare_cached(
                "INSERT INTO evse_return (evse, submission, sessions, first_day, last_day) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for (evse, sessions, first, last) in counts {
                statement.execute(params![evse, submission, sessions, text(*first), text(*last)])?;
            }
            // Days as text compare as days.
            transaction.execute(
                "UPDATE evse SET first_seen = min(coalesce(first_seen, first_day), first_day), \
                 last_seen = max(coalesce(last_seen, last_day), last_day, coalesce(?2, last_day)) \
                 FROM evse_return WHERE evse_return.evse = evse.number AND evse_return.submission = ?1 \
                 AND (first_seen IS NULL OR last_seen IS NULL OR first_day < first_seen OR last_day > last_seen OR ?2 > last_seen)",
                params![submission, covered.map(text)],
            )?;
            Ok(())
        })
    }

    /// Forgets the sessions of submissions, and narrows the days on which their EVSEs were seen to what other returns in the
    /// lake say: a point is live from its first session to the end of the last return that mentions it.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written.
    pub fn forget_returns(&self, submissions: &[i64]) -> Result<(), LedgerError> {
        self.write(|transaction| {
            for id in submissions {
                let seen: Vec<i64> = transaction
                    .prepare_cached("SELECT evse FROM evse_return WHERE submission = ?1")?
                    .query_map([id], |row| row.get(0))?
                    .collect::<rusqlite::Result<_>>()?;
                transaction.execute("DELETE FROM evse_return WHERE submission = ?1", [id])?;
                let mut narrow = transaction.prepare_cached(
                    "UPDATE evse SET (first_seen, last_seen) = (\
                     SELECT min(first_day), max(max(last_day, coalesce(declared_last, \
                     (SELECT max(value ->> 1) FROM json_each(covered)), found_last, last_day))) \
                     FROM evse_return JOIN submission ON submission.id = evse_return.submission WHERE evse = ?1) \
                     WHERE number = ?1",
                )?;
                for evse in seen {
                    narrow.execute([evse])?;
                }
            }
            Ok(())
        })
    }

    /// Numbers of EVSEs as single versions of the register describe them, each pair of EVSE and register version always the
    /// same one, in the order given. Pairs not known get one.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written, or does not know an EVSE.
    pub fn evse_versions(&self, pairs: &[(i32, i32)]) -> Result<Vec<i32>, LedgerError> {
        self.write(|transaction| {
            pairs.iter().map(|&(evse, register)| Ok(version_number(transaction, evse, register)?)).collect()
        })
    }
}

/// EVSEs that are looked up one by one; of more, all of the operator are read, which takes a fraction of the time for each.
const FEW: usize = 200;

/// Numbers of an operator's EVSEs by their ids: of those asked for, or of all.
fn known_numbers(
    transaction: &Transaction<'_>,
    operator: &str,
    evses: &[NewEvse],
) -> rusqlite::Result<HashMap<String, i32>> {
    let pair = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    if evses.len() <= FEW {
        let mut one = transaction.prepare_cached("SELECT uid, number FROM evse WHERE operator = ?1 AND uid = ?2")?;
        let mut find = |evse: &NewEvse| one.query_row([operator, &evse.uid], pair).optional().transpose();
        return evses.iter().filter_map(&mut find).collect();
    }
    let mut all = transaction.prepare_cached("SELECT uid, number FROM evse WHERE operator = ?1")?;
    all.query_map([operator], pair)?.collect()
}

/// Looked up first: most pairs are known, and a lookup writes nothing.
fn version_number(transaction: &Transaction<'_>, evse: i32, register: i32) -> rusqlite::Result<i32> {
    let known = transaction
        .prepare_cached("SELECT number FROM evse_version WHERE evse = ?1 AND register_version = ?2")?
        .query_row([evse, register], |row| row.get(0))
        .optional()?;
    known.map_or_else(
        || {
            transaction
                .prepare_cached("INSERT INTO evse_version (evse, register_version) VALUES (?1, ?2) RETURNING number")?
                .query_row([evse, register], |row| row.get(0))
        },
        Ok,
    )
}

fn text(day: Date) -> String {
    day.to_string()
}

fn record_of(row: &Row<'_>) -> rusqlite::Result<EvseRecord> {
    Ok(EvseRecord {
        number: row.get("number")?,
        operator: row.get("operator")?,
        uid: row.get("uid")?,
        device: row.get("device")?,
        zone: row.get("zone")?,
        first_seen: column::day_if_any(row, "first_seen")?,
        last_seen: column::day_if_any(row, "last_seen")?,
    })
}
