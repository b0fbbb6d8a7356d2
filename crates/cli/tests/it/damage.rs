//! Damage on disk is found, named, and mended where it can be.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Folder, figures, run, sessions};

/// All files below a folder, by path; none where it is missing.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn parquet(folder: &Folder, table: &str) -> PathBuf {
    let mut of_table = files(&folder.path("data/lake").join(table)).into_iter();
    of_table.rfind(|path| path.extension().is_some_and(|end| end == "parquet")).expect("a Parquet file")
}

fn filled() -> (Folder, String) {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 500)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    run(&["verify", "--data", &data]).well();
    (folder, data)
}

fn flip_a_bit(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    // The vault's files are read-only, which damage does not respect.
    fs::remove_file(path).expect("it goes");
    fs::write(path, bytes).expect("it is written");
}

/// The last name of a path, which messages carry.
fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).expect("a name")
}

#[test]
fn a_flipped_bit_in_the_vault_is_found_and_the_original_file_mends_it() {
    let (folder, data) = filled();
    let stored = files(&folder.path("data/vault")).into_iter().next().expect("a file in the vault");
    flip_a_bit(&stored);
    run(&["verify", "--data", &data]).refused("vault", "original file again");
    run(&["submit", &folder.text("r.csv"), "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    run(&["verify", "--data", &data]).well();
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 500);
}

#[test]
fn a_missing_and_a_changed_file_of_the_lake_are_named_and_a_rebuild_mends_both() {
    for table in ["sessions", "evse_month"] {
        let (folder, data) = filled();
        let lost = parquet(&folder, table);
        fs::remove_file(&lost).expect("it goes");
        run(&["verify", "--data", &data]).refused(&name(&lost), "kerbwatt rebuild");
        run(&["rebuild", "--data", &data]).well();
        run(&["verify", "--data", &data]).well();
        let changed = parquet(&folder, table);
        flip_a_bit(&changed);
        run(&["verify", "--data", &data]).refused(&name(&changed), "kerbwatt rebuild");
        run(&["rebuild", "--data", &data]).well();
        run(&["verify", "--data", &data]).well();
        assert_eq!(figures(&data, "sessions", &[])["sessions"], 500);
    }
}

#[test]
fn rows_too_many_in_the_lake_are_found_even_where_every_file_is_whole() {
    let (folder, data) = filled();
    let original = parquet(&folder, "sessions");
    let copy = original.with_file_name(format!("copy-{}", name(&original)));
    fs::copy(&original, &copy).expect("a copy");
    // The log names the copy as well: each file matches its metadata, and all sessions of a month are there twice.
    for log in files(&folder.path("data/lake/sessions/_delta_log")) {
        let text = fs::read_to_string(&log).expect("a log");
        let doubled: String = text
            .lines()
            .flat_map(|line| {
                let is_add = line.contains("\"add\"") && line.contains(&name(&original));
                let twin = is_add.then(|| line.replace(&name(&original), &name(&copy)));
                [Some(line.to_owned()), twin].into_iter().flatten().map(|line| line + "\n")
            })
            .collect();
        fs::write(&log, doubled).expect("a log");
    }
    run(&["verify", "--data", &data]).refused("submission 1 (r.csv)", "kerbwatt rebuild");
    run(&["rebuild", "--data", &data]).well();
    run(&["verify", "--data", &data]).well();
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 500);
}

#[test]
fn a_lost_lake_is_made_anew() {
    let (folder, data) = filled();
    fs::remove_dir_all(folder.path("data/lake")).expect("it goes");
    assert_eq!(run(&["verify", "--data", &data]).code, 1);
    run(&["rebuild", "--data", &data]).well();
    run(&["verify", "--data", &data]).well();
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 500);
}

#[test]
fn a_damaged_ledger_is_an_error_and_not_an_empty_hub() {
    let (folder, data) = filled();
    fs::write(folder.path("data/ledger.sqlite"), b"not a database, although it is long enough to be looked at")
        .expect("a file");
    for arguments in [vec!["verify", "--data", &data], vec!["query", "--data", &data, "--metric", "sessions"]] {
        run(&arguments).refused("ledger", "");
    }
}
