//! The lake: Delta tables of Parquet, made from vault and ledger and replaceable by them.

mod damage;
mod error;
mod listing;
mod log;
mod orphans;
mod sessions;
mod table;
mod writing;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use deltalake_core::kernel::{Action, Add, Remove};
use deltalake_core::protocol::{DeltaOperation, SaveMode};

pub use damage::{LakeDamage, LakeDamageKind};
pub use error::LakeError;
pub use sessions::{SESSIONS, sessions_batch, sessions_data_schema, sessions_spec};
pub use table::{Change, LakeFile, PartitionValues, Replace, TableSpec};

use crate::durable;
use log::Log;
use writing::{Planned, Written};

const SHA256_TAG: &str = "kerbwatt.sha256";
const ROWS_TAG: &str = "kerbwatt.rows";

/// The folder of all tables. A version that no data version of the ledger names is as if it did not exist.
///
/// One process writes at a time ([`crate::DataFolder`] sees to that); any number read, each the versions it was told.
#[derive(Debug, Clone)]
pub struct Lake {
    dir: PathBuf,
}

impl Lake {
    /// The lake in a folder that exists.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        // Only fails without a current folder; then the path as given is the best there is.
        Self { dir: std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned()) }
    }

    /// Notes on disk that something is about to be written: what is half done when the process dies is swept by the next one
    /// that finds the note. Only for the writer.
    ///
    /// # Errors
    /// [`LakeError`] when the disk does not take it.
    pub fn begin(&self) -> Result<(), LakeError> {
        let note = self.note();
        durable::write_file(&note, &note.with_extension("tmp"), b"").map_err(|source| LakeError::of(&note, source))
    }

    /// Whether something was begun and not finished.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.note().exists()
    }

    /// Takes the note of [`Lake::begin`] away.
    ///
    /// # Errors
    /// [`LakeError`] when it cannot be removed.
    pub fn finish(&self) -> Result<(), LakeError> {
        match std::fs::remove_file(self.note()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(LakeError::of(&self.note(), error)),
            _ => Ok(()),
        }
    }

    /// Removes tables other than these, as another version of the program left them. Only for the writer.
    ///
    /// # Errors
    /// [`LakeError`] when one cannot be removed.
    pub fn keep_only(&self, names: &[&str]) -> Result<(), LakeError> {
        let failed = |source| LakeError::of(&self.dir, source);
        for entry in std::fs::read_dir(&self.dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let is_known = entry.file_name().to_str().is_none_or(|name| names.contains(&name));
            if !is_known && entry.path().join(log::LOG).is_dir() {
                Log::of(entry.path()).discard()?;
            }
        }
        Ok(())
    }

    /// Makes an empty table (version 0) where there is none.
    ///
    /// # Errors
    /// [`LakeError`] when the disk does not take it.
    pub async fn create_if_missing(&self, spec: &TableSpec) -> Result<(), LakeError> {
        let log = self.log(spec);
        if log.latest()?.is_none() { log.create(spec).await } else { Ok(()) }
    }

    /// The newest version of a table; none where there is no table.
    ///
    /// # Errors
    /// [`LakeError`] when the table's folder cannot be read.
    pub async fn version(&self, spec: &TableSpec) -> Result<Option<i64>, LakeError> {
        self.log(spec).latest()
    }

    /// Which table it is: one that was discarded and made anew is another, though its versions begin at 0 again.
    ///
    /// # Errors
    /// [`LakeError`] when there is no such table, or its first commit cannot be read.
    pub fn identity(&self, spec: &TableSpec) -> Result<String, LakeError> {
        self.log(spec).identity()
    }

    /// Whether a table that there is has the columns that this program writes; a table of another version of the program is made
    /// anew.
    ///
    /// # Errors
    /// [`LakeError`] when the table's log is damaged.
    pub fn has_columns_of(&self, spec: &TableSpec) -> Result<bool, LakeError> {
        let log = self.log(spec);
        if log.latest()?.is_none() {
            return Ok(true);
        }
        Ok(log.columns()?.iter().eq(spec.schema.fields().iter().map(|field| field.name())))
    }

    /// Changes a table in one commit and returns its new version, which is on disk then. Rows keep their order; an entry
    /// without rows makes no file.
    ///
    /// # Errors
    /// [`LakeError`]; then the table is as before, apart from files that [`Lake::remove_orphans`] removes.
    pub async fn commit(&self, spec: &TableSpec, change: Change, reason: &str) -> Result<i64, LakeError> {
        let log = self.log(spec);
        let base = self.latest(spec, &log)?;
        let known = if change.replace == Replace::Nothing { Vec::new() } else { log.files(base).await? };
        let removed = removed_files(spec, &self.table_dir(spec), known, &change.replace)?;
        let mode = if change.replace == Replace::Nothing { SaveMode::Append } else { SaveMode::Overwrite };
        let planned = plan(spec, change.write)?;
        let (table, schema, next) = (self.table_dir(spec), spec.data_schema(), base + 1);
        let written = blocking(move || writing::write_files(&table, &schema, &planned, next)).await??;
        let mut actions: Vec<Action> = removed.iter().map(|add| Action::Remove(removal(add))).collect();
        actions.extend(written.into_iter().map(|file| Action::Add(addition(file))));
        let partition_by = Some(spec.partitions.iter().map(|&column| column.to_owned()).collect());
        let operation = DeltaOperation::Write { mode, partition_by, predicate: None };
        log.commit(base, actions, operation, reason).await
    }

    /// The files of a version, sorted by path.
    ///
    /// # Errors
    /// [`LakeError`] when there is no such table or version, or its log is damaged.
    pub async fn files(&self, spec: &TableSpec, version: i64) -> Result<Vec<LakeFile>, LakeError> {
        let log = self.log(spec);
        self.latest(spec, &log)?;
        let table = self.table_dir(spec);
        Ok(log.files(version).await?.into_iter().map(|add| file_of(&table, add)).collect())
    }

    /// As [`Lake::files`], read from the whole log, so that damage to any of it is found.
    ///
    /// # Errors
    /// As [`Lake::files`].
    pub async fn read_files(&self, spec: &TableSpec, version: i64) -> Result<Vec<LakeFile>, LakeError> {
        let log = self.log(spec);
        self.latest(spec, &log)?;
        let table = self.table_dir(spec);
        Ok(log.read_files(version).await?.into_iter().map(|add| file_of(&table, add)).collect())
    }

    /// Goes back to a version: the version returned has the same files. It is a new one, unless the newest has them already.
    ///
    /// # Errors
    /// [`LakeError`] when there is no such version, a file of it is gone, or part of the log; then nothing has changed.
    pub async fn restore(&self, spec: &TableSpec, version: i64) -> Result<i64, LakeError> {
        let log = self.log(spec);
        let latest = self.latest(spec, &log)?;
        // What is built on from here on must be whole, also where there is nothing to go back from.
        log.must_have_all(latest)?;
        if latest == version {
            return Ok(latest);
        }
        let (newest, wanted) = (log.files(latest).await?, log.files(version).await?);
        let (missing, superfluous) = (without(&wanted, &newest), without(&newest, &wanted));
        if missing.is_empty() && superfluous.is_empty() {
            return Ok(latest);
        }
        let table = self.table_dir(spec);
        if let Some(gone) = missing.iter().map(|add| table.join(&add.path)).find(|path| !path.is_file()) {
            return Err(LakeError::Gone { path: gone });
        }
        let mut actions: Vec<Action> = superfluous.iter().map(|add| Action::Remove(removal(add))).collect();
        actions.extend(missing.into_iter().map(Action::Add));
        let operation = DeltaOperation::Restore { version: u64::try_from(version).ok(), datetime: None };
        log.commit(latest, actions, operation, &format!("back to version {version}")).await
    }

    /// Removes Parquet and temporary files that no version names, left by a crash, and returns how many. Only for the writer.
    ///
    /// # Errors
    /// [`LakeError`] when the log is incomplete (then nothing is removed) or a file cannot be removed.
    pub async fn remove_orphans(&self, spec: &TableSpec) -> Result<u64, LakeError> {
        let (table, log) = (self.table_dir(spec), self.log(spec));
        blocking(move || orphans::remove(&table, &log)).await?
    }

    /// Reads every file of a version and reports those that are not what was committed.
    ///
    /// # Errors
    /// [`LakeError`] when the version itself cannot be read.
    pub async fn verify(&self, spec: &TableSpec, version: i64) -> Result<Vec<LakeDamage>, LakeError> {
        let files = self.read_files(spec, version).await?;
        let table = spec.name;
        let damage =
            move |file: LakeFile| damage::examine(&file).map(|kind| LakeDamage { table, path: file.path, kind });
        blocking(move || files.into_iter().filter_map(damage).collect()).await
    }

    /// Removes a table with all its files and versions, so that one whose log is damaged can be made anew. Only for the writer.
    ///
    /// # Errors
    /// [`LakeError`] when a file cannot be removed.
    pub async fn discard(&self, spec: &TableSpec) -> Result<(), LakeError> {
        let log = self.log(spec);
        blocking(move || log.discard()).await?
    }

    fn note(&self) -> PathBuf {
        self.dir.join("unfinished")
    }

    fn table_dir(&self, spec: &TableSpec) -> PathBuf {
        self.dir.join(spec.name)
    }

    fn log(&self, spec: &TableSpec) -> Log {
        Log::of(self.table_dir(spec))
    }

    fn latest(&self, spec: &TableSpec, log: &Log) -> Result<i64, LakeError> {
        log.latest()?.ok_or_else(|| LakeError::NoTable { path: self.table_dir(spec) })
    }
}

