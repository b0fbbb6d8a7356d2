//! How denominators came about, against the oracle, and that nothing is lost on the way.

use kerbwatt_engine::{Answer, Engine, LineRole, RateLedger, Snapshot, Value};
use kerbwatt_model::{Period, Query, Rule, Viewer, metric};

use crate::oracle::{Asked, Cell, cells};
use crate::routes::{metrics_of, query};
use crate::world::World;

/// Metrics with a denominator, and amounts that not all sessions say something about.
fn rates(asked: &Asked) -> Vec<&'static str> {
    let partly = ["charging_hours", "idle_hours", "revenue_gbp"];
    let has_ledger = |id: &&str| {
        let rule = metric(id).unwrap().rule;
        partly.contains(id) || matches!(rule, Rule::Ratio { .. } | Rule::Congestion | Rule::TopShare(_))
    };
    metrics_of(asked).into_iter().filter(has_ledger).collect()
}

fn questions() -> Vec<Asked> {
    let operator = || vec![("operator", vec!["gb-aaa".to_owned()])];
    let borough = || vec![("borough", vec!["E09000001".to_owned()])];
    let asked = |by: &[&'static str], filters, period: &str| Asked {
        by: by.to_vec(),
        filters,
        period: Period::parse(period).unwrap(),
    };
    vec![
        asked(&[], vec![], "2023-09-14..2024-04-20"),
        asked(&[], operator(), "2024-03-14..2024-04-09"),
        asked(&["operator"], vec![], "2024-03"),
        asked(&["borough", "month"], vec![], "2023-10..2024-01"),
        asked(&["power_band"], operator(), "2023-10-25..2023-11-20"),
        asked(&["hour_of_week"], borough(), "2024-03-20..2024-04-05"),
        asked(&["evse"], vec![], "2023-10..2023-12"),
        asked(&["session_length"], operator(), "2023-10..2023-12"),
    ]
}

async fn world() -> (World, Snapshot, tempfile::TempDir) {
    let world = World::random(4);
    let dir = tempfile::tempdir().unwrap();
    let snapshot = world.snapshot(dir.path()).await;
    (world, snapshot, dir)
}

async fn ask(engine: &Engine, snapshot: &Snapshot, asked: &Asked) -> Answer {
    let query = query(asked, &rates(asked)).with_ledger(true);
    engine.answer(snapshot, &query, Viewer::LocalOwner).await.unwrap()
}

fn key(answer: &Answer, asked: &Asked, row: usize) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Integer(whole) => whole.to_string(),
        Value::Number(number) => number.to_string(),
    };
    asked.by.iter().map(|id| text(&answer.rows[row][answer.position(id).unwrap()])).collect()
}

