//! Writing so that a power loss leaves either the old state or the new one: flush the file, rename it, flush the folder.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Flushes a folder, so that names made in it survive a power loss.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Makes a folder and those above it, and flushes the folder each is named in.
pub(crate) fn create_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        create_dir(parent)?;
    }
    match fs::create_dir(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !dir.is_dir() => Err(error),
        _ => sync_dir(parent.unwrap_or(Path::new("."))),
    }
}

/// Writes a file whole: first under a temporary name in the same folder, then renamed over `path`.
pub(crate) fn write_file(path: &Path, temporary: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(temporary, path)?;
    path.parent().map_or(Ok(()), sync_dir)
}
