//! Files of the lake as DataFusion tables.

use std::fs::File;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::schema::types::SchemaDescriptor;
use datafusion::prelude::{SessionConfig, SessionContext};
use kerbwatt_store::{LakeFile, SESSIONS};

use crate::EngineError;
use crate::resident::Resident;
use crate::schema::rollup_data_schema;
use crate::session_reader::Footers;

/// Rows of a rollup that are added up in memory at once; what needs more goes through a plan, which has no need for all of them
/// at a time.
const MOST_ROWS: u64 = 1 << 24;

/// DataFusion, and what was read before of files: they never change, so nothing here ever goes stale.
pub(crate) struct Tables {
    context: SessionContext,
    /// Rollups in memory.
    pub(crate) resident: Resident,
    /// Footers of session files.
    pub(crate) footers: Footers,
    most_rows: u64,
}

impl Tables {
    pub(crate) fn new(most_rows: Option<u64>) -> Self {
        let config = SessionConfig::new().with_information_schema(false).with_batch_size(16_384);
        Self {
            context: SessionContext::new_with_config(config),
            resident: Resident::default(),
            footers: Footers::default(),
            most_rows: most_rows.unwrap_or(MOST_ROWS),
        }
    }

    /// Whether files of a rollup are added up in memory.
    pub(crate) fn holds(&self, files: &[&LakeFile]) -> bool {
        files.iter().map(|file| file.rows).sum::<u64>() <= self.most_rows
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
        Ok(Some(self.context.read_table(Arc::new(listing(table, files)?))?))
    }

    /// A table of one batch.
    pub(crate) fn small(&self, batch: RecordBatch) -> Result<DataFrame, EngineError> {
        Ok(self.context.read_batch(batch)?)
    }

    /// Forgets files that no current snapshot names.
    pub(crate) fn keep_only(&self, is_current: impl Fn(&str) -> bool) {
        self.footers.keep_only(&is_current);
        self.resident.keep_only(is_current);
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
    read(file, |_| ProjectionMask::all())
}

/// Some columns of one file of a rollup, batch by batch.
pub(crate) fn read_columns(file: &LakeFile, names: &[&str]) -> Result<Vec<RecordBatch>, EngineError> {
    read(file, |schema| ProjectionMask::columns(schema, names.iter().copied()))
}

fn read(
    file: &LakeFile,
    columns: impl Fn(&SchemaDescriptor) -> ProjectionMask,
) -> Result<Vec<RecordBatch>, EngineError> {
    let damaged = |reason: String| EngineError::File { file: file.path.to_string_lossy().into_owned(), reason };
    let opened = File::open(&file.path).map_err(|error| damaged(error.to_string()))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|error| damaged(error.to_string()))?;
    let mask = columns(builder.parquet_schema());
    let reader = builder.with_projection(mask).with_batch_size(BATCH).build();
    let reader = reader.map_err(|error| damaged(error.to_string()))?;
    reader.collect::<Result<_, _>>().map_err(|error| damaged(error.to_string()))
}

/// Rows of a batch.
const BATCH: usize = 16_384;
