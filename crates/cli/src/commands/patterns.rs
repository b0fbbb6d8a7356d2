//! `kerbwatt patterns`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kerbwatt_hub::{Hub, Measure, Pattern};
use kerbwatt_model::{AsOf, Dimension, Period, Query, Viewer};

use super::{Done, trust};
use crate::failure::Failure;
use crate::output::Output;
use crate::{arguments, as_of, table};

/// How charge points are used: patterns, trends, and findings in words
#[derive(Debug, Args)]
pub(crate) struct Patterns {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// What to show
    #[arg(long, value_enum, default_value_t = What::Findings)]
    what: What,
    /// Of which figure, for typical-day, calendar and trend
    #[arg(long, value_name = "ID", default_value = "utilisation_time")]
    metric: String,
    /// Over charge points or sites, for archetypes and concentration
    #[arg(long, value_enum, default_value_t = Members::Evse)]
    by: Members,
    /// Reported days without use from which a charge point is listed, for unused
    #[arg(long, value_name = "DAYS", default_value_t = 28)]
    days: u32,
    /// How many charge points or sites to list, for archetypes and unused
    #[arg(long, value_name = "ROWS", default_value_t = 1000)]
    limit: usize,
    /// Only where, such as borough=Camden,Brent; each further one must hold too
    #[arg(long = "where", value_name = "DIM=VALUE[,VALUE]", num_args = 1.., value_parser = arguments::filter)]
    filters: Vec<(String, Vec<String>)>,
    /// Days, months or years, both ends included, such as 2018-06..2018-09; all days that returns report unless given
    #[arg(long, value_parser = arguments::asked_period)]
    period: Option<Period>,
    /// As of a data version, the end of a day, or a time; as of the newest unless given
    #[arg(long, value_name = "VERSION|DATE", value_parser = as_of::read)]
    as_of: Option<AsOf>,
    /// Which of its tables: days, seasons, growth or steps of a trend; profiles or hours of a typical day; members or shapes of
    /// archetypes; the first of these unless given
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Print one JSON object: as --format json
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Two to four sentences
    Findings,
    /// Each hour of the day with quartiles over days
    TypicalDay,
    /// Day by day
    Calendar,
    /// Day by day with its parts: trend, week, rest
    Trend,
    /// Kinds of use: overnight residential, taxi hub, …
    Archetypes,
    /// How few charge points have how much of the energy
    Concentration,
    /// Charge points without use, the most surprising first
    Unused,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Members {
    /// Charge points
    Evse,
    /// Sites
    Location,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned, to read; rounded
    Table,
    /// Everything, with coverage and provenance
    Json,
    /// For spreadsheets
    Csv,
}

impl Patterns {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let measure = Measure::of(self.metric.trim())?;
        let hub = Hub::open_for_reading(&self.data).await?;
        let as_of = self.as_of.as_ref().map(|asked| as_of::version(&hub, asked)).transpose()?;
        let query =
            |metric: &str| Query::of(&[metric], &[], &self.filters, self.period).map(|query| query.as_of(as_of));
        let viewer = Viewer::LocalOwner;
        let by = match self.by {
            Members::Evse => Dimension::Evse,
            Members::Location => Dimension::Location,
        };
        let of_metric = query(measure.metric.id)?;
        match self.what {
            What::Findings => self.print(&hub.findings(&query("sessions")?, viewer).await?, output),
            What::TypicalDay => self.print(&hub.typical_day(&of_metric, &measure, viewer).await?, output),
            What::Calendar => self.print(&hub.calendar(&of_metric, &measure, viewer).await?, output),
            What::Trend => self.print(&hub.trend(&of_metric, &measure, viewer).await?, output),
            What::Archetypes => {
                self.print(&hub.archetypes(&query("plugged_hours")?, by, self.limit, viewer).await?, output)
            }
            What::Concentration => self.print(&hub.concentration(&query("energy_kwh")?, by, viewer).await?, output),
            What::Unused => {
                self.print(&hub.unused(&query("evses_unused")?, self.days, self.limit, viewer).await?, output)
            }
        }
    }

    fn print<P: Pattern>(&self, pattern: &P, output: &mut Output) -> Result<Done, Failure> {
        let asked = self.table.as_deref().map(str::trim);
        let table = pattern.table(asked).map_err(|names| {
            let what = format!("--table: {} has no table “{}”", P::ID, asked.unwrap_or_default());
            Failure::new(what, format!("Choose from: {}.", names.join(", ")))
        })?;
        match if self.json { Format::Json } else { self.format } {
            Format::Table => {
                output.text(&table::of_pattern(&table));
                output.text(&format!(
                    "\n{}\n",
                    trust(pattern.coverage(), pattern.provenance(), pattern.provenance().data_version)
                ));
            }
            Format::Csv => output.text(&kerbwatt_server::csv_of_table(&table)),
            Format::Json => output.line(&serde_json::to_string(pattern).map_err(|error| {
                let what = format!("the pattern cannot be written as JSON: {error}");
                Failure::new(what, "This is a defect of Kerbwatt: please report it with this message.")
            })?),
        }
        Ok(Done::Well)
    }
}
