//! Any question.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kerbwatt_hub::Hub;

use crate::endpoints::ranking::rank;
use crate::export::Form;
use crate::params::{ANY_FORMAT, AS_OF, Accepts, BY, FROM, Given, LEDGER, LIMIT, METRIC, ORDER, Param, TO};
use crate::problem::{ErrorEnvelope, Problem};
use crate::schema::Answer;
use crate::{figures, question};

/// Parameters of `query`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[METRIC, BY, FROM, TO, ORDER, LIMIT, AS_OF, LEDGER, ANY_FORMAT];
    const FILTERS: bool = true;
}

/// Any metrics split by any dimensions, in the order of the dimensions, or of the first metric where `order` is given; with
/// the ledger of every denominator where asked for
#[utoipa::path(
    get, path = "/query", tag = "Figures", params(Given<Asked>),
    responses(
        (status = 200, content(
            (Answer = "application/json"),
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/vnd.apache.parquet"),
        )),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn query(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Response, Problem> {
    let ledger = given.one(LEDGER.name) == Some("true");
    let query = question::split(&hub, &given).await?.with_ledger(ledger);
    let mut answer = figures::answer(&hub, &query).await?;
    if let Some(order) = given.one(ORDER.name) {
        rank(&mut answer, &query, order);
    }
    answer.truncate(given.number(&LIMIT).map_or(usize::MAX, |limit| limit as usize));
    if let Some(form) = given.one(ANY_FORMAT.name).and_then(Form::of_name) {
        return figures::file_reply(form, &answer);
    }
    Ok(figures::reply(given.csv, &answer, &answer))
}
