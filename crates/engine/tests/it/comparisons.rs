//! Whether periods compare, and how much of a bucket was reported, against counts made day by day.

use jiff::civil::Date;
use kerbwatt_engine::{Engine, Member, Snapshot, rests_on_returns};
use kerbwatt_model::{Period, Query, Viewer, metric};

use crate::world::{OPERATORS, World, number};

const OWNER: Viewer = Viewer::LocalOwner;

fn query(by: &[&str], operator: Option<&str>, period: Period) -> Query {
    let filters: Vec<_> = operator.iter().map(|id| ("operator".to_owned(), vec![(*id).to_owned()])).collect();
    Query::of(&["sessions"], by, &filters, Some(period)).unwrap()
}

/// An operator's day is known where a return covers it and any of its charge points was in service.
fn is_reported(world: &World, operator: &str, day: Date) -> bool {
    world.reported[operator].iter().any(|period| period.contains(day))
        && world.members.iter().any(|member| &*member.operator == operator && member.is_live(number(day)))
}

#[derive(Debug, Default, PartialEq)]
struct Counts {
    evse_days: (u32, u32),
    missing: (u32, u32),
    days: (u32, u32, u32),
}

/// Day by day, charge point by charge point.
fn counts(world: &World, members: &[&Member], days: &[(Date, Date)]) -> Counts {
    let mut counts = Counts::default();
    for (now, before) in days {
        let (mut any_now, mut any_before) = (false, false);
        for member in members {
            let (live_now, live_before) = (member.is_live(number(*now)), member.is_live(number(*before)));
            let told = |day: &Date| is_reported(world, &member.operator, *day);
            any_now |= live_now && told(now);
            any_before |= live_before && told(before);
            counts.evse_days.0 += u32::from(live_now && told(now));
            counts.evse_days.1 += u32::from(live_before && told(before));
            let is_due = |live: bool, other: bool| live || (other && !member.registered);
            counts.missing.0 += u32::from(is_due(live_now, live_before) && !told(now) && told(before));
            counts.missing.1 += u32::from(is_due(live_before, live_now) && !told(before) && told(now));
        }
        counts.days.0 += u32::from(any_now);
        counts.days.1 += u32::from(any_before);
        counts.days.2 += u32::from(any_now && any_before);
    }
    counts
}

/// Compares every verdict on a period and the one before with counts, and says which were let pass.
async fn checked(world: &World, engine: &Engine, snapshot: &Snapshot, now: Period) -> Vec<bool> {
    let before = now.previous();
    let days: Vec<(Date, Date)> = now.iter_days().zip(before.iter_days()).collect();
    let mut passed = Vec::new();
    for by in ["evse", "borough", "operator"] {
        let query = query(&[by], None, now);
        let verdicts = engine.comparisons(snapshot, &query, (&now, &before), OWNER).await.unwrap();
        for member in &world.members {
            let value = member.value(query.by[0]);
            let same: Vec<&Member> = world.members.iter().filter(|other| other.value(query.by[0]) == value).collect();
            let found = verdicts.of(&[value]).unwrap();
            let counted = Counts {
                evse_days: (found.evse_days_now, found.evse_days_before),
                missing: (found.missing_now, found.missing_before),
                days: (found.days_now, found.days_before, found.days_both),
            };
            assert_eq!(counted, counts(world, &same, &days), "{by} {value:?}");
            assert_eq!(found.comparable, found.reason.is_none());
            passed.push(found.comparable);
        }
    }
    passed
}

#[tokio::test]
async fn charge_point_days_of_two_periods_are_those_counted_day_by_day() {
    let (mut refused, mut passed) = (0, 0);
    for seed in 30..36 {
        let world = World::random(seed);
        let dir = tempfile::tempdir().unwrap();
        let (snapshot, engine) = (world.snapshot(dir.path()).await, Engine::new());
        // Of the first, gaps of the returns take a part; the second lies behind them.
        for now in ["2024-01-05..2024-04-10", "2024-03-20..2024-04-10"] {
            let now = Period::parse(now).unwrap();
            for found in checked(&world, &engine, &snapshot, now).await {
                if found { passed += 1 } else { refused += 1 }
            }
        }
    }
    assert!(refused > 20 && passed > 20, "{refused} refused, {passed} passed");
}

#[tokio::test]
async fn shares_reported_of_each_week_are_those_counted_day_by_day() {
    let world = World::random(40);
    let dir = tempfile::tempdir().unwrap();
    let (snapshot, engine) = (world.snapshot(dir.path()).await, Engine::new());
    let period = Period::parse("2023-10-04..2024-03-30").unwrap();
    for operator in OPERATORS {
        let own: Vec<&Member> = world.members.iter().filter(|member| &*member.operator == operator).collect();
        let query = query(&["week"], Some(operator), period);
        for week in engine.reported_by_bucket(&snapshot, &query, OWNER).await.unwrap().unwrap() {
            let monday: Date = week.bucket.parse().unwrap();
            let sunday = monday.checked_add(jiff::Span::new().days(6)).unwrap();
            let days: Vec<Date> =
                Period { first: monday, last: sunday }.iter_days().filter(|day| period.contains(*day)).collect();
            let live = |day: &Date| own.iter().filter(|member| member.is_live(number(*day))).count();
            let told = |day: &&Date| is_reported(&world, operator, **day);
            let (all, known) =
                (days.iter().map(live).sum::<usize>(), days.iter().filter(told).map(live).sum::<usize>());
            let share = (all > 0).then(|| known as f64 / all as f64);
            assert_eq!(week.share, share, "{operator} {monday}");
            assert_eq!(week.days_reported as usize, days.iter().filter(told).count(), "{operator} {monday}");
            assert_eq!((week.days_in_period as usize, week.days, week.cut), (days.len(), 7, days.len() < 7));
        }
    }
    let by_hour = query(&["hour_of_week"], None, period);
    assert_eq!(engine.reported_by_bucket(&snapshot, &by_hour, OWNER).await.unwrap(), None);
}

#[test]
fn what_the_register_tells_rests_on_no_return() {
    let rests = |id: &str| metric(id).is_some_and(rests_on_returns);
    assert!(
        ["sessions", "energy_kwh", "utilisation_time", "evses_unused", "energy_per_session_median"]
            .map(rests)
            .iter()
            .all(|one| *one)
    );
    assert!(!["evses", "evse_days", "rated_kw", "coverage"].map(rests).iter().any(|one| *one));
}
