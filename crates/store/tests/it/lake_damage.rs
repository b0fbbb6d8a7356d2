use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};

use kerbwatt_store::{Lake, LakeDamageKind, LakeError, Replace, sessions_spec};
use tempfile::TempDir;

use crate::other_process::{self, Other};
use crate::sessions::{change, lake};

#[tokio::test]
async fn files_that_no_version_names_are_removed_and_nothing_else() {
    let (dir, lake) = lake().await;
    let spec = sessions_spec();
    assert_eq!(lake.remove_orphans(&spec).await.unwrap(), 0);
    lake.commit(&spec, change("2018-06", 3, Replace::Nothing), "one").await.unwrap();
    lake.commit(&spec, change("2018-06", 4, Replace::Everything), "two").await.unwrap();
    let before = lake.files(&spec, 1).await.unwrap();
    let folder = before[0].path.parent().unwrap();
    fs::write(folder.join("part-00000003-00000-abc.parquet"), b"not named").unwrap();
    fs::write(folder.join("part-00000003-00001-abc.parquet.tmp"), b"half").unwrap();
    let log = dir.path().join("50% ü#?/sessions/_delta_log");
    fs::write(log.join("00000000000000000003.tmp"), b"half").unwrap();
    fs::write(folder.join("notes.txt"), b"mine").unwrap();
    assert_eq!(lake.remove_orphans(&spec).await.unwrap(), 3);
    assert!(folder.join("notes.txt").is_file());
    assert!(lake.verify(&spec, 1).await.unwrap().is_empty(), "an old version keeps its files");
    assert!(lake.verify(&spec, 2).await.unwrap().is_empty());
}

#[tokio::test]
async fn orphans_stay_while_the_log_has_a_gap() {
    let (dir, lake) = lake().await;
    let spec = sessions_spec();
    lake.commit(&spec, change("2018-06", 3, Replace::Nothing), "one").await.unwrap();
    lake.commit(&spec, change("2018-07", 3, Replace::Nothing), "two").await.unwrap();
    let files = lake.files(&spec, 2).await.unwrap();
    fs::remove_file(dir.path().join("50% ü#?/sessions/_delta_log/00000000000000000001.json")).unwrap();
    assert!(matches!(lake.remove_orphans(&spec).await, Err(LakeError::LogFile { .. })));
    assert!(files.iter().all(|file| file.path.is_file()));
}

#[tokio::test]
async fn every_kind_of_damage_is_found() {
    let (_dir, lake) = lake().await;
    let spec = sessions_spec();
    let mut three = change("2018-06", 3, Replace::Nothing);
    three.write.extend(change("2018-07", 4, Replace::Nothing).write);
    three.write.extend(change("2018-08", 5, Replace::Nothing).write);
    lake.commit(&spec, three, "test").await.unwrap();
    let files = lake.files(&spec, 1).await.unwrap();
    fs::remove_file(&files[0].path).unwrap();
    let mut changed = OpenOptions::new().write(true).open(&files[1].path).unwrap();
    changed.seek(SeekFrom::Start(10)).unwrap();
    changed.write_all(&[0xFF]).unwrap();
    fs::remove_file(&files[2].path).unwrap();
    fs::create_dir(&files[2].path).unwrap();
    let damages = lake.verify(&spec, 1).await.unwrap();
    assert_eq!(
        damages.iter().map(|damage| &damage.path).collect::<Vec<_>>(),
        [&files[0].path, &files[1].path, &files[2].path]
    );
    assert_eq!(damages[0].kind, LakeDamageKind::Missing);
    assert!(matches!(damages[1].kind, LakeDamageKind::Changed { .. }));
    assert!(matches!(damages[2].kind, LakeDamageKind::Unreadable(_)));
    assert!(damages[0].to_string().contains("sessions") && damages[0].to_string().contains("kerbwatt rebuild"));
}

#[tokio::test]
async fn a_file_with_other_rows_than_the_log_says_is_found() {
    let (dir, lake) = lake().await;
    let spec = sessions_spec();
    lake.commit(&spec, change("2018-06", 3, Replace::Nothing), "test").await.unwrap();
    let log = dir.path().join("50% ü#?/sessions/_delta_log/00000000000000000001.json");
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, text.replace("\"kerbwatt.rows\":\"3\"", "\"kerbwatt.rows\":\"7\"")).unwrap();
    let damages = lake.verify(&spec, 1).await.unwrap();
    assert_eq!(damages[0].kind, LakeDamageKind::Rows { expected: 7, found: 3 });
}

