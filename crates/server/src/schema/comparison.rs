//! Whether periods and buckets stand beside each other, as JSON.

use utoipa::ToSchema;

/// Whether figures of a period may be compared with those of an earlier one, and why not.
#[derive(ToSchema)]
pub(crate) struct Comparison {
    /// First day of the period.
    from: String,
    /// Last day of the period.
    to: String,
    /// First day of the earlier period.
    before_from: String,
    /// Last day of the earlier period.
    before_to: String,
    /// Whether they may be compared.
    comparable: bool,
    /// Why not; null where they may.
    reason: Option<NotCompared>,
    /// The reason in words; where they may be compared, how many more or fewer charge-point days stand behind them and how many lack
    /// a return, and null where that is little.
    words: Option<String>,
    /// Charge-point days in service and reported on, of days that both periods have.
    evse_days_now: u32,
    /// The same of the earlier period.
    evse_days_before: u32,
    /// Charge-point days without a return whose counterpart in the earlier period has one.
    missing_now: u32,
    /// Charge-point days of the earlier period without a return whose counterpart now has one.
    missing_before: u32,
    /// Days on which any charge point was in service and reported on.
    days_now: u32,
    /// The same of the earlier period.
    days_before: u32,
    /// Days that are among both.
    days_both: u32,
}

/// Why two periods are not compared: returns cover days of the one whose counterparts in the other have none, or nothing was in
/// service on days of the one whose counterparts in the other had something.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum NotCompared {
    Returns,
    Service,
}

/// How much of a part of the calendar was reported.
#[derive(ToSchema)]
pub(crate) struct BucketReported {
    /// The bucket, as it reads in its row.
    bucket: String,
    /// Its days.
    days: u32,
    /// Those within the period.
    days_in_period: u32,
    /// Those with any charge point reported on.
    days_reported: u32,
    /// Share of its charge-point days in service that were reported; null where nothing was in service.
    share: Option<f64>,
    /// Whether clearly less of it was reported than of the other buckets, so that it does not stand beside them.
    partly: bool,
    /// Whether the period begins or ends within it.
    cut: bool,
    /// `Partly reported: 1 of 7 days`; null where it is neither partly reported nor cut.
    words: Option<String>,
}
