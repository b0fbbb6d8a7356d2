//! No file names the host that packages come from: who builds says that, outside the repository. The only exception
//! is the line that Cargo.lock carries for crates.io, which is a name and no address of a mirror.

use crate::finding::Finding;
use crate::workspace::Source;

/// Hosts and settings that bind the repository to one registry. In two pieces, so that this file passes its own rule.
const HOSTS: [&str; 9] = [
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("crates.io", "-index"),
    concat!("pypi.", "org/simple"),
    concat!("files.", "pythonhosted.org"),
    concat!("proxy.", "golang.org"),
    concat!("arti", "factory"),
];

const CRATES_IO: &str = concat!("source = \"registry+https://github.com/rust-lang/crates.io", "-index\"");
const RESOLVED: &str = concat!("\"resolved\": \"", "http");

/// Finds registry hosts, lock files included.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().flat_map(in_file).collect()
}

fn in_file(source: &Source) -> Vec<Finding> {
    let numbered = source.text.lines().enumerate();
    numbered.filter_map(|(index, line)| Some(finding(source, index + 1, complaint(&source.path, line)?))).collect()
}

/// What is wrong with this line, if anything.
fn complaint(path: &str, line: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name {
        "Cargo.lock" => foreign_crate(line),
        "package-lock.json" if line.contains(RESOLVED) => Some("a lock file names the host a package came from"),
        ".npmrc" if line.trim_start().starts_with("registry") => Some("a registry is set for everybody"),
        _ => HOSTS.iter().any(|host| line.contains(host)).then_some("a registry's host is named"),
    }
}

fn foreign_crate(line: &str) -> Option<&'static str> {
    let from_registry = line.starts_with("source = \"registry+") || line.starts_with("source = \"sparse+");
    (from_registry && line != CRATES_IO).then_some("a crate comes from another registry than crates.io")
}

fn finding(source: &Source, line: usize, what: &str) -> Finding {
    let advice = if source.path.ends_with("package-lock.json") {
        "put `omit-lockfile-registry-resolved=true` into the .npmrc beside it and write the lock file anew"
    } else {
        "leave the choice of registry to the builder's own configuration"
    };
    Finding { file: source.path.clone(), line, rule: "registry-host", what: what.to_owned(), advice: advice.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&[Source::new(path, text)]).len()
    }

    #[test]
    fn every_known_host_is_found() {
        for host in HOSTS {
            assert_eq!(found("docs/build.md", &format!("from https://{host}/x")), 1, "{host}");
        }
    }

    #[test]
    fn a_resolved_host_in_an_npm_lock_file_is_found() {
        assert_eq!(found("web/package-lock.json", &format!("  {RESOLVED}s://mirror.example/a.tgz\",")), 1);
        assert_eq!(found("web/package-lock.json", "  \"resolved\": \"../model\","), 0);
    }

    #[test]
    fn a_registry_in_npmrc_is_found() {
        assert_eq!(found("web/.npmrc", "registry=https://mirror.example"), 1);
        assert_eq!(found("web/.npmrc", "omit-lockfile-registry-resolved=true"), 0);
    }

    #[test]
    fn cargos_lock_may_name_crates_io_and_nothing_else() {
        assert_eq!(found("Cargo.lock", CRATES_IO), 0);
        assert_eq!(found("Cargo.lock", "source = \"registry+https://mirror.example/index\""), 1);
        assert_eq!(found("Cargo.lock", "source = \"sparse+https://mirror.example/index/\""), 1);
    }
}
