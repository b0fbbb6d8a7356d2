//! The disk for tests tells the truth about a power loss, and what is written durably survives it.
#![expect(clippy::unwrap_used, reason = "a failing test")]

use std::fs;
use std::io::Write as _;

use tempfile::TempDir;

use super::faulty::{Fault, FaultyDisk, PowerLoss};
use super::{Disk as _, Readers, make_dirs, replace_file};

fn text(dir: &TempDir, name: &str) -> Option<String> {
    fs::read_to_string(dir.path().join(name)).ok()
}

#[test]
fn only_what_was_flushed_survives_a_power_loss() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("old"), "old").unwrap();
    let disk = FaultyDisk::on(dir.path());
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    disk.create(&one, Readers::Usual).unwrap().write_all(b"1").unwrap();
    let mut output = disk.create(&two, Readers::Usual).unwrap();
    output.write_all(b"2").unwrap();
    output.sync().unwrap();
    output.write_all(b"3").unwrap();
    assert_eq!(text(&disk.after(PowerLoss::Clean), "two"), None);
    assert_eq!(text(&disk.after(PowerLoss::KeepsNames), "two").as_deref(), Some("2"));
    assert_eq!(text(&disk.after(PowerLoss::KeepsNames), "one").as_deref(), Some(""));
    disk.sync_dir(dir.path()).unwrap();
    disk.remove(&dir.path().join("old")).unwrap();
    assert_eq!(text(&disk.after(PowerLoss::Clean), "two").as_deref(), Some("2"));
    assert_eq!(text(&disk.after(PowerLoss::Clean), "old").as_deref(), Some("old"));
    assert_eq!(text(&disk.after(PowerLoss::KeepsNames), "old"), None);
}

#[test]
fn a_replaced_file_is_the_old_or_the_new_one_after_any_step() {
    for steps in 0.. {
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("file"), "old").unwrap();
        let disk = FaultyDisk::on(dir.path());
        disk.arm(Some(Fault::Dies(steps)));
        let (path, temporary) = (dir.path().join("file"), dir.path().join("file.new"));
        let is_done = replace_file(&disk, &path, &temporary, b"new", Readers::Usual).is_ok();
        for loss in [PowerLoss::Clean, PowerLoss::KeepsNames] {
            let left = text(&disk.after(loss), "file");
            assert!(left.as_deref() == Some("new") || (!is_done && left.as_deref() == Some("old")), "{left:?}");
        }
        if is_done {
            assert_eq!(steps, 5);
            return;
        }
    }
}

#[test]
fn folders_whose_making_was_cut_off_survive_once_they_are_made_again() {
    for steps in 0..4 {
        let dir = TempDir::new().unwrap();
        let disk = FaultyDisk::on(dir.path());
        disk.arm(Some(Fault::Dies(steps)));
        make_dirs(&disk, &dir.path().join("a/b")).unwrap_err();
        disk.arm(None);
        make_dirs(&disk, &dir.path().join("a/b")).unwrap();
        assert!(disk.after(PowerLoss::Clean).path().join("a/b").is_dir(), "cut off at step {steps}");
    }
}
