//! Notations of moments, durations and energies that people and programs use, from the file to the session.

use kerbwatt_intake::{Kind, propose};
use kerbwatt_model::OperatorId;

use crate::invented::{Layout, at, truths};

fn layout(name: &'static str, columns: [(&'static str, crate::invented::Cell, &'static str); 4]) -> Layout {
    let columns = columns.into_iter().map(|(header, cell, field)| (header, cell, Some(field))).collect();
    Layout { name, delimiter: ",", columns }
}

/// Layouts of start and end, each with its own way of writing them.
fn moments() -> Vec<Layout> {
    let of = |name: &'static str, from: crate::invented::Cell, to: crate::invented::Cell| {
        layout(
            name,
            [
                ("Charger ID", |t| t.post.clone(), "device"),
                ("Start", from, "plug_in"),
                ("End", to, "plug_out"),
                ("Energy (kWh)", |t| t.kwh.to_string(), "energy"),
            ],
        )
    };
    vec![
        of("short months", |t| at("%d-%b-%Y %H:%M", t.from), |t| at("%d-%b-%Y %H:%M", t.to)),
        of("long months", |t| at("%d %B %Y %H:%M", t.from), |t| at("%d %B %Y %H:%M", t.to)),
        of("commas", |t| at("%d/%m/%Y, %H:%M:%S", t.from), |t| at("%d/%m/%Y, %H:%M:%S", t.to)),
        of("clocks with points", |t| at("%d.%m.%Y %H.%M", t.from), |t| at("%d.%m.%Y %H.%M", t.to)),
        of("eight and six digits", |t| at("%Y%m%d %H%M%S", t.from), |t| at("%Y%m%d %H%M%S", t.to)),
        of("fourteen digits", |t| at("%Y%m%d%H%M%S", t.from), |t| at("%Y%m%d%H%M%S", t.to)),
        of("BST behind", |t| at("%Y-%m-%d %H:%M:%S BST", t.from), |t| at("%Y-%m-%d %H:%M:%S BST", t.to)),
        of("BST behind, day first", |t| at("%d/%m/%Y %H:%M BST", t.from), |t| at("%d/%m/%Y %H:%M BST", t.to)),
        of("days of spreadsheets", |t| serial(t.from), |t| serial(t.to)),
    ]
}

fn serial(moment: jiff::civil::DateTime) -> String {
    let since = moment.duration_since(jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0));
    format!("{:.8}", since.as_secs() as f64 / 86_400.0)
}

/// Layouts of start and duration or of energies, each with its own way of writing them.
fn amounts() -> Vec<Layout> {
    let of = |name: &'static str, duration: crate::invented::Cell, energy: crate::invented::Cell| {
        layout(
            name,
            [
                ("Charger ID", |t| t.post.clone(), "device"),
                ("Start time", |t| at("%d/%m/%Y %H:%M", t.from), "plug_in"),
                ("Duration", duration, "duration"),
                ("Energy", energy, "energy"),
            ],
        )
    };
    vec![
        of("minutes in words", |t| format!("{} min", t.minutes()), |t| format!("{} kWh", t.kwh)),
        of("seconds in words", |t| format!("{} s", t.minutes() * 60), |t| format!("{} Wh", (t.kwh * 1000.0).round())),
        of("hours and minutes", |t| format!("{}h {}m", t.minutes() / 60, t.minutes() % 60), |t| t.kwh.to_string()),
        of("ISO 8601", |t| format!("PT{}H{}M", t.minutes() / 60, t.minutes() % 60), |t| t.kwh.to_string()),
        of(
            "days before a clock",
            |t| format!("0 days {:02}:{:02}:00", t.minutes() / 60, t.minutes() % 60),
            |t| t.kwh.to_string(),
        ),
    ]
}

#[test]
fn each_notation_is_proposed_without_doubt_and_read_to_the_minute() {
    for layout in moments().into_iter().chain(amounts()) {
        let file = layout.file(120);
        let proposal = propose(file.as_bytes(), Kind::Sessions).unwrap();
        assert!(proposal.certain, "{}: {:?}", layout.name, proposal.doubts);
        for (field, column) in layout.truth() {
            let of = |found: &&kerbwatt_intake::ProposedColumn| found.field.as_deref() == Some(field);
            let found = proposal.columns.iter().find(of).map(|found| found.column.as_str());
            assert_eq!(found, Some(column), "{}: {field}", layout.name);
        }
        let read = crate::read_by(file.as_bytes(), proposal.profile, &OperatorId::parse("gb-tst").unwrap());
        assert_eq!(read.totals.accepted, 120, "{}: {:?}", layout.name, read.quarantined.first());
        for (session, truth) in read.sessions.iter().zip(truths(120)) {
            assert_eq!(read.zone.civil(session.plug_in), truth.from, "{}", layout.name);
            assert_eq!(session.plugged_s(), truth.minutes() * 60, "{}", layout.name);
            assert!((session.energy_kwh - truth.kwh).abs() < 0.000_6, "{}: {session:?}", layout.name);
        }
    }
}

