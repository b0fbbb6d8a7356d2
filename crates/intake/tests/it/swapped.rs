//! The exchange of day and month: never found in a right file, whatever else is wrong with it; and where it is found, every row comes
//! back as it was or is flagged.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kerbwatt_intake::{RepairKind, SessionReturn, Verdict};
use kerbwatt_model::{Flag, day_number, day_of_number};
use proptest::prelude::*;

use crate::read_repaired;
use crate::real_files::file;

/// A generator of numbers that is the same everywhere.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = i64::try_from(self.0 >> 33).unwrap();
        high % below.max(1)
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.throw(100) < percent
    }

    fn shuffle<T>(&mut self, rows: &mut [T]) {
        for at in (1..rows.len()).rev() {
            rows.swap(at, usize::try_from(self.throw(i64::try_from(at).unwrap() + 1)).unwrap());
        }
    }
}

/// Exchanges day and month of each `DD/MM/YYYY` with a day up to the twelfth.
fn exchanged(date: &str) -> String {
    match date.split('/').collect::<Vec<_>>()[..] {
        [day, month, year] if day.parse::<u8>().is_ok_and(|day| day <= 12) => format!("{month}/{day}/{year}"),
        _ => date.to_owned(),
    }
}

/// A row: days as text, clocks, and what stands before and after.
#[derive(Clone, Debug)]
struct Row {
    cells: Vec<String>,
}

const START: usize = 3;
const END: usize = 5;

impl Row {
    fn exchange(&mut self, start: bool, end: bool) {
        for (at, _) in [(START, start), (END, end)].into_iter().filter(|(_, wanted)| *wanted) {
            self.cells[at] = exchanged(&self.cells[at]);
        }
    }
}

fn text(rows: &[Row]) -> String {
    let mut text =
        "Charging event,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model\n"
            .to_owned();
    for row in rows {
        writeln!(text, "{}", row.cells.join(",")).unwrap();
    }
    text
}

/// What a made file is like.
#[derive(Clone, Copy, Debug)]
struct Shape {
    seed: u64,
    rows: i64,
    days: Days,
    order: u8,
    evses: i64,
    overnight: i64,
    month_long: i64,
    overlapping: bool,
    has_numbers: bool,
    bad_clocks: i64,
    period: u8,
}

#[derive(Clone, Copy, Debug)]
enum Days {
    OneMonth,
    FirstTwelve,
    January1To12,
    Quarter,
    Year,
    TwoYears,
    OneDay,
    FirstsOfMonths,
    TwelfthAndThirteenth,
    Weekdays,
    EarlyDaysOfLateMonths,
}

const DAYS: [Days; 11] = [
    Days::OneMonth,
    Days::FirstTwelve,
    Days::January1To12,
    Days::Quarter,
    Days::Year,
    Days::TwoYears,
    Days::OneDay,
    Days::FirstsOfMonths,
    Days::TwelfthAndThirteenth,
    Days::Weekdays,
    Days::EarlyDaysOfLateMonths,
];

fn shape() -> impl Strategy<Value = Shape> {
    let size = prop_oneof![1i64..6, 20i64..90, 200i64..900];
    let things = (any::<u64>(), size, 0..DAYS.len(), 0u8..5, prop_oneof![Just(1i64), 2i64..30]);
    let troubles = (0i64..30, prop_oneof![Just(0i64), 0i64..40], any::<bool>(), any::<bool>(), 0i64..6, 0u8..6);
    (things, troubles).prop_map(
        |((seed, rows, days, order, evses), (overnight, month_long, overlapping, has_numbers, bad_clocks, period))| {
            Shape {
                seed,
                rows,
                days: DAYS[days],
                order,
                evses,
                overnight,
                month_long,
                overlapping,
                has_numbers,
                bad_clocks,
                period,
            }
        },
    )
}

