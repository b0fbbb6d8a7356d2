//! Figures of one place and period, with comparisons.

use crate::client::{ask, refused};

#[tokio::test]
async fn figures_come_with_both_comparisons_where_the_data_holds_them() {
    let summary = ask("/metrics?metric=sessions,energy_kwh&from=2024-01&to=2024-03&compare=1").await;
    assert_eq!(summary["answer"]["rows"][0]["sessions"], 15);
    assert_eq!(summary["previous"]["rows"][0]["sessions"], 12);
    assert_eq!(summary["last_year"]["rows"][0]["sessions"], 12);
    assert_eq!(summary["last_year"]["provenance"]["from"], "2023-01-01");
    assert_eq!(summary["last_year"]["provenance"]["to"], "2023-03-31");
    let verdict = &summary["comparison"]["last_year"];
    assert_eq!((&verdict["comparable"], &verdict["reason"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(verdict["before_from"], "2023-01-01");
}

#[tokio::test]
async fn a_comparison_that_the_data_does_not_hold_is_null_and_not_zero() {
    let summary = ask("/metrics?metric=sessions&from=2023-06&to=2023-08&compare=1").await;
    assert_eq!(summary["previous"]["rows"][0]["sessions"], 12);
    assert!(summary["last_year"].is_null() && summary["comparison"]["last_year"].is_null());
    let unasked = ask("/metrics?metric=sessions&from=2024-01&to=2024-03").await;
    assert!(unasked["previous"].is_null() && unasked["last_year"].is_null());
}

#[tokio::test]
async fn the_course_is_by_day_in_a_quarter_and_by_month_in_a_year() {
    let quarter = ask("/metrics?metric=sessions&from=2024-01&to=2024-03").await;
    assert_eq!(quarter["spark"]["columns"][0]["name"], "day");
    let year = ask("/metrics?metric=sessions&from=2023&to=2023").await;
    assert_eq!(year["spark"]["columns"][0]["name"], "month");
    assert_eq!(year["spark"]["rows"].as_array().unwrap().len(), 12);
    assert_eq!(year["spark"]["rows"][0]["sessions"], 4);
}

#[tokio::test]
async fn filters_narrow_and_band_is_short_for_power_band() {
    for filter in [
        "band=rapid",
        "power_band=rapid",
        "borough=Lambeth",
        "borough=E09000022",
        "location=gb-abc:L2",
        "evse=gb-abc:B1",
    ] {
        let summary = ask(&format!("/metrics?metric=sessions&from=2023&to=2023&{filter}")).await;
        assert_eq!(summary["answer"]["rows"][0]["sessions"], 12, "{filter}");
    }
    let both = ask("/metrics?metric=sessions&from=2023&to=2023&band=slow,rapid").await;
    assert_eq!(both["answer"]["rows"][0]["sessions"], 48);
    assert_eq!(both["answer"]["provenance"]["filters"][0]["dimension"], "power_band");
}

#[tokio::test]
async fn an_open_end_of_the_period_is_the_end_of_the_data() {
    let since = ask("/metrics?metric=sessions&from=2024").await;
    assert_eq!(since["answer"]["provenance"]["from"], "2024-01-01");
    assert_eq!(since["answer"]["rows"][0]["sessions"], 15);
    let until = ask("/metrics?metric=sessions&to=2023").await;
    assert_eq!(until["answer"]["provenance"]["from"], "2023-01-01");
    assert_eq!(until["answer"]["rows"][0]["sessions"], 48);
}

#[tokio::test]
async fn an_unknown_metric_is_refused_with_the_known_ones() {
    let (status, error) = refused("/metrics?metric=sesions").await;
    assert_eq!((status, error["code"].as_str()), (400, Some("unknown_metric")));
    assert_eq!(error["field"], "metric");
    assert!(error["advice"].as_str().unwrap().contains("energy_kwh"));
}
