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
