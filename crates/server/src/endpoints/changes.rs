//! What changed between two data versions, and what that did to figures.

use axum::Json;
use axum::extract::State;
use kerbwatt_hub::Hub;
use kerbwatt_model::{Metric, Query, Viewer};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::endpoints::catalogue::Period;
use crate::endpoints::versions::Version;
use crate::params::{Accepts, DAYS, FROM_VERSION, Given, METRIC, Param, TO_VERSION};
use crate::problem::{ErrorEnvelope, Problem};
use crate::schema;

/// What changed between two data versions.
#[derive(Serialize, ToSchema)]
pub(crate) struct Changes {
    /// The older version.
    from: Version,
    /// The newer one.
    to: Version,
    /// Period of all figures; null where there is no data at all.
    period: Option<Period>,
    /// Figures in the older version: one row; null where a filter names what was not there yet.
    #[schema(value_type = Option<schema::Answer>)]
    before: Option<kerbwatt_hub::Answer>,
    /// Figures in the newer version; null where a filter names what is no longer there.
    #[schema(value_type = Option<schema::Answer>)]
    after: Option<kerbwatt_hub::Answer>,
    /// Each metric in both versions.
    figures: Vec<ChangedFigure>,
    /// What each version on the way changed, newest first.
    steps: Vec<Step>,
}

/// A figure in two data versions.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangedFigure {
    /// Id of the metric.
    metric: &'static str,
    /// Its unit.
    unit: &'static str,
    /// In the older version; null where there is no figure.
    before: Option<f64>,
    /// In the newer version; null where there is no figure.
    after: Option<f64>,
    /// The second less the first; null where that cannot be said. A sum that was not there before grows from nothing.
    difference: Option<f64>,
}

/// One data version on the way.
#[derive(Serialize, ToSchema)]
pub(crate) struct Step {
    /// The version, and what it changed.
    version: Version,
    /// What it did to each figure: the difference to the version before. They add up to the whole difference wherever there is a
    /// figure in each version. Of several returns that a version changes together the effect is that of all.
    effects: Vec<Effect>,
}

/// What a data version did to a figure.
#[derive(Serialize, ToSchema)]
pub(crate) struct Effect {
    /// Id of the metric.
    metric: &'static str,
    /// The figure in this version; null where there is none.
    figure: Option<f64>,
    /// The difference to the version before; null where that cannot be said.
    effect: Option<f64>,
}

/// Parameters of `changes`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[FROM_VERSION, TO_VERSION, METRIC, DAYS];
    const FILTERS: bool = true;
}

/// Figures in two data versions, the difference, and what each version between them did to it; at most 100 versions
#[utoipa::path(
    get, path = "/changes", tag = "History", params(Given<Asked>),
    responses((status = 200, body = Changes), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn changes(State(app): State<App>, given: Given<Asked>) -> Result<Json<Changes>, Problem> {
    let days = given.one(DAYS.name).map(|text| crate::returns::period(DAYS.name, text)).transpose()?;
    let query = Query::of(&given.list(METRIC.name), &[], &given.filters(), days)?;
    let changed = app.read(async move |hub: &Hub| of(hub, &given, &query).await).await?;
    Ok(Json(changed))
}

async fn of(hub: &Hub, given: &Given<Asked>, query: &Query) -> Result<Changes, Problem> {
    let newest = hub.data_version().await?;
    let from = given.version(hub, &FROM_VERSION)?.unwrap_or(newest);
    let to = given.version(hub, &TO_VERSION)?.unwrap_or(newest);
    let found = hub.changes(from, to, query, Viewer::LocalOwner).await?;
    let figure = |answer: &Option<kerbwatt_hub::Answer>, metric: &Metric| answer.as_ref()?.figure(metric.id);
    let metrics = query.metrics.iter().zip(&found.difference);
    Ok(Changes {
        figures: metrics
            .map(|(metric, difference)| ChangedFigure {
                metric: metric.id,
                unit: metric.unit,
                before: figure(&found.before, metric),
                after: figure(&found.after, metric),
                difference: *difference,
            })
            .collect(),
        steps: found.steps.into_iter().map(|step| Step::of(step, query)).collect(),
        from: found.from.into(),
        to: found.to.into(),
        period: found.period.map(Period::from),
        before: found.before,
        after: found.after,
    })
}

impl Step {
    fn of(step: kerbwatt_hub::Step, query: &Query) -> Self {
        let figures = query.metrics.iter().zip(step.figures).zip(step.effects);
        let effect =
            |((metric, figure), effect): ((&&'static Metric, _), _)| Effect { metric: metric.id, figure, effect };
        Self { effects: figures.map(effect).collect(), version: step.version.into() }
    }
}
