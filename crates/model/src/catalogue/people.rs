//! Drivers, and what they paid.

use super::additive::{Additive as A, Total};
use super::texts::{BY_START, DRIVERS, FEES, ONE_OPERATOR};
use super::{Direction, Distinct, Format, Metric, Rule, metric_of};

const SHARE_OF_KNOWN: &str = "Share of the energy of sessions with a driver, not of all energy.";

pub(super) const UNIQUE_DRIVERS: Metric = Metric {
    unit: "drivers",
    unit_label: "drivers",
    sentence: "How many different drivers plugged in.",
    formula: "count of distinct pseudonyms of sessions started, within one operator",
    exclusions: &[
        ONE_OPERATOR,
        DRIVERS,
        BY_START,
        "Where there are sessions and none has a driver, there is no figure.",
    ],
    ..metric_of("unique_drivers", "Different drivers", "Drivers", Rule::Distinct(Distinct::Drivers))
};

pub(super) const TOP1_SHARE: Metric = Metric {
    unit: "ratio",
    unit_label: "% of energy",
    format: Format::Percent,
    sentence: "Share of the energy that went to the one driver who took most.",
    formula: "energy of the heaviest driver ÷ Σ energy of sessions started with a driver, within one operator",
    exclusions: &[ONE_OPERATOR, DRIVERS, SHARE_OF_KNOWN, BY_START],
    good_direction: Direction::None,
    ..metric_of("top1_share", "Share of the heaviest driver", "Top driver", Rule::TopShare(1))
};

pub(super) const TOP5_SHARE: Metric = Metric {
    unit: "ratio",
    unit_label: "% of energy",
    format: Format::Percent,
    sentence: "Share of the energy that went to the five drivers who took most.",
    formula: "energy of the five heaviest drivers ÷ Σ energy of sessions started with a driver, within one operator",
    exclusions: &[ONE_OPERATOR, DRIVERS, SHARE_OF_KNOWN, BY_START],
    good_direction: Direction::None,
    ..metric_of("top5_share", "Share of the five heaviest drivers", "Top five", Rule::TopShare(5))
};

pub(super) const REVENUE: Metric = Metric {
    unit: "GBP",
    unit_label: "pounds",
    format: Format::Pounds,
    version: 2,
    sentence: "What drivers paid, VAT included.",
    formula: "Σ fee of sessions started",
    exclusions: &[FEES, BY_START],
    ..metric_of(
        "revenue_gbp",
        "Revenue",
        "Revenue",
        Rule::Total(Total::of(A::FeePence).per(100.0).known_by(A::Sessions, A::FeeSessions)),
    )
};

pub(super) const PRICE: Metric = Metric {
    unit: "p per kWh",
    unit_label: "p a kWh",
    format: Format::Decimal,
    version: 2,
    sentence: "What drivers paid for a kWh, VAT and all charges together.",
    formula: "Σ fee ÷ Σ energy of sessions started with a fee",
    exclusions: &[FEES, BY_START],
    good_direction: Direction::None,
    ..metric_of(
        "price_p_per_kwh",
        "Price per kWh",
        "Price",
        Rule::Ratio { above: Total::of(A::FeePence), below: Total::of(A::FeeKwh) },
    )
};
