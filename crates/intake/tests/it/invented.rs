//! Layouts invented for tests, of sessions whose truth is known.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, ToSpan};

/// A session of which all layouts tell.
pub(crate) struct Truth {
    pub(crate) id: String,
    pub(crate) post: String,
    pub(crate) socket: u32,
    pub(crate) from: DateTime,
    pub(crate) to: DateTime,
    pub(crate) charged_min: i64,
    pub(crate) kwh: f64,
    pub(crate) pounds: f64,
    pub(crate) card: String,
}

impl Truth {
    pub(crate) fn minutes(&self) -> i64 {
        self.to.duration_since(self.from).as_mins()
    }
}

/// Sessions of two months in summer time at a few posts, without overlaps. The same in every run.
pub(crate) fn truths(count: u32) -> Vec<Truth> {
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

pub(crate) type Cell = fn(&Truth) -> String;

/// An invented layout: its headers, cells and the fields that they are, in order.
pub(crate) struct Layout {
    pub(crate) name: &'static str,
    pub(crate) delimiter: &'static str,
    pub(crate) columns: Vec<(&'static str, Cell, Option<&'static str>)>,
}

impl Layout {
    pub(crate) fn file(&self, rows: u32) -> String {
        let quoted = |cell: String| if cell.contains(self.delimiter) { format!("\"{cell}\"") } else { cell };
        let header: Vec<String> = self.columns.iter().map(|(name, ..)| quoted((*name).to_owned())).collect();
        let row = |truth: &Truth| {
            let cells: Vec<String> = self.columns.iter().map(|(_, cell, _)| quoted(cell(truth))).collect();
            cells.join(self.delimiter)
        };
        let rows: Vec<String> = truths(rows).iter().map(row).collect();
        format!("{}\n{}\n", header.join(self.delimiter), rows.join("\n"))
    }

    pub(crate) fn truth(&self) -> BTreeMap<&str, &str> {
        self.columns.iter().filter_map(|(name, _, field)| Some((field.as_ref().copied()?, *name))).collect()
    }
}

pub(crate) fn at(format: &'static str, moment: DateTime) -> String {
    moment.strftime(format).to_string()
}

/// Layouts in words that the proposal may know, in many ways of writing.
pub(crate) fn usual() -> Vec<Layout> {
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

pub(crate) fn epoch(moment: DateTime) -> i64 {
    jiff::tz::TimeZone::UTC.to_timestamp(moment).unwrap().as_second()
}
