//! Every metric by every dimension: it is refused with a reason, or it is what the oracle says.

use kerbwatt_engine::{Engine, EngineError, Route};
use kerbwatt_model::{CATALOGUE, Dimension, Period, Query, QueryError, Viewer};

use crate::oracle::{Asked, cells};
use crate::routes::{compare, metrics_of, query};
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_by_every_dimension_is_refused_or_equals_the_oracle() {
    let world = World::random(11);
    let dir = tempfile::tempdir().unwrap();
    let snapshot = world.snapshot(dir.path()).await;
    let engine = Engine::new();
    for dimension in Dimension::ALL {
        let id = dimension.id();
        for metric in CATALOGUE.iter().filter(|metric| metric.refuses(dimension).is_some()) {
            let error = Query::of(&[metric.id], &[id], &[], None).unwrap_err();
            assert!(matches!(error, QueryError::NotBy { .. } | QueryError::NotYet { .. }), "{} by {id}", metric.id);
            assert!(!error.advice().is_empty());
        }
        for filters in [vec![], vec![("operator", vec!["gb-aaa".to_owned()])]] {
            // Around the night in which London's clocks go forward.
            let asked = Asked { by: vec![id], filters, period: Period::parse("2024-03-14..2024-04-09").unwrap() };
            let metrics = metrics_of(&asked);
            let question = query(&asked, &metrics);
            let answer = engine.answer(&snapshot, &question, Viewer::LocalOwner).await.unwrap();
            compare(&asked, &metrics, &answer, &cells(&world, &asked), Route::of(&question, &asked.period));
        }
    }
}

#[tokio::test]
async fn drivers_of_several_operators_are_refused_with_the_reason() {
    let world = World::random(11);
    let dir = tempfile::tempdir().unwrap();
    let snapshot = world.snapshot(dir.path()).await;
    let engine = Engine::new();
    let one = [("operator".to_owned(), vec!["gb-aaa".to_owned()])];
    let two = [("operator".to_owned(), vec!["gb-aaa".to_owned(), "us-ccc".to_owned()])];
    for metric in ["unique_drivers", "top1_share", "top5_share"] {
        let ask = async |by: &[&str], filters: &[(String, Vec<String>)]| {
            let query = Query::of(&[metric], by, filters, None).unwrap();
            engine.answer(&snapshot, &query, Viewer::LocalOwner).await
        };
        for refused in [ask(&[], &[]).await, ask(&["borough"], &two).await, ask(&["month"], &two).await] {
            let error = refused.unwrap_err();
            assert!(matches!(error, EngineError::SeveralOperators { .. }), "{error}");
            assert!(error.to_string().contains("pseudonym") && error.advice().contains("operator"), "{error}");
        }
        for (by, filters) in [(&["operator"][..], &two[..]), (&["borough"], &one), (&[], &one), (&["evse"], &[])] {
            assert!(ask(by, filters).await.is_ok(), "{metric} by {by:?}");
        }
    }
}
