//! A small random world in a real lake: operators, charge points with a past, sessions over clock changes and months.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use kerbwatt_engine::{
    ALL_TABLES, EVSES, LABELS, Member, Members, ROLLUPS, RollupInput, SessionFiles, Snapshot, build_month,
    labels_batch, members_batch, spec,
};
use kerbwatt_model::{CurrentType, Dimension, Period, PowerBand, Session, Sessions, Siting, day_number};
use kerbwatt_store::{Change, Lake, PartitionValues, Replace, SESSIONS, sessions_batch, sessions_spec};

/// Numbers that look random and are the same every time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    pub(crate) fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

pub(crate) struct World {
    pub(crate) members: Vec<Member>,
    /// Sessions with the number of their EVSE.
    pub(crate) sessions: Vec<(Session<'static>, i32)>,
    pub(crate) reported: BTreeMap<String, Vec<Period>>,
    pub(crate) range: Period,
}

pub(crate) const OPERATORS: [&str; 3] = ["gb-aaa", "gb-bbb", "us-ccc"];
pub(crate) const BOROUGHS: [&str; 3] = ["E09000001", "E09000007", "E09000033"];

pub(crate) fn number(day: Date) -> i32 {
    i32::try_from(day_number(day)).unwrap()
}

fn zone_of(operator: &str) -> &'static str {
    if operator == "us-ccc" { "America/Denver" } else { "Europe/London" }
}

impl World {
    pub(crate) fn random(seed: u64) -> Self {
        Self::over(seed, Period::new(date(2023, 9, 14), date(2024, 4, 20)).unwrap())
    }

    /// A world of other days, which have to begin before October 2023 and end after March 2024.
    pub(crate) fn over(seed: u64, range: Period) -> Self {
        let mut dice = Dice::new(seed);
        let mut members = Vec::new();
        for evse in 1..=18 {
            members.extend(evse_versions(evse, &mut dice, &range));
        }
        let mut reported = BTreeMap::new();
        for operator in OPERATORS {
            let gap =
                range.first.checked_add(jiff::Span::new().days(i64::try_from(40 + dice.below(100)).unwrap())).unwrap();
            let after = gap.checked_add(20.days()).unwrap();
            let periods = vec![Period::new(range.first, gap).unwrap(), Period::new(after, range.last).unwrap()];
            reported.insert(operator.to_owned(), periods);
        }
        let sessions = (0..700).map(|row| session(row, &members, &mut dice, &range)).collect();
        Self { members, sessions, reported, range }
    }

    /// Writes the world into a lake and opens a snapshot of it.
    pub(crate) async fn snapshot(&self, dir: &std::path::Path) -> Snapshot {
        let lake = Lake::new(dir);
        for table in ALL_TABLES {
            lake.create_if_missing(&spec(table)).await.unwrap();
        }
        self.write_sessions(&lake).await;
        let version = lake.version(&sessions_spec()).await.unwrap().unwrap();
        let files = lake.files(&sessions_spec(), version).await.unwrap();
        let members = Members::new(self.members.clone());
        for operator in OPERATORS {
            let own = files.iter().filter(|file| file.partition["operator"] == operator);
            let mut sessions = SessionFiles::of(own);
            // A month beyond the range: sessions last.
            let months = Period::new(self.range.first, self.range.last.checked_add(1.month()).unwrap()).unwrap();
            for month in months.iter_months() {
                let facts = sessions.touching(month).unwrap();
                let reported = &self.reported[operator];
                let has_capacity = month <= self.range.last;
                let input =
                    RollupInput { operator, month, members: &members, sessions: &facts, has_capacity, reported };
                for (table, batch) in build_month(&input).unwrap() {
                    write(&lake, table, partition("p_operator", operator, "p_month", month), batch).await;
                }
            }
        }
        write(&lake, EVSES, PartitionValues::new(), members_batch(&self.members).unwrap()).await;
        let names: Vec<_> = BOROUGHS
            .iter()
            .zip(["Borough E09000001", "Borough E09000007", "Borough of commas, the"])
            .map(|(code, name)| (Dimension::of_id("borough").unwrap(), (*code).to_owned(), name.to_owned()))
            .collect();
        write(&lake, LABELS, PartitionValues::new(), labels_batch(&names).unwrap()).await;
        self.open(&lake).await
    }

