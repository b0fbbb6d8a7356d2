//! The Delta log of one table: versions read through Delta, commits written by us, because Delta's own store never flushes.

use std::collections::HashMap;
use std::fs::{self, DirEntry, File};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel as _;
use deltalake_core::kernel::transaction::CommitData;
use deltalake_core::kernel::{Action, Add, Metadata, StructType};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::DeltaOperation;
use deltalake_core::table::state::DeltaTableState;
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError, checkpoints, ensure_table_uri};

use super::writing::TEMPORARY;
use super::{LakeError, TableSpec, listing};
use crate::durable;

/// Folder of the log within that of the table.
pub(super) const LOG: &str = "_delta_log";
/// A checkpoint spares the reading of all commits before it.
const COMMITS_BETWEEN_CHECKPOINTS: i64 = 100;

/// The log of a table.
pub(super) struct Log {
    table: PathBuf,
}

impl Log {
    pub(super) fn of(table: PathBuf) -> Self {
        Self { table }
    }

    /// The newest version; none where there is no table.
    pub(super) fn latest(&self) -> Result<Option<i64>, LakeError> {
        Ok(self.versions()?.into_iter().max())
    }

    /// All versions whose commits are there, in no order.
    pub(super) fn versions(&self) -> Result<Vec<i64>, LakeError> {
        Ok(self.commits()?.into_iter().map(|(version, _)| version).collect())
    }

    /// Refuses a log of which a commit up to a version is missing or empty. Delta passes over an empty one in silence, as if it had
    /// changed nothing, and would drop what it added. Nothing but names and sizes is looked at: every start of a writer waits for this.
    pub(super) fn must_have_all(&self, version: i64) -> Result<(), LakeError> {
        let mut commits: Vec<_> = self.commits()?.into_iter().filter(|(of, _)| *of <= version).collect();
        commits.sort_unstable_by_key(|(of, _)| *of);
        for (expected, (of, entry)) in (0..).zip(commits) {
            let damaged =
                |reason: &str| LakeError::LogFile { path: self.commit_file(expected), reason: reason.to_owned() };
            if of != expected {
                return Err(damaged("it is not there, but later ones are"));
            }
            let about = entry.metadata().map_err(|source| LakeError::of(&entry.path(), source))?;
            if about.len() == 0 {
                return Err(damaged("it is empty"));
            }
        }
        Ok(())
    }

    /// Refuses a log of which a commit up to a version does not begin as commits do.
    fn must_be_legible(&self, version: i64) -> Result<(), LakeError> {
        self.must_have_all(version)?;
        for path in (0..=version).map(|version| self.commit_file(version)) {
            let mut line = String::new();
            let read = File::open(&path).and_then(|file| BufReader::new(file).read_line(&mut line));
            let reason = match read {
                Ok(_) => serde_json::from_str::<Action>(&line).err().map(|error| error.to_string()),
                Err(error) if error.kind() == io::ErrorKind::InvalidData => Some(error.to_string()),
                Err(source) => return Err(LakeError::of(&path, source)),
            };
            if let Some(reason) = reason {
                return Err(LakeError::LogFile { path, reason });
            }
        }
        Ok(())
    }

