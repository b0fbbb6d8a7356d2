//! The page of all checks is made from the checks themselves.

use std::fmt::Write as _;
use std::path::Path;

use kerbwatt_intake::{LIMITS, Limit, Severity, checks};

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
            let limits = check.limits().map(|limit| format!("`{}` {}", limit.name, with_unit(limit.usual(), limit)));
            let limit = limits.collect::<Vec<_>>().join(", ");
            writeln!(text, "| `{}` | {} | {limit} | {} |", check.id, check.title, check.advice).unwrap();
        }
    }
    text + &limits()
}

fn with_unit(value: f64, limit: &Limit) -> String {
    if limit.unit == "1" { format!("{value}") } else { format!("{value} {}", limit.unit) }
}

fn limits() -> String {
    let mut text = "\n## Limits that can be set\n\n\
        `kerbwatt limits` shows those in force, for the hub or with `--operator ID` for one operator; `kerbwatt limits set NAME=VALUE` and \
        `kerbwatt limits reset NAME` change them. What is set for an operator goes before what is set for the hub, and that before the \
        usual value. A change holds for returns received from then on: each return keeps the limits that it was received with, however \
        often it is read or decided anew. `kerbwatt check --limit NAME=VALUE` tries one out. What proves a repair cannot be set.\n\n\
        | name | what | check | usual | from | to |\n|---|---|---|---|---|---|\n"
        .to_owned();
    for limit in &LIMITS {
        let [usual, least, most] = [limit.usual(), limit.least, limit.most].map(|value| with_unit(value, limit));
        writeln!(text, "| `{}` | {} | `{}` | {usual} | {least} | {most} |", limit.name, limit.title, limit.check)
            .unwrap();
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
