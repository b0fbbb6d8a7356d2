//! Which files a version has: from a list kept beside the log and the commits after it.
//!
//! Delta replays a log too, but takes a hundred times as long for what is needed here, and every question and every return waits for
//! it. The list is a copy: whatever is odd about it or about a commit is left to Delta, which reads the log as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use deltalake_core::kernel::{Action, Add};
use serde::{Deserialize, Serialize};

use super::LakeError;
use super::log::Log;
use super::writing::TEMPORARY;
use crate::{Digest, durable};

/// Commits that are read one by one before there is a list anew.
pub(super) const COMMITS_BETWEEN_LISTS: i64 = 8;
/// Lists that are kept: readers may still be at a version before the newest list.
const KEPT: usize = 3;
/// Begins the names of lists; what begins so is nothing of Delta's.
const PREFIX: &str = "_files-";

/// First line of a list.
#[derive(Serialize, Deserialize)]
struct Head {
    /// Identity of the table: one that was made anew is another.
    table: String,
    version: i64,
    /// Of all lines below.
    sha256: String,
}

/// The files of a version, by path; none where Delta has to be asked.
pub(super) fn files(table: &Path, log: &Log, version: i64) -> Option<Vec<Add>> {
    let identity = log.identity().ok().filter(|_| version >= 0)?;
    let kept = lists(table).ok()?.into_iter().filter(|(of, _)| *of <= version).max();
    let (mut at, mut files) = match kept.and_then(|(of, path)| Some((of, read(&path, &identity, of)?))) {
        Some((of, files)) => (of, files),
        // The first commit makes an empty table.
        None => (0, BTreeMap::new()),
    };
    while at < version {
        at += 1;
        let mut says_why = false;
        for line in fs::read_to_string(log.commit_file(at)).ok()?.lines() {
            match serde_json::from_str(line).ok()? {
                Action::Add(add) if add.deletion_vector.is_none() => _ = files.insert(add.path.clone(), add),
                Action::Remove(gone) => _ = files.remove(&gone.path)?,
                Action::CommitInfo(_) => says_why = true,
                // Not of our making.
                _ => return None,
            }
        }
        // Each commit says why it was made: one that does not was cut off, and what it added must not be passed over.
        if !says_why {
            return None;
        }
    }
    Some(files.into_values().collect())
}

/// Keeps a list of the files of a version, and removes those that are too old. Nothing depends on it.
pub(super) fn keep(table: &Path, log: &Log, version: i64) -> Result<(), LakeError> {
    let Some(files) = files(table, log, version) else { return Ok(()) };
    let mut lines = String::new();
    for add in files {
        lines.push_str(&line(&Action::Add(add), table)?);
    }
    let (identity, sha256) = (log.identity()?, Digest::of(lines.as_bytes()).to_string());
    let head = line(&Head { table: identity, version, sha256 }, table)?;
    let path = table.join(format!("{PREFIX}{version:020}.jsonl"));
    let temporary = path.with_extension(TEMPORARY.trim_start_matches('.'));
    durable::write_file(&path, &temporary, (head + &lines).as_bytes())
        .map_err(|source| LakeError::of(&path, source))?;
    let mut kept = lists(table).map_err(|source| LakeError::of(table, source))?;
    kept.sort_unstable();
    for (_, path) in kept.iter().rev().skip(KEPT) {
        fs::remove_file(path).map_err(|source| LakeError::of(path, source))?;
    }
    Ok(())
}

fn line(what: &impl Serialize, table: &Path) -> Result<String, LakeError> {
    let failed = |error: serde_json::Error| LakeError::of(table, error.into());
    Ok(serde_json::to_string(what).map_err(failed)? + "\n")
}

/// Versions of the lists that there are, with their places.
fn lists(table: &Path) -> io::Result<Vec<(i64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(table)? {
        let entry = entry?;
        let name = entry.file_name();
        let version = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(".jsonl")?.parse().ok());
        found.extend(version.map(|version| (version, entry.path())));
    }
    Ok(found)
}

/// A list that is whole and of this table.
fn read(path: &Path, identity: &str, version: i64) -> Option<BTreeMap<String, Add>> {
    let text = fs::read_to_string(path).ok()?;
    let (head, lines) = text.split_once('\n')?;
    let head: Head = serde_json::from_str(head).ok()?;
    if head.table != identity || head.version != version || head.sha256 != Digest::of(lines.as_bytes()).to_string() {
        return None;
    }
    let add = |line: &str| match serde_json::from_str(line) {
        Ok(Action::Add(add)) => Some((add.path.clone(), add)),
        _ => None,
    };
    lines.lines().map(add).collect()
}
