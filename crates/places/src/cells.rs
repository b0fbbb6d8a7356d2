//! H3 cells at resolution 8 (0.74 km² each): the neighbourhood level that needs no file.

use std::collections::BTreeSet;

use geo::{Centroid, Intersects, LineString, MultiPolygon, Polygon};
use h3o::{CellIndex, LatLng, Resolution};
use kerbwatt_model::{Area, AreaKind};

use crate::Outline;
use crate::levels::Level;

/// The cell of a point; none for coordinates that are not finite.
pub(crate) fn cell_at(latitude: f64, longitude: f64) -> Option<CellIndex> {
    LatLng::new(latitude, longitude).ok().map(|point| point.to_cell(Resolution::Eight))
}

/// The cell of a code; none where the code is not that of a cell at resolution 8.
pub(crate) fn cell_of(code: &str) -> Option<CellIndex> {
    let cell: CellIndex = code.parse().ok()?;
    (cell.resolution() == Resolution::Eight && cell.to_string() == code).then_some(cell)
}

/// A cell with its hexagon, its name and the borough that it belongs to: where its middle lies, or else the first by
/// code that it touches.
pub(crate) fn outline(cell: CellIndex, boroughs: Option<&Level>) -> Outline {
    let area = Area { kind: AreaKind::Cell, code: cell.to_string(), name: String::new(), parent: None };
    let mut outline = Outline::new(area, hexagon(cell));
    let borough = boroughs.and_then(|level| borough_of(cell, &outline, level));
    outline.area.name = name(cell, borough);
    outline.area.parent = borough.map(|borough| borough.area.code.clone());
    outline
}

/// All cells that the boroughs touch, in the order of their codes.
pub(crate) fn covering(boroughs: &Level) -> Vec<Outline> {
    let cells: BTreeSet<CellIndex> = boroughs.outlines.iter().flat_map(|borough| around(borough.bbox)).collect();
    let outlines = cells.into_iter().map(|cell| outline(cell, Some(boroughs)));
    outlines.filter(|outline| outline.area.parent.is_some()).collect()
}

/// Every cell within reach of a bounding box: sampled more finely than a cell is wide (the circle in a hexagon of
/// resolution 8 is about 0.9 km across).
fn around([west, south, east, north]: [f64; 4]) -> impl Iterator<Item = CellIndex> {
    const STEP_X: f64 = 0.006;
    const STEP_Y: f64 = 0.004;
    let steps = |low: f64, high: f64, step: f64| {
        std::iter::successors(Some(low - step), move |at| Some(at + step)).take_while(move |at| *at < high + 2.0 * step)
    };
    steps(south, north, STEP_Y).flat_map(move |y| steps(west, east, STEP_X).filter_map(move |x| cell_at(y, x)))
}

fn hexagon(cell: CellIndex) -> MultiPolygon<f64> {
    let ring: LineString<f64> = cell.boundary().iter().map(|at| (at.lng(), at.lat())).collect();
    MultiPolygon::new(vec![Polygon::new(ring, Vec::new())])
}

fn borough_of<'l>(cell: CellIndex, outline: &Outline, boroughs: &'l Level) -> Option<&'l Outline> {
    let middle = LatLng::from(cell);
    let touched = || boroughs.outlines.iter().find(|borough| touch(borough, outline));
    boroughs.at(middle.lat(), middle.lng()).or_else(touched)
}

fn touch(a: &Outline, b: &Outline) -> bool {
    let boxes = a.bbox[0] <= b.bbox[2] && b.bbox[0] <= a.bbox[2] && a.bbox[1] <= b.bbox[3] && b.bbox[1] <= a.bbox[3];
    boxes && a.polygon.intersects(&b.polygon)
}

/// Such as “Camden, north-east (a49b)”: the borough, where in it, and the four digits of the code that tell the cells of
/// a city apart. Outside the boroughs: “51.51, −0.12 (a49b)”.
fn name(cell: CellIndex, borough: Option<&Outline>) -> String {
    let code = cell.to_string();
    let digits = code.get(6..10).unwrap_or(&code);
    let middle = LatLng::from(cell);
    match borough {
        Some(borough) => format!("{}, {} ({digits})", borough.area.name, position(middle, borough)),
        None => format!("{}, {} ({digits})", degrees(middle.lat()), degrees(middle.lng())),
    }
}

fn degrees(value: f64) -> String {
    format!("{value:.2}").replace('-', "−")
}

/// Where in a borough, as eight points of the compass or the centre, measured against the borough's own extent.
fn position(at: LatLng, borough: &Outline) -> &'static str {
    const POINTS: [&str; 8] =
        ["east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east"];
    let [west, south, east, north] = borough.bbox;
    let Some(middle) = borough.polygon.centroid() else { return "centre" };
    let (x, y) = ((at.lng() - middle.x()) / (east - west), (at.lat() - middle.y()) / (north - south));
    if x.hypot(y) < 0.12 {
        return "centre";
    }
    let eighth = (y.atan2(x) / std::f64::consts::FRAC_PI_4).round().rem_euclid(8.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 7")]
    let index = eighth as usize;
    POINTS[index % 8]
}
