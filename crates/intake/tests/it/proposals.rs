//! Layouts that no profile knows: what is proposed must be right, and what is wrong must never be called certain.

use std::collections::BTreeMap;

use kerbwatt_intake::{
    Declared, Kind, NoRegister, Profile, Proposal, Refusal, SessionReturn, propose, read_register_with, read_sessions,
};
use kerbwatt_model::OperatorId;
use proptest::prelude::*;

use crate::declared;
use crate::invented::{Layout, truths, usual};
use crate::odd_layouts::{odd, published};
use crate::real_files::file as real;

fn found(proposal: &Proposal) -> BTreeMap<String, String> {
    let of = |column: &kerbwatt_intake::ProposedColumn| Some((column.field.clone()?, column.column.clone()));
    proposal.columns.iter().filter_map(of).collect()
}

const NEEDED: [&str; 8] =
    ["evse", "device", "plug_in", "plug_in_time", "plug_out", "plug_out_time", "duration", "energy"];

/// What is wrong with a proposal: fields that have another column than in truth.
fn wrong(layout: &Layout, proposal: &Proposal) -> Vec<String> {
    let truth = layout.truth();
    let is_wrong = |(field, column): &(String, String)| truth.get(field.as_str()) != Some(&column.as_str());
    let wrong = found(proposal).into_iter().filter(is_wrong);
    wrong.map(|(field, column)| format!("{}: {field} is not {column}", layout.name)).collect()
}

fn read(bytes: &[u8], propose: bool) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let declared = Declared { propose, ..declared(&operator) };
    read_sessions(bytes, &declared, &NoRegister)
}

#[test]
fn every_needed_column_of_a_usual_layout_is_found() {
    for layout in usual() {
        let proposal = propose(layout.file(120).as_bytes(), Kind::Sessions).unwrap();
        let found = found(&proposal);
        for (field, column) in layout.truth() {
            if NEEDED.contains(&field) {
                assert_eq!(found.get(field).map(String::as_str), Some(column), "{}: {proposal:#?}", layout.name);
            }
        }
        assert_eq!(wrong(&layout, &proposal), Vec::<String>::new(), "{proposal:#?}");
        let is_foreign = ["German with semicolons and decimal commas"].contains(&layout.name);
        assert_eq!(proposal.certain, !is_foreign, "{}: {:?}", layout.name, proposal.doubts);
    }
}

#[test]
fn a_usual_layout_is_read_as_it_is_meant() {
    for layout in usual() {
        let proposal = propose(layout.file(120).as_bytes(), Kind::Sessions).unwrap();
        let file = layout.file(120);
        let operator = OperatorId::parse("gb-tst").unwrap();
        let declared =
            Declared { profile: Some("proposed"), own: std::slice::from_ref(&proposal.profile), ..declared(&operator) };
        let read = read_sessions(file.as_bytes(), &declared, &NoRegister).unwrap();
        assert_eq!(read.totals.accepted, 120, "{}: {:?}", layout.name, read.quarantined.first());
        for (session, truth) in read.sessions.iter().zip(truths(120)) {
            assert!((session.energy_kwh - truth.kwh).abs() < 0.000_6, "{}: {session:?}", layout.name);
            assert!((session.plugged_s() - truth.minutes() * 60).abs() <= 60, "{}: {session:?}", layout.name);
            if let Some(fee) = session.fee_pence {
                assert!((fee - truth.pounds * 100.0).abs() < 0.01, "{}: {fee}", layout.name);
            }
        }
    }
}

#[test]
fn nothing_wrong_is_ever_certain() {
    let mut right = 0;
    let mut needed = 0;
    for layout in usual().into_iter().chain(odd()).chain(published()) {
        for rows in [1, 4, 12, 40, 120] {
            let proposal = propose(layout.file(rows).as_bytes(), Kind::Sessions).unwrap();
            let wrong = wrong(&layout, &proposal);
            assert!(!proposal.certain || wrong.is_empty(), "{rows} rows, {wrong:?}: {proposal:#?}");
            if rows == 120 {
                let found = found(&proposal);
                let columns = layout.truth().into_iter().filter(|(field, _)| NEEDED.contains(field));
                let hits: Vec<bool> =
                    columns.map(|(field, column)| found.get(field).is_some_and(|it| it == column)).collect();
                needed += hits.len();
                right += hits.iter().filter(|hit| **hit).count();
            }
        }
    }
    println!("{right} of {needed} needed columns are proposed right");
    assert!(right * 10 >= needed * 9, "{right} of {needed} needed columns");
}