impl Shape {
    fn day(&self, dice: &mut Dice) -> i64 {
        let from = |year, month, day| day_number(jiff::civil::date(year, month, day));
        let month = i8::try_from(1 + self.seed % 12).unwrap();
        match self.days {
            Days::OneMonth => from(2018, month, 1) + dice.throw(28),
            Days::FirstTwelve => from(2018, month, 1) + dice.throw(12),
            Days::January1To12 => from(2018, 1, 1) + dice.throw(12),
            Days::Quarter => from(2018, (month - 1) / 3 * 3 + 1, 1) + dice.throw(90),
            Days::Year => from(2018, 1, 1) + dice.throw(365),
            Days::TwoYears => from(2018, 1, 1) + dice.throw(730),
            Days::OneDay => from(2018, month, 3),
            Days::FirstsOfMonths => from(2018, i8::try_from(1 + dice.throw(12)).unwrap(), 1),
            Days::TwelfthAndThirteenth => from(2018, month, 12) + dice.throw(2),
            Days::Weekdays => {
                let day = from(2018, 1, 1) + dice.throw(540);
                if day.rem_euclid(7) >= 5 && dice.chance(80) { day - 3 } else { day }
            }
            Days::EarlyDaysOfLateMonths if dice.chance(70) => from(2018, 1, 1) + dice.throw(90),
            Days::EarlyDaysOfLateMonths => from(2018, i8::try_from(4 + dice.throw(9)).unwrap(), 1) + dice.throw(3),
        }
    }

    /// A right file: day first throughout.
    fn rows(&self) -> Vec<Row> {
        let mut dice = Dice(self.seed);
        let mut stays: Vec<(i64, i64, i64)> = Vec::new();
        let mut free: BTreeMap<i64, i64> = BTreeMap::new();
        let mut starts: Vec<i64> =
            (0..self.rows).map(|_| self.day(&mut dice) * 1440 + 6 * 60 + dice.throw(15 * 60)).collect();
        starts.sort_unstable();
        for start in starts {
            let evse = dice.throw(self.evses);
            let length = if dice.chance(self.overnight) { 600 + dice.throw(900) } else { 5 + dice.throw(120) };
            let length = if dice.chance(self.month_long) && dice.chance(20) { 1440 * 30 } else { length };
            let start = if self.overlapping { start } else { start.max(free.get(&evse).copied().unwrap_or(0)) };
            free.insert(evse, start + length);
            stays.push((evse, start, start + length));
        }
        let mut rows: Vec<Row> = stays.iter().enumerate().map(|(at, stay)| self.row(at, *stay, &mut dice)).collect();
        match self.order {
            0 => {}
            1 => rows.reverse(),
            2 => dice.shuffle(&mut rows),
            3 => rows.sort_by(|a, b| a.cells[1].cmp(&b.cells[1])),
            // As a spreadsheet sorts dates that are text.
            _ => rows.sort_by(|a, b| a.cells[START].cmp(&b.cells[START])),
        }
        rows
    }

    fn row(&self, at: usize, (evse, start, end): (i64, i64, i64), dice: &mut Dice) -> Row {
        let date = |minute: i64| day_of_number(minute.div_euclid(1440)).strftime("%d/%m/%Y").to_string();
        let clock = |minute: i64| format!("{:02}:{:02}", minute.rem_euclid(1440) / 60, minute.rem_euclid(60));
        let id = if self.has_numbers { format!("{}", 40_000 + at) } else { format!("{}", dice.throw(1 << 30)) };
        let end_date = if dice.chance(self.bad_clocks) { "01/01/1970".to_owned() } else { date(end) };
        let energy = format!("{}.{}", 1 + dice.throw(12), dice.throw(100));
        let cells = [
            id,
            format!("{}", 50_000 + evse),
            "1".to_owned(),
            date(start),
            clock(start),
            end_date,
            clock(end),
            energy,
            "0".to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ];
        Row { cells: cells.to_vec() }
    }

    fn period(&self) -> Option<&'static str> {
        [None, Some("2018"), Some("2018-01..2019-12"), Some("2018-02..2018-03"), Some("2017..2018-06"), Some("2018-06")]
            [usize::from(self.period)]
    }
}

/// Rows that differ in what they came to, and are not flagged as unresolved.
fn differing(right: &SessionReturn, repaired: &SessionReturn) -> Vec<u64> {
    let of = |read: &SessionReturn| -> BTreeMap<u64, (i64, i64, i32)> {
        let sessions = read.sessions.iter();
        sessions.map(|s| (s.row, (s.plug_in.as_second(), s.plug_out.as_second(), s.flags))).collect()
    };
    let (right, repaired) = (of(right), of(repaired));
    let rows = right.keys().chain(repaired.keys()).copied().collect::<std::collections::BTreeSet<u64>>();
    rows.into_iter()
        .filter(|row| {
            let (a, b) = (right.get(row), repaired.get(row));
            let is_flagged = b.is_some_and(|(_, _, flags)| flags & Flag::Unresolved.bit() != 0);
            !is_flagged && a.map(|(from, to, _)| (from, to)) != b.map(|(from, to, _)| (from, to))
        })
        .collect()
}

