//! The metric catalogue: every figure as data. It renders the methods page, the API documentation and the data dictionary.

mod additive;
mod amounts;
mod operations;
mod people;
mod rates;
mod rule;
mod stocks;
mod texts;
mod wire;

use serde::Serialize;

use crate::Dimension;

pub use additive::{Additive, Total};
pub use rule::{Combine, Distinct, PerSession, Refusal, Rule, Since, Stock};

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Whole number.
    Integer,
    /// One or two decimals.
    Decimal,
    /// Share, 0 to 1, shown in percent.
    Percent,
    /// Hours.
    Hours,
    /// kWh, shown in kWh, MWh or GWh.
    Kwh,
    /// Minutes.
    Minutes,
    /// Pounds.
    Pounds,
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    None,
}

/// One metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// Id, stable.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Name where space is short.
    pub short_name: &'static str,
    /// Unit of the value in answers.
    pub unit: &'static str,
    /// Unit as said on screens.
    pub unit_label: &'static str,
    /// How it is shown.
    pub format: Format,
    /// What it says, in plain words.
    pub sentence: &'static str,
    /// Formula.
    pub formula: &'static str,
    /// What is left out or assumed.
    pub exclusions: &'static [&'static str],
    /// Where the definition comes from.
    pub source: &'static str,
    /// Version of the definition.
    pub version: u32,
    /// How it is made.
    pub rule: Rule,
    /// Which way is good.
    pub good_direction: Direction,
}

impl Metric {
    /// How the figures of parts combine.
    #[must_use]
    pub const fn combine(&self) -> Combine {
        self.rule.combine()
    }

    /// Why the metric has no meaning by a dimension; none where it has.
    #[must_use]
    pub fn refuses(&self, dimension: Dimension) -> Option<Refusal> {
        self.rule.refuses(dimension)
    }

    /// Why it cannot be asked at all, for now; none where it can.
    #[must_use]
    pub const fn lacks(&self) -> Option<Refusal> {
        self.rule.lacks()
    }

    /// The dimensions it can be split by.
    pub fn dimensions(&self) -> impl Iterator<Item = Dimension> {
        Dimension::ALL.into_iter().filter(|dimension| self.refuses(*dimension).is_none())
    }
}

/// Finds a metric by its id.
#[must_use]
pub fn metric(id: &str) -> Option<&'static Metric> {
    CATALOGUE.iter().find(|metric| metric.id == id)
}

/// Every metric that can be asked now, in the order of the catalogue.
pub fn askable() -> impl Iterator<Item = &'static Metric> {
    CATALOGUE.iter().filter(|metric| metric.lacks().is_none())
}

const fn metric_of(id: &'static str, name: &'static str, short_name: &'static str, rule: Rule) -> Metric {
    Metric {
        id,
        name,
        short_name,
        unit: "",
        unit_label: "",
        format: Format::Integer,
        sentence: "",
        formula: "",
        exclusions: &[],
        source: texts::OWN,
        version: 1,
        rule,
        good_direction: Direction::Up,
    }
}

