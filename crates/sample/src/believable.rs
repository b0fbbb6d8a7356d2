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

/// The sums of some quarters in a row.
fn by_band(sample: &Sample, quarters: &[SampleReturn]) -> BTreeMap<PowerBand, Sums> {
    let mut sums: BTreeMap<PowerBand, Sums> = BTreeMap::new();
    let first = quarters.iter().map(|quarter| day_number(quarter.period.first)).min().unwrap_or(0);
    let last = quarters.iter().map(|quarter| day_number(quarter.period.last)).max().unwrap_or(0);
    for evse in sample.estate_evses() {
        let live = evse.service.1.unwrap_or(last).min(last) - evse.service.0.max(first) + 1;
        sums.entry(PowerBand::of(Some(evse.rated_kw))).or_default().live_days += live.max(0) as f64;
    }
    for (visit, rated_kw) in quarters.iter().flat_map(|quarter| sample.visits_with_power(quarter)) {
        let sum = sums.entry(PowerBand::of(Some(rated_kw))).or_default();
        sum.sessions += 1.0;
        sum.plugged_s += (visit.end - visit.start) as f64;
        sum.energy_kwh += visit.energy_wh as f64 / 1000.0;
    }
    sums
}

/// Plugged share of the time, sessions a day, and kWh a session, each within what is known of real ones.
fn assert_believable(sums: &BTreeMap<PowerBand, Sums>) {
    let within = [
        (PowerBand::Slow, 0.2..0.4, 0.3..1.5),
        (PowerBand::Fast, 0.05..0.2, 0.3..2.0),
        (PowerBand::Rapid, 0.1..0.2, 3.0..8.0),
        (PowerBand::Ultra, 0.1..0.2, 3.0..8.0),
    ];
    for (band, used, turnover) in within {
        let sum = &sums[&band];
        let (share, daily) = (sum.plugged_s / 86_400.0 / sum.live_days, sum.sessions / sum.live_days);
        let mean = sum.energy_kwh / sum.sessions;
        assert!(used.contains(&share), "{band}: plugged in for {share:.3} of the time");
        assert!(turnover.contains(&daily), "{band}: {daily:.2} sessions a day");
        assert!((8.0..30.0).contains(&mean), "{band}: {mean:.1} kWh a session");
    }
}

#[test]
fn use_of_a_small_sample_is_believable_in_every_power_band() {
    let sample = sample(Size::Small, 1);
    assert_believable(&by_band(&sample, &all_quarters(&sample)));
}

#[test]
fn use_of_a_london_sample_is_believable_in_every_power_band() {
    let sample = sample(Size::London, 1);
    let quarters = all_quarters(&sample);
    // The middle quarter stands for all: growth before and after it evens out.
    let middle: Vec<SampleReturn> = quarters.chunks(12).nth(10).map(<[_]>::to_vec).unwrap_or_default();
    assert_believable(&by_band(&sample, &middle));
}

#[test]
fn a_tariff_change_shows_in_the_number_of_sessions() {
    let sample = sample(Size::Small, 1);
    let quarters = all_quarters(&sample);
    // Bramblecourt's price rises at 62 % of the sample, in its fifth quarter; the fourth and the sixth are whole.
    let counts: Vec<f64> = quarters
        .iter()
        .filter(|quarter| quarter.operator == "gb-brc")
        .map(|quarter| sample.visits(quarter).len() as f64)
        .collect();
    assert!(counts[5] < counts[3] * 0.88, "{counts:?}");
}
