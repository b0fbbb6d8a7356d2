//! Which days returns report that declare none.

use jiff::civil::{Date, date};
use kerbwatt_hub::{Hub, MonthState, NewReturn};

use crate::folder::{answer, at, csv, figure, operator, register, submit, writer};

/// Rows of March and April 2024, the last of them in another year.
fn with_year(year: &str) -> Vec<u8> {
    let text = String::from_utf8(csv("a", "2024-03", 200, 2)).unwrap();
    let (rows, last) = text.trim_end().rsplit_once('\n').unwrap();
    format!("{rows}\n{}\n", last.replace("2024-", &format!("{year}-"))).into_bytes()
}

/// Months that the tracker has as accepted.
async fn accepted(hub: &Hub) -> Vec<Date> {
    let tracker = hub.tracker(None, date(2024, 9, 1)).await.unwrap();
    let months = tracker.operators.into_iter().next().unwrap().months;
    months.into_iter().filter(|one| one.state == MonthState::Accepted).map(|one| one.month).collect()
}

/// Share of charge-point days that were reported, by month, where it is not nothing.
async fn coverage(hub: &Hub) -> Vec<(String, f64)> {
    let answer = answer(hub, &["coverage"], &["month"]).await;
    let (month, coverage) = (answer.position("month").unwrap(), answer.position("coverage").unwrap());
    let found = answer.rows.iter().filter_map(|row| Some((row[month].text()?.to_owned(), row[coverage].number()?)));
    found.filter(|(_, share)| *share > 0.0).collect()
}

#[tokio::test]
async fn one_mistyped_year_makes_no_other_year_reported_also_after_a_rebuild() {
    for year in ["2014", "2019"] {
        let dir = tempfile::tempdir().unwrap();
        let hub = writer(dir.path()).await;
        hub.import_register("points.csv", &register(0..2, 7.4), &operator("gb-aaa"), None, at()).await.unwrap();
        submit(&hub, &NewReturn::new("r.csv", with_year(year), operator("gb-aaa"))).await;
        hub.publish(&(), at()).await.unwrap();
        assert_eq!(accepted(&hub).await, [date(2024, 3, 1), date(2024, 4, 1)], "{year}");
        let shares = coverage(&hub).await;
        assert_eq!(shares.iter().map(|(month, _)| month.as_str()).collect::<Vec<_>>(), ["2024-03", "2024-04"]);
        hub.rebuild(&(), at()).await.unwrap();
        assert_eq!(coverage(&hub).await, shares);
        assert!(hub.verify(&()).await.unwrap().problems.is_empty());
    }
}

#[tokio::test]
async fn months_between_without_any_row_are_not_reported_unless_they_are_declared() {
    let (january, may) = (csv("a", "2024-01", 20, 2), csv("b", "2024-05", 20, 2));
    let first_line = may.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let both = [&january, &may[first_line..]].concat();
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &NewReturn::new("r.csv", both.clone(), operator("gb-aaa"))).await;
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(accepted(&hub).await, [date(2024, 1, 1), date(2024, 5, 1)]);
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let declared = kerbwatt_model::Period::parse("2024-01..2024-05").ok();
    submit(&hub, &NewReturn { period: declared, ..NewReturn::new("r.csv", both, operator("gb-aaa")) }).await;
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(accepted(&hub).await.len(), 5);
}

#[tokio::test]
async fn an_operator_that_counts_from_one_each_month_loses_nothing_to_a_mistyped_year() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &NewReturn::new("a.csv", csv("a", "2024-01", 90, 2), operator("gb-aaa"))).await;
    hub.publish(&(), at()).await.unwrap();
    let mistyped = submit(&hub, &NewReturn::new("b.csv", with_year("2014"), operator("gb-aaa"))).await;
    assert_eq!((mistyped.report.replaces, mistyped.report.totals.accepted), (0, 200));
    for _ in 0..2 {
        hub.rebuild(&(), at()).await.unwrap();
        assert_eq!(figure(&hub, "sessions").await, Some(290.0));
    }
    assert!(hub.verify(&()).await.unwrap().problems.is_empty());
}
