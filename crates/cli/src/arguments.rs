//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kerbwatt_model::{AreaKind, OperatorId, Period};
use kerbwatt_sample::Size;

/// See how public charge points are used: takes operators' returns, checks them, serves the dashboard.
#[derive(Parser)]
#[command(name = "kerbwatt", version, about, max_term_width = 110)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a sample London, then serve it
    Demo(DemoArguments),
    /// Serve the dashboard of a data folder
    Serve(ServeArguments),
    /// Hand in operators' returns
    Submit(SubmitArguments),
    /// Check returns as `submit` does, and write nothing
    Check(CheckArguments),
    /// Charge points
    #[command(subcommand)]
    Register(RegisterCommand),
    /// Boundaries
    #[command(subcommand)]
    Places(PlacesCommand),
    /// Ask for figures
    Query(QueryArguments),
    /// Write rows out
    #[command(subcommand)]
    Export(ExportCommand),
    /// Make everything derived anew from the files as they came
    Rebuild(FolderArguments),
    /// Prove on disk that nothing was lost, doubled or changed
    Verify(FolderArguments),
}

#[derive(Args)]
pub(crate) struct DemoArguments {
    /// Port of the dashboard; 0 takes a free one
    #[arg(long, default_value_t = 8060)]
    pub(crate) port: u16,
    /// Data folder
    #[arg(long, default_value = "demo-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// small: 3,500 charge points, 2 years; london: 25,500, 5 years; national: ten times that
    #[arg(long, default_value = "small", value_parser = size)]
    pub(crate) size: Size,
}

#[derive(Args)]
pub(crate) struct ServeArguments {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Port of the dashboard; 0 takes a free one
    #[arg(long, default_value_t = 8060)]
    pub(crate) port: u16,
}

#[derive(Args)]
pub(crate) struct SubmitArguments {
    /// Files as the operator sent them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Data folder; made where it is missing
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Whose return it is: country and party, such as gb-dcc
    #[arg(long, value_name = "ID", value_parser = OperatorId::parse)]
    pub(crate) operator: OperatorId,
    /// Name of the operator on screens
    #[arg(long, value_name = "NAME")]
    pub(crate) operator_name: Option<String>,
    /// Layout of the file; recognised by its header when left out
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Whole days, months or years that the return covers, both ends included: 2018-06..2018-09
    #[arg(long, value_parser = Period::parse)]
    pub(crate) period: Option<Period>,
    /// Accept the return at once, so that figures show it
    #[arg(long)]
    pub(crate) accept: bool,
    /// One JSON object a file, each on its line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct CheckArguments {
    /// Files as the operator sent them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Layout of the file; recognised by its header when left out
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Whole days, months or years that the return covers, both ends included: 2018-06..2018-09
    #[arg(long, value_parser = Period::parse)]
    pub(crate) period: Option<Period>,
    /// One JSON object a file, each on its line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum RegisterCommand {
    /// Import an operator's list of charge points
    Import(RegisterArguments),
}

#[derive(Args)]
pub(crate) struct RegisterArguments {
    /// File of charge points
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Data folder; made where it is missing
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Whose charge points they are; may be left out where the data folder knows one operator only
    #[arg(long, value_name = "ID", value_parser = OperatorId::parse)]
    pub(crate) operator: Option<OperatorId>,
    /// Name of the operator on screens
    #[arg(long, value_name = "NAME")]
    pub(crate) operator_name: Option<String>,
    /// Layout of the file; recognised by its header when left out
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum PlacesCommand {
    /// Import the areas of one level from GeoJSON
    Import(PlacesArguments),
}

#[derive(Args)]
pub(crate) struct PlacesArguments {
    /// GeoJSON file of areas
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Data folder; made where it is missing
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Level: borough, ward, msoa or lsoa
    #[arg(long, value_parser = level)]
    pub(crate) level: AreaKind,
    /// Property that holds the code, such as WD25CD
    #[arg(long, value_name = "FIELD")]
    pub(crate) code: String,
    /// Property that holds the name, such as WD25NM
    #[arg(long, value_name = "FIELD")]
    pub(crate) name: String,
}

/// Form of an answer.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum QueryFormat {
    /// For people
    Table,
    /// Rows, coverage and provenance
    Json,
    /// For spreadsheets
    Csv,
}

#[derive(Args)]
pub(crate) struct QueryArguments {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Metrics, such as sessions,energy_kwh
    #[arg(long, value_name = "ID", value_delimiter = ',', required = true)]
    pub(crate) metric: Vec<String>,
    /// Dimensions to split by, such as borough,month
    #[arg(long, value_name = "DIM", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// Filters, such as operator=gb-dcc; values separated by commas are alternatives
    #[arg(long = "where", value_name = "K=V", num_args = 1.., value_parser = filter)]
    pub(crate) filters: Vec<(String, Vec<String>)>,
    /// Whole days, months or years, both ends included; all data when left out
    #[arg(long, value_parser = Period::parse)]
    pub(crate) period: Option<Period>,
    /// Form of the answer
    #[arg(long, default_value = "table")]
    pub(crate) format: QueryFormat,
}

#[derive(Subcommand)]
pub(crate) enum ExportCommand {
    /// Canonical session rows as CSV
    Sessions(ExportArguments),
}

/// Form of exported rows.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Comma-separated values
    Csv,
}

#[derive(Args)]
pub(crate) struct ExportArguments {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Filters, such as operator=gb-dcc; values separated by commas are alternatives
    #[arg(long = "where", value_name = "K=V", num_args = 1.., value_parser = filter)]
    pub(crate) filters: Vec<(String, Vec<String>)>,
    /// Sessions that start in this period; all when left out
    #[arg(long, value_parser = Period::parse)]
    pub(crate) period: Option<Period>,
    /// Form of the rows
    #[arg(long, default_value = "csv")]
    pub(crate) format: ExportFormat,
}

#[derive(Args)]
pub(crate) struct FolderArguments {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
}

fn size(text: &str) -> Result<Size, String> {
    text.parse().map_err(|_| "use small, london or national".to_owned())
}

fn level(text: &str) -> Result<AreaKind, String> {
    AreaKind::of_id(text).filter(|kind| *kind != AreaKind::Cell).ok_or_else(|| "use borough, ward, msoa or lsoa".to_owned())
}

fn filter(text: &str) -> Result<(String, Vec<String>), String> {
    let (dimension, values) = text.split_once('=').ok_or("write a dimension, an equals sign and a value, such as operator=gb-dcc")?;
    Ok((dimension.trim().to_owned(), values.split(',').map(|value| value.trim().to_owned()).collect()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_filter_is_a_dimension_and_its_alternatives() {
        assert_eq!(filter("band=slow, fast"), Ok(("band".to_owned(), vec!["slow".to_owned(), "fast".to_owned()])));
        assert!(filter("band").is_err());
    }
}
