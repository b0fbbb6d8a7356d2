//! What the door says besides figures.

use kerbwatt_engine::{Engine, EngineError, RepairMade, Return, Snapshot};
use kerbwatt_model::{Dimension, Filter, Period, Query, Viewer};

use crate::world::World;

async fn world() -> (World, Snapshot, tempfile::TempDir) {
    let world = World::random(9);
    let dir = tempfile::tempdir().unwrap();
    let snapshot = world.snapshot(dir.path()).await;
    (world, snapshot, dir)
}

fn query(by: &[&str], filters: &[(&str, &str)]) -> Query {
    let filters: Vec<_> = filters.iter().map(|(id, value)| ((*id).to_owned(), vec![(*value).to_owned()])).collect();
    Query::of(&["sessions", "utilisation_time"], by, &filters, Some(Period::parse("2023-10..2024-02").unwrap()))
        .unwrap()
}

#[tokio::test]
async fn an_area_is_found_by_code_and_by_name_and_an_unknown_one_is_refused() {
    let (_, snapshot, _dir) = world().await;
    let engine = Engine::new();
    let ask =
        async |value: &str| engine.answer(&snapshot, &query(&[], &[("borough", value)]), Viewer::LocalOwner).await;
    let by_code = ask("E09000007").await.unwrap();
    let by_name = ask("borough e09000007").await.unwrap();
    assert_eq!(by_code.rows, by_name.rows);
    // Values are divided by commas, which a name may hold.
    let several = |values: &[&str]| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let dimension = Dimension::of_id("borough").unwrap();
        Query { filters: vec![Filter { dimension, values }], ..query(&[], &[]) }
    };
    let in_pieces = several(&["Borough of commas", "the", "E09000007"]);
    let whole = several(&["E09000033", "E09000007"]);
    let figures = async |query: &Query| engine.answer(&snapshot, query, Viewer::LocalOwner).await.unwrap().rows;
    assert_eq!(figures(&in_pieces).await, figures(&whole).await);
    assert!(engine.answer(&snapshot, &several(&["the", "E09000007"]), Viewer::LocalOwner).await.is_err());
    assert!(matches!(ask("Atlantis").await, Err(EngineError::UnknownValue { dimension: "borough", .. })));
}

#[tokio::test]
async fn an_answer_carries_definitions_filters_data_version_and_coverage() {
    let (_, snapshot, _dir) = world().await;
    let answer = Engine::new()
        .answer(&snapshot, &query(&["operator"], &[("power_band", "slow")]), Viewer::LocalOwner)
        .await
        .unwrap();
    assert_eq!(answer.provenance.data_version, 1);
    assert_eq!(
        answer.provenance.metrics.iter().map(|m| (m.id, m.version)).collect::<Vec<_>>(),
        [("sessions", 1), ("utilisation_time", 2)]
    );
    assert_eq!(answer.provenance.filters.len(), 1);
    assert_eq!(answer.provenance.period, Some(Period::parse("2023-10..2024-02").unwrap()));
    let share = answer.coverage.share.unwrap();
    assert!(share > 0.0 && share < 1.0, "one in seven days is not reported: {share}");
}

