//! Random questions, through every route that says it can answer, against the oracle.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::date;
use kerbwatt_engine::{Answer, ColumnKind, Engine, Route, Value};
use kerbwatt_model::{Combine, Dimension, Metric, Period, Query, Viewer, askable};

use crate::oracle::{Asked, Cell, Key, cells, counts_sites};
use crate::world::{BOROUGHS, Dice, OPERATORS, World};

const PLACES: [&str; 11] = [
    "borough",
    "ward",
    "operator",
    "location",
    "device",
    "evse",
    "power_band",
    "current",
    "siting",
    "owner_borough",
    "funding_scheme",
];
const TIMES: [&str; 9] = ["hour", "day", "week", "month", "quarter", "year", "hour_of_week", "hour_of_day", "weekday"];

fn question(dice: &mut Dice) -> Asked {
    let mut by = Vec::new();
    for _ in 0..dice.below(3) {
        by.push(*dice.pick(&PLACES));
    }
    if dice.one_in(2) {
        by.push(*dice.pick(&TIMES));
    }
    if dice.one_in(6) {
        by.push(*dice.pick(&["session_length", "session_energy"]));
    }
    by.dedup();
    let mut seen = BTreeSet::new();
    by.retain(|dimension| seen.insert(*dimension));
    let mut filters = Vec::new();
    if dice.one_in(3) {
        filters.push(("operator", vec![(*dice.pick(&OPERATORS)).to_owned()]));
    }
    if dice.one_in(3) {
        filters.push(("power_band", vec!["slow".to_owned(), "rapid".to_owned()]));
    }
    if dice.one_in(4) {
        filters.push(("borough", vec![(*dice.pick(&BOROUGHS)).to_owned()]));
    }
    let periods =
        ["2023-10..2023-12", "2024-03", "2023-10-25..2024-02-03", "2024-03-29..2024-04-02", "2023-08-20..2024-06-10"];
    // Hours of the week over whole months: what the screens ask most, and chance asks too rarely.
    if dice.one_in(4) {
        by = vec![
            *dice.pick(&["borough", "operator", "power_band", "evse"]),
            *dice.pick(&["hour_of_week", "hour_of_day"]),
        ];
        let period =
            Period::parse(dice.pick::<&str>(&["2023-10..2023-12", "2024-03", "2023-10-20..2024-03-03"])).unwrap();
        return Asked { by, filters, period };
    }
    Asked { by, filters, period: Period::parse(dice.pick::<&str>(&periods)).unwrap() }
}

/// Metrics that have a meaning for a question, and an oracle.
pub(crate) fn metrics_of(asked: &Asked) -> Vec<&'static str> {
    let has_one_operator = asked.filters.iter().any(|(dimension, _)| *dimension == "operator")
        || asked.by.iter().any(|dimension| matches!(*dimension, "operator" | "location" | "device" | "evse"));
    let is_asked = |metric: &&Metric| {
        asked.by.iter().all(|d| metric.refuses(Dimension::of_id(d).unwrap()).is_none())
            && (has_one_operator || !metric.rule.is_within_operator())
            && (counts_sites(asked) || metric.id != "site_congestion")
    };
    askable().filter(is_asked).map(|metric| metric.id).collect()
}

/// What there is of nothing is zero, said or not.
fn is_of_stock(id: &str) -> bool {
    matches!(id, "evses" | "devices" | "locations" | "rated_kw" | "evse_days")
}

pub(crate) fn query(asked: &Asked, metrics: &[&str]) -> Query {
    let filters: Vec<_> = asked.filters.iter().map(|(id, values)| ((*id).to_owned(), values.clone())).collect();
    Query::of(metrics, &asked.by, &filters, Some(asked.period)).unwrap()
}

fn rows(answer: &Answer, by: &[&str]) -> HashMap<Key, Vec<Option<f64>>> {
    let dimensions: Vec<usize> = by.iter().map(|id| answer.position(id).unwrap()).collect();
    let metrics: Vec<usize> =
        (0..answer.columns.len()).filter(|at| answer.columns[*at].kind == ColumnKind::Metric).collect();
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Integer(whole) => whole.to_string(),
        Value::Number(number) => number.to_string(),
    };
    let row = |row: &Vec<Value>| {
        let key: Key = dimensions.iter().map(|at| text(&row[*at])).collect();
        (key, metrics.iter().map(|at| row[*at].number()).collect())
    };
    answer.rows.iter().map(row).collect()
}

