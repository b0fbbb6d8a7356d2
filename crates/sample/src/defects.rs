//! What is usually wrong with a return: a little, and never by chance of the hour.

use kerbwatt_model::Period;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::calendar::quarter_number;
use crate::estate::Estate;
use crate::seeded::{Purpose, stream};
use crate::sessions::Visit;

/// A row of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    pub(crate) visit: Visit,
    /// Position among the sessions of the return: its session id follows from it.
    pub(crate) rank: u64,
    /// Whether the vehicle was still there when the file was made: no end, no energy.
    pub(crate) open: bool,
}

/// The rows of a return.
///
/// Zero-energy starts and the sessions of unregistered EVSEs are among the visits already. Here are added: some rows twice,
/// some open sessions, some negative energies, and in every other file one absurd energy.
pub(crate) fn rows(seed: u64, operator: usize, period: Period, visits: &[Visit], estate: &Estate) -> Vec<Row> {
    let mut rows: Vec<Row> = (0..).zip(visits).map(|(rank, visit)| Row { visit: *visit, rank, open: false }).collect();
    let mut rng = stream(seed, Purpose::Defects, operator as u64, quarter_number(period.first));
    let few = |one_in: usize| 1 + visits.len() / one_in;
    for _ in 0..few(4_000) {
        change(&mut rng, &mut rows, |row| row.open = true);
    }
    for _ in 0..few(9_000) {
        change(&mut rng, &mut rows, |row| row.visit.energy_wh = -row.visit.energy_wh.min(9_540) - 1);
    }
    if rng.random_bool(0.5) {
        absurd(&mut rng, &mut rows, estate);
    }
    for _ in 0..few(3_000) {
        repeat(&mut rng, &mut rows);
    }
    rows
}

/// Makes about one row in thirty wrong: without an end, or with an energy below zero or beyond what any vehicle holds.
pub(crate) fn more(seed: u64, operator: usize, period: Period, rows: &mut [Row]) {
    let mut rng = stream(seed, Purpose::MoreDefects, operator as u64, quarter_number(period.first));
    for _ in 0..rows.len() / 30 {
        let kind = rng.random_range(0..3);
        change(&mut rng, rows, |row| match kind {
            0 => row.open = true,
            1 => row.visit.energy_wh = -row.visit.energy_wh.abs() - 1,
            _ => row.visit.energy_wh = 1_200_000 + row.visit.energy_wh.abs() % 600_000,
        });
    }
}

fn change(rng: &mut ChaCha8Rng, rows: &mut [Row], change: impl Fn(&mut Row)) {
    if !rows.is_empty() {
        let at = rng.random_range(0..rows.len());
        rows.get_mut(at).filter(|row| !row.open).into_iter().for_each(change);
    }
}

/// An energy that no such point can deliver: over 1,000 kWh.
fn absurd(rng: &mut ChaCha8Rng, rows: &mut [Row], estate: &Estate) {
    change(rng, rows, |row| {
        let rated = estate.evses.get(row.visit.evse).map_or(7.0, |evse| evse.rated_kw);
        row.visit.energy_wh = 1_430_170 + i64::from(rated > 50.0) * 700_000;
    });
}

/// Puts a row in once more, a little below.
fn repeat(rng: &mut ChaCha8Rng, rows: &mut Vec<Row>) {
    if rows.is_empty() {
        return;
    }
    let at = rng.random_range(0..rows.len());
    let below = (at + rng.random_range(1..40)).min(rows.len());
    if let Some(row) = rows.get(at).copied() {
        rows.insert(below, row);
    }
}
