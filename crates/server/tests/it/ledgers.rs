//! Denominators, what was left out, and whether an order is fair.

use crate::client::{ask, refused};

#[tokio::test]
async fn a_rate_opens_to_its_denominator_and_to_what_was_left_out() {
    let answer = ask("/query?metric=utilisation_time,sessions&by=month&from=2024-01&to=2024-03&ledger=true").await;
    let rates = answer["ledger"]["rates"].as_array().unwrap();
    assert_eq!(rates.len(), 1, "sessions have no denominator");
    let lines = rates[0]["lines"].as_array().unwrap();
    let amount = |id: &str| lines.iter().find(|line| line["id"] == id).unwrap()["amount"].as_f64().unwrap();
    assert_eq!(amount("live") - amount("closed") - amount("unreported"), amount("denominator"));
    assert_eq!(rates[0]["rows"].as_array().unwrap().len(), answer["rows"].as_array().unwrap().len());
    let left_out = answer["ledger"]["left_out"].as_array().unwrap();
    let quarantined = left_out.iter().find(|one| one["reason"] == "quarantined").unwrap();
    assert_eq!(quarantined["rows"], 2);
    assert!(quarantined["words"].as_str().unwrap().contains("accepted returns that cover some of the period"));
}

#[tokio::test]
async fn left_out_rows_are_counted_for_the_operators_and_the_days_asked() {
    let count = async |query: &str| {
        let answer = ask(&format!("/query?metric=utilisation_time&ledger=true{query}")).await;
        let left_out = answer["ledger"]["left_out"].as_array().unwrap().clone();
        left_out.iter().filter(|one| one["reason"] == "quarantined").count()
    };
    assert_eq!(count("&operator=gb-abc").await, 1);
    assert_eq!(count("&operator=Alder%20Charge").await, 1);
    assert_eq!(count("&from=2030&to=2030").await, 0);
    let plain = ask("/query?metric=utilisation_time").await;
    assert!(plain["ledger"].is_null());
}

#[tokio::test]
async fn an_order_says_how_much_of_each_row_is_reported() {
    let ranking = ask("/ranking?metric=sessions&by=location&from=2024-01&to=2024-03").await;
    let fairness = &ranking["fairness"];
    assert_eq!(fairness["row_coverage"].as_array().unwrap().len(), ranking["rows"].as_array().unwrap().len());
    assert_eq!((fairness["rows_below"].as_u64(), fairness["caution"].is_null()), (Some(0), true));
    let columns = ranking["columns"].as_array().unwrap();
    assert!(columns.iter().all(|column| column["name"] != "coverage"), "it was not asked for");
    assert!(ask("/ranking?metric=sessions&by=hour_of_day").await["fairness"].is_null());
}

#[tokio::test]
async fn what_cannot_be_added_is_refused_with_what_to_ask_instead() {
    let (status, error) = refused("/query?metric=reliability_working").await;
    assert_eq!((status, error["code"].as_str()), (400, Some("needs_status")));
    let (_, error) = refused("/query?metric=utilisation_time&by=session_length").await;
    assert_eq!(error["code"], "not_by_dimension");
    assert!(error["advice"].as_str().unwrap().contains("plugged_hours"), "{error}");
    let (_, error) = refused("/query?metric=sessions&session_length=0-1_min").await;
    assert_eq!(error["code"], "unknown_parameter");
}

#[tokio::test]
async fn the_catalogue_says_how_parts_combine_and_what_can_be_split() {
    let catalogue = ask("/catalogue").await;
    let metric = |id: &str| {
        let metrics = catalogue["metrics"].as_array().unwrap();
        metrics.iter().find(|metric| metric["id"] == id).unwrap().clone()
    };
    let drivers = metric("unique_drivers");
    assert_eq!((drivers["combine"].as_str(), drivers["within_operator"].as_bool()), (Some("distinct"), Some(true)));
    assert!(drivers["combine_words"].as_str().unwrap().contains("not added"));
    assert_eq!(metric("reliability_working")["needs"], "status");
    assert!(metric("sessions")["needs"].is_null());
    let refused = metric("evses")["refused"].as_array().unwrap().clone();
    assert!(refused.iter().any(|one| one["dimensions"].as_array().unwrap().iter().any(|id| id == "weekday")));
    assert_eq!(catalogue["factors"].as_array().unwrap().len(), kerbwatt_model::FACTORS.len());
    assert_eq!(catalogue["dimensions"].as_array().unwrap().len(), kerbwatt_model::Dimension::ALL.len());
}
