//! Whether two periods may be compared: the one rule, for findings, key figures, rankings, charts and trends.
//!
//! Totals of two periods compare where they rest on the same days. They do not where returns cover days of the one whose
//! counterparts in the other nobody reported, however alike the shares of covered days are; nor where there was nothing in
//! service for part of the one, as with a charge point that was opened meanwhile. Charge points that were added to others are
//! growth, and that is said beside it.

mod days;
mod judge;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use kerbwatt_model::{Dimension, Metric, Period, Query, Rule, Viewer};
use serde::Serialize;

use crate::groups::{Groups, places_of};
use crate::known::Known;
use crate::{Engine, EngineError, Snapshot};

use judge::Tally;

/// Whether figures of a period may be compared with those of an earlier one, and why not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// First day of the period.
    pub from: Date,
    /// Last day of the period.
    pub to: Date,
    /// First day of the earlier period.
    pub before_from: Date,
    /// Last day of the earlier period.
    pub before_to: Date,
    /// Whether they may be compared.
    pub comparable: bool,
    /// Why not; none where they may.
    pub reason: Option<NotCompared>,
    /// The reason in words; where they may be compared, how many more or fewer charge-point days stand behind them and how many lack
    /// a return, and none where that is little.
    pub words: Option<String>,
    /// Charge-point days in service and reported on, of days that both periods have.
    pub evse_days_now: u32,
    /// The same of the earlier period.
    pub evse_days_before: u32,
    /// Charge-point days without a return whose counterpart in the earlier period has one.
    pub missing_now: u32,
    /// Charge-point days of the earlier period without a return whose counterpart now has one.
    pub missing_before: u32,
    /// Days on which any charge point was in service and reported on.
    pub days_now: u32,
    /// The same of the earlier period.
    pub days_before: u32,
    /// Days that are among both.
    pub days_both: u32,
    /// The charge point's, where there is only one.
    #[serde(skip)]
    pub(crate) is_one_point: bool,
}

/// Why two periods are not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotCompared {
    /// Returns cover days of the one whose counterparts in the other have none.
    Returns,
    /// Nothing was in service on days of the one whose counterparts in the other had something.
    Service,
}

impl Comparison {
    /// Why they are not compared, as a clause within a sentence; none where they are.
    #[must_use]
    pub fn why_not(&self) -> Option<String> {
        self.reason.map(|reason| words::why_not(self, reason))
    }

    /// `4.4 times as many charge-point days`; none where there are about as many.
    #[must_use]
    pub fn points(&self) -> Option<String> {
        words::points(self)
    }

    /// Whether they may be compared although returns do not cover quite the same days.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.comparable && words::is_near(self)
    }

    /// Charge-point days now by those of the earlier period; none where there were none.
    #[must_use]
    pub fn point_days_ratio(&self) -> Option<f64> {
        (self.evse_days_before > 0).then(|| f64::from(self.evse_days_now) / f64::from(self.evse_days_before))
    }
}

/// Whether a metric rests on returns, and so on which days they cover. What is in service is known from the register alone.
#[must_use]
pub fn rests_on_returns(metric: &Metric) -> bool {
    match metric.rule {
        Rule::Stock(_) => false,
        Rule::Total(total) => total.of.is_of_sessions(),
        Rule::Ratio { above, .. } => above.of.is_of_sessions(),
        _ => true,
    }
}

/// The verdict for each place of an answer.
#[derive(Debug, Clone)]
pub struct Comparisons {
    /// The dimensions that tell the places apart.
    pub by: Vec<Dimension>,
    of: HashMap<Vec<Option<Arc<str>>>, Comparison>,
}

impl Comparisons {
    /// The verdict for a place, by its values of [`Comparisons::by`].
    #[must_use]
    pub fn of(&self, place: &[Option<&str>]) -> Option<&Comparison> {
        let key: Vec<Option<Arc<str>>> = place.iter().map(|value| value.map(Arc::from)).collect();
        self.of.get(&key)
    }
}

impl Engine {
    /// Whether the figures of a question may be compared with those of an earlier period: for each of its places.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn comparisons(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        (now, before): (&Period, &Period),
        viewer: Viewer,
    ) -> Result<Comparisons, EngineError> {
        // The owner sees everything. The match makes whoever adds a viewer decide here.
        let Viewer::LocalOwner = viewer;
        let groups = Groups::of(snapshot, query)?;
        let known = Known::all_reported(&self.tables, snapshot).await?;
        let tallies = judge::tallies(snapshot, &groups, (now, before), known);
        let verdict = |tally: &Tally| tally.verdict(now, before);
        let of = groups.values.iter().cloned().zip(tallies.iter().map(verdict)).collect();
        Ok(Comparisons { by: places_of(&query.by), of })
    }

    /// As [`Engine::comparisons`], of all that passes the question's filters.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn comparison(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        (now, before): (&Period, &Period),
        viewer: Viewer,
    ) -> Result<Comparison, EngineError> {
        let whole = Query { by: Vec::new(), ..query.clone() };
        let mut found = self.comparisons(snapshot, &whole, (now, before), viewer).await?;
        Ok(found.of.remove(&Vec::new()).unwrap_or_else(|| Tally::default().verdict(now, before)))
    }
}
