//! Whatever the bytes, nothing is lost and nothing breaks.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::read;

fn file(rows: &[(u8, i64, i64, f64)]) -> String {
    let mut text = "session_id,evse,plug_in,plug_out,energy_kwh,driver\n".to_owned();
    for (id, start, length, energy_kwh) in rows {
        let instant = |seconds| jiff::Timestamp::from_second(seconds).unwrap();
        let (from, to) = (instant(1_700_000_000 + start), instant(1_700_000_000 + start + length));
        writeln!(text, "s{id},E{},{from},{to},{energy_kwh},d{id}", id % 5).unwrap();
    }
    text
}

proptest! {
    #[test]
    fn rows_and_energy_are_conserved(
        rows in prop::collection::vec((0u8..40, 0i64..5_000_000, -5_000i64..90_000, -20.0f64..1_200.0), 1..60),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
    ) {
        let mut bytes = file(&rows).into_bytes();
        let header = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            if at > header {
                bytes[at] = byte;
            }
        }
        if let Ok(read) = read(&bytes) {
            let (totals, energy) = (read.totals, read.totals.energy_kwh);
            prop_assert_eq!(totals.rows_read, totals.accepted + totals.quarantined + totals.duplicates);
            prop_assert_eq!(totals.accepted as usize, read.sessions.len());
            prop_assert!((energy.read - energy.accepted - energy.quarantined - energy.duplicates).abs() <= 1e-6 * energy.read.abs().max(1.0));
            let sum: f64 = read.sessions.iter().map(|session| session.energy_kwh).sum();
            prop_assert!((sum - energy.accepted).abs() <= 1e-6 * sum.abs().max(1.0));
            prop_assert!(read.sessions.iter().all(|session| session.plug_out >= session.plug_in && session.energy_kwh >= 0.0));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes);
    }
}

#[test]
fn rows_that_come_again_are_found_however_ids_follow_each_other() {
    const ROWS: u64 = 40_000;
    type Id = fn(u64) -> u64;
    let orders: [Id; 4] = [|at| at, |at| ROWS - at, |at| at ^ 1, |at| at * 7_919 % 40_009];
    for (order, id) in orders.into_iter().enumerate() {
        // Longer than a block, and the rows that come again in its midst and at its end.
        let row = |at: u64| {
            let start = jiff::Timestamp::from_second(1_700_000_000 + at as i64 * 60).unwrap();
            let end = jiff::Timestamp::from_second(1_700_003_600 + at as i64 * 60).unwrap();
            format!("s{},E{},{start},{end},7,\n", id(at), at % 50)
        };
        let mut lines: Vec<String> = (0..ROWS).map(row).collect();
        lines.insert(30_000, row(29_999));
        lines.extend([row(0), row(20_000), row(39_999)]);
        let text = format!("session_id,evse,plug_in,plug_out,energy_kwh,driver\n{}", lines.concat());
        let found = read(text.as_bytes()).unwrap();
        let again: Vec<(u64, u64)> = found.duplicates.iter().map(|row| (row.row, row.first_row)).collect();
        let last = ROWS + 1;
        let expected = [(30_001, 30_000), (last + 1, 1), (last + 2, 20_001), (last + 3, ROWS + 1)];
        assert_eq!((found.totals.accepted, again), (ROWS, expected.to_vec()), "order {order}");
    }
}