    async fn open(&self, lake: &Lake) -> Snapshot {
        let mut files = BTreeMap::new();
        for table in ALL_TABLES {
            let version = lake.version(&spec(table)).await.unwrap().unwrap();
            files.insert(table, lake.files(&spec(table), version).await.unwrap());
        }
        assert!(ROLLUPS.iter().all(|table| !files[table].is_empty()));
        Snapshot::read(1, Timestamp::UNIX_EPOCH, false, files, Some((self.range.first, self.range.last))).unwrap()
    }

    async fn write_sessions(&self, lake: &Lake) {
        let operator_of = |evse: i32| self.members.iter().find(|m| m.evse == evse).unwrap().operator.to_string();
        let mut parts: BTreeMap<(String, Date), Sessions> = BTreeMap::new();
        for (session, evse) in &self.sessions {
            let operator = operator_of(*evse);
            let zone = TimeZone::get(zone_of(&operator)).unwrap();
            let month = zone.to_datetime(session.plug_in).date().first_of_month();
            parts.entry((operator, month)).or_default().push(session);
        }
        for ((operator, month), sessions) in parts {
            let evses: Vec<i32> = sessions.evses().iter().map(|uid| uid[1..].parse().unwrap()).collect();
            let positions: Vec<u32> = (0..).take(sessions.len()).collect();
            let batch = sessions_batch(&sessions, &positions, &evses, zone_of(&operator), 1).unwrap();
            write(lake, SESSIONS, partition("operator", &operator, "month", month), batch).await;
        }
    }
}

async fn write(lake: &Lake, table: &'static str, key: PartitionValues, batch: RecordBatch) {
    let change = Change { write: vec![(key, vec![batch])], replace: Replace::Nothing };
    lake.commit(&spec(table), change, "test").await.unwrap();
}

fn partition(operator_column: &str, operator: &str, month_column: &str, month: Date) -> PartitionValues {
    let month = month.strftime("%Y-%m").to_string();
    PartitionValues::from([(operator_column.to_owned(), operator.to_owned()), (month_column.to_owned(), month)])
}

/// One EVSE: some change their power or place on the way, some are not registered, some come late or go early.
fn evse_versions(evse: i32, dice: &mut Dice, range: &Period) -> Vec<Member> {
    let operator = *dice.pick(&OPERATORS);
    let day = |dice: &mut Dice, until: u64| {
        range.first.checked_add(jiff::Span::new().days(i64::try_from(dice.below(until)).unwrap())).unwrap()
    };
    let registered = !dice.one_in(4);
    let location = dice.below(5);
    let first = Member {
        version: if registered { evse * 10 } else { -evse },
        evse,
        operator: operator.into(),
        evse_id: format!("{operator}:e{evse}").into(),
        device: format!("{operator}:d{}", evse / 2).into(),
        location: format!("{operator}:l{location}").into(),
        location_name: format!("Site {location}").into(),
        band: PowerBand::Unknown,
        current: None,
        siting: Siting::Unknown,
        areas: Default::default(),
        rated_kw: None,
        latitude: None,
        longitude: None,
        registered,
        valid_first: -700_000,
        valid_last: 2_000_000,
        live_first: if dice.one_in(3) { number(day(dice, 120)) } else { -700_000 },
        live_last: if dice.one_in(4) { number(day(dice, 100)) + 110 } else { 2_000_000 },
        zone: zone_of(operator).into(),
        owner_borough: None,
        funding_scheme: None,
    };
    if !registered {
        return vec![first];
    }
    let mut old = described(first, dice);
    if !dice.one_in(3) {
        return vec![old];
    }
    let change = number(day(dice, 150));
    let mut new = described(Member { version: evse * 10 + 1, ..old.clone() }, dice);
    old.valid_last = change - 1;
    new.valid_first = change;
    vec![old, new]
}

