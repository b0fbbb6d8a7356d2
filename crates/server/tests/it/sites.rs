//! Sites.

use crate::client::{ask, get, refused};

#[tokio::test]
async fn sites_with_a_position_are_drawn_and_all_are_counted() {
    let sites = ask("/sites?metric=sessions&from=2024-01&to=2024-03").await;
    let features = sites["features"].as_array().unwrap();
    assert_eq!(features.len(), 2);
    assert_eq!(sites["total"], 3);
    let first = features.iter().find(|feature| feature["properties"]["location"] == "gb-abc:L1").unwrap();
    assert_eq!(first["properties"]["sessions"], 12);
    assert_eq!(first["properties"]["evses"], 2);
    assert_eq!(first["geometry"]["coordinates"], serde_json::json!([-0.127, 51.532]));
}

#[tokio::test]
async fn the_number_of_charge_points_is_said_once() {
    let reply = get("/sites?metric=evses").await;
    assert_eq!(reply.text().matches("\"evses\":").count(), reply.json()["features"].as_array().unwrap().len());
}

#[tokio::test]
async fn a_site_lists_its_charge_points() {
    let site = ask("/sites/gb-abc%3AL1").await;
    assert_eq!(site["name"], "Pancras Road");
    assert_eq!(site["borough_name"], "Camden");
    assert_eq!(site["siting"], "on_street");
    assert_eq!(site["evses"].as_array().unwrap().len(), 2);
    assert_eq!(refused("/sites/gb-abc:none").await.0, 404);
}

#[tokio::test]
async fn the_table_of_sites_has_positions_and_no_figure_that_was_not_asked() {
    let table = get("/sites?metric=sessions&format=csv").await.text();
    assert!(table.starts_with("location,location_name,sessions,latitude,longitude\r\n"), "{table}");
    assert!(table.contains("gb-abc:L1,Pancras Road,48,51.532,-0.127\r\n"), "{table}");
}
