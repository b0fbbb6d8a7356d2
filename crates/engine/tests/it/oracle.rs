//! The figures once more, minute by minute and quarter hour by quarter hour, sharing nothing with the engine.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use kerbwatt_engine::Member;
use kerbwatt_model::{CurrentType, Period};

use crate::world::{World, number};

/// What is asked, in ids.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) by: Vec<&'static str>,
    pub(crate) filters: Vec<(&'static str, Vec<String>)>,
    pub(crate) period: Period,
}

/// Values of the dimensions as they read in an answer; an empty text stands for none.
pub(crate) type Key = Vec<String>;

#[derive(Debug, Default)]
pub(crate) struct Cell {
    sessions: f64,
    failed: f64,
    started_kwh: Vec<f64>,
    started_min: Vec<f64>,
    plugged_min: f64,
    kwh: f64,
    rated_kwh: f64,
    available_min: f64,
    capacity_kwh: f64,
    registered_days: f64,
    reported_days: f64,
    users: HashSet<i32>,
    reported_evses: HashSet<i32>,
    live: i64,
    at_once: BTreeMap<i64, HashSet<usize>>,
}

fn place(member: &Member, dimension: &str) -> Option<String> {
    let text = |value: &str| Some(value.to_owned());
    match dimension {
        "borough" => member.areas[0].as_deref().and_then(text),
        "ward" => member.areas[1].as_deref().and_then(text),
        "operator" => text(&member.operator),
        "location" => text(&member.location),
        "device" => text(&member.device),
        "evse" => text(&member.evse_id),
        "power_band" => text(member.band.id()),
        "current" => member.current.map(CurrentType::id).and_then(text),
        "siting" => text(member.siting.id()),
        _ => None,
    }
}

fn is_time(dimension: &str) -> bool {
    matches!(
        dimension,
        "hour" | "day" | "week" | "month" | "quarter" | "year" | "hour_of_week" | "hour_of_day" | "weekday"
    )
}

fn time(at: DateTime, dimension: &str) -> String {
    let weekday = i32::from(at.date().weekday().to_monday_zero_offset());
    match dimension {
        "hour" => at.strftime("%Y-%m-%dT%H").to_string(),
        "day" => at.date().to_string(),
        "week" => at.date().checked_sub(weekday.days()).unwrap().to_string(),
        "month" => at.strftime("%Y-%m").to_string(),
        "quarter" => format!("{}-Q{}", at.year(), (at.month() + 2) / 3),
        "year" => at.year().to_string(),
        "hour_of_week" => (weekday * 24 + i32::from(at.hour())).to_string(),
        "hour_of_day" => at.hour().to_string(),
        "weekday" => weekday.to_string(),
        other => unreachable!("{other} is not a time"),
    }
}

impl Asked {
    fn key(&self, member: &Member, at: DateTime) -> Option<Key> {
        for (dimension, values) in &self.filters {
            if !place(member, dimension).is_some_and(|value| values.contains(&value)) {
                return None;
            }
        }
        if !self.period.contains(at.date()) {
            return None;
        }
        let value = |dimension: &&str| {
            if is_time(dimension) { time(at, dimension) } else { place(member, dimension).unwrap_or_default() }
        };
        Some(self.by.iter().map(value).collect())
    }
}

/// The version that holds on a day.
fn on(world: &World, evse: i32, day: Date) -> &Member {
    let day = number(day);
    world.members.iter().find(|m| m.evse == evse && m.valid_first <= day && day <= m.valid_last).unwrap()
}

pub(crate) fn cells(world: &World, asked: &Asked) -> HashMap<Key, Cell> {
    let mut cells: HashMap<Key, Cell> = HashMap::new();
    for (at, (session, evse)) in world.sessions.iter().enumerate() {
        add_session(world, asked, &mut cells, at, session, *evse);
    }
    for member in &world.members {
        add_capacity(world, asked, &mut cells, member);
    }
    add_live(world, asked, &mut cells);
    cells
}

fn add_session(
    world: &World,
    asked: &Asked,
    cells: &mut HashMap<Key, Cell>,
    at: usize,
    session: &kerbwatt_model::Session,
    evse: i32,
) {
    let zone = TimeZone::get(&on(world, evse, world.range.first).zone).unwrap();
    let minutes = |end: Timestamp| (end.as_second() - session.plug_in.as_second()) / 60;
    let plugged = minutes(session.plug_out);
    let charging = session.charging_end.map_or(plugged, minutes);
    let local = |minute: i64| zone.to_datetime(session.plug_in.checked_add(minute.minutes()).unwrap());
    let begin = local(0);
    let member = on(world, evse, begin.date());
    if let Some(key) = asked.key(member, begin) {
        let cell = cells.entry(key).or_default();
        cell.sessions += 1.0;
        cell.failed += if session.energy_kwh == 0.0 || plugged < 1 { 1.0 } else { 0.0 };
        cell.started_kwh.push(session.energy_kwh);
        cell.started_min.push(plugged as f64);
        cell.users.insert(evse);
        if charging == 0 {
            cell.kwh += session.energy_kwh;
            cell.rated_kwh += if member.rated_kw.is_some() { session.energy_kwh } else { 0.0 };
        }
    }
    for minute in 0..plugged {
        let now = local(minute);
        let member = on(world, evse, now.date());
        let Some(key) = asked.key(member, now) else { continue };
        let cell = cells.entry(key).or_default();
        cell.plugged_min += 1.0;
        cell.at_once.entry(session.plug_in.as_second() / 60 + minute).or_default().insert(at);
        if minute < charging {
            let part = session.energy_kwh / charging as f64;
            cell.kwh += part;
            cell.rated_kwh += if member.rated_kw.is_some() { part } else { 0.0 };
        }
    }
}

