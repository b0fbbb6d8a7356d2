//! What went wrong, in one envelope for every failure.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kerbwatt_hub::{EngineError, ErrorKind, HubError, NotAMeasure};
use kerbwatt_model::{PeriodError, QueryError};
use serde::Serialize;
use utoipa::ToSchema;

/// The body of every failure.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ErrorEnvelope {
    error: Trouble,
}

/// What went wrong, and what to do about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Trouble {
    /// Short id for programs, in snake case.
    code: String,
    /// What went wrong, and where.
    message: String,
    /// What to do about it.
    advice: String,
    /// The parameter at fault, where it is one.
    field: Option<String>,
}

/// A failure on its way to the client.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    trouble: Trouble,
}

impl Problem {
    /// A failure.
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        let trouble = Trouble { code: code.to_owned(), message: message.into(), advice: advice.into(), field: None };
        Self { status, trouble }
    }

    /// A request that cannot be right, because of one parameter.
    pub(crate) fn parameter(field: &str, code: &str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message, advice).at(field)
    }

    /// Something that is so already, or that somebody else is at.
    pub(crate) fn conflict(code: &str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message, advice)
    }

    /// Whether it is in what was sent.
    pub(crate) fn is_of_the_sender(&self) -> bool {
        self.status == StatusCode::BAD_REQUEST
    }

    /// What went wrong, as part of an answer.
    pub(crate) fn into_trouble(self) -> Trouble {
        self.trouble
    }

    /// Nothing at an address.
    pub(crate) fn no_route(path: &str) -> Self {
        let message = format!("there is nothing at {path}");
        Self::new(StatusCode::NOT_FOUND, "unknown_address", message, "All addresses are in /api/v1/openapi.json.")
    }

    /// The program failed; the cause is in the log and not told.
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the server failed while it made this answer",
            "Try again. When it happens again, look at the server’s log and report it.",
        )
    }

    /// What a bare status says, for replies that were made below the handlers.
    pub(crate) fn of_status(status: StatusCode, method: &str, path: &str) -> Self {
        match status {
            StatusCode::METHOD_NOT_ALLOWED => {
                let message = format!("{path} cannot be asked with {method}");
                Self::new(
                    status,
                    "method_not_allowed",
                    message,
                    "The header Allow says how; /api/v1/openapi.json says for what.",
                )
            }
            StatusCode::NOT_FOUND => Self::no_route(path),
            status if status.is_client_error() => {
                let message = format!("the request for {path} cannot be read");
                Self::new(status, "bad_request", message, "Check the address: blanks and signs are percent-encoded.")
            }
            status => Self { status, ..Self::internal() },
        }
    }

    /// The same, because of one field or parameter.
    pub(crate) fn at(mut self, field: impl Into<String>) -> Self {
        self.trouble.field = Some(field.into());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(ErrorEnvelope { error: self.trouble })).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl From<HubError> for Problem {
    fn from(error: HubError) -> Self {
        let status = match error.kind() {
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::BadRequest => StatusCode::BAD_REQUEST,
            ErrorKind::Conflict => StatusCode::CONFLICT,
            ErrorKind::Full => {
                tracing::error!(code = error.code(), "{error}");
                StatusCode::INSUFFICIENT_STORAGE
            }
            ErrorKind::Internal => {
                tracing::error!(code = error.code(), "{error}");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        let problem = Self::new(status, error.code(), error.to_string(), error.advice());
        match error {
            HubError::Engine(EngineError::UnknownValue { dimension, .. }) => problem.at(dimension),
            HubError::Engine(EngineError::SeveralOperators { .. } | EngineError::TooManyRows { .. }) => {
                problem.at("by")
            }
            _ => problem,
        }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let (field, code) = match &error {
            QueryError::NoMetric => ("metric", "no_metric"),
            QueryError::UnknownMetric { .. } => ("metric", "unknown_metric"),
            QueryError::UnknownDimension { .. } => ("by", "unknown_dimension"),
            QueryError::NotBy { .. } => ("by", "not_by_dimension"),
            QueryError::NotFilter { name } => (*name, "not_a_filter"),
            QueryError::NotYet { .. } => ("metric", "needs_status"),
            QueryError::EmptyFilter { name } => (name.as_str(), "empty_filter"),
        };
        Self::parameter(field, code, error.to_string(), error.advice())
    }
}

impl From<NotAMeasure> for Problem {
    fn from(error: NotAMeasure) -> Self {
        Self::parameter("metric", "not_a_measure", error.to_string(), error.advice())
    }
}

impl From<PeriodError> for Problem {
    fn from(error: PeriodError) -> Self {
        let (field, code) = match error {
            PeriodError::Malformed(_) => ("from", "malformed_period"),
            PeriodError::Backwards { .. } => ("to", "backward_period"),
        };
        Self::parameter(
            field,
            code,
            error.to_string(),
            "Write from and to as days, months or years, such as from=2024-01&to=2024-12.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kerbwatt_hub::FolderError;

    #[test]
    fn a_full_disk_has_a_status_of_its_own_also_after_something_was_recorded() {
        let full = || HubError::Folder(FolderError::DiskFull { path: "ledger.sqlite".into() });
        for error in [full(), full().after_recording()] {
            assert_eq!(Problem::from(error).into_response().status(), StatusCode::INSUFFICIENT_STORAGE);
        }
        let problem = Problem::from(full().after_recording());
        assert_eq!(problem.trouble.code, "figures_behind");
        assert!(problem.trouble.advice.starts_with("Do not do it again"), "{problem:?}");
    }
}
