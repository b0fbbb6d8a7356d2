//! Layouts as JSON: how the columns of a file are read.

use kerbwatt_hub::{Profile, Proposal, Report, SubmissionDetail, column_place, profiles};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::schema;

/// How the columns of a file are read.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProfileMatch {
    /// Name of the layout; `proposed` for one that has none yet.
    name: String,
    /// What it is, in a few words.
    title: String,
    /// How well it fits, 0 to 1.
    confidence: f64,
    /// Whether it is the operator's own, and confirmed.
    own: bool,
    /// Each column of the file, in order.
    columns: Vec<ColumnUse>,
}

/// How one column is read.
#[derive(Serialize, ToSchema)]
pub(crate) struct ColumnUse {
    /// Header, as in the file; `column 3` for the third where it has none.
    column: String,
    /// Id of the field that it feeds; null when it is left aside.
    field: Option<String>,
    /// How sure that is, 0 to 1.
    confidence: f64,
    /// Why, where it was proposed.
    why: Option<String>,
    /// The first values of a column of an unknown layout, at most three.
    samples: Vec<String>,
}

/// Name of a layout that nobody has named yet.
const UNNAMED: &str = "proposed";

impl ProfileMatch {
    /// Of a recorded return; none where nothing is known of its columns.
    pub(super) fn of_record(detail: &SubmissionDetail, own: bool) -> Option<Self> {
        let read = if detail.profile.is_object() { &detail.profile } else { &detail.proposal };
        let text = |of: &Value| of.as_str().unwrap_or_default().to_owned();
        let name = Some(detail.submission.profile.clone()).filter(|name| !name.is_empty());
        read.is_object().then(|| Self {
            name: name.unwrap_or_else(|| UNNAMED.to_owned()),
            title: text(&detail.layout["title"]),
            confidence: read["confidence"].as_f64().unwrap_or_default(),
            own,
            columns: columns(&read["columns"]),
        })
    }

    /// Of a file that was just read.
    pub(super) fn of_report(report: &Report) -> Self {
        let layout = report.layout.as_ref();
        let used = serde_json::to_value(&report.profile.columns).unwrap_or_default();
        Self {
            name: report.profile.name.clone(),
            title: layout.map(|layout| layout.title.clone()).unwrap_or_default(),
            confidence: report.profile.confidence,
            own: report.profile.name != UNNAMED && layout.is_some_and(|layout| !profiles().contains(layout)),
            columns: columns(&used),
        }
    }

    /// Of a file in a layout that nobody knows.
    pub(super) fn of_proposal(proposal: &Proposal) -> Self {
        let used = serde_json::to_value(&proposal.columns).unwrap_or_default();
        let title = proposal.profile.title.clone();
        Self { name: UNNAMED.to_owned(), title, confidence: proposal.confidence, own: false, columns: columns(&used) }
    }
}

/// Columns as intake writes them; only a proposal has samples.
fn columns(list: &Value) -> Vec<ColumnUse> {
    let text = |of: &Value| of.as_str().map(str::to_owned);
    // Returns recorded before columns were known by their place have no name for them.
    let named = |at: usize, one: &Value| {
        text(&one["column"]).filter(|name| !name.is_empty()).unwrap_or_else(|| column_place(at))
    };
    let column = |(at, one): (usize, &Value)| ColumnUse {
        column: named(at, one),
        field: text(&one["field"]),
        confidence: one["confidence"].as_f64().unwrap_or_default(),
        why: text(&one["why"]),
        samples: one["samples"].as_array().into_iter().flatten().filter_map(text).collect(),
    };
    list.as_array().into_iter().flatten().enumerate().map(column).collect()
}

/// What the columns of a file seem to hold, for somebody to correct.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProposedLayout {
    /// The layout; what is missing is not in it.
    #[schema(value_type = schema::Layout)]
    layout: Value,
    /// How its columns would be read; none where no row can be such a header.
    profile: ProfileMatch,
    /// Ids of fields that a layout needs and no column seems to hold.
    missing: Vec<String>,
    /// Why it is not certain, each a sentence.
    doubts: Vec<String>,
}

impl From<Proposal> for ProposedLayout {
    fn from(proposal: Proposal) -> Self {
        Self {
            layout: serde_json::to_value(&proposal.profile).unwrap_or_default(),
            profile: ProfileMatch::of_proposal(&proposal),
            missing: proposal.missing,
            doubts: proposal.doubts,
        }
    }
}

/// Reads a layout as it is edited.
///
/// # Errors
/// 400 when it is none.
pub(crate) fn layout_from(value: &Value) -> Result<Profile, Problem> {
    let advice = "Begin with the layout of a return, or with one of /api/v1/profiles.";
    serde_json::from_value(value.clone()).map_err(|error| {
        Problem::parameter("layout", "malformed_layout", format!("the layout cannot be read: {error}"), advice)
    })
}

/// Longest name of a layout, characters.
const LONGEST_NAME: usize = 80;

/// A layout under a name of its own.
///
/// # Errors
/// 400 when the name is too long, or that of a shipped layout that says something else.
pub(crate) fn named_layout(mut layout: Profile, name: &str) -> Result<Profile, Problem> {
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        let message = format!("the name is longer than {LONGEST_NAME} characters, or not on one line");
        return Err(Problem::parameter("name", "unusable_name", message, "Give a shorter one."));
    }
    if layout.name != name {
        // It is another layout now: what it was called before would mislead.
        (layout.name, layout.title) = (name.to_owned(), name.to_owned());
    }
    unless_shipped(layout)
}

fn unless_shipped(layout: Profile) -> Result<Profile, Problem> {
    if profiles().iter().any(|shipped| shipped.name == layout.name && *shipped != layout) {
        let message =
            format!("“{}” is the name of a layout that is shipped, and this one differs from it", layout.name);
        return Err(Problem::parameter("name", "name_taken", message, "Give it a name of its own."));
    }
    Ok(layout)
}
