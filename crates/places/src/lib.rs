//! Boundaries, point in polygon, H3 cells and the area hierarchy.
//!
//! The 33 London boroughs are built in ([`london_boroughs`]); any other level is read from GeoJSON ([`read_geojson`]).
//! [`Places`] holds the levels of one hub and says in which areas a point lies. Neighbourhood cells (H3, resolution 8)
//! need no file: they are there for every point on Earth.
//!
//! Coordinates are WGS84 degrees throughout; in geometries x is the longitude and y the latitude.

mod boroughs;
mod cells;
mod error;
mod geojson;
mod grid;
mod inside;
mod levels;
mod outline;
mod places;
mod plausible;
mod simplify;
mod write;

pub use boroughs::london_boroughs;
pub use error::PlacesError;
pub use geojson::read_geojson;
pub use inside::contains;
pub use outline::Outline;
pub use places::Places;
pub use plausible::{LocationProblem, plausible};
