//! A question about figures, and who asks it.

use crate::{Dimension, Metric, Period, askable, metric};

/// Who asks. A parameter of every answer from the start, so that policy has one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// The owner of the data folder, on the machine itself: sees everything.
    LocalOwner,
}

/// Keeps the rows whose dimension is one of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// On what.
    pub dimension: Dimension,
    /// Any of these: codes or ids; for areas also names.
    pub values: Vec<String>,
}

/// A question: metrics, split by dimensions, of what passes all filters, within a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What is asked.
    pub metrics: Vec<&'static Metric>,
    /// Split by.
    pub by: Vec<Dimension>,
    /// All of these must hold.
    pub filters: Vec<Filter>,
    /// Local days; none means all that there is.
    pub period: Option<Period>,
    /// Number of the data version that is asked; none means the newest.
    pub as_of: Option<i64>,
    /// Whether the answer says, of every rate, how its denominator came about.
    pub ledger: bool,
}

/// Why a question cannot be asked.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum QueryError {
    /// No metric at all.
    #[error("no metric is asked for: name one or more, such as sessions,energy_kwh")]
    NoMetric,
    /// No such metric.
    #[error("there is no metric “{name}”")]
    UnknownMetric {
        /// As asked.
        name: String,
    },
    /// No such dimension.
    #[error("there is no dimension “{name}”")]
    UnknownDimension {
        /// As asked.
        name: String,
    },
    /// The metric has no meaning by that dimension.
    #[error("{metric} cannot be given by {dimension}: {reason}")]
    NotBy {
        /// Metric id.
        metric: &'static str,
        /// Dimension id.
        dimension: &'static str,
        /// Why.
        reason: &'static str,
        /// What to ask instead.
        instead: &'static str,
    },
    /// The metric cannot be asked at all, for now.
    #[error("{metric} cannot be given: {reason}")]
    NotYet {
        /// Metric id.
        metric: &'static str,
        /// Why.
        reason: &'static str,
        /// What to ask instead.
        instead: &'static str,
    },
    /// Time is chosen by the period, and bins are only split by.
    #[error("“{name}” cannot be filtered on")]
    NotFilter {
        /// Dimension id.
        name: &'static str,
    },
    /// A filter without value.
    #[error("the filter “{name}” has no value: write {name}=VALUE")]
    EmptyFilter {
        /// As asked.
        name: String,
    },
}

impl QueryError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::UnknownMetric { .. } | Self::NoMetric => {
                let ids: Vec<&str> = askable().map(|metric| metric.id).collect();
                format!("Choose from: {}.", ids.join(", "))
            }
            Self::UnknownDimension { .. } => {
                let ids: Vec<&str> = Dimension::ALL.iter().map(|dimension| dimension.id()).collect();
                format!("Choose from: {}.", ids.join(", "))
            }
            Self::NotBy { instead, .. } | Self::NotYet { instead, .. } => (*instead).to_owned(),
            Self::NotFilter { name } if Dimension::of_id(name).is_some_and(Dimension::is_of_session) => {
                format!("Split by {name} and read the row that is asked for.")
            }
            Self::NotFilter { .. } => "Choose days with the period: from and to, or --period.".to_owned(),
            Self::EmptyFilter { .. } => "Give a value, or leave the filter out.".to_owned(),
        }
    }
}

impl Query {
    /// The same question as of a data version; of the newest where none is given.
    #[must_use]
    pub fn as_of(self, version: Option<i64>) -> Self {
        Self { as_of: version, ..self }
    }

