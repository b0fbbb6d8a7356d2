//! Neighbourhood cells.

use std::collections::HashSet;

use kerbwatt_model::AreaKind;
use kerbwatt_places::{Places, london_boroughs};

#[test]
fn the_cells_of_london_have_a_borough_and_a_name_of_their_own() {
    let places = Places::new(london_boroughs().unwrap());
    let cells = places.areas(AreaKind::Cell);
    // London's 1,572 km² at about 0.68 km² a cell, and those on its edge.
    assert!((2_200..2_800).contains(&cells.len()), "{}", cells.len());
    let names: HashSet<&str> = cells.iter().map(|cell| cell.name.as_str()).collect();
    assert_eq!(names.len(), cells.len());
    assert!(cells.iter().all(|cell| cell.parent.is_some()));
    let parents: HashSet<_> = cells.iter().filter_map(|cell| cell.parent.as_deref()).collect();
    assert_eq!(parents.len(), 33);
}

#[test]
fn every_cell_that_a_point_of_a_borough_falls_in_is_among_them() {
    let boroughs = london_boroughs().unwrap();
    let vertices: Vec<(f64, f64)> = boroughs
        .iter()
        .flat_map(|b| b.polygon.iter())
        .flat_map(|part| part.exterior().0.iter())
        .map(|at| (at.y, at.x))
        .collect();
    let places = Places::new(boroughs);
    let known: HashSet<String> = places.areas(AreaKind::Cell).into_iter().map(|cell| cell.code).collect();
    for (latitude, longitude) in vertices {
        let (_, cell) = places.assign(latitude, longitude).pop().unwrap();
        assert!(known.contains(&cell), "{cell} at {latitude}, {longitude}");
    }
}

#[test]
fn a_cell_is_named_by_its_borough_and_where_in_it() {
    let places = Places::new(london_boroughs().unwrap());
    let (kind, code) = places.assign(51.5560, -0.1780).pop().unwrap(); // Hampstead
    assert_eq!(kind, AreaKind::Cell);
    let area = places.area(AreaKind::Cell, &code).unwrap();
    assert_eq!(area.parent.as_deref(), Some("E09000007"));
    assert!(area.name.starts_with("Camden, north-west (") || area.name.starts_with("Camden, north ("), "{}", area.name);
    assert_eq!(places.cell_name(&code), Some(area.name));
    assert!(places.outline(AreaKind::Cell, &code).unwrap().contains(51.5560, -0.1780));
}

#[test]
fn a_cell_far_away_has_a_name_and_no_parent() {
    let places = Places::new(london_boroughs().unwrap());
    let (_, code) = places.assign(56.462, -2.9707).pop().unwrap();
    let area = places.area(AreaKind::Cell, &code).unwrap();
    assert_eq!(area.parent, None);
    assert!(area.name.starts_with("56.4") && area.name.contains("−2.9"), "{}", area.name);
}

#[test]
fn a_code_that_is_no_cell_is_unknown() {
    let places = Places::new(Vec::new());
    for code in ["", "E09000007", "zz", "87195da4affffff", "088195da49bfffff"] {
        assert_eq!(places.area(AreaKind::Cell, code), None, "{code}");
    }
}
