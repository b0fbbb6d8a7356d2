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
    open_min: f64,
    open_kwh: f64,
    open_charging_min: f64,
    kwh: f64,
    rated_kwh: f64,
    available_min: f64,
    capacity_kwh: f64,
    registered_days: f64,
    reported_days: f64,
    users: HashSet<i32>,
    reported_evses: HashSet<i32>,
    live: i64,
    live_devices: HashSet<String>,
    live_locations: HashSet<String>,
    live_kw: Vec<Option<f64>>,
    live_days: f64,
    live_min: f64,
    rated_min: f64,
    at_once: BTreeMap<i64, HashSet<i32>>,
    charging_min: f64,
    ended_min: f64,
    unended_min: f64,
    ends_available_min: f64,
    kw: Vec<f64>,
    fees: Vec<(f64, f64)>,
    by_driver: BTreeMap<String, f64>,
    open_site_min: f64,
    taken_site_min: f64,
    live_site_min: f64,
    since: Vec<f64>,
}

fn place(member: &Member, dimension: &str) -> Option<String> {
    let text = |value: &str| Some(value.to_owned());
    match dimension {
        "borough" => member.areas[0].as_deref().and_then(text),
        "ward" => member.areas[1].as_deref().and_then(text),
        "msoa" => member.areas[2].as_deref().and_then(text),
        "lsoa" => member.areas[3].as_deref().and_then(text),
        "cell" => member.areas[4].as_deref().and_then(text),
        "operator" => text(&member.operator),
        "location" => text(&member.location),
        "device" => text(&member.device),
        "evse" => text(&member.evse_id),
        "power_band" => text(member.band.id()),
        "current" => member.current.map(CurrentType::id).and_then(text),
        "siting" => text(member.siting.id()),
        "owner_borough" => member.owner_borough.as_deref().and_then(text),
        "funding_scheme" => member.funding_scheme.as_deref().and_then(text),
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

fn is_of_session(dimension: &str) -> bool {
    dimension.starts_with("session_")
}

/// The bin as its id reads, found by counting up.
fn bin(dimension: &str, minutes: f64, kwh: f64) -> String {
    let (ends, ids, value): (&[f64], &[&str], f64) = if dimension == "session_length" {
        (
            &[1.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 720.0, 1440.0],
            &["0-1_min", "1-15_min", "15-30_min", "30-60_min", "1-2_h", "2-4_h", "4-8_h", "8-12_h", "12-24_h", "24_h"],
            minutes,
        )
    } else {
        (
            &[0.0, 5.0, 10.0, 20.0, 30.0, 50.0, 75.0, 100.0],
            &["0-5_kwh", "5-10_kwh", "10-20_kwh", "20-30_kwh", "30-50_kwh", "50-75_kwh", "75-100_kwh", "100_kwh"],
            kwh,
        )
    };
    if dimension == "session_energy" {
        return if value == 0.0 { "0_kwh" } else { ids[ends.iter().filter(|end| value >= **end).count() - 1] }
            .to_owned();
    }
    ids[ends.iter().filter(|end| value >= **end).count()].to_owned()
}

impl Asked {
    fn key(&self, member: &Member, at: DateTime) -> Option<Key> {
        self.key_of(member, at, None)
    }

    /// The key of a minute of a session of some minutes and kWh.
    fn key_of(&self, member: &Member, at: DateTime, session: Option<(f64, f64)>) -> Option<Key> {
        for (dimension, values) in &self.filters {
            if !place(member, dimension).is_some_and(|value| values.contains(&value)) {
                return None;
            }
        }
        if !self.period.contains(at.date()) {
            return None;
        }
        let value = |dimension: &&str| {
            if let (true, Some((minutes, kwh))) = (is_of_session(dimension), session) {
                return bin(dimension, minutes, kwh);
            }
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
    let ends = months_with_ends(world);
    for (session, evse) in &world.sessions {
        add_session(world, asked, &mut cells, session, *evse, &ends);
    }
    if asked.by.iter().any(|dimension| is_of_session(dimension)) {
        return cells;
    }
    for member in &world.members {
        add_capacity(world, asked, &mut cells, member, &ends);
    }
    add_live(world, asked, &mut cells);
    if counts_sites(asked) {
        add_sites(world, asked, &mut cells);
    }
    add_since(world, asked, &mut cells);
    cells
}

/// Operators and months with a minute of a session whose end of charging is known, and with a reported day of a live EVSE.
fn months_with_ends(world: &World) -> HashSet<(String, String)> {
    let mut said = HashSet::new();
    for (session, evse) in world.sessions.iter().filter(|(session, _)| session.charging_end.is_some()) {
        let member = on(world, *evse, world.range.first);
        let zone = TimeZone::get(&member.zone).unwrap();
        let last = session.plug_out.checked_sub(1.minutes()).unwrap().max(session.plug_in);
        let mut at = session.plug_in;
        loop {
            said.insert((member.operator.to_string(), zone.to_datetime(at).strftime("%Y-%m").to_string()));
            if at == last {
                break;
            }
            at = at.checked_add(1.hours()).unwrap().min(last);
        }
    }
    let is_reported = |(operator, month): &(String, String)| {
        let days = Period::parse(month).unwrap();
        let is_live = |day: Date| world.members.iter().any(|m| *m.operator == **operator && is_live(m, day));
        days.iter_days().any(|day| is_live(day) && reports(world, operator, day))
    };
    said.into_iter().filter(is_reported).collect()
}

fn reports(world: &World, operator: &str, day: Date) -> bool {
    world.reported[operator].iter().any(|period| period.contains(day))
}

fn minute(at: Timestamp) -> i64 {
    at.as_second() / 60
}

/// Counting sites minute by minute takes long: it is done for short periods.
pub(crate) fn counts_sites(asked: &Asked) -> bool {
    asked.period.days() <= 35 && asked.by.iter().all(|dimension| !matches!(*dimension, "evse" | "device"))
}

/// Minute by minute: which EVSEs of each location are taken.
fn add_sites(world: &World, asked: &Asked, cells: &mut HashMap<Key, Cell>) {
    let mut taken: HashSet<(i32, i64)> = HashSet::new();
    for (session, evse) in &world.sessions {
        taken.extend((minute(session.plug_in)..minute(session.plug_out)).map(|at| (*evse, at)));
    }
    // Sites by cell and minute: EVSEs live, reported, taken.
    let mut counts: HashMap<(Key, &str), BTreeMap<i64, [usize; 3]>> = HashMap::new();
    for member in &world.members {
        let zone = TimeZone::get(&member.zone).unwrap();
        for day in asked.period.iter_days().filter(|day| is_live(member, *day)) {
            let reported = reports(world, &member.operator, day);
            let midnight = |day: Date| minute(zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap());
            // A clock shows the same hour for at least a quarter of one.
            for quarter in (midnight(day)..midnight(day.tomorrow().unwrap())).step_by(15) {
                let now = zone.to_datetime(Timestamp::from_second(quarter * 60).unwrap());
                let Some(key) = asked.key(member, now) else { continue };
                let minutes = counts.entry((key, &member.location)).or_default();
                for at in quarter..quarter + 15 {
                    let count = minutes.entry(at).or_default();
                    count[0] += 1;
                    count[1] += usize::from(reported);
                    count[2] += usize::from(reported && taken.contains(&(member.evse, at)));
                }
            }
        }
    }
    for ((key, _), minutes) in counts {
        let cell = cells.entry(key).or_default();
        cell.live_site_min += minutes.len() as f64;
        cell.open_site_min += minutes.values().filter(|[_, open, _]| *open > 0).count() as f64;
        cell.taken_site_min += minutes.values().filter(|[_, open, taken]| *open > 0 && open == taken).count() as f64;
    }
}

/// Day by day backwards: reported days since somebody was plugged in.
fn add_since(world: &World, asked: &Asked, cells: &mut HashMap<Key, Cell>) {
    if asked.by.iter().any(|dimension| is_time(dimension)) {
        return;
    }
    let end = asked.period.last;
    for member in world.members.iter().filter(|member| is_live(member, end)) {
        let Some(key) = asked.key(member, end.at(0, 0, 0, 0)) else { continue };
        let versions = || world.members.iter().filter(|other| other.evse == member.evse);
        let counts = |day: Date| reports(world, &member.operator, day) && versions().any(|one| is_live(one, day));
        if !asked.period.iter_days().any(counts) {
            continue;
        }
        let zone = TimeZone::get(&member.zone).unwrap();
        let used: HashSet<Date> = world
            .sessions
            .iter()
            .filter(|(_, evse)| *evse == member.evse)
            .flat_map(|(session, _)| {
                let begin = zone.to_datetime(session.plug_in).date();
                let last = if session.plug_out > session.plug_in {
                    zone.to_datetime(session.plug_out.checked_sub(1.minutes()).unwrap()).date()
                } else {
                    begin
                };
                Period::new(begin, last).unwrap().iter_days().collect::<Vec<_>>()
            })
            .collect();
        let mut days = 0.0;
        let mut day = end;
        while day >= world.range.first && !used.contains(&day) {
            days += if counts(day) { 1.0 } else { 0.0 };
            day = day.yesterday().unwrap();
        }
        cells.entry(key).or_default().since.push(days);
    }
}

fn add_session(
    world: &World,
    asked: &Asked,
    cells: &mut HashMap<Key, Cell>,
    session: &kerbwatt_model::Session,
    evse: i32,
    ends: &HashSet<(String, String)>,
) {
    let zone = TimeZone::get(&on(world, evse, world.range.first).zone).unwrap();
    let minutes = |end: Timestamp| (end.as_second() - session.plug_in.as_second()) / 60;
    let plugged = minutes(session.plug_out);
    let charging = session.charging_end.map_or(plugged, minutes);
    let local = |minute: i64| zone.to_datetime(session.plug_in.checked_add(minute.minutes()).unwrap());
    let begin = local(0);
    let member = on(world, evse, begin.date());
    let of_session = Some((plugged as f64, session.energy_kwh));
    if let Some(key) = asked.key_of(member, begin, of_session) {
        let cell = cells.entry(key).or_default();
        if charging > 0 {
            cell.kw.push(session.energy_kwh * 60.0 / charging as f64);
        }
        cell.fees.extend(session.fee_pence.map(|pence| (pence, session.energy_kwh)));
        if let Some(driver) = &session.driver {
            *cell.by_driver.entry(driver.to_string()).or_default() += session.energy_kwh;
        }
        cell.sessions += 1.0;
        cell.failed += if session.energy_kwh == 0.0 || plugged < 1 { 1.0 } else { 0.0 };
        cell.started_kwh.push(session.energy_kwh);
        cell.started_min.push(plugged as f64);
        cell.users.insert(evse);
        if charging == 0 {
            cell.kwh += session.energy_kwh;
            if is_live(member, begin.date()) && reports(world, &member.operator, begin.date()) {
                cell.open_kwh += session.energy_kwh;
                cell.rated_kwh += if member.rated_kw.is_some() { session.energy_kwh } else { 0.0 };
            }
        }
    }
    for minute in 0..plugged {
        let now = local(minute);
        let member = on(world, evse, now.date());
        let Some(key) = asked.key_of(member, now, of_session) else { continue };
        let cell = cells.entry(key).or_default();
        cell.plugged_min += 1.0;
        let is_open = is_live(member, now.date()) && reports(world, &member.operator, now.date());
        if is_open {
            cell.open_min += 1.0;
            cell.open_charging_min += if session.charging_end.is_some() && minute < charging { 1.0 } else { 0.0 };
        }
        if session.charging_end.is_some() {
            cell.ended_min += 1.0;
            cell.charging_min += if minute < charging { 1.0 } else { 0.0 };
        } else if is_open && ends.contains(&(member.operator.to_string(), now.strftime("%Y-%m").to_string())) {
            cell.unended_min += 1.0;
        }
        cell.at_once.entry(session.plug_in.as_second() / 60 + minute).or_default().insert(evse);
        if minute < charging {
            let part = session.energy_kwh / charging as f64;
            cell.kwh += part;
            cell.open_kwh += if is_open { part } else { 0.0 };
            cell.rated_kwh += if is_open && member.rated_kw.is_some() { part } else { 0.0 };
        }
    }
}

fn is_live(member: &Member, day: Date) -> bool {
    let day = number(day);
    (member.valid_first..=member.valid_last).contains(&day) && (member.live_first..=member.live_last).contains(&day)
}

fn add_capacity(
    world: &World,
    asked: &Asked,
    cells: &mut HashMap<Key, Cell>,
    member: &Member,
    ends: &HashSet<(String, String)>,
) {
    let zone = TimeZone::get(&member.zone).unwrap();
    let hours = asked.by.iter().any(|dimension| dimension.starts_with("hour"));
    for day in asked.period.iter_days().filter(|day| is_live(member, *day)) {
        let reported = reports(world, &member.operator, day);
        let says_ends = ends.contains(&(member.operator.to_string(), day.strftime("%Y-%m").to_string()));
        let midnight = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap();
        if !hours && let Some(key) = asked.key(member, day.at(0, 0, 0, 0)) {
            let cell = cells.entry(key).or_default();
            cell.live_days += 1.0;
            cell.registered_days += if member.registered { 1.0 } else { 0.0 };
            cell.reported_days += if member.registered && reported { 1.0 } else { 0.0 };
            if reported {
                cell.reported_evses.insert(member.evse);
            }
        }
        let (mut at, end) = (midnight(day), midnight(day.tomorrow().unwrap()));
        while at < end {
            if let Some(key) = asked.key(member, zone.to_datetime(at)) {
                let cell = cells.entry(key).or_default();
                cell.live_min += 15.0;
                if reported {
                    cell.available_min += 15.0;
                    cell.capacity_kwh += member.rated_kw.unwrap_or(0.0) / 4.0;
                    cell.rated_min += if member.rated_kw.is_some() { 15.0 } else { 0.0 };
                    cell.ends_available_min += if says_ends { 15.0 } else { 0.0 };
                }
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
                let cell = cells.entry(key).or_default();
                cell.live += 1;
                cell.live_devices.insert(member.device.to_string());
                cell.live_locations.insert(member.location.to_string());
                cell.live_kw.push(member.rated_kw);
            }
        }
    }
}

impl Cell {
    /// Days in service and reported, to the day: those on which clocks change are not of 24 hours.
    pub(crate) fn available_days(&self) -> f64 {
        (self.available_min / 1440.0).round()
    }

    /// Sessions started and their energy, kWh.
    pub(crate) fn started(&self) -> (f64, f64) {
        (self.sessions, self.started_kwh.iter().sum())
    }

    /// The figure of a metric; none where there is none.
    pub(crate) fn figure(&self, metric: &str) -> Option<f64> {
        let known = self.available_min > 0.0 || self.sessions > 0.0 || self.plugged_min > 0.0;
        let by_start = self.available_min > 0.0 || self.sessions > 0.0;
        let ratio = |above: f64, below: f64| (below > 0.0).then(|| above / below);
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let evse_days = self.available_min / 1440.0;
        match metric {
            "sessions" => by_start.then_some(self.sessions),
            "failed_starts" => by_start.then_some(self.failed),
            "energy_kwh" => known.then_some(self.kwh),
            "plugged_hours" => known.then_some(self.plugged_min / 60.0),
            "utilisation_time" => ratio(self.open_min, self.available_min),
            "utilisation_energy" => ratio(self.rated_kwh, self.capacity_kwh),
            "sessions_per_evse_day" => ratio(self.sessions, evse_days),
            "kwh_per_evse_day" => ratio(self.open_kwh, evse_days),
            "energy_per_session" => ratio(sum(&self.started_kwh), self.sessions),
            "duration_per_session" => ratio(sum(&self.started_min), self.sessions),
            "energy_per_session_median" => median(&self.started_kwh),
            "duration_per_session_median" => median(&self.started_min),
            "failed_start_rate" => ratio(self.failed, self.sessions),
            "coverage" => ratio(self.reported_days, self.registered_days),
            "charging_hours" => {
                (known && (self.plugged_min == 0.0 || self.ended_min > 0.0)).then(|| self.charging_min / 60.0)
            }
            "idle_hours" => (known && (self.plugged_min == 0.0 || self.ended_min > 0.0))
                .then(|| (self.ended_min - self.charging_min) / 60.0),
            "utilisation_charging" => ratio(self.open_charging_min, self.ends_available_min - self.unended_min),
            "power_per_session" => ratio(sum(&self.kw), self.kw.len() as f64),
            "power_per_session_median" => median(&self.kw),
            "devices" => Some(self.live_devices.len() as f64),
            "locations" => Some(self.live_locations.len() as f64),
            "rated_kw" if self.live_kw.is_empty() => Some(0.0),
            "rated_kw" if self.live_kw.iter().all(Option::is_none) => None,
            "rated_kw" => Some(self.live_kw.iter().flatten().sum()),
            "evse_days" => Some(self.live_days),
            "days_since_use" => median(&self.since),
            "days_since_use_max" => self.since.iter().copied().max_by(f64::total_cmp),
            "site_congestion" => ratio(self.taken_site_min, self.open_site_min),
            "unique_drivers" if self.sessions > 0.0 && self.by_driver.is_empty() => None,
            "unique_drivers" => by_start.then_some(self.by_driver.len() as f64),
            "top1_share" => self.share(1),
            "top5_share" => self.share(5),
            "revenue_gbp" if self.sessions > 0.0 && self.fees.is_empty() => None,
            "revenue_gbp" => by_start.then(|| self.fees.iter().map(|(pence, _)| pence).sum::<f64>() / 100.0),
            "price_p_per_kwh" => {
                ratio(self.fees.iter().map(|(pence, _)| pence).sum(), self.fees.iter().map(|(_, kwh)| kwh).sum())
            }
            // From the factor table as published, not from the program's.
            "co2e_avoided_kg" => known.then_some(self.kwh * (3.5 * 1.609_344 * 0.1645 - 0.20705 - 0.0183)),
            "electric_miles" => known.then_some(self.kwh * 3.5),
            "evses" => Some(self.live as f64),
            "evses_in_use" => by_start.then_some(self.users.len() as f64),
            "evses_unused" => {
                (self.available_min > 0.0).then(|| self.reported_evses.difference(&self.users).count() as f64)
            }
            "peak_concurrency" => known.then(|| self.at_once.values().map(HashSet::len).max().unwrap_or(0) as f64),
            other => unreachable!("{other} has no oracle"),
        }
    }
}

impl Cell {
    fn share(&self, users: usize) -> Option<f64> {
        let mut energies: Vec<f64> = self.by_driver.values().copied().collect();
        energies.sort_by(|a, b| b.total_cmp(a));
        let all: f64 = energies.iter().sum();
        (all > 0.0).then(|| energies.iter().take(users).sum::<f64>() / all)
    }

    /// Amounts of the ledger's lines of a rate, in their order; what is divided by comes last.
    pub(crate) fn ledger(&self, metric: &str) -> Vec<f64> {
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let kwh = sum(&self.started_kwh);
        let fee_kwh: f64 = self.fees.iter().map(|(_, kwh)| kwh).sum();
        let driver_kwh: f64 = self.by_driver.values().sum();
        let time = |unknown: &[f64], denominator: Option<f64>| {
            let mut lines = vec![self.live_min, 0.0, self.live_min - self.available_min];
            lines.extend(unknown);
            lines.push(self.available_min - sum(unknown));
            lines.extend(denominator);
            lines
        };
        match metric {
            "utilisation_time" => time(&[], None),
            "sessions_per_evse_day" | "kwh_per_evse_day" => time(&[], Some(self.available_min / 1440.0)),
            "utilisation_energy" => time(&[self.available_min - self.rated_min], Some(self.capacity_kwh)),
            "utilisation_charging" => time(&[self.available_min - self.ends_available_min, self.unended_min], None),
            "energy_per_session" | "duration_per_session" | "failed_start_rate" => vec![self.sessions, self.sessions],
            "power_per_session" => {
                vec![self.sessions, self.sessions - self.kw.len() as f64, self.kw.len() as f64]
            }
            "price_p_per_kwh" => vec![kwh, kwh - fee_kwh, fee_kwh],
            "coverage" => vec![self.live_days, self.live_days - self.registered_days, self.registered_days],
            "site_congestion" => {
                vec![self.live_site_min, 0.0, self.live_site_min - self.open_site_min, self.open_site_min]
            }
            "top1_share" | "top5_share" => vec![kwh, kwh - driver_kwh, driver_kwh],
            "charging_hours" | "idle_hours" => {
                [self.plugged_min, self.plugged_min - self.ended_min, self.ended_min].map(|min| min / 60.0).to_vec()
            }
            "revenue_gbp" => {
                let with_fee = self.fees.len() as f64;
                vec![self.sessions, self.sessions - with_fee, with_fee]
            }
            other => unreachable!("{other} has no ledger"),
        }
    }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len();
    (count > 0).then(|| (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0)
}
