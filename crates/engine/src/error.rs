//! What can go wrong while answering.

use datafusion::arrow::error::ArrowError;

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A filter names an area, operator or EVSE that there is none of.
    #[error("there is no {dimension} “{value}”")]
    UnknownValue {
        /// Dimension id.
        dimension: &'static str,
        /// As asked.
        value: String,
    },
    /// Drivers of several operators, whose pseudonyms differ.
    #[error(
        "{metric} cannot be given over several operators: the same driver has another pseudonym with each, and would be counted once for each"
    )]
    SeveralOperators {
        /// Metric id.
        metric: &'static str,
    },
    /// An answer that nobody could hold.
    #[error("the answer would have up to {rows} rows, which is more than the {most} that an answer may have")]
    TooManyRows {
        /// How many.
        rows: usize,
        /// How many there may be.
        most: usize,
    },
    /// The lake could not be read.
    #[error("the lake could not be read: {0}")]
    Lake(#[from] datafusion::error::DataFusionError),
    /// A file of the lake could not be read.
    #[error("the lake's file {file} could not be read: {reason}")]
    File {
        /// Path below the lake.
        file: String,
        /// Why.
        reason: String,
    },
    /// A batch of the lake does not have the columns this version writes.
    #[error("the table {table} lacks the column {column}; run `kerbwatt rebuild` with this version")]
    Column {
        /// Table.
        table: &'static str,
        /// Column.
        column: String,
    },
}

impl EngineError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::UnknownValue { dimension, .. } => {
                format!("Ask for the figures by {dimension} to see the values there are.")
            }
            Self::TooManyRows { .. } => {
                "Ask for a shorter period, for coarser times such as months, or for one place or operator.".to_owned()
            }
            Self::SeveralOperators { .. } => {
                "Split by operator, or choose one operator with a filter on operator.".to_owned()
            }
            _ => "Run `kerbwatt verify` on the data folder, then `kerbwatt rebuild`.".to_owned(),
        }
    }
}

impl From<ArrowError> for EngineError {
    fn from(error: ArrowError) -> Self {
        Self::Lake(error.into())
    }
}
