//! Files handed in on the command line.

use std::path::Path;

use kerbwatt_hub::{Bytes, Profile};

use crate::failure::Failure;

/// A file's name, without its folder, and its bytes.
pub(crate) fn read(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::reading(path, &error))?;
    Ok((name(path), bytes))
}

/// A file that is read from where it lies, and its name without its folder.
pub(crate) fn open(path: &Path) -> Result<(String, Bytes), Failure> {
    let bytes = kerbwatt_hub::file_on_disk(path).map_err(|error| Failure::reading(path, &error))?;
    Ok((name(path), bytes))
}

/// What `--profile` says: the name of a profile, or a file that holds one.
pub(crate) struct Layout {
    /// Name of the profile.
    pub(crate) name: Option<String>,
    /// The profile itself, as TOML.
    pub(crate) text: Option<String>,
}

impl Layout {
    /// The profile of a file; none where a name was given, or nothing.
    pub(crate) fn profile(&self) -> Result<Option<Profile>, Failure> {
        let Some(text) = &self.text else { return Ok(None) };
        let profile = Profile::from_toml(self.name.as_deref().unwrap_or_default(), text);
        profile.map(Some).map_err(|error| {
            Failure::new(error.to_string(), "Correct the file; `--save-profile` writes one to begin with.")
        })
    }
}

/// Reads `--profile`: a name, or the path of a TOML file.
pub(crate) fn layout(given: Option<&str>) -> Result<Layout, Failure> {
    let Some(given) = given else { return Ok(Layout { name: None, text: None }) };
    let path = Path::new(given);
    if path.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("toml")) {
        return Ok(Layout { name: Some(given.to_owned()), text: None });
    }
    let text = std::fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    Ok(Layout { name, text: Some(text) })
}

/// A file's name without its folder.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
