//! The crates of Cargo.lock, told by `cargo metadata`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Package;

/// Every crate for every platform. Needs the registry once, for crates of other platforms that were never fetched.
pub(super) fn list(root: &Path) -> Result<Vec<Package>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .context("cargo does not run")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo metadata failed:\n{}", complaint.trim());
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")?;
    parse(&metadata)
}

fn parse(metadata: &Value) -> Result<Vec<Package>> {
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    packages.iter().map(package).collect()
}

fn package(package: &Value) -> Result<Package> {
    let name = package["name"].as_str().context("a crate without a name")?;
    let version = package["version"].as_str().context("a crate without a version")?;
    let licence = package["license"].as_str().map(String::from);
    Ok(Package { name: format!("{name} {version}"), licence, lock: "Cargo.lock".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_with_only_a_licence_file_states_no_licence() {
        let metadata = serde_json::json!({"packages": [
            {"name": "a", "version": "1.0.0", "license": "MIT"},
            {"name": "b", "version": "2.0.0", "license": null, "license_file": "COPYING"},
        ]});
        let packages = parse(&metadata).unwrap();
        assert_eq!(packages[0].licence.as_deref(), Some("MIT"));
        assert_eq!((packages[1].name.as_str(), packages[1].licence.as_deref()), ("b 2.0.0", None));
    }
}