fn plan(
    spec: &TableSpec,
    write: Vec<(PartitionValues, Vec<arrow::array::RecordBatch>)>,
) -> Result<Vec<Planned>, LakeError> {
    let mut planned = Vec::with_capacity(write.len());
    for (partition, batches) in write {
        let folder = spec.folder_of(&partition)?;
        spec.check_columns(&batches)?;
        if batches.iter().any(|batch| batch.num_rows() > 0) {
            planned.push(Planned { partition, folder, batches });
        }
    }
    Ok(planned)
}

fn removed_files(spec: &TableSpec, table: &Path, known: Vec<Add>, replace: &Replace) -> Result<Vec<Add>, LakeError> {
    match replace {
        Replace::Nothing => Ok(Vec::new()),
        Replace::Everything => Ok(known),
        Replace::Files(paths) => {
            let replaced: HashSet<&PathBuf> = paths.iter().collect();
            let adds: Vec<Add> = known.into_iter().filter(|add| replaced.contains(&table.join(&add.path))).collect();
            let is_all_there = adds.len() == replaced.len();
            let gone = || paths.first().cloned().unwrap_or_else(|| table.to_owned());
            if is_all_there { Ok(adds) } else { Err(LakeError::Gone { path: gone() }) }
        }
        Replace::Partitions(partitions) => {
            partitions.iter().try_for_each(|values| spec.folder_of(values).map(drop))?;
            let replaced: HashSet<&PartitionValues> = partitions.iter().collect();
            Ok(known.into_iter().filter(|add| replaced.contains(&partition_of(add))).collect())
        }
    }
}

