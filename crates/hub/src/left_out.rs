//! Rows of returns that are in no figure.

use kerbwatt_engine::LeftOut;
use kerbwatt_model::{Dimension, Period, Query};
use kerbwatt_store::{Submission, SubmissionState};

use crate::{Hub, HubError};

impl Hub {
    /// Rows of accepted returns that cover some of a period and whose rows are in no figure, by reason. A row that was set
    /// aside has no sure place, so of the filters only that on operators narrows the count.
    pub(crate) fn left_out(&self, query: &Query, period: &Period) -> Result<Vec<LeftOut>, HubError> {
        let submissions = self.ledger.submissions()?;
        let overlaps = |one: &Submission| {
            one.covers().is_some_and(|covers| covers.first <= period.last && period.first <= covers.last)
        };
        let names = self.ledger.operators()?;
        let is_named = |one: &Submission, value: &String| {
            let has_name = |name: &str| name.trim().eq_ignore_ascii_case(value.trim());
            one.operator == *value || names.iter().any(|known| known.id == one.operator && has_name(&known.name))
        };
        let of_operator = |one: &Submission| {
            let filters = query.filters.iter().filter(|filter| filter.dimension == Dimension::Operator);
            filters.into_iter().all(|filter| filter.values.iter().any(|value| is_named(one, value)))
        };
        let counted: Vec<&Submission> = submissions
            .iter()
            .filter(|one| one.state == SubmissionState::Accepted && overlaps(one) && of_operator(one))
            .collect();
        let sum = |reason, what: &str, of: fn(&Submission) -> (u64, f64)| {
            let (rows, energy_kwh) = counted.iter().map(|one| of(one)).fold((0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            let words = format!("{what}, in all of the accepted returns that cover some of the period");
            LeftOut { reason, words, rows, energy_kwh }
        };
        let all = [
            sum("quarantined", "Rows set aside by a check", |one| {
                (one.totals.quarantined, one.totals.energy_quarantined_kwh)
            }),
            sum("duplicates", "Rows that repeat another in the same file", |one| {
                (one.totals.duplicates, one.totals.energy_duplicates_kwh)
            }),
            sum("repeated", "Rows that another return holds already", |one| {
                (one.crossed.repeated, one.crossed.energy_repeated_kwh)
            }),
            sum("replaced", "Rows that a later return replaced", |one| {
                (one.crossed.replaced, one.crossed.energy_replaced_kwh)
            }),
        ];
        Ok(all.into_iter().filter(|one| one.rows > 0).collect())
    }
}
