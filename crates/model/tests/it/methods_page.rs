//! The page of methods is made from the catalogue itself.

use std::fmt::Write as _;
use std::path::Path;

use kerbwatt_model::{CATALOGUE, Dimension, FACTORS, FACTORS_VERSION, Metric};

fn definition(text: &mut String, metric: &Metric) {
    let split: Vec<&str> = metric.dimensions().map(Dimension::id).collect();
    write!(
        text,
        "\n### {} (`{}`, version {})\n\n{}\n\n- Formula: {}\n- Unit: {}\n",
        metric.name, metric.id, metric.version, metric.sentence, metric.formula, metric.unit
    )
    .unwrap();
    for exclusion in metric.exclusions {
        writeln!(text, "- Left out or assumed: {exclusion}").unwrap();
    }
    writeln!(text, "- Parts: {}", metric.combine().words()).unwrap();
    if metric.rule.is_within_operator() {
        writeln!(text, "- Only split by operator, or filtered to one.").unwrap();
    }
    if split.len() == Dimension::ALL.len() {
        writeln!(text, "- Split by: any dimension").unwrap();
    } else if !split.is_empty() {
        writeln!(text, "- Split by: {}", split.join(", ")).unwrap();
    }
    let mut told: Vec<&str> = Vec::new();
    for refusal in Dimension::ALL.into_iter().filter_map(|dimension| metric.refuses(dimension)) {
        if !told.contains(&refusal.reason) {
            told.push(refusal.reason);
            writeln!(text, "- Not by others: {}. {}", refusal.reason, refusal.instead).unwrap();
        }
    }
    writeln!(text, "- Source: {}", metric.source).unwrap();
}

fn page() -> String {
    let mut text = "# Methods\n\nHow every figure is made. Amounts are summed first and divided once; averages are never averaged. Each session is cut \
        to the period asked for. Made from the catalogue itself: to renew it, run the tests of `kerbwatt-model` with `KERBWATT_UPDATE=1`.\n\n\
        ## Figures\n"
        .to_owned();
    for metric in CATALOGUE.iter().filter(|metric| metric.lacks().is_none()) {
        definition(&mut text, metric);
    }
    text.push_str("\n## Needs status data\n\nThese are made of status changes, and there are none yet: they are defined and cannot be asked for.\n");
    for metric in CATALOGUE.iter().filter(|metric| metric.lacks().is_some()) {
        definition(&mut text, metric);
    }
    write!(text, "\n## Factors, version {FACTORS_VERSION}\n\n| id | value | unit | what | source | year |\n|---|---|---|---|---|---|\n")
        .unwrap();
    for factor in FACTORS {
        writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} |",
            factor.id, factor.value, factor.unit, factor.about, factor.source, factor.year
        )
        .unwrap();
    }
    text
}

#[test]
fn the_page_of_methods_says_what_the_catalogue_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/methods.md");
    if std::env::var_os("KERBWATT_UPDATE").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == page(),
        "docs/methods.md is not what the catalogue says: run the tests with KERBWATT_UPDATE=1"
    );
}
