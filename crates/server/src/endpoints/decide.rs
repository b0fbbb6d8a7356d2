//! Deciding about a return: looking first, deciding, taking back.

use axum::Json;
use axum::extract::{Path, State};
use kerbwatt_hub::{Draft, Hub, HubError, RepairKind, SubmissionState, Verdict};

use super::submissions::number;
use crate::app::App;
use crate::body::Fields;
use crate::params::{Given, Nothing};
use crate::problem::{ErrorEnvelope, Problem};
use crate::returns::{Preview, SubmissionDetail, layout_from, named_layout, now, period};
use crate::schema;

/// Reads a return in another way; keeps nothing
#[utoipa::path(
    post, path = "/submissions/{id}/preview", tag = "Returns",
    params(("id" = i64, Path, description = "Number of the submission")),
    request_body = schema::AskedDraft,
    responses((status = 200, body = Preview), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn preview(
    State(app): State<App>,
    Path(id): Path<String>,
    _: Given<Nothing>,
    fields: Fields,
) -> Result<Json<Preview>, Problem> {
    let id = number(&id)?;
    let draft = draft(&fields.only(&["layout", "repairs", "period"])?)?;
    Ok(Json(app.read(async move |hub: &Hub| Preview::of(hub.preview(id, &draft))).await?))
}

fn draft(fields: &Fields) -> Result<Draft, Problem> {
    let repairs = fields.texts("repairs")?;
    Ok(Draft {
        layout: fields.value("layout").map(layout_from).transpose()?,
        repairs: repairs.map(|ids| ids.into_iter().map(|id| repair("repairs", id)).collect()).transpose()?,
        period: fields.text("period")?.map(|text| period("period", text)).transpose()?,
    })
}

fn repair(field: &str, id: &str) -> Result<RepairKind, Problem> {
    RepairKind::of_id(id).ok_or_else(|| unknown(field, id, &RepairKind::ALL.map(RepairKind::id)))
}

fn unknown(field: &str, text: &str, known: &[&str]) -> Problem {
    let message = format!("{field}: “{text}” is not known");
    Problem::parameter(field, "unknown_choice", message, format!("Choose from: {}.", known.join(", ")))
}

/// Decides about a return: accept, withdraw, a repair, its layout, its period. Figures follow at once
#[utoipa::path(
    post, path = "/submissions/{id}/decide", tag = "Returns",
    params(("id" = i64, Path, description = "Number of the submission")),
    request_body = schema::AskedDecision,
    responses((status = 200, body = SubmissionDetail), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn decide(
    State(app): State<App>,
    Path(id): Path<String>,
    _: Given<Nothing>,
    fields: Fields,
) -> Result<Json<SubmissionDetail>, Problem> {
    let id = number(&id)?;
    let fields = fields.only(&["kind", "repair", "layout", "name", "period", "note", "over_sessions"])?;
    let (verdict, note) = (verdict(&fields)?, fields.text("note")?.unwrap_or_default().to_owned());
    let change = async move |hub: &Hub| hub.decide(id, &verdict, &note, now()).await.map(drop).map_err(Problem::from);
    Ok(Json(app.write(async move |hub: &Hub| changed(hub, id, change).await).await?))
}

const KINDS: [&str; 7] =
    ["accept", "withdraw", "apply_repair", "decline_repair", "confirm_layout", "declare_period", "read_anew"];

fn verdict(fields: &Fields) -> Result<Verdict, Problem> {
    let the_repair = || repair("repair", fields.needed_text("repair")?);
    match fields.needed_text("kind")? {
        "accept" => Ok(Verdict::Accept { over_sessions: fields.flag("over_sessions")? }),
        "withdraw" => Ok(Verdict::Withdraw),
        "apply_repair" => the_repair().map(Verdict::ApplyRepair),
        "decline_repair" => the_repair().map(Verdict::DeclineRepair),
        "declare_period" => match fields.needed_text("period")? {
            "none" => Ok(Verdict::Declare(None)),
            text => period("period", text).map(|period| Verdict::Declare(Some(period))),
        },
        "read_anew" => Ok(Verdict::ReadAnew),
        "confirm_layout" => {
            let layout = layout_from(fields.needed("layout")?)?;
            let name = match fields.text("name")? {
                Some(name) => name.to_owned(),
                None if layout.name.trim().is_empty() => fields.needed_text("name")?.to_owned(),
                None => layout.name.clone(),
            };
            Ok(Verdict::ConfirmLayout(Box::new(named_layout(layout, &name)?)))
        }
        other => Err(unknown("kind", other, &KINDS)),
    }
}

/// Takes a decision back; figures follow at once
#[utoipa::path(
    post, path = "/submissions/{id}/undo", tag = "Returns",
    params(("id" = i64, Path, description = "Number of the submission")),
    request_body = schema::AskedUndo,
    responses((status = 200, body = SubmissionDetail), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn undo(
    State(app): State<App>,
    Path(id): Path<String>,
    _: Given<Nothing>,
    fields: Fields,
) -> Result<Json<SubmissionDetail>, Problem> {
    let id = number(&id)?;
    let decision = fields.only(&["decision"])?.number("decision")?;
    let change = async move |hub: &Hub| hub.undo(id, decision, now()).map(drop).map_err(Problem::from);
    Ok(Json(app.write(async move |hub: &Hub| changed(hub, id, change).await).await?))
}

/// Changes something about a return, brings the figures up to date where it is or was in them, and says what is so now.
async fn changed(
    hub: &Hub,
    id: i64,
    change: impl AsyncFnOnce(&Hub) -> Result<(), Problem>,
) -> Result<SubmissionDetail, Problem> {
    let counts = async || -> Result<bool, Problem> {
        Ok(hub.submission(id).await?.submission.state == SubmissionState::Accepted.id())
    };
    let counted = counts().await?;
    change(hub).await?;
    hub.compare_again(id).await.map_err(HubError::after_recording)?;
    if counted || counts().await? {
        hub.publish(&(), now()).await.map_err(HubError::after_recording)?;
    }
    Ok(hub.submission(id).await?.into())
}
