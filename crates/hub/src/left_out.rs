//! Rows of returns that are in no figure.

use kerbwatt_engine::{LeftOut, Snapshot};
use kerbwatt_model::{Dimension, Period, Query};
use kerbwatt_store::Shown;

use crate::{Hub, HubError};

impl Hub {
    /// Rows of the returns in a data version that cover some of a period and whose rows are in no figure, by reason. A row that
    /// was set aside has no sure place, so of the filters only that on operators narrows the count.
    pub(crate) fn left_out(
        &self,
        query: &Query,
        period: &Period,
        snapshot: &Snapshot,
    ) -> Result<Vec<LeftOut>, HubError> {
        let is_named = |operator: &str, value: &str| {
            let name = snapshot.labels.name(Dimension::Operator, operator);
            operator == value || name.is_some_and(|name| name.trim().eq_ignore_ascii_case(value.trim()))
        };
        let of_operator = |operator: &str| {
            let mut filters = query.filters.iter().filter(|filter| filter.dimension == Dimension::Operator);
            filters.all(|filter| filter.values.iter().any(|value| is_named(operator, value)))
        };
        let overlaps = |one: &Shown| one.covers.is_some_and(|covers| covers.meets(period));
        let mut counted = self.ledger.shown_at(snapshot.data_version)?;
        counted.retain(|one| overlaps(one) && of_operator(&one.operator));
        let sum = |at: usize, reason, what: &str| {
            let all = counted.iter().map(|one| one.left_out[at]);
            let (rows, energy_kwh) = all.fold((0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            let words = format!("{what}, in all of the accepted returns that cover some of the period");
            LeftOut { reason, words, rows, energy_kwh }
        };
        let all = [
            sum(0, "quarantined", "Rows set aside by a check"),
            sum(1, "duplicates", "Rows that repeat another in the same file"),
            sum(2, "repeated", "Rows that another return holds already"),
            sum(3, "replaced", "Rows that a later return replaced"),
        ];
        Ok(all.into_iter().filter(|one| one.rows > 0).collect())
    }
}
