//! The areas of a hub: look-up, assignment and drawing.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use geo::{MultiPolygon, Polygon, unary_union};
use kerbwatt_model::{Area, AreaKind};

use crate::cells;
use crate::grid::union;
use crate::levels::Level;
use crate::{Outline, write};

/// The levels of a hub. Neighbourhood cells are always there; boroughs and the rest are what was handed in.
#[derive(Debug, Default)]
pub struct Places {
    levels: BTreeMap<AreaKind, Level>,
    cells: OnceLock<Level>,
}

impl Places {
    /// Areas of any number of kinds. Areas without a parent get the borough in which they lie.
    ///
    /// Cells among the outlines are ignored: they are computed.
    #[must_use]
    pub fn new(outlines: Vec<Outline>) -> Self {
        let mut kinds: BTreeMap<AreaKind, Vec<Outline>> = BTreeMap::new();
        for outline in outlines.into_iter().filter(|outline| outline.area.kind != AreaKind::Cell) {
            kinds.entry(outline.area.kind).or_default().push(outline);
        }
        let mut levels: BTreeMap<AreaKind, Level> =
            kinds.into_iter().map(|(kind, outlines)| (kind, Level::new(kind, outlines))).collect();
        if let Some(boroughs) = levels.remove(&AreaKind::Borough) {
            levels.values_mut().for_each(|level| level.set_parents(&boroughs));
            levels.insert(AreaKind::Borough, boroughs);
        }
        Self { levels, cells: OnceLock::new() }
    }

    /// The areas in which a point (degrees) lies, by code: at most one of each kind, and always a cell if the point is
    /// finite. A point on a border belongs to one neighbour, always the same; where generalised outlines overlap, the
    /// lowest code wins.
    #[must_use]
    pub fn assign(&self, latitude: f64, longitude: f64) -> Vec<(AreaKind, String)> {
        let drawn = self.levels.iter().filter_map(|(kind, level)| {
            level.at(latitude, longitude).map(|outline| (*kind, outline.area.code.clone()))
        });
        let cell = cells::cell_at(latitude, longitude).map(|cell| (AreaKind::Cell, cell.to_string()));
        drawn.chain(cell).collect()
    }

    /// Whether a point stands in an area that somebody drew. Cells are everywhere on Earth, so that they say nothing.
    #[must_use]
    pub fn has_area_at(&self, latitude: f64, longitude: f64) -> bool {
        self.levels.values().any(|level| level.at(latitude, longitude).is_some())
    }

    /// An area by its code.
    #[must_use]
    pub fn area(&self, kind: AreaKind, code: &str) -> Option<Area> {
        self.outline(kind, code).map(|outline| outline.area)
    }

    /// All areas of a kind, in the order of their codes. Cells: those that the boroughs touch.
    #[must_use]
    pub fn areas(&self, kind: AreaKind) -> Vec<Area> {
        let level = self.level(kind).into_iter();
        level.flat_map(|level| &level.outlines).map(|outline| outline.area.clone()).collect()
    }

    /// An area with its outline, as it was handed in; a cell also where it is far from every borough.
    #[must_use]
    pub fn outline(&self, kind: AreaKind, code: &str) -> Option<Outline> {
        match kind {
            AreaKind::Cell => {
                cells::cell_of(code).map(|cell| cells::outline(cell, self.levels.get(&AreaKind::Borough)))
            }
            _ => self.levels.get(&kind)?.get(code).cloned(),
        }
    }

    /// The kinds that have areas here, cells last: those with which a screen can offer a level.
    #[must_use]
    pub fn kinds(&self) -> Vec<AreaKind> {
        let loaded = self.levels.keys().copied();
        let has_cells = self.levels.contains_key(&AreaKind::Borough).then_some(AreaKind::Cell);
        loaded.chain(has_cells).collect()
    }

    /// GeoJSON of a kind for drawing: outlines simplified so that neighbours still meet, five decimals, properties `code`,
    /// `name`, `parent`. `within` keeps the areas of one borough. A kind without areas gives an empty collection.
    #[must_use]
    pub fn geojson(&self, kind: AreaKind, within: Option<&str>) -> String {
        let level = self.level(kind).into_iter();
        let drawn = level.flat_map(|level| level.outlines.iter().map(|outline| &outline.area).zip(&level.drawn));
        let fits =
            |area: &Area| within.is_none_or(|borough| area.parent.as_deref() == Some(borough) || area.code == borough);
        write::feature_collection(drawn.filter(|(area, _)| fits(area)))
    }

    /// GeoJSON of the whole hub: the union of its boroughs as one feature with the given name, and without holes (the
    /// built-in boroughs end at the banks of the Thames).
    #[must_use]
    pub fn hub_geojson(&self, code: &str, name: &str) -> String {
        let drawn = self.levels.get(&AreaKind::Borough).into_iter().flat_map(|level| &level.drawn);
        let parts: Vec<Polygon<f64>> = drawn.flat_map(|polygon| polygon.0.clone()).collect();
        let filled = |part: Polygon<f64>| Polygon::new(part.into_inner().0, Vec::new());
        let whole: MultiPolygon<f64> = unary_union(&parts).into_iter().map(filled).collect();
        let area = Area { kind: AreaKind::Borough, code: code.to_owned(), name: name.to_owned(), parent: None };
        write::feature_collection(std::iter::once((&area, &whole)))
    }

    /// West, south, east and north end of all boroughs, in degrees; none without boroughs.
    #[must_use]
    pub fn bbox(&self) -> Option<[f64; 4]> {
        let boroughs = self.levels.get(&AreaKind::Borough)?;
        boroughs.outlines.iter().map(|outline| outline.bbox).reduce(union)
    }

    /// The name of a cell, such as “Camden, north-east (a49b)”; none where the code is not that of a cell.
    #[must_use]
    pub fn cell_name(&self, code: &str) -> Option<String> {
        self.area(AreaKind::Cell, code).map(|area| area.name)
    }

    fn level(&self, kind: AreaKind) -> Option<&Level> {
        if kind != AreaKind::Cell {
            return self.levels.get(&kind);
        }
        let boroughs = self.levels.get(&AreaKind::Borough)?;
        Some(self.cells.get_or_init(|| Level::new(AreaKind::Cell, cells::covering(boroughs))))
    }
}