#[test]
fn an_odd_layout_is_not_certain_and_says_why() {
    for layout in odd().into_iter().filter(|layout| layout.name != "euros") {
        let proposal = propose(layout.file(120).as_bytes(), Kind::Sessions).unwrap();
        assert!(!proposal.certain, "{}: {proposal:#?}", layout.name);
        assert!(proposal.doubts.iter().all(|doubt| doubt.ends_with('.')), "{:?}", proposal.doubts);
    }
}

#[test]
fn drivers_are_never_among_the_samples() {
    for layout in usual().into_iter().chain(odd()).chain(published()) {
        let proposal = propose(layout.file(120).as_bytes(), Kind::Sessions).unwrap();
        let samples: Vec<&String> = proposal.columns.iter().flat_map(|column| &column.samples).collect();
        let cards: Vec<String> = truths(120).into_iter().map(|truth| truth.card).collect();
        assert!(samples.iter().all(|sample| !cards.contains(sample)), "{}: {proposal:#?}", layout.name);
        assert!(proposal.columns.iter().all(|column| column.samples.len() <= 3));
    }
}

#[test]
fn a_return_is_read_with_a_proposal_only_if_asked_and_certain() {
    let layouts = usual();
    let file = layouts[1].file(60);
    let refused = read(file.as_bytes(), false).unwrap_err();
    assert!(matches!(&refused, Refusal::UnknownLayout { proposal: None, .. }), "{refused:?}");
    let read_all = read(file.as_bytes(), true).unwrap();
    assert_eq!((read_all.profile.name.as_str(), read_all.totals.accepted), ("proposed", 60));
    assert!(read_all.profile.confidence >= 0.8);
    assert!(read_all.profile.columns.iter().all(|column| column.why.is_some()));
    let refused = read(odd()[1].file(60).as_bytes(), true).unwrap_err();
    let Refusal::UnknownLayout { proposal: Some(proposal), .. } = refused else { unreachable!("{refused:?}") };
    assert!(!proposal.certain && !proposal.doubts.is_empty());
}

#[test]
fn a_proposal_can_be_kept_as_a_profile_and_used_again() {
    let layout = &usual()[6];
    let proposal = propose(layout.file(60).as_bytes(), Kind::Sessions).unwrap();
    let text = proposal.profile.to_toml().unwrap().replace("name = \"proposed\"", "name = \"acme\"");
    let own = Profile::from_toml("acme", &text).unwrap();
    let operator = OperatorId::parse("gb-tst").unwrap();
    let declared = Declared { own: &[own], ..declared(&operator) };
    let read = read_sessions(layout.file(200).as_bytes(), &declared, &NoRegister).unwrap();
    assert_eq!((read.profile.name.as_str(), read.totals.accepted), ("acme", 200));
    assert!((read.profile.confidence - 1.0).abs() < 1e-9, "every column is known");
}

#[test]
fn the_real_files_are_proposed_as_their_profiles_know_them() {
    let Some(bytes) = real("sessions/dundee-2018-06-to-09.csv") else { return };
    let dundee = propose(&bytes, Kind::Sessions).unwrap();
    let found_dundee = found(&dundee);
    for (field, column) in [
        ("session_id", "Charging event"),
        ("driver", "User ID"),
        ("device", "CP ID"),
        ("connector", "Connector"),
        ("plug_in", "Start Date"),
        ("plug_in_time", "Start Time"),
        ("plug_out", "End Date"),
        ("plug_out_time", "End Time"),
        ("energy", "Total kWh"),
    ] {
        assert_eq!(found_dundee.get(field).map(String::as_str), Some(column), "{dundee:#?}");
    }
    assert!(dundee.certain, "{:?}", dundee.doubts);
    let boulder = propose(&real("sessions/boulder-2018-to-2020.csv").unwrap(), Kind::Sessions).unwrap();
    assert!(!boulder.certain, "its dates have two orders: {boulder:#?}");
    assert_eq!(found(&boulder).get("energy").map(String::as_str), Some("Energy (kWh)"));
    let register = real("registers/dundee-charge-point-locations.csv").unwrap();
    let register = propose(&register, Kind::Register).unwrap();
    assert_eq!(found(&register).get("device").map(String::as_str), Some("CP ID"), "{register:#?}");
    assert_eq!(found(&register).get("latitude").map(String::as_str), Some("Latitude"));
}

