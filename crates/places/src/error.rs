//! Why a file of boundaries was refused.

use kerbwatt_model::AreaKind;

/// What is wrong with a file of boundaries, and what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PlacesError {
    /// The bytes are not JSON.
    #[error("the file is not JSON ({0}): export the boundaries as GeoJSON, not as a shapefile or an archive")]
    NotJson(String),
    /// JSON, but not a GeoJSON feature collection.
    #[error(
        "the file is not a GeoJSON FeatureCollection (its type is {found}): export it as GeoJSON, not as TopoJSON or an Esri JSON"
    )]
    NotFeatureCollection {
        /// The `type` that was found, or `missing`.
        found: String,
    },
    /// A collection without features.
    #[error("the file holds no areas: its list of features is empty")]
    NoFeatures,
    /// A feature lacks the field for the code or the name, or it is empty there.
    #[error("feature {feature} has no value in the field “{field}”: the fields with values are {}", listed(.fields))]
    MissingField {
        /// Position in the file; the first is 1.
        feature: usize,
        /// The field that was asked for.
        field: String,
        /// Fields of this feature that hold a text or a number.
        fields: Vec<String>,
    },
    /// Two features carry one code.
    #[error("features {first} and {second} both have the {kind} code “{code}”: each area must have its own")]
    DuplicateCode {
        /// Kind of area being read.
        kind: AreaKind,
        /// The code.
        code: String,
        /// Position of the first.
        first: usize,
        /// Position of the second.
        second: usize,
    },
    /// The geometry is missing, or neither Polygon nor MultiPolygon.
    #[error("feature {feature} ({code}) has the geometry {found}: an area must be a Polygon or a MultiPolygon")]
    NotPolygon {
        /// Position in the file.
        feature: usize,
        /// Code of the area.
        code: String,
        /// The geometry type found, or `missing`.
        found: String,
    },
    /// Coordinates are not pairs of numbers.
    #[error("feature {feature} ({code}) has coordinates that are not lists of [longitude, latitude]")]
    MalformedCoordinates {
        /// Position in the file.
        feature: usize,
        /// Code of the area.
        code: String,
    },
    /// Coordinates are numbers but not degrees.
    #[error("feature {feature} ({code}) has the coordinates {x}, {y}, which are not WGS84 degrees{}: export the boundaries again with the reference system WGS84 (EPSG:4326)", hint(.x, .y))]
    NotDegrees {
        /// Position in the file.
        feature: usize,
        /// Code of the area.
        code: String,
        /// First number of the pair.
        x: String,
        /// Second number of the pair.
        y: String,
    },
    /// A ring has fewer than four points.
    #[error(
        "feature {feature} ({code}) has a ring of {points} points: a ring needs at least four, the last equal to the first"
    )]
    ShortRing {
        /// Position in the file.
        feature: usize,
        /// Code of the area.
        code: String,
        /// Number of points.
        points: usize,
    },
    /// A ring does not end where it begins.
    #[error("feature {feature} ({code}) has a ring that is not closed: its last point must equal its first")]
    OpenRing {
        /// Position in the file.
        feature: usize,
        /// Code of the area.
        code: String,
    },
}

fn listed(fields: &[String]) -> String {
    if fields.is_empty() { "none".to_owned() } else { fields.join(", ") }
}

/// Says so when a pair looks like British National Grid metres.
fn hint(x: &str, y: &str) -> &'static str {
    let within = |text: &str, limit: f64| text.parse().is_ok_and(|v: f64| (0.0..limit).contains(&v));
    if within(x, 700_000.0) && within(y, 1_300_000.0) { " but look like British National Grid metres" } else { "" }
}
