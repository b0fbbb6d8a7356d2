//! The production packages of an npm lock file (version 2 or 3, which state the licence of each).

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use super::Package;

/// Packages that are installed without development dependencies.
pub(super) fn list(path: &str, text: &str) -> Result<Vec<Package>> {
    let lock: Value = serde_json::from_str(text).with_context(|| format!("{path} is no JSON"))?;
    let packages = lock["packages"]
        .as_object()
        .with_context(|| format!("{path} has no \"packages\": npm 7 or later writes it"))?;
    Ok(production(packages).map(|(place, package)| read(path, place, package)).collect())
}

/// Leaves out the project itself (its place is empty), links to folders of the repository, and what is for development.
fn production(packages: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let set = |package: &Value, flag: &str| package[flag].as_bool().unwrap_or_default();
    packages.iter().filter(move |(place, package)| {
        let development = set(package, "dev") || set(package, "devOptional");
        place.contains("node_modules/") && !set(package, "link") && !development
    })
}

fn read(lock: &str, place: &str, package: &Value) -> Package {
    let name = place.rsplit("node_modules/").next().unwrap_or(place);
    let version = package["version"].as_str().unwrap_or("without version");
    let licence = package["license"].as_str().map(String::from);
    Package { name: format!("{name} {version}"), licence, lock: lock.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"{"lockfileVersion": 3, "packages": {
        "": {"name": "web", "license": "MIT"},
        "node_modules/d3-scale": {"version": "4.0.2", "license": "ISC"},
        "node_modules/a/node_modules/@b/c": {"version": "1.0.0"},
        "node_modules/vite": {"version": "7.0.0", "license": "MIT", "dev": true}
    }}"#;

    #[test]
    fn production_packages_are_read_with_their_licences() {
        let packages = list("web/package-lock.json", LOCK).unwrap();
        let read: Vec<(&str, Option<&str>)> =
            packages.iter().map(|p| (p.name.as_str(), p.licence.as_deref())).collect();
        assert!(read.contains(&("d3-scale 4.0.2", Some("ISC"))));
        assert!(read.contains(&("@b/c 1.0.0", None)));
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn a_lock_file_that_cannot_be_read_is_an_error() {
        assert!(list("web/package-lock.json", "{}").is_err());
        assert!(list("web/package-lock.json", "not json").is_err());
    }
}
