//! Answers as files: the same figures as in JSON, with all that is needed to trust and repeat them in the file.

mod about;
mod parquet;
mod xlsx;

use kerbwatt_hub::Answer;

/// Why a file could not be made, which would be a defect or a lack of memory.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Not a spreadsheet.
    #[error("the spreadsheet could not be made: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// Not Parquet.
    #[error("the Parquet file could not be made: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// Columns that do not fit together.
    #[error("the columns could not be made: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
}

/// Form of a file that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A workbook: figures, what they are, and the ledger where it was asked for.
    Xlsx,
    /// One table, with coverage and provenance in its metadata.
    Parquet,
}

impl Form {
    /// The form of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "xlsx" => Some(Self::Xlsx),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn bytes(self, answer: &Answer) -> Result<Vec<u8>, ExportError> {
        match self {
            Self::Xlsx => xlsx::bytes(answer),
            Self::Parquet => parquet::bytes(answer),
        }
    }

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => ".xlsx",
            Self::Parquet => ".parquet",
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}
