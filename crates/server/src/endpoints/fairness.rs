//! Whether an order is fair: places of which little is reported do not compare with places of which all is.

use kerbwatt_hub::{Answer, Value};
use kerbwatt_model::{Combine, Dimension, Query, metric};
use serde::Serialize;
use utoipa::ToSchema;

/// Below this share of reported charge-point days a row is not compared without a word.
const FAIR_FROM: f64 = 0.8;
const COVERAGE: &str = "coverage";

/// Whether an order is fair.
#[derive(Serialize, ToSchema)]
pub(crate) struct Fairness {
    /// Share of reported charge-point days below which a row does not compare.
    fair_from: f64,
    /// Rows below it, also among those cut off.
    rows_below: usize,
    /// What that means, in words; null where no row is below.
    caution: Option<String>,
    /// Coverage of each row, 0 to 1; null where nothing is registered.
    row_coverage: Vec<Option<f64>>,
}

impl Fairness {
    pub(crate) fn truncated(mut self, rows: usize) -> Self {
        self.row_coverage.truncate(rows);
        self
    }
}

/// The same question with the coverage of each row, where that has a meaning.
pub(crate) fn with_coverage(query: &Query) -> Query {
    let mut query = query.clone();
    let coverage = metric(COVERAGE).filter(|_| has_coverage(&query.by));
    let is_asked = query.metrics.iter().any(|metric| metric.id == COVERAGE);
    query.metrics.extend(coverage.filter(|_| !is_asked));
    query
}

fn has_coverage(by: &[Dimension]) -> bool {
    metric(COVERAGE).is_some_and(|coverage| by.iter().all(|dimension| coverage.refuses(*dimension).is_none()))
}

/// Takes the coverage out of an answer where it was only added, and says what it means for the order.
pub(crate) fn of(answer: &mut Answer, asked: &Query) -> Option<Fairness> {
    let at = answer.position(COVERAGE)?;
    let row_coverage: Vec<Option<f64>> = answer.rows.iter().map(|row| row.get(at).and_then(Value::number)).collect();
    if !asked.metrics.iter().any(|metric| metric.id == COVERAGE) {
        answer.columns.remove(at);
        answer.rows.iter_mut().for_each(|row| drop(row.remove(at)));
        answer.provenance.metrics.retain(|metric| metric.id != COVERAGE);
    }
    let below = row_coverage.iter().flatten().filter(|share| **share < FAIR_FROM).count();
    let caution = (below > 0).then(|| words(asked, below, row_coverage.len()));
    Some(Fairness { fair_from: FAIR_FROM, rows_below: below, caution, row_coverage })
}

fn words(asked: &Query, below: usize, rows: usize) -> String {
    let is_amount = asked
        .metrics
        .first()
        .is_some_and(|metric| matches!(metric.combine(), Combine::Sum | Combine::Distinct | Combine::Maximum));
    let why = if is_amount {
        "What is missing is not in their figures, so that they stand too low."
    } else {
        "Their figures rest on the part that is reported, which may not be like the rest."
    };
    let verb = if below == 1 { "rests" } else { "rest" };
    format!(
        "{below} of {rows} rows {verb} on returns for under 80% of the charge-point days. {why} Do not take their place in the order for a difference in use."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caution_says_how_many_and_in_which_way() {
        let of = |id| Query::of(&[id], &["borough"], &[], None).map(|query| words(&query, 1, 33)).unwrap_or_default();
        assert!(of("sessions").starts_with("1 of 33 rows rests") && of("sessions").contains("too low"));
        assert!(of("utilisation_time").contains("part that is reported"));
    }
}
