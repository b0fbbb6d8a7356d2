//! Tests of what happens in a sample, before files are made of it.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::{Date, date};
use kerbwatt_model::{PowerBand, day_number};

use crate::sessions::Visit;
use crate::{Borough, Sample, SampleReturn, Size};

const LAST_DAY: Date = date(2025, 9, 30);

/// Nine square boroughs around Camden.
fn boroughs() -> Vec<Borough> {
    let square = |n: u32| {
        let (x, y) = (-0.3 + f64::from(n % 3) * 0.1, 51.4 + f64::from(n / 3) * 0.06);
        Borough { code: format!("E09{:06}", n + 1), name: format!("Square {n}"), bbox: [x, y, x + 0.1, y + 0.06] }
    };
    (0..9).map(square).collect()
}

fn sample(size: Size, seed: u64) -> Sample {
    let boroughs = boroughs();
    let inside = |code: &str, latitude: f64, longitude: f64| {
        let found = boroughs.iter().find(|borough| borough.code == code);
        found.is_some_and(|b| (b.bbox[1]..b.bbox[3]).contains(&latitude) && (b.bbox[0]..b.bbox[2]).contains(&longitude))
    };
    Sample::new(size, seed, &boroughs, &inside, LAST_DAY)
}

/// Every quarter of every operator, also those for which no return came.
fn all_quarters(sample: &Sample) -> Vec<SampleReturn> {
    let mut all = Vec::new();
    for period in crate::calendar::quarters(sample.period()) {
        all.extend(sample.operators().iter().map(|operator| SampleReturn {
            operator: operator.id.to_owned(),
            period,
            file_name: String::new(),
            layout: operator.layout,
        }));
    }
    all
}

#[test]
fn no_session_overlaps_another_on_its_evse_also_across_quarters() {
    let sample = sample(Size::Small, 3);
    let mut free: HashMap<(String, usize), i64> = HashMap::new();
    for quarter in all_quarters(&sample) {
        for Visit { evse, start, end, charging_end, .. } in sample.visits(&quarter) {
            assert!(start < end && start <= charging_end && charging_end <= end);
            let before = free.insert((quarter.operator.clone(), evse), end);
            assert!(before.is_none_or(|before| before <= start), "{} {evse} {start}", quarter.operator);
        }
    }
}

#[test]
fn every_session_starts_in_the_quarter_of_its_return() {
    let sample = sample(Size::Small, 4);
    let zone = kerbwatt_model::Zone::london();
    for quarter in all_quarters(&sample).iter().step_by(5) {
        for visit in sample.visits(quarter) {
            let day = zone.day(jiff::Timestamp::from_second(visit.start).unwrap_or_default());
            assert!(quarter.period.contains(day), "{day} in {}", quarter.period);
        }
    }
}

/// Sums over the points of a power band.
#[derive(Debug, Default)]
struct Sums {
    live_days: f64,
    sessions: f64,
    plugged_s: f64,
    energy_kwh: f64,
}

fn by_band(sample: &Sample) -> BTreeMap<PowerBand, Sums> {
    let mut sums: BTreeMap<PowerBand, Sums> = BTreeMap::new();
    let (first, last) = (day_number(sample.period().first), day_number(sample.period().last));
    for evse in sample.estate_evses() {
        let live = evse.service.1.unwrap_or(last).min(last) - evse.service.0.max(first) + 1;
        sums.entry(PowerBand::of(Some(evse.rated_kw))).or_default().live_days += live.max(0) as f64;
    }
    for quarter in all_quarters(sample) {
        for (visit, rated_kw) in sample.visits_with_power(&quarter) {
            let sum = sums.entry(PowerBand::of(Some(rated_kw))).or_default();
            sum.sessions += 1.0;
            sum.plugged_s += (visit.end - visit.start) as f64;
            sum.energy_kwh += visit.energy_wh as f64 / 1000.0;
        }
    }
    sums
}

#[test]
fn probe_london() {
    let sample = sample(Size::London, 1);
    let (mut sums, quarters) = (BTreeMap::<PowerBand, Sums>::new(), all_quarters(&sample));
    let middle = quarters[120].period;
    let (first, last) = (day_number(middle.first), day_number(middle.last));
    for evse in sample.estate_evses() {
        let live = evse.service.1.unwrap_or(last).min(last) - evse.service.0.max(first) + 1;
        sums.entry(PowerBand::of(Some(evse.rated_kw))).or_default().live_days += live.max(0) as f64;
    }
    for quarter in quarters.iter().filter(|q| q.period == middle) {
        for (visit, rated_kw) in sample.visits_with_power(quarter) {
            let sum = sums.entry(PowerBand::of(Some(rated_kw))).or_default();
            sum.sessions += 1.0;
            sum.plugged_s += (visit.end - visit.start) as f64;
            sum.energy_kwh += visit.energy_wh as f64 / 1000.0;
        }
    }
    for (band, sum) in &sums {
        eprintln!("LONDON {band} {:.3} {:.2} {:.1} {};", sum.plugged_s / 86_400.0 / sum.live_days, sum.sessions / sum.live_days, sum.energy_kwh / sum.sessions, sum.sessions);
    }
}

#[test]
fn use_is_believable_in_every_power_band() {
    let sums = by_band(&sample(Size::Small, 1));
    let within = [
        (PowerBand::Slow, 0.2..0.4, 0.3..1.5),
        (PowerBand::Fast, 0.04..0.2, 0.3..2.0),
        (PowerBand::Rapid, 0.1..0.2, 3.0..8.0),
        (PowerBand::Ultra, 0.1..0.2, 3.0..8.0),
    ];
    let mut all = String::new();
    for (band, sum) in &sums {
        all += &format!("{band} {:.3} {:.2} {:.1} {};", sum.plugged_s / 86_400.0 / sum.live_days, sum.sessions / sum.live_days, sum.energy_kwh / sum.sessions, sum.sessions);
    }
    eprintln!("PROBE {all}");
    for (band, used, turnover) in within {
        let sum = &sums[&band];
        let (share, daily) = (sum.plugged_s / 86_400.0 / sum.live_days, sum.sessions / sum.live_days);
        let mean = sum.energy_kwh / sum.sessions;
        assert!(used.contains(&share) && turnover.contains(&daily), "{band}: {share:.3} {daily:.2} {mean:.1}");
        assert!((8.0..30.0).contains(&mean), "{band}: {mean} kWh a session");
    }
}
