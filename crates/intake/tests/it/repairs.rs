//! Units, commas and clocks: repaired where the file proves it, and only reported where it does not.

use std::fmt::Write as _;

use kerbwatt_intake::{Repair, RepairKind, SessionReturn, read_register, read_register_with};
use kerbwatt_model::Flag;

use crate::real_files::file;
use crate::{read, read_repaired};

fn of(read: &SessionReturn, kind: RepairKind) -> Option<&Repair> {
    read.repairs.iter().chain(&read.applied).find(|repair| repair.kind == kind)
}

fn energies(read: &SessionReturn) -> Vec<f64> {
    read.sessions.iter().map(|session| session.energy_kwh).collect()
}

/// Forty sessions of an hour or more at 7 kW or so, of four EVSEs, with the energy written as `show` has it.
fn sessions(show: impl Fn(u32) -> String) -> String {
    let mut text = "session_id,evse,plug_in,plug_out,energy_kwh\n".to_owned();
    for at in 0..40u32 {
        let (day, hour) = (1 + at / 4, 6 + at % 4);
        writeln!(
            text,
            "s{at},E{},2024-03-{day:02}T{hour:02}:00:00Z,2024-03-{day:02}T{:02}:30:00Z,{}",
            at % 4,
            hour + 1,
            show(5_250 + at * 37)
        )
        .unwrap();
    }
    text
}

fn kwh(wh: u32) -> String {
    format!("{}.{:03}", wh / 1000, wh % 1000)
}

#[test]
fn watt_hours_among_kilowatt_hours_are_proved_and_divided() {
    let right = read(sessions(kwh).as_bytes()).unwrap();
    assert!(right.repairs.is_empty());
    let wrong = sessions(|wh| wh.to_string());
    let proposed = read(wrong.as_bytes()).unwrap();
    let repair = of(&proposed, RepairKind::EnergyUnit).unwrap();
    assert!(repair.provable && repair.rows == 40 && repair.examples.len() == 5, "{repair:#?}");
    assert_eq!((repair.examples[0].before.as_str(), repair.examples[0].after.as_str()), ("5250", "5.25"));
    assert_eq!((repair.evidence.before.implausible_power, repair.evidence.after.implausible_power), (40, 0));
    assert_eq!(proposed.totals.quarantined, 40, "nothing is done unasked");
    let repaired = read_repaired(wrong.as_bytes(), None, &[RepairKind::EnergyUnit]).unwrap();
    assert_eq!(energies(&repaired), energies(&right));
    assert!(repaired.sessions.iter().all(|session| session.has(Flag::Repaired)));
    assert!((repaired.totals.energy_kwh.read - right.totals.energy_kwh.read).abs() < 1e-9);
}

#[test]
fn a_file_of_which_some_rows_are_in_watt_hours_is_not_repaired() {
    let mixed = sessions(|wh| if wh % 2 == 0 { wh.to_string() } else { kwh(wh) });
    let read = read_repaired(mixed.as_bytes(), None, &RepairKind::ALL).unwrap();
    assert!(read.applied.is_empty(), "{:#?}", read.applied);
}

#[test]
fn decimal_commas_that_nobody_declared_are_proved_and_read() {
    let right = read(sessions(kwh).as_bytes()).unwrap();
    let comma = |wh: u32| format!("\"{}\"", kwh(wh).trim_end_matches('0').replace('.', ","));
    let wrong = sessions(|wh| if wh % 3 == 0 { comma(wh) } else { comma(wh / 10 * 10) });
    let right_again = sessions(|wh| if wh % 3 == 0 { kwh(wh) } else { kwh(wh / 10 * 10) });
    let proposed = read(wrong.as_bytes()).unwrap();
    let repair = of(&proposed, RepairKind::DecimalComma).unwrap();
    assert!(repair.provable && repair.evidence.before.unreadable >= 20, "{repair:#?}");
    let repaired = read_repaired(wrong.as_bytes(), None, &RepairKind::ALL).unwrap();
    assert_eq!(energies(&repaired), energies(&read(right_again.as_bytes()).unwrap()));
    assert_eq!(repaired.totals.accepted, right.totals.accepted);
    assert_eq!(repaired.applied.len(), 1);
}