#[tokio::test]
async fn a_version_whose_file_is_gone_is_not_restored() {
    let (_dir, lake) = lake().await;
    let spec = sessions_spec();
    lake.commit(&spec, change("2018-06", 3, Replace::Nothing), "one").await.unwrap();
    lake.commit(&spec, change("2018-06", 4, Replace::Everything), "two").await.unwrap();
    fs::remove_file(&lake.files(&spec, 1).await.unwrap()[0].path).unwrap();
    let error = lake.restore(&spec, 1).await.unwrap_err();
    assert!(matches!(error, LakeError::Gone { .. }), "{error}");
    assert_eq!(lake.version(&spec).await.unwrap(), Some(2));
}

#[tokio::test]
async fn a_table_with_a_damaged_log_can_be_discarded_and_made_anew() {
    let (dir, lake) = lake().await;
    let spec = sessions_spec();
    lake.commit(&spec, change("2018-06", 3, Replace::Nothing), "one").await.unwrap();
    fs::write(dir.path().join("50% ü#?/sessions/_delta_log/00000000000000000001.json"), b"{\"add\":").unwrap();
    let error = lake.files(&spec, 1).await.unwrap_err();
    assert!(error.to_string().contains("kerbwatt rebuild"), "{error}");
    lake.discard(&spec).await.unwrap();
    lake.discard(&spec).await.unwrap();
    assert_eq!(lake.version(&spec).await.unwrap(), None);
    lake.create_if_missing(&spec).await.unwrap();
    assert_eq!(lake.commit(&spec, change("2018-06", 3, Replace::Everything), "again").await.unwrap(), 1);
}

#[tokio::test]
async fn a_commit_that_was_cut_to_nothing_is_refused_as_a_missing_one_is() {
    for (what_is_left, is_seen_by_its_size) in [("", true), ("\n", false), ("{\"add\":\n", false)] {
        let (dir, lake) = lake().await;
        let spec = sessions_spec();
        lake.commit(&spec, change("2018-06", 3, Replace::Nothing), "one").await.unwrap();
        lake.commit(&spec, change("2018-07", 3, Replace::Nothing), "two").await.unwrap();
        lake.commit(&spec, change("2018-08", 3, Replace::Nothing), "three").await.unwrap();
        assert_eq!(lake.restore(&spec, 3).await.unwrap(), 3);
        fs::write(dir.path().join("50% ü#?/sessions/_delta_log/00000000000000000002.json"), what_is_left).unwrap();
        let names_it = |error: LakeError| {
            let text = error.to_string();
            assert!(text.contains("00000000000000000002.json") && text.contains("kerbwatt rebuild"), "{text}");
        };
        names_it(lake.files(&spec, 3).await.unwrap_err());
        names_it(lake.verify(&spec, 3).await.unwrap_err());
        if is_seen_by_its_size {
            names_it(lake.restore(&spec, 3).await.unwrap_err());
        }
        assert_eq!(lake.files(&spec, 1).await.unwrap().len(), 1, "what was before it is whole");
    }
}

#[tokio::test]
async fn another_process_commits() {
    let Some(dir) = other_process::folder() else { return };
    let lake = Lake::new(&dir);
    let spec = sessions_spec();
    lake.create_if_missing(&spec).await.unwrap();
    for _ in 0..10_000 {
        let mut some = change("2018-06", 50, Replace::Everything);
        for month in 1..=12 {
            some.write.extend(change(&format!("2019-{month:02}"), 50, Replace::Nothing).write);
        }
        let version = lake.commit(&spec, some, "test").await.unwrap();
        other_process::say(&version.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_every_version_is_whole_and_the_rest_can_be_swept() {
    let dir = TempDir::new().unwrap();
    let spec = sessions_spec();
    let mut other = Other::start("lake_damage::another_process_commits", dir.path());
    let heard: Vec<String> = (0..4).map(|_| other.hear()).collect();
    let last: i64 = other.kill().last().or(heard.last()).unwrap().parse().unwrap();
    let lake = Lake::new(dir.path());
    let latest = lake.version(&spec).await.unwrap().unwrap();
    assert!(latest == last || latest == last + 1, "{latest} {last}");
    lake.remove_orphans(&spec).await.unwrap();
    for version in 1..=latest {
        assert_eq!(lake.files(&spec, version).await.unwrap().len(), 13);
        assert!(lake.verify(&spec, version).await.unwrap().is_empty());
    }
    assert_eq!(lake.remove_orphans(&spec).await.unwrap(), 0);
    assert_eq!(lake.commit(&spec, change("2020-01", 1, Replace::Everything), "on").await.unwrap(), latest + 1);
}
