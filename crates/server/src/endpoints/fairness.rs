//! Whether an order is fair: places of which little is reported do not compare with places of which all is.

use kerbwatt_hub::{Answer, Value, rests_on_returns};
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
    // What the register alone tells is known also where nothing was reported.
    let rests = asked.metrics.first().is_none_or(|metric| rests_on_returns(metric));
    let caution = (below > 0 && rests).then(|| words(asked, below, row_coverage.len()));
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
        "{below} of {rows} rows {verb} on returns for under 80% of the registered charge-point days. {why} Do not take their place in the order for a difference in use."
    )
}

#[cfg(test)]
mod tests {
    use kerbwatt_hub::{Column, ColumnKind, Coverage, Provenance};

    use super::*;

    fn answer(query: &Query, shares: &[Option<f64>]) -> Answer {
        let column = |name: &str, kind| Column { name: name.to_owned(), kind, label: name.to_owned(), unit: None };
        let share = |share: &Option<f64>| share.map_or(Value::Null, Value::Number);
        Answer {
            columns: vec![column("sessions", ColumnKind::Metric), column(COVERAGE, ColumnKind::Metric)],
            rows: shares.iter().map(|one| vec![Value::Integer(5), share(one)]).collect(),
            coverage: Coverage::default(),
            provenance: Provenance {
                data_version: 1,
                as_of: jiff::Timestamp::UNIX_EPOCH,
                period: None,
                filters: Vec::new(),
                metrics: query.metrics.clone(),
                route: "none",
                suppressed: 0,
                sample: false,
                returns: kerbwatt_hub::Returns::default(),
            },
            ledger: None,
        }
    }

    #[test]
    fn rows_of_which_little_is_reported_are_counted_and_the_coverage_goes_back_out() {
        let asked = Query::of(&["sessions"], &["borough"], &[], None);
        let Ok(asked) = asked else { return assert!(asked.is_ok()) };
        let with = with_coverage(&asked);
        assert_eq!(with.metrics.len(), 2);
        let mut found = answer(&with, &[Some(1.0), Some(0.79), None, Some(0.8)]);
        let fairness = of(&mut found, &asked).map(|fairness| fairness.truncated(2));
        assert_eq!(fairness.as_ref().map(|one| (one.rows_below, one.row_coverage.len())), Some((1, 2)));
        assert!(fairness.is_some_and(|one| one.caution.is_some()));
        assert_eq!((found.columns.len(), found.rows[0].len(), found.provenance.metrics.len()), (1, 1, 1));
    }

    #[test]
    fn what_the_register_alone_tells_is_in_a_fair_order_without_returns() {
        let caution = |id: &str| {
            let asked = Query::of(&[id], &["borough"], &[], None).ok()?;
            of(&mut answer(&with_coverage(&asked), &[Some(0.1), Some(1.0)]), &asked)?.caution
        };
        assert_eq!(["evses", "rated_kw", "devices", "locations", "evse_days"].map(caution), [const { None }; 5]);
        assert!(caution("evses_unused").is_some() && caution("sessions").is_some());
    }

    #[test]
    fn coverage_stays_where_it_was_asked_for_and_is_left_where_it_has_no_meaning() {
        let ask = |metrics: &[&str], by: &str| Query::of(metrics, &[by], &[], None).map(|query| with_coverage(&query));
        assert_eq!(ask(&["sessions", COVERAGE], "borough").map(|query| query.metrics.len()), Ok(2));
        assert_eq!(ask(&["sessions"], "hour").map(|query| query.metrics.len()), Ok(1));
    }

    #[test]
    fn the_caution_says_how_many_and_in_which_way() {
        let of = |id| Query::of(&[id], &["borough"], &[], None).map(|query| words(&query, 1, 33)).unwrap_or_default();
        assert!(of("sessions").starts_with("1 of 33 rows rests") && of("sessions").contains("too low"));
        assert!(of("utilisation_time").contains("part that is reported"));
    }
}
