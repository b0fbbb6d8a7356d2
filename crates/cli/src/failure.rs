//! Failures as two lines: what and where, and what to do.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use kerbwatt_hub::HubError;
use kerbwatt_model::QueryError;

/// Why a command was refused or failed.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    advice: String,
    /// Whoever reads standard output has gone: nobody is left to tell.
    is_quiet: bool,
}

impl Failure {
    pub(crate) fn of(what: &str, why: &dyn Display, advice: &str) -> Self {
        Self { what: format!("{what}: {why}"), advice: advice.to_owned(), is_quiet: false }
    }

    pub(crate) fn reading(path: &Path, error: &io::Error) -> Self {
        let advice = match error.kind() {
            io::ErrorKind::NotFound => "Check the path.",
            io::ErrorKind::PermissionDenied => "Check that you may read the file.",
            io::ErrorKind::IsADirectory => "Give a file, not a folder.",
            _ => "Check the disk, then try again.",
        };
        Self::of(&format!("{} cannot be read", path.display()), error, advice)
    }
}

impl From<HubError> for Failure {
    fn from(error: HubError) -> Self {
        Self { what: error.to_string(), advice: error.advice(), is_quiet: false }
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self { what: error.to_string(), advice: error.advice(), is_quiet: false }
    }
}

/// Writing to standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let is_quiet = error.kind() == io::ErrorKind::BrokenPipe;
        Self { what: format!("the output cannot be written: {error}"), advice: "Check the disk.".to_owned(), is_quiet }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}

/// Says what failed on standard error, and gives the exit code.
pub(crate) fn report(failure: &Failure) -> ExitCode {
    if failure.is_quiet {
        return ExitCode::SUCCESS;
    }
    let mut error = io::stderr().lock();
    // Nobody can be told that standard error is gone.
    let _ = writeln!(error, "error: {}\nwhat to do: {}", failure.what, failure.advice);
    ExitCode::FAILURE
}
