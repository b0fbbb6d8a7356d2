//! What a table is, what a change to it is, and what a version of it consists of.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};

use super::LakeError;

/// Values of the partition columns by their names; empty for a table without partitions.
pub type PartitionValues = BTreeMap<String, String>;

/// A table: its name, which is also its folder, its columns, and by which of them its files are grouped.
#[derive(Debug, Clone)]
pub struct TableSpec {
    /// Name and folder.
    pub name: &'static str,
    /// All columns; those of the partitions come last and are text.
    pub schema: SchemaRef,
    /// Partition columns, outermost folder first.
    pub partitions: &'static [&'static str],
}

impl TableSpec {
    /// The columns that are in the Parquet files: all but those of the partitions.
    #[must_use]
    pub fn data_schema(&self) -> SchemaRef {
        let in_files = |name: &str| !self.partitions.contains(&name);
        let fields: Vec<_> =
            self.schema.fields().iter().filter(|field| in_files(field.name().as_str())).cloned().collect();
        Arc::new(Schema::new(fields))
    }

    /// Refuses rows whose columns are not those of the table, in name, order and type.
    pub(super) fn check_columns(&self, batches: &[RecordBatch]) -> Result<(), LakeError> {
        let expected = self.data_schema();
        for batch in batches {
            let found = batch.schema();
            let same = |(a, b): (&Arc<_>, &Arc<_>)| same_column(a, b);
            if found.fields().len() != expected.fields().len()
                || !expected.fields().iter().zip(found.fields()).all(same)
            {
                let reason = format!("expected {}, found {}", columns(&expected), columns(&found));
                return Err(LakeError::Columns { table: self.name, reason });
            }
        }
        Ok(())
    }

    /// The folder of a partition below that of the table, such as `operator=gb-dcc/month=2018-06`; empty without partitions.
    pub(super) fn folder_of(&self, values: &PartitionValues) -> Result<String, LakeError> {
        let folder = |(column, value): (&String, &String)| format!("{column}={value}");
        let wrong = |reason| {
            let value = values.iter().map(folder).collect::<Vec<_>>().join("/");
            LakeError::Partition { table: self.name, value, reason }
        };
        if values.len() != self.partitions.len() {
            return Err(wrong("it does not have one value for each partition column"));
        }
        let mut folders = Vec::with_capacity(values.len());
        for column in self.partitions {
            let value = values.get(*column).ok_or_else(|| wrong("a partition column has no value"))?;
            if value.is_empty() || !value.bytes().all(is_plain) {
                return Err(wrong("values consist of lower-case letters, digits and hyphens"));
            }
            folders.push(format!("{column}={value}"));
        }
        Ok(folders.join("/"))
    }
}

/// Which files a change takes out of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replace {
    /// None: rows are added.
    Nothing,
    /// All files of these partitions.
    Partitions(Vec<PartitionValues>),
    /// These files, as [`LakeFile::path`] names them.
    Files(Vec<PathBuf>),
    /// All files.
    Everything,
}

/// A change to one table, made in one commit.
#[derive(Debug, Clone)]
pub struct Change {
    /// Rows to write: one file for each entry that has any.
    pub write: Vec<(PartitionValues, Vec<RecordBatch>)>,
    /// Files to take out.
    pub replace: Replace,
}

/// One Parquet file of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeFile {
    /// Where it is, absolute.
    pub path: PathBuf,
    /// Its partition.
    pub partition: PartitionValues,
    /// Rows, as committed.
    pub rows: u64,
    /// Size in bytes, as committed.
    pub bytes: u64,
    /// SHA-256 in hexadecimal digits, as committed.
    pub sha256: Option<String>,
}

fn same_column(a: &arrow::datatypes::Field, b: &arrow::datatypes::Field) -> bool {
    a.name() == b.name() && a.data_type() == b.data_type()
}

fn columns(schema: &Schema) -> String {
    let column = |field: &Arc<arrow::datatypes::Field>| format!("{} {}", field.name(), field.data_type());
    schema.fields().iter().map(column).collect::<Vec<_>>().join(", ")
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}
