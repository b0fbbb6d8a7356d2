//! Against what statsmodels and numpy say: `tests/reference/make.py` made the file.

use serde_json::Value;

use super::stl::{Settings, decompose};
use super::{concentration, quantile, seasons};

fn reference() -> Value {
    serde_json::from_str(include_str!("../../../tests/reference/reference.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn must_agree(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= tolerance, "{what}, place {at}: {found} instead of {expected}");
    }
}

#[test]
fn the_decomposition_is_that_of_statsmodels_to_a_millionth() {
    for (number, case) in reference()["stl"].as_array().unwrap().iter().enumerate() {
        let window = |name: &str| usize::try_from(case[name].as_u64().unwrap()).unwrap();
        let settings = Settings {
            period: 7,
            season_window: window("season_window"),
            trend_window: window("trend_window"),
            robust: case["robust"].as_bool().unwrap(),
        };
        let series: Vec<Option<f64>> = numbers(&case["series"]).into_iter().map(Some).collect();
        let parts = decompose(&series, settings).unwrap();
        let whole = |part: &[Option<f64>]| part.iter().map(|value| value.unwrap()).collect::<Vec<_>>();
        must_agree(&whole(&parts.trend), &numbers(&case["trend"]), 1e-6, &format!("trend of case {number}"));
        must_agree(&whole(&parts.season), &numbers(&case["season"]), 1e-6, &format!("season of case {number}"));
    }
}

#[test]
fn seasonal_indices_are_those_of_statsmodels() {
    let case = &reference()["seasons"];
    let months: Vec<Option<f64>> = numbers(&case["series"]).into_iter().map(Some).collect();
    must_agree(&seasons::indices(&months).unwrap(), &numbers(&case["indices"]), 1e-8, "indices");
}

#[test]
fn quantiles_are_those_of_numpy_and_the_gini_coefficient_that_of_its_definition() {
    let reference = reference();
    let case = &reference["quantiles"];
    let values = numbers(&case["values"]);
    let mut ascending = values.clone();
    ascending.sort_unstable_by(f64::total_cmp);
    let found: Vec<f64> =
        numbers(&case["shares"]).into_iter().map(|share| quantile::quantile(&ascending, share).unwrap()).collect();
    must_agree(&found, &numbers(&case["quantiles"]), 1e-12, "quantiles");
    let gini = concentration::concentration(&values).gini.unwrap();
    must_agree(&[gini], &[reference["gini"].as_f64().unwrap()], 1e-12, "Gini");
}
