//! Files of the lake as DataFusion tables.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::RecordBatch;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use kerbwatt_store::{LakeFile, SESSIONS};

use crate::EngineError;
use crate::schema::rollup_data_schema;

/// Tables small enough to stay in memory, a batch list a file: files never change, so nothing here ever goes stale.
const RESIDENT: [&str; 3] = ["cube_day", "cube_month_how", "evse_month"];

/// DataFusion, and the files of small tables that were read before.
pub(crate) struct Tables {
    context: SessionContext,
    resident: Mutex<HashMap<String, Arc<Vec<RecordBatch>>>>,
}

impl Tables {
    pub(crate) fn new() -> Self {
        let config = SessionConfig::new().with_information_schema(false).with_batch_size(16_384);
        Self { context: SessionContext::new_with_config(config), resident: Mutex::default() }
    }

    /// A table of the given files; none where there are no files.
    pub(crate) async fn frame(
        &self,
        table: &'static str,
        files: &[&LakeFile],
    ) -> Result<Option<DataFrame>, EngineError> {
        if files.is_empty() {
            return Ok(None);
        }
        let frame = if RESIDENT.contains(&table) {
            self.context.read_table(Arc::new(self.resident(table, files)?))?
        } else {
            self.context.read_table(Arc::new(listing(table, files)?))?
        };
        Ok(Some(frame))
    }

    /// A table of one batch.
    pub(crate) fn small(&self, batch: RecordBatch) -> Result<DataFrame, EngineError> {
        Ok(self.context.read_batch(batch)?)
    }

    /// Forgets files that no current snapshot names.
    pub(crate) fn keep_only(&self, is_current: impl Fn(&str) -> bool) {
        self.resident.lock().unwrap_or_else(PoisonError::into_inner).retain(|path, _| is_current(path));
    }

    fn resident(&self, table: &'static str, files: &[&LakeFile]) -> Result<MemTable, EngineError> {
        let mut batches = Vec::new();
        for file in files {
            let key = file.path.to_string_lossy().into_owned();
            let known = self.resident.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
            let read = match known {
                Some(read) => read,
                None => {
                    let read = Arc::new(read_file(file)?);
                    self.resident.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&read));
                    read
                }
            };
            batches.extend(read.iter().cloned());
        }
        let half = batches.len().div_ceil(2);
        let rest = batches.split_off(half);
        Ok(MemTable::try_new(rollup_data_schema(table), vec![batches, rest])?)
    }
}

fn listing(table: &'static str, files: &[&LakeFile]) -> Result<ListingTable, EngineError> {
    let urls =
        files.iter().map(|file| ListingTableUrl::parse(file.path.to_string_lossy())).collect::<Result<Vec<_>, _>>()?;
    let schema = if table == SESSIONS { kerbwatt_store::sessions_data_schema() } else { rollup_data_schema(table) };
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
    let config = ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options).with_schema(schema);
    Ok(ListingTable::try_new(config)?)
}

/// Every batch of one file.
pub(crate) fn read_file(file: &LakeFile) -> Result<Vec<RecordBatch>, EngineError> {
    let damaged = |reason: String| EngineError::File { file: file.path.to_string_lossy().into_owned(), reason };
    let opened = File::open(&file.path).map_err(|error| damaged(error.to_string()))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(opened)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|error| damaged(error.to_string()))?;
    reader.collect::<Result<_, _>>().map_err(|error| damaged(error.to_string()))
}
