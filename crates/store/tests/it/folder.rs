use std::fs;

use kerbwatt_store::{DataFolder, FolderError};
use tempfile::TempDir;

use crate::other_process::{self, Other};

#[test]
fn a_new_folder_gets_its_parts_and_can_be_read() {
    let dir = TempDir::new().unwrap();
    let root = dir.path().join("below/data");
    let folder = DataFolder::open_for_writing(&root, "kerbwatt test").unwrap();
    assert!(folder.is_writer());
    assert!(folder.vault_dir().is_dir() && folder.lake_dir().is_dir());
    assert_eq!(folder.ledger_file(), root.join("ledger.sqlite"));
    let reader = DataFolder::open_for_reading(&root).unwrap();
    assert!(!reader.is_writer());
    assert_eq!(reader.root(), root);
}

#[test]
fn a_second_writer_is_told_who_has_the_folder() {
    let dir = TempDir::new().unwrap();
    let first = DataFolder::open_for_writing(dir.path(), "kerbwatt serve\nx").unwrap();
    let error = DataFolder::open_for_writing(dir.path(), "kerbwatt submit").unwrap_err();
    let message = error.to_string();
    assert!(message.contains("kerbwatt serve x") && message.contains(&std::process::id().to_string()), "{message}");
    drop(first);
    DataFolder::open_for_writing(dir.path(), "kerbwatt submit").unwrap();
}

#[test]
fn another_process_holds_a_folder() {
    let Some(dir) = other_process::folder() else { return };
    let _folder = DataFolder::open_for_writing(&dir, "kerbwatt serve").unwrap();
    other_process::say("held");
    other_process::wait_for_the_end();
}

#[test]
fn a_folder_is_free_again_when_the_process_that_had_it_was_killed() {
    let dir = TempDir::new().unwrap();
    let mut other = Other::start("folder::another_process_holds_a_folder", dir.path());
    assert_eq!(other.hear(), "held");
    let error = DataFolder::open_for_writing(dir.path(), "kerbwatt submit").unwrap_err();
    assert!(matches!(&error, FolderError::InUse { holder, .. } if holder.ends_with("(kerbwatt serve)")), "{error}");
    DataFolder::open_for_reading(dir.path()).unwrap();
    other.kill();
    DataFolder::open_for_writing(dir.path(), "kerbwatt submit").unwrap();
}

#[test]
fn a_folder_of_a_newer_version_is_refused_for_both() {
    let dir = TempDir::new().unwrap();
    drop(DataFolder::open_for_writing(dir.path(), "x").unwrap());
    fs::write(dir.path().join("FORMAT"), "kerbwatt 99\n").unwrap();
    let newer = |result: Result<DataFolder, FolderError>| matches!(result, Err(FolderError::Newer { found: 99, .. }));
    assert!(newer(DataFolder::open_for_writing(dir.path(), "x")));
    assert!(newer(DataFolder::open_for_reading(dir.path())));
    fs::write(dir.path().join("FORMAT"), "something").unwrap();
    assert!(matches!(DataFolder::open_for_reading(dir.path()), Err(FolderError::UnknownFormat { .. })));
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
    let error = DataFolder::open_for_writing(dir.path(), "x").unwrap_err();
    assert!(matches!(&error, FolderError::Foreign { entry, .. } if entry == "thesis.txt"));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    let file = dir.path().join("thesis.txt");
    assert!(matches!(DataFolder::open_for_writing(&file, "x"), Err(FolderError::NotADirectory { .. })));
    assert!(matches!(DataFolder::open_for_reading(&file), Err(FolderError::NotADirectory { .. })));
}

#[test]
fn reading_makes_no_folder() {
    let dir = TempDir::new().unwrap();
    let missing = dir.path().join("missing");
    assert!(matches!(DataFolder::open_for_reading(&missing), Err(FolderError::Missing { .. })));
    assert!(!missing.exists());
}

#[test]
fn a_folder_whose_making_was_interrupted_is_finished() {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("vault")).unwrap();
    fs::write(dir.path().join("FORMAT.new"), "kerb").unwrap();
    DataFolder::open_for_writing(dir.path(), "x").unwrap();
    DataFolder::open_for_reading(dir.path()).unwrap();
}
