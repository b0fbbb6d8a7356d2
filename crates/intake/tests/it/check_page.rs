//! The page of all checks is made from the checks themselves.

use std::fmt::Write as _;
use std::path::Path;

use kerbwatt_intake::{Severity, checks};

fn page() -> String {
    let mut text = "# Checks\n\nEvery row of a return is looked at by these. Made from the checks themselves: to renew it, run the tests of \
        `kerbwatt-intake` with `KERBWATT_UPDATE=1`.\n"
        .to_owned();
    for (severity, heading) in [
        (Severity::Error, "Errors: the row is kept apart, with the reason, and counts in no figure"),
        (Severity::Warning, "Warnings: the row counts, and carries a flag"),
        (Severity::Info, "Good to know: the row counts"),
    ] {
        write!(text, "\n## {heading}\n\n| id | what | limit | what to do |\n|---|---|---|---|\n").unwrap();
        for check in checks().iter().filter(|check| check.severity == severity) {
            let limit = check.limit().map_or_else(String::new, |limit| format!("{} {}", limit.value, limit.unit));
            writeln!(text, "| `{}` | {} | {limit} | {} |", check.id, check.title, check.advice).unwrap();
        }
    }
    text
}

#[test]
fn the_page_of_checks_says_what_the_checks_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks.md");
    if std::env::var_os("KERBWATT_UPDATE").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert_eq!(committed, page(), "run the tests with KERBWATT_UPDATE=1");
}