fn swap(read: &SessionReturn) -> Option<&kerbwatt_intake::Repair> {
    read.repairs.iter().chain(&read.applied).find(|repair| repair.kind == RepairKind::DayMonthSwap)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_right_file_is_never_repaired(shape in shape()) {
        let bytes = text(&shape.rows());
        let Ok(read) = read_repaired(bytes.as_bytes(), shape.period(), &[]) else { return Ok(()) };
        prop_assert!(read.repairs.iter().all(|repair| !repair.provable), "{:#?}", read.repairs);
        let asked = read_repaired(bytes.as_bytes(), shape.period(), &RepairKind::ALL).unwrap();
        prop_assert!(asked.applied.is_empty());
        prop_assert_eq!(asked.sessions, read.sessions);
    }

    #[test]
    fn what_is_repaired_comes_back_as_it_was_or_is_flagged(shape in shape()) {
        let mut rows = shape.rows();
        let right = text(&rows);
        rows.iter_mut().for_each(|row| row.exchange(true, true));
        let wrong = text(&rows);
        let asked = [RepairKind::DayMonthSwap];
        let Ok(repaired) = read_repaired(wrong.as_bytes(), shape.period(), &asked) else { return Ok(()) };
        if repaired.applied.is_empty() {
            return Ok(());
        }
        let right = read_repaired(right.as_bytes(), None, &[]).unwrap();
        let differing = differing(&right, &repaired);
        prop_assert!(differing.len() * 1000 <= rows.len(), "{differing:?} of {}", rows.len());
        let (totals, energy) = (repaired.totals, repaired.totals.energy_kwh);
        prop_assert_eq!(totals.rows_read, totals.accepted + totals.quarantined + totals.duplicates);
        prop_assert!((energy.read - right.totals.energy_kwh.read).abs() < 1e-6);
        prop_assert!((energy.read - energy.accepted - energy.quarantined - energy.duplicates).abs() < 1e-6);
    }

    /// A part of the file is exchanged, or only one of the two columns.
    #[test]
    fn a_file_exchanged_in_part_is_not_repaired_unless_nearly_every_row_comes_back(
        shape in shape(), part in 0i64..=100, from in 0i64..100, is_block in any::<bool>(), columns in 0u8..3,
    ) {
        let mut rows = shape.rows();
        let right = text(&rows);
        let mut dice = Dice(shape.seed ^ 7);
        let all = i64::try_from(rows.len()).unwrap();
        for (at, row) in rows.iter_mut().enumerate() {
            let percent = i64::try_from(at).unwrap() * 100 / all;
            let is_in = if is_block { (from..from + part).contains(&percent) } else { !dice.chance(part) };
            if !is_in {
                row.exchange(columns != 1, columns != 2);
            }
        }
        let wrong = text(&rows);
        let Ok(repaired) = read_repaired(wrong.as_bytes(), shape.period(), &[RepairKind::DayMonthSwap]) else { return Ok(()) };
        if repaired.applied.is_empty() {
            return Ok(());
        }
        let right = read_repaired(right.as_bytes(), None, &[]).unwrap();
        let differing = differing(&right, &repaired);
        // Few rows can make sense both ways, such as 1 February and 2 January at the end of a file; more must not, unless the file has
        // no order to tell them by.
        let has_months = matches!(shape.days, Days::OneMonth | Days::Quarter | Days::Year | Days::TwoYears | Days::Weekdays);
        let is_ordered = has_months && (shape.order <= 1 || shape.has_numbers);
        let borne = 2 + rows.len() / if is_ordered { 100 } else { 40 };
        prop_assert!(differing.len() <= borne, "{} of {}", differing.len(), rows.len());
    }
}

