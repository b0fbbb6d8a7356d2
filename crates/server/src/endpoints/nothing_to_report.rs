//! Saying that there was nothing: also that is data.

use axum::Json;
use axum::extract::State;
use kerbwatt_hub::{Hub, HubError};

use super::submit::{operator, shown_name};
use crate::app::{App, must_be_real};
use crate::body::Fields;
use crate::params::{Given, Nothing};
use crate::problem::{ErrorEnvelope, Problem};
use crate::returns::{SubmissionDetail, now, period};
use crate::schema;

/// Records that an operator had nothing to report for a period
///
/// Refused (409) where the figures hold sessions of that time, unless `over_sessions` says that it is meant.
#[utoipa::path(
    post, path = "/nothing-to-report", tag = "Returns", request_body = schema::AskedNothing,
    responses((status = 200, body = SubmissionDetail), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn nothing_to_report(
    State(app): State<App>,
    _: Given<Nothing>,
    fields: Fields,
) -> Result<Json<SubmissionDetail>, Problem> {
    let fields = fields.only(&["operator", "period", "operator_name", "over_sessions"])?;
    let operator = operator(fields.needed_text("operator")?)?;
    let period = period("period", fields.needed_text("period")?)?;
    let name = fields.text("operator_name")?.map(|name| shown_name("operator_name", name)).transpose()?;
    let over_sessions = fields.flag("over_sessions")?;
    let record = async move |hub: &Hub| {
        must_be_real(hub)?;
        let submitted = hub.nothing_to_report(&operator, period, over_sessions, now()).await?;
        if let Some(name) = name {
            hub.name_operator(&operator, &name)?;
        }
        hub.publish(&(), now()).await.map_err(HubError::after_recording)?;
        Ok(SubmissionDetail::from(hub.submission(submitted.submission).await?))
    };
    Ok(Json(app.write(record).await?))
}
