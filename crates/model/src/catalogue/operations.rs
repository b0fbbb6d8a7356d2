//! How full it gets, how much is known, and what works.

use super::additive::{Additive as A, Total};
use super::texts::{LIVE, OPEN, REGULATIONS, REPORTED};
use super::{Direction, Format, Metric, Rule, metric_of};

pub(super) const PEAK_CONCURRENCY: Metric = Metric {
    unit: "EVSEs",
    unit_label: "at once",
    sentence: "The most charge points plugged in at the same moment.",
    formula: "maximum over time of EVSEs with a session; a session ends before another starts at the same instant",
    exclusions: &["Sessions that overlap at the same charge point count as one."],
    version: 2,
    good_direction: Direction::None,
    ..metric_of("peak_concurrency", "Most plugged in at once", "Peak", Rule::Peak)
};

pub(super) const SITE_CONGESTION: Metric = Metric {
    unit: "ratio",
    unit_label: "% of open time",
    format: Format::Percent,
    sentence: "Share of the time in which every charge point of a site was taken, so that nobody else could plug in.",
    formula: "Σ minutes with all live, reported EVSEs of a location taken ÷ Σ minutes with any of them; a session ends before another starts at the same instant",
    exclusions: &[
        REPORTED,
        LIVE,
        OPEN,
        "Only the charge points that pass the filters and belong to the row count: by power, a site is taken when all its points of that power are.",
        "Sites of one charge point count too, and are taken whenever it is.",
    ],
    good_direction: Direction::Down,
    ..metric_of("site_congestion", "Time with every point of a site taken", "Site full", Rule::Congestion)
};

pub(super) const COVERAGE: Metric = Metric {
    unit: "ratio",
    unit_label: "% of charge-point days",
    format: Format::Percent,
    sentence: "Share of registered charge-point days that an accepted return covers.",
    formula: "EVSE-days reported ÷ EVSE-days registered",
    exclusions: &["Charge points that are not in the register are left out.", LIVE],
    ..metric_of(
        "coverage",
        "Coverage",
        "Coverage",
        Rule::Ratio { above: Total::of(A::ReportedRegisteredDays), below: Total::of(A::RegisteredDays) },
    )
};

const fn reliability(id: &'static str, name: &'static str, short_name: &'static str) -> Metric {
    Metric {
        unit: "ratio",
        unit_label: "% of time",
        format: Format::Percent,
        source: REGULATIONS,
        ..metric_of(id, name, short_name, Rule::Status)
    }
}

pub(super) const RELIABILITY_WORKING: Metric = Metric {
    sentence: "Share of the time of known status in which charge points worked.",
    formula: "Σ working time ÷ (Σ working time + Σ time not working)",
    exclusions: &["Time of unknown status is left out, and shown beside it as its own share."],
    ..reliability("reliability_working", "Reliability, of known time", "Working")
};

pub(super) const RELIABILITY_STATUTORY: Metric = Metric {
    sentence: "Reliability of rapid charge points as the regulations count it; 99% of each calendar year is asked for.",
    formula: "1 − Σ time INOPERATIVE or OUTOFORDER ÷ Σ opening time",
    exclusions: &["UNKNOWN and BLOCKED count as reliable, so that a charge point that is offline looks perfect."],
    ..reliability("reliability_statutory", "Reliability, statutory", "Statutory")
};

pub(super) const RELIABILITY_UNKNOWN: Metric = Metric {
    sentence: "Share of the time in which nobody knows whether charge points worked.",
    formula: "Σ time of status UNKNOWN or without any ÷ Σ opening time",
    good_direction: Direction::Down,
    ..reliability("reliability_unknown", "Status unknown", "Unknown")
};
