//! What the reader of GeoJSON takes and refuses.

use kerbwatt_model::AreaKind;
use kerbwatt_places::{Outline, PlacesError, contains, read_geojson};

fn collection(features: &str) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)
}

fn feature(code: &str, geometry: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"WD":{code},"NM":" Abbey ","FID":7,"X":null}},"geometry":{geometry}}}"#
    )
}

fn polygon(rings: &str) -> String {
    format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#)
}

const SQUARE: &str = "[[0,51],[1,51],[1,52],[0,52],[0,51]]";

fn read(text: &str) -> Result<Vec<Outline>, PlacesError> {
    read_geojson(text.as_bytes(), AreaKind::Ward, "WD", "NM")
}

fn message(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn of_geometry(geometry: &str) -> String {
    message(&collection(&feature(r#""A""#, geometry)))
}

#[test]
fn polygons_and_multipolygons_are_read_with_their_holes() {
    let hole = polygon(&format!("{SQUARE},[[0.4,51.4],[0.4,51.6],[0.6,51.6],[0.6,51.4],[0.4,51.4]]"));
    let two =
        format!(r#"{{"type":"MultiPolygon","coordinates":[[{SQUARE}],[[[2,51,9],[3,51,9],[3,52,9],[2,51,9]]]]}}"#);
    let text = collection(&[feature("20", &hole), feature(r#""10""#, &two)].join(","));
    let areas = read(&format!("\u{feff}{text}")).unwrap();
    assert_eq!(areas.iter().map(|a| a.area.code.as_str()).collect::<Vec<_>>(), ["10", "20"]);
    assert_eq!(areas[0].area.name, "Abbey");
    assert_eq!(areas[0].bbox, [0.0, 51.0, 3.0, 52.0]);
    assert!(contains(&areas[0].polygon, 51.1, 2.5) && contains(&areas[0].polygon, 51.5, 0.5));
    assert!(!areas[1].contains(51.5, 0.5) && areas[1].contains(51.1, 0.5));
}

#[test]
fn what_is_not_a_feature_collection_is_refused_by_name() {
    assert!(message("%PDF-1.7").contains("not JSON"));
    assert!(message(r#"{"type":"Topology"}"#).contains("its type is Topology"));
    assert!(message("[]").contains("its type is missing"));
    assert_eq!(read(&collection("")), Err(PlacesError::NoFeatures));
}

#[test]
fn a_missing_field_is_answered_with_the_fields_there_are() {
    let text = collection(&feature(r#""A""#, &polygon(SQUARE)));
    let error = read_geojson(text.as_bytes(), AreaKind::Ward, "WD25CD", "NM").unwrap_err().to_string();
    assert!(error.contains("“WD25CD”") && error.ends_with("are FID, NM, WD"), "{error}");
    let blank = collection(&feature(r#"" ""#, &polygon(SQUARE)));
    assert!(matches!(read(&blank), Err(PlacesError::MissingField { feature: 1, .. })));
}

#[test]
fn one_code_twice_is_refused_with_both_positions() {
    let one = feature(r#""A""#, &polygon(SQUARE));
    let error = message(&collection(&format!("{one},{one}")));
    assert_eq!(error, "features 1 and 2 both have the ward code “A”: each area must have its own");
}

#[test]
fn grid_references_are_recognised() {
    let grid = "[[530000,180000],[531000,180000],[531000,181000],[530000,180000]]";
    assert!(of_geometry(&polygon(grid)).contains("British National Grid"));
    let elsewhere = of_geometry(&polygon("[[-13000,51],[1,51],[1,52],[-13000,51]]"));
    assert!(elsewhere.contains("not WGS84 degrees:"), "{elsewhere}");
}

#[test]
fn broken_rings_and_other_geometries_are_refused() {
    assert!(of_geometry(&polygon("[[0,51],[1,51],[1,52],[0,52]]")).contains("not closed"));
    assert!(of_geometry(&polygon("[[0,51],[1,51],[0,51]]")).contains("a ring of 3 points"));
    assert!(of_geometry(&polygon("[]")).contains("not lists"));
    assert!(of_geometry(&polygon("")).contains("not lists"));
    assert!(of_geometry(&polygon(r#"[["a",1],[1,1],[1,2],["a",1]]"#)).contains("not lists"));
    assert!(of_geometry(r#"{"type":"Point","coordinates":[0,51]}"#).contains("geometry Point"));
    assert!(of_geometry("null").contains("geometry missing"));
}
