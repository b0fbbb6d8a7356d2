//! What a rule found, and how it is told: file, line, rule, what is wrong, what to do.

use std::fmt;

/// One thing that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Path from the root of the repository.
    pub(crate) file: String,
    /// Line, from 1; 0 when the file as a whole is meant.
    pub(crate) line: usize,
    /// Name of the rule.
    pub(crate) rule: &'static str,
    /// What is wrong.
    pub(crate) what: String,
    /// What to do about it.
    pub(crate) advice: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, rule, what, advice } = self;
        if *line == 0 {
            write!(f, "{file}: {rule}: {what}\n    do: {advice}")
        } else {
            write!(f, "{file}:{line}: {rule}: {what}\n    do: {advice}")
        }
    }
}

/// What one command found altogether.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Findings that fail the check.
    pub(crate) failures: Vec<Finding>,
    /// Findings that are only told.
    pub(crate) warnings: Vec<String>,
    /// Closing lines with the figures of the check.
    pub(crate) summary: Vec<String>,
}

impl Report {
    /// Whether the command must fail.
    pub(crate) fn has_failures(&self) -> bool {
        !self.failures.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        for failure in &self.failures {
            writeln!(f, "{failure}")?;
        }
        for line in &self.summary {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_file_line_rule_and_what_to_do() {
        let finding = Finding {
            file: "a.rs".into(),
            line: 3,
            rule: "file-size",
            what: "601 lines".into(),
            advice: "split it".into(),
        };
        assert_eq!(finding.to_string(), "a.rs:3: file-size: 601 lines\n    do: split it");
    }

    #[test]
    fn warnings_alone_do_not_fail() {
        let report = Report { warnings: vec!["long".into()], ..Report::default() };
        assert!(!report.has_failures());
    }
}