    /// All commits that are there, by their versions, in no order.
    fn commits(&self) -> Result<Vec<(i64, DirEntry)>, LakeError> {
        let dir = self.table.join(LOG);
        let failed = |source| LakeError::of(&dir, source);
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut commits = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let version = entry.file_name().to_str().and_then(version_of);
            commits.extend(version.map(|version| (version, entry)));
        }
        Ok(commits)
    }

    /// The commit file of a version.
    pub(super) fn commit_file(&self, version: i64) -> PathBuf {
        self.table.join(LOG).join(format!("{version:020}.json"))
    }

    /// The identity that the table was made with, from its first commit.
    pub(super) fn identity(&self) -> Result<String, LakeError> {
        Ok(self.metadata()?.id().to_owned())
    }

    /// Names of the columns that the table was made with, in their order; they never change.
    pub(super) fn columns(&self) -> Result<Vec<String>, LakeError> {
        let damaged = |error: String| LakeError::LogFile { path: self.commit_file(0), reason: error };
        let schema = self.metadata()?.parse_schema().map_err(|error| damaged(error.to_string()))?;
        Ok(schema.fields().map(|field| field.name().clone()).collect())
    }

    /// What the first commit says of the table.
    fn metadata(&self) -> Result<Metadata, LakeError> {
        let path = self.commit_file(0);
        let text = fs::read_to_string(&path).map_err(|source| LakeError::of(&path, source))?;
        let metadata = text.lines().find_map(|line| match serde_json::from_str(line) {
            Ok(Action::Metadata(metadata)) => Some(metadata),
            _ => None,
        });
        let reason = "it does not say which table it is of".to_owned();
        metadata.ok_or(LakeError::LogFile { path, reason })
    }

    /// The files of a version, by path.
    pub(super) async fn files(&self, version: i64) -> Result<Vec<Add>, LakeError> {
        match listing::files(&self.table, self, version) {
            Some(files) => Ok(files),
            None => self.read_files(version).await,
        }
    }

    /// As [`Log::files`], read from the whole log.
    pub(super) async fn read_files(&self, version: i64) -> Result<Vec<Add>, LakeError> {
        let mut files = self.load(version).await?.adds();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// The state of the table as of a version.
    async fn load(&self, version: i64) -> Result<Loaded, LakeError> {
        let missing = || LakeError::NoVersion { path: self.table.clone(), version };
        if !self.commit_file(version).is_file() {
            return Err(missing());
        }
        self.must_be_legible(version)?;
        let number = u64::try_from(version).map_err(|_| missing())?;
        let mut table = self.open(&self.table)?;
        table.load_version(number).await.map_err(|source| self.failed(source))?;
        Ok(Loaded(table))
    }

    /// Makes an empty table. It appears whole: the log is made beside it and moved in.
    pub(super) async fn create(&self, spec: &TableSpec) -> Result<(), LakeError> {
        let beside = self.clear_beside()?;
        let failed = |source| LakeError::of(&beside, source);
        durable::create_dir(&beside.join(LOG)).map_err(failed)?;
        let columns: StructType = spec.schema.as_ref().try_into_kernel().map_err(LakeError::Arrow)?;
        let log_store = self.open(&beside)?.log_store();
        CreateBuilder::new()
            .with_log_store(log_store)
            .with_table_name(spec.name)
            .with_columns(columns.fields().cloned())
            .with_partition_columns(spec.partitions.iter().copied())
            .await
            .map_err(|source| self.failed(source))?;
        let first = beside.join(LOG).join(format!("{:020}.json", 0));
        flush(&first).and_then(|()| durable::sync_dir(&beside.join(LOG))).map_err(failed)?;
        durable::create_dir(&self.table).map_err(|source| LakeError::of(&self.table, source))?;
        fs::rename(beside.join(LOG), self.table.join(LOG)).map_err(failed)?;
        durable::sync_dir(&self.table).map_err(|source| LakeError::of(&self.table, source))?;
        fs::remove_dir_all(&beside).map_err(failed)
    }

    /// Removes the table with everything in it. It disappears whole: it is moved away first.
    pub(super) fn discard(&self) -> Result<(), LakeError> {
        let beside = self.clear_beside()?;
        if self.table.exists() {
            fs::rename(&self.table, &beside).map_err(|source| LakeError::of(&self.table, source))?;
            fs::remove_dir_all(&beside).map_err(|source| LakeError::of(&beside, source))?;
        }
        Ok(())
    }

    /// A name beside the table's that is free; what a crash left there is removed.
    fn clear_beside(&self) -> Result<PathBuf, LakeError> {
        let name = self.table.file_name().unwrap_or_default().to_string_lossy();
        let beside = self.table.with_file_name(format!("{name}{TEMPORARY}"));
        match fs::remove_dir_all(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(LakeError::of(&beside, error)),
            _ => Ok(beside),
        }
    }

    /// Commits actions on top of a version. When this returns, the new version is on disk; before, it is not visible.
    pub(super) async fn commit(
        &self,
        base: i64,
        actions: Vec<Action>,
        operation: DeltaOperation,
        reason: &str,
    ) -> Result<i64, LakeError> {
        let version = base + 1;
        let path = self.commit_file(version);
        let about = HashMap::from([("reason".to_owned(), serde_json::Value::from(reason))]);
        let bytes = CommitData::new(actions, operation, about, Vec::new()).get_bytes();
        let bytes = bytes.map_err(|source| self.failed(source.into()))?;
        if path.exists() {
            return Err(LakeError::Conflict { path });
        }
        let temporary = self.table.join(LOG).join(format!("{version:020}{TEMPORARY}"));
        durable::write_file(&path, &temporary, &bytes).map_err(|source| {
            let _ = fs::remove_file(&temporary); // the first error is the one to tell
            LakeError::of(&path, source)
        })?;
        if version % COMMITS_BETWEEN_CHECKPOINTS == 0
            && let Err(error) = self.checkpoint(version).await
        {
            tracing::warn!(%error, "no checkpoint was made; other programs read the lake more slowly until the next one");
        }
        if version % listing::COMMITS_BETWEEN_LISTS == 0
            && let Err(error) = listing::keep(&self.table, self, version)
        {
            tracing::warn!(%error, "no list of files was kept; the lake opens more slowly until the next one");
        }
        Ok(version)
    }

    async fn checkpoint(&self, version: i64) -> Result<(), LakeError> {
        let loaded = self.load(version).await?;
        checkpoints::create_checkpoint(&loaded.0, None).await.map_err(|source| self.failed(source))?;
        let dir = self.table.join(LOG);
        let flushed = fs::read_dir(&dir).and_then(|entries| {
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name();
                let name = name.to_string_lossy();
                if name.starts_with(&format!("{version:020}.checkpoint")) || name == "_last_checkpoint" {
                    flush(&entry.path())?;
                }
            }
            durable::sync_dir(&dir)
        });
        flushed.map_err(|source| LakeError::of(&dir, source))
    }

    fn open(&self, dir: &Path) -> Result<DeltaTable, LakeError> {
        let dir = fs::canonicalize(dir).map_err(|source| LakeError::of(dir, source))?;
        let Some(path) = dir.to_str().filter(|path| !has_escape(path)) else {
            return Err(LakeError::FolderName { path: dir });
        };
        let failed = |source| self.failed(source);
        let url = ensure_table_uri(path).map_err(failed)?;
        DeltaTableBuilder::from_url(url).and_then(DeltaTableBuilder::build).map_err(failed)
    }

    fn failed(&self, source: DeltaTableError) -> LakeError {
        LakeError::Log { path: self.table.clone(), source: Box::new(source) }
    }
}

/// A table as of one version.
struct Loaded(DeltaTable);

impl Loaded {
    fn state(&self) -> Result<&DeltaTableState, DeltaTableError> {
        self.0.snapshot()
    }

    /// The files of the version, in no order.
    #[expect(deprecated, reason = "the columns offered instead leave out the tags")]
    fn adds(&self) -> Vec<Add> {
        self.state()
            .map_or_else(|_| Vec::new(), |state| state.log_data().iter().map(|file| file.add_action()).collect())
    }
}

fn flush(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn version_of(name: &str) -> Option<i64> {
    let digits = name.strip_suffix(".json").filter(|digits| digits.len() == 20)?;
    if digits.bytes().all(|digit| digit.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// Whether a path has something like `%20`, which Delta decodes once too often.
fn has_escape(path: &str) -> bool {
    path.as_bytes().windows(3).any(|three| three[0] == b'%' && three[1..].iter().all(u8::is_ascii_hexdigit))
}
