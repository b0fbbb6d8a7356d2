//! Files of the lake as DataFusion tables.

use std::fs::File;
use std::sync::Arc;

use datafusion::arrow::array::{BooleanArray, Int32Array, RecordBatch};
use datafusion::arrow::error::ArrowError;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowFilter,
};
use datafusion::parquet::file::metadata::PageIndexPolicy;
use datafusion::parquet::schema::types::SchemaDescriptor;
use datafusion::prelude::{SessionConfig, SessionContext};
use kerbwatt_store::{LakeFile, SESSIONS};

use crate::EngineError;
use crate::member::column;
use crate::resident::Resident;
use crate::schema::rollup_data_schema;
use crate::session_reader::Footers;

/// DataFusion, and what was read before of files: they never change, so nothing here ever goes stale.
pub(crate) struct Tables {
    context: SessionContext,
    /// Rollups in memory.
    pub(crate) resident: Resident,
    /// Footers of session files.
    pub(crate) footers: Footers,
}

impl Tables {
    pub(crate) fn new() -> Self {
        let config = SessionConfig::new().with_information_schema(false).with_batch_size(16_384);
        Self {
            context: SessionContext::new_with_config(config),
            resident: Resident::default(),
            footers: Footers::default(),
        }
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
    read(file, |_| ProjectionMask::all(), None)
}

/// Some columns of one file of a rollup, batch by batch; only the rows of some versions where those are named.
pub(crate) fn read_columns(
    file: &LakeFile,
    names: &[&str],
    only: Option<&Arc<Versions>>,
) -> Result<Vec<RecordBatch>, EngineError> {
    read(file, |schema| ProjectionMask::columns(schema, names.iter().copied()), only)
}

/// Versions of members.
pub(crate) struct Versions {
    /// The least of all.
    pub(crate) least: i32,
    /// Of each from the least: whether it is one of them.
    pub(crate) asked: Vec<bool>,
}

impl Versions {
    fn has(&self, version: i32) -> bool {
        let at = usize::try_from(i64::from(version) - i64::from(self.least)).ok();
        at.and_then(|at| self.asked.get(at)).copied().unwrap_or(false)
    }

    fn filter(self: &Arc<Self>, schema: &SchemaDescriptor) -> RowFilter {
        let versions = Arc::clone(self);
        let is_asked = move |batch: RecordBatch| {
            let numbers = column::<Int32Array>(&batch, "rollup", "version");
            let numbers = numbers.map_err(|error| ArrowError::ExternalError(Box::new(error)))?;
            Ok(BooleanArray::from_iter(numbers.values().iter().map(|version| Some(versions.has(*version)))))
        };
        let predicate = ArrowPredicateFn::new(ProjectionMask::columns(schema, ["version"]), is_asked);
        RowFilter::new(vec![Box::new(predicate)])
    }
}

fn read(
    file: &LakeFile,
    columns: impl Fn(&SchemaDescriptor) -> ProjectionMask,
    only: Option<&Arc<Versions>>,
) -> Result<Vec<RecordBatch>, EngineError> {
    let damaged = |reason: String| EngineError::File { file: file.path.to_string_lossy().into_owned(), reason };
    let opened = File::open(&file.path).map_err(|error| damaged(error.to_string()))?;
    // With the places of pages where rows are picked, so that pages without one are not unpacked.
    let pages = if only.is_some() { PageIndexPolicy::Optional } else { PageIndexPolicy::Skip };
    let options = ArrowReaderOptions::new().with_page_index_policy(pages);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(opened, options)
        .map_err(|error| damaged(error.to_string()))?;
    let mask = columns(builder.parquet_schema());
    let filter = only.map(|versions| versions.filter(builder.parquet_schema()));
    let builder = builder.with_projection(mask).with_batch_size(BATCH);
    let reader = match filter {
        Some(filter) => builder.with_row_filter(filter).build(),
        None => builder.build(),
    };
    let reader = reader.map_err(|error| damaged(error.to_string()))?;
    reader.collect::<Result<_, _>>().map_err(|error| damaged(error.to_string()))
}

/// Rows of a batch.
const BATCH: usize = 16_384;
