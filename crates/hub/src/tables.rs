//! Files of several tables: each table is a return of its own.

use jiff::Timestamp;
use kerbwatt_intake::{Part, Refusal};

use crate::receive::refused;
use crate::{Hub, HubError, NewReturn, Report, Submitted, check};

/// What became of one table of a file.
#[derive(Debug)]
pub struct Table<T> {
    /// Its name within the file; empty where the file is one table.
    pub part: String,
    /// What became of it.
    pub outcome: TableOutcome<T>,
}

/// What became of a table.
#[derive(Debug)]
pub enum TableOutcome<T> {
    /// It was read.
    Read(T),
    /// It was not.
    Failed(HubError),
    /// It is no table of data, such as a picture or a page of notes: why.
    Skipped(String),
}

impl<T> From<Result<T, HubError>> for TableOutcome<T> {
    fn from(result: Result<T, HubError>) -> Self {
        result.map_or_else(Self::Failed, Self::Read)
    }
}

/// A table as a return of its own, and what became of it where it is not to be read.
type Listed<T> = (NewReturn, Option<TableOutcome<T>>);

/// The tables of a file.
fn tables<T>(file: &NewReturn) -> Result<Vec<Listed<T>>, HubError> {
    let table = |part: String| NewReturn { part, ..file.clone() };
    if !file.part.is_empty() {
        return Ok(vec![(file.clone(), None)]);
    }
    let found = match kerbwatt_intake::parts(&*file.bytes) {
        // An empty file of a declared period says that there was nothing to report.
        Err(Refusal::Empty) if file.period.is_some() => return Ok(vec![(table(String::new()), None)]),
        found => found.map_err(|refusal| refused(&file.file_name, refusal))?,
    };
    let of = |part: Part| {
        let table = table(part.name);
        let failed = part.refused.map(|refusal| TableOutcome::Failed(refused(&table.shown_name(), refusal)));
        (table, failed.or_else(|| part.skipped.map(TableOutcome::Skipped)))
    };
    Ok(found.into_iter().map(of).collect())
}

/// Reads and checks each table of a file; writes nothing and needs no data folder.
///
/// # Errors
/// [`HubError::Refused`] when the file as a whole cannot be opened.
pub fn check_tables(file: &NewReturn) -> Result<Vec<Table<Report>>, HubError> {
    let of = |(table, unread): Listed<Report>| {
        let outcome = unread.unwrap_or_else(|| check(&table).into());
        Table { part: table.part, outcome }
    };
    Ok(tables(file)?.into_iter().map(of).collect())
}

impl Hub {
    /// Submits each table of a file as a return of its own; see [`Hub::submit`]. One that cannot be read does not keep the others
    /// out.
    ///
    /// # Errors
    /// [`HubError::Refused`] when the file as a whole cannot be opened.
    pub async fn submit_tables(&self, file: &NewReturn, at: Timestamp) -> Result<Vec<Table<Submitted>>, HubError> {
        let (mut done, mut kept) = (Vec::new(), None);
        for (table, unread) in tables(file)? {
            let outcome = match unread {
                Some(outcome) => outcome,
                None => self.submit_kept(&table, kept, at).await.into(),
            };
            // One copy in the vault is enough for all tables of a file.
            if let (None, TableOutcome::Read(submitted)) = (&kept, &outcome) {
                kept = self.ledger.submission(submitted.submission)?.map(|one| one.digest);
            }
            done.push(Table { part: table.part, outcome });
        }
        Ok(done)
    }

    /// Reads and checks each table of a file as [`Hub::submit_tables`] would, against the register, the operator's own layouts
    /// and other returns; writes nothing.
    ///
    /// # Errors
    /// As [`Hub::submit_tables`].
    pub async fn check_tables(&self, file: &NewReturn) -> Result<Vec<Table<Report>>, HubError> {
        let mut done = Vec::new();
        for (table, unread) in tables(file)? {
            let outcome = match unread {
                Some(outcome) => outcome,
                None => self.check(&table).await.into(),
            };
            done.push(Table { part: table.part, outcome });
        }
        Ok(done)
    }
}
