//! Files that no version names: left by a process that died between writing them and committing.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use deltalake_core::kernel::Action;

use super::LakeError;
use super::log::{LOG, Log};
use super::writing::TEMPORARY;

/// Removes them from a table's folder and returns how many there were. Files of other kinds are left alone.
pub(super) fn remove(table: &Path, log: &Log) -> Result<u64, LakeError> {
    if !table.is_dir() {
        return Ok(0);
    }
    let named = named_files(log)?;
    let mut removed = 0;
    let mut folders = vec![table.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            if path.is_dir() {
                folders.push(path);
            } else if is_orphan(table, &path, &named) {
                fs::remove_file(&path).map_err(|source| LakeError::of(&path, source))?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

/// Every path that any commit adds, with `/`. Commits are never removed, so nothing escapes.
fn named_files(log: &Log) -> Result<HashSet<String>, LakeError> {
    let mut named = HashSet::new();
    let mut versions = log.versions()?;
    versions.sort_unstable();
    for (expected, version) in (0..).zip(versions) {
        let path = log.commit_file(expected);
        let damaged = |reason: String| LakeError::LogFile { path: path.clone(), reason };
        if version != expected {
            return Err(damaged("later ones are there".to_owned()));
        }
        let text = fs::read_to_string(&path).map_err(|source| LakeError::of(&path, source))?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if let Action::Add(add) = serde_json::from_str(line).map_err(|error| damaged(error.to_string()))? {
                named.insert(add.path);
            }
        }
    }
    Ok(named)
}

fn is_orphan(table: &Path, path: &Path, named: &HashSet<String>) -> bool {
    let Ok(below) = path.strip_prefix(table) else { return false };
    let name = below.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    if name.ends_with(TEMPORARY) {
        return true;
    }
    // Checkpoints are Parquet too.
    let in_log = below.starts_with(LOG);
    let below = below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
    !in_log && name.ends_with(".parquet") && !named.contains(&below)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, LakeError> {
    let failed = |source| LakeError::of(folder, source);
    fs::read_dir(folder).map_err(failed)?.map(|entry| Ok(entry.map_err(failed)?.path())).collect()
}
