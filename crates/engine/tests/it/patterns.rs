//! Patterns against figures made without the engine.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kerbwatt_engine::{DayKind, DayState, Engine, Measure, Pattern, Snapshot, SpreadOver, UnusedState};
use kerbwatt_model::{Dimension, Period, Query, Viewer};

use crate::oracle::{Asked, Cell, cells};
use crate::world::{World, number};

const OWNER: Viewer = Viewer::LocalOwner;

async fn world(seed: u64) -> (World, Snapshot, tempfile::TempDir) {
    let world = World::random(seed);
    let dir = tempfile::tempdir().unwrap();
    let snapshot = world.snapshot(dir.path()).await;
    (world, snapshot, dir)
}

fn query(metric: &str, filters: &[(&str, &str)], period: Period) -> Query {
    let filters: Vec<_> = filters.iter().map(|(id, value)| ((*id).to_owned(), vec![(*value).to_owned()])).collect();
    Query::of(&[metric], &[], &filters, Some(period)).unwrap()
}

pub(crate) fn oracle(world: &World, by: &[&'static str], period: Period) -> BTreeMap<Vec<String>, Cell> {
    cells(world, &Asked { by: by.to_vec(), filters: Vec::new(), period }).into_iter().collect()
}

pub(crate) fn close(found: Option<f64>, expected: Option<f64>, what: &str) {
    let agree = match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * (1.0 + expected.abs()),
        (found, expected) => found == expected,
    };
    assert!(agree, "{what}: {found:?} instead of {expected:?}");
}

#[tokio::test]
async fn a_calendar_has_every_day_and_tells_missing_from_zero() {
    for seed in [3, 4] {
        let (world, snapshot, _dir) = world(seed).await;
        let days = oracle(&world, &["day"], world.range);
        let measure = Measure::of("energy_kwh").unwrap();
        let query = query("energy_kwh", &[], world.range);
        let calendar = Engine::new().calendar(&snapshot, &query, &measure, OWNER).await.unwrap();
        assert_eq!(calendar.days.len() as i64, world.range.days());
        for day in &calendar.days {
            let cell = days.get(&vec![day.day.to_string()]);
            let is_reported = cell.is_some_and(|cell| cell.figure("sessions_per_evse_day").is_some());
            assert_eq!(day.state == DayState::Reported, is_reported, "{}", day.day);
            let expected = cell.filter(|_| is_reported).and_then(|cell| cell.figure("energy_kwh"));
            close(day.value, expected, &day.day.to_string());
        }
        assert_eq!(calendar.table(None).unwrap().rows.len(), calendar.days.len());
    }
}

#[tokio::test]
async fn a_trend_is_of_the_days_and_its_parts_add_up_to_the_rate() {
    let (world, snapshot, _dir) = world(5).await;
    let days = oracle(&world, &["day"], world.range);
    let measure = Measure::of("sessions").unwrap();
    let trend = Engine::new().trend(&snapshot, &query("sessions", &[], world.range), &measure, OWNER).await.unwrap();
    let decomposition = trend.decomposition.as_ref().unwrap();
    assert_eq!(decomposition.counted_days + decomposition.left_out_days, trend.days.len());
    assert!(decomposition.left_out_days > 0, "returns are missing in this world");
    for day in &trend.days {
        let rate = days.get(&vec![day.day.to_string()]).and_then(|cell| cell.figure("sessions_per_evse_day"));
        close(day.rate, rate, &day.day.to_string());
        let parts = [day.trend, day.season, day.residual];
        assert_eq!(parts.map(|part| part.is_some()), [day.counted; 3], "{}", day.day);
        if day.counted {
            close(Some(parts.into_iter().flatten().sum()), day.rate, &day.day.to_string());
        }
    }
    assert!(trend.growth.is_none() && trend.seasons.is_empty(), "there is no year before");
}

