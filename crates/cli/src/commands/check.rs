//! `kerbwatt check`.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use kerbwatt_hub::{
    Hub, Limits, NewReturn, Profile, Proposal, Report, Table, TableOutcome, check_tables, proposed_of, rejected_csv,
    rejected_of,
};
use kerbwatt_model::{OperatorId, Period};
use kerbwatt_server::csv_cell_among;
use serde_json::json;

use super::{Done, now};
use crate::failure::Failure;
use crate::output::Output;
use crate::targets::Targets;
use crate::{arguments, input, report};

/// Ids are checked within an operator; which one makes no difference to what is found in one file.
const NOBODY: &str = "xx-nobody";

/// Say what `submit` would find; write nothing
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Operators' files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Data folder with the operator's register, layouts and earlier returns to check against
    #[arg(long, value_name = "DIR", requires = "operator")]
    data: Option<PathBuf>,
    /// Whose files they are, such as gb-dcc
    #[arg(long, value_name = "ID", value_parser = arguments::operator)]
    operator: Option<OperatorId>,
    /// Layout of the files: a name, or a TOML file; recognised by header and values unless given
    #[arg(long, value_name = "NAME|FILE.toml")]
    profile: Option<String>,
    /// Say what the columns seem to hold with a header of so many rows, 0 where the first row is data already; with --save-profile the
    /// layout to begin with
    #[arg(long, value_name = "0..5", value_parser = clap::value_parser!(u8).range(0..=5), conflicts_with = "profile")]
    header_rows: Option<u8>,
    /// Days, months or years the files cover, both ends included, such as 2018-06..2018-09
    #[arg(long, value_parser = arguments::period)]
    period: Option<Period>,
    /// Another limit for a check than the one in force, such as long_stay_min=4320; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = arguments::limit)]
    limit: Vec<(&'static str, f64)>,
    /// Write the layout that was used, or that is proposed, to a TOML file, to change it by hand; another layout of a further table
    /// goes to a file of its own beside it
    #[arg(long, value_name = "FILE.toml")]
    save_profile: Option<PathBuf>,
    /// Write the rows that are kept apart, in the file's own columns, to a CSV file; those of several tables to one each beside it, such
    /// as FILE-june.csv; drivers are left blank without --data
    #[arg(long, value_name = "FILE.csv")]
    rejected: Option<PathBuf>,
    /// Print one JSON object for each file, a line each; for each table where a file holds several
    #[arg(long)]
    json: bool,
}

/// What was written besides the answer.
#[derive(Debug, Default)]
struct Written {
    targets: Targets,
    /// Layouts that are in some file.
    layouts: HashSet<String>,
}