#[test]
fn a_charge_point_that_is_called_a_socket_or_a_unit_is_proposed_and_never_certain() {
    let file = |name: &str, id: &dyn Fn(u32) -> String| {
        let row = |at: u32| {
            let (day, hour, kwh) = (13 + at / 9 % 15, 6 + at / 4 % 9, 4 + at % 23);
            format!(
                "{},{},{day}/03/2026 {hour:02}:0{},{day}/03/2026 {}:30,{kwh}.25\n",
                8000 + at,
                id(at),
                at % 9,
                hour + 1
            )
        };
        format!("Ref,{name},From,Until,Drawn kWh\n{}", (0..270).map(row).collect::<String>())
    };
    let ids: [(&str, &dyn Fn(u32) -> String); 3] = [
        ("Socket", &|at| format!("LP{:02}", at % 9)),
        ("Socket", &|at| format!("GB-CAM-{:04}-1", at % 9)),
        ("Unit", &|at| format!("CAM-{:04}", at % 9)),
    ];
    for (name, id) in ids {
        let proposal = propose(file(name, id).as_bytes(), Kind::Sessions).unwrap();
        assert_eq!(found(&proposal).get("device").map(String::as_str), Some(name), "{proposal:#?}");
        assert!(!proposal.certain && proposal.missing.is_empty());
    }
    // Two sockets of many points are none by themselves: vehicles would be there at once.
    let proposal = propose(file("Socket", &|at| (at % 2).to_string()).as_bytes(), Kind::Sessions).unwrap();
    assert_eq!(found(&proposal).get("connector").map(String::as_str), Some("Socket"), "{proposal:#?}");
}

/// A file of 240 sessions, of which each cell is made from the number of its row: start, end and energy are sensible.
fn made(header: &str, row: impl Fn(u32, [String; 2], f64) -> String) -> String {
    let at = |at: u32, minute: u32| format!("{}/05/2026 {:02}:{minute:02}", 13 + at / 12 % 15, 7 + at % 12);
    let line = |n: u32| row(n, [at(n, 5), at(n, 50)], 2.0 + f64::from(n * 7 % 31) / 4.0);
    std::iter::once(header.to_owned()).chain((0..240).map(line)).collect::<Vec<_>>().join("\n")
}

/// That a file is not read without asking, and says why.
fn is_asked(text: &str, why: &str) {
    let proposal = propose(text.as_bytes(), Kind::Sessions).unwrap();
    assert!(!proposal.certain, "{text:.200}");
    assert!(proposal.doubts.iter().any(|doubt| doubt.contains(why)), "{:?}", proposal.doubts);
}

#[test]
fn money_is_no_energy_and_what_may_be_money_or_no_use_is_asked() {
    let of = |name: &str| {
        made(&format!("Session ID,Charge Point,Start,End,{name}"), |n, [from, to], kwh| {
            format!("A{n},P{},{from},{to},{kwh}", n % 40)
        })
    };
    let plain = propose(of("Energy (kWh)").as_bytes(), Kind::Sessions).unwrap();
    assert!(plain.certain, "{:?}", plain.doubts);
    for name in ["Energy charges", "Usage charge", "Energy value", "Expected kWh", "Cumulative kWh", "Energy lost"] {
        is_asked(&of(name), name);
    }
    for name in ["Energy costs", "Energy sales", "Energy (kVAh)"] {
        is_asked(&of(name), "energy");
    }
    // The pound sign says what it is, whatever the header does.
    let pounds = made("Session ID,Charge Point,Start,End,Energy (kWh),Volume", |n, [from, to], kwh| {
        format!("A{n},P{},{from},{to},£{:.2},{kwh}", n % 40, kwh / 2.0)
    });
    let proposal = propose(pounds.as_bytes(), Kind::Sessions).unwrap();
    assert_ne!(found(&proposal).get("energy").map(String::as_str), Some("Energy (kWh)"), "{proposal:#?}");
    assert!(!proposal.certain);
}

