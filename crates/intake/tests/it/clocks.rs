//! Clocks on UTC labelled as local, told by another source: never found in a right file, whatever stands beside its times and
//! whatever was sent before; and where they are found, every instant comes back.

use std::fmt::Write as _;

use jiff::Timestamp;
use kerbwatt_intake::{
    Declared, NoRegister, Overlap, Profile, Repair, RepairKind, SessionReturn, TimedSession, read_sessions,
};
use kerbwatt_model::{OperatorId, Session, Zone};
use proptest::prelude::*;

use crate::declared;

const PROFILE: &str = "kind='sessions'\ntimes='year_first'\nzone='Europe/London'\nignored=['other']\n\
    [columns]\nsession_id='id'\nevse='cp'\nplug_in='start'\nplug_out='end'\nenergy='kwh'\nduration='minutes'";

/// A session as it was.
#[derive(Debug, Clone, Copy)]
struct True {
    from: i64,
    length: i64,
    cp: u8,
    energy: u32,
}

/// 1 January 2018, UTC.
const FIRST: i64 = 1_514_764_800;
const DAY: i64 = 86_400;

/// What stands in the last column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Other {
    Nothing,
    Words,
    Utc,
    UtcWithZ,
    UtcOfEnd,
    Local,
    LocalOfEnd,
    LocalWithOffset,
    /// The digits of the file's own clock with a `Z`, whatever that clock is.
    OwnWithZ,
    Own,
    OwnHourLater,
    SoonAfter,
    NextMorning,
}

const OTHERS: [Other; 13] = [
    Other::Nothing,
    Other::Words,
    Other::Utc,
    Other::UtcWithZ,
    Other::UtcOfEnd,
    Other::Local,
    Other::LocalOfEnd,
    Other::LocalWithOffset,
    Other::OwnWithZ,
    Other::Own,
    Other::OwnHourLater,
    Other::SoonAfter,
    Other::NextMorning,
];

fn instant(at: i64) -> Timestamp {
    Timestamp::from_second(at).unwrap()
}

/// As a clock on the wall of London shows it, or one on UTC.
fn shown(at: i64, is_utc: bool) -> String {
    let zone = if is_utc { Zone::named("UTC").unwrap() } else { Zone::london() };
    zone.civil(instant(at)).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn other(of: &True, kind: Other, is_utc: bool) -> String {
    let end = of.from + of.length;
    match kind {
        Other::Nothing => String::new(),
        Other::Words => format!("card {}", of.cp),
        Other::Utc => shown(of.from, true),
        Other::UtcWithZ => shown(of.from, true) + "Z",
        Other::UtcOfEnd => shown(end, true),
        Other::Local => shown(of.from, false),
        Other::LocalOfEnd => shown(end, false),
        Other::LocalWithOffset => {
            let hours = Zone::london().offset_s(of.from) / 3600;
            format!("{}+{hours:02}:00", shown(of.from, false))
        }
        Other::OwnWithZ => shown(of.from, is_utc) + "Z",
        Other::Own => shown(of.from, is_utc),
        Other::OwnHourLater => shown(of.from + 3600, is_utc),
        Other::SoonAfter => shown(of.from + of.length % 977, is_utc),
        Other::NextMorning => shown((of.from / DAY + 1) * DAY + 7 * 3600, is_utc),
    }
}

/// The file as an operator sends it, on local time as its layout says, or on UTC.
fn file(sessions: &[True], kind: Other, is_utc: bool, named: bool) -> String {
    let mut text = "id,cp,start,end,kwh,other,minutes\n".to_owned();
    for (row, one) in sessions.iter().enumerate() {
        let id = if named { format!("s{row}") } else { String::new() };
        let (from, to) = (shown(one.from, is_utc), shown(one.from + one.length, is_utc));
        let kwh = f64::from(one.energy) / 100.0;
        writeln!(text, "{id},P{},{from},{to},{kwh},{},", one.cp, other(one, kind, is_utc)).unwrap();
    }
    text
}

/// The same file with a duration in each row: the end less the start, as a spreadsheet makes it of what the clocks show; and with sessions
/// more that start in the hour which the clocks of London did not show, as points have them whose clock is put forward late.
fn with_durations(text: &str, late: u32) -> String {
    let civil = |cell: &str| cell.parse::<jiff::civil::DateTime>().unwrap();
    let minutes =
        |from: &str, to: &str| (civil(to).duration_since(civil(from)).as_secs_f64() / 60.0 * 100.0).round() / 100.0;
    let mut lines = text.lines();
    let mut with = lines.next().unwrap().to_owned() + "\n";
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        writeln!(with, "{line}{}", minutes(cells[2], cells[3])).unwrap();
    }
    for at in 0..late {
        let (from, to) = (format!("2018-03-25 01:{:02}:00", at * 7 % 60), format!("2018-03-25 04:{:02}:00", at % 60));
        writeln!(with, "late{at},P{},{from},{to},7.5,,{}", 200 + at, minutes(&from, &to)).unwrap();
    }
    with
}

