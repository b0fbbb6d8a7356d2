//! How well operators share their data.

use jiff::civil::{Date, date};
use kerbwatt_hub::{Hub, NewReturn, SharedMonth, SharingOperator, Verdict};
use kerbwatt_model::Period;

use crate::folder::{ACCEPT, a_return, at, csv, operator, register, submit, writer};

const TODAY: Date = date(2024, 8, 2);

async fn sharing(hub: &Hub) -> SharingOperator {
    hub.publish(&(), at()).await.unwrap();
    hub.sharing(TODAY).await.unwrap().remove(0)
}

fn month(operator: &SharingOperator, number: i8) -> &SharedMonth {
    operator.months.iter().find(|one| one.month == date(2024, number, 1)).unwrap()
}

fn reporting(operator: &SharingOperator) -> Vec<(i8, Option<u64>, u64)> {
    operator.months.iter().map(|one| (one.month.month(), one.reporting_evses, one.expected_evses)).collect()
}

#[tokio::test]
async fn completeness_falls_when_charge_points_stop_reporting_and_is_none_without_a_return() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    hub.import_register("r.csv", &register(0..8, 7.4), &operator("gb-aaa"), None, at()).await.unwrap();
    for (name, points) in [("2024-01", 8), ("2024-02", 4), ("2024-04", 2)] {
        submit(&hub, &a_return("gb-aaa", csv(&format!("{name}-"), name, 24, points), name)).await;
    }
    hub.nothing_to_report(&operator("gb-aaa"), Period::parse("2024-05").unwrap(), false, at()).await.unwrap();
    let shared = sharing(&hub).await;
    let expected =
        [(1, Some(8), 8), (2, Some(4), 8), (3, None, 8), (4, Some(2), 8), (5, None, 8), (6, None, 8), (7, None, 8)];
    assert_eq!(reporting(&shared), expected);
    assert_eq!(shared.completeness, Some(0.25), "that of the newest month that was reported");
}

#[tokio::test]
async fn only_charge_points_in_service_and_in_the_register_count_for_completeness() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let text = String::from_utf8(register(0..4, 7.4)).unwrap();
    // The last one is in service until January only.
    let text = format!("{},2024-01-31\n", text.trim_end().trim_end_matches(','));
    let text = text.replace("type2,2024-01-31", "type2,,2024-01-31");
    hub.import_register("r.csv", text.as_bytes(), &operator("gb-aaa"), None, at()).await.unwrap();
    submit(&hub, &a_return("gb-aaa", csv("f", "2024-02", 24, 6), "2024-02")).await;
    let shared = sharing(&hub).await;
    let february = month(&shared, 2);
    assert_eq!((february.reporting_evses, february.expected_evses, february.unregistered_evses), (Some(3), 3, 2));
    assert_eq!(shared.unregistered_evses, 2);
}

#[tokio::test]
async fn a_month_whose_return_never_came_is_late_and_one_that_waits_is_not_missing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-03", 6, 2), "2024-03")).await;
    let waiting = NewReturn { accept: false, ..a_return("gb-aaa", csv("m", "2024-05", 6, 2), "2024-05") };
    submit(&hub, &waiting).await;
    let shared = sharing(&hub).await;
    let late: Vec<_> = shared.months.iter().map(|one| (one.month.month(), one.days_late, one.is_missing)).collect();
    // Both came on 1 July; March was due on 1 May, April to June on 31 July, two days ago.
    assert_eq!(
        late,
        [(3, Some(61), false), (4, Some(2), true), (5, Some(-30), false), (6, Some(2), true), (7, None, false)]
    );
    assert_eq!((shared.days_late_median, shared.missing_months), (Some(2.0), 2));
    hub.decide(1, &Verdict::Withdraw, "", at()).await.unwrap();
    let shared = sharing(&hub).await;
    assert_eq!((month(&shared, 3).days_late, month(&shared, 3).is_missing), (Some(93), true), "it was taken away");
}

