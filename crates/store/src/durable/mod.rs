//! Writing so that a power loss leaves either the old state or the new one: flush the file, rename it, flush the folder.
//!
//! What must survive goes through a [`Disk`], so that tests can make any single step of it fail.

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
pub(crate) mod faulty;

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever the process's umask lets.
    Usual,
    /// Only the user that the process runs as (where the system knows such a thing).
    OwnerOnly,
}

/// The few things that are asked of a file system. Each is one step that may fail, and after which the power may go.
pub(crate) trait Disk: fmt::Debug + Send + Sync {
    /// Makes an empty file, or empties the one that is there.
    fn create(&self, path: &Path, readers: Readers) -> io::Result<Box<dyn Output>>;
    /// Opens a file for reading.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Input>>;
    /// Flushes a file that is there.
    fn sync_file(&self, path: &Path) -> io::Result<()>;
    /// Flushes a folder, so that names made in it survive a power loss.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Makes a folder in one that is there.
    fn make_dir(&self, dir: &Path) -> io::Result<()>;
    /// Gives a file another name, in one step.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// A file being written.
pub(crate) trait Output: Write + Send {
    /// Flushes what was written.
    fn sync(&mut self) -> io::Result<()>;
}

/// A file being read.
pub(crate) trait Input: Read + Seek + Send {}

impl Output for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

impl Input for File {}

/// The file system itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    fn create(&self, path: &Path, readers: Readers) -> io::Result<Box<dyn Output>> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        if readers == Readers::OwnerOnly {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        #[cfg(not(unix))]
        let _ = readers;
        Ok(Box::new(options.open(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Input>> {
        Ok(Box::new(File::open(path)?))
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }

    fn make_dir(&self, dir: &Path) -> io::Result<()> {
        fs::create_dir(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

/// Flushes a folder of the real disk.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    RealDisk.sync_dir(dir)
}

/// [`make_dirs`] on the real disk.
pub(crate) fn create_dir(dir: &Path) -> io::Result<()> {
    make_dirs(&RealDisk, dir)
}

/// [`replace_file`] on the real disk.
pub(crate) fn write_file(path: &Path, temporary: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_file(&RealDisk, path, temporary, bytes, Readers::Usual)
}

/// Makes a folder and those above it, and flushes the folder each is named in.
pub(crate) fn make_dirs(disk: &dyn Disk, dir: &Path) -> io::Result<()> {
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    let named_in = parent.unwrap_or(Path::new("."));
    if dir.is_dir() {
        return sync_earlier(disk, named_in);
    }
    if let Some(parent) = parent {
        make_dirs(disk, parent)?;
    }
    match disk.make_dir(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !dir.is_dir() => Err(error),
        _ => disk.sync_dir(named_in),
    }
}

/// The run that made a folder may have been cut off before the flush. A folder that this user may not even list is
/// none that this program made names in.
fn sync_earlier(disk: &dyn Disk, named_in: &Path) -> io::Result<()> {
    match disk.sync_dir(named_in) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        result => result,
    }
}

/// Writes a file whole: first under a temporary name in the same file system, then renamed over `path`.
pub(crate) fn replace_file(
    disk: &dyn Disk,
    path: &Path,
    temporary: &Path,
    bytes: &[u8],
    readers: Readers,
) -> io::Result<()> {
    let written = write_and_sync(disk, temporary, bytes, readers).and_then(|()| disk.rename(temporary, path));
    if written.is_err() {
        // On a full disk what is there of it is in the way of everybody.
        let _ = disk.remove(temporary);
    }
    written.and_then(|()| path.parent().map_or(Ok(()), |parent| disk.sync_dir(parent)))
}

fn write_and_sync(disk: &dyn Disk, path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut file = disk.create(path, readers)?;
    file.write_all(bytes)?;
    file.sync()
}