#[tokio::test]
async fn growth_is_of_everything_and_of_the_points_that_were_there_through_both_years() {
    let (now, before) =
        (Period::parse("2024-03-10..2024-04-18").unwrap(), Period::parse("2023-03-10..2023-04-18").unwrap());
    let (mut told, mut same, mut left_out) = (0, 0, 0);
    for (seed, metric) in (20..32).zip(["sessions", "energy_kwh", "plugged_hours"].iter().cycle()) {
        let world = World::over(seed, Period::parse("2023-03-01..2024-04-20").unwrap());
        let dir = tempfile::tempdir().unwrap();
        let snapshot = world.snapshot(dir.path()).await;
        let measure = Measure::of(metric).unwrap();
        let trend = Engine::new().trend(&snapshot, &query(metric, &[], now), &measure, OWNER).await.unwrap();
        let growth = trend.growth.unwrap();
        assert_eq!((growth.from, growth.to), (now.first, now.last));
        assert_eq!((growth.before_from, growth.before_to), (before.first, before.last));
        let [later, earlier] = [now, before].map(|period| oracle(&world, &["evse"], period));
        let all = |cells: &BTreeMap<Vec<String>, Cell>| -> Vec<f64> {
            cells
                .values()
                .filter(|cell| cell.figure("sessions").is_some())
                .filter_map(|cell| cell.figure(metric))
                .collect()
        };
        let (amounts, amounts_before) = (all(&later), all(&earlier));
        let (total, total_before) = (amounts.iter().sum::<f64>(), amounts_before.iter().sum::<f64>());
        close(Some(growth.now), Some(total), metric);
        close(Some(growth.before), Some(total_before), metric);
        assert_eq!((growth.evses_now, growth.evses_before), (amounts.len(), amounts_before.len()));
        let is_told = growth.comparison.comparable && total_before > 0.0;
        close(growth.change, is_told.then(|| total / total_before - 1.0), metric);
        told += u32::from(is_told);

        // Of 40 days 38 are at least 95 of 100.
        let through = |cell: &&Cell| cell.available_days() >= 38.0;
        let both: Vec<[&Cell; 2]> = later
            .iter()
            .filter_map(|(id, cell)| Some([earlier.get(id).filter(through)?, Some(cell).filter(through)?]))
            .collect();
        let sum = |at: usize, of: &dyn Fn(&Cell) -> f64| both.iter().map(|cells| of(cells[at])).sum::<f64>();
        let amount = |at| sum(at, &|cell| cell.figure(metric).unwrap_or(0.0));
        let days = |at| sum(at, &Cell::available_days);
        let Some(found) = growth.like_for_like else {
            assert!(both.is_empty(), "{seed}");
            continue;
        };
        assert_eq!(found.evses, both.len());
        close(Some(found.before), Some(amount(0)), metric);
        close(Some(found.now), Some(amount(1)), metric);
        close(found.change, (amount(0) > 0.0).then(|| amount(1) / days(1) / (amount(0) / days(0)) - 1.0), metric);
        same += found.evses;
        left_out += growth.evses_now - found.evses;
    }
    assert!(told > 0 && told < 12 && same > 10 && left_out > 10, "all cases occur: {told} {same} {left_out}");
}

