//! Trends against figures made without the engine, and in worlds that were made with a change in them.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use kerbwatt_engine::{DayKind, Engine, Measure, Member, SpreadOver, Trend};
use kerbwatt_model::{Period, Query, Session, Viewer, day_number};

use crate::patterns::{close, oracle};
use crate::world::{Dice, OPERATORS, World, number};

const OWNER: Viewer = Viewer::LocalOwner;

fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

fn query(metric: &str, period: Period) -> Query {
    Query::of(&[metric], &[], &[], Some(period)).unwrap()
}

async fn trend(world: &World, metric: &str, period: Period) -> Trend {
    let dir = tempfile::tempdir().unwrap();
    let snapshot = world.snapshot(dir.path()).await;
    let measure = Measure::of(metric).unwrap();
    Engine::new().trend(&snapshot, &query(metric, period), &measure, OWNER).await.unwrap()
}

/// Returns of everybody for all days.
fn all_reported(range: Period) -> BTreeMap<String, Vec<Period>> {
    OPERATORS.iter().map(|operator| ((*operator).to_owned(), vec![range])).collect()
}

#[tokio::test]
async fn last_years_line_is_the_same_weekday_364_days_before() {
    let world = World::over(41, period("2023-03-01..2024-04-20"));
    let now = period("2024-03-10..2024-04-18");
    let days = oracle(&world, &["day"], world.range);
    let found = trend(&world, "sessions", now).await;
    let mut told = 0;
    for day in &found.days {
        let before = day.day.checked_sub(364.days()).unwrap();
        let rate = days.get(&vec![before.to_string()]).and_then(|cell| cell.figure("sessions_per_evse_day"));
        close(day.rate_last_year, rate, &day.day.to_string());
        told += usize::from(rate.is_some());
    }
    assert!(told > 10, "{told}");
}