fn without(files: &[Add], others: &[Add]) -> Vec<Add> {
    let others: HashSet<&str> = others.iter().map(|add| add.path.as_str()).collect();
    files.iter().filter(|add| !others.contains(add.path.as_str())).cloned().collect()
}

fn addition(file: Written) -> Add {
    let tag = |name: &str, value: String| (name.to_owned(), Some(value));
    Add {
        path: file.path,
        partition_values: file.partition.into_iter().map(|(column, value)| (column, Some(value))).collect(),
        size: i64::try_from(file.bytes).unwrap_or(i64::MAX),
        modification_time: file.modified_ms,
        data_change: true,
        stats: Some(format!("{{\"numRecords\":{}}}", file.rows)),
        tags: Some(HashMap::from([tag(SHA256_TAG, file.sha256.to_string()), tag(ROWS_TAG, file.rows.to_string())])),
        ..Add::default()
    }
}

fn removal(add: &Add) -> Remove {
    Remove {
        path: add.path.clone(),
        data_change: true,
        // The files stay on disk for the versions before, so when they were taken out does not matter to anyone.
        deletion_timestamp: Some(add.modification_time),
        extended_file_metadata: Some(true),
        partition_values: Some(add.partition_values.clone()),
        size: Some(add.size),
        tags: add.tags.clone(),
        ..Remove::default()
    }
}

fn file_of(table: &Path, add: Add) -> LakeFile {
    let partition = partition_of(&add);
    let mut tags = add.tags.unwrap_or_default();
    let rows = tags.remove(ROWS_TAG).flatten().and_then(|rows| rows.parse().ok());
    LakeFile {
        path: table.join(&add.path),
        partition,
        rows: rows.unwrap_or_default(),
        bytes: u64::try_from(add.size).unwrap_or_default(),
        sha256: tags.remove(SHA256_TAG).flatten(),
    }
}

fn partition_of(add: &Add) -> PartitionValues {
    let pair = |(column, value): (&String, &Option<String>)| (column.clone(), value.clone().unwrap_or_default());
    add.partition_values.iter().map(pair).collect()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LakeError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| LakeError::BrokeOff(error.to_string()))
}