fn close(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {found} instead of {expected}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_of_every_rate_equals_the_oracle_for_the_whole_and_for_each_row() {
    let (world, snapshot, _dir) = world().await;
    let engine = Engine::new();
    for asked in questions() {
        let answer = ask(&engine, &snapshot, &asked).await;
        let ledger = answer.ledger.as_ref().unwrap();
        assert_eq!(ledger.rates.iter().map(|rate| rate.metric).collect::<Vec<_>>(), rates(&asked));
        let (none, by_row) = (Cell::default(), cells(&world, &asked));
        let whole = cells(&world, &Asked { by: vec![], ..asked.clone() });
        for rate in &ledger.rates {
            let what = format!("{} of {asked:?}", rate.metric);
            let amounts: Vec<f64> = rate.lines.iter().map(|line| line.amount).collect();
            close(&amounts, &whole.get(&vec![]).unwrap_or(&none).ledger(rate.metric), &what);
            assert_eq!(rate.rows.len(), answer.rows.len());
            for (row, amounts) in rate.rows.iter().enumerate() {
                let key = key(&answer, &asked, row);
                let cell = by_row.get(&key).unwrap_or(&none);
                close(amounts, &cell.ledger(rate.metric), &format!("{what}, {key:?}"));
            }
        }
    }
}

/// What is left after all that is taken off.
fn left(rate: &RateLedger, amounts: &[f64]) -> f64 {
    let signed = |(at, amount): (usize, &f64)| match rate.lines[at].role {
        LineRole::Start => *amount,
        LineRole::Minus => -amount,
        LineRole::Left | LineRole::Denominator => 0.0,
    };
    amounts.iter().enumerate().map(signed).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lines_add_up_to_the_denominator_and_rows_add_up_to_the_whole() {
    let (_, snapshot, _dir) = world().await;
    let engine = Engine::new();
    for asked in questions() {
        let answer = ask(&engine, &snapshot, &asked).await;
        for rate in &answer.ledger.as_ref().unwrap().rates {
            let whole: Vec<f64> = rate.lines.iter().map(|line| line.amount).collect();
            let is_counted = |line: &&kerbwatt_engine::Line| line.role == LineRole::Left;
            let counted = rate.lines.iter().find(is_counted).or(rate.lines.last()).unwrap().id;
            let at = rate.lines.iter().position(|line| line.id == counted).unwrap();
            for amounts in rate.rows.iter().chain([&whole]) {
                close(&[left(rate, amounts)], &[amounts[at]], &format!("{} of {asked:?}", rate.metric));
                let taken_off = rate.lines.iter().zip(amounts).filter(|(line, _)| line.role == LineRole::Minus);
                assert!(taken_off.into_iter().all(|(_, amount)| *amount >= -1e-6), "{}: {amounts:?}", rate.metric);
            }
            // A site may be in several rows by power; everything else is in one.
            if rate.metric != "site_congestion" || asked.by != ["power_band"] {
                let sums: Vec<f64> = (0..whole.len()).map(|at| rate.rows.iter().map(|row| row[at]).sum()).collect();
                if !asked.by.contains(&"session_length") {
                    close(&sums, &whole, &format!("rows of {} of {asked:?}", rate.metric));
                }
            }
        }
    }
}

#[tokio::test]
async fn sessions_that_an_area_cannot_hold_are_told() {
    let (world, snapshot, _dir) = world().await;
    let bands = ("power_band", vec!["rapid".to_owned(), "unknown".to_owned()]);
    // Whole months and days beside them, of cells and of single charge points.
    for (area, value) in [("borough", "E09000001"), ("ward", "W1")] {
        for period in ["2023-10..2024-02", "2023-10-09..2024-02-20"].map(|text| Period::parse(text).unwrap()) {
            let filters = vec![(area, vec![value.to_owned()]), bands.clone()];
            let answer = ask(&Engine::new(), &snapshot, &Asked { by: vec![], filters, period }).await;
            let by_area = Asked { by: vec![area], filters: vec![bands.clone()], period };
            let expected = cells(&world, &by_area)[&vec![String::new()]].started();
            let left_out = &answer.ledger.unwrap().left_out;
            assert_eq!(left_out.len(), 1, "{area} {period}");
            assert_eq!((left_out[0].reason, left_out[0].rows as f64), ("outside_areas", expected.0), "{area} {period}");
            close(&[left_out[0].energy_kwh], &[expected.1], "energy");
        }
    }
    let period = Period::parse("2023-10..2024-02").unwrap();
    let without = Query::of(&["utilisation_time"], &["borough"], &[], Some(period)).unwrap();
    assert!(Engine::new().answer(&snapshot, &without, Viewer::LocalOwner).await.unwrap().ledger.is_none());
}

#[tokio::test]
async fn a_ledger_follows_its_rows_when_they_are_ranked_and_cut() {
    let (_, snapshot, _dir) = world().await;
    let asked = Asked { by: vec!["operator"], filters: vec![], period: Period::parse("2023-10..2024-02").unwrap() };
    let mut answer = ask(&Engine::new(), &snapshot, &asked).await;
    let sizes = |answer: &Answer| {
        let rate = &answer.ledger.as_ref().unwrap().rates[0];
        (0..answer.rows.len()).map(|row| (key(answer, &asked, row), rate.rows[row][0])).collect::<Vec<_>>()
    };
    let mut before = sizes(&answer);
    answer.rank_by("utilisation_time", false);
    let mut after = sizes(&answer);
    before.sort_by(|a, b| a.0.cmp(&b.0));
    after.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(before, after);
    answer.truncate(1);
    assert_eq!((answer.rows.len(), answer.ledger.unwrap().rates[0].rows.len()), (1, 1));
}
