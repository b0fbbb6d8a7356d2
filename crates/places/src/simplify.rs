//! Simplifying outlines for drawing, so that neighbours still meet.
//!
//! Each ring is cut at the vertices where borders part. Between two such vertices a border is simplified by itself
//! (Douglas and Peucker 1973), always from the same end, so that both neighbours get the same points.

use std::collections::{HashMap, HashSet};

use geo::{Coord, LineString, MultiPolygon, Polygon};

use crate::Outline;

/// A vertex by its bits, for look-up.
type Vertex = (u64, u64);

/// The outlines with vertices left out that lie within `tolerance` (degrees) of the line without them.
/// A ring that would vanish stays as it is.
pub(crate) fn simplify(outlines: &[Outline], tolerance: f64) -> Vec<MultiPolygon<f64>> {
    let nodes = nodes(outlines);
    let ring = |ring: &LineString<f64>| simplify_ring(ring, &nodes, tolerance);
    let part = |part: &Polygon<f64>| Polygon::new(ring(part.exterior()), part.interiors().iter().map(ring).collect());
    outlines.iter().map(|outline| outline.polygon.iter().map(part).collect()).collect()
}

/// Vertices that must stay: where the same vertex has other neighbours in one ring than in another.
fn nodes(outlines: &[Outline]) -> HashSet<Vertex> {
    let mut sides: HashMap<Vertex, (Vertex, Vertex)> = HashMap::new();
    let mut nodes = HashSet::new();
    for points in outlines.iter().flat_map(|outline| outline.polygon.iter()).flat_map(rings).map(open) {
        for (index, at) in points.iter().enumerate() {
            let before = key(points[(index + points.len() - 1) % points.len()]);
            let after = key(points[(index + 1) % points.len()]);
            let pair = if before <= after { (before, after) } else { (after, before) };
            if *sides.entry(key(*at)).or_insert(pair) != pair {
                nodes.insert(key(*at));
            }
        }
    }
    nodes
}

fn rings(part: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(part.exterior()).chain(part.interiors())
}

/// The points of a ring without the repeated last one.
fn open(ring: &LineString<f64>) -> &[Coord<f64>] {
    ring.0.split_last().map_or(&[], |(_, points)| points)
}

fn key(point: Coord<f64>) -> Vertex {
    // Adding zero makes −0 and 0 the same.
    ((point.x + 0.0).to_bits(), (point.y + 0.0).to_bits())
}

fn simplify_ring(ring: &LineString<f64>, nodes: &HashSet<Vertex>, tolerance: f64) -> LineString<f64> {
    let points = open(ring);
    let Some(start) = start_of(points, nodes) else { return ring.clone() };
    let mut turned: Vec<Coord<f64>> = points[start..].iter().chain(&points[..=start]).copied().collect();
    let mut kept = vec![turned[0]];
    let mut from = 0;
    for at in 1..turned.len() {
        if at + 1 == turned.len() || nodes.contains(&key(turned[at])) {
            kept.extend(simplify_line(&mut turned[from..=at], tolerance));
            from = at;
        }
    }
    if kept.len() < 4 { ring.clone() } else { LineString::new(kept) }
}

/// Where to begin: at a node, or in a ring without any at its lowest vertex, whichever way the ring runs.
fn start_of(points: &[Coord<f64>], nodes: &HashSet<Vertex>) -> Option<usize> {
    let node = points.iter().position(|point| nodes.contains(&key(*point)));
    node.or_else(|| (0..points.len()).min_by_key(|index| key(points[*index])))
}

/// The points of a line that stay, without the first.
fn simplify_line(line: &mut [Coord<f64>], tolerance: f64) -> Vec<Coord<f64>> {
    // The neighbour walks the same line the other way: begin at the same end.
    let last = line.len() - 1;
    let backwards = (key(line[0]), key(line[1])) > (key(line[last]), key(line[last - 1]));
    if backwards {
        line.reverse();
    }
    let mut keep = vec![false; line.len()];
    (keep[0], keep[last]) = (true, true);
    mark(line, 0, last, tolerance, &mut keep);
    let mut kept: Vec<Coord<f64>> =
        line.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(point, _)| *point).collect();
    if backwards {
        kept.reverse();
        line.reverse();
    }
    kept.remove(0);
    kept
}

/// Marks the vertices of `line[from..=to]` that stay.
fn mark(line: &[Coord<f64>], from: usize, to: usize, tolerance: f64, keep: &mut [bool]) {
    let farthest =
        (from + 1..to).map(|at| (at, distance(line[at], line[from], line[to]))).max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((at, _)) = farthest.filter(|(_, distance)| *distance > tolerance) {
        keep[at] = true;
        mark(line, from, at, tolerance, keep);
        mark(line, at, to, tolerance, keep);
    }
}

/// Distance of a point from the line between two others, degrees of latitude at London's.
fn distance(point: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    /// Cosine of 51.5°: what a degree of longitude is of a degree of latitude.
    const NARROW: f64 = 0.6225;
    let (px, py) = ((point.x - a.x) * NARROW, point.y - a.y);
    let (bx, by) = ((b.x - a.x) * NARROW, b.y - a.y);
    let length = bx.hypot(by);
    let along = if length > 0.0 { ((px * bx + py * by) / (length * length)).clamp(0.0, 1.0) } else { 0.0 };
    (px - along * bx).hypot(py - along * by)
}

#[cfg(test)]
mod tests {
    use kerbwatt_model::{Area, AreaKind};

    use super::*;

    fn outline(code: &str, points: &[(f64, f64)]) -> Outline {
        let area = Area { kind: AreaKind::Ward, code: code.to_owned(), name: code.to_owned(), parent: None };
        let ring = LineString::from(points.to_vec());
        Outline::new(area, MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]))
    }

    fn edges(polygon: &MultiPolygon<f64>) -> HashSet<(Vertex, Vertex)> {
        let ordered = |a: Coord<f64>, b: Coord<f64>| (key(a).min(key(b)), key(a).max(key(b)));
        polygon.iter().flat_map(rings).flat_map(|ring| ring.0.windows(2)).map(|e| ordered(e[0], e[1])).collect()
    }

    #[test]
    fn neighbours_keep_the_same_points_on_their_border() {
        let border = [(2.0, 0.0), (2.001, 1.0), (2.5, 2.0), (2.501, 2.5), (2.0, 4.0)];
        let mut west = vec![(0.0, 0.0)];
        west.extend(border);
        west.extend([(0.0, 4.0), (0.0, 0.0)]);
        let mut east = vec![(4.0, 4.0)];
        east.extend(border.iter().rev());
        east.extend([(4.0, 0.0), (4.0, 4.0)]);
        let drawn = simplify(&[outline("w", &west), outline("e", &east)], 0.3);
        let shared: Vec<_> = edges(&drawn[0]).intersection(&edges(&drawn[1])).copied().collect();
        assert_eq!(shared.len(), 2, "the border is now two lines, the same in both");
        assert_eq!(drawn[0].0[0].exterior().0.len(), 6);
    }

    #[test]
    fn a_ring_that_would_vanish_stays() {
        let small = [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.0)];
        let drawn = simplify(&[outline("a", &small)], 10.0);
        assert_eq!(drawn[0].0[0].exterior().0.len(), 4);
    }
}
