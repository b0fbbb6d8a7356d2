//! `kerbwatt check`.

use std::path::{Path, PathBuf};

use clap::Args;
use kerbwatt_hub::{NewReturn, Report};
use kerbwatt_model::{OperatorId, Period};
use serde_json::json;

use super::Done;
use crate::failure::Failure;
use crate::output::Output;
use crate::{arguments, input, report};

/// Ids are checked within an operator; which one makes no difference to what is found.
const NOBODY: &str = "xx-nobody";

/// Say what `submit` would find; write nothing
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Operators' files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Layout of the files; recognised by the header unless given
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Days, months or years the files cover, both ends included, such as 2018-06..2018-09
    #[arg(long, value_parser = arguments::period)]
    period: Option<Period>,
    /// Print one JSON object for each file, a line each
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let mut done = Done::Well;
        for path in &self.files {
            match self.check(path) {
                Ok(report) if self.json => output.line(&report::json(&input::name(path), &report).to_string()),
                Ok(report) => output.line(&format!("{}\n", report::words(&input::name(path), &report))),
                Err(failure) => {
                    done = Done::Partly;
                    if self.json {
                        output.line(&json!({ "file": input::name(path), "error": failure.as_json() }).to_string());
                    }
                    output.flush();
                    failure.tell();
                }
            }
        }
        if !self.json && (done == Done::Well || self.files.len() > 1) {
            output.line("Nothing was written. To hand in: kerbwatt submit FILE --data DIR --operator ID --accept");
        }
        Ok(done)
    }

    fn check(&self, path: &Path) -> Result<Report, Failure> {
        let (file_name, bytes) = input::read(path)?;
        let (profile, operator) = (self.profile.clone(), OperatorId::parse(NOBODY)?);
        let new = NewReturn::new(&file_name, bytes, operator);
        Ok(kerbwatt_hub::check(&NewReturn { profile, period: self.period, accept: false, ..new })?)
    }
}
