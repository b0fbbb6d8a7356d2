//! A file can be read in one sitting: aim under 300 lines, never over 600.

use crate::finding::{Finding, Report};
use crate::workspace::Source;

const AIM: usize = 300;
const LIMIT: usize = 600;

/// Fails files above the limit and lists those above the aim.
pub(crate) fn check(sources: &[Source], report: &mut Report) {
    for source in sources.iter().filter(|s| (s.is_rust() || s.is_web()) && !s.is_generated()) {
        let lines = source.text.lines().count();
        if lines > LIMIT {
            report.failures.push(too_long(source, lines));
        } else if lines > AIM {
            report.warnings.push(format!("{}: {lines} lines, aim for {AIM}", source.path));
        }
    }
}

fn too_long(source: &Source, lines: usize) -> Finding {
    Finding {
        file: source.path.clone(),
        line: LIMIT + 1,
        rule: "file-size",
        what: format!("{lines} lines, at most {LIMIT}"),
        advice: format!("split it along what changes together; aim for {AIM} lines"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(path: &str, lines: usize) -> Report {
        let mut report = Report::default();
        check(&[Source::new(path, "x\n".repeat(lines))], &mut report);
        report
    }

    #[test]
    fn a_file_of_601_lines_fails() {
        for path in ["a.rs", "web/src/App.svelte", "web/src/a.ts"] {
            assert_eq!(report(path, 601).failures.len(), 1, "{path}");
        }
    }

    #[test]
    fn a_file_of_301_to_600_lines_is_listed_only() {
        for lines in [301, 600] {
            let report = report("a.rs", lines);
            assert_eq!((report.failures.len(), report.warnings.len()), (0, 1), "{lines}");
        }
    }

    #[test]
    fn short_files_and_files_of_other_kinds_pass_in_silence() {
        for (path, lines) in [("a.rs", 300), ("a.csv", 5000)] {
            let report = report(path, lines);
            assert_eq!((report.failures.len(), report.warnings.len()), (0, 0), "{path}");
        }
    }

    #[test]
    fn what_a_tool_wrote_may_be_long() {
        let text = format!("// @generated\n{}", "x\n".repeat(900));
        let mut report = Report::default();
        check(&[Source::new("web/src/api.ts", text)], &mut report);
        assert!(report.failures.is_empty());
    }
}
