//! Layouts that no profile knows: what is proposed must be right, and what is wrong must never be called certain.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, ToSpan};
use kerbwatt_intake::{
    Declared, Kind, NoRegister, Profile, Proposal, Refusal, SessionReturn, propose, read_register_with, read_sessions,
};
use kerbwatt_model::OperatorId;
use proptest::prelude::*;

use crate::real_files::file as real;

/// A session of which all layouts tell.
struct Truth {
    id: String,
    post: String,
    socket: u32,
    from: DateTime,
    to: DateTime,
    charged_min: i64,
    kwh: f64,
    pounds: f64,
    card: String,
}

impl Truth {
    fn minutes(&self) -> i64 {
        self.to.duration_since(self.from).as_mins()
    }
}

/// Sessions of two months in summer time at a few posts, without overlaps. The same in every run.
fn truths(count: u32) -> Vec<Truth> {
    let mut state = 20_240_402_u32;
    let mut next = move |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    let start = date(2024, 4, 2).at(6, 30, 0, 0);
    let of = |at: u32| {
        let minutes = i64::from(20 + next(400));
        let from = start + SignedDuration::from_mins(i64::from(at) * 700 + i64::from(next(180)));
        let charged_min = minutes - minutes * i64::from(next(40)) / 100;
        let kwh = f64::from(next(18_000) + 2_000) / 1000.0 * minutes as f64 / 240.0 + 0.512;
        let to = from + minutes.minutes();
        let card = format!("{:06}", 100_000 + next(30) * 7_919);
        Truth {
            id: (7_700_000 + at * 13).to_string(),
            post: format!("5{:04}", 100 + next(6)),
            socket: 1 + next(2),
            from,
            to,
            charged_min,
            kwh: (kwh * 1000.0).round() / 1000.0,
            pounds: (kwh * 35.0).round() / 100.0,
            card,
        }
    };
    (0..count).map(of).collect()
}

type Cell = fn(&Truth) -> String;

/// An invented layout: its headers, cells and the fields that they are, in order.
struct Layout {
    name: &'static str,
    delimiter: &'static str,
    columns: Vec<(&'static str, Cell, Option<&'static str>)>,
}

impl Layout {
    fn file(&self, rows: u32) -> String {
        let quoted = |cell: String| if cell.contains(self.delimiter) { format!("\"{cell}\"") } else { cell };
        let header: Vec<String> = self.columns.iter().map(|(name, ..)| quoted((*name).to_owned())).collect();
        let row = |truth: &Truth| {
            let cells: Vec<String> = self.columns.iter().map(|(_, cell, _)| quoted(cell(truth))).collect();
            cells.join(self.delimiter)
        };
        let rows: Vec<String> = truths(rows).iter().map(row).collect();
        format!("{}\n{}\n", header.join(self.delimiter), rows.join("\n"))
    }

    fn truth(&self) -> BTreeMap<&str, &str> {
        self.columns.iter().filter_map(|(name, _, field)| Some((field.as_ref().copied()?, *name))).collect()
    }
}

fn found(proposal: &Proposal) -> BTreeMap<String, String> {
    let of = |column: &kerbwatt_intake::ProposedColumn| Some((column.field.clone()?, column.column.clone()));
    proposal.columns.iter().filter_map(of).collect()
}

fn at(format: &'static str, moment: DateTime) -> String {
    moment.strftime(format).to_string()
}

const NEEDED: [&str; 8] =
    ["evse", "device", "plug_in", "plug_in_time", "plug_out", "plug_out_time", "duration", "energy"];