#[test]
fn an_exchanged_file_whose_rows_follow_time_is_proved_and_comes_back_whole() {
    let spans = [Days::OneMonth, Days::Quarter, Days::Year, Days::TwoYears, Days::Weekdays];
    for (seed, days) in (0..100).flat_map(|seed| spans.map(|days| (seed, days))) {
        let shape = Shape {
            seed,
            rows: 300 + i64::try_from(seed).unwrap() * 7,
            days,
            order: u8::try_from(seed % 3).unwrap(),
            evses: 12,
            overnight: 15,
            month_long: 0,
            overlapping: false,
            has_numbers: seed % 3 == 2,
            bad_clocks: i64::try_from(seed % 4).unwrap(),
            period: 0,
        };
        let mut rows = shape.rows();
        let right = read_repaired(text(&rows).as_bytes(), None, &[]).unwrap();
        rows.iter_mut().for_each(|row| row.exchange(true, true));
        let repaired = read_repaired(text(&rows).as_bytes(), None, &[RepairKind::DayMonthSwap]).unwrap();
        assert_eq!(repaired.applied.len(), 1, "{shape:?} {:#?}", repaired.repairs);
        assert_eq!(differing(&right, &repaired), [0_u64; 0], "{shape:?}");
        let unresolved = repaired.applied[0].unresolved;
        assert!(unresolved * 1000 <= right.totals.rows_read, "{unresolved} unresolved: {shape:?}");
    }
}

/// Rows of a real file, quotes kept as they are: dates stand before every quote.
fn real(name: &str, start: usize) -> Option<(String, Vec<Vec<String>>, usize)> {
    let bytes = file(name)?;
    let text = String::from_utf8(bytes).unwrap();
    let mut lines = text.lines();
    let header = lines.next()?.to_owned();
    let rows = lines.map(|line| line.split(',').map(str::to_owned).collect()).collect();
    Some((header, rows, start))
}

fn joined(header: &str, rows: &[Vec<String>]) -> String {
    let mut text = format!("{header}\n");
    rows.iter().for_each(|row| writeln!(text, "{}", row.join(",")).unwrap());
    text
}

fn comes_back(header: &str, rows: &[Vec<String>], start: usize, period: Option<&str>) {
    let right = read_repaired(joined(header, rows).as_bytes(), period, &[]).unwrap();
    assert!(swap(&right).is_none(), "a right file, {period:?}: {:#?}", right.repairs);
    let mut wrong = rows.to_vec();
    for row in &mut wrong {
        for at in [start, start + 2] {
            row[at] = exchanged(&row[at]);
        }
    }
    let wrong = joined(header, &wrong);
    let proposed = read_repaired(wrong.as_bytes(), period, &[]).unwrap();
    let repair = swap(&proposed).unwrap();
    assert!(repair.provable, "{period:?}: {repair:#?}");
    assert!(!proposed.sessions.iter().any(|session| session.has(Flag::Repaired)), "nothing is done unasked");
    let repaired = read_repaired(wrong.as_bytes(), period, &[RepairKind::DayMonthSwap]).unwrap();
    assert_eq!(repaired.applied.len(), 1);
    let differing = differing(&right, &repaired);
    assert!(differing.len() * 1000 <= rows.len(), "{} of {} rows", differing.len(), rows.len());
    assert_eq!(repaired.applied[0].evidence, repair.evidence);
    let flagged = repaired.sessions.iter().filter(|session| session.has(Flag::Repaired)).count() as u64;
    assert!(flagged <= repair.rows && flagged * 10 >= repair.rows * 9, "{flagged} of {}", repair.rows);
    println!("{period:?}: {} rows, {} differ, {} unresolved", rows.len(), differing.len(), repair.unresolved);
}

const DUNDEE: [(&str, usize, &str, &str); 2] = [
    ("sessions/dundee-2018-06-to-09.csv", 4, "2018-06-06..2018-09-06", "/07/2018"),
    ("sessions/dundee-2017-12-to-2018-03.csv", 3, "2017-12-02..2018-03-02", "/01/2018"),
];

#[test]
fn dundee_comes_back_with_its_period_declared_and_unknown_in_any_order_and_from_one_month() {
    for (name, start, period, month) in DUNDEE {
        let Some((header, mut rows, start)) = real(name, start) else { return };
        comes_back(&header, &rows, start, Some(period));
        comes_back(&header, &rows, start, None);
        let of_month: Vec<_> = rows.iter().filter(|row| row[start].ends_with(month)).cloned().collect();
        comes_back(&header, &of_month, start, None);
        let some: Vec<_> = rows.iter().step_by(20).cloned().collect();
        comes_back(&header, &some, start, None);
        Dice(1).shuffle(&mut rows);
        comes_back(&header, &rows, start, Some(period));
        comes_back(&header, &rows, start, None);
    }
}

