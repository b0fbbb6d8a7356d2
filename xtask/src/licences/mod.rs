//! What the product is made of may be given on: every dependency, Rust and npm, carries a permissive licence.

mod crates;
mod npm;
mod policy;

use anyhow::Result;

use crate::finding::{Finding, Report};
use crate::workspace::Workspace;

/// Lock files of npm packages that end up in the product or are needed to build it.
const NPM_LOCKS: [&str; 1] = ["web/package-lock.json"];

/// One dependency and what it says of its licence.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Package {
    /// `name version`.
    name: String,
    /// The SPDX expression; nothing when the package states none.
    licence: Option<String>,
    /// The lock file that brings it in.
    lock: String,
}

/// Checks the whole of Cargo.lock (all platforms, tests included) and the production packages of npm.
pub(crate) fn check(workspace: &Workspace) -> Result<Report> {
    let mut packages = crates::list(&workspace.root)?;
    for path in NPM_LOCKS {
        if let Some(text) = workspace.text(path) {
            packages.extend(npm::list(path, text)?);
        }
    }
    Ok(judge(&packages))
}

fn judge(packages: &[Package]) -> Report {
    let mut report = Report::default();
    for package in packages {
        match policy::judge(package) {
            Ok(None) => {}
            Ok(Some(reason)) => report.summary.push(format!("exception: {}: {reason}", package.name)),
            Err(what) => report.failures.push(finding(package, &what)),
        }
    }
    let (all, bad) = (packages.len(), report.failures.len());
    report.summary.push(format!("licences: {all} packages, {bad} failures"));
    report
}

fn finding(package: &Package, what: &str) -> Finding {
    Finding {
        file: package.lock.clone(),
        line: 0,
        rule: "licence",
        what: format!("{}: {what}", package.name),
        advice: "use another package, or argue for an exception in xtask/src/licences/policy.rs".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_package_and_its_lock_file() {
        let package =
            Package { name: "a 1.0.0".into(), licence: Some("GPL-3.0-only".into()), lock: "Cargo.lock".into() };
        let report = judge(&[package]);
        assert!(report.has_failures());
        assert_eq!(report.failures[0].file, "Cargo.lock");
        assert!(report.failures[0].what.starts_with("a 1.0.0: "));
    }
}
