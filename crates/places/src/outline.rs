//! An area with its outline.

use geo::{BoundingRect, InteriorPoint, MultiPolygon};
use kerbwatt_model::Area;

use crate::contains;

/// An area and its outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Kind, code, name and parent.
    pub area: Area,
    /// Outline in WGS84 degrees, x = longitude, y = latitude.
    pub polygon: MultiPolygon<f64>,
    /// West, south, east, north, in degrees.
    pub bbox: [f64; 4],
}

impl Outline {
    /// An outline; computes its bounding box (all zero for an empty polygon).
    #[must_use]
    pub fn new(area: Area, polygon: MultiPolygon<f64>) -> Self {
        let bbox =
            polygon.bounding_rect().map_or([0.0; 4], |rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y]);
        Self { area, polygon, bbox }
    }

    /// Whether a point lies within; on a border it belongs to one of the two neighbours, always the same.
    #[must_use]
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        let [west, south, east, north] = self.bbox;
        (west..=east).contains(&longitude)
            && (south..=north).contains(&latitude)
            && contains(&self.polygon, latitude, longitude)
    }

    /// A point well within, as (latitude, longitude): the same each time, and in the area even where its middle is not.
    #[must_use]
    pub fn representative_point(&self) -> Option<(f64, f64)> {
        self.polygon.interior_point().map(|point| (point.y(), point.x()))
    }
}
