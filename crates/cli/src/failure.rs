//! What went wrong, in two lines: what and where; what to do.

use std::io::{self, Write as _};
use std::path::Path;

use kerbwatt_hub::HubError;
use kerbwatt_model::{IdError, QueryError};

/// What went wrong, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    code: &'static str,
    what: String,
    advice: String,
}

impl Failure {
    /// A failure of the command itself.
    pub(crate) fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { code: "failed", what: what.into(), advice: advice.into() }
    }

    /// A file that cannot be read.
    pub(crate) fn reading(path: &Path, error: &io::Error) -> Self {
        let path = path.display();
        let (what, advice) = match error.kind() {
            io::ErrorKind::NotFound => (format!("there is no file {path}"), "Check the path."),
            io::ErrorKind::IsADirectory => (format!("{path} is a folder, not a file"), "Name the files in it."),
            io::ErrorKind::PermissionDenied => {
                (format!("{path} cannot be read by this user"), "Change its permissions, or copy it.")
            }
            _ => (format!("{path} cannot be read: {error}"), "Check the file and its disk."),
        };
        Self { code: "unreadable_file", what, advice: advice.to_owned() }
    }

    /// Says it on stderr.
    pub(crate) fn tell(&self) {
        // Where stderr is closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "error: {}\nwhat to do: {}", self.what, self.advice);
    }

    /// The same for machines.
    pub(crate) fn as_json(&self) -> serde_json::Value {
        serde_json::json!({ "code": self.code, "message": self.what, "advice": self.advice })
    }
}

impl From<HubError> for Failure {
    fn from(error: HubError) -> Self {
        Self { code: error.code(), what: error.to_string(), advice: error.advice() }
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self { code: "wrong_question", what: error.to_string(), advice: error.advice() }
    }
}

impl From<IdError> for Failure {
    fn from(error: IdError) -> Self {
        Self { code: "malformed_id", what: error.to_string(), advice: "Correct the id.".to_owned() }
    }
}
