//! Arrows between the crates point down only, and some libraries have one door:
//! cli → server → hub → {engine, intake, places} → store → model, and sample → model.

use super::manifest::{self, Dependency, Kind};
use crate::finding::Finding;
use crate::workspace::Source;

/// Each crate and the crates it may use. Dev-dependencies may use `sample` as well.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("model", &[]),
    ("places", &["model"]),
    ("intake", &["model"]),
    ("store", &["model"]),
    ("sample", &["model"]),
    ("engine", &["store", "model"]),
    ("hub", &["places", "intake", "engine", "store", "model"]),
    ("server", &["hub", "engine", "model"]),
    ("cli", &["server", "hub", "engine", "sample", "model"]),
    ("xtask", &[]),
];

/// Libraries (and those whose names begin with theirs) that one crate alone may name.
const DOORS: [(&str, &str); 4] =
    [("datafusion", "engine"), ("axum", "server"), ("rusqlite", "store"), ("deltalake", "store")];

/// What a pure crate must not name: files, sockets, databases, runtimes and the formats behind them.
const IO: [&str; 18] = [
    "arrow",
    "async-std",
    "axum",
    "csv",
    "datafusion",
    "deltalake",
    "futures",
    "getrandom",
    "hyper",
    "memmap2",
    "object_store",
    "parquet",
    "reqwest",
    "rusqlite",
    "smol",
    "sqlx",
    "tokio",
    "ureq",
];

/// Crates that do no IO at all, with what they may name all the same.
const PURE: [(&str, &[&str]); 2] = [("model", &[]), ("intake", &["csv", "csv-core"])];

/// Checks every manifest of the workspace.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().filter_map(|source| Some((source, member(&source.path)?))).flat_map(in_manifest).collect()
}

/// The crate's name when `path` is its manifest.
fn member(path: &str) -> Option<&str> {
    let folder = path.strip_suffix("/Cargo.toml")?;
    if folder == "xtask" { Some(folder) } else { folder.strip_prefix("crates/").filter(|name| !name.contains('/')) }
}

fn in_manifest((source, member): (&Source, &str)) -> Vec<Finding> {
    let Some((_, below)) = MAY_USE.iter().find(|(name, _)| *name == member) else {
        return vec![finding(source, 0, format!("`{member}` is not in the crate graph"), NEW_CRATE)];
    };
    let dependencies = manifest::dependencies(&source.text);
    dependencies
        .iter()
        .filter_map(|used| {
            let (what, advice) =
                arrow(member, below, used).or_else(|| door(member, used)).or_else(|| purity(member, used))?;
            Some(finding(source, used.line, what, advice))
        })
        .collect()
}

const NEW_CRATE: &str =
    "add it to MAY_USE in xtask/src/tidy/crate_graph.rs and to ARCHITECTURE.md; it needs a second consumer";

/// A crate of ours that must not be used here.
fn arrow(member: &str, below: &[&str], used: &Dependency) -> Option<(String, &'static str)> {
    let ours = used.package.strip_prefix("kerbwatt-")?;
    let for_tests = used.kind == Kind::Test && (ours == "sample" || ours == member);
    let allowed = below.contains(&ours) || for_tests;
    (!allowed).then(|| {
        (
            format!("`{member}` must not use `{ours}`: arrows point down only"),
            "move what is needed down, or hand it in as an argument",
        )
    })
}

/// A library that another crate is the door to.
fn door(member: &str, used: &Dependency) -> Option<(String, &'static str)> {
    let (library, owner) = DOORS.iter().find(|(library, _)| is(&used.package, library))?;
    (*owner != member).then(|| {
        (format!("only `{owner}` may use {library}, not `{member}`"), "call a function of the crate that owns it")
    })
}

/// IO in a crate that has none.
fn purity(member: &str, used: &Dependency) -> Option<(String, &'static str)> {
    let (_, except) = PURE.iter().find(|(name, _)| *name == member)?;
    let does_io = IO.iter().any(|library| is(&used.package, library)) && !except.contains(&used.package.as_str());
    (does_io && used.kind == Kind::Shipped).then(|| {
        (
            format!("`{member}` is pure, {} is for IO", used.package),
            "do the IO in store, hub or server and hand in the data",
        )
    })
}

/// Whether `package` is the library or one of its parts (`datafusion-common`).
fn is(package: &str, library: &str) -> bool {
    package.strip_prefix(library).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

fn finding(source: &Source, line: usize, what: String, advice: &str) -> Finding {
    Finding { file: source.path.clone(), line, rule: "crate-graph", what, advice: advice.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(member: &str, section: &str, package: &str) -> Vec<Finding> {
        let text = format!("[{section}]\n{package}.workspace = true\n");
        check(&[Source::new(format!("crates/{member}/Cargo.toml"), text)])
    }

    #[test]
    fn an_arrow_upwards_is_found_with_its_line() {
        let findings = found("store", "dependencies", "kerbwatt-engine");
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].line, findings[0].rule), (2, "crate-graph"));
    }

    #[test]
    fn every_arrow_that_is_not_drawn_is_found() {
        for (member, below) in MAY_USE.iter().filter(|(name, _)| *name != "xtask") {
            for (other, _) in MAY_USE.iter().filter(|(name, _)| name != member && *name != "xtask") {
                let fails = !found(member, "dependencies", &format!("kerbwatt-{other}")).is_empty();
                assert_eq!(fails, !below.contains(other), "{member} → {other}");
            }
        }
    }

    #[test]
    fn no_crate_reaches_itself() {
        for (member, _) in MAY_USE {
            let mut reached: Vec<&str> = vec![member];
            let mut next = 0;
            while next < reached.len() {
                let below = MAY_USE.iter().filter(|(name, _)| *name == reached[next]).flat_map(|(_, below)| *below);
                let new: Vec<&str> = below.copied().filter(|name| !reached[1..].contains(name)).collect();
                assert!(!new.contains(&member), "{member} is above itself");
                reached.extend(new);
                next += 1;
            }
        }
    }

    #[test]
    fn tests_may_use_the_sample_and_nothing_else_from_above() {
        assert!(found("engine", "dev-dependencies", "kerbwatt-sample").is_empty());
        assert_eq!(found("engine", "dependencies", "kerbwatt-sample").len(), 1);
        assert_eq!(found("engine", "dev-dependencies", "kerbwatt-hub").len(), 1);
    }

    #[test]
    fn a_library_with_one_door_is_found_elsewhere() {
        for (member, package) in [
            ("hub", "datafusion"),
            ("store", "datafusion-common"),
            ("cli", "axum"),
            ("hub", "rusqlite"),
            ("engine", "deltalake-core"),
        ] {
            assert_eq!(found(member, "dependencies", package).len(), 1, "{member} → {package}");
        }
        assert!(found("engine", "dependencies", "datafusion").is_empty());
        assert!(found("server", "dependencies", "axum").is_empty());
    }

    #[test]
    fn io_in_a_pure_crate_is_found() {
        assert_eq!(found("model", "dependencies", "tokio").len(), 1);
        assert_eq!(found("model", "dependencies", "arrow").len(), 1);
        assert!(found("intake", "dependencies", "csv").is_empty());
        assert!(found("model", "dependencies", "jiff").is_empty());
    }

    #[test]
    fn a_crate_that_nobody_drew_is_found() {
        assert_eq!(found("tariffs", "dependencies", "serde").len(), 1);
    }
}