fn read(text: &str, repairs: &[RepairKind], overlap: Option<&Overlap>) -> SessionReturn {
    let own = [Profile::from_toml("p", PROFILE).unwrap()];
    let operator = OperatorId::parse("gb-tst").unwrap();
    let declared = Declared { profile: Some("p"), own: &own, repairs, overlap, ..declared(&operator) };
    read_sessions(text.as_bytes(), &declared, &NoRegister).unwrap()
}

fn of_clocks(repairs: &[Repair]) -> Option<&Repair> {
    repairs.iter().find(|repair| repair.kind == RepairKind::MislabelledZone)
}

fn timed(session: Session<'_>, is_local: bool, by: impl Fn(i64) -> i64) -> TimedSession<'_> {
    let moved = |at: Timestamp| instant(at.as_second() + by(at.as_second()));
    TimedSession {
        id: Some(session.session_id).filter(|id| !id.starts_with("h:")),
        evse: session.evse.strip_prefix('P').and_then(|number| number.parse().ok()),
        plug_in: moved(session.plug_in),
        plug_out: moved(session.plug_out),
        energy_kwh: session.energy_kwh,
        is_local,
    }
}

/// What was sent before a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Right,
    /// Clocks on UTC labelled as local, and nobody noticed.
    UtcAsLocal,
    /// Local time labelled as UTC, and nobody noticed.
    LocalAsUtc,
    /// Other sessions under the same ids.
    IdsUsedAgain,
}

const BEFORES: [Before; 5] =
    [Before::Nothing, Before::Right, Before::UtcAsLocal, Before::LocalAsUtc, Before::IdsUsedAgain];

/// Compares a return, as it is read first, with the truth as it was sent before.
fn overlap(now: &SessionReturn, truth: &SessionReturn, before: Before) -> Option<Overlap> {
    let london = Zone::london();
    let of = |session| match before {
        Before::Nothing | Before::Right => timed(session, true, |_| 0),
        Before::UtcAsLocal => timed(session, true, |at| -london.offset_s(at)),
        Before::LocalAsUtc => timed(session, false, |at| london.offset_s(at)),
        Before::IdsUsedAgain => timed(session, true, |_| 9 * DAY + 500),
    };
    let earlier: Vec<_> = truth.sessions.iter().map(of).collect();
    let own: Vec<_> = now.sessions.iter().map(|session| timed(session, true, |_| 0)).collect();
    (before != Before::Nothing).then(|| Overlap::of(&own, &earlier, &london))
}

fn sessions(least: usize) -> impl Strategy<Value = Vec<True>> {
    // Whole years, a summer, a winter, the weeks around a change of the clocks.
    let spans = prop_oneof![Just((0, 700)), Just((120, 90)), Just((310, 60)), Just((75, 20)), Just((290, 20))];
    (spans, any::<bool>()).prop_flat_map(move |((first, days), whole)| {
        let second = if whole { 60i64 } else { 1 };
        let one = (0..days * DAY / second, 1i64..40_000, 0u8..30, 1u32..6_000);
        let session = move |(at, length, cp, energy): (i64, i64, u8, u32)| True {
            from: FIRST + first * DAY + at * second,
            length: length / second.min(60) * second + 60,
            cp,
            energy,
        };
        prop::collection::vec(one.prop_map(session), least..400)
    })
}

/// Sessions of a year, evenly, away from the nights in which the clocks change.
fn of_a_year(seed: i64, rows: i64) -> Vec<True> {
    let session = |row: i64| True {
        from: FIRST + row * 363 * DAY / rows + (row * 7919 + seed) % 1800,
        length: 1_200 + (row * 577 + seed) % 9_000,
        cp: u8::try_from((row + seed) % 23).unwrap(),
        energy: u32::try_from(300 + (row * 131 + seed) % 4_000).unwrap(),
    };
    (0..rows).map(session).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_right_file_is_never_put_on_utc(
        sessions in sessions(1), kind in 0..OTHERS.len(), before in 0..BEFORES.len(), named in any::<bool>(),
        late in prop::option::of(0u32..8),
    ) {
        let text = file(&sessions, OTHERS[kind], false, named);
        let text = late.map_or_else(|| text.clone(), |late| with_durations(&text, late));
        let plain = read(&text, &[], None);
        let overlap = overlap(&plain, &plain, BEFORES[before]);
        let found = read(&text, &[RepairKind::MislabelledZone], overlap.as_ref());
        prop_assert!(found.applied.is_empty(), "{:?} {:?}: {:#?}", OTHERS[kind], BEFORES[before], found.applied);
        prop_assert!(of_clocks(&found.repairs).is_none_or(|repair| !repair.provable));
    }

    #[test]
    fn a_clock_on_utc_that_another_column_tells_comes_back_row_by_row(
        seed in 0i64..1_000_000, rows in 150i64..400, kind in 0usize..3, named in any::<bool>(),
    ) {
        let truth = of_a_year(seed, rows);
        let kind = [Other::Local, Other::LocalOfEnd, Other::LocalWithOffset][kind];
        let read = read(&file(&truth, kind, true, named), &[RepairKind::MislabelledZone], None);
        prop_assert!(of_clocks(&read.applied).is_some(), "{kind:?}");
        for (session, one) in read.sessions.iter().zip(&truth) {
            prop_assert_eq!((session.plug_in.as_second(), session.plugged_s()), (one.from, one.length));
        }
    }

    #[test]
    fn a_clock_on_utc_that_an_earlier_return_tells_comes_back_row_by_row(
        seed in 0i64..1_000_000, rows in 150i64..400, named in any::<bool>(), kind in 0..OTHERS.len(),
    ) {
        let truth = of_a_year(seed, rows);
        let right = read(&file(&truth, Other::Nothing, false, named), &[], None);
        // Whatever else stands in the file, unless it says that the clock is local.
        let kind = if OTHERS[kind] == Other::OwnWithZ { Other::Own } else { OTHERS[kind] };
        let text = file(&truth, kind, true, named);
        let overlap = overlap(&read(&text, &[], None), &right, Before::Right);
        let read = read(&text, &[RepairKind::MislabelledZone], overlap.as_ref());
        prop_assert!(of_clocks(&read.applied).is_some(), "{overlap:?}");
        for (session, one) in read.sessions.iter().zip(&truth) {
            prop_assert_eq!((session.plug_in.as_second(), session.plugged_s()), (one.from, one.length));
        }
    }
}