#[tokio::test]
async fn the_seasons_are_the_means_of_each_months_ratio_to_the_year_around_it() {
    let range = period("2021-02-01..2024-04-30");
    let world = World { reported: all_reported(range), ..World::over(42, range) };
    let asked = period("2023-09..2024-04");
    let by_month = oracle(&world, &["month"], range);
    let rates: Vec<f64> = by_month.values().map(|cell| cell.figure("sessions_per_evse_day").unwrap()).collect();
    let months: Vec<i8> = by_month.keys().map(|key| key[0][5..].parse().unwrap()).collect();
    let mut ratios: BTreeMap<i8, Vec<f64>> = BTreeMap::new();
    for at in 6..rates.len() - 6 {
        let ends = (rates[at - 6] + rates[at + 6]) / 2.0;
        let around = (ends + rates[at - 5..=at + 5].iter().sum::<f64>()) / 12.0;
        ratios.entry(months[at]).or_default().push(rates[at] / around);
    }
    let means: BTreeMap<i8, f64> =
        ratios.iter().map(|(month, own)| (*month, own.iter().sum::<f64>() / own.len() as f64)).collect();
    let mean = means.values().sum::<f64>() / 12.0;
    let found = trend(&world, "sessions", asked).await;
    assert_eq!(found.seasons.iter().map(|season| season.month).collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
    for season in &found.seasons {
        close(Some(season.index), Some(means[&season.month] / mean), &format!("month {}", season.month));
    }
}

#[tokio::test]
async fn a_typical_day_over_many_sessions_is_the_middle_of_the_weekdays_of_months() {
    let world = World::random(43);
    let dir = tempfile::tempdir().unwrap();
    let snapshot = world.snapshot(dir.path()).await;
    let asked = period("2023-11..2024-02");
    let cells = oracle(&world, &["month", "hour_of_week"], asked);
    let measure = Measure::of("utilisation_time").unwrap();
    let engine = Engine::telling_days_up_to(0.0);
    let typical = engine.typical_day(&snapshot, &query("utilisation_time", asked), &measure, OWNER).await.unwrap();
    assert_eq!(typical.spread_over, SpreadOver::WeekdaysOfMonths);
    for profile in &typical.profiles {
        for hour in &profile.hours {
            let takes = |of_week: usize| {
                let is_weekday = of_week / 24 < 5;
                let kind = match profile.days {
                    DayKind::All => true,
                    DayKind::Weekdays => is_weekday,
                    DayKind::Weekends => !is_weekday,
                };
                kind && of_week % 24 == usize::from(hour.hour)
            };
            let own = cells.iter().filter(|(key, _)| takes(key[1].parse().unwrap()));
            let mut values: Vec<f64> = own.filter_map(|(_, cell)| cell.figure("utilisation_time")).collect();
            values.sort_by(f64::total_cmp);
            assert_eq!(hour.count, values.len(), "{:?} {}", profile.days, hour.hour);
            let middle = (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0;
            close(hour.median, Some(middle), &format!("{:?} {}", profile.days, hour.hour));
        }
    }
}

const CHANGE: Date = date(2024, 2, 1);

/// A world in which each charge point in service is used once on each day for so many minutes, give or take an hour.
fn steady(members: Vec<Member>, minutes: impl Fn(&Member, Date) -> u64) -> World {
    let range = period("2023-10-01..2024-05-31");
    let mut dice = Dice::new(77);
    let mut sessions = Vec::new();
    for day in range.iter_days() {
        for member in members.iter().filter(|member| (member.live_first..=member.live_last).contains(&number(day))) {
            let plug_in = Timestamp::from_second(day_number(day) * 86_400 + 9 * 3_600).unwrap();
            let length = i64::try_from(minutes(member, day) + dice.below(120)).unwrap() - 60;
            let row = sessions.len() as u64 + 1;
            let session = Session {
                session_id: Box::leak(format!("s{row}").into_boxed_str()),
                evse: Box::leak(format!("e{}", member.evse).into_boxed_str()),
                plug_in,
                plug_out: plug_in.checked_add(jiff::Span::new().minutes(length)).unwrap(),
                energy_kwh: 5.0,
                row,
                ..Session::empty()
            };
            sessions.push((session, member.evse));
        }
    }
    World { members, sessions, reported: all_reported(range), range }
}

/// Charge points of an operator, in service from a day on.
fn points(operator: &str, evses: std::ops::Range<i32>, registered: bool, from: Option<Date>) -> Vec<Member> {
    let like = World::random(1).members.remove(0);
    let member = |evse: i32| Member {
        version: if registered { evse * 10 } else { -evse },
        evse,
        operator: operator.into(),
        evse_id: format!("{operator}:e{evse}").into(),
        zone: "Europe/London".into(),
        registered,
        live_first: from.map_or(-700_000, number),
        live_last: 2_000_000,
        valid_first: -700_000,
        valid_last: 2_000_000,
        ..like.clone()
    };
    evses.map(member).collect()
}

#[tokio::test]
async fn a_change_of_use_is_told_with_its_day_and_size() {
    let world = steady(points("gb-aaa", 1..9, true, None), |_, day| if day < CHANGE { 300 } else { 480 });
    let found = trend(&world, "utilisation_time", world.range).await;
    assert_eq!((found.steps.len(), found.steps_left_out.len()), (1, 0), "{:?}", found.steps);
    let step = &found.steps[0];
    assert!((number(step.day) - number(CHANGE)).abs() <= 2 && step.earliest <= CHANGE && CHANGE <= step.latest);
    assert!((step.change_share.unwrap() - 0.6).abs() < 0.1, "{step:?}");
}

#[tokio::test]
async fn a_change_as_an_operators_returns_begin_is_named_with_that_reason() {
    let members = [points("gb-aaa", 1..9, false, None), points("gb-bbb", 9..13, false, Some(CHANGE))].concat();
    let mut world = steady(members, |member, _| if &*member.operator == "gb-aaa" { 300 } else { 900 });
    world.reported.insert("gb-bbb".to_owned(), vec![Period::new(CHANGE, world.range.last).unwrap()]);
    let found = trend(&world, "utilisation_time", world.range).await;
    assert_eq!((found.steps.len(), found.steps_left_out.len()), (0, 1), "{:?}", found.steps);
    let left_out = &found.steps_left_out[0];
    assert_eq!(left_out.reason, "the returns of an operator begin or end around 1 Feb 2024");
}

#[tokio::test]
async fn a_change_as_many_charge_points_are_added_is_named_with_that_reason() {
    let members = [points("gb-aaa", 1..9, true, None), points("gb-aaa", 9..15, true, Some(CHANGE))].concat();
    let world = steady(members, |member, _| if member.evse < 9 { 300 } else { 900 });
    let found = trend(&world, "utilisation_time", world.range).await;
    assert_eq!((found.steps.len(), found.steps_left_out.len()), (0, 1), "{:?}", found.steps);
    let left_out = &found.steps_left_out[0];
    assert_eq!(left_out.reason, "8 charge points were in service before it and 14 after");
    assert!((number(left_out.day) - number(CHANGE)).abs() <= 2, "{left_out:?}");
}

#[tokio::test]
async fn a_point_that_is_used_now_and_then_has_the_mean_as_its_trend_and_no_steps() {
    let mut world = steady(points("gb-aaa", 1..2, true, None), |_, _| 300);
    let mut dice = Dice::new(5);
    world.sessions.retain(|_| dice.one_in(3));
    let found = trend(&world, "utilisation_time", world.range).await;
    assert!(found.decomposition.as_ref().unwrap().method.contains("not robust"));
    assert_eq!((found.steps.len(), found.steps_left_out.len()), (0, 0), "{:?}", found.steps);
    let mean = |of: fn(&kerbwatt_engine::DayTrend) -> Option<f64>| {
        found.days.iter().filter_map(of).sum::<f64>() / found.days.len() as f64
    };
    let (level, rate) = (mean(|day| day.trend), mean(|day| day.rate));
    assert!((level / rate - 1.0).abs() < 0.05, "{level} instead of {rate}");
}
