//! The period that a return declares, and declaring another once the file is there.

use kerbwatt_hub::{Hub, Verdict};
use kerbwatt_model::Period;

use crate::folder::{a_return, at, csv, figure, operator, submit, writer};
use crate::merging::rows;

fn other(period: &str) -> Verdict {
    Verdict::Declare(Some(Period::parse(period).unwrap()))
}

/// Energy that figures show, and whether disk, record and a rebuild agree with it.
async fn energy_kwh(hub: &Hub) -> f64 {
    hub.publish(&(), at()).await.unwrap();
    let shown = figure(hub, "energy_kwh").await.unwrap_or(0.0);
    hub.rebuild(&(), at()).await.unwrap();
    assert_eq!(figure(hub, "energy_kwh").await.unwrap_or(0.0).to_bits(), shown.to_bits());
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
    shown
}

#[tokio::test]
async fn another_period_decides_which_rows_a_correction_replaces_and_is_undone() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", rows(&[("a", 0, 5.0), ("b", 900, 6.0)]), "2024-01..2024-02")).await;
    energy_kwh(&hub).await;
    let later =
        submit(&hub, &a_return("gb-aaa", rows(&[("a", 0, 50.0), ("b", 900, 60.0)]), "2024-02")).await.submission;
    assert!((energy_kwh(&hub).await - 65.0).abs() < 1e-9);
    // Each with what figures show then; without a declaration the days from its first row to its last count.
    let steps = [(other("2024-01..2024-02"), 110.0), (other("2024-01"), 56.0), (Verdict::Declare(None), 110.0)];
    for (verdict, expected_kwh) in &steps {
        hub.decide(later, verdict, "", at()).await.unwrap();
        assert!((energy_kwh(&hub).await - expected_kwh).abs() < 1e-9, "{verdict:?}");
    }
    let shown = hub.submission(later).await.unwrap();
    assert_eq!(shown.submission.declared, None);
    assert_eq!(shown.history[0].says, "Months changed – none");
    let undone: Vec<bool> = shown.history.iter().map(|entry| entry.can_undo).collect();
    assert_eq!(
        undone,
        [true, false, false, true, false],
        "each takes the place of the one before it: {:?}",
        shown.history
    );
    for expected_kwh in [56.0, 110.0, 65.0] {
        hub.undo(later, None, at()).unwrap();
        assert!((energy_kwh(&hub).await - expected_kwh).abs() < 1e-9);
    }
    assert_eq!(hub.submission(later).await.unwrap().submission.declared, Some(Period::parse("2024-02").unwrap()));
}

#[tokio::test]
async fn rows_outside_a_wrong_period_are_in_order_once_the_right_one_is_declared() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let mut file = a_return("gb-aaa", csv("a", "2024-01", 60, 4), "2024-01-10..2024-02");
    file.accept = false;
    let submitted = submit(&hub, &file).await;
    assert!(submitted.report.findings.iter().any(|finding| finding.rule == "outside_period"));
    file.period = Some(Period::parse("2024-01").unwrap());
    let again = submit(&hub, &file).await;
    assert_eq!(again.declared_before.unwrap().passed_over, file.period.unwrap());
    hub.decide(again.submission, &other("2024-01"), "a slip", at()).await.unwrap();
    hub.compare_again(again.submission).await.unwrap();
    let shown = hub.submission(again.submission).await.unwrap();
    assert!(!shown.findings.to_string().contains("outside_period"));
    assert_eq!(shown.history[0].says, "Months changed – 2024-01-01..2024-01-31 – a slip");
    assert!(submit(&hub, &file).await.declared_before.is_none());
}

#[tokio::test]
async fn a_period_is_refused_where_it_is_declared_already_fits_no_row_or_is_all_that_a_statement_says() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let first = submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 60, 4), "2024-01")).await.submission;
    let nothing = Period::parse("2024-02").unwrap();
    let nothing = hub.nothing_to_report(&operator("gb-aaa"), nothing, false, at()).await.unwrap().submission;
    for (submission, period, code) in [
        (first, "2024-01", "decided_before"),
        (first, "2020", "period_fits_no_row"),
        (nothing, "2024-03", "is_statement"),
        (77, "2024-01", "not_found"),
    ] {
        let refused = hub.decide(submission, &other(period), "", at()).await.unwrap_err();
        assert_eq!(refused.code(), code);
        assert!(!refused.advice().is_empty());
    }
    assert!((energy_kwh(&hub).await - figure(&hub, "energy_kwh").await.unwrap()).abs() < 1e-9);
}