    /// Builds a question about the newest data from ids as a person writes them.
    ///
    /// # Errors
    /// [`QueryError`] for unknown or empty ids, and for a metric that has no meaning by a dimension.
    pub fn of(
        metrics: &[&str],
        by: &[&str],
        filters: &[(String, Vec<String>)],
        period: Option<Period>,
    ) -> Result<Self, QueryError> {
        let metrics: Vec<&'static Metric> = metrics
            .iter()
            .map(|id| metric(id).ok_or_else(|| QueryError::UnknownMetric { name: (*id).to_owned() }))
            .collect::<Result<_, _>>()?;
        if metrics.is_empty() {
            return Err(QueryError::NoMetric);
        }
        let dimension =
            |id: &str| Dimension::of_id(id).ok_or_else(|| QueryError::UnknownDimension { name: id.to_owned() });
        let mut split = Vec::new();
        for id in by {
            let found = dimension(id)?;
            if !split.contains(&found) {
                split.push(found);
            }
        }
        let filters = filters
            .iter()
            .map(|(id, values)| Filter::of(dimension(id)?, id, values.clone()))
            .collect::<Result<_, _>>()?;
        for metric in &metrics {
            refuse(metric, &split)?;
        }
        Ok(Self { metrics, by: split, filters, period, as_of: None, ledger: false })
    }

    /// The same question, with the ledger of every denominator.
    #[must_use]
    pub fn with_ledger(self, ledger: bool) -> Self {
        Self { ledger, ..self }
    }
}

/// Says why a metric cannot be asked by some dimensions.
fn refuse(metric: &Metric, split: &[Dimension]) -> Result<(), QueryError> {
    if let Some(why) = metric.lacks() {
        return Err(QueryError::NotYet { metric: metric.id, reason: why.reason, instead: why.instead });
    }
    for &dimension in split {
        if let Some(why) = metric.refuses(dimension) {
            let (metric, dimension) = (metric.id, dimension.id());
            return Err(QueryError::NotBy { metric, dimension, reason: why.reason, instead: why.instead });
        }
    }
    Ok(())
}

impl Filter {
    fn of(dimension: Dimension, written: &str, values: Vec<String>) -> Result<Self, QueryError> {
        if !dimension.can_filter() {
            return Err(QueryError::NotFilter { name: dimension.id() });
        }
        let values: Vec<String> = values.into_iter().filter(|value| !value.trim().is_empty()).collect();
        if values.is_empty() {
            return Err(QueryError::EmptyFilter { name: written.to_owned() });
        }
        Ok(Self { dimension, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_ids_are_refused_with_the_choices() {
        let error = Query::of(&["sesions"], &[], &[], None).map_err(|error| (error.to_string(), error.advice()));
        let (message, advice) = error.err().unwrap_or_default();
        assert!(message.contains("sesions") && advice.contains("energy_kwh"), "{message} {advice}");
        assert!(Query::of(&["sessions"], &["colour"], &[], None).is_err());
        assert!(Query::of(&["sessions"], &[], &[("day".to_owned(), vec!["x".to_owned()])], None).is_err());
        assert_eq!(Query::of(&[], &[], &[], None), Err(QueryError::NoMetric));
    }

    #[test]
    fn a_metric_says_why_it_has_no_meaning_by_a_dimension_and_what_to_ask_instead() {
        let error = Query::of(&["evses"], &["hour_of_week"], &[], None).err();
        assert!(matches!(error, Some(QueryError::NotBy { .. })));
        assert!(error.is_some_and(|error| error.advice().contains("month")));
    }

    #[test]
    fn every_metric_by_every_dimension_is_asked_or_refused_as_the_catalogue_says() {
        for metric in crate::CATALOGUE {
            for dimension in Dimension::ALL {
                let asked = Query::of(&[metric.id], &[dimension.id()], &[], None);
                assert_eq!(asked.is_ok(), metric.refuses(dimension).is_none(), "{} by {}", metric.id, dimension.id());
            }
        }
    }

    #[test]
    fn what_needs_status_changes_is_refused_with_the_reason() {
        let error = Query::of(&["reliability_working"], &[], &[], None).err();
        assert!(error.is_some_and(|error| error.to_string().contains("status changes")));
    }
}
