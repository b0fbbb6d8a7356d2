use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use arrow::array::{Int32Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use kerbwatt_store::{Change, Lake, LakeError, PartitionValues, Replace, TableSpec, sessions_batch, sessions_spec};
use tempfile::TempDir;

use crate::sessions::{change, lake, partition, rows_by_month};

fn months(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    pairs.iter().map(|(month, rows)| ((*month).to_owned(), *rows)).collect()
}

#[tokio::test]
async fn a_table_is_made_once_and_empty() {
    let dir = TempDir::new().unwrap();
    let lake = Lake::new(dir.path());
    let spec = sessions_spec();
    assert_eq!(lake.version(&spec).await.unwrap(), None);
    assert!(matches!(lake.files(&spec, 0).await, Err(LakeError::NoTable { .. })));
    for _ in 0..2 {
        lake.create_if_missing(&spec).await.unwrap();
        assert_eq!(lake.version(&spec).await.unwrap(), Some(0));
    }
    assert!(lake.files(&spec, 0).await.unwrap().is_empty());
    assert!(matches!(lake.files(&spec, 1).await, Err(LakeError::NoVersion { version: 1, .. })));
    assert!(matches!(lake.files(&spec, -1).await, Err(LakeError::NoVersion { .. })));
}

#[tokio::test]
async fn a_folder_that_would_be_misread_is_refused_and_gets_no_table() {
    let dir = TempDir::new().unwrap();
    let folder = dir.path().join("50%25");
    fs::create_dir(&folder).unwrap();
    let error = Lake::new(&folder).create_if_missing(&sessions_spec()).await.unwrap_err();
    assert!(matches!(error, LakeError::FolderName { .. }), "{error}");
    assert_eq!(Lake::new(&folder).version(&sessions_spec()).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_added_and_partitions_replaced_while_old_versions_stay() {
    let (_dir, lake) = lake().await;
    let spec = sessions_spec();
    assert_eq!(lake.commit(&spec, change("2018-06", 3, Replace::Nothing), "one").await.unwrap(), 1);
    assert_eq!(lake.commit(&spec, change("2018-07", 4, Replace::Nothing), "two").await.unwrap(), 2);
    assert_eq!(lake.commit(&spec, change("2018-07", 5, Replace::Nothing), "three").await.unwrap(), 3);
    let replace = Replace::Partitions(vec![partition("gb-dcc", "2018-07"), partition("gb-ubi", "2018-07")]);
    assert_eq!(lake.commit(&spec, change("2018-07", 6, replace), "four").await.unwrap(), 4);
    assert_eq!(lake.commit(&spec, change("2019-01", 1, Replace::Everything), "five").await.unwrap(), 5);
    assert_eq!(lake.version(&spec).await.unwrap(), Some(5));
    let expected = [
        (1, months(&[("2018-06", 3)])),
        (2, months(&[("2018-06", 3), ("2018-07", 4)])),
        (3, months(&[("2018-06", 3), ("2018-07", 9)])),
        (4, months(&[("2018-06", 3), ("2018-07", 6)])),
        (5, months(&[("2019-01", 1)])),
    ];
    for (version, rows) in expected {
        assert_eq!(rows_by_month(&lake, version).await, rows, "version {version}");
        assert!(lake.verify(&spec, version).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn files_are_absolute_sorted_and_say_what_is_in_them() {
    let (_dir, lake) = lake().await;
    let spec = sessions_spec();
    let mut both = change("2018-07", 2, Replace::Nothing);
    both.write.extend(change("2018-06", 3, Replace::Nothing).write);
    lake.commit(&spec, both, "test").await.unwrap();
    let files = lake.files(&spec, 1).await.unwrap();
    assert_eq!(files.iter().map(|file| file.rows).collect::<Vec<_>>(), [3, 2]);
    for file in files {
        assert!(file.path.is_absolute() && file.path.is_file());
        assert_eq!(file.bytes, fs::metadata(&file.path).unwrap().len());
        assert_eq!(file.sha256.unwrap().len(), 64);
        assert!(file.path.to_string_lossy().contains(&format!("month={}", file.partition["month"])));
    }
}

#[tokio::test]
async fn a_partition_can_be_emptied_and_a_change_without_rows_makes_no_file() {
    let (_dir, lake) = lake().await;
    let spec = sessions_spec();
    lake.commit(&spec, change("2018-06", 3, Replace::Nothing), "rows").await.unwrap();
    let replace = Replace::Partitions(vec![partition("gb-dcc", "2018-06")]);
    assert_eq!(lake.commit(&spec, change("2018-06", 0, replace), "none").await.unwrap(), 2);
    assert!(lake.files(&spec, 2).await.unwrap().is_empty());
    let nothing = Change { write: vec![], replace: Replace::Nothing };
    assert_eq!(lake.commit(&spec, nothing, "nothing").await.unwrap(), 3);
}

#[tokio::test]
async fn a_table_without_partitions_keeps_its_files_in_its_own_folder() {
    let dir = TempDir::new().unwrap();
    let lake = Lake::new(dir.path());
    let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int32, false)]));
    let spec = TableSpec { name: "labels", schema: Arc::clone(&schema), partitions: &[] };
    lake.create_if_missing(&spec).await.unwrap();
    for _ in 0..2 {
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![Arc::new(Int32Array::from(vec![1, 2]))]).unwrap();
        let write = vec![(PartitionValues::new(), vec![batch])];
        lake.commit(&spec, Change { write, replace: Replace::Everything }, "test").await.unwrap();
    }
    let files = lake.files(&spec, 2).await.unwrap();
    assert_eq!((files.len(), files[0].rows, files[0].path.parent()), (1, 2, Some(dir.path().join("labels").as_path())));
}

#[tokio::test]
async fn rows_of_other_columns_and_odd_partitions_are_refused() {
    let (_dir, lake) = lake().await;
    let spec = sessions_spec();
    let batch = sessions_batch(&kerbwatt_model::Sessions::new(), &[], &[], "UTC", 1).unwrap();
    let narrow = batch.project(&[0, 1]).unwrap();
    let write = vec![(partition("gb-dcc", "2018-06"), vec![narrow])];
    let error = lake.commit(&spec, Change { write, replace: Replace::Nothing }, "x").await.unwrap_err();
    assert!(matches!(error, LakeError::Columns { .. }), "{error}");
    let mut lacking = partition("gb-dcc", "2018-06");
    lacking.remove("month");
    for odd in [partition("..", "2018-06"), partition("gb/dcc", ""), partition("GB-DCC", "2018-06"), lacking] {
        let replace = Replace::Partitions(vec![odd.clone()]);
        let error = lake.commit(&spec, Change { write: vec![], replace }, "x").await.unwrap_err();
        assert!(matches!(error, LakeError::Partition { .. }), "{error}");
        let write = vec![(odd, vec![batch.clone()])];
        assert!(lake.commit(&spec, Change { write, replace: Replace::Nothing }, "x").await.is_err());
    }
    assert_eq!(lake.version(&spec).await.unwrap(), Some(0));
}

#[tokio::test]
async fn restoring_makes_a_version_with_the_same_files_and_only_where_needed() {
    let (_dir, lake) = lake().await;
    let spec = sessions_spec();
    lake.commit(&spec, change("2018-06", 3, Replace::Nothing), "one").await.unwrap();
    lake.commit(&spec, change("2018-06", 4, Replace::Everything), "two").await.unwrap();
    lake.commit(&spec, change("2018-07", 5, Replace::Nothing), "three").await.unwrap();
    assert_eq!(lake.restore(&spec, 3).await.unwrap(), 3, "nothing newer");
    assert_eq!(lake.restore(&spec, 1).await.unwrap(), 4);
    assert_eq!(lake.files(&spec, 4).await.unwrap(), lake.files(&spec, 1).await.unwrap());
    assert_eq!(lake.restore(&spec, 1).await.unwrap(), 4, "the newest is the same already");
    assert_eq!(lake.commit(&spec, change("2018-08", 1, Replace::Nothing), "five").await.unwrap(), 5);
    assert_eq!(rows_by_month(&lake, 5).await, months(&[("2018-06", 3), ("2018-08", 1)]));
    assert!(matches!(lake.restore(&spec, 9).await, Err(LakeError::NoVersion { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_partitions_go_into_one_commit() {
    let (_dir, lake) = lake().await;
    let spec = sessions_spec();
    let mut many = Change { write: vec![], replace: Replace::Nothing };
    for year in 2000..2025 {
        for month in 1..=12 {
            many.write.extend(change(&format!("{year}-{month:02}"), 2, Replace::Nothing).write);
        }
    }
    assert_eq!(lake.commit(&spec, many, "many").await.unwrap(), 1);
    assert_eq!(lake.files(&spec, 1).await.unwrap().len(), 300);
    assert!(lake.verify(&spec, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn versions_beyond_a_checkpoint_read_like_those_before() {
    let (_dir, lake) = lake().await;
    let spec = sessions_spec();
    for version in 1..=102 {
        let made = lake.commit(&spec, change("2018-06", 1, Replace::Nothing), "test").await.unwrap();
        assert_eq!(made, version);
    }
    for version in [50, 99, 100, 101, 102] {
        let files = lake.files(&spec, version).await.unwrap();
        assert_eq!(files.len() as i64, version);
        assert!(files.iter().all(|file| file.rows == 1 && file.sha256.is_some()), "version {version}");
    }
    assert_eq!(lake.restore(&spec, 2).await.unwrap(), 103);
    assert_eq!(lake.files(&spec, 103).await.unwrap(), lake.files(&spec, 2).await.unwrap());
    assert_eq!(lake.remove_orphans(&spec).await.unwrap(), 0);
}

#[tokio::test]
async fn lists_of_files_say_what_delta_says_of_every_version() {
    let (dir, lake) = lake().await;
    let spec = sessions_spec();
    let months = ["2018-05", "2018-06", "2018-07", "2018-08"];
    for version in 1..=40_usize {
        let month = months[version * 7 % 4];
        let replace = match version % 5 {
            0 => Replace::Partitions(vec![partition("gb-dcc", month)]),
            1 => {
                let files = lake.files(&spec, i64::try_from(version).unwrap() - 1).await.unwrap();
                Replace::Files(files.into_iter().take(1).map(|file| file.path).collect())
            }
            2 if version == 22 => Replace::Everything,
            _ => Replace::Nothing,
        };
        lake.commit(&spec, change(month, version, replace), "test").await.unwrap();
    }
    lake.restore(&spec, 19).await.unwrap();
    for version in 0..=41 {
        let (listed, read) =
            (lake.files(&spec, version).await.unwrap(), lake.read_files(&spec, version).await.unwrap());
        assert_eq!(listed, read, "version {version}");
    }
    let folder = dir.path().join("50% ü#?").join(spec.name);
    let lists = || {
        let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        names.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl")).collect::<Vec<_>>()
    };
    assert_eq!(lists().len(), 3, "the older ones are removed");
    // A list that is cut short or says something else is passed over.
    for path in lists() {
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, &text[..text.len() - 40]).unwrap();
    }
    assert_eq!(lake.files(&spec, 41).await.unwrap(), lake.read_files(&spec, 41).await.unwrap());
}
