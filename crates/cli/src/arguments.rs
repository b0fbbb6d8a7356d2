//! The command line: what may be written, and what it means.

use clap::{Parser, Subcommand};
use kerbwatt_model::{AreaKind, OperatorId, Period};

use crate::commands::{
    Changes, Check, Decide, Demo, Done, Export, History, Limits, Patterns, Places, Query, Rebuild, Register, Rejected,
    Serve, Submit, Tracker, Undo, Verify, Versions,
};
use crate::failure::Failure;
use crate::output::Output;

const EXIT_CODES: &str =
    "Exit codes: 0 done, 1 refused or failed (the message says what, where and what to do), 2 wrong usage.";

/// Shows how London's public electric-vehicle charge points are used.
#[derive(Debug, Parser)]
#[command(name = "kerbwatt", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a sample London of invented data, then serve it
    Demo(Demo),
    /// Serve the dashboard of a data folder
    Serve(Serve),
    /// Hand in operators' files of sessions
    Submit(Submit),
    /// Say what `submit` would find; write nothing
    Check(Check),
    /// Decide about a return: accept, withdraw, repair, layout, months
    Decide(Decide),
    /// Take a decision back
    Undo(Undo),
    /// What happened to a return
    History(History),
    /// Rows of a return that were kept apart, in its own columns, to mend and send again
    Rejected(Rejected),
    /// What each operator has handed in for each month
    Tracker(Tracker),
    /// Where the checks begin to find something, for the hub or for an operator
    Limits(Limits),
    /// The register of charge points
    #[command(subcommand)]
    Register(Register),
    /// Boundaries of areas
    #[command(subcommand)]
    Places(Places),
    /// Ask for figures
    Query(Query),
    /// How charge points are used: patterns, trends, and findings in words
    Patterns(Patterns),
    /// Data versions, newest first, and what each changed
    Versions(Versions),
    /// What changed between two data versions, and what that did to figures
    Changes(Changes),
    /// Rows as they are kept
    #[command(subcommand)]
    Export(Export),
    /// Make everything derived anew from the files as they came
    Rebuild(Rebuild),
    /// Prove, on disk, that nothing was lost, doubled or changed
    Verify(Verify),
}

impl Command {
    /// Does what was asked.
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        match self {
            Self::Demo(demo) => demo.run(output).await,
            Self::Serve(serve) => serve.run(output).await,
            Self::Submit(submit) => submit.run(output).await,
            Self::Check(check) => check.run(output).await,
            Self::Decide(decide) => decide.run(output).await,
            Self::Undo(undo) => undo.run(output).await,
            Self::History(history) => history.run(output).await,
            Self::Rejected(rejected) => rejected.run(output).await,
            Self::Tracker(tracker) => tracker.run(output).await,
            Self::Limits(limits) => limits.run(output).await,
            Self::Register(register) => register.run(output).await,
            Self::Places(places) => places.run(output).await,
            Self::Query(query) => query.run(output).await,
            Self::Patterns(patterns) => patterns.run(output).await,
            Self::Versions(versions) => versions.run(output).await,
            Self::Changes(changes) => changes.run(output).await,
            Self::Export(export) => export.run(output).await,
            Self::Rebuild(rebuild) => rebuild.run(output).await,
            Self::Verify(verify) => verify.run(output).await,
        }
    }
}

/// Reads `--operator`.
pub(crate) fn operator(text: &str) -> Result<OperatorId, String> {
    OperatorId::parse(text).map_err(|error| error.to_string())
}

/// Reads `--period`.
pub(crate) fn period(text: &str) -> Result<Period, String> {
    Period::parse(text).map_err(|error| error.to_string())
}

/// Reads `--period` of a question about figures.
pub(crate) fn asked_period(text: &str) -> Result<Period, String> {
    kerbwatt_server::askable(period(text)?)
}

/// Reads the number of a submission.
pub(crate) fn submission(text: &str) -> Result<i64, String> {
    let named =
        |_| "a submission is named by its number, such as 3, as `kerbwatt tracker` and `kerbwatt versions` show it";
    text.trim().parse().map_err(named).map_err(str::to_owned)
}

/// Reads `--level`.
pub(crate) fn level(text: &str) -> Result<AreaKind, String> {
    let known: Vec<&str> = AreaKind::ALL.iter().filter(|kind| **kind != AreaKind::Cell).map(|kind| kind.id()).collect();
    AreaKind::of_id(text)
        .filter(|kind| known.contains(&kind.id()))
        .ok_or_else(|| format!("choose from {}", known.join(", ")))
}

/// Reads a limit of a check: its name, `=`, and a number within its range.
pub(crate) fn limit(text: &str) -> Result<(&'static str, f64), String> {
    kerbwatt_hub::Limits::parse(text).map(|(limit, value)| (limit.name, value)).map_err(|error| error.to_string())
}

/// Reads one `--where`: a dimension, `=`, and one value or several with commas between.
pub(crate) fn filter(text: &str) -> Result<(String, Vec<String>), String> {
    let (name, values) =
        text.split_once('=').ok_or_else(|| "write DIMENSION=VALUE, such as operator=gb-dcc".to_owned())?;
    Ok((name.trim().to_owned(), values.split(',').map(|value| value.trim().to_owned()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn a_filter_has_a_name_and_values() {
        assert_eq!(filter("borough=Camden, Brent"), Ok(("borough".into(), vec!["Camden".into(), "Brent".into()])));
        assert!(filter("borough").is_err());
    }

    #[test]
    fn a_submission_is_its_number() {
        assert_eq!(submission("12"), Ok(12));
        assert!(submission("june.csv").is_err_and(|error| error.contains("named by its number")));
    }

    #[test]
    fn figures_are_asked_of_years_in_which_there_may_be_sessions() {
        assert!(asked_period("2000..2099").is_ok());
        for far in ["1999-12-31..2024", "2024..2100", "0001..9999"] {
            assert!(asked_period(far).is_err_and(|error| error.contains("2000-01-01 to 2099-12-31")), "{far}");
        }
    }

    #[test]
    fn computed_areas_cannot_be_imported() {
        assert_eq!(level("ward"), Ok(AreaKind::Ward));
        assert!(level("cell").is_err() && level("parish").is_err());
    }
}
