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

/// The kinds of use of charge points or sites that were reported on.
#[derive(ToSchema)]
pub(crate) struct Archetypes {
    /// `evse` or `location`.
    by: String,
    /// First day read: whole months, the last twelve of the period.
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
