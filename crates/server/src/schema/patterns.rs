//! What patterns look like as JSON.

use utoipa::ToSchema;

use super::{Coverage, Provenance};

/// The typical day of a place.
#[derive(ToSchema)]
pub(crate) struct TypicalDay {
    /// Id of the metric asked.
    metric: String,
    /// Id of what the figures are: the rate of the metric by charge point, or the ratio itself.
    rate: String,
    /// Unit of the figures: of the rate, or `… per hour` where the rate is one by day.
    unit: String,
    /// What the quartiles are over.
    spread_over: SpreadOver,
    /// All days, weekdays, weekends.
    profiles: Vec<DayProfile>,
    /// Mean of each hour of the week, Monday 00:00 first; empty without data.
    week: Vec<HourOfWeek>,
    /// Coverage of the whole period.
    coverage: Coverage,
    /// Where it comes from.
    provenance: Provenance,
}

/// What the quartiles are over.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum SpreadOver {
    /// Single days.
    Days,
    /// The weekdays of months (the mean Monday of January, …), where single sessions are too many to read.
    WeekdaysOfMonths,
}

/// Which days.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum DayKind {
    /// All.
    All,
    /// Monday to Friday.
    Weekdays,
    /// Saturday and Sunday.
    Weekends,
}

/// The typical day of one kind.
#[derive(ToSchema)]
pub(crate) struct DayProfile {
    /// Which days.
    days: DayKind,
    /// The 24 hours, local time.
    hours: Vec<HourOfDay>,
}

/// An hour of the typical day.
#[derive(ToSchema)]
pub(crate) struct HourOfDay {
    /// 0 to 23.
    hour: u8,
    /// How many days, or weekdays of months, it is made of.
    count: u64,
    /// The middle one; none where there are none.
    median: Option<f64>,
    /// A quarter lies below.
    p25: Option<f64>,
    /// A quarter lies above.
    p75: Option<f64>,
}

/// An hour of the week.
#[derive(ToSchema)]
pub(crate) struct HourOfWeek {
    /// 0 = Monday 00:00.
    hour_of_week: u8,
    /// Sums of the whole period, divided once; none where nothing was reported.
    value: Option<f64>,
}

/// A metric day by day.
#[derive(ToSchema)]
pub(crate) struct Calendar {
    /// Id of the metric.
    metric: String,
    /// Its unit.
    unit: String,
    /// Every day of the period.
    days: Vec<CalendarDay>,
    /// Coverage of the whole period.
    coverage: Coverage,
    /// Where it comes from.
    provenance: Provenance,
}

/// One day of a calendar.
#[derive(ToSchema)]
pub(crate) struct CalendarDay {
    /// The day.
    day: String,
    /// 0 = Monday.
    weekday: i8,
    /// The figure; none where nothing was reported, or where there is nothing to divide by.
    value: Option<f64>,
    /// Whether the day was reported, missing or before anything was installed.
    state: DayState,
    /// Share of registered charge points reported on; none where none is registered.
    coverage: Option<f64>,
}

/// What is known of a day.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum DayState {
    /// At least one charge point that was in service was reported on.
    Reported,
    /// Charge points were in service, and none was reported on: not a zero.
    Missing,
    /// No charge point was in service.
    NotInstalled,
}

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
    /// Days on which the level of the rate changed for good, in order.
    steps: Vec<StepChange>,
    /// Growth on the year before; none where the metric has no amount, or the data does not hold the year before.
    growth: Option<Growth>,
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

/// A lasting change of the level of the rate.
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

