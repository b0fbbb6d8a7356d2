//! No file names a folder of somebody's machine: the repository works wherever it is cloned.

use crate::finding::Finding;
use crate::workspace::Source;

/// Beginnings of paths that exist on one machine only. Written in two pieces, so that this file passes its own rule.
const MACHINE: [&str; 7] = [
    concat!("/", "work/"),
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "Users/"),
    concat!("/tmp/", "bash"),
    concat!("C:", "\\Users"),
    concat!("C:", "\\\\Users"),
];

/// Finds absolute paths of a machine, lock files included.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().flat_map(in_file).collect()
}

fn in_file(source: &Source) -> Vec<Finding> {
    let numbered = source.text.lines().enumerate();
    numbered.filter_map(|(index, line)| Some(finding(source, index + 1, first_path(line)?))).collect()
}

/// The first machine path that begins in this line, if any.
fn first_path(line: &str) -> Option<&'static str> {
    MACHINE.into_iter().find(|path| line.match_indices(path).any(|(at, _)| begins(&line[..at])))
}

/// Whether a path can begin after `before`: not in the middle of a longer one (`docs/home/`) or of an address.
fn begins(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}' | ')' | '*'))
}

fn finding(source: &Source, line: usize, path: &str) -> Finding {
    Finding {
        file: source.path.clone(),
        line,
        rule: "machine-path",
        what: format!("a path of one machine (`{path}…`)"),
        advice: "write it relative to the repository, or take it from the environment".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        check(&[Source::new("notes.md", text)]).len()
    }

    #[test]
    fn every_kind_of_machine_path_is_found() {
        for path in MACHINE {
            assert_eq!(found(&format!("first\nsee {path}x\n")), 1, "{path}");
            assert_eq!(found(&format!("file:{path}x")), 1, "{path} after a colon");
        }
    }

    #[test]
    fn longer_paths_and_addresses_are_fine() {
        for before in ["docs", "https://example.org", "..", "${HERE}"] {
            assert_eq!(found(&format!("see {before}{}a", MACHINE[1])), 0, "{before}");
        }
    }
}
