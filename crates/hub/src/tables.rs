//! Files of several tables: each table is a return of its own.

use jiff::Timestamp;
use kerbwatt_intake::Refusal;

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

/// The tables of a file: names, and why one is passed over.
fn tables(file: &NewReturn) -> Result<Vec<(String, Option<String>)>, HubError> {
    if !file.part.is_empty() {
        return Ok(vec![(file.part.clone(), None)]);
    }
    let found = match kerbwatt_intake::parts(&*file.bytes) {
        // An empty file of a declared period says that there was nothing to report.
        Err(Refusal::Empty) if file.period.is_some() => return Ok(vec![(String::new(), None)]),
        found => found.map_err(|refusal| refused(&file.file_name, refusal))?,
    };
    Ok(found.into_iter().map(|part| (part.name, part.skipped)).collect())
}

/// Reads and checks each table of a file; writes nothing and needs no data folder.
///
/// # Errors
/// [`HubError::Refused`] when the file as a whole cannot be opened.
pub fn check_tables(file: &NewReturn) -> Result<Vec<Table<Report>>, HubError> {
    let of = |(part, skipped): (String, Option<String>)| {
        let table = NewReturn { part: part.clone(), ..file.clone() };
        Table { part, outcome: skipped.map_or_else(|| check(&table).into(), TableOutcome::Skipped) }
    };
    Ok(tables(file)?.into_iter().map(of).collect())
}

impl Hub {
    /// Submits each table of a file as a return of its own; see [`Hub::submit`].
    ///
    /// # Errors
    /// [`HubError::Refused`] when the file as a whole cannot be opened.
    pub async fn submit_tables(&self, file: &NewReturn, at: Timestamp) -> Result<Vec<Table<Submitted>>, HubError> {
        let mut done = Vec::new();
        for (part, skipped) in tables(file)? {
            let outcome = match skipped {
                Some(why) => TableOutcome::Skipped(why),
                None => self.submit(&NewReturn { part: part.clone(), ..file.clone() }, at).await.into(),
            };
            done.push(Table { part, outcome });
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
        for (part, skipped) in tables(file)? {
            let outcome = match skipped {
                Some(why) => TableOutcome::Skipped(why),
                None => self.check(&NewReturn { part: part.clone(), ..file.clone() }).await.into(),
            };
            done.push(Table { part, outcome });
        }
        Ok(done)
    }
}
