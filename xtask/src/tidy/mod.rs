//! Rules that keep the repository as CONTRIBUTING.md says: one rule, one file.

mod allow_attributes;
mod crate_graph;
mod file_size;
mod function_size;
mod machine_paths;
mod manifest;
mod module_names;
mod registry_hosts;
mod test_binaries;

use anyhow::Result;

use crate::finding::{Finding, Report};
use crate::workspace::{Source, Workspace};

/// A rule that only fails: all the files in, what is wrong out.
type Rule = fn(&[Source]) -> Vec<Finding>;

/// A new rule is one file and one line here.
const RULES: [Rule; 6] = [
    allow_attributes::check,
    crate_graph::check,
    machine_paths::check,
    module_names::check,
    registry_hosts::check,
    test_binaries::check,
];

/// Runs every rule over the repository.
pub(crate) fn check(workspace: &Workspace) -> Result<Report> {
    let sources = &workspace.sources;
    let mut report = Report::default();
    file_size::check(sources, &mut report);
    function_size::check(sources, &mut report);
    for rule in RULES {
        report.failures.extend(rule(sources));
    }
    let counts = (sources.len(), report.failures.len(), report.warnings.len());
    let closing = format!("tidy: {} files, {} failures, {} warnings", counts.0, counts.1, counts.2);
    report.summary.push(closing);
    Ok(report)
}