/// Stays over the night of the change, and others.
fn around_a_change(rows: i64) -> Vec<True> {
    let night = FIRST + 83 * DAY;
    let session = |row: i64| True {
        from: if row % 2 == 0 { night - 3600 - row * 60 } else { night + (row - 60) * 7 * 3600 },
        length: 6 * 3600 + row * 60,
        cp: u8::try_from(row % 30).unwrap(),
        energy: u32::try_from(900 + row * 31 % 3_000).unwrap(),
    };
    (0..rows).map(session).collect()
}

#[test]
fn durations_of_a_spreadsheet_beside_clocks_put_forward_late_are_told_and_prove_nothing() {
    let text = with_durations(&file(&around_a_change(120), Other::Nothing, false, true), 3);
    let plain = read(&text, &[RepairKind::MislabelledZone], None);
    for before in BEFORES {
        let overlap = overlap(&plain, &plain, before);
        let found = read(&text, &[RepairKind::MislabelledZone], overlap.as_ref());
        assert!(found.applied.is_empty(), "{before:?} {:#?}", found.applied);
    }
    let repair = of_clocks(&plain.repairs).unwrap();
    let before = repair.evidence.before;
    assert!(!repair.provable && before.missing_hours == 3 && before.contradicts_duration >= 5, "{before:?}");
}

#[test]
fn an_earlier_return_of_instants_makes_it_a_finding_and_no_more() {
    let truth = of_a_year(7, 300);
    let right = read(&file(&truth, Other::Nothing, false, true), &[], None);
    let overlap = overlap(&right, &right, Before::LocalAsUtc);
    let read = read(&file(&truth, Other::Nothing, false, true), &[RepairKind::MislabelledZone], overlap.as_ref());
    let repair = of_clocks(&read.repairs).unwrap();
    assert!(!repair.provable && repair.says.contains("the earlier return may be wrong"), "{}", repair.says);
    assert_eq!(read.sessions, right.sessions);
}

#[test]
fn the_evidence_names_the_column_and_the_earlier_sessions() {
    let truth = of_a_year(7, 300);
    let text = file(&truth, Other::Local, true, true);
    let right = read(&file(&truth, Other::Nothing, false, true), &[], None);
    let overlap = overlap(&read(&text, &[], None), &right, Before::Right);
    let read = read(&text, &[], overlap.as_ref());
    let repair = of_clocks(&read.repairs).unwrap();
    let kinds: Vec<_> = repair.evidence.kinds.iter().map(|kind| kind.id).collect();
    assert_eq!(kinds, ["stays", "clock", "second_column", "earlier_return"]);
    assert!(repair.provable && repair.says.contains("column other"), "{}", repair.says);
    assert!(repair.rows > 100 && repair.evidence.kinds[3].says.contains("later there in summer"));
}

#[test]
fn a_column_on_utc_with_the_time_of_the_start_is_told_and_proves_nothing() {
    let truth = of_a_year(7, 300);
    for (kind, header) in [(Other::OwnWithZ, "other"), (Other::Own, "start utc")] {
        let text = file(&truth, kind, false, true).replacen("other", header, 1);
        let as_it_is = read(&text, &[], None);
        let repair = of_clocks(&as_it_is.repairs).unwrap();
        assert!(
            !repair.provable && repair.says.contains(&format!("the column {header}, which says")),
            "{}",
            repair.says
        );
        assert_eq!(read(&text, &[RepairKind::MislabelledZone], None).sessions, as_it_is.sessions);
    }
    assert!(of_clocks(&read(&file(&truth, Other::Own, false, true), &[], None).repairs).is_none());
}
