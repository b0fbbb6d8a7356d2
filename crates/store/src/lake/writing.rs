//! Parquet files, written so that a commit names only files that are on disk.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use sha2::{Digest as _, Sha256};

use super::{LakeError, PartitionValues};
use crate::{Digest, durable};

/// Ends the names of files that are not whole yet.
pub(super) const TEMPORARY: &str = ".tmp";
const ROWS_OF_A_GROUP: usize = 128 * 1024;
/// Columns of the sessions of which each value is another.
const SESSION_ID: &str = "session_id";
/// Columns of whole numbers that follow each other, or stay the same.
const COUNTED_ON: [&str; 3] = ["evse", "submission", "row"];
/// Not one a processor: the threads also wait for the disk, which takes several flushes at once. Not more, as each holds a group of
/// rows in memory.
const WRITERS: usize = 4;

/// A file to be written.
pub(super) struct Planned {
    pub(super) partition: PartitionValues,
    /// Folder below that of the table, with `/`; empty for the table's own.
    pub(super) folder: String,
    pub(super) batches: Vec<RecordBatch>,
}

/// A file that is on disk.
pub(super) struct Written {
    pub(super) partition: PartitionValues,
    /// Path below the table's folder, with `/`.
    pub(super) path: String,
    pub(super) rows: usize,
    pub(super) bytes: usize,
    pub(super) sha256: Digest,
    pub(super) modified_ms: i64,
}

/// Writes files for a version that is not yet named by anything, and flushes them and their folders.
pub(super) fn write_files(
    table: &Path,
    schema: &SchemaRef,
    planned: &[Planned],
    version: i64,
) -> Result<Vec<Written>, LakeError> {
    let folders = make_folders(table, planned)?;
    let properties = properties(table, schema)?;
    let written = in_parallel(planned, |index, plan| {
        write_file(table, schema, plan, &format!("part-{version:08}-{index:05}"), &properties)
    })?;
    let folders: Vec<PathBuf> = folders.into_iter().collect();
    in_parallel(&folders, |_, folder| durable::sync_dir(folder).map_err(|source| LakeError::of(folder, source)))?;
    Ok(written)
}

/// A dictionary is made only of columns whose values recur: of instants, amounts and ids it is given up after much work.
fn properties(table: &Path, schema: &SchemaRef) -> Result<WriterProperties, LakeError> {
    let level = ZstdLevel::try_new(1).map_err(|source| LakeError::Parquet { path: table.to_owned(), source })?;
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROWS_OF_A_GROUP))
        .set_statistics_enabled(EnabledStatistics::Page);
    let is_of_sessions = schema.field_with_name(SESSION_ID).is_ok();
    for field in schema.fields() {
        let column = ColumnPath::from(field.name().as_str());
        let is_counted_on =
            matches!(field.data_type(), DataType::Timestamp(..)) || COUNTED_ON.contains(&field.name().as_str());
        // Differences packed bit by bit do not get smaller.
        if is_counted_on {
            properties = properties
                .set_column_encoding(column.clone(), Encoding::DELTA_BINARY_PACKED)
                .set_column_compression(column.clone(), Compression::UNCOMPRESSED);
        }
        if is_counted_on || field.data_type() == &DataType::Float64 || field.name() == SESSION_ID {
            properties = properties.set_column_dictionary_enabled(column.clone(), false);
        }
        // Each id is another: their lengths apart from their letters are fewer bytes to pack.
        if field.name() == SESSION_ID {
            properties = properties.set_column_encoding(column.clone(), Encoding::DELTA_LENGTH_BYTE_ARRAY);
        }
        // Read by nearly all that asks for single sessions: unpacking it was a third of the work of a median.
        if is_of_sessions && field.name() == "energy_kwh" {
            properties = properties.set_column_compression(column.clone(), Compression::UNCOMPRESSED);
        }
        // Nobody looks for ranges of amounts, or of texts other than ids.
        let is_text = field.data_type() == &DataType::Utf8 && field.name() != SESSION_ID;
        if is_text || field.data_type() == &DataType::Float64 {
            properties = properties.set_column_statistics_enabled(column, EnabledStatistics::None);
        }
    }
    Ok(properties.build())
}

