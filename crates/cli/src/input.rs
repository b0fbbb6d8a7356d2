//! Files handed in on the command line.

use std::path::Path;

use crate::failure::Failure;

/// A file's name, without its folder, and its bytes.
pub(crate) fn read(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::reading(path, &error))?;
    Ok((name(path), bytes))
}

/// A file's name without its folder.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
