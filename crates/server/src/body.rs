//! Bodies of requests: a file's bytes, or one JSON object whose fields are checked one by one.

use axum::body::{Body, BodyDataStream};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures::TryStreamExt;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// Largest file, bytes: 2 GiB.
pub(crate) const LARGEST_FILE: usize = 2 << 30;

/// Largest JSON body, bytes: 1 MiB.
const LARGEST_JSON: usize = 1 << 20;

/// Memory that is taken for a file before its bytes are there, bytes.
const TAKEN_AT_ONCE: usize = 64 << 20;

/// All bytes of a body.
///
/// # Errors
/// 413 when there are more than `most`; 400 when they do not all arrive.
pub(crate) async fn bytes(headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    let told: Option<usize> = headers.get(header::CONTENT_LENGTH).and_then(|text| text.to_str().ok()?.parse().ok());
    if told.is_some_and(|told| told > most) {
        return Err(too_large(most));
    }
    let mut bytes = Vec::with_capacity(told.unwrap_or_default().min(TAKEN_AT_ONCE));
    let mut parts: BodyDataStream = body.into_data_stream();
    while let Some(part) = parts.try_next().await.map_err(|_| cut_off())? {
        if bytes.len() + part.len() > most {
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

fn too_large(most: usize) -> Problem {
    let (most, unit) = if most >= 1 << 30 { (most >> 30, "GiB") } else { (most >> 20, "MiB") };
    let message = format!("the body is larger than {most} {unit}");
    let advice = "Send the file in parts, such as one for each month; or compressed.";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message, advice)
}

fn cut_off() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "cut_off", "the body ended before all of it was here", "Send it again.")
}

/// One JSON object.
pub(crate) struct Fields(Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = bytes(&parts.headers, body, LARGEST_JSON).await?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(not_an_object("it is JSON of another kind")),
            Err(error) => Err(not_an_object(&error.to_string())),
        }
    }
}

fn not_an_object(why: &str) -> Problem {
    let advice = "The objects that each address takes are in /api/v1/openapi.json.";
    Problem::new(StatusCode::BAD_REQUEST, "malformed_body", format!("the body is not a JSON object: {why}"), advice)
}

impl Fields {
    /// Refuses fields that nobody would read.
    ///
    /// # Errors
    /// 400 that names the first one.
    pub(crate) fn only(self, known: &[&str]) -> Result<Self, Problem> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(self),
            Some(name) => {
                let message = format!("the field “{name}” is not known here");
                Err(Problem::parameter(name, "unknown_field", message, format!("Known are: {}.", known.join(", "))))
            }
        }
    }

    /// A value; none where it is null or not there.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A value that must be there.
    ///
    /// # Errors
    /// 400 when it is not.
    pub(crate) fn needed(&self, name: &str) -> Result<&Value, Problem> {
        let missing =
            || Problem::parameter(name, "missing_field", format!("the field “{name}” is missing"), "Give it.");
        self.value(name).ok_or_else(missing)
    }

    /// A text; none where it is not there or blank.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
            Some(_) => Err(wrong_kind(name, "a text")),
        }
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// 400 when it is not there, blank or something else.
    pub(crate) fn needed_text(&self, name: &str) -> Result<&str, Problem> {
        let blank =
            || Problem::parameter(name, "missing_field", format!("the field “{name}” is missing or blank"), "Give it.");
        self.text(name)?.ok_or_else(blank)
    }

    /// A whole number; none where it is not there.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Problem> {
        self.value(name).map(|value| value.as_i64().ok_or_else(|| wrong_kind(name, "a whole number"))).transpose()
    }

    /// Yes or no; no where it is not there.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Problem> {
        self.value(name).map_or(Ok(false), |value| value.as_bool().ok_or_else(|| wrong_kind(name, "true or false")))
    }

    /// A list of texts; none where it is not there.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<&str>>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let texts = value.as_array().and_then(|list| list.iter().map(Value::as_str).collect::<Option<Vec<&str>>>());
        texts.map(Some).ok_or_else(|| wrong_kind(name, "a list of texts"))
    }
}

fn wrong_kind(name: &str, wanted: &str) -> Problem {
    let message = format!("the field “{name}” is not {wanted}");
    Problem::parameter(name, "wrong_kind", message, format!("Give {wanted}, or leave it out."))
}
