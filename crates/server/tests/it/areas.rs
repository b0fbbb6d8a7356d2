//! Areas.

use crate::client::{ask, get, refused};

#[tokio::test]
async fn outlines_of_boroughs_are_geojson() {
    let reply = get("/areas/borough").await;
    assert_eq!(reply.header("content-type"), "application/geo+json");
    let outlines = reply.json();
    assert_eq!(outlines["features"].as_array().unwrap().len(), 33);
    assert_eq!(outlines["features"][0]["geometry"]["type"], "MultiPolygon");
}

#[tokio::test]
async fn an_area_tells_what_stands_in_it() {
    let camden = ask("/areas/borough/E09000007").await;
    assert_eq!(
        (camden["name"].as_str(), camden["evses"].as_i64(), camden["locations"].as_i64()),
        (Some("Camden"), Some(2), Some(1))
    );
    assert_eq!(camden["bbox"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn unknown_areas_and_kinds_are_not_found() {
    let (status, error) = refused("/areas/parish").await;
    assert_eq!((status, error["code"].as_str()), (404, Some("unknown_level")));
    assert_eq!(refused("/areas/borough/E0").await.0, 404);
    assert_eq!(refused("/areas/cell?within=E0").await.0, 404);
    assert_eq!(refused("/areas/borough?inside=E0").await.1["code"], "unknown_parameter");
}
