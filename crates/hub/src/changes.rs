//! What changed between two data versions, and what that did to figures.

use jiff::civil::Date;
use kerbwatt_engine::{Answer, EngineError, Snapshot};
use kerbwatt_model::{Combine, Metric, Period, Query, Viewer};

use crate::{Hub, HubError, VersionView};

/// Data versions that are gone through at once.
const MOST: usize = 100;

/// What changed between two data versions.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The older version.
    pub from: VersionView,
    /// The newer one.
    pub to: VersionView,
    /// The period of all figures; without one asked, all days that either version has.
    pub period: Option<Period>,
    /// Figures in the older version: one row; none where a filter names what was not there yet.
    pub before: Option<Answer>,
    /// Figures in the newer version; none where a filter names what is no longer there.
    pub after: Option<Answer>,
    /// Differences, in the order of the metrics.
    pub difference: Vec<Option<f64>>,
    /// What each version between changed, newest first.
    pub steps: Vec<Step>,
}

/// One data version on the way, with its figures and what it did to them.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The version, and what it changed.
    pub version: VersionView,
    /// Figures in it, in the order of the metrics.
    pub figures: Vec<Option<f64>>,
    /// What it did to each figure: the difference to the version before. Over all steps they add up to the whole difference,
    /// wherever there is a figure in each version.
    pub effects: Vec<Option<f64>>,
}

impl Hub {
    /// What changed after one data version and up to another, and what each version in between did to the figures asked. The
    /// question is not split; its own data version is passed over.
    ///
    /// # Errors
    /// [`HubError::NoVersion`], [`HubError::NotHeld`], [`HubError::Backward`], [`HubError::TooManyVersions`];
    /// [`HubError::Engine`] when a filter's value is unknown in both versions; store errors.
    pub async fn changes(&self, from: i64, to: i64, query: &Query, viewer: Viewer) -> Result<Changes, HubError> {
        if to < from {
            return Err(HubError::Backward { from, to });
        }
        let count = usize::try_from(to - from).unwrap_or(usize::MAX);
        if count > MOST {
            return Err(HubError::TooManyVersions { from, to, count, most: MOST });
        }
        let (first, last) = (self.at(Some(from)).await?, self.at(Some(to)).await?);
        let period = query.period.or_else(|| widest(&first.snapshot, &last.snapshot));
        let query = Query { by: Vec::new(), period, as_of: None, ..query.clone() };
        let before = self.answered(&first.snapshot, &query, viewer).await?;
        let after = self.answered(&last.snapshot, &query, viewer).await?;
        if before.is_none() && after.is_none() {
            // Unknown on both sides: a slip of the pen and not a change. The engine says which.
            self.engine.answer(&last.snapshot, &query, viewer).await?;
        }
        let mut steps = Vec::new();
        let mut known = figures(before.as_ref(), &query);
        for version in self.versions_between(from, to)? {
            let now = if version.number == to {
                figures(after.as_ref(), &query)
            } else {
                let between = self.open_version(version.number, &last).await?;
                figures(self.answered(&between.snapshot, &query, viewer).await?.as_ref(), &query)
            };
            steps.push(Step { version, effects: differences(&query.metrics, &known, &now), figures: now.clone() });
            known = now;
        }
        steps.reverse();
        self.forget_files(&*self.current().await?);
        let difference =
            differences(&query.metrics, &figures(before.as_ref(), &query), &figures(after.as_ref(), &query));
        let of = |number: i64| -> Result<VersionView, HubError> {
            let found = self.versions_between(number - 1, number)?.pop();
            found.ok_or(HubError::NoVersion { asked: number.to_string(), newest: to })
        };
        Ok(Changes { from: of(from)?, to: of(to)?, period, before, after, difference, steps })
    }

    /// An answer; none where a filter names what the version does not know.
    async fn answered(&self, snapshot: &Snapshot, query: &Query, viewer: Viewer) -> Result<Option<Answer>, HubError> {
        match self.engine.answer(snapshot, query, viewer).await {
            Ok(answer) => Ok(Some(answer)),
            Err(EngineError::UnknownValue { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// All days that either has.
fn widest(one: &Snapshot, other: &Snapshot) -> Option<Period> {
    let days: Vec<(Date, Date)> = one.days.into_iter().chain(other.days).collect();
    let first = days.iter().map(|(first, _)| *first).min()?;
    let last = days.iter().map(|(_, last)| *last).max()?;
    Period::new(first, last).ok()
}

fn figures(answer: Option<&Answer>, query: &Query) -> Vec<Option<f64>> {
    query.metrics.iter().map(|metric| answer.and_then(|answer| answer.figure(metric.id))).collect()
}

fn differences(metrics: &[&'static Metric], before: &[Option<f64>], now: &[Option<f64>]) -> Vec<Option<f64>> {
    metrics.iter().zip(before).zip(now).map(|((metric, before), now)| difference(metric, *before, *now)).collect()
}

/// What was added. A sum that was not there before grows from nothing; any other figure has to be there twice.
fn difference(metric: &Metric, before: Option<f64>, now: Option<f64>) -> Option<f64> {
    match (before, now) {
        (Some(before), Some(now)) => Some(now - before),
        (None, None) => None,
        _ if metric.combine() == Combine::Sum => Some(now.unwrap_or(0.0) - before.unwrap_or(0.0)),
        _ => None,
    }
}