/// Layouts in words that the proposal may know, in many ways of writing.
fn usual() -> Vec<Layout> {
    vec![
        Layout {
            name: "split dates with the month first",
            delimiter: ",",
            columns: vec![
                ("Charger ID", |t| t.post.clone(), Some("device")),
                ("Session Start Date", |t| at("%-m/%-d/%Y", t.from), Some("plug_in")),
                ("Session Start Time", |t| at("%-I:%M %p", t.from), Some("plug_in_time")),
                ("Session End Date", |t| at("%-m/%-d/%Y", t.to), Some("plug_out")),
                ("Session End Time", |t| at("%-I:%M %p", t.to), Some("plug_out_time")),
                ("Energy Dispensed (kWh)", |t| t.kwh.to_string(), Some("energy")),
                ("Port Type", |_| "Level 2".into(), None),
            ],
        },
        Layout {
            name: "watt-hours and seconds since 1970",
            delimiter: ",",
            columns: vec![
                ("transaction_id", |t| t.id.clone(), Some("session_id")),
                ("charge_point", |t| t.post.clone(), Some("device")),
                ("connector_id", |t| t.socket.to_string(), Some("connector")),
                ("started", |t| epoch(t.from).to_string(), Some("plug_in")),
                ("stopped", |t| epoch(t.to).to_string(), Some("plug_out")),
                ("energy_wh", |t| (t.kwh * 1000.0).round().to_string(), Some("energy")),
                ("meter_start", |_| "1200345".into(), None),
                ("id_tag", |t| t.card.clone(), Some("driver")),
            ],
        },
        Layout {
            name: "milliseconds since 1970, no unit of energy",
            delimiter: "\t",
            columns: vec![
                ("evseId", |t| format!("GB*ABC*E{}*{}", t.post, t.socket), Some("evse")),
                ("startTs", |t| (epoch(t.from) * 1000).to_string(), Some("plug_in")),
                ("endTs", |t| (epoch(t.to) * 1000).to_string(), Some("plug_out")),
                ("totalEnergy", |t| t.kwh.to_string(), Some("energy")),
                ("token", |t| t.card.clone(), Some("driver")),
            ],
        },
        Layout {
            name: "German with semicolons and decimal commas",
            delimiter: ";",
            columns: vec![
                ("Ladevorgang Nr.", |t| t.id.clone(), Some("session_id")),
                ("Ladesäule", |t| t.post.clone(), Some("device")),
                ("Anschluss", |t| t.socket.to_string(), Some("connector")),
                ("Beginn", |t| at("%d.%m.%Y %H:%M", t.from), Some("plug_in")),
                ("Ende", |t| at("%d.%m.%Y %H:%M", t.to), Some("plug_out")),
                ("Energie (kWh)", |t| t.kwh.to_string().replace('.', ","), Some("energy")),
                ("Kartennummer", |t| t.card.clone(), Some("driver")),
                ("Standort", |_| "Parkhaus Mitte".into(), None),
            ],
        },
        Layout {
            name: "French, watt-hours, ISO with offset",
            delimiter: ";",
            columns: vec![
                ("Identifiant de la session", |t| t.id.clone(), Some("session_id")),
                ("Borne", |t| t.post.clone(), Some("device")),
                ("Début de charge", |t| at("%Y-%m-%dT%H:%M:%S+01:00", t.from), Some("plug_in")),
                ("Fin de charge", |t| at("%Y-%m-%dT%H:%M:%S+01:00", t.to), Some("plug_out")),
                ("Énergie délivrée (Wh)", |t| (t.kwh * 1000.0).round().to_string(), Some("energy")),
                ("Carte", |t| t.card.clone(), Some("driver")),
            ],
        },
        Layout {
            name: "duration in seconds and no end",
            delimiter: ",",
            columns: vec![
                ("EVSE UID", |t| format!("{}-{}", t.post, t.socket), Some("evse")),
                ("Plug in", |t| at("%d/%m/%Y %H:%M:%S", t.from), Some("plug_in")),
                ("Duration (s)", |t| (t.minutes() * 60).to_string(), Some("duration")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
                ("Cost (£)", |t| format!("{:.2}", t.pounds), Some("fee")),
            ],
        },
        Layout {
            name: "duration as a clock, junk between",
            delimiter: ",",
            columns: vec![
                ("Row", |_| "x".into(), None),
                ("Site", |_| "Long Lane car park".into(), None),
                ("CP", |t| t.post.clone(), Some("device")),
                ("Socket", |t| t.socket.to_string(), Some("connector")),
                ("Postcode", |_| "E1 1AA".into(), None),
                ("Start", |t| at("%Y-%m-%d %H:%M:%S", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%d %H:%M:%S", t.to), Some("plug_out")),
                ("Duration", |t| format!("{:02}:{:02}:00", t.minutes() / 60, t.minutes() % 60), Some("duration")),
                (
                    "Charging duration",
                    |t| format!("{:02}:{:02}:00", t.charged_min / 60, t.charged_min % 60),
                    Some("charging_duration"),
                ),
                ("Max power (kW)", |_| "22".into(), None),
                ("Consumption", |t| t.kwh.to_string(), Some("energy")),
                ("CO2 saved (kg)", |t| (t.kwh * 0.4).to_string(), None),
                ("Price (pence)", |t| (t.pounds * 100.0).round().to_string(), Some("fee")),
            ],
        },
        Layout {
            name: "two-digit years, day first",
            delimiter: ",",
            columns: vec![
                ("Charge point ID", |t| t.post.clone(), Some("device")),
                ("Start Date", |t| at("%d-%m-%y", t.from), Some("plug_in")),
                ("Start Time", |t| at("%H:%M", t.from), Some("plug_in_time")),
                ("End Date", |t| at("%d-%m-%y", t.to), Some("plug_out")),
                ("End Time", |t| at("%H:%M", t.to), Some("plug_out_time")),
                ("Total kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "UTC in the headers, charging end beside the end",
            delimiter: "|",
            columns: vec![
                ("SessionID", |t| t.id.clone(), Some("session_id")),
                ("Charge Point", |t| t.post.clone(), Some("device")),
                ("Plug In (UTC)", |t| at("%Y-%m-%d %H:%M", t.from), Some("plug_in")),
                ("Plug Out (UTC)", |t| at("%Y-%m-%d %H:%M", t.to), Some("plug_out")),
                (
                    "Charging End (UTC)",
                    |t| at("%Y-%m-%d %H:%M", t.from + t.charged_min.minutes()),
                    Some("charging_end"),
                ),
                ("Energy (kWh)", |t| t.kwh.to_string(), Some("energy")),
                ("Driver Postal Code", |_| "SE1".into(), None),
                ("RFID", |t| t.card.clone(), Some("driver")),
            ],
        },
        Layout {
            name: "dates of JavaScript",
            delimiter: ",",
            columns: vec![
                ("charger", |t| t.post.clone(), Some("device")),
                ("connectedAt", |t| at("%a %b %d %Y %H:%M:%S GMT+0000 (GMT)", t.from), Some("plug_in")),
                ("disconnectedAt", |t| at("%a %b %d %Y %H:%M:%S GMT+0000 (GMT)", t.to), Some("plug_out")),
                ("kwhDelivered", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "dates of mail, hours of duration",
            delimiter: ",",
            columns: vec![
                ("Device", |t| t.post.clone(), Some("device")),
                ("Begin", |t| at("%a, %d %b %Y %H:%M:%S GMT", t.from), Some("plug_in")),
                ("Finish", |t| at("%a, %d %b %Y %H:%M:%S GMT", t.to), Some("plug_out")),
                ("Length (hours)", |t| format!("{:.4}", t.minutes() as f64 / 60.0), Some("duration")),
                ("Energy", |t| t.kwh.to_string(), Some("energy")),
                ("Customer", |t| t.card.clone(), Some("driver")),
            ],
        },
        Layout {
            name: "numbers in reverse order of columns",
            delimiter: ";",
            columns: vec![
                ("Amount", |t| format!("{:.2}", t.pounds), Some("fee")),
                ("Usage (kWh)", |t| t.kwh.to_string(), Some("energy")),
                ("Disconnected", |t| at("%d/%m/%Y %H:%M", t.to), Some("plug_out")),
                ("Connected", |t| at("%d/%m/%Y %H:%M", t.from), Some("plug_in")),
                ("Station ID", |t| t.post.clone(), Some("device")),
                ("Member card", |t| t.card.clone(), Some("driver")),
            ],
        },
    ]
}

/// Layouts with words that are in no list, or that mislead.
fn odd() -> Vec<Layout> {
    vec![
        Layout {
            name: "Polish",
            delimiter: ";",
            columns: vec![
                ("Stacja", |t| t.post.clone(), Some("device")),
                ("Rozpoczęcie", |t| at("%Y-%m-%d %H:%M", t.from), Some("plug_in")),
                ("Zakończenie", |t| at("%Y-%m-%d %H:%M", t.to), Some("plug_out")),
                ("Pobrano", |t| t.kwh.to_string().replace('.', ","), Some("energy")),
                ("Użytkownik", |t| t.card.clone(), None),
            ],
        },
        Layout {
            name: "letters for headers",
            delimiter: ",",
            columns: vec![
                ("A", |t| t.card.clone(), None),
                ("B", |t| t.post.clone(), Some("device")),
                ("C", |t| at("%d/%m/%Y %H:%M", t.to), Some("plug_out")),
                ("D", |t| at("%d/%m/%Y %H:%M", t.from), Some("plug_in")),
                ("E", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "two energies",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("Energy A (kWh)", |t| t.kwh.to_string(), Some("energy")),
                ("Energy B (kWh)", |t| (t.kwh * 1.3).to_string(), None),
            ],
        },
        Layout {
            name: "headers of start and end swapped",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "watt-hours called kilowatt-hours",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("kWh", |t| (t.kwh * 1000.0).round().to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "only days up to the twelfth",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                (
                    "Start",
                    |t| at("%d/03/%Y %H:%M", t.from.with().day(t.from.day() % 12 + 1).build().unwrap()),
                    Some("plug_in"),
                ),
                ("Minutes", |t| t.minutes().to_string(), Some("duration")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "years of two digits in front",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%y-%m-%d %H:%M", t.from), Some("plug_in")),
                ("End", |t| at("%y-%m-%d %H:%M", t.to), Some("plug_out")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "created and exported, but no start",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Created at", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), None),
                ("Exported at", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to + 3.hours()), None),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "meter readings instead of energy",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("Meter start (kWh)", |t| (1200.0 + f64::from(t.from.day())).to_string(), None),
                ("Meter stop (kWh)", |t| (1200.0 + f64::from(t.from.day()) + t.kwh).to_string(), None),
            ],
        },
        Layout {
            name: "a card number where a charger is expected",
            delimiter: ",",
            columns: vec![
                ("Post code", |_| "E1 1AA".into(), None),
                ("Membre", |t| t.card.clone(), None),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
        Layout {
            name: "euros",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Start", |t| at("%Y-%m-%dT%H:%M:%SZ", t.from), Some("plug_in")),
                ("End", |t| at("%Y-%m-%dT%H:%M:%SZ", t.to), Some("plug_out")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
                ("Amount", |t| format!("{:.2}", t.pounds), None),
                ("Currency", |_| "EUR".into(), None),
            ],
        },
        Layout {
            name: "one date for start and end",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Date", |t| at("%d/%m/%Y", t.from), Some("plug_in")),
                ("Start time", |t| at("%H:%M", t.from), Some("plug_in_time")),
                ("End time", |t| at("%H:%M", t.to), Some("plug_out_time")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        },
    ]
}

fn epoch(moment: DateTime) -> i64 {
    jiff::tz::TimeZone::UTC.to_timestamp(moment).unwrap().as_second()
}

/// What is wrong with a proposal: fields that have another column than in truth.
fn wrong(layout: &Layout, proposal: &Proposal) -> Vec<String> {
    let truth = layout.truth();
    let is_wrong = |(field, column): &(String, String)| truth.get(field.as_str()) != Some(&column.as_str());
    let wrong = found(proposal).into_iter().filter(is_wrong);
    wrong.map(|(field, column)| format!("{}: {field} is not {column}", layout.name)).collect()
}

fn read(bytes: &[u8], propose: bool) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let (file_name, hub_key) = ("f.csv", &[7; 32]);
    let declared = Declared { file_name, profile: None, own: &[], propose, period: None, operator: &operator, hub_key };
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
        let declared = Declared {
            file_name: "f.csv",
            profile: Some("proposed"),
            own: std::slice::from_ref(&proposal.profile),
            propose: false,
            period: None,
            operator: &operator,
            hub_key: &[7; 32],
        };
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
    for layout in usual().into_iter().chain(odd()) {
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
    for layout in usual().into_iter().chain(odd()) {
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
    assert_eq!(serde_json::to_value(&proposal).unwrap()["profile"]["kind"], "sessions");
}

#[test]
fn a_proposal_can_be_kept_as_a_profile_and_used_again() {
    let layout = &usual()[6];
    let proposal = propose(layout.file(60).as_bytes(), Kind::Sessions).unwrap();
    let text = proposal.profile.to_toml().unwrap().replace("name = \"proposed\"", "name = \"acme\"");
    let own = Profile::from_toml("acme", &text).unwrap();
    let operator = OperatorId::parse("gb-tst").unwrap();
    let (file_name, hub_key, own) = ("f.csv", &[7; 32], &[own][..]);
    let declared =
        Declared { file_name, profile: None, own, propose: false, period: None, operator: &operator, hub_key };
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
fn a_register_is_proposed_and_read() {
    let row = |at: u32| format!("CP-{at},Long Lane {at},E{at} 1AA,51.{at}5,-0.{at}2,{}\n", 7 + at);
    let rows: String = (1..9).map(row).collect();
    let file = format!("Charger ref,Location name,Post code,Lat,Long,Power (kW)\n{rows}");
    let proposal = propose(file.as_bytes(), Kind::Register).unwrap();
    assert!(proposal.certain, "{:?}", proposal.doubts);
    let read = read_register_with(file.as_bytes(), "r.csv", Some("proposed"), &[proposal.profile]).unwrap();
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
