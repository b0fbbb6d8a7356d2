//! What there is, what of it is used, and since when not.

use super::additive::{Additive as A, Total};
use super::texts::{BY_START, LIVE, REPORTED, UNREPORTED_UNUSED};
use super::{Direction, Distinct, Format, Metric, Rule, Since, Stock, metric_of};

const OCPI: &str = "OCPI 2.2.1 EVSE";
const SINCE_FORMULA: &str =
    "reported, live days after the last day on which a vehicle was plugged in, up to the end of the period";
const NEVER: &str = "The whole past counts, not only the period. A charge point never used is counted from its first reported, live day.";
const LIVE_AT_END: &str =
    "Only charge points that are live on the last day of the period and reported on some day within it.";

pub(super) const EVSES: Metric = Metric {
    unit: "EVSEs",
    unit_label: "charge points",
    sentence: "Charge points (EVSEs: each serves one vehicle at a time) live at the end of the period.",
    formula: "count of EVSEs live on the last day of the period",
    exclusions: &[LIVE],
    source: OCPI,
    good_direction: Direction::None,
    ..metric_of("evses", "Charge points", "Charge points", Rule::Stock(Stock::Evses))
};

pub(super) const DEVICES: Metric = Metric {
    unit: "devices",
    unit_label: "devices",
    sentence: "Physical units live at the end of the period; one may serve several vehicles at a time. National statistics count these.",
    formula: "count of devices with ≥ 1 EVSE live on the last day of the period",
    exclusions: &[LIVE, "Where a return names no device, each charge point counts as one."],
    source: "DfT electric vehicle charging device statistics",
    good_direction: Direction::None,
    ..metric_of("devices", "Devices", "Devices", Rule::Stock(Stock::Devices))
};

pub(super) const LOCATIONS: Metric = Metric {
    unit: "locations",
    unit_label: "sites",
    sentence: "Sites with a charge point live at the end of the period.",
    formula: "count of locations with ≥ 1 EVSE live on the last day of the period",
    exclusions: &[LIVE, "One place at which two operators stand counts for each of them."],
    source: "OCPI 2.2.1 Location",
    good_direction: Direction::None,
    ..metric_of("locations", "Sites", "Sites", Rule::Stock(Stock::Locations))
};

pub(super) const RATED_KW: Metric = Metric {
    unit: "kW",
    unit_label: "kW",
    format: Format::Decimal,
    sentence: "Rated power of the charge points live at the end of the period, each by its strongest connector.",
    formula: "Σ rated power of EVSEs live on the last day of the period",
    exclusions: &[
        LIVE,
        "Charge points of unknown rated power are left out; where none is known there is no figure.",
        "What a site can draw at once may be less.",
    ],
    good_direction: Direction::None,
    ..metric_of("rated_kw", "Rated power", "Rated power", Rule::Stock(Stock::RatedKw))
};

pub(super) const EVSE_DAYS: Metric = Metric {
    unit: "EVSE-days",
    unit_label: "charge-point days",
    sentence: "Days of live charge points, reported or not.",
    formula: "Σ live days over EVSEs",
    exclusions: &[LIVE],
    good_direction: Direction::None,
    ..metric_of("evse_days", "Charge-point days", "Point days", Rule::Total(Total::of(A::LiveDays)))
};

pub(super) const EVSES_IN_USE: Metric = Metric {
    unit: "EVSEs",
    unit_label: "charge points",
    sentence: "Charge points with at least one session started in the period.",
    formula: "count of EVSEs with ≥ 1 session started",
    exclusions: &[BY_START],
    ..metric_of("evses_in_use", "Charge points in use", "In use", Rule::Distinct(Distinct::EvsesInUse))
};

pub(super) const EVSES_UNUSED: Metric = Metric {
    unit: "EVSEs",
    unit_label: "charge points",
    sentence: "Charge points that were live and reported in the period and had no session.",
    formula: "count of EVSEs live and reported on ≥ 1 day, with no session started",
    exclusions: &[REPORTED, LIVE],
    good_direction: Direction::Down,
    ..metric_of("evses_unused", "Unused charge points", "Unused", Rule::Distinct(Distinct::EvsesUnused))
};

pub(super) const DAYS_SINCE_USE: Metric = Metric {
    unit: "days",
    unit_label: "days",
    format: Format::Decimal,
    sentence: "Days since a charge point was used last; for several, half of them were used more recently.",
    formula: SINCE_FORMULA,
    exclusions: &[UNREPORTED_UNUSED, LIVE_AT_END, NEVER, "For several charge points: the median over them."],
    good_direction: Direction::Down,
    ..metric_of("days_since_use", "Days since last use, median", "Days since use", Rule::SinceUse(Since::Middle))
};

pub(super) const DAYS_SINCE_USE_MAX: Metric = Metric {
    unit: "days",
    unit_label: "days",
    sentence: "Days since last use of the charge point that was unused for longest.",
    formula: SINCE_FORMULA,
    exclusions: &[UNREPORTED_UNUSED, LIVE_AT_END, NEVER, "For several charge points: the largest over them."],
    good_direction: Direction::Down,
    ..metric_of("days_since_use_max", "Days since last use, longest", "Longest unused", Rule::SinceUse(Since::Longest))
};
