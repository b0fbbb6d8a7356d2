//! Any question.

use crate::client::ask;

#[tokio::test]
async fn a_query_is_in_the_order_of_its_dimensions_unless_an_order_is_given() {
    let plain = ask("/query?metric=sessions&by=evse,month&evse=gb-abc:A1,gb-abc:B1&from=2024&to=2024-02").await;
    let keys: Vec<String> =
        plain["rows"].as_array().unwrap().iter().map(|row| format!("{} {}", row["evse_name"], row["month"])).collect();
    let mut sorted = keys.clone();
    sorted.sort();
    assert_eq!(keys, sorted);
    let ranked = ask("/query?metric=sessions&by=evse&evse=gb-abc:A1,gb-abc:B1&order=asc&limit=1").await;
    assert_eq!(ranked["rows"][0]["evse"], "gb-abc:B1");
}

#[tokio::test]
async fn a_figure_names_its_definition_period_filters_and_data_version() {
    let answer = ask("/query?metric=utilisation_time&from=2024-01&to=2024-01&siting=on_street").await;
    let provenance = &answer["provenance"];
    assert_eq!(provenance["metrics"][0]["id"], "utilisation_time");
    assert_eq!(provenance["filters"][0]["values"][0], "on_street");
    assert_eq!(provenance["to"], "2024-01-31");
    assert!(provenance["data_version"].as_i64().unwrap() > 0);
    assert!(answer["coverage"]["share"].as_f64().is_some());
}
