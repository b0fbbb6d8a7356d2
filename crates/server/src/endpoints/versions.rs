//! Data versions: when each was made and what it changed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use kerbwatt_hub::{DecisionView, Hub, HubError, ImportView, ReturnChange, VersionView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::endpoints::submissions::number;
use crate::params::{Accepts, Given, LIMIT, Nothing, OFFSET, Param};
use crate::problem::{ErrorEnvelope, Problem};
use crate::returns::now;

/// Versions where no limit is given.
const LIMIT_BY_DEFAULT: u32 = 50;

/// Most versions in one answer.
const MOST: u32 = 500;

/// Data versions.
#[derive(Serialize, ToSchema)]
pub(crate) struct Versions {
    /// Newest first.
    versions: Vec<Version>,
    /// How many there are.
    total: usize,
}

/// A data version, and what it changed against the one before.
#[derive(Serialize, ToSchema)]
pub(crate) struct Version {
    /// Number.
    number: i64,
    /// When it was made, in UTC.
    #[schema(format = DateTime)]
    made_at: String,
    /// Why it was made.
    reason: String,
    /// First day with data.
    first_day: Option<String>,
    /// Last day with data.
    last_day: Option<String>,
    /// Whether figures can be asked as of it.
    held: bool,
    /// Why not.
    not_held_because: Option<String>,
    /// Returns that came into the figures, left them, or changed in them.
    returns: Vec<ChangedReturn>,
    /// Decisions since the version before, oldest first.
    decisions: Vec<Decision>,
    /// Registers and boundaries imported since the version before.
    imports: Vec<Import>,
}

/// A return that came into the figures, left them, or changed in them.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangedReturn {
    /// Number of the submission.
    submission: i64,
    /// Operator id.
    operator: String,
    /// Operator's name.
    operator_name: String,
    /// Name of the file.
    file: String,
    /// The table within the file; empty where the file is one table.
    part: String,
    /// What became of it.
    #[schema(value_type = ReturnChangeKind)]
    kind: &'static str,
    /// First day that it covers.
    from: Option<String>,
    /// Last day that it covers.
    to: Option<String>,
    /// Its sessions in the figures before.
    sessions_before: u64,
    /// Its sessions in the figures now.
    sessions: u64,
    /// Their energy before, kWh.
    energy_before_kwh: f64,
    /// Their energy now, kWh.
    energy_kwh: f64,
}

/// What became of a return in the figures.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "shape to document: the hub has these kinds and their ids")]
enum ReturnChangeKind {
    Entered,
    Left,
    Changed,
}

/// A decision about a return.
#[derive(Serialize, ToSchema)]
pub(crate) struct Decision {
    /// Number of the decision.
    decision: i64,
    /// Number of the submission.
    submission: i64,
    /// When it was taken, in UTC.
    #[schema(format = DateTime)]
    at: String,
    /// `accept`, `withdraw`, `undo`, …
    kind: String,
    /// In words, with the note of who took it.
    says: String,
    /// Whether it was taken back since.
    undone: bool,
}

/// A register or a file of boundaries that was imported.
#[derive(Serialize, ToSchema)]
pub(crate) struct Import {
    /// `register`, or the level of the boundaries, such as `ward`.
    kind: String,
    /// Whose register it is.
    operator: Option<String>,
    /// Name of the file.
    file: String,
    /// When it was imported, in UTC.
    #[schema(format = DateTime)]
    at: String,
    /// What else there is to say: repairs that it applied, or that it takes those of another back; empty where there is nothing.
    says: String,
    /// Number of the import, of a register.
    import: Option<i64>,
    /// Whether its repairs were taken back since.
    undone: bool,
    /// Whether they can be taken back.
    can_undo: bool,
}

/// What taking the repairs of a register back came to.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegisterUndone {
    /// Number of the import.
    import: i64,
    /// Charge points that are described in another way now.
    changed: u64,
    /// The data version that shows it.
    data_version: i64,
}

/// Takes the repairs of a register's import back; figures follow at once
#[utoipa::path(
    post, path = "/registers/{id}/undo", tag = "Returns",
    params(("id" = i64, Path, description = "Number of the import, as the data versions name it")),
    responses((status = 200, body = RegisterUndone), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn undo_register(
    State(app): State<App>,
    Path(id): Path<String>,
    _: Given<Nothing>,
) -> Result<Json<RegisterUndone>, Problem> {
    let import = number(&id)?;
    let undo = async move |hub: &Hub| {
        let change = hub.undo_register_repairs(import, now())?;
        let published = hub.publish(&(), now()).await.map_err(HubError::after_recording)?;
        let data_version = published.data_version;
        Ok(RegisterUndone { import, changed: change.changed, data_version })
    };
    Ok(Json(app.write(undo).await?))
}

impl From<VersionView> for Version {
    fn from(view: VersionView) -> Self {
        Self {
            number: view.number,
            made_at: view.made_at.to_string(),
            reason: view.reason,
            first_day: view.days.map(|(first, _)| first.to_string()),
            last_day: view.days.map(|(_, last)| last.to_string()),
            held: view.not_held.is_none(),
            not_held_because: view.not_held,
            returns: view.returns.into_iter().map(ChangedReturn::from).collect(),
            decisions: view.decisions.into_iter().map(Decision::from).collect(),
            imports: view.imports.into_iter().map(Import::from).collect(),
        }
    }
}

impl From<ReturnChange> for ChangedReturn {
    fn from(change: ReturnChange) -> Self {
        Self {
            submission: change.submission,
            operator: change.operator,
            operator_name: change.operator_name,
            file: change.file,
            part: change.part,
            kind: change.kind.id(),
            from: change.period.map(|period| period.first.to_string()),
            to: change.period.map(|period| period.last.to_string()),
            sessions_before: change.sessions_before,
            sessions: change.sessions,
            energy_before_kwh: change.energy_before_kwh,
            energy_kwh: change.energy_kwh,
        }
    }
}

impl From<DecisionView> for Decision {
    fn from(view: DecisionView) -> Self {
        Self {
            decision: view.id,
            submission: view.submission,
            at: view.at.to_string(),
            kind: view.kind,
            says: view.says,
            undone: view.undone,
        }
    }
}

impl From<ImportView> for Import {
    fn from(view: ImportView) -> Self {
        Self {
            kind: view.kind,
            operator: view.operator,
            file: view.file,
            at: view.at.to_string(),
            says: view.says,
            import: view.import,
            undone: view.repairs.is_some_and(|repairs| repairs.undone),
            can_undo: view.repairs.is_some_and(|repairs| repairs.can_undo),
        }
    }
}

/// Parameters of `versions`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[OFFSET, LIMIT];
}

/// Data versions with what each changed, newest first; 50 where no limit is given, 500 at most
#[utoipa::path(
    get, path = "/versions", tag = "History", params(Given<Asked>),
    responses((status = 200, body = Versions), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn versions(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Json<Versions>, Problem> {
    let limit = given.number(&LIMIT).unwrap_or(LIMIT_BY_DEFAULT).min(MOST) as usize;
    let offset = given.number(&OFFSET).unwrap_or(0) as usize;
    let (versions, total) = hub.versions(offset, limit).await?;
    Ok(Json(Versions { versions: versions.into_iter().map(Version::from).collect(), total }))
}
