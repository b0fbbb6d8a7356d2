//! GeoJSON out, compact: five decimals at most (about a metre).

use std::fmt::Write;

use geo::{Coord, LineString, MultiPolygon};
use kerbwatt_model::Area;
use serde_json::Value;

/// A FeatureCollection with the properties `code`, `name` and `parent`.
pub(crate) fn feature_collection<'a>(features: impl Iterator<Item = (&'a Area, &'a MultiPolygon<f64>)>) -> String {
    let mut out = String::from(r#"{"type":"FeatureCollection","features":["#);
    for (index, (area, polygon)) in features.enumerate() {
        if index > 0 {
            out.push(',');
        }
        feature(&mut out, area, polygon);
    }
    out.push_str("]}");
    out
}

fn feature(out: &mut String, area: &Area, polygon: &MultiPolygon<f64>) {
    let text = |value: &str| Value::from(value).to_string();
    let parent = area.parent.as_deref().map_or_else(|| "null".to_owned(), text);
    let (code, name) = (text(&area.code), text(&area.name));
    out.push_str(r#"{"type":"Feature","properties":{"code":"#);
    out.push_str(&[&code, r#","name":"#, &name, r#","parent":"#, &parent, r#"},"geometry":"#].concat());
    out.push_str(r#"{"type":"MultiPolygon","coordinates":"#);
    list(out, &polygon.0, |out, part| {
        let rings: Vec<&LineString<f64>> = std::iter::once(part.exterior()).chain(part.interiors()).collect();
        list(out, &rings, |out, ring| list(out, &ring.0, |out, at| point(out, *at)));
    });
    out.push_str("}}");
}

fn list<T>(out: &mut String, items: &[T], mut write: impl FnMut(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

fn point(out: &mut String, at: Coord<f64>) {
    // Writing to a String cannot fail.
    let _ = write!(out, "[{},{}]", rounded(at.x), rounded(at.y));
}

/// Rounded to five decimals; zero without a sign.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5 + 0.0
}
