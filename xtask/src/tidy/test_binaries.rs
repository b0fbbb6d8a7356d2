//! One integration test binary a crate: each further one links the whole engine again.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::workspace::Source;

/// Finds crates with more than one file that Cargo would make a test binary of.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let mut roots: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in sources {
        if let Some(member) = member_of_root(&source.path) {
            roots.entry(member).or_default().push(source);
        }
    }
    roots.into_values().filter(|files| files.len() > 1).map(|files| finding(&files)).collect()
}

/// The crate's folder when `path` is `<crate>/tests/<name>.rs` or `<crate>/tests/<name>/main.rs`.
fn member_of_root(path: &str) -> Option<&str> {
    let (member, inside) = path.split_once("/tests/")?;
    let in_folder = inside.split_once('/').is_some_and(|(_, file)| file == "main.rs");
    let is_root = in_folder || (!inside.contains('/') && inside.ends_with(".rs"));
    (is_root && !member.contains("/src")).then_some(member)
}

fn finding(files: &[&Source]) -> Finding {
    let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    Finding {
        file: names.last().copied().unwrap_or_default().to_owned(),
        line: 0,
        rule: "one-test-binary",
        what: format!("this crate has {} integration test binaries: {}", names.len(), names.join(", ")),
        advice: "make the tests modules of tests/it/main.rs".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&str]) -> usize {
        let sources: Vec<Source> = paths.iter().map(|path| Source::new(*path, "")).collect();
        check(&sources).len()
    }

    #[test]
    fn a_second_test_binary_is_found() {
        assert_eq!(found(&["crates/a/tests/it/main.rs", "crates/a/tests/speed.rs"]), 1);
        assert_eq!(found(&["crates/a/tests/it/main.rs", "crates/a/tests/slow/main.rs"]), 1);
    }

    #[test]
    fn modules_of_one_binary_and_other_crates_are_fine() {
        assert_eq!(found(&["crates/a/tests/it/main.rs", "crates/a/tests/it/kill.rs"]), 0);
        assert_eq!(found(&["crates/a/tests/it/main.rs", "crates/b/tests/it/main.rs"]), 0);
        assert_eq!(found(&["crates/a/src/tests/one.rs", "crates/a/src/tests/two.rs"]), 0);
    }
}
