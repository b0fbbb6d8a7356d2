//! Returns as JSON: what is known of one, how it is read, and what became of a file that was sent.

mod layout;
mod preview;
mod report;
mod sent;
mod submission;

pub(crate) use layout::{ProposedLayout, layout_from, named_layout};
pub(crate) use preview::Preview;
pub(crate) use sent::{SentResult, SentResults};
pub(crate) use submission::{Submission, SubmissionDetail};

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_model::Period;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Whole days, both ends included: `YYYY-MM-DD`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Span {
    /// First day.
    first: String,
    /// Last day, included.
    last: String,
}

impl From<Period> for Span {
    fn from(period: Period) -> Self {
        Self { first: period.first.to_string(), last: period.last.to_string() }
    }
}

/// A month as it is written everywhere: `2018-06`.
pub(crate) fn month(first: Date) -> String {
    first.strftime("%Y-%m").to_string()
}

/// Now, as it is recorded.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Years that a period may be within: those in which a session may start.
pub(crate) const YEARS: std::ops::RangeInclusive<i16> = 2000..=2099;

/// Longest period, days: twenty years. Every month of a period is made and shown, also where there is nothing.
const LONGEST: i64 = 20 * 366;

/// Reads a period that a return is said to cover, or that is to be shown.
///
/// # Errors
/// 400 at `field` when it is none, or one that no return covers.
pub(crate) fn period(field: &str, text: &str) -> Result<Period, Problem> {
    let advice = "Write days, months or years, both ends included, such as 2018-06..2018-09.";
    let period = Period::parse(text.trim())
        .map_err(|error| Problem::parameter(field, "malformed_period", error.to_string(), advice))?;
    if !YEARS.contains(&period.first.year()) || !YEARS.contains(&period.last.year()) || period.days() > LONGEST {
        let message = format!("the period {text} is not within 2000 to 2099, or is longer than twenty years");
        return Err(Problem::parameter(field, "period_out_of_range", message, "Check the years."));
    }
    Ok(period)
}