/// Every metric.
pub static CATALOGUE: &[Metric] = &[
    amounts::SESSIONS,
    amounts::FAILED_STARTS,
    amounts::ENERGY,
    amounts::PLUGGED_HOURS,
    amounts::CHARGING_HOURS,
    amounts::IDLE_HOURS,
    rates::UTILISATION_TIME,
    rates::UTILISATION_CHARGING,
    rates::UTILISATION_ENERGY,
    rates::SESSIONS_PER_EVSE_DAY,
    rates::KWH_PER_EVSE_DAY,
    rates::ENERGY_PER_SESSION,
    rates::ENERGY_PER_SESSION_MEDIAN,
    rates::DURATION_PER_SESSION,
    rates::DURATION_PER_SESSION_MEDIAN,
    rates::POWER_PER_SESSION,
    rates::POWER_PER_SESSION_MEDIAN,
    stocks::EVSES,
    stocks::DEVICES,
    stocks::LOCATIONS,
    stocks::RATED_KW,
    stocks::EVSE_DAYS,
    stocks::EVSES_IN_USE,
    stocks::EVSES_UNUSED,
    stocks::DAYS_SINCE_USE,
    stocks::DAYS_SINCE_USE_MAX,
    rates::FAILED_START_RATE,
    operations::PEAK_CONCURRENCY,
    operations::SITE_CONGESTION,
    people::UNIQUE_DRIVERS,
    people::TOP1_SHARE,
    people::TOP5_SHARE,
    people::REVENUE,
    people::PRICE,
    amounts::CO2E_AVOIDED,
    amounts::ELECTRIC_MILES,
    operations::COVERAGE,
    operations::RELIABILITY_WORKING,
    operations::RELIABILITY_STATUTORY,
    operations::RELIABILITY_UNKNOWN,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_complete_and_has_its_own_id() {
        let mut ids: Vec<&str> = CATALOGUE.iter().map(|metric| metric.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CATALOGUE.len());
        for metric in CATALOGUE {
            for text in [metric.name, metric.unit, metric.unit_label, metric.sentence, metric.formula, metric.source] {
                assert!(!text.is_empty(), "{}", metric.id);
            }
        }
    }

    #[test]
    fn a_share_is_never_said_to_add_up() {
        for metric in CATALOGUE.iter().filter(|metric| metric.format == Format::Percent) {
            assert!(matches!(metric.combine(), Combine::RatioOfSums | Combine::Share), "{}", metric.id);
        }
    }

    /// Each kind of dimension that a rule has to answer for, told apart by hand and not by the rules' own questions.
    #[test]
    fn every_metric_says_of_every_dimension_whether_it_has_a_meaning() {
        let hours = ["hour", "hour_of_week", "hour_of_day"];
        let parts_of_time = ["day", "week", "month", "quarter", "year"];
        let of_session = ["session_length", "session_energy"];
        let of_sessions_alone = [
            "sessions",
            "failed_starts",
            "energy_kwh",
            "plugged_hours",
            "charging_hours",
            "idle_hours",
            "energy_per_session",
            "energy_per_session_median",
            "duration_per_session",
            "duration_per_session_median",
            "power_per_session",
            "power_per_session_median",
            "evses_in_use",
            "failed_start_rate",
            "peak_concurrency",
            "unique_drivers",
            "top1_share",
            "top5_share",
            "revenue_gbp",
            "price_p_per_kwh",
            "co2e_avoided_kg",
            "electric_miles",
        ];
        let of_time_too = [
            "utilisation_time",
            "utilisation_charging",
            "utilisation_energy",
            "sessions_per_evse_day",
            "kwh_per_evse_day",
        ];
        for metric in CATALOGUE {
            for dimension in Dimension::ALL {
                let id = dimension.id();
                let has_meaning = match metric.id {
                    id if id.starts_with("reliability_") => false,
                    known if of_sessions_alone.contains(&known) => true,
                    known if of_time_too.contains(&known) => !of_session.contains(&id),
                    "evses" | "devices" | "locations" | "rated_kw" => {
                        !hours.contains(&id) && !of_session.contains(&id) && id != "weekday"
                    }
                    "evse_days" | "coverage" | "evses_unused" => !hours.contains(&id) && !of_session.contains(&id),
                    "days_since_use" | "days_since_use_max" => {
                        !hours.contains(&id)
                            && !parts_of_time.contains(&id)
                            && !of_session.contains(&id)
                            && id != "weekday"
                    }
                    "site_congestion" => !of_session.contains(&id) && id != "evse" && id != "device",
                    other => unreachable!("{other} is not told here"),
                };
                let refusal = metric.refuses(dimension);
                assert_eq!(refusal.is_none(), has_meaning, "{} by {id}: {refusal:?}", metric.id);
                assert!(refusal.is_none_or(|why| why.instead.ends_with('.')), "{} by {id}", metric.id);
            }
        }
    }

    #[test]
    fn only_totals_and_ratios_have_sums_to_add() {
        for metric in CATALOGUE {
            let is_of_sums = matches!(metric.rule, Rule::Total(_) | Rule::Ratio { .. });
            assert_eq!(metric.rule.sums().is_empty(), !is_of_sums, "{}", metric.id);
        }
    }
}