#[test]
fn a_number_is_a_date_only_where_the_header_and_the_sessions_say_so() {
    let meters = layout(
        "readings of a meter",
        [
            ("Charger ID", |t| t.post.clone(), "device"),
            ("Start", |t| format!("{:.1}", 45_000.0 + f64::from(t.from.day()) * 20.0), "-"),
            ("End", |t| format!("{:.1}", 45_000.0 + f64::from(t.from.day()) * 20.0 + t.kwh), "-"),
            ("kWh", |t| t.kwh.to_string(), "energy"),
        ],
    );
    let proposal = propose(meters.file(120).as_bytes(), Kind::Sessions).unwrap();
    assert!(!proposal.certain, "{proposal:#?}");
    let references = layout(
        "references",
        [
            ("Charger ID", |t| t.post.clone(), "device"),
            ("Reference", |t| serial(t.from), "-"),
            ("Value", |t| serial(t.to), "-"),
            ("kWh", |t| t.kwh.to_string(), "energy"),
        ],
    );
    let proposal = propose(references.file(120).as_bytes(), Kind::Sessions).unwrap();
    assert!(proposal.missing.contains(&"plug_in".to_owned()), "{proposal:#?}");
}

fn zoned(start: &'static str, end: &'static str) -> kerbwatt_intake::Proposal {
    let layout = layout(
        "zones",
        [
            ("Charger", |t| t.post.clone(), "device"),
            (start, |t| at("%d/%m/%Y %H:%M", t.from), "plug_in"),
            (end, |t| at("%d/%m/%Y %H:%M", t.to), "plug_out"),
            ("kWh", |t| t.kwh.to_string(), "energy"),
        ],
    );
    propose(layout.file(120).as_bytes(), Kind::Sessions).unwrap()
}

fn zone(proposal: &kerbwatt_intake::Proposal) -> String {
    serde_json::to_value(&proposal.profile).unwrap()["zone"].as_str().unwrap().to_owned()
}

#[test]
fn a_zone_that_headers_name_is_the_one_proposed_and_an_unclear_one_is_a_doubt() {
    for (start, end, name) in [
        ("Start", "End", "Europe/London"),
        ("Start (BST)", "End (BST)", "Europe/London"),
        ("Start (GMT)", "End (GMT)", "UTC"),
        ("Start (CET)", "End (CET)", "Europe/Paris"),
        ("Start (CEST)", "End (CEST)", "Europe/Paris"),
        ("Start (Paris)", "End (Paris)", "Europe/Paris"),
        ("Start (local time Berlin)", "End (local time Berlin)", "Europe/Berlin"),
        ("Start (UTC+2)", "End (UTC+2)", "Etc/GMT-2"),
    ] {
        let proposal = zoned(start, end);
        assert_eq!((zone(&proposal).as_str(), proposal.certain), (name, true), "{start}: {:?}", proposal.doubts);
    }
    for (start, end) in [("Start (EST)", "End (EST)"), ("Started UTC", "Ended local"), ("Started UTC", "Ended")] {
        let proposal = zoned(start, end);
        assert!(!proposal.certain, "{start} {end}");
        assert!(proposal.doubts.iter().any(|doubt| doubt.contains("clock")), "{:?}", proposal.doubts);
    }
}

#[test]
fn parking_is_the_stay_beside_which_charging_may_end_earlier() {
    for [start, end] in [["Parking Start", "Parking End"], ["Plug in", "Plug out"]] {
        let layout = Layout {
            name: "parking",
            delimiter: ",",
            columns: vec![
                ("Charger", |t| t.post.clone(), Some("device")),
                ("Charging Start", |t| at("%d/%m/%Y %H:%M", t.from), None),
                (
                    "Charging End",
                    |t| at("%d/%m/%Y %H:%M", t.from + jiff::SignedDuration::from_mins(t.charged_min)),
                    None,
                ),
                (start, |t| at("%d/%m/%Y %H:%M", t.from), Some("plug_in")),
                (end, |t| at("%d/%m/%Y %H:%M", t.to), Some("plug_out")),
                ("kWh", |t| t.kwh.to_string(), Some("energy")),
            ],
        };
        let proposal = propose(layout.file(120).as_bytes(), Kind::Sessions).unwrap();
        let column = |field: &str| {
            let found = proposal.columns.iter().find(|column| column.field.as_deref() == Some(field));
            found.map(|found| found.column.as_str())
        };
        let found = ["plug_in", "plug_out", "charging_end"].map(column);
        assert_eq!(found, [Some(start), Some(end), Some("Charging End")], "{:?}", proposal.doubts);
        assert!(proposal.certain, "{:?}", proposal.doubts);
    }
}
