//! Point in polygon.

use geo::{Coord, LineString, MultiPolygon};

/// Whether a point lies in a polygon, holes excluded, by counting the edges that a ray to the east crosses.
///
/// An edge counts for latitudes from its lower end (included) to its upper end (excluded), and where it crosses is
/// computed from its lower end whichever way it runs. So two areas that share an edge agree on every point: it lies in
/// exactly one of them, also on the border.
#[must_use]
pub fn contains(polygon: &MultiPolygon<f64>, latitude: f64, longitude: f64) -> bool {
    let crossings: usize = polygon
        .iter()
        .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()))
        .map(|ring| crossings_east(ring, latitude, longitude))
        .sum();
    crossings % 2 == 1
}

fn crossings_east(ring: &LineString<f64>, latitude: f64, longitude: f64) -> usize {
    ring.0.windows(2).filter(|edge| crosses(edge[0], edge[1], latitude, longitude)).count()
}

fn crosses(a: Coord<f64>, b: Coord<f64>, latitude: f64, longitude: f64) -> bool {
    if (a.y > latitude) == (b.y > latitude) {
        return false;
    }
    let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
    longitude < low.x + (high.x - low.x) * ((latitude - low.y) / (high.y - low.y))
}

#[cfg(test)]
mod tests {
    use geo::{Polygon, polygon};
    use proptest::prelude::*;

    use super::*;

    fn multi(polygon: Polygon<f64>) -> MultiPolygon<f64> {
        MultiPolygon::new(vec![polygon])
    }

    #[test]
    fn a_hole_is_outside() {
        let ring = polygon![
            exterior: [(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0), (x: 0.0, y: 0.0)],
            interiors: [[(x: 1.0, y: 1.0), (x: 3.0, y: 1.0), (x: 3.0, y: 3.0), (x: 1.0, y: 3.0), (x: 1.0, y: 1.0)]],
        ];
        let area = multi(ring);
        assert!(contains(&area, 0.5, 2.0));
        assert!(!contains(&area, 2.0, 2.0));
        assert!(!contains(&area, 5.0, 2.0));
    }

    proptest! {
        /// Two neighbours whose common border runs slanting, and is written in opposite directions.
        #[test]
        fn a_point_on_a_shared_border_lies_in_exactly_one_neighbour(
            top in 0.5f64..3.5, bottom in 0.5f64..3.5, share in 0.0f64..1.0,
        ) {
            let west = multi(polygon![(x: 0.0, y: 0.0), (x: bottom, y: 0.0), (x: top, y: 1.0), (x: 0.0, y: 1.0)]);
            let east = multi(polygon![(x: 4.0, y: 1.0), (x: top, y: 1.0), (x: bottom, y: 0.0), (x: 4.0, y: 0.0)]);
            let (latitude, longitude) = (share, bottom + (top - bottom) * share);
            prop_assert!(contains(&west, latitude, longitude) != contains(&east, latitude, longitude));
        }
    }
}