#[test]
fn a_stretch_of_dundee_that_was_not_exchanged_stays_as_it_is_and_is_flagged() {
    let stretches = [(0, 27), (1000, 60), (usize::MAX, 10)];
    for (name, start, ..) in DUNDEE {
        let Some((header, mut rows, start)) = real(name, start) else { return };
        for is_descending in [false, true] {
            let right = read_repaired(joined(&header, &rows).as_bytes(), None, &[]).unwrap();
            for (first, length) in stretches {
                let first = first.min(rows.len() - length);
                let mut wrong = rows.clone();
                for row in wrong.iter_mut().enumerate().filter(|(at, _)| !(first..first + length).contains(at)) {
                    [start, start + 2].iter().for_each(|at| row.1[*at] = exchanged(&row.1[*at]));
                }
                let wrong = joined(&header, &wrong);
                let repaired = read_repaired(wrong.as_bytes(), None, &[RepairKind::DayMonthSwap]).unwrap();
                let unresolved = repaired.applied[0].unresolved;
                let differing = differing(&right, &repaired);
                assert_eq!(differing, [0_u64; 0], "{name}, descending {is_descending}, {length} rows from {first}");
                assert!(
                    usize::try_from(unresolved).unwrap() <= length + 10,
                    "{unresolved} unresolved of {length} from {first}"
                );
            }
            rows.reverse();
        }
    }
}

#[test]
fn dundee_as_it_is_is_never_repaired_whatever_period_is_declared() {
    for (name, ..) in DUNDEE {
        let Some(bytes) = file(name) else { return };
        for period in
            [None, Some("2018"), Some("2018-01"), Some("2018-06"), Some("2018-07..2018-08"), Some("2017-12..2018-03")]
        {
            let Ok(read) = read_repaired(&bytes, period, &RepairKind::ALL) else { continue };
            assert!(read.applied.is_empty() && read.repairs.is_empty(), "{period:?} {:#?}", read.repairs);
        }
    }
}

#[test]
fn boulder_was_exchanged_and_the_rhythm_of_the_week_proves_it() {
    let Some(bytes) = file("sessions/boulder-2018-to-2020.csv") else { return };
    for period in [None, Some("2018-01..2020-03")] {
        let read = read_repaired(&bytes, period, &[]).unwrap();
        let repair = swap(&read).unwrap();
        assert!(repair.provable, "{repair:#?}");
        let agreeing: Vec<&str> =
            repair.evidence.kinds.iter().filter(|kind| kind.verdict == Verdict::Agrees).map(|kind| kind.id).collect();
        assert_eq!(agreeing, ["period", "week"]);
        assert_eq!((repair.evidence.before.outside_months, repair.evidence.after.outside_months), (614, 0));
        assert_eq!(repair.headline.after.last_day.unwrap().to_string(), "2020-03-31");
        let repaired = read_repaired(&bytes, period, &[RepairKind::DayMonthSwap]).unwrap();
        assert_eq!(repaired.found.unwrap().to_string(), "2018-01-01..2020-03-31");
        assert!((repaired.totals.energy_kwh.read - read.totals.energy_kwh.read).abs() < 1e-6);
    }
}

/// Sessions on the twelfth of ten months and in the second half of December, of which December is declared: the evidence of the period is
/// that of an exchanged file, but two stays over midnight are possible only as they are.
#[test]
fn stays_that_only_the_repair_makes_impossible_speak_against_it() {
    let mut text = text(&[]);
    let mut row = |start: &str, end: &str| {
        let number = text.lines().count();
        writeln!(text, "{},,50100,1,{start},22:30,{end},06:15,9.5,0,X,Y,Z", 7000 + number).unwrap();
    };
    for month in 2..12 {
        row(&format!("12/{month:02}/2021"), &format!("12/{month:02}/2021").replace("12/10", "13/10"));
        row(&format!("12/{month:02}/2021"), &format!("13/{month:02}/2021"));
    }
    (13..31).flat_map(|day| [day, day]).for_each(|day| row(&format!("{day}/12/2021"), &format!("{}/12/2021", day + 1)));
    let read = read_repaired(text.as_bytes(), Some("2021-12"), &RepairKind::ALL).unwrap();
    assert!(read.applied.is_empty() && read.repairs.iter().all(|repair| !repair.provable), "{:#?}", read.repairs);
}
