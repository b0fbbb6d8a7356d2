//! Shapes of the returns behind figures.

use utoipa::ToSchema;

/// How many returns are behind figures, and how many of them were repaired.
#[derive(ToSchema)]
pub(crate) struct Returns {
    /// Accepted returns that cover some of the period, of operators with a charge point that passes the filters.
    count: u64,
    /// Of these, returns in which a repair was made.
    repaired: u64,
    /// The repairs, by id.
    repairs: Vec<RepairSum>,
}

/// What one repair did to the returns behind figures.
#[derive(ToSchema)]
pub(crate) struct RepairSum {
    /// Id of the repair.
    repair: String,
    /// What it put right, in a few words.
    title: String,
    /// Returns in which it was made.
    returns: u64,
    /// Rows of these whose values it changed; null where some of them were not noted.
    rows: Option<u64>,
}

/// A return behind figures in which a repair was made.
#[derive(ToSchema)]
pub(crate) struct RepairedReturn {
    /// Its number.
    submission: i64,
    /// The operator's id.
    operator: String,
    /// The operator's name; its id where it has none.
    operator_name: String,
    /// First day that it covers.
    from: Option<String>,
    /// Last day that it covers.
    to: Option<String>,
    /// The repairs that were made in it.
    repairs: Vec<RepairMade>,
}

/// A repair that was made in a return.
#[derive(ToSchema)]
pub(crate) struct RepairMade {
    /// Id of the repair.
    repair: String,
    /// What it put right, in a few words.
    title: String,
    /// Rows whose values it changed; null where they were not noted.
    rows: Option<u64>,
}
