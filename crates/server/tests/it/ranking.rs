//! Rankings.

use crate::client::{ask, refused};

#[tokio::test]
async fn a_ranking_has_the_largest_first_and_counts_what_it_cuts_off() {
    let ranking = ask("/ranking?metric=sessions&by=borough&limit=1").await;
    assert_eq!(ranking["rows"].as_array().unwrap().len(), 1);
    assert_eq!(ranking["rows"][0]["borough_name"], "Camden");
    assert!(ranking["total_rows"].as_i64().unwrap() >= 2);
    let smallest = ask("/ranking?metric=sessions&by=evse&order=asc&band=slow,rapid&evse=gb-abc:A1,gb-abc:B1").await;
    assert_eq!(smallest["rows"][0]["evse"], "gb-abc:B1");
}

#[tokio::test]
async fn last_year_stands_beside_each_row_of_the_same_dimension() {
    let ranking = ask("/ranking?metric=sessions,energy_kwh&by=borough&from=2024-01&to=2024-03&compare=last_year").await;
    let camden = &ranking["rows"][0];
    assert_eq!((camden["sessions"].as_i64(), camden["sessions_before"].as_i64()), (Some(12), Some(9)));
    let columns: Vec<&str> =
        ranking["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    let figures = ["borough", "borough_name", "sessions", "energy_kwh", "sessions_before", "energy_kwh_before"];
    assert_eq!(columns, [&figures[..], &["not_compared"]].concat());
}

#[tokio::test]
async fn last_year_is_null_where_the_data_does_not_hold_it() {
    let ranking = ask("/ranking?metric=sessions&by=operator&from=2023&to=2023&compare=last_year").await;
    assert!(ranking["rows"][0]["sessions_before"].is_null());
    let (_, error) = refused("/ranking?metric=sessions&by=month&compare=last_year").await;
    assert_eq!(error["code"], "not_comparable");
}

#[tokio::test]
async fn each_row_says_whether_it_may_be_compared_with_last_year() {
    let ranking = ask("/ranking?metric=sessions,evses&by=evse&from=2024-01&to=2024-03&compare=last_year").await;
    let (rows, comparison) = (ranking["rows"].as_array().unwrap(), &ranking["comparison"]);
    assert_eq!(comparison["metrics"], serde_json::json!(["sessions"]), "what is in service is known from the register");
    assert_eq!(comparison["rows"].as_array().unwrap().len(), rows.len());
    assert_eq!(
        (&comparison["rows"][0]["comparable"], comparison["rows"][0]["days_before"].as_i64()),
        (&true.into(), Some(90))
    );
    assert!(rows.iter().all(|row| row["not_compared"].is_null()));
    let unasked = ask("/ranking?metric=sessions&by=evse").await;
    assert!(unasked["comparison"].is_null() && unasked["rows"][0].get("not_compared").is_none());
}
