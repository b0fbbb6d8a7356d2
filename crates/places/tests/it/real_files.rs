//! The real files of the development data, where they are at hand.

use std::path::PathBuf;

use kerbwatt_model::AreaKind;
use kerbwatt_places::{Outline, Places, london_boroughs, read_geojson};
use serde_json::Value;

/// The bytes of a development file; says so and gives none where it is missing.
fn data(path: &str) -> Option<Vec<u8>> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("KERBWATT_DATA_DIR").map_or(beside, PathBuf::from);
    let bytes = std::fs::read(folder.join(path)).ok();
    if bytes.is_none() {
        println!("skipped: {path} is not at hand");
    }
    bytes
}

fn wards(bytes: &[u8]) -> Vec<Outline> {
    read_geojson(bytes, AreaKind::Ward, "WD25CD", "WD25NM").unwrap()
}

fn code_at(places: &Places, kind: AreaKind, latitude: f64, longitude: f64) -> Option<String> {
    places.assign(latitude, longitude).into_iter().find(|(k, _)| *k == kind).map(|(_, code)| code)
}

#[test]
fn each_of_the_704_wards_lies_in_its_borough() {
    let Some(bytes) = data("geo/london-wards.geojson") else { return };
    let mut outlines = wards(&bytes);
    assert_eq!(outlines.len(), 704);
    outlines.extend(london_boroughs().unwrap());
    let places = Places::new(outlines);
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    for feature in document["features"].as_array().unwrap() {
        let field = |name: &str| feature["properties"][name].as_str().unwrap();
        let ward = places.area(AreaKind::Ward, field("WD25CD")).unwrap();
        assert_eq!(ward.parent.as_deref(), Some(field("LAD25CD")), "{}", ward.name);
    }
}

#[test]
fn each_ward_is_found_at_a_point_within_it() {
    let Some(bytes) = data("geo/london-wards.geojson") else { return };
    let outlines = wards(&bytes);
    let places = Places::new(outlines.clone());
    for outline in &outlines {
        let (latitude, longitude) = outline.representative_point().unwrap();
        assert_eq!(code_at(&places, AreaKind::Ward, latitude, longitude), Some(outline.area.code.clone()));
    }
}

#[test]
fn wards_agree_with_asking_each_in_turn() {
    let Some(bytes) = data("geo/london-wards.geojson") else { return };
    let outlines = wards(&bytes);
    let places = Places::new(outlines.clone());
    for step in 0..2_000 {
        let at = f64::from(step);
        let (latitude, longitude) = (51.29 + (at * 0.618_034).fract() * 0.4, -0.5 + (at * 0.754_878).fract() * 0.8);
        let asked = outlines.iter().find(|o| o.contains(latitude, longitude)).map(|o| o.area.code.clone());
        assert_eq!(code_at(&places, AreaKind::Ward, latitude, longitude), asked);
    }
}

#[test]
fn wards_are_drawn_smaller_than_they_came_and_cracks_stay_closed() {
    let Some(bytes) = data("geo/london-wards.geojson") else { return };
    let mut outlines = wards(&bytes);
    outlines.extend(london_boroughs().unwrap());
    let places = Places::new(outlines.clone());
    let text = places.geojson(AreaKind::Ward, None);
    assert!(text.len() < bytes.len() * 3 / 4, "{} of {}", text.len(), bytes.len());
    let drawn = read_geojson(text.as_bytes(), AreaKind::Ward, "code", "name").unwrap();
    let within = places.geojson(AreaKind::Ward, Some("E09000007"));
    assert_eq!(read_geojson(within.as_bytes(), AreaKind::Ward, "code", "name").unwrap().len(), 20, "Camden's wards");
    // A crack between two drawn wards would show as a point in neither, near a point that was in one.
    let mut lost = 0;
    for step in 0..2_000 {
        let at = f64::from(step);
        let (latitude, longitude) = (51.45 + (at * 0.618_034).fract() * 0.12, -0.3 + (at * 0.754_878).fract() * 0.2);
        let was = outlines.iter().any(|o| o.area.kind == AreaKind::Ward && o.contains(latitude, longitude));
        let holders = drawn.iter().filter(|o| o.contains(latitude, longitude)).count();
        assert!(holders <= 1);
        lost += usize::from(was && holders == 0);
    }
    assert!(lost <= 2, "{lost}");
}

#[test]
fn the_ons_boroughs_have_the_codes_and_names_that_are_built_in() {
    let Some(bytes) = data("geo/london-boroughs.geojson") else { return };
    let ons = read_geojson(&bytes, AreaKind::Borough, "LAD22CD", "LAD22NM").unwrap();
    let names = |outlines: &[Outline]| -> Vec<(String, String)> {
        outlines.iter().map(|o| (o.area.code.clone(), o.area.name.clone())).collect()
    };
    assert_eq!(names(&ons), names(&london_boroughs().unwrap()));
}

#[test]
fn most_of_the_registry_subset_falls_in_london() {
    let Some(bytes) = data("registers/ncr-2018-london-subset.csv") else { return };
    let places = Places::new(london_boroughs().unwrap());
    let text = String::from_utf8_lossy(&bytes);
    // Latitude and longitude stand in the fourth and fifth column, before any quoted one except the name.
    let points: Vec<(f64, f64)> = text.lines().skip(1).filter_map(coordinates).collect();
    let inside = points.iter().filter(|(lat, lon)| code_at(&places, AreaKind::Borough, *lat, *lon).is_some()).count();
    // The other 30 are in Slough, Watford, Epsom, Gatwick and so on; the ONS outlines give the same count.
    assert_eq!((points.len(), inside), (411, 381));
}

/// The first two neighbouring fields that are decimal degrees.
fn coordinates(line: &str) -> Option<(f64, f64)> {
    let fields: Vec<Option<f64>> =
        line.split(',').map(|field| field.trim_matches('"').parse().ok().filter(|_| field.contains('.'))).collect();
    fields.windows(2).find_map(|pair| pair[0].zip(pair[1]))
}