#[test]
fn lengths_in_days_clocks_of_twelve_hours_and_numbers_of_each_site_are_asked() {
    let days = made("Session ID,Charge Point,Start,Duration,kWh", |n, [from, _], kwh| {
        format!("A{n},P{},{from},{:.6},{kwh}", n % 40, f64::from(60 + n % 200) / 1440.0)
    });
    is_asked(&days, "in days");
    let half = |at: &str| {
        let hour: u32 = at[11..13].parse().unwrap();
        format!("{}{:02}{}", &at[..11], (hour + 11) % 12 + 1, &at[13..])
    };
    let twelve = made("Session ID,Charge Point,Start,End,kWh", |n, [from, to], kwh| {
        format!("A{n},P{},{},{},{kwh}", n % 40, half(&from), half(&to))
    });
    is_asked(&twelve, "twelve hours");
    let named = made("Session ID,Charge Point,Start,End,kWh", |n, [from, to], kwh| {
        let of =
            |at: &str| format!("{} {}", half(at), if at[11..13].parse::<u32>().unwrap() < 12 { "AM" } else { "PM" });
        format!("A{n},P{},{},{},{kwh}", n % 40, of(&from), of(&to))
    });
    let named = propose(named.as_bytes(), Kind::Sessions).unwrap();
    assert!(named.certain, "{:?}", named.doubts);
    let sites = made("Session ID,Site,Charge Point,Start,End,kWh", |n, [from, to], kwh| {
        format!("A{n},Lane {},{},{from},{to},{kwh}", n % 20, n / 20 % 2 + 1)
    });
    is_asked(&sites, "numbered at each");
}

#[test]
fn a_number_that_counts_the_rows_is_no_energy() {
    let text = made("Ticket,Charge Point,Start,End,Juice", |n, [from, to], kwh| {
        format!("{},P{},{from},{to},{:.3}", n + 1, n % 40, kwh + f64::from(n) / 1000.0)
    });
    let proposal = propose(text.as_bytes(), Kind::Sessions).unwrap();
    assert_eq!(found(&proposal).get("energy").map(String::as_str), Some("Juice"), "{proposal:#?}");
}

#[test]
fn a_register_is_proposed_and_read() {
    let row = |at: u32| format!("CP-{at},Long Lane {at},E{at} 1AA,51.{at}5,-0.{at}2,{}\n", 7 + at);
    let rows: String = (1..9).map(row).collect();
    let file = format!("Charger ref,Location name,Post code,Lat,Long,Power (kW)\n{rows}");
    let proposal = propose(file.as_bytes(), Kind::Register).unwrap();
    assert!(proposal.certain, "{:?}", proposal.doubts);
    let read = read_register_with(file.as_bytes(), "r.csv", Some("proposed"), &[proposal.profile], &[]).unwrap();
    let first = &read.entries[0];
    assert_eq!((first.device.as_str(), first.rated_kw, first.latitude), ("CP-1", Some(8.0), Some(51.15)));
    assert_eq!(first.postcode.as_deref(), Some("E1 1AA"));
}

proptest! {
    #[test]
    fn any_bytes_are_proposed_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = (propose(&bytes, Kind::Sessions), propose(&bytes, Kind::Register));
    }

    #[test]
    fn damaged_files_are_proposed_or_refused(cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        let mut bytes = usual()[0].file(12).into_bytes();
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = propose(&bytes, Kind::Sessions);
    }
}

#[test]
fn of_two_lengths_that_of_charging_is_not_taken_for_the_stay_without_asking() {
    for name in ["Parking duration (min)", "Occupied minutes", "plugged_minutes"] {
        let text =
            made(&format!("Session ID,Charge Point,Start,{name},Charging duration (min),kWh"), |n, [from, _], kwh| {
                format!("A{n},P{},{from},{},{},{kwh}", n % 40, 80 + n % 90, 60 + n % 60)
            });
        let proposal = propose(text.as_bytes(), Kind::Sessions).unwrap();
        assert!(
            !proposal.certain || found(&proposal).get("duration").map(String::as_str) == Some(name),
            "{proposal:#?}"
        );
    }
}

#[test]
fn no_column_of_addresses_of_persons_is_proposed_for_anything() {
    let text = made("x,y,z,a,b", |n, [from, to], kwh| format!("A{n},user{}@mail.example,{from},{to},{kwh}", n % 40));
    for header_rows in [None, Some(0)] {
        let proposal = kerbwatt_intake::propose_with_header(text.as_bytes(), Kind::Sessions, header_rows).unwrap();
        let fields: Vec<_> = proposal.columns.iter().map(|column| column.field.as_deref()).collect();
        assert!(matches!(fields[1], None | Some("driver")), "{fields:?}");
        assert!(!format!("{proposal:?}").contains('@'));
    }
}