fn is_live(member: &Member, day: Date) -> bool {
    let day = number(day);
    (member.valid_first..=member.valid_last).contains(&day) && (member.live_first..=member.live_last).contains(&day)
}

fn add_capacity(world: &World, asked: &Asked, cells: &mut HashMap<Key, Cell>, member: &Member) {
    let zone = TimeZone::get(&member.zone).unwrap();
    let hours = asked.by.iter().any(|dimension| dimension.starts_with("hour"));
    for day in asked.period.iter_days().filter(|day| is_live(member, *day)) {
        let reported = world.reported[&*member.operator].iter().any(|period| period.contains(day));
        let midnight = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap();
        if !hours && let Some(key) = asked.key(member, day.at(0, 0, 0, 0)) {
            let cell = cells.entry(key).or_default();
            cell.registered_days += if member.registered { 1.0 } else { 0.0 };
            cell.reported_days += if member.registered && reported { 1.0 } else { 0.0 };
            if reported {
                cell.reported_evses.insert(member.evse);
            }
        }
        if !reported {
            continue;
        }
        let (mut at, end) = (midnight(day), midnight(day.tomorrow().unwrap()));
        while at < end {
            if let Some(key) = asked.key(member, zone.to_datetime(at)) {
                let cell = cells.entry(key).or_default();
                cell.available_min += 15.0;
                cell.capacity_kwh += member.rated_kw.unwrap_or(0.0) / 4.0;
            }
            at = at.checked_add(15.minutes()).unwrap();
        }
    }
}

/// EVSEs live on the last day of each bucket.
fn add_live(world: &World, asked: &Asked, cells: &mut HashMap<Key, Cell>) {
    if asked.by.iter().any(|dimension| dimension.starts_with("hour") || *dimension == "weekday") {
        return;
    }
    let times =
        |day: Date| -> Key { asked.by.iter().filter(|d| is_time(d)).map(|d| time(day.at(0, 0, 0, 0), d)).collect() };
    let days: BTreeSet<Date> = asked.period.iter_days().collect();
    for day in &days {
        let is_last = day.tomorrow().ok().is_none_or(|next| !days.contains(&next) || times(next) != times(*day));
        for member in world.members.iter().filter(|member| is_last && is_live(member, *day)) {
            if let Some(key) = asked.key(member, day.at(0, 0, 0, 0)) {
                cells.entry(key).or_default().live += 1;
            }
        }
    }
}

impl Cell {
    /// The figure of a metric; none where there is none.
    pub(crate) fn figure(&self, metric: &str) -> Option<f64> {
        let known = self.available_min > 0.0 || self.sessions > 0.0 || self.plugged_min > 0.0;
        let ratio = |above: f64, below: f64| (below > 0.0).then(|| above / below);
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let evse_days = self.available_min / 1440.0;
        match metric {
            "sessions" => known.then_some(self.sessions),
            "failed_starts" => known.then_some(self.failed),
            "energy_kwh" => known.then_some(self.kwh),
            "plugged_hours" => known.then_some(self.plugged_min / 60.0),
            "utilisation_time" => ratio(self.plugged_min, self.available_min),
            "utilisation_energy" => ratio(self.rated_kwh, self.capacity_kwh),
            "sessions_per_evse_day" => ratio(self.sessions, evse_days),
            "kwh_per_evse_day" => ratio(self.kwh, evse_days),
            "energy_per_session" => ratio(sum(&self.started_kwh), self.sessions),
            "duration_per_session" => ratio(sum(&self.started_min), self.sessions),
            "energy_per_session_median" => median(&self.started_kwh),
            "duration_per_session_median" => median(&self.started_min),
            "failed_start_rate" => ratio(self.failed, self.sessions),
            "coverage" => ratio(self.reported_days, self.registered_days),
            "evses" => Some(self.live as f64),
            "evses_in_use" => known.then_some(self.users.len() as f64),
            "evses_unused" => {
                (self.available_min > 0.0).then(|| self.reported_evses.difference(&self.users).count() as f64)
            }
            "peak_concurrency" => known.then(|| self.at_once.values().map(HashSet::len).max().unwrap_or(0) as f64),
            other => unreachable!("{other} has no oracle"),
        }
    }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len();
    (count > 0).then(|| (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0)
}
