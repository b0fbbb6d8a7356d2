//! Charge points outside the hub's areas.

use std::collections::HashMap;

use kerbwatt_intake::{Coordinates, KnownEvse, KnownPlace, Register, SessionReturn, Severity, read_sessions};
use kerbwatt_model::{Flag, OperatorId};

use crate::declared;

struct Places(HashMap<&'static str, KnownPlace>);

impl Register for Places {
    fn evse(&self, uid: &str, _device: &str) -> Option<KnownEvse> {
        self.0.get(uid).map(|place| KnownEvse { place: *place, ..KnownEvse::default() })
    }

    fn is_empty(&self) -> bool {
        false
    }
}

/// 60 rows over three charge points.
fn read(places: &[(&'static str, KnownPlace)]) -> SessionReturn {
    let mut text = "session_id,evse,plug_in,plug_out,energy_kwh\n".to_owned();
    for row in 0..60 {
        let day = 1 + row / 3;
        text += &format!("s{row},E{},2024-05-{day:02}T08:00:00Z,2024-05-{day:02}T09:00:00Z,5\n", row % 3);
    }
    let operator = OperatorId::parse("gb-tst").unwrap();
    read_sessions(text.as_bytes(), &declared(&operator), &Places(places.iter().copied().collect())).unwrap()
}

const SEA: Coordinates = Coordinates { latitude: 0.127, longitude: 51.507 };
const DUNDEE: Coordinates = Coordinates { latitude: 56.462, longitude: -2.9707 };

#[test]
fn rows_at_a_charge_point_outside_are_flagged_and_the_others_are_not() {
    let outside = KnownPlace::Outside(SEA);
    let read = read(&[("E0", KnownPlace::Inside), ("E1", outside), ("E2", KnownPlace::Unknown)]);
    let finding = read.findings.iter().find(|finding| finding.rule == "outside_area").unwrap();
    assert_eq!((finding.count, finding.severity), (20, Severity::Warning));
    assert_eq!(
        (finding.examples[0].column.as_str(), finding.examples[0].value.as_str()),
        ("evse", "E1 at 0.12700, 51.50700")
    );
    assert!(read.sessions.iter().all(|session| session.has(Flag::OutsideArea) == (session.evse == "E1")));
    assert_eq!(read.totals.flagged, 20);
}

#[test]
fn a_hub_without_areas_there_says_so_once_and_flags_nothing() {
    let there = KnownPlace::WithoutAreas(DUNDEE);
    let read = read(&[("E0", there), ("E1", there), ("E2", there)]);
    assert_eq!(read.findings.len(), 1);
    let finding = &read.findings[0];
    assert_eq!((finding.rule, finding.count, finding.severity), ("no_areas_there", 60, Severity::Info));
    assert_eq!(finding.examples.len(), 5, "a report stays readable");
    assert_eq!((read.totals.flagged, read.totals.accepted), (0, 60));
    assert!(read.sessions.iter().all(|session| session.flags == 0));
}
