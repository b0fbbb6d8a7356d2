//! What patterns can be asked of.

use kerbwatt_model::{Additive, Metric, metric};

use crate::sums::Sums;

/// A metric of which there are patterns, with its rate: what one charge point does, which neither more points nor lost returns change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// What was asked.
    pub metric: &'static Metric,
    /// The same by charge point and reported day, or the metric itself where it is a ratio already.
    pub rate: &'static Metric,
    pub(super) amount: Option<Amount>,
}

/// A metric of which there are no patterns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are no patterns of “{0}”")]
pub struct NotAMeasure(pub String);

impl NotAMeasure {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        format!("Choose from: {}.", Measure::ids().collect::<Vec<_>>().join(", "))
    }
}

/// What adds up behind a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::patterns) enum Amount {
    Sessions,
    EnergyKwh,
    PluggedHours,
}

impl Amount {
    pub(in crate::patterns) fn of(self, sums: &Sums) -> f64 {
        match self {
            Self::Sessions => sums.of(Additive::Sessions),
            Self::EnergyKwh => sums.of(Additive::EnergyKwh),
            Self::PluggedHours => sums.of(Additive::PluggedS) / 3600.0,
        }
    }

    pub(in crate::patterns) fn metric_id(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::EnergyKwh => "energy_kwh",
            Self::PluggedHours => "plugged_hours",
        }
    }
}

/// Metric, its rate, and what adds up behind it.
const MEASURES: [(&str, &str, Option<Amount>); 10] = [
    ("utilisation_time", "utilisation_time", Some(Amount::PluggedHours)),
    ("utilisation_energy", "utilisation_energy", Some(Amount::EnergyKwh)),
    ("sessions", "sessions_per_evse_day", Some(Amount::Sessions)),
    ("sessions_per_evse_day", "sessions_per_evse_day", Some(Amount::Sessions)),
    ("energy_kwh", "kwh_per_evse_day", Some(Amount::EnergyKwh)),
    ("kwh_per_evse_day", "kwh_per_evse_day", Some(Amount::EnergyKwh)),
    ("plugged_hours", "utilisation_time", Some(Amount::PluggedHours)),
    ("energy_per_session", "energy_per_session", None),
    ("duration_per_session", "duration_per_session", None),
    ("failed_start_rate", "failed_start_rate", None),
];

impl Measure {
    /// Ids of the metrics of which there are patterns.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        MEASURES.into_iter().map(|(id, _, _)| id)
    }

    /// The measure of a metric.
    ///
    /// # Errors
    /// [`NotAMeasure`] when there are no patterns of it.
    pub fn of(id: &str) -> Result<Self, NotAMeasure> {
        let refused = || NotAMeasure(id.to_owned());
        let (id, rate, amount) = MEASURES.into_iter().find(|(known, _, _)| *known == id).ok_or_else(refused)?;
        let found = |id: &str| metric(id).ok_or_else(|| NotAMeasure(id.to_owned()));
        Ok(Self { metric: found(id)?, rate: found(rate)?, amount })
    }
}