impl Check {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let hub = match &self.data {
            Some(data) => Some(Hub::open_for_reading(data).await?),
            None => None,
        };
        let (mut done, mut written) = (Done::Well, Written::default());
        for path in &self.files {
            let name = input::name(path);
            match self.check(path, hub.as_ref()).await {
                Ok((file, tables)) => {
                    let is_passed_over = |table: &Table<Report>| matches!(table.outcome, TableOutcome::Skipped(_));
                    let holds_none = tables.iter().all(is_passed_over);
                    let is_only =
                        self.files.len() == 1 && tables.iter().filter(|table| !is_passed_over(table)).count() == 1;
                    let mut saving = Saving { written: &mut written, is_only, hub: hub.as_ref() };
                    for table in tables {
                        done = self.tell(&file, table, &mut saving, output)?.and(done);
                    }
                    if holds_none {
                        done = Done::Partly;
                        self.failed(&name, "", &Failure::no_table(&name), None, output);
                    }
                }
                Err(failure) => {
                    done = Done::Partly;
                    self.failed(&name, "", &failure, None, output);
                }
            }
        }
        if !self.json && (done == Done::Well || self.files.len() > 1) {
            output.line("Nothing was handed in. To hand in: kerbwatt submit FILE --data DIR --operator ID --accept");
        }
        Ok(done)
    }

    fn tell(
        &self,
        file: &NewReturn,
        table: Table<Report>,
        saving: &mut Saving<'_>,
        output: &mut Output,
    ) -> Result<Done, Failure> {
        let table_file = NewReturn { part: table.part.clone(), ..file.clone() };
        if let Some(rows) = self.header_rows.filter(|_| !matches!(table.outcome, TableOutcome::Skipped(_))) {
            return self.propose(&table_file, rows, saving, output);
        }
        match table.outcome {
            TableOutcome::Read(report) => {
                let rejected = self.save(&table_file, &report, saving)?;
                if self.json {
                    let mut object = report::json(&file.file_name, &report);
                    object["part"] = json!(table.part);
                    object["rejected_file"] = json!(rejected.map(|path| path.display().to_string()));
                    output.line(&object.to_string());
                } else {
                    output.line(&format!("{}\n", report::words(&table_file.shown_name(), &report)));
                    if let Some(path) = rejected {
                        output.line(&format!("  rows kept apart are in {}\n", path.display()));
                    }
                }
                Ok(Done::Well)
            }
            TableOutcome::Skipped(why) => {
                if self.json {
                    let object = json!({ "file": file.file_name, "part": table.part, "skipped": why });
                    output.line(&object.to_string());
                } else {
                    output.line(&format!("{}\n  passed over: {why}\n", table_file.shown_name()));
                }
                Ok(Done::Well)
            }
            TableOutcome::Failed(error) => {
                // A proposal that is not certain is where a person begins.
                if let Some(proposal) = error.proposal() {
                    self.save_layout(&table_file, &proposal.profile, saving)?;
                }
                let proposal = error.proposal().cloned();
                self.failed(&file.file_name, &table.part, &error.into(), proposal.as_ref(), output);
                Ok(Done::Partly)
            }
        }
    }

    fn failed(&self, file: &str, part: &str, failure: &Failure, proposal: Option<&Proposal>, output: &mut Output) {
        if self.json {
            let mut object = json!({ "file": file, "part": part, "error": failure.as_json() });
            if let Some(proposal) = proposal {
                object["profile"] = report::proposed_json(proposal);
            }
            output.line(&object.to_string());
        } else if let Some(proposal) = proposal {
            output.line(&format!("{}\n", report::proposed_words(file, proposal)));
        }
        output.flush();
        failure.tell();
    }

    async fn check(&self, path: &Path, hub: Option<&Hub>) -> Result<(NewReturn, Vec<Table<Report>>), Failure> {
        let (file_name, bytes) = input::open(path)?;
        let layout = input::layout(self.profile.as_deref())?;
        let operator = self.operator.clone().map_or_else(|| OperatorId::parse(NOBODY), Ok)?;
        let new = NewReturn::of(&file_name, bytes, operator);
        let mut limits = Limits::default();
        for (name, value) in &self.limit {
            limits.set(name, *value).map_err(|error| Failure::new(error.to_string(), "Give another value."))?;
        }
        let (profile, layout) = (layout.name, layout.text);
        let file =
            NewReturn { profile, layout, limits, period: self.period, received: Some(now()), accept: false, ..new };
        let tables = match hub {
            Some(hub) => hub.check_tables(&file).await?,
            None => check_tables(&file)?,
        };
        Ok((file, tables))
    }

    /// Writes what was asked for; gives the file of the rows that are kept apart.
    fn save(&self, file: &NewReturn, report: &Report, saving: &mut Saving<'_>) -> Result<Option<PathBuf>, Failure> {
        if let Some(layout) = &report.layout {
            self.save_layout(file, layout, saving)?;
        }
        let Some(named) = &self.rejected else { return Ok(None) };
        let (rows, reasons) = match saving.hub {
            Some(hub) => hub.rejected_in(file, report)?,
            None => rejected_of(file, report)?,
        };
        let path = saving.written.targets.of_table(named, &file.file_name, &file.part, saving.is_only);
        write(&path, &rejected_csv(&rows, &reasons, csv_cell_among))?;
        Ok(Some(path))
    }

    /// Files of one layout need it once.
    fn save_layout(&self, file: &NewReturn, layout: &Profile, saving: &mut Saving<'_>) -> Result<(), Failure> {
        let Some(named) = &self.save_profile else { return Ok(()) };
        let text = layout.to_toml().map_err(|error| Failure::new(error.to_string(), "Report this as a defect."))?;
        let is_first = saving.written.layouts.is_empty();
        if !saving.written.layouts.insert(text.clone()) {
            return Ok(());
        }
        write(&saving.written.targets.of_table(named, &file.file_name, &file.part, is_first), &text)
    }

    /// What the columns seem to hold with a header of so many rows, where one was asked for.
    fn propose(
        &self,
        file: &NewReturn,
        rows: u8,
        saving: &mut Saving<'_>,
        output: &mut Output,
    ) -> Result<Done, Failure> {
        let proposal = proposed_of(file, Some(rows))?;
        if proposal.columns.is_empty() {
            let says = proposal.doubts.join(" ");
            return Err(Failure::new(format!("{}: {says}", file.shown_name()), "Give another number of rows."));
        }
        self.save_layout(file, &proposal.profile, saving)?;
        if self.json {
            let profile = report::proposed_json(&proposal);
            output.line(&json!({ "file": file.file_name, "part": file.part, "profile": profile }).to_string());
        } else {
            output.line(&format!("{}\n", report::proposed_words(&file.shown_name(), &proposal)));
        }
        Ok(Done::Well)
    }
}

/// Where the tables of a file are saved to.
struct Saving<'a> {
    written: &'a mut Written,
    /// Whether the command has no other table.
    is_only: bool,
    hub: Option<&'a Hub>,
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text)
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display()), "Name another file."))
}