/// Use in a period and in the same days a year before.
#[derive(ToSchema)]
pub(crate) struct Growth {
    /// Id of the metric that is compared: the amount behind the metric asked.
    amount: String,
    /// First day of the period.
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
    /// Change as a share of the amount before; none where that was nothing.
    change: Option<f64>,
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

/// The kinds of use of charge points or sites that were reported on.
#[derive(ToSchema)]
pub(crate) struct Archetypes {
    /// `evse` or `location`.
    by: String,
    /// First day read: whole months.
    from: Option<String>,
    /// Last day read.
    to: Option<String>,
    /// Every kind, in a fixed order, also those that none shows; at the end those that show no kind.
    kinds: Vec<ArchetypeKind>,
    /// Charge points or sites, the most used first, cut to the limit.
    members: Vec<ArchetypeMember>,
    /// How many there are before the cut.
    total_members: u64,
    /// Coverage of the whole period.
    coverage: Coverage,
    /// Where it comes from.
    provenance: Provenance,
}

/// A kind of use.
#[derive(ToSchema)]
pub(crate) struct ArchetypeKind {
    /// Id: `overnight_residential`, …, `no_clear_pattern`, `too_little_use`.
    id: String,
    /// Name.
    name: String,
    /// What it says.
    sentence: String,
    /// How many show it.
    members: u64,
    /// Their share of the time plugged in, 0 to 1; none without use.
    share_of_plugged: Option<f64>,
    /// The mean of their weeks, Monday 00:00 first: the share of the time plugged in that falls in each hour; empty where none shows it.
    week: Vec<f64>,
}

/// A charge point or site with the kind of use that it shows.
#[derive(ToSchema)]
pub(crate) struct ArchetypeMember {
    /// Id.
    id: String,
    /// Name of the site.
    name: String,
    /// Id of the kind.
    archetype: String,
    /// Share of its time plugged in that lies as in the nearest shape, 0 to 1; none with too little use.
    fit: Option<f64>,
    /// Sessions.
    sessions: f64,
    /// Hours plugged in.
    plugged_hours: f64,
    /// Mean stay, hours; none without sessions.
    mean_stay_hours: Option<f64>,
}

/// How energy is spread over charge points or sites that were reported on.
#[derive(ToSchema)]
pub(crate) struct Concentration {
    /// `evse` or `location`.
    by: String,
    /// Id of the metric that is spread.
    metric: String,
    /// Its unit.
    unit: String,
    /// All of it.
    total: f64,
    /// Charge points or sites reported on, those without use included.
    members: u64,
    /// Of these, with use.
    members_in_use: u64,
    /// Gini coefficient: 0 where all have the same, near 1 where one has all; none without use.
    gini: Option<f64>,
    /// The fewest that together have half; none without use.
    half: Option<HalfOfUse>,
    /// Shares of the busiest 1, 5, 10 and 20 in 100, at least one member each; empty without use.
    top: Vec<TopShare>,
    /// Lorenz curve, from (0, 0) to (1, 1), at most 101 points; empty without use.
    curve: Vec<CurvePoint>,
    /// The ten busiest.
    largest: Vec<LargestMember>,
    /// Coverage of the whole period.
    coverage: Coverage,
    /// Where it comes from.
    provenance: Provenance,
}

/// The fewest that together have half.
#[derive(ToSchema)]
pub(crate) struct HalfOfUse {
    /// How many.
    members: u64,
    /// As a share of all, 0 to 1.
    share_of_members: f64,
}

/// What the busiest have.
#[derive(ToSchema)]
pub(crate) struct TopShare {
    /// The busiest share of members, 0 to 1.
    share_of_members: f64,
    /// Their share of use, 0 to 1.
    share_of_use: f64,
}

/// A point of the Lorenz curve.
#[derive(ToSchema)]
pub(crate) struct CurvePoint {
    /// Share of members, from the least used, 0 to 1.
    members: f64,
    /// Their share of use, 0 to 1.
    r#use: f64,
}

/// One of the busiest.
#[derive(ToSchema)]
pub(crate) struct LargestMember {
    /// Id.
    id: String,
    /// Name of the site.
    name: String,
    /// Its use.
    value: f64,
    /// As a share of all, 0 to 1.
    share: f64,
}

/// Charge points in service at the end of the period and without a session for a while.
#[derive(ToSchema)]
pub(crate) struct Unused {
    /// Reported days without use from which a charge point is listed.
    min_days: u32,
    /// Charge points in service on the last day and reported on in the period.
    evses: u64,
    /// Of these, listed here: without use for at least the days asked.
    evses_unused: u64,
    /// Of these, never used in the period.
    evses_never_used: u64,
    /// The most surprising first, then the never used by their reported days; cut to the limit.
    members: Vec<UnusedMember>,
    /// Coverage of the whole period.
    coverage: Coverage,
    /// Where it comes from.
    provenance: Provenance,
}

/// What is known of a charge point without use.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum UnusedState {
    /// It was used before.
    FellSilent,
    /// No session in the whole period.
    NeverUsed,
}

/// A charge point without use.
#[derive(ToSchema)]
pub(crate) struct UnusedMember {
    /// `operator:uid`.
    evse: String,
    /// `operator:location`.
    location: String,
    /// Name of the site.
    location_name: String,
    /// Whether it was ever used in the period.
    state: UnusedState,
    /// Last day with a vehicle plugged in; none where there was none.
    last_used: Option<String>,
    /// First day in the period that it was reported on.
    first_reported: String,
    /// Last day that it was reported on: nothing is known of later days.
    last_reported: String,
    /// Days from the last use to the last day reported; none where there was no use.
    days_since_use: Option<i64>,
    /// Reported days since the last use; all of them where there was none.
    reported_days_since: u32,
    /// Sessions in the period up to the last use.
    sessions_before: f64,
    /// Sessions to be expected in the reported days since, at its own rate by hour of the week; none where it was never used.
    expected_sessions: Option<f64>,
    /// Chance of none in that time, 0 to 1; none where it was never used.
    chance_of_none: Option<f64>,
    /// The same as “1 in so many”, rounded to two digits; none where it was never used.
    one_in: Option<f64>,
}

/// What the figures of a view say, in words.
#[derive(ToSchema)]
pub(crate) struct Findings {
    /// Two to four sentences in the order in which they are to be read; one where there is nothing to tell.
    sentences: Vec<Sentence>,
    /// Coverage of the whole period.
    coverage: Coverage,
    /// Where the figures come from.
    provenance: Provenance,
}

/// A sentence.
#[derive(ToSchema)]
pub(crate) struct Sentence {
    /// What it is about.
    kind: SentenceKind,
    /// The sentence.
    text: String,
    /// Ids of the metrics and patterns whose figures it tells.
    basis: Vec<String>,
}

/// What a sentence is about.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum SentenceKind {
    /// How much there is.
    Size,
    /// What changed.
    Change,
    /// What is out of the ordinary.
    Unusual,
    /// What not to trust.
    Trust,
}
