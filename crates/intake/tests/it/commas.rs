//! Commas in energies: decimal ones, and those between thousands. What is not certain is kept apart, and never divided by mistake.

use std::fmt::Write as _;

use kerbwatt_intake::{RepairKind, SessionReturn};
use kerbwatt_model::Flag;
use proptest::prelude::*;

use crate::{read, read_repaired};

/// Sessions of three hours, of four charge points, with these energies as they are written.
fn file(energies: &[String]) -> String {
    let mut text = "session_id,evse,plug_in,plug_out,energy_kwh\n".to_owned();
    for (at, energy) in energies.iter().enumerate() {
        let (day, hour) = (1 + at / 6 % 28, at % 6 * 4);
        let (from, to) =
            (format!("2024-03-{day:02}T{hour:02}:00:00Z"), format!("2024-03-{day:02}T{:02}:00:00Z", hour + 3));
        writeln!(text, "s{at},E{at},{from},{to},\"{energy}\"").unwrap();
    }
    text
}

/// Watt-hours as kilowatt-hours with a decimal comma and as many decimals as are needed.
fn with_comma(wh: u32) -> String {
    let text = format!("{},{:03}", wh / 1000, wh % 1000);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

fn in_thousands(wh: u32) -> String {
    if wh < 1000 { wh.to_string() } else { format!("{},{:03}", wh / 1000, wh % 1000) }
}

/// Rows that were accepted with another energy than they have.
fn wrong(read: &SessionReturn, truth_wh: &[u32]) -> Vec<u64> {
    let is_wrong = |session: &kerbwatt_model::Session<'_>| {
        let truth = f64::from(truth_wh[usize::try_from(session.row).unwrap() - 1]) / 1000.0;
        (session.energy_kwh - truth).abs() > 1e-9
    };
    read.sessions.iter().filter(is_wrong).map(|session| session.row).collect()
}

fn applied(read: &SessionReturn) -> Vec<RepairKind> {
    read.applied.iter().map(|repair| repair.kind).collect()
}

#[test]
fn decimal_commas_of_which_few_are_unreadable_are_not_taken_for_watt_hours() {
    // Three decimals, so that most are read as thousands; some whole numbers, and some with fewer decimals.
    let truth: Vec<u32> = (0..200)
        .map(|at| match at % 10 {
            0 => 7_000 + at / 10 * 1000,
            1 => 15_300 + at * 10,
            _ => 12_001 + at * 37,
        })
        .collect();
    let text = file(&truth.iter().map(|wh| with_comma(*wh)).collect::<Vec<_>>());
    let as_read = read(text.as_bytes()).unwrap();
    assert!(!as_read.repairs.iter().any(|repair| repair.provable && repair.kind == RepairKind::EnergyUnit));
    for asked in [&[RepairKind::EnergyUnit][..], &RepairKind::ALL] {
        let repaired = read_repaired(text.as_bytes(), None, asked).unwrap();
        assert_eq!(wrong(&repaired, &truth), Vec::<u64>::new(), "{:?}", applied(&repaired));
        assert!(!applied(&repaired).contains(&RepairKind::EnergyUnit));
    }
    let repaired = read_repaired(text.as_bytes(), None, &RepairKind::ALL).unwrap();
    assert_eq!(
        (applied(&repaired), repaired.totals.accepted),
        (vec![RepairKind::DecimalComma], 200),
        "{:#?}",
        repaired.repairs
    );
}

#[test]
fn whole_kilowatt_hours_among_decimal_commas_with_three_decimals_are_never_divided() {
    let truth: Vec<u32> = (0..200).map(|at| if at % 20 == 0 { 7_000 } else { 12_001 + at * 7 / 10 * 10 + 1 }).collect();
    let text = file(&truth.iter().map(|wh| with_comma(*wh)).collect::<Vec<_>>());
    let read = read_repaired(text.as_bytes(), None, &RepairKind::ALL).unwrap();
    assert_eq!((applied(&read), wrong(&read, &truth)), (vec![], vec![]));
    let found = read.repairs.iter().find(|repair| repair.kind == RepairKind::EnergyUnit).unwrap();
    assert!(!found.provable && found.evidence.kinds.iter().any(|kind| kind.id == "text"), "{found:#?}");
}

