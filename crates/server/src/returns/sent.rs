//! What became of a file that was sent.

use kerbwatt_hub::{HubError, Refusal, Submitted, Table, TableOutcome};
use serde::Serialize;
use utoipa::ToSchema;

use super::Span;
use super::layout::ProfileMatch;
use super::report::Report;
use super::submission::SubmissionState;
use crate::problem::{Problem, Trouble};

/// What became of a file that was sent: of each of its tables.
#[derive(Serialize, ToSchema)]
pub(crate) struct SentResults {
    /// One for each table.
    pub(crate) results: Vec<SentResult>,
}

/// What became of a table.
#[derive(Serialize, ToSchema)]
pub(crate) struct SentResult {
    /// Name of the file.
    file: String,
    /// Table within the file; empty where the file is one table.
    part: String,
    /// Why the table was passed over, where it holds no sessions.
    skipped: Option<String>,
    /// Number of the return; null where none was recorded.
    pub(crate) submission: Option<i64>,
    /// Whether the very same bytes were sent before.
    repeated: bool,
    /// Months given with a file that was sent before under other ones: they are passed over.
    declaration: Option<Declaration>,
    /// What became of it; null where none was recorded.
    #[schema(value_type = Option<SubmissionState>)]
    state: Option<&'static str>,
    /// What was found in it; of a file in an unknown layout that was only checked, what its columns seem to be, beside the error.
    report: Option<Report>,
    /// Why it was refused.
    error: Option<Trouble>,
}

/// What was declared of a return that is there already.
#[derive(Serialize, ToSchema)]
struct Declaration {
    /// The period that it keeps; null where none was declared.
    kept: Option<Span>,
    /// The period declared now.
    passed_over: Span,
}

impl SentResult {
    fn blank(file: &str, part: String) -> Self {
        Self {
            file: file.to_owned(),
            part,
            skipped: None,
            submission: None,
            repeated: false,
            declaration: None,
            state: None,
            report: None,
            error: None,
        }
    }

    /// A table that was to be recorded.
    pub(crate) fn recorded(file: &str, table: Table<Submitted>) -> Self {
        Self::of(file, table, |blank, submitted| Self {
            submission: Some(submitted.submission),
            repeated: submitted.repeated,
            declaration: submitted
                .declared_before
                .map(|one| Declaration { kept: one.kept.map(Span::from), passed_over: one.passed_over.into() }),
            state: Some(submitted.state.id()),
            report: Some(match submitted.unread {
                Some(Refusal::UnknownLayout { proposal: Some(proposal), .. }) => {
                    Report::unread(submitted.report, ProfileMatch::of_proposal(&proposal))
                }
                _ => submitted.report.into(),
            }),
            ..blank
        })
    }

    /// A table that was only to be checked. Of an unknown layout it is told what its columns seem to be.
    pub(crate) fn checked(file: &str, table: Table<kerbwatt_hub::Report>) -> Self {
        let unread = |proposal| Report::unread(kerbwatt_hub::Report::empty(None), ProfileMatch::of_proposal(proposal));
        let seems = match &table.outcome {
            TableOutcome::Failed(error) => error.proposal().filter(|proposal| proposal.may_be_a_return()).map(unread),
            _ => None,
        };
        let read = Self::of(file, table, |blank, report| Self { report: Some(report.into()), ..blank });
        Self { report: read.report.or(seems), ..read }
    }

    /// A file that was refused as a whole.
    ///
    /// # Errors
    /// The failure itself where it is not the file's.
    pub(crate) fn refused(file: &str, error: HubError) -> Result<Self, Problem> {
        let problem = Problem::from(error);
        if !problem.is_of_the_sender() {
            return Err(problem);
        }
        Ok(Self { error: Some(problem.into_trouble()), ..Self::blank(file, String::new()) })
    }

    fn of<T>(file: &str, table: Table<T>, read: impl FnOnce(Self, T) -> Self) -> Self {
        let blank = Self::blank(file, table.part);
        match table.outcome {
            TableOutcome::Read(done) => read(blank, done),
            TableOutcome::Failed(error) => Self { error: Some(Problem::from(error).into_trouble()), ..blank },
            TableOutcome::Skipped(why) => Self { skipped: Some(why), ..blank },
        }
    }

    /// Whether figures may have changed.
    pub(crate) fn is_accepted(&self) -> bool {
        self.state == Some("accepted")
    }
}
