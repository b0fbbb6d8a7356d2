use std::collections::BTreeMap;
use std::fs::File;

use kerbwatt_model::{Session, Sessions};
use kerbwatt_store::{
    Change, Lake, LakeFile, PartitionValues, Replace, sessions_batch, sessions_data_schema, sessions_spec,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

/// A partition of the table of sessions.
pub(crate) fn partition(operator: &str, month: &str) -> PartitionValues {
    BTreeMap::from([("operator".to_owned(), operator.to_owned()), ("month".to_owned(), month.to_owned())])
}

/// A change that writes one file of as many sessions as given, all with the id of the partition's month.
pub(crate) fn change(month: &str, rows: usize, replace: Replace) -> Change {
    let session = Session { session_id: month, energy_kwh: 1.5, ..Session::empty() };
    let sessions: Sessions = std::iter::repeat_n(session, rows).collect();
    let positions: Vec<u32> = (0..).take(rows).collect();
    let batch = sessions_batch(&sessions, &positions, &[1], "Europe/London", 1).unwrap();
    Change { write: vec![(partition("gb-dcc", month), vec![batch])], replace }
}

/// The rows of the files of a version, by month.
pub(crate) async fn rows_by_month(lake: &Lake, version: i64) -> BTreeMap<String, u64> {
    let mut rows = BTreeMap::new();
    for file in lake.files(&sessions_spec(), version).await.unwrap() {
        *rows.entry(file.partition["month"].clone()).or_default() += rows_in(&file);
    }
    rows
}

fn rows_in(file: &LakeFile) -> u64 {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&file.path).unwrap()).unwrap();
    assert_eq!(reader.schema().fields(), sessions_data_schema().fields());
    let rows: usize = reader.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(rows as u64, file.rows);
    file.rows
}

/// A lake with an empty table of sessions, in a folder whose name needs care in a URL.
pub(crate) async fn lake() -> (TempDir, Lake) {
    let dir = TempDir::new().unwrap();
    let folder = dir.path().join("50% ü#?");
    std::fs::create_dir(&folder).unwrap();
    let lake = Lake::new(&folder);
    lake.create_if_missing(&sessions_spec()).await.unwrap();
    (dir, lake)
}
