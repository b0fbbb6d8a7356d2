//! What the lake held at one data version.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_store::LakeFile;
use tokio::sync::OnceCell;

use crate::known::Known;
use crate::tables::read_file;
use crate::{EVSES, EngineError, LABELS, Labels, Members, Return};

/// The files of every table at one data version, and the dimension tables in memory. Immutable: files of the lake never change.
#[derive(Debug)]
pub struct Snapshot {
    /// Number of the data version; 0 before any data.
    pub data_version: i64,
    /// When it was made.
    pub made_at: Timestamp,
    /// Whether the data is invented.
    pub is_sample: bool,
    /// Members by version.
    pub members: Members,
    /// Names of codes and ids.
    pub labels: Labels,
    /// Files by table.
    pub files: BTreeMap<&'static str, Vec<LakeFile>>,
    /// First and last local day that an accepted return covers or holds.
    pub days: Option<(Date, Date)>,
    /// The returns whose rows are in the figures.
    pub returns: Vec<Return>,
    /// On which of these days each operator reported: read once, when the first question needs all of them.
    pub(crate) reported: OnceCell<Known>,
}

impl Snapshot {
    /// A snapshot of the files of one data version; reads the dimension tables.
    ///
    /// # Errors
    /// [`EngineError`] when a file cannot be read or lacks a column.
    pub fn read(
        data_version: i64,
        made_at: Timestamp,
        is_sample: bool,
        files: BTreeMap<&'static str, Vec<LakeFile>>,
        days: Option<(Date, Date)>,
    ) -> Result<Self, EngineError> {
        let batches = |table: &str| -> Result<Vec<_>, EngineError> {
            let mut batches = Vec::new();
            for file in files.get(table).into_iter().flatten() {
                batches.extend(read_file(file)?);
            }
            Ok(batches)
        };
        let members = Members::read(&batches(EVSES)?)?;
        let labels = Labels::read(&batches(LABELS)?)?;
        let (returns, reported) = (Vec::new(), OnceCell::new());
        Ok(Self { data_version, made_at, is_sample, members, labels, files, days, returns, reported })
    }

    /// The same, with the returns whose rows are in the figures.
    #[must_use]
    pub fn of_returns(self, returns: Vec<Return>) -> Self {
        Self { returns, ..self }
    }
}
