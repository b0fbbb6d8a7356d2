//! What is unused, and what the figures say in words, as JSON.

use utoipa::ToSchema;

use super::{Coverage, Provenance};

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
    /// Reported days since the last use, as in the metric of this name; none where there was no use.
    days_since_use: Option<u32>,
    /// Reported days since the last use; all of them where there was none.
    reported_days_since: u32,
    /// Sessions up to the last use from which its rate is told: those of whole months.
    sessions_before: f64,
    /// Sessions to be expected in the reported days since, at its own rate by hour of the week; none where it was never used.
    expected_sessions: Option<f64>,
    /// Chance of none in that time, 0 to 1; none where it was never used.
    chance_of_none: Option<f64>,
    /// The same as “1 in so many”, rounded to two digits and at most 1,000,000; none where it was never used.
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
