//! The London boroughs that are built in. See `data/make.mjs` for source and licence.

use kerbwatt_model::AreaKind;

use crate::{Outline, PlacesError, read_geojson};

/// Made by `data/make.mjs`.
static LONDON: &[u8] = include_bytes!("../data/london-boroughs.json");

/// The 33 London boroughs (the City of London is counted as one) with their ONS codes, E09000001 to E09000033, in this
/// order. The outlines are simplified: a border may be off by some tens of metres.
///
/// # Errors
/// None as long as the file that is compiled in is whole; a test reads it.
pub fn london_boroughs() -> Result<Vec<Outline>, PlacesError> {
    read_geojson(LONDON, AreaKind::Borough, "code", "name")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn there_are_33_boroughs_in_the_order_of_their_codes() {
        let boroughs = london_boroughs().unwrap();
        let codes: Vec<&str> = boroughs.iter().map(|b| b.area.code.as_str()).collect();
        let expected: Vec<String> = (1..=33).map(|n| format!("E09{n:06}")).collect();
        assert_eq!(codes, expected);
        let name = |code: &str| boroughs.iter().find(|b| b.area.code == code).map(|b| b.area.name.as_str());
        assert_eq!(name("E09000001"), Some("City of London"));
        assert_eq!(name("E09000007"), Some("Camden"));
        assert_eq!(name("E09000033"), Some("Westminster"));
    }
}
