//! A question about figures, and who asks it.

use crate::{CATALOGUE, Dimension, Metric, Period, metric};

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
    },
    /// Time is chosen by the period.
    #[error("“{name}” cannot be filtered on: choose days with the period")]
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
                let ids: Vec<&str> = CATALOGUE.iter().map(|metric| metric.id).collect();
                format!("Choose from: {}.", ids.join(", "))
            }
            Self::UnknownDimension { .. } => {
                let ids: Vec<&str> = Dimension::ALL.iter().map(|dimension| dimension.id()).collect();
                format!("Choose from: {}.", ids.join(", "))
            }
            Self::NotBy { .. } => "Leave that dimension out, or ask another metric.".to_owned(),
            Self::NotFilter { .. } => "Use from and to, or --period.".to_owned(),
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
            for &dimension in &split {
                if let Some(reason) = metric.refuses(dimension) {
                    return Err(QueryError::NotBy { metric: metric.id, dimension: dimension.id(), reason });
                }
            }
        }
        Ok(Self { metrics, by: split, filters, period, as_of: None })
    }
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
    fn a_metric_says_why_it_has_no_meaning_by_a_dimension() {
        assert!(matches!(Query::of(&["evses"], &["hour_of_week"], &[], None), Err(QueryError::NotBy { .. })));
    }
}
