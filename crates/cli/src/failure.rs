//! What went wrong, in two lines: what and where; what to do.

use std::io::{self, Write as _};
use std::path::Path;

use kerbwatt_hub::{FolderError, HubError, NotAMeasure};
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

    /// A file in which nothing is a table.
    pub(crate) fn no_table(file: &str) -> Self {
        Self {
            code: "no_table",
            ..Self::new(
                format!("{file}: it holds no table of sessions"),
                "See that the file is the one that was meant.",
            )
        }
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
        let (what, advice) = match &error {
            HubError::Folder(error) => of_folder(error),
            error => (error.to_string(), error.advice()),
        };
        Self { code: error.code(), what, advice }
    }
}

/// Messages about folders end with what to do, after a colon; here that is a line of its own.
fn of_folder(error: &FolderError) -> (String, String) {
    let message = error.to_string();
    let advice = "Check the folder and its disk, then run the command again.".to_owned();
    if matches!(error, FolderError::Io { .. } | FolderError::UnknownFormat { .. }) {
        return (message, advice);
    }
    match message.rsplit_once(": ") {
        Some((what, todo)) => {
            let mut letters = todo.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            (what.to_owned(), format!("{first}{}.", letters.as_str()))
        }
        None => (message, advice),
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

impl From<NotAMeasure> for Failure {
    fn from(error: NotAMeasure) -> Self {
        Self { code: "wrong_question", what: error.to_string(), advice: error.advice() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_about_a_folder_is_said_once_and_on_its_own_line() {
        let in_use = FolderError::InUse { dir: "d".into(), holder: "process 4711 (kerbwatt rebuild)".to_owned() };
        let (what, advice) = of_folder(&in_use);
        assert_eq!(what, "d is in use by process 4711 (kerbwatt rebuild)");
        assert_eq!(advice, "Wait for it to end or stop it, or use another data folder.");
        let failed = FolderError::Io { path: "d".into(), source: io::Error::other("no space: left") };
        assert_eq!(of_folder(&failed).0, "d: no space: left");
    }
}
