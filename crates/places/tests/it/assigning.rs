//! In which areas a point lies.

use kerbwatt_model::AreaKind;
use kerbwatt_places::{Places, london_boroughs};
use proptest::prelude::*;

fn borough_of(places: &Places, latitude: f64, longitude: f64) -> Option<String> {
    let areas = places.assign(latitude, longitude);
    areas.into_iter().find(|(kind, _)| *kind == AreaKind::Borough).map(|(_, code)| code)
}

#[test]
fn known_places_lie_in_their_boroughs() {
    let places = Places::new(london_boroughs().unwrap());
    let cases = [
        (51.5138, -0.0984, Some("E09000001")), // St Paul's Cathedral
        (51.5299, -0.1276, Some("E09000007")), // St Pancras Old Church side of Euston Road
        (51.4994, -0.1275, Some("E09000033")), // Westminster Abbey
        (51.4769, -0.0005, Some("E09000011")), // the Royal Observatory
        (51.3727, -0.1099, Some("E09000008")), // central Croydon
        (56.4620, -2.9707, None),              // Dundee
    ];
    for (latitude, longitude, code) in cases {
        assert_eq!(borough_of(&places, latitude, longitude).as_deref(), code, "{latitude}, {longitude}");
    }
}

#[test]
fn a_point_that_is_not_finite_lies_nowhere() {
    let places = Places::new(london_boroughs().unwrap());
    assert!(places.assign(f64::NAN, 0.0).is_empty());
    assert!(places.assign(51.5, f64::INFINITY).is_empty());
}

#[test]
fn every_vertex_of_a_border_lies_in_one_borough_at_most() {
    let boroughs = london_boroughs().unwrap();
    let mut shared = 0;
    for at in boroughs.iter().flat_map(|b| b.polygon.iter()).flat_map(|part| part.exterior().0.iter()) {
        let holders = boroughs.iter().filter(|b| b.contains(at.y, at.x)).count();
        assert!(holders <= 1, "{at:?} lies in {holders}");
        shared += holders;
    }
    assert!(shared > 0);
}

proptest! {
    #[test]
    fn the_index_agrees_with_asking_every_borough(latitude in 51.2f64..51.8, longitude in -0.6f64..0.4) {
        let boroughs = london_boroughs().unwrap();
        let asked = boroughs.iter().find(|b| b.contains(latitude, longitude)).map(|b| b.area.code.clone());
        let places = Places::new(boroughs);
        prop_assert_eq!(borough_of(&places, latitude, longitude), asked);
        prop_assert_eq!(places.assign(latitude, longitude), places.assign(latitude, longitude));
        prop_assert!(places.assign(latitude, longitude).iter().any(|(kind, _)| *kind == AreaKind::Cell));
    }
}