#[test]
fn commas_beside_dots_are_only_reported() {
    let mixed =
        sessions(
            |wh| {
                if wh % 4 == 0 { kwh(wh) } else { format!("\"{}\"", kwh(wh / 10 * 10 + 10)[..4].replace('.', ",")) }
            },
        );
    let read = read_repaired(mixed.as_bytes(), None, &RepairKind::ALL).unwrap();
    assert!(of(&read, RepairKind::DecimalComma).is_some_and(|repair| !repair.provable), "{:#?}", read.repairs);
    assert!(read.applied.is_empty());
}

#[test]
fn a_real_return_in_watt_hours_comes_back_whole_and_as_it_is_stays_as_it_is() {
    let Some(bytes) = file("sessions/dundee-2017-12-to-2018-03.csv") else { return };
    let right = read_repaired(&bytes, None, &RepairKind::ALL).unwrap();
    assert!(right.repairs.is_empty() && right.applied.is_empty());
    let text = String::from_utf8(bytes).unwrap();
    let mut wrong = String::new();
    for (at, line) in text.lines().enumerate() {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        if let (true, Ok(kwh)) = (at > 0, cells[7].parse::<f64>()) {
            cells[7] = format!("{:.0}", kwh * 1000.0);
        }
        writeln!(wrong, "{}", cells.join(",")).unwrap();
    }
    let repaired = read_repaired(wrong.as_bytes(), None, &[RepairKind::EnergyUnit]).unwrap();
    assert_eq!(repaired.applied.len(), 1);
    assert_eq!(repaired.totals.accepted, right.totals.accepted);
    assert!(energies(&repaired).iter().zip(energies(&right)).all(|(a, b)| (a - b).abs() < 1e-9));
}

#[test]
fn hours_that_never_were_are_reported_and_not_repaired() {
    let mut rows = String::from(
        "Charging event,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model\n",
    );
    for at in 0..6 {
        writeln!(rows, "{at},5{at},1,25/03/2018,01:{at}5,25/03/2018,04:00,5,0,,,").unwrap();
    }
    let read = read_repaired(rows.as_bytes(), None, &RepairKind::ALL).unwrap();
    let found = of(&read, RepairKind::MislabelledZone).unwrap();
    assert!(!found.provable && found.evidence.before.missing_hours == 6);
    assert!(read.applied.is_empty());
}

#[test]
fn the_second_of_two_equal_hours_is_told_by_the_order_of_the_file() {
    let mut rows = String::from(
        "Charging event,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model\n",
    );
    for at in 0..30 {
        writeln!(rows, "{at},4{at},1,27/10/2018,08:{at:02},27/10/2018,12:00,5,0,,,").unwrap();
    }
    let clocks = ["00:40", "01:10", "01:50", "01:05", "01:30", "02:20"];
    for (at, clock) in clocks.iter().enumerate() {
        writeln!(rows, "5{at},5{at},1,28/10/2018,{clock},28/10/2018,06:00,5,0,,,").unwrap();
    }
    let read = read(rows.as_bytes()).unwrap();
    let starts: Vec<String> =
        read.sessions.iter().skip(30).map(|session| session.plug_in.strftime("%H:%M").to_string()).collect();
    assert_eq!(starts, ["23:40", "00:10", "00:50", "01:05", "01:30", "02:20"]);
    assert!(!read.sessions.iter().any(|session| session.has(Flag::ClockChange)));
    // Without a step back nothing says which hour it is.
    let open = rows.replace("01:50", "01:02").replace(",01:10", ",01:01");
    assert!(crate::read(open.as_bytes()).unwrap().sessions.iter().any(|session| session.has(Flag::ClockChange)));
}

fn register(place: impl Fn(u32) -> (f64, f64), postcode: impl Fn(u32) -> &'static str) -> String {
    let mut rows = "evse,device,location,postcode,latitude,longitude,rated_kw\n".to_owned();
    for at in 0..60 {
        let (latitude, longitude) = place(at);
        writeln!(rows, "E{at},D{at},L{at},{},{latitude},{longitude},7", postcode(at)).unwrap();
    }
    rows
}

