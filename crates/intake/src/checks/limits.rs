//! The limits of checks, for people who want to know where a finding begins.

use serde::Serialize;

use super::{Check, Thresholds};

/// Where a check begins to find something.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CheckLimit {
    /// Name of the limit among [`Thresholds`].
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Unit of the value; 1 for a ratio.
    pub unit: &'static str,
}

impl Check {
    /// Its limit; none for a check without one. The usual one where it differs between power bands.
    #[must_use]
    pub fn limit(&self) -> Option<CheckLimit> {
        let thresholds = Thresholds::default();
        let limit = |name, value, unit| Some(CheckLimit { name, value, unit });
        match self.id {
            "under_one_minute" => limit("one_minute", 1.0, "min"),
            "long_stay" => limit("long_stay_min", minutes(thresholds.long_stay_min), "min"),
            "long_charge" => limit("long_charge_min", minutes(thresholds.long_charge_min), "min"),
            "low_energy" => limit("low_energy_kwh", thresholds.low_energy_kwh, "kWh"),
            "high_energy" => limit("high_energy_kwh", thresholds.high_energy_kwh, "kWh"),
            "over_rated_power" => limit("over_rated", thresholds.over_rated, "1"),
            "implausible_energy" => limit("impossible_kwh", thresholds.impossible_kwh, "kWh"),
            _ => None,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "minutes of a week at most")]
fn minutes(limit: i64) -> f64 {
    limit as f64
}

#[cfg(test)]
mod tests {
    use crate::checks;

    #[test]
    fn limits_belong_to_checks_that_exist_and_others_have_none() {
        let limited: Vec<&str> =
            checks().iter().filter(|check| check.limit().is_some()).map(|check| check.id).collect();
        assert_eq!(
            limited,
            [
                "implausible_energy",
                "under_one_minute",
                "long_stay",
                "long_charge",
                "low_energy",
                "high_energy",
                "over_rated_power"
            ]
        );
    }
}
