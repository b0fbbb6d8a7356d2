//! Whether coordinates can be those of a charge point in Great Britain, and which slip they look like if not.

use std::fmt;

/// What seems wrong with a pair of coordinates. None of these is mended silently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LocationProblem {
    /// Not numbers.
    NotFinite,
    /// 0, 0: an empty field.
    Null,
    /// Not degrees at all: latitude beyond 90 or longitude beyond 180.
    OutOfRange,
    /// Latitude and longitude seem to have changed places.
    Swapped,
    /// The longitude seems to have lost its minus sign.
    SignLost,
    /// A place on Earth, but not in Great Britain.
    OutsideBritain,
}

impl LocationProblem {
    /// What to do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotFinite | Self::Null => "give latitude and longitude in degrees",
            Self::OutOfRange => "give WGS84 degrees, not grid references or whole numbers",
            Self::Swapped => {
                "give the latitude (about 51) first and the longitude (about 0) second, or check the columns"
            }
            Self::SignLost => "check the minus sign: longitudes west of Greenwich are negative",
            Self::OutsideBritain => "check the coordinates against the address",
        }
    }
}

impl fmt::Display for LocationProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFinite => "the coordinates are not numbers",
            Self::Null => "the coordinates are 0, 0",
            Self::OutOfRange => "the coordinates are not degrees",
            Self::Swapped => "latitude and longitude seem to have changed places",
            Self::SignLost => "the longitude seems to have lost its minus sign",
            Self::OutsideBritain => "the coordinates are not in Great Britain",
        })
    }
}

/// South, north, west and east ends of Great Britain with its islands, in degrees. The east end is Lowestoft's.
const BRITAIN: (f64, f64, f64, f64) = (49.8, 60.9, -8.7, 1.8);

/// What seems wrong with coordinates in degrees, or none.
///
/// A lost minus sign shows only where the mirrored point falls in the North Sea or beyond, east of Lowestoft.
#[must_use]
pub fn plausible(latitude: f64, longitude: f64) -> Option<LocationProblem> {
    if !latitude.is_finite() || !longitude.is_finite() {
        Some(LocationProblem::NotFinite)
    } else if latitude == 0.0 && longitude == 0.0 {
        Some(LocationProblem::Null)
    } else if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
        Some(LocationProblem::OutOfRange)
    } else if in_britain(latitude, longitude) {
        None
    } else if in_britain(longitude, latitude) {
        Some(LocationProblem::Swapped)
    } else if in_britain(latitude, -longitude) {
        Some(LocationProblem::SignLost)
    } else {
        Some(LocationProblem::OutsideBritain)
    }
}

fn in_britain(latitude: f64, longitude: f64) -> bool {
    let (south, north, west, east) = BRITAIN;
    (south..=north).contains(&latitude) && (west..=east).contains(&longitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slip_is_named() {
        let cases = [
            (51.51, -0.12, None),
            (56.46, -2.97, None),
            (-0.12, 51.51, Some(LocationProblem::Swapped)),
            (56.46, 2.97, Some(LocationProblem::SignLost)),
            (0.0, 0.0, Some(LocationProblem::Null)),
            (530_000.0, 180_000.0, Some(LocationProblem::OutOfRange)),
            (40.01, -105.27, Some(LocationProblem::OutsideBritain)),
            (f64::NAN, 0.0, Some(LocationProblem::NotFinite)),
        ];
        for (latitude, longitude, problem) in cases {
            assert_eq!(plausible(latitude, longitude), problem, "{latitude}, {longitude}");
        }
    }
}