/// Half of the points in London, half in Edinburgh.
fn right_place(at: u32) -> (f64, f64) {
    let by = f64::from(at) / 1000.0;
    if at < 30 { (51.5 + by, -0.1 - by) } else { (55.9 + by, -3.2 + by) }
}

fn right_postcode(at: u32) -> &'static str {
    if at < 30 { "E1 1AA" } else { "EH1 1AA" }
}

#[test]
fn exchanged_coordinates_are_proved_by_the_other_points_and_a_lost_sign_by_the_postcode_area() {
    let wrong = |at: u32| {
        let (latitude, longitude) = right_place(at);
        match at {
            7 | 8 => (longitude, latitude),
            40 => (latitude, -longitude),
            _ => (latitude, longitude),
        }
    };
    for (postcode, proved) in [(right_postcode as fn(u32) -> &'static str, vec![8, 9, 41]), (|_| "", vec![8, 9])] {
        let right = read_register(register(right_place, postcode).as_bytes(), "r.csv", None).unwrap();
        assert!(right.repairs.is_empty());
        let wrong = register(wrong, postcode);
        let proposed = read_register(wrong.as_bytes(), "r.csv", None).unwrap();
        let repair = proposed.repairs.iter().find(|repair| repair.provable).unwrap();
        assert_eq!(repair.examples.iter().map(|example| example.row).collect::<Vec<_>>(), proved);
        let repaired = read_register_with(wrong.as_bytes(), "r.csv", None, &[], &[RepairKind::Coordinates]).unwrap();
        let differing: Vec<u64> = repaired
            .entries
            .iter()
            .zip(&right.entries)
            .filter(|(a, b)| (a.latitude, a.longitude) != (b.latitude, b.longitude))
            .map(|(entry, _)| entry.row)
            .collect();
        assert_eq!(differing.len() + proved.len(), 3, "what is not proved stays as it is: {differing:?}");
    }
}

#[test]
fn points_abroad_are_not_moved_home() {
    let place = |at: u32| if at == 5 { (51.05, 3.7) } else { right_place(at) };
    for postcode in [right_postcode as fn(u32) -> &'static str, |_| ""] {
        let postcode = |at: u32| if at == 5 { "9000" } else { postcode(at) };
        let rows = register(place, postcode);
        let read = read_register_with(rows.as_bytes(), "r.csv", None, &[], &RepairKind::ALL).unwrap();
        assert!(read.applied.is_empty(), "{:#?}", read.applied);
    }
}

#[test]
fn the_real_registers_exchanged_coordinates_are_proved_and_lost_signs_without_postcode_reported() {
    let Some(bytes) = file("registers/ncr-2020-trimmed.csv") else { return };
    let right = read_register(&bytes, "r.csv", None).unwrap();
    let rows: Vec<(bool, u64)> = right.repairs.iter().map(|repair| (repair.provable, repair.rows)).collect();
    assert_eq!(rows, [(true, 175), (false, 3)]);
    let repaired = read_register_with(&bytes, "r.csv", None, &[], &[RepairKind::Coordinates]).unwrap();
    let mut moved = 0;
    for (before, after) in right.entries.iter().zip(&repaired.entries) {
        if (before.latitude, before.longitude) != (after.latitude, after.longitude) {
            moved += 1;
            assert_eq!((before.latitude, before.longitude), (after.longitude, after.latitude), "only exchanged");
            assert!(after.latitude.is_some_and(|latitude| (49.0..61.0).contains(&latitude)), "{after:?}");
        }
    }
    assert_eq!(moved, 175);
    for name in ["registers/dundee-charge-point-locations.csv", "registers/ncr-2018-london-subset.csv"] {
        let read = read_register(&file(name).unwrap(), "r.csv", None).unwrap();
        assert!(read.repairs.is_empty(), "{name}: {:#?}", read.repairs);
    }
}
