//! GeoJSON (RFC 7946) in: a FeatureCollection of Polygons and MultiPolygons.

use std::collections::HashMap;

use geo::{Coord, LineString, MultiPolygon, Polygon};
use kerbwatt_model::{Area, AreaKind};
use serde_json::Value;

use crate::{Outline, PlacesError};

/// Reads the areas of one level from GeoJSON; `code_field` and `name_field` are properties of each feature.
///
/// Numbers are taken as codes too. Blanks around codes and names are trimmed. A third coordinate is ignored.
/// Areas come back in the order of their codes; their parents are found by [`crate::Places::new`].
///
/// # Errors
/// [`PlacesError`] says which feature is wrong, how, and what to do. Nothing is dropped: one bad area refuses the file.
pub fn read_geojson(
    bytes: &[u8],
    kind: AreaKind,
    code_field: &str,
    name_field: &str,
) -> Result<Vec<Outline>, PlacesError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let document: Value = serde_json::from_slice(bytes).map_err(|error| PlacesError::NotJson(error.to_string()))?;
    let mut outlines = Vec::new();
    let mut seen = HashMap::new();
    for (index, feature) in features(&document)?.iter().enumerate() {
        let position = index + 1;
        let area = Area {
            kind,
            code: field(feature, position, code_field)?,
            name: field(feature, position, name_field)?,
            parent: None,
        };
        if let Some(first) = seen.insert(area.code.clone(), position) {
            return Err(PlacesError::DuplicateCode { kind, code: area.code, first, second: position });
        }
        let polygon = Feature { position, code: &area.code }.polygon(feature.get("geometry"))?;
        outlines.push(Outline::new(area, polygon));
    }
    outlines.sort_by(|a, b| a.area.code.cmp(&b.area.code));
    Ok(outlines)
}

fn features(document: &Value) -> Result<&Vec<Value>, PlacesError> {
    let found = document.get("type").and_then(Value::as_str);
    match (found, document.get("features").and_then(Value::as_array)) {
        (Some("FeatureCollection"), Some(features)) if features.is_empty() => Err(PlacesError::NoFeatures),
        (Some("FeatureCollection"), Some(features)) => Ok(features),
        _ => Err(PlacesError::NotFeatureCollection { found: found.unwrap_or("missing").to_owned() }),
    }
}

fn field(feature: &Value, position: usize, name: &str) -> Result<String, PlacesError> {
    let properties = feature.get("properties").and_then(Value::as_object);
    let value = properties.and_then(|properties| properties.get(name)).and_then(text);
    value.ok_or_else(|| PlacesError::MissingField {
        feature: position,
        field: name.to_owned(),
        fields: properties
            .into_iter()
            .flatten()
            .filter(|(_, value)| text(value).is_some())
            .map(|(field, _)| field.clone())
            .collect(),
    })
}

/// The text of a property: none where it is null, blank or nested.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A feature being read, for messages.
struct Feature<'a> {
    position: usize,
    code: &'a str,
}

impl Feature<'_> {
    fn polygon(&self, geometry: Option<&Value>) -> Result<MultiPolygon<f64>, PlacesError> {
        let found = geometry.and_then(|g| g.get("type")).and_then(Value::as_str).unwrap_or("missing");
        let coordinates = geometry.and_then(|g| g.get("coordinates")).unwrap_or(&Value::Null);
        match found {
            "Polygon" => Ok(MultiPolygon::new(vec![self.part(coordinates)?])),
            "MultiPolygon" => {
                let parts = self.list(coordinates)?.iter().map(|part| self.part(part));
                Ok(MultiPolygon::new(parts.collect::<Result<_, _>>()?))
            }
            other => Err(PlacesError::NotPolygon {
                feature: self.position,
                code: self.code.to_owned(),
                found: other.to_owned(),
            }),
        }
    }

    /// One polygon: its outer ring, then its holes.
    fn part(&self, value: &Value) -> Result<Polygon<f64>, PlacesError> {
        let mut rings = self.list(value)?.iter().map(|ring| self.ring(ring)).collect::<Result<Vec<_>, _>>()?;
        let outer = rings.remove(0);
        Ok(Polygon::new(outer, rings))
    }

    fn ring(&self, value: &Value) -> Result<LineString<f64>, PlacesError> {
        let points = self.list(value)?.iter().map(|point| self.point(point)).collect::<Result<Vec<_>, _>>()?;
        if points.len() < 4 {
            return Err(PlacesError::ShortRing {
                feature: self.position,
                code: self.code.to_owned(),
                points: points.len(),
            });
        }
        if points.first() != points.last() {
            return Err(PlacesError::OpenRing { feature: self.position, code: self.code.to_owned() });
        }
        Ok(LineString::new(points))
    }

    fn point(&self, value: &Value) -> Result<Coord<f64>, PlacesError> {
        let number = |index: usize| value.get(index).and_then(Value::as_f64);
        let (Some(x), Some(y)) = (number(0), number(1)) else { return Err(self.malformed()) };
        if x.abs() > 180.0 || y.abs() > 90.0 {
            return Err(PlacesError::NotDegrees {
                feature: self.position,
                code: self.code.to_owned(),
                x: x.to_string(),
                y: y.to_string(),
            });
        }
        Ok(Coord { x, y })
    }

    /// A list that is not empty.
    fn list<'v>(&self, value: &'v Value) -> Result<&'v Vec<Value>, PlacesError> {
        value.as_array().filter(|list| !list.is_empty()).ok_or_else(|| self.malformed())
    }

    fn malformed(&self) -> PlacesError {
        PlacesError::MalformedCoordinates { feature: self.position, code: self.code.to_owned() }
    }
}
