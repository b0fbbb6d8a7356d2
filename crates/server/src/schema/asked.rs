//! Bodies that the API takes. They are read field by field, so that each mistake is named by its field.
#![expect(dead_code, reason = "shapes to document, never made")]

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Layout;

/// The bytes of a file.
pub(crate) struct FileBytes;

impl PartialSchema for FileBytes {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(format))
            .description(Some("The bytes of a file"))
            .into()
    }
}

impl ToSchema for FileBytes {}

/// How a return is to be read for a preview; what is not said is as recorded.
#[derive(ToSchema)]
pub(crate) struct AskedDraft {
    /// The layout.
    layout: Option<Layout>,
    /// Ids of the repairs applied.
    repairs: Option<Vec<String>>,
    /// Period declared, such as 2018-06..2018-09.
    period: Option<String>,
}

/// A decision.
#[derive(ToSchema)]
pub(crate) struct AskedDecision {
    /// What is decided.
    kind: DecisionKind,
    /// For `apply_repair` and `decline_repair`: id of the repair.
    repair: Option<String>,
    /// For `confirm_layout`: the layout, which is the operator's own from now on.
    layout: Option<Layout>,
    /// For `confirm_layout`: its name; without it, that in the layout.
    name: Option<String>,
    /// For `declare_period`: the days, months or years that it covers, such as 2018-06..2018-09; `none` where nobody knows.
    period: Option<String>,
    /// Why, for the history.
    note: Option<String>,
    /// For `accept` of a statement that there was nothing: whether it is meant also where the figures hold sessions of that time.
    over_sessions: Option<bool>,
}

/// What can be decided.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum DecisionKind {
    Accept,
    Withdraw,
    ApplyRepair,
    DeclineRepair,
    ConfirmLayout,
    DeclarePeriod,
    ReadAnew,
}

/// A decision to take back.
#[derive(ToSchema)]
pub(crate) struct AskedUndo {
    /// Its number; without it, the newest that can be taken back.
    decision: Option<i64>,
}

/// That there was nothing to report.
#[derive(ToSchema)]
pub(crate) struct AskedNothing {
    /// Whose statement it is: operator id.
    operator: String,
    /// For when: days, months or years, such as 2018-06..2018-09.
    period: String,
    /// Name of the operator, for people.
    operator_name: Option<String>,
    /// Whether it is meant also where the figures hold sessions of that time: they stay in them. False where it is left out.
    over_sessions: Option<bool>,
}