#[tokio::test]
async fn a_typical_day_is_the_middle_of_the_reported_days() {
    let (world, snapshot, _dir) = world(6).await;
    let period = Period::parse("2023-11..2024-02").unwrap();
    let hours = oracle(&world, &["day", "hour_of_day"], period);
    let measure = Measure::of("utilisation_time").unwrap();
    let typical =
        Engine::new().typical_day(&snapshot, &query("utilisation_time", &[], period), &measure, OWNER).await.unwrap();
    assert_eq!((typical.spread_over, typical.week.len()), (SpreadOver::Days, 168));
    for profile in &typical.profiles {
        for hour in &profile.hours {
            let takes = |day: &str| {
                let weekday = day.parse::<Date>().unwrap().weekday().to_monday_zero_offset();
                match profile.days {
                    DayKind::All => true,
                    DayKind::Weekdays => weekday < 5,
                    DayKind::Weekends => weekday > 4,
                }
            };
            let own = hours.iter().filter(|(key, _)| key[1] == hour.hour.to_string() && takes(&key[0]));
            let mut values: Vec<f64> = own.filter_map(|(_, cell)| cell.figure("utilisation_time")).collect();
            values.sort_by(f64::total_cmp);
            assert_eq!(hour.count, values.len(), "{:?} {}", profile.days, hour.hour);
            let middle = (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0;
            close(hour.median, Some(middle), &format!("{:?} {}", profile.days, hour.hour));
            let (low, high) = (hour.p25.unwrap(), hour.p75.unwrap());
            assert!(low <= middle && middle <= high);
            let below = values.iter().filter(|value| **value < low).count();
            assert!(below <= values.len() / 4 + 1);
        }
    }
    let week = oracle(&world, &["hour_of_week"], period);
    for hour in &typical.week {
        let expected = week.get(&vec![hour.hour_of_week.to_string()]).and_then(|cell| cell.figure("utilisation_time"));
        close(hour.value, expected, &format!("hour {} of the week", hour.hour_of_week));
    }
}

#[tokio::test]
async fn concentration_counts_the_reported_charge_points_and_ranks_their_energy() {
    let (world, snapshot, _dir) = world(7).await;
    let period = Period::parse("2023-10..2024-03").unwrap();
    let evses = oracle(&world, &["evse"], period);
    let energies: Vec<f64> = evses.values().filter_map(|cell| cell.figure("energy_kwh")).collect();
    let found = Engine::new()
        .concentration(&snapshot, &query("energy_kwh", &[], period), Dimension::Evse, OWNER)
        .await
        .unwrap();
    assert_eq!(found.members, energies.len());
    let (count, total) = (energies.len() as f64, energies.iter().sum::<f64>());
    close(Some(found.total), Some(total), "total");
    let differences: f64 = energies.iter().flat_map(|a| energies.iter().map(move |b| (a - b).abs())).sum();
    close(found.gini, Some(differences / (2.0 * count * total)), "Gini");
    let mut descending = energies;
    descending.sort_by(|a, b| b.total_cmp(a));
    let half = (1..).find(|top| descending[..*top].iter().sum::<f64>() >= total / 2.0).unwrap();
    assert_eq!(found.half.unwrap().members, half);
    close(Some(found.largest[0].value), Some(descending[0]), "largest");
}

#[tokio::test]
async fn a_kind_of_use_does_not_change_when_others_are_asked_for_too() {
    let (world, snapshot, _dir) = world(8).await;
    let period = Period::parse("2023-10..2024-03").unwrap();
    let evses = oracle(&world, &["evse"], period);
    let engine = Engine::new();
    let ask = async |filters: &[(&str, &str)]| {
        let query = query("plugged_hours", filters, period);
        engine.archetypes(&snapshot, &query, Dimension::Evse, 1000, OWNER).await.unwrap()
    };
    let all = ask(&[]).await;
    assert_eq!(all.kinds.iter().map(|kind| kind.members).sum::<usize>(), all.total_members);
    assert!(all.members.iter().any(|member| member.fit.is_some()), "some have use enough");
    // The week of a kind is the mean of its members' shares of each hour, however busy they are.
    let hours = oracle(&world, &["evse", "hour_of_week"], period);
    let plugged = |id: &str, hour: usize| {
        hours.get(&vec![id.to_owned(), hour.to_string()]).and_then(|cell| cell.figure("plugged_hours")).unwrap_or(0.0)
    };
    for kind in all.kinds.iter().filter(|kind| !kind.week.is_empty()) {
        let own = all.members.iter().filter(|member| member.archetype == kind.id && member.plugged_hours > 0.0);
        let own: Vec<&str> = own.map(|member| member.id.as_str()).collect();
        for (hour, found) in kind.week.iter().enumerate() {
            let share = |id: &&str| plugged(id, hour) / (0..168).map(|of| plugged(id, of)).sum::<f64>();
            let expected = own.iter().map(share).sum::<f64>() / own.len() as f64;
            close(Some(*found), Some(expected), &format!("{} in hour {hour}", kind.id));
        }
    }
    for member in &all.members {
        let cell = &evses[&vec![member.id.clone()]];
        close(Some(member.sessions), cell.figure("sessions"), &member.id);
        close(Some(member.plugged_hours), cell.figure("plugged_hours"), &member.id);
        let alone = ask(&[("evse", &member.id)]).await;
        assert_eq!(alone.members, std::slice::from_ref(member));
    }
}

/// What is known of one charge point without the engine.
struct Known {
    reported: BTreeSet<Date>,
    last_used: Option<Date>,
    sessions: f64,
    /// By the hour of the week in which they begin.
    by_hour: [f64; 168],
}

impl Known {
    /// Sessions to be expected since the last use and the chance of none, by the formulas of docs/patterns.md.
    fn surprise(&self) -> (f64, f64) {
        let (mut before, mut since) = ([0.0; 168], [0.0; 168]);
        for day in &self.reported {
            let first = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap() * 24;
            let hours = if Some(*day) > self.last_used { &mut since } else { &mut before };
            hours[first..first + 24].iter_mut().for_each(|hour| *hour += 1.0);
        }
        let mean = self.sessions / before.iter().sum::<f64>();
        let times = |hour: usize| (self.by_hour[hour] + 1.0) / (before[hour] * mean + 1.0);
        let weigh = |hours: &[f64; 168]| (0..168).map(|hour| hours[hour] * times(hour)).sum::<f64>();
        let (seen, silent, events) = (weigh(&before), weigh(&since), self.sessions - 0.5);
        (events / seen * silent, (1.0 + silent / seen).powf(-events))
    }
}

fn known(world: &World, evse: i32) -> Known {
    let own: Vec<_> = world.members.iter().filter(|member| member.evse == evse).collect();
    let zone = TimeZone::get(&own[0].zone).unwrap();
    let is_live = |day: Date| {
        let day = number(day);
        own.iter().any(|m| (m.valid_first..=m.valid_last).contains(&day) && (m.live_first..=m.live_last).contains(&day))
    };
    let is_reported = |day: &Date| world.reported[&*own[0].operator].iter().any(|period| period.contains(*day));
    let reported = world.range.iter_days().filter(|day| is_live(*day)).filter(is_reported).collect();
    let mut last_used = None;
    let (mut sessions, mut by_hour) = (0.0, [0.0; 168]);
    for (session, of) in &world.sessions {
        if *of != evse {
            continue;
        }
        // Of the month in which the data begins, whatever there is: a clock in Denver shows the day before.
        let begins = zone.to_datetime(session.plug_in);
        if world.range.first.first_of_month() <= begins.date() && begins.date() <= world.range.last {
            sessions += 1.0;
            by_hour[usize::try_from(
                i16::from(begins.weekday().to_monday_zero_offset()) * 24 + i16::from(begins.hour()),
            )
            .unwrap()] += 1.0;
        }
        let mut at = session.plug_in;
        while at < session.plug_out {
            let day = zone.to_datetime(at).date();
            if world.range.contains(day) {
                last_used = last_used.max(Some(day));
            }
            at = at.checked_add(jiff::Span::new().minutes(1)).unwrap();
        }
    }
    Known { reported, last_used, sessions, by_hour }
}

#[tokio::test]
async fn unused_are_the_charge_points_in_service_without_a_session_on_their_last_reported_days() {
    let (world, snapshot, _dir) = world(9).await;
    let query = query("evses_unused", &[], world.range);
    let found = Engine::new().unused(&snapshot, &query, 6, 1000, OWNER).await.unwrap();
    let mut expected = BTreeMap::new();
    let last = number(world.range.last);
    for evse in 1..=18 {
        let is_live = world.members.iter().any(|member| member.evse == evse && member.live_last >= last);
        let known = known(&world, evse);
        let since = known.reported.iter().filter(|day| Some(**day) > known.last_used).count();
        if is_live && since >= 6 {
            let id = world.members.iter().find(|member| member.evse == evse).unwrap().evse_id.to_string();
            expected.insert(id, (known, since));
        }
    }
    assert!(!expected.is_empty(), "some have not been used for six days");
    let ids: BTreeSet<&str> = found.members.iter().map(|member| &*member.evse).collect();
    assert_eq!(ids, expected.keys().map(String::as_str).collect());
    for member in &found.members {
        let (known, since) = &expected[&member.evse];
        assert_eq!((member.last_used, member.reported_days_since as usize), (known.last_used, *since));
        assert_eq!(Some(&member.last_reported), known.reported.last());
        close(Some(member.sessions_before), Some(known.sessions), &member.evse);
        assert_eq!(member.state == UnusedState::NeverUsed, known.last_used.is_none());
        assert_eq!(member.chance_of_none.is_some(), known.sessions >= 1.0 && known.last_used.is_some());
        if member.chance_of_none.is_some() {
            let (expected, chance) = known.surprise();
            close(member.expected_sessions, Some(expected), &member.evse);
            close(member.chance_of_none, Some(chance), &member.evse);
        }
    }
    let chances: Vec<f64> = found.members.iter().filter_map(|member| member.chance_of_none).collect();
    assert!(chances.is_sorted(), "the most surprising first");
}

#[tokio::test]
async fn findings_tell_the_figures_and_what_is_missing() {
    let (world, snapshot, _dir) = world(10).await;
    let query = query("sessions", &[], world.range);
    let found = Engine::new().findings(&snapshot, &query, OWNER).await.unwrap();
    let text: Vec<&str> = found.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    assert!((2..=4).contains(&text.len()), "{text:?}");
    let sessions = oracle(&world, &[], world.range)[&Vec::new()].figure("sessions").unwrap();
    assert!(
        text[0].starts_with(&format!("{sessions} charging sessions were reported from 14 Sep 2023 to 20 Apr 2024"))
    );
    assert!(text[1].contains("do not cover all of the same days a year before"), "{text:?}");
    let query = self::query("sessions", &[("operator", "gb-aaa")], world.range);
    let found = Engine::new().findings(&snapshot, &query, OWNER).await.unwrap();
    let last = found.sentences.last().unwrap();
    // Its returns leave out 19 days; with few charge points that is little or much of their time.
    let is_told =
        last.text.starts_with("For 19 days there is no return at all") || last.text.starts_with("Returns cover");
    assert!(is_told, "{last:?}");
}

#[tokio::test]
async fn without_any_data_every_pattern_is_empty_and_says_so() {
    let empty = Snapshot::read(0, jiff::Timestamp::UNIX_EPOCH, false, BTreeMap::new(), None).unwrap();
    let query = Query::of(&["sessions"], &[], &[], None).unwrap();
    let (engine, measure) = (Engine::new(), Measure::of("sessions").unwrap());
    assert!(engine.calendar(&empty, &query, &measure, OWNER).await.unwrap().days.is_empty());
    assert!(engine.trend(&empty, &query, &measure, OWNER).await.unwrap().days.is_empty());
    assert!(engine.typical_day(&empty, &query, &measure, OWNER).await.unwrap().week.is_empty());
    assert_eq!(engine.archetypes(&empty, &query, Dimension::Evse, 10, OWNER).await.unwrap().total_members, 0);
    assert_eq!(engine.concentration(&empty, &query, Dimension::Evse, OWNER).await.unwrap().gini, None);
    assert_eq!(engine.unused(&empty, &query, 28, 10, OWNER).await.unwrap().evses, 0);
    let found = engine.findings(&empty, &query, OWNER).await.unwrap();
    assert_eq!(found.sentences.len(), 1);
    assert_eq!(found.sentences[0].text, "There is no data yet.");
}
