//! Health and catalogue.

use crate::client::ask;

#[tokio::test]
async fn health_tells_program_and_data_version() {
    let health = ask("/health").await;
    assert_eq!(health["status"], "ok");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert!(health["data_version"].as_i64().unwrap() > 0);
}

#[tokio::test]
async fn the_catalogue_tells_what_there_is_to_ask_about() {
    let catalogue = ask("/catalogue").await;
    assert_eq!(catalogue["metrics"].as_array().unwrap().len(), kerbwatt_model::CATALOGUE.len());
    assert_eq!(catalogue["operators"][0]["name"], "Alder Charge");
    assert_eq!(catalogue["data"]["first_day"], "2023-01-01");
    assert_eq!(catalogue["data"]["last_day"], "2024-03-31");
    assert_eq!(catalogue["default_period"]["from"], "2023-04-01");
    assert_eq!(catalogue["levels"][0]["plural"], "boroughs");
    assert_eq!(catalogue["levels"][0]["count"], 33);
    let bands: Vec<&str> = catalogue["bands"].as_array().unwrap().iter().map(|b| b["id"].as_str().unwrap()).collect();
    assert_eq!(bands, ["slow", "rapid", "unknown"]);
}
