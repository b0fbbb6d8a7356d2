//! GeoJSON for the map.

use kerbwatt_model::AreaKind;
use kerbwatt_places::{Places, london_boroughs, read_geojson};
use serde_json::Value;

#[test]
fn the_boroughs_are_drawn_compactly() {
    let places = Places::new(london_boroughs().unwrap());
    let text = places.geojson(AreaKind::Borough, None);
    assert!(text.len() < 45_000, "{}", text.len());
    let document: Value = serde_json::from_str(&text).unwrap();
    let features = document["features"].as_array().unwrap();
    assert_eq!(features.len(), 33);
    assert_eq!(features[6]["properties"], serde_json::json!({"code": "E09000007", "name": "Camden", "parent": null}));
}

#[test]
fn what_is_drawn_can_be_read_again() {
    let places = Places::new(london_boroughs().unwrap());
    let text = places.geojson(AreaKind::Cell, Some("E09000007"));
    let cells = read_geojson(text.as_bytes(), AreaKind::Lsoa, "code", "name").unwrap();
    assert!((25..60).contains(&cells.len()), "{}", cells.len());
}

#[test]
fn a_borough_can_be_drawn_alone_and_a_level_without_areas_is_empty() {
    let places = Places::new(london_boroughs().unwrap());
    let alone = places.geojson(AreaKind::Borough, Some("E09000001"));
    assert!(alone.contains("City of London") && !alone.contains("Camden"));
    assert_eq!(places.geojson(AreaKind::Ward, None), r#"{"type":"FeatureCollection","features":[]}"#);
    assert_eq!(places.kinds(), [AreaKind::Borough, AreaKind::Cell]);
}

#[test]
fn the_outline_of_the_hub_holds_all_boroughs_and_no_cracks() {
    let places = Places::new(london_boroughs().unwrap());
    let text = places.hub_geojson("london", "London");
    let hub = read_geojson(text.as_bytes(), AreaKind::Borough, "code", "name").unwrap().remove(0);
    assert_eq!(hub.polygon.0.len(), 1, "London is in one piece");
    assert!(hub.polygon.0[0].interiors().is_empty(), "there are no gaps between its boroughs");
    let [west, south, east, north] = places.bbox().unwrap();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-3;
    assert!(near(hub.bbox[0], west) && near(hub.bbox[1], south) && near(hub.bbox[2], east) && near(hub.bbox[3], north));
}
