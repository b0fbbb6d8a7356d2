//! What trends look like as JSON.

use utoipa::ToSchema;

use super::patterns::DayState;
use super::{Comparison, Coverage, Provenance};

/// A metric over time.
#[derive(ToSchema)]
pub(crate) struct Trend {
    /// Id of the metric.
    metric: String,
    /// Its unit.
    unit: String,
    /// Id of the rate that is taken apart: by charge point and reported day, so that more points are no growth.
    rate: String,
    /// Its unit.
    rate_unit: String,
    /// Every day of the period.
    days: Vec<DayTrend>,
    /// How the rate was taken apart; none where there is too little.
    decomposition: Option<Decomposition>,
    /// Why there is no decomposition.
    no_decomposition: Option<String>,
    /// Days on which the level of the rate changed, for four weeks at least, in order.
    steps: Vec<StepChange>,
    /// Changes that were found too, but may be of other charge points instead of other use.
    steps_left_out: Vec<StepLeftOut>,
    /// Growth on the year before; none where the metric has no amount, or the data does not hold the year before.
    growth: Option<Growth>,
    /// Why there is no growth; none where there is.
    no_growth: Option<String>,
    /// How each month of the year stands to the year around it, from all data up to the period's end; empty with less than two years.
    seasons: Vec<SeasonMonth>,
    /// Coverage of the whole period.
    coverage: Coverage,
    /// Where it comes from.
    provenance: Provenance,
}

/// One day of a trend.
#[derive(ToSchema)]
pub(crate) struct DayTrend {
    /// The day.
    day: String,
    /// The metric; none where nothing was reported.
    value: Option<f64>,
    /// Its rate.
    rate: Option<f64>,
    /// The rate on the same weekday 364 days before; none where that was not reported.
    rate_last_year: Option<f64>,
    /// Trend of the rate; none where the day does not count.
    trend: Option<f64>,
    /// What the weekday adds.
    season: Option<f64>,
    /// What is left.
    residual: Option<f64>,
    /// Whether the day was reported, missing or before anything was installed.
    state: DayState,
    /// Share of registered charge points reported on; none where none is registered.
    coverage: Option<f64>,
    /// Whether it counts for trend and steps: reported, by about as many charge points as usual.
    counted: bool,
}

/// How the rate was taken apart.
#[derive(ToSchema)]
pub(crate) struct Decomposition {
    /// What was done.
    method: String,
    /// Days that counted.
    counted_days: u64,
    /// Days of the period that did not: not reported, or by other charge points than usual.
    left_out_days: u64,
    /// Part of the variation that the weekday explains beside the residual, 0 to 1.
    strength_of_week: f64,
    /// Part of the variation that the trend explains beside the residual, 0 to 1.
    strength_of_trend: f64,
    /// What each weekday adds on average, Monday first.
    week: Vec<SeasonDay>,
}

/// What a weekday adds.
#[derive(ToSchema)]
pub(crate) struct SeasonDay {
    /// 0 = Monday.
    weekday: i8,
    /// Mean of the season on these days, in units of the rate.
    value: f64,
}

/// A change of the level of the rate that lasted for four weeks at least: why it came, and whether it stays, the figures do not say.
#[derive(ToSchema)]
pub(crate) struct StepChange {
    /// First day at the new level.
    day: String,
    /// With 95 % confidence not before this day.
    earliest: String,
    /// With 95 % confidence not after this day.
    latest: String,
    /// Level before.
    before: f64,
    /// Level after.
    after: f64,
    /// Difference.
    change: f64,
    /// Lower end of its 95 % interval.
    change_low: f64,
    /// Upper end of its 95 % interval.
    change_high: f64,
    /// Difference as a share of the level before; none where that was nothing.
    change_share: Option<f64>,
    /// How often a series that wanders as much but has no step shows as much: at most 0.01.
    chance: f64,
}

/// How a month of the year stands to the year around it.
#[derive(ToSchema)]
pub(crate) struct SeasonMonth {
    /// 1 = January.
    month: i8,
    /// Rate by that of an average month: 1.1 is a tenth above.
    index: f64,
}

/// A change of level that was found, but may come from other charge points instead of other use.
#[derive(ToSchema)]
pub(crate) struct StepLeftOut {
    /// First day at the new level.
    day: String,
    /// Why it is not told, as a clause.
    reason: String,
}

/// Use in a period and in the same days a year before.
#[derive(ToSchema)]
pub(crate) struct Growth {
    /// Id of the metric that is compared: the amount behind the metric asked.
    amount: String,
    /// First day that is compared: of the period, or of its last year where it is longer.
    from: String,
    /// Last day of the period.
    to: String,
    /// First day of the period before.
    before_from: String,
    /// Last day of the period before.
    before_to: String,
    /// Amount in the period.
    now: f64,
    /// Amount in the period before.
    before: f64,
    /// Change as a share of the amount before; none where that was nothing, or where the totals are not compared.
    change: Option<f64>,
    /// Whether the totals may be compared, and why not.
    comparison: Comparison,
    /// Charge points reported on in the period.
    evses_now: u64,
    /// Charge points reported on in the period before.
    evses_before: u64,
    /// Share of registered charge-point days reported on, in the period.
    coverage_now: Option<f64>,
    /// The same of the period before.
    coverage_before: Option<f64>,
    /// The charge points in service and reported on at least 95 of 100 days of both periods; none where there are none.
    like_for_like: Option<LikeForLike>,
}

/// Use of the same charge points in both periods.
#[derive(ToSchema)]
pub(crate) struct LikeForLike {
    /// How many there are.
    evses: u64,
    /// Their amount in the period.
    now: f64,
    /// Their amount in the period before.
    before: f64,
    /// Change of the amount a reported day, as a share of that before; none where that was nothing.
    change: Option<f64>,
}