fn described(member: Member, dice: &mut Dice) -> Member {
    let rated_kw = [None, Some(3.6), Some(7.4), Some(22.0), Some(50.0), Some(150.0)];
    let rated_kw = *dice.pick(&rated_kw);
    let mut areas: [Option<Arc<str>>; 5] = Default::default();
    if !dice.one_in(5) {
        areas[0] = Some((*dice.pick(&BOROUGHS)).into());
        areas[1] = Some(format!("W{}", dice.below(4)).into());
        areas[2] = Some(format!("M{}", dice.below(3)).into());
        areas[3] = Some(format!("L{}", dice.below(6)).into());
    }
    if !dice.one_in(6) {
        areas[4] = Some(format!("89195da4{}", dice.below(5)).into());
    }
    Member {
        band: PowerBand::of(rated_kw),
        rated_kw,
        current: *dice.pick(&[None, Some(CurrentType::Ac1), Some(CurrentType::Dc)]),
        siting: *dice.pick(&[Siting::OnStreet, Siting::Hub, Siting::Unknown]),
        areas,
        owner_borough: dice.pick(&[None, Some("Camden"), Some("TfL")]).map(Arc::from),
        funding_scheme: dice.pick(&[None, Some("ORCS"), Some("LEVI")]).map(Arc::from),
        ..member
    }
}

/// A name for as long as the tests run.
fn named(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// Whole minutes, so that the oracle can count them; around the clock changes, over midnight and over months.
fn session(row: u64, members: &[Member], dice: &mut Dice, range: &Period) -> (Session<'static>, i32) {
    let evse = dice.pick(members).evse;
    let begin = Timestamp::from_second(day_number(range.first) * 86_400).unwrap();
    let around = [
        begin,
        "2023-10-28T20:00:00Z".parse().unwrap(),
        "2023-11-05T03:00:00Z".parse().unwrap(),
        "2024-03-10T04:00:00Z".parse().unwrap(),
        "2024-03-30T22:00:00Z".parse().unwrap(),
    ];
    let days = u64::try_from(range.days()).unwrap() - 5;
    let (from, spread) = if dice.one_in(3) { (*dice.pick(&around), 12 * 60) } else { (begin, days * 1440) };
    let minutes = |count: u64| jiff::Span::new().minutes(i64::try_from(count).unwrap());
    let plug_in = from.checked_add(minutes(dice.below(spread))).unwrap();
    let length = match dice.below(10) {
        0 => 0,
        1 => dice.below(60 * 24 * 12),
        _ => 1 + dice.below(60 * 14),
    };
    let charging = dice.one_in(2).then(|| dice.below(length + 1));
    let energy_kwh = if dice.one_in(8) { 0.0 } else { f64::from(u32::try_from(dice.below(60_000)).unwrap()) / 1000.0 };
    // Some months of an operator say when charging ended and some do not; fees and drivers are missing now and then.
    let operator = &members.iter().find(|member| member.evse == evse).unwrap().operator;
    let month = TimeZone::UTC.to_datetime(plug_in).month();
    let charging = charging.filter(|_| (month % 3 != 0 || dice.one_in(40)) && &**operator != "gb-bbb");
    let fee_pence =
        (&**operator != "us-ccc" && !dice.one_in(4)).then(|| f64::from(u32::try_from(dice.below(3_000)).unwrap()));
    let driver = (!dice.one_in(5)).then(|| named(format!("{:032x}", dice.below(9))));
    let session = Session {
        session_id: named(format!("s{row}")),
        evse: named(format!("e{evse}")),
        plug_in,
        plug_out: plug_in.checked_add(minutes(length)).unwrap(),
        charging_end: charging.map(|count| plug_in.checked_add(minutes(count)).unwrap()),
        energy_kwh,
        fee_pence,
        driver,
        row: row + 1,
        ..Session::empty()
    };
    (session, evse)
}
