//! A grid over the areas of one kind, so that a point is compared with a handful of outlines only.

use crate::Outline;

/// Cells along each side.
const SIDE: usize = 64;

/// For each cell of a grid, the outlines whose bounding box touches it, in ascending order.
#[derive(Debug)]
pub(crate) struct Grid {
    west: f64,
    south: f64,
    step_x: f64,
    step_y: f64,
    cells: Vec<Vec<usize>>,
}

impl Grid {
    /// Indexes outlines by their position in the slice.
    pub(crate) fn new(outlines: &[Outline]) -> Self {
        let [west, south, east, north] = outlines.iter().fold(EMPTY, |all, outline| union(all, outline.bbox));
        let step = |low: f64, high: f64| if high > low { (high - low) / SIDE_F } else { 1.0 };
        let (step_x, step_y) = (step(west, east), step(south, north));
        let mut grid = Self { west, south, step_x, step_y, cells: vec![Vec::new(); SIDE * SIDE] };
        for (index, outline) in outlines.iter().enumerate() {
            grid.insert(index, outline.bbox);
        }
        grid
    }

    fn insert(&mut self, index: usize, [west, south, east, north]: [f64; 4]) {
        for row in slot(south, self.south, self.step_y)..=slot(north, self.south, self.step_y) {
            for column in slot(west, self.west, self.step_x)..=slot(east, self.west, self.step_x) {
                self.cells[row * SIDE + column].push(index);
            }
        }
    }

    /// The outlines that may contain a point; far away points get those of the nearest cell.
    pub(crate) fn candidates(&self, latitude: f64, longitude: f64) -> &[usize] {
        let row = slot(latitude, self.south, self.step_y);
        &self.cells[row * SIDE + slot(longitude, self.west, self.step_x)]
    }
}

const SIDE_F: f64 = 64.0;
const EMPTY: [f64; 4] = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];

/// The bounding box around two.
pub(crate) fn union(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Row or column, clamped to the grid. Grows with `at`, so a point within a box is within the box's range of cells.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..SIDE first; NaN becomes 0")]
fn slot(at: f64, origin: f64, step: f64) -> usize {
    ((at - origin) / step).floor().clamp(0.0, SIDE_F - 1.0) as usize
}
