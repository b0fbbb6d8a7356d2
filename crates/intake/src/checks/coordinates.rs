//! Coordinates of a register that cannot be meant: seen also where they are wrong in every row, and there is nothing to compare with.

use super::Check;
use super::across::found;
use crate::Severity;

/// Latitude in the place of longitude.
pub static COORDINATES_EXCHANGED: Check = found(
    "coordinates_exchanged",
    Severity::Warning,
    "Latitude and longitude seem to have changed places",
    "Give the latitude (in London about 51) first and the longitude (about 0) second, or check which column is which, and import the \
     register again.",
);

/// East for west.
pub static COORDINATES_WITHOUT_SIGN: Check = found(
    "coordinates_without_sign",
    Severity::Warning,
    "The longitude seems to have lost its minus sign",
    "Check the sign: longitudes west of Greenwich are negative. Then import the register again.",
);

pub(super) static COORDINATES: [&Check; 2] = [&COORDINATES_EXCHANGED, &COORDINATES_WITHOUT_SIGN];