#[test]
fn watt_hours_with_commas_between_thousands_are_still_proved() {
    for (some_plain, truth) in [(false, 12_001), (true, 12_001), (true, 700_000)] {
        let truth: Vec<u32> = (0..100).map(|at| truth / 10 + 1_000 + at * 137).collect();
        let written =
            |(at, wh): (usize, &u32)| if some_plain && at % 2 == 0 { wh.to_string() } else { in_thousands(*wh) };
        let text = file(&truth.iter().enumerate().map(written).collect::<Vec<_>>());
        let read = read_repaired(text.as_bytes(), None, &[RepairKind::EnergyUnit]).unwrap();
        assert_eq!(
            (applied(&read), wrong(&read, &truth)),
            (vec![RepairKind::EnergyUnit], vec![]),
            "{:#?}",
            read.repairs
        );
        assert!(read.sessions.iter().all(|session| session.has(Flag::Repaired)));
    }
}

#[test]
fn a_comma_behind_a_single_zero_is_no_thousand() {
    let read = read(file(&["0,532".to_owned(), "532".to_owned(), "7".to_owned()]).as_bytes()).unwrap();
    assert_eq!(
        (read.totals.accepted, read.quarantined[0].rule, &*read.quarantined[0].value),
        (2, "unreadable_energy", "0,532")
    );
}

proptest! {
    /// Kilowatt-hours with decimal commas, however many decimals they have and however many are whole.
    #[test]
    fn right_energies_with_decimal_commas_are_never_changed_to_wrong_ones(
        rows in prop_oneof![1usize..40, 100usize..300], whole in 0u32..=100, tenths in 0u32..=100, seed in any::<u32>(),
        is_three in any::<bool>(), most in prop_oneof![Just(30_000u32), Just(80_000), Just(5_000)],
    ) {
        let mut dice = seed;
        let mut throw = |below: u32| {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (dice >> 8) % below
        };
        let truth: Vec<u32> = (0..rows).map(|_| {
            let wh = 200 + throw(most);
            if throw(100) < whole { (wh / 1000 + 1) * 1000 } else if throw(100) < tenths { (wh / 100 + 1) * 100 } else { wh }
        }).collect();
        let written = |wh: &u32| if is_three && !wh.is_multiple_of(1000) { format!("{},{:03}", wh / 1000, wh % 1000) } else { with_comma(*wh) };
        let text = file(&truth.iter().map(written).collect::<Vec<_>>());
        for asked in [&[][..], &[RepairKind::EnergyUnit], &RepairKind::ALL] {
            let read = read_repaired(text.as_bytes(), None, asked).unwrap();
            prop_assert_eq!(wrong(&read, &truth), Vec::<u64>::new(), "{:?}", applied(&read));
        }
    }

    /// Watt-hours with commas between thousands: where a repair is made, it is the right one.
    #[test]
    fn watt_hours_with_commas_are_repaired_rightly_or_not_at_all(rows in 1usize..200, seed in any::<u32>(), least in 0u32..2_000) {
        let truth: Vec<u32> = (0..rows).map(|at| {
            let at = u32::try_from(at).unwrap();
            least + seed.wrapping_mul(at.wrapping_add(7)).wrapping_mul(2_654_435_761) % 30_000
        }).collect();
        let text = file(&truth.iter().map(|wh| in_thousands(*wh)).collect::<Vec<_>>());
        let read = read_repaired(text.as_bytes(), None, &RepairKind::ALL).unwrap();
        if !read.applied.is_empty() {
            prop_assert_eq!((applied(&read), wrong(&read, &truth)), (vec![RepairKind::EnergyUnit], vec![]));
        }
    }
}

#[test]
fn one_energy_that_is_impossible_either_way_keeps_no_decimal_commas_from_being_read() {
    let truth: Vec<u32> = (0..400).map(|at| if at % 10 == 0 { 7_500 + at * 10 } else { 12_001 + at * 37 }).collect();
    let mut energies: Vec<String> = truth.iter().map(|wh| with_comma(*wh)).collect();
    energies[20] = "1430,17".to_owned();
    let text = file(&energies);
    let read = read_repaired(text.as_bytes(), None, &[RepairKind::DecimalComma]).unwrap();
    assert_eq!(applied(&read), [RepairKind::DecimalComma], "{:#?}", read.repairs);
    assert_eq!(wrong(&read, &truth), [0_u64; 0]);
}