#[tokio::test]
async fn months_between_the_rows_of_a_return_without_a_period_are_missing_and_not_empty() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    hub.import_register("r.csv", &register(0..2, 7.4), &operator("gb-aaa"), None, at()).await.unwrap();
    let mut both = csv("a", "2024-01", 40, 2);
    both.extend(csv("b", "2024-06", 40, 2).split_inclusive(|byte| *byte == b'\n').skip(1).flatten());
    submit(&hub, &NewReturn { period: None, ..a_return("gb-aaa", both, "2024-01") }).await;
    let shared = sharing(&hub).await;
    let seen: Vec<_> =
        shared.months.iter().map(|one| (one.month.month(), one.reporting_evses, one.is_missing)).collect();
    let missing = |month: i8| (month, None, true);
    assert_eq!(
        seen,
        [(1, Some(2), false), missing(2), missing(3), missing(4), missing(5), (6, Some(2), false), (7, None, false)]
    );
}

#[tokio::test]
async fn rates_are_those_of_each_return_and_no_month_repeats_them() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    let mut bad = csv("b", "2024-03", 9, 2);
    bad.extend_from_slice(b"x,P1,P1,1,soon,2024-03-09T13:00:00Z,,1.5,,\n");
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 8, 2), "2024-01..2024-02")).await;
    submit(&hub, &a_return("gb-aaa", bad, "2024-03")).await;
    let shared = sharing(&hub).await;
    let rates: Vec<_> = shared.returns.iter().map(|one| (one.submission, one.rows, one.error_share)).collect();
    assert_eq!(rates, [(1, 8, Some(0.0)), (2, 10, Some(0.1))]);
    assert_eq!(shared.returns[0].covers, Some(Period::parse("2024-01..2024-02").unwrap()));
    assert_eq!(shared.returns[1].received, date(2024, 7, 1));
    let sessions: Vec<u64> = shared.months.iter().take(3).map(|one| one.sessions).collect();
    assert_eq!(sessions, [8, 0, 9], "sessions of the month, not of the return");
}

#[tokio::test]
async fn a_statement_and_mended_rows_are_no_change_of_layout_and_another_column_is_one() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &a_return("gb-aaa", csv("a", "2024-01", 6, 2), "2024-01")).await;
    hub.nothing_to_report(&operator("gb-aaa"), Period::parse("2024-02").unwrap(), false, at()).await.unwrap();
    let lines = String::from_utf8(csv("c", "2024-03", 6, 2)).unwrap();
    let mended: Vec<String> = lines
        .lines()
        .enumerate()
        .map(|(at, line)| match at {
            0 => format!("{line},kerbwatt_row,kerbwatt_rule,kerbwatt_advice"),
            at => format!("{line},{at},open_session,Mend it."),
        })
        .collect();
    submit(&hub, &a_return("gb-aaa", mended.join("\n").into_bytes(), "2024-03")).await;
    submit(&hub, &a_return("gb-aaa", csv("d", "2024-04", 6, 2), "2024-04")).await;
    let more: Vec<String> = String::from_utf8(csv("e", "2024-05", 6, 2))
        .unwrap()
        .lines()
        .enumerate()
        .map(|(at, line)| if at == 0 { format!("{line},tariff") } else { format!("{line},t") })
        .collect();
    let submitted = submit(&hub, &a_return("gb-aaa", more.join("\n").into_bytes(), "2024-05")).await;
    if !submitted.is_accepted() {
        hub.decide(submitted.submission, &ACCEPT, "", at()).await.unwrap();
    }
    let shared = sharing(&hub).await;
    let changed: Vec<(i8, bool)> = shared.months.iter().map(|one| (one.month.month(), one.layout_changed)).collect();
    assert_eq!(changed[..5], [(1, false), (2, false), (3, false), (4, false), (5, true)]);
    assert_eq!(shared.layouts, 1, "a statement has none");
}
