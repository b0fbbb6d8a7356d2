//! A folder's making, cut off at any step, can be gone on with; and its key is there before anything that wants it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failing test")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::{DataFolder, FolderError, KeySource};
use crate::Digest;
use crate::durable::faulty::{Fault, FaultyDisk, PowerLoss};

const BYTES: &[u8] = b"a return";

fn open_and_put(disk: &FaultyDisk, dir: &Path) -> Result<(), String> {
    let folder = DataFolder::open_on(Arc::new(disk.clone()), &dir.join("data"), "x", &KeySource::InFolder);
    let digest = folder.map_err(|error| error.to_string())?.vault().put(BYTES).map_err(|error| error.to_string())?;
    assert_eq!(digest, Digest::of(BYTES));
    Ok(())
}

/// Opens what is there for writing, as the next run does; what was acknowledged must be readable.
fn check(dir: &Path, must_be_there: bool, case: &str) {
    let folder = DataFolder::open_for_writing_with(&dir.join("data"), "x", &KeySource::InFolder);
    let vault = folder.unwrap_or_else(|error| panic!("{case}: {error}")).vault();
    assert_eq!(vault.verify().unwrap(), [], "{case}");
    let digest = Digest::of(BYTES);
    assert!(vault.contains(&digest) || !must_be_there, "{case}: what was acknowledged is gone");
    assert_eq!(vault.put(BYTES).unwrap(), digest, "{case}");
    assert_eq!(vault.get(&digest).unwrap(), BYTES, "{case}");
}

/// Runs with every fault that a kind has until none hits, on folders made by `fill`.
fn with_each(fault: fn(usize) -> Fault, fill: fn(&Path), is_there_before: bool) {
    for number in 0.. {
        let dir = TempDir::new().unwrap();
        fill(&dir.path().join("data"));
        let disk = FaultyDisk::on(dir.path());
        disk.arm(Some(fault(number)));
        let put = open_and_put(&disk, dir.path());
        let steps = disk.steps();
        let (case, must) = (format!("{:?}", fault(number)), put.is_ok() || is_there_before);
        check(disk.after(PowerLoss::Clean).path(), must, &case);
        check(disk.after(PowerLoss::KeepsNames).path(), must, &case);
        disk.arm(None);
        open_and_put(&disk, dir.path()).unwrap();
        check(disk.after(PowerLoss::Clean).path(), true, &format!("{case}, then again"));
        check(dir.path(), true, &case);
        if number > steps {
            assert!(put.is_ok() && steps > 10, "{steps} steps: {put:?}");
            return;
        }
    }
}

fn nothing(_: &Path) {}

/// A folder of the first version, with the file in the clear.
fn first_version(dir: &Path) {
    let name = Digest::of(BYTES).to_string();
    fs::create_dir_all(dir.join("vault").join(&name[..2])).unwrap();
    fs::create_dir(dir.join("lake")).unwrap();
    fs::write(dir.join("vault").join(&name[..2]).join(name), BYTES).unwrap();
    fs::write(dir.join("FORMAT"), "kerbwatt 1\n").unwrap();
}

#[test]
fn a_new_folder_survives_a_death_and_a_power_loss_at_any_step() {
    with_each(Fault::Dies, nothing, false);
}

#[test]
fn a_new_folder_survives_any_flush_that_fails() {
    with_each(Fault::SyncFails, nothing, false);
}

#[test]
fn a_folder_of_the_first_version_survives_a_death_and_a_power_loss_at_any_step() {
    with_each(Fault::Dies, first_version, true);
}

#[test]
fn a_full_disk_leaves_a_folder_that_can_be_finished() {
    for room in (0..400).step_by(7) {
        let dir = TempDir::new().unwrap();
        let disk = FaultyDisk::on(dir.path());
        disk.arm(Some(Fault::Full(room)));
        let put = open_and_put(&disk, dir.path());
        assert!(put.is_ok() || put.unwrap_err().contains("the disk is full"), "room for {room} bytes");
        disk.arm(None);
        check(dir.path(), false, &format!("room for {room} bytes"));
    }
}

#[test]
fn a_key_that_was_lost_is_not_replaced_by_a_new_one() {
    let dir = TempDir::new().unwrap();
    open_and_put(&FaultyDisk::on(dir.path()), dir.path()).unwrap();
    fs::remove_file(dir.path().join("data/vault.key")).unwrap();
    let error = DataFolder::open_for_writing_with(&dir.path().join("data"), "x", &KeySource::InFolder).unwrap_err();
    assert!(matches!(error, FolderError::Key(_)), "{error}");
    assert!(!dir.path().join("data/vault.key").exists());
}
