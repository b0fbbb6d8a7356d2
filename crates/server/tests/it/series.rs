//! Figures over time.

use crate::client::{ask, refused};

#[tokio::test]
async fn a_series_has_a_row_for_each_step_with_data() {
    let series = ask("/series?metric=sessions,energy_kwh&by=month&from=2023&to=2023").await;
    let rows = series["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0]["month"], "2023-01");
    assert_eq!(rows[0]["sessions"], 4);
    assert!((rows[0]["energy_kwh"].as_f64().unwrap() - 42.0).abs() < 1e-9);
}

#[tokio::test]
async fn hours_of_the_week_are_numbers_from_monday() {
    let series = ask("/series?metric=utilisation_time,plugged_hours&by=hour_of_week").await;
    let rows = series["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 168);
    assert_eq!((rows[0]["hour_of_week"].as_i64(), rows[167]["hour_of_week"].as_i64()), (Some(0), Some(167)));
}

#[tokio::test]
async fn a_series_without_time_is_refused() {
    for path in ["/series?metric=sessions&by=borough", "/series?metric=sessions"] {
        let (status, error) = refused(path).await;
        assert_eq!((status, error["field"].as_str()), (400, Some("by")), "{path}");
    }
    let (_, error) = refused("/series?metric=evses&by=hour_of_week").await;
    assert_eq!(error["code"], "not_by_dimension");
}

#[tokio::test]
async fn a_bucket_says_how_much_of_it_was_reported_and_whether_the_period_cuts_it() {
    let series = ask("/series?metric=sessions&by=week&from=2023-01-04&to=2023-01-31").await;
    let buckets = series["buckets"].as_array().unwrap();
    assert_eq!(buckets.len(), series["rows"].as_array().unwrap().len());
    assert_eq!((&buckets[0]["cut"], &buckets[0]["bucket"]), (&true.into(), &series["rows"][0]["week"]));
    assert_eq!(buckets[0]["words"], "Only 5 of 7 days are in the period");
    assert_eq!(
        (&buckets[1]["cut"], &buckets[1]["partly"], buckets[1]["share"].as_f64()),
        (&false.into(), &false.into(), Some(1.0))
    );
    assert!(ask("/series?metric=sessions&by=hour_of_week").await["buckets"].is_null());
}