#[tokio::test]
async fn returns_behind_an_answer_are_those_that_cover_some_of_the_period_of_operators_with_a_point_asked_for() {
    let (world, snapshot, _dir) = world().await;
    let made = |rows| RepairMade { repair: "energy_unit".into(), title: "Watt-hours".into(), rows };
    let a_return = |submission, operator: &str, covers: &str, repairs| Return {
        submission,
        operator: operator.into(),
        covers: Period::parse(covers).ok(),
        repairs,
    };
    let snapshot = snapshot.of_returns(vec![
        a_return(1, "gb-aaa", "2023-10", vec![made(Some(7))]),
        a_return(2, "gb-aaa", "2023-09", vec![made(Some(90))]),
        a_return(3, "gb-bbb", "2024-02", vec![made(None)]),
        a_return(4, "gb-bbb", "2024-01", Vec::new()),
    ]);
    let ask = async |filters: &[(&str, &str)]| {
        let query = query(&[], filters).with_ledger(true);
        let answer = Engine::new().answer(&snapshot, &query, Viewer::LocalOwner).await.unwrap();
        let repaired = answer.ledger.unwrap().repaired.iter().map(|one| one.submission).collect::<Vec<_>>();
        (answer.provenance.returns, repaired)
    };
    let (all, repaired) = ask(&[]).await;
    assert_eq!((all.count, all.repaired, repaired), (3, 2, vec![1, 3]));
    let sum = &all.repairs[0];
    assert_eq!((sum.returns, sum.rows), (2, None), "of one it was not noted");
    let (own, repaired) = ask(&[("operator", "gb-aaa")]).await;
    assert_eq!((own.count, own.repairs[0].rows, repaired), (1, Some(7), vec![1]));
    // A borough in which an operator has no charge point has nothing of its returns.
    let evse = world.members.iter().find(|member| &*member.operator == "gb-bbb").unwrap();
    let (point, repaired) = ask(&[("evse", &evse.evse_id)]).await;
    assert_eq!((point.count, repaired), (2, vec![3]));
}

#[tokio::test]
async fn the_same_question_gives_the_same_bytes() {
    let (_, snapshot, _dir) = world().await;
    let ask = async |engine: &Engine| {
        let answer = engine.answer(&snapshot, &query(&["borough", "month"], &[]), Viewer::LocalOwner).await.unwrap();
        serde_json::to_string(&answer).unwrap()
    };
    let engine = Engine::new();
    let first = ask(&engine).await;
    assert_eq!(first, ask(&engine).await);
    assert_eq!(first, ask(&Engine::new()).await);
}

#[tokio::test]
async fn canonical_rows_are_those_that_start_in_the_period() {
    let (world, snapshot, _dir) = world().await;
    let mut count = 0;
    let everything = Query::of(&["sessions"], &[], &[], Some(Period::parse("2000..2100").unwrap())).unwrap();
    Engine::new().each_session(&snapshot, &everything, Viewer::LocalOwner, &mut |_| count += 1).unwrap();
    assert_eq!(count, world.sessions.len());
    let month = Query::of(&["sessions"], &[], &[], Some(Period::parse("2024-01").unwrap())).unwrap();
    let mut rows = Vec::new();
    Engine::new().each_session(&snapshot, &month, Viewer::LocalOwner, &mut |row| rows.push(row)).unwrap();
    let answer = Engine::new().answer(&snapshot, &month, Viewer::LocalOwner).await.unwrap();
    assert_eq!(answer.figure("sessions"), Some(rows.len() as f64));
}

#[tokio::test]
async fn a_folder_without_data_answers_with_no_rows() {
    let empty = Snapshot::read(0, jiff::Timestamp::UNIX_EPOCH, false, Default::default(), None).unwrap();
    let query = Query::of(&["sessions"], &["borough"], &[], None).unwrap();
    let answer = Engine::new().answer(&empty, &query, Viewer::LocalOwner).await.unwrap();
    assert!(answer.rows.is_empty() && answer.coverage.share.is_none());
}

#[tokio::test]
async fn an_answer_of_more_rows_than_anybody_can_hold_is_refused_before_it_is_made() {
    let (world, snapshot, _dir) = world().await;
    let ask =
        |by: &[&str], period: &str| Query::of(&["sessions"], by, &[], Some(Period::parse(period).unwrap())).unwrap();
    let engine = Engine::new();
    let error = engine.answer(&snapshot, &ask(&["evse", "hour"], "2000..2060"), Viewer::LocalOwner).await.unwrap_err();
    assert!(matches!(error, EngineError::TooManyRows { .. }), "{error}");
    assert!(error.advice().contains("shorter period"));
    let week = format!("{}..{}", world.range.first, world.range.first.checked_add(jiff::Span::new().days(6)).unwrap());
    engine.answer(&snapshot, &ask(&["evse", "hour"], &week), Viewer::LocalOwner).await.unwrap();
}