pub(crate) fn compare(asked: &Asked, metrics: &[&str], found: &Answer, expected: &HashMap<Key, Cell>, route: Route) {
    let found = rows(found, &asked.by);
    let none = Cell::default();
    let keys: BTreeSet<&Key> = found.keys().chain(expected.keys()).collect();
    for key in keys {
        for (at, id) in metrics.iter().enumerate() {
            let expected =
                expected.get(key).unwrap_or(&none).figure(id).filter(|value| !is_of_stock(id) || *value > 0.0);
            let found = found.get(key).and_then(|row| row[at]).filter(|value| !is_of_stock(id) || *value > 0.0);
            let is_same = match (found, expected) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1e-6),
                (a, b) => a == b,
            };
            assert!(is_same, "{id} of {key:?}: {found:?} instead of {expected:?}, through {route:?}, for {asked:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_equals_the_oracle_through_every_route() {
    let mut through: HashMap<&str, usize> = HashMap::new();
    for seed in 1..=2 {
        let world = World::random(seed);
        let dir = tempfile::tempdir().unwrap();
        let snapshot = world.snapshot(dir.path()).await;
        let engine = Engine::new();
        let mut dice = Dice::new(seed * 1000 + 7);
        for _ in 0..45 {
            let asked = question(&mut dice);
            let metrics = metrics_of(&asked);
            let expected = cells(&world, &asked);
            let query = query(&asked, &metrics);
            for route in
                Route::ALL.into_iter().filter(|route| route.answers(&query, &asked.period) || !route.is_by_evse())
            {
                let answer = engine.answer_through(&snapshot, &query, Viewer::LocalOwner, Some(route)).await.unwrap();
                *through.entry(answer.provenance.route).or_default() += 1;
                compare(&asked, &metrics, &answer, &expected, route);
            }
            // What a screen gets: the route is picked, and a period may be answered in parts.
            let answer = engine.answer(&snapshot, &query, Viewer::LocalOwner).await.unwrap();
            compare(&asked, &metrics, &answer, &expected, Route::of(&query, &asked.period));
        }
    }
    for route in Route::ALL {
        assert!(through.get(route.table()).is_some_and(|count| *count >= 5), "{route:?} was hardly asked: {through:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rollups_that_are_too_large_to_hold_give_the_same_figures_through_a_plan() {
    let world = World::random(3);
    let dir = tempfile::tempdir().unwrap();
    let snapshot = world.snapshot(dir.path()).await;
    let engine = Engine::holding_at_most(0);
    let mut dice = Dice::new(3007);
    let mut through: HashMap<&str, usize> = HashMap::new();
    for _ in 0..40 {
        let asked = question(&mut dice);
        let metrics = metrics_of(&asked);
        let answer = engine.answer(&snapshot, &query(&asked, &metrics), Viewer::LocalOwner).await.unwrap();
        *through.entry(answer.provenance.route).or_default() += 1;
        compare(&asked, &metrics, &answer, &cells(&world, &asked), Route::of(&query(&asked, &metrics), &asked.period));
    }
    assert!(Route::ALL.into_iter().all(|route| through.contains_key(route.table())), "{through:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn questions_asked_at_once_of_an_engine_that_has_read_nothing_get_the_same_answers() {
    let world = World::random(4);
    let dir = tempfile::tempdir().unwrap();
    let snapshot = Arc::new(world.snapshot(dir.path()).await);
    let metrics =
        ["sessions", "energy_kwh", "utilisation_time", "failed_start_rate", "kwh_per_evse_day", "revenue_gbp"];
    let queries: Vec<Query> = ["operator", "borough", "month"]
        .into_iter()
        .flat_map(|by| metrics.map(|metric| Query::of(&[metric], &[by], &[], None).unwrap()))
        .collect();
    let mut alone = Vec::new();
    for query in &queries {
        alone.push(Engine::new().answer(&snapshot, query, Viewer::LocalOwner).await.unwrap());
    }
    for _ in 0..25 {
        let engine = Arc::new(Engine::new());
        let together = queries.iter().cloned().map(|query| {
            let (engine, snapshot) = (Arc::clone(&engine), Arc::clone(&snapshot));
            tokio::spawn(async move { engine.answer(&snapshot, &query, Viewer::LocalOwner).await.unwrap() })
        });
        for (task, expected) in together.collect::<Vec<_>>().into_iter().zip(&alone) {
            assert_eq!(&task.await.unwrap(), expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_adds_up_over_boroughs_operators_and_months_does() {
    let world = World::random(5);
    let dir = tempfile::tempdir().unwrap();
    let snapshot = world.snapshot(dir.path()).await;
    let engine = Engine::new();
    let period = Period::new(date(2023, 10, 1), date(2024, 2, 17)).unwrap();
    // All that the catalogue says adds up; some of it has no hours.
    let metrics: Vec<&str> = askable()
        .filter(|metric| metric.combine() == Combine::Sum && metric.id != "evse_days")
        .map(|metric| metric.id)
        .collect();
    assert_eq!(metrics.len(), 9);
    let ask = async |by: &[&str]| {
        let query = Query::of(&metrics, by, &[], Some(period)).unwrap();
        let answer = engine.answer(&snapshot, &query, Viewer::LocalOwner).await.unwrap();
        let sum = |id: &&str| {
            let at = answer.position(id).unwrap();
            answer.rows.iter().filter_map(|row| row[at].number()).sum::<f64>()
        };
        metrics.iter().map(sum).collect::<Vec<f64>>()
    };
    let whole = ask(&[]).await;
    let splits: [&[&str]; 8] = [
        &["borough"],
        &["operator", "month"],
        &["evse"],
        &["hour_of_week"],
        &["ward", "day"],
        &["hour"],
        &["session_length", "owner_borough"],
        &["session_energy", "weekday"],
    ];
    for by in splits {
        for ((id, parts), whole) in metrics.iter().zip(ask(by).await).zip(whole.iter().copied()) {
            assert!((parts - whole).abs() <= 1e-9 * whole, "{id} by {by:?}: {parts} instead of {whole}");
        }
    }
}
