//! The built-in boroughs, for whoever makes a sample of London.

use kerbwatt_model::AreaKind;
use kerbwatt_places::{Outline, Places, london_boroughs as outlines};

use crate::HubError;

/// A borough and the box around it.
#[derive(Debug, Clone, PartialEq)]
pub struct BoroughOutline {
    /// ONS code.
    pub code: String,
    /// Name.
    pub name: String,
    /// West, south, east, north, in degrees.
    pub bbox: [f64; 4],
}

/// Answers whether a point (borough code, latitude, longitude) lies in a borough.
pub struct Inside(Places);

impl Inside {
    /// Whether the point lies in the borough.
    #[must_use]
    pub fn contains(&self, code: &str, latitude: f64, longitude: f64) -> bool {
        self.0.assign(latitude, longitude).iter().any(|(kind, at)| *kind == AreaKind::Borough && at == code)
    }
}

/// The 33 boroughs.
///
/// # Errors
/// [`HubError::Places`] when the built-in file is damaged, which a test rules out.
pub fn london_boroughs() -> Result<Vec<BoroughOutline>, HubError> {
    let of = |outline: Outline| BoroughOutline {
        code: outline.area.code.clone(),
        name: outline.area.name.clone(),
        bbox: outline.bbox,
    };
    Ok(built_in()?.into_iter().map(of).collect())
}

/// A test of points against the 33 boroughs.
///
/// # Errors
/// As [`london_boroughs`].
pub fn london_contains() -> Result<Inside, HubError> {
    Ok(Inside(Places::new(built_in()?)))
}

pub(crate) fn built_in() -> Result<Vec<Outline>, HubError> {
    outlines().map_err(|error| HubError::Places { file: "the built-in boroughs".to_owned(), error })
}
