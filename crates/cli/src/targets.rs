//! Files that a command writes beside its answer: one name is given, and several tables may each have something to write.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// A name that was given, and what was written under it: nothing is written over.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    taken: HashSet<PathBuf>,
}

impl Targets {
    /// Where to write what belongs to a table: to the file that was named where it is the only table, else to a file beside it whose name
    /// has the table's, such as `rejected-june.csv`; with a number where that is taken.
    pub(crate) fn of_table(&mut self, named: &Path, file: &str, part: &str, is_only: bool) -> PathBuf {
        if is_only {
            return self.take(named);
        }
        let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let whole = if part.is_empty() { stem } else { format!("{stem}-{part}") };
        let own: String =
            whole.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
        self.take(&beside(named, &own))
    }

    fn take(&mut self, wanted: &Path) -> PathBuf {
        let mut path = wanted.to_owned();
        for number in 2.. {
            if self.taken.insert(path.clone()) {
                break;
            }
            path = beside(wanted, &number.to_string());
        }
        path
    }
}

/// `rejected-june.csv` of `rejected.csv` and `june`.
fn beside(named: &Path, own: &str) -> PathBuf {
    let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (text(named.file_stem()), text(named.extension()));
    let dot = if extension.is_empty() { "" } else { "." };
    named.with_file_name(format!("{stem}-{own}{dot}{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_table_goes_to_the_file_that_was_named_and_of_several_each_to_its_own() {
        let mut targets = Targets::default();
        let mut name = |file: &str, part: &str, is_only| {
            targets.of_table(Path::new("out/rejected.csv"), file, part, is_only).display().to_string()
        };
        assert_eq!(name("june.csv", "", true), "out/rejected.csv");
        assert_eq!(name("june.csv", "", false), "out/rejected-june.csv");
        assert_eq!(name("june.xlsx", "", false), "out/rejected-june-2.csv");
        assert_eq!(name("june.csv", "", false), "out/rejected-june-3.csv");
        assert_eq!(name("all.zip", "2024/july.csv", false), "out/rejected-all-2024-july.csv.csv");
        assert_eq!(Targets::default().of_table(Path::new("rows"), "a.csv", "", false), Path::new("rows-a"));
    }
}
