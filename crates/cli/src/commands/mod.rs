//! One file a command; the work is in the hub.

pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod places;
pub(crate) mod query;
pub(crate) mod rebuild;
pub(crate) mod register;
pub(crate) mod sample;
pub(crate) mod serve;
pub(crate) mod submit;
pub(crate) mod verify;

use std::path::Path;

use crate::failure::Failure;

/// The bytes of a file, and its name without folders.
pub(crate) fn read(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::reading(path, &error))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok((name, bytes))
}
