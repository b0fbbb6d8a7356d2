//! What is done with boundaries from anywhere: the fuzz target in `fuzz/` calls this, and `fuzzed.rs` replays the corpus through it.

use kerbwatt_model::AreaKind;
use kerbwatt_places::{Places, read_geojson};

/// Reads areas; where they can be read, looks points up in them and draws them.
pub(crate) fn geojson(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(64 << 10)];
    let Ok(outlines) = read_geojson(bytes, AreaKind::Borough, "c", "n") else { return };
    let (count, codes) = (outlines.len(), outlines.iter().map(|one| one.area.code.clone()).collect::<Vec<_>>());
    let places = Places::new(outlines);
    assert_eq!(places.areas(AreaKind::Borough).len(), count);
    for (latitude, longitude) in [(51.45, -0.15), (0.3, 0.3), (90.0, 180.0), (-91.0, 400.0), (f64::NAN, 0.0)] {
        let found = places.assign(latitude, longitude);
        assert!(found.iter().all(|(kind, code)| *kind == AreaKind::Cell || codes.contains(code)));
    }
    let _ = (places.geojson(AreaKind::Borough, None), places.bbox());
}
