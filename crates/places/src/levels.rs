//! The outlines of one kind of area, ready for look-up.

use std::collections::HashMap;

use geo::MultiPolygon;
use kerbwatt_model::AreaKind;

use crate::Outline;
use crate::grid::Grid;
use crate::simplify::simplify;

/// The areas of one kind, in the order of their codes.
#[derive(Debug)]
pub(crate) struct Level {
    pub(crate) outlines: Vec<Outline>,
    /// For drawing: simplified so that neighbours still meet.
    pub(crate) drawn: Vec<MultiPolygon<f64>>,
    by_code: HashMap<String, usize>,
    grid: Grid,
}

impl Level {
    /// A level; of two areas with one code the first is kept.
    pub(crate) fn new(kind: AreaKind, mut outlines: Vec<Outline>) -> Self {
        outlines.sort_by(|a, b| a.area.code.cmp(&b.area.code));
        outlines.dedup_by(|later, earlier| later.area.code == earlier.area.code);
        let by_code = outlines.iter().enumerate().map(|(index, o)| (o.area.code.clone(), index)).collect();
        let drawn = simplify(&outlines, tolerance(kind));
        Self { grid: Grid::new(&outlines), by_code, drawn, outlines }
    }

    pub(crate) fn get(&self, code: &str) -> Option<&Outline> {
        self.by_code.get(code).map(|index| &self.outlines[*index])
    }

    /// The area that a point lies in. Outlines are generalised and may overlap a little: the lowest code wins.
    pub(crate) fn at(&self, latitude: f64, longitude: f64) -> Option<&Outline> {
        let candidates = self.grid.candidates(latitude, longitude);
        candidates.iter().map(|index| &self.outlines[*index]).find(|outline| outline.contains(latitude, longitude))
    }

    /// Sets the parents that are not yet known.
    pub(crate) fn set_parents(&mut self, boroughs: &Self) {
        for outline in self.outlines.iter_mut().filter(|outline| outline.area.parent.is_none()) {
            let point = outline.representative_point();
            let borough = point.and_then(|(latitude, longitude)| boroughs.at(latitude, longitude));
            outline.area.parent = borough.map(|borough| borough.area.code.clone());
        }
    }
}

/// How far a drawn border may stray, in degrees of latitude (0.0001° are 11 m).
fn tolerance(kind: AreaKind) -> f64 {
    match kind {
        AreaKind::Borough => 0.0001,
        // The ONS generalises wards to about 20 m already: less than that would leave nothing out.
        AreaKind::Ward => 0.00025,
        AreaKind::Msoa | AreaKind::Lsoa => 0.00005,
        AreaKind::Cell => 0.0,
    }
}
