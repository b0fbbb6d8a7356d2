//! Session files read directly: only the columns asked for, only the rows of charge points asked for, footers once.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use datafusion::arrow::array::{BooleanArray, Int32Array, RecordBatch};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::error::ArrowError;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowFilter,
};
use datafusion::parquet::file::metadata::PageIndexPolicy;
use jiff::Timestamp;
use kerbwatt_store::{LakeFile, SESSIONS};

use crate::EngineError;
use crate::held::longs;
use crate::member::column;

/// Rows of a batch.
const BATCH: usize = 16_384;

/// Footers that were read before: files of the lake never change.
#[derive(Default)]
pub(crate) struct Footers(Mutex<HashMap<PathBuf, ArrowReaderMetadata>>);

impl Footers {
    fn of(&self, file: &LakeFile) -> Result<ArrowReaderMetadata, EngineError> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&file.path) {
            return Ok(known.clone());
        }
        // With the places of pages, so that those without a row asked for are not unpacked.
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let footer = ArrowReaderMetadata::load(&open(file)?, options).map_err(|error| damaged(file, &error))?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(file.path.clone(), footer.clone());
        Ok(footer)
    }

    /// Forgets files that no current snapshot names.
    pub(crate) fn keep_only(&self, is_current: impl Fn(&str) -> bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|path, _| is_current(&path.to_string_lossy()));
    }

    /// Whether a file may hold sessions that are plugged in at some time from one instant to another, by its own statistics.
    pub(crate) fn touches(&self, file: &LakeFile, from: Timestamp, to: Timestamp) -> Result<bool, EngineError> {
        let footer = self.of(file)?;
        let range = |name: &str| longs(footer.metadata(), name);
        let begins = range("plug_in").is_none_or(|(first, _)| first <= to.as_microsecond());
        let ends = range("plug_out").is_none_or(|(_, last)| last >= from.as_microsecond());
        Ok(begins && ends)
    }

    /// Calls `take` with the rows of a file that are of charge points asked for, batch by batch in their order.
    pub(crate) fn each_batch(
        &self,
        file: &LakeFile,
        columns: &[&str],
        evses: &Evses,
        mut take: impl FnMut(&RecordBatch) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let footer = self.of(file)?;
        let mask = |names: &[&str]| ProjectionMask::columns(footer.parquet_schema(), names.iter().copied());
        let mut reader = ParquetRecordBatchReaderBuilder::new_with_metadata(open(file)?, footer.clone())
            .with_batch_size(BATCH)
            .with_projection(mask(columns));
        if let Evses::Some(asked) = evses {
            let asked = asked.clone();
            let is_asked = move |batch: RecordBatch| {
                let numbers = column::<Int32Array>(&batch, SESSIONS, "evse");
                let numbers = numbers.map_err(|error| ArrowError::ExternalError(Box::new(error)))?;
                let numbers = numbers.values();
                let is_asked = |row| usize::try_from(numbers[row]).ok().and_then(|at| asked.get(at)) == Some(&true);
                Ok(BooleanArray::from(BooleanBuffer::collect_bool(numbers.len(), is_asked)))
            };
            let predicate = ArrowPredicateFn::new(mask(&["evse"]), is_asked);
            reader = reader.with_row_filter(RowFilter::new(vec![Box::new(predicate)]));
        }
        for batch in reader.build().map_err(|error| damaged(file, &error))? {
            let batch = batch.map_err(|error| damaged(file, &error))?;
            if batch.num_rows() > 0 {
                take(&batch)?;
            }
        }
        Ok(())
    }
}

/// Charge points asked for.
pub(crate) enum Evses {
    All,
    /// By number: whether it is asked for.
    Some(Vec<bool>),
}

fn open(file: &LakeFile) -> Result<File, EngineError> {
    File::open(&file.path).map_err(|error| damaged(file, &error))
}

fn damaged(file: &LakeFile, error: &dyn std::error::Error) -> EngineError {
    EngineError::File { file: file.path.to_string_lossy().into_owned(), reason: error.to_string() }
}