/// Makes the folders and returns all that have to be flushed once the files are in them, each once.
fn make_folders(table: &Path, planned: &[Planned]) -> Result<BTreeSet<PathBuf>, LakeError> {
    let mut folders = BTreeSet::from([table.to_owned()]);
    for plan in planned {
        let mut path = table.to_owned();
        for part in plan.folder.split('/').filter(|part| !part.is_empty()) {
            path.push(part);
            folders.insert(path.clone());
        }
    }
    for folder in &folders {
        fs::create_dir_all(folder).map_err(|source| LakeError::of(folder, source))?;
    }
    Ok(folders)
}

fn write_file(
    table: &Path,
    schema: &SchemaRef,
    plan: &Planned,
    stem: &str,
    properties: &WriterProperties,
) -> Result<Written, LakeError> {
    let folder = table.join(&plan.folder);
    let temporary = folder.join(format!("{stem}{TEMPORARY}"));
    let written = put(schema, plan, &temporary, &folder, stem, properties);
    if written.is_err() {
        let _ = fs::remove_file(&temporary); // the first error is the one to tell
    }
    written
}

fn put(
    schema: &SchemaRef,
    plan: &Planned,
    temporary: &Path,
    folder: &Path,
    stem: &str,
    properties: &WriterProperties,
) -> Result<Written, LakeError> {
    let on_disk = |source| LakeError::of(temporary, source);
    let mut file = Hashed::create(temporary).map_err(on_disk)?;
    let encoded = encode(schema, &plan.batches, properties.clone(), &mut file);
    if let Some(failure) = file.failure.take() {
        return Err(on_disk(failure));
    }
    encoded.map_err(|source| LakeError::Parquet { path: temporary.to_owned(), source })?;
    let Hashed { file, hash, bytes, .. } = file;
    file.sync_all().map_err(on_disk)?;
    let modified = file.metadata().and_then(|about| about.modified()).map_err(on_disk)?;
    drop(file);
    let sha256 = Digest::from_hash(hash);
    // The content is in the name, so that a name never means two contents, not even after the lake was made anew.
    let name = format!("{stem}-{}.parquet", &sha256.to_string()[..12]);
    let path = folder.join(&name);
    fs::rename(temporary, &path).map_err(|source| LakeError::of(&path, source))?;
    let since_epoch = modified.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Written {
        partition: plan.partition.clone(),
        path: if plan.folder.is_empty() { name } else { format!("{}/{name}", plan.folder) },
        rows: plan.batches.iter().map(RecordBatch::num_rows).sum(),
        bytes,
        sha256,
        modified_ms: i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX),
    })
}

/// A file, written and hashed while it is made: at the end, when files are ready one after the other, processors would wait for that.
struct Hashed {
    file: File,
    hash: Sha256,
    bytes: usize,
    /// Why the disk did not take it: an encoder tells less of that.
    failure: Option<io::Error>,
}

impl Hashed {
    fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::create(path)?, hash: Sha256::new(), bytes: 0, failure: None })
    }
}

impl Write for Hashed {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if let Err(failure) = self.file.write_all(more) {
            let kind = failure.kind();
            self.failure = Some(failure);
            return Err(kind.into());
        }
        self.hash.update(more);
        self.bytes += more.len();
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn encode(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    properties: WriterProperties,
    file: &mut Hashed,
) -> Result<(), ParquetError> {
    let mut writer = ArrowWriter::try_new(file, SchemaRef::clone(schema), Some(properties))?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.close().map(drop)
}

/// Does the same with every item in a few threads; results in order, or the first error by order.
fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(usize, &T) -> Result<R, LakeError> + Sync,
) -> Result<Vec<R>, LakeError> {
    let next = AtomicUsize::new(0);
    let failed = AtomicUsize::new(usize::MAX);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        for _ in 0..WRITERS.min(items.len()) {
            scope.spawn(|| {
                while let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(item) = items.get(index)
                    && failed.load(Ordering::Relaxed) == usize::MAX
                {
                    let result = work(index, item);
                    if result.is_err() {
                        failed.fetch_min(index, Ordering::Relaxed);
                    }
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
