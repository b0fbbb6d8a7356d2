//! `kerbwatt query`.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kerbwatt_hub::{Answer, Coverage, Hub, Ledger, LineRole, Provenance, RepairedReturn, Returns};
use kerbwatt_model::{AsOf, Period, Viewer};
use kerbwatt_server::Form;

use super::{Done, some};
use crate::failure::Failure;
use crate::number::{count, decimal, percent};
use crate::output::Output;
use crate::{arguments, as_of, table};

/// Ask for figures
#[derive(Debug, Args)]
pub(crate) struct Query {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Figures, such as sessions,energy_kwh
    #[arg(long, required = true, value_name = "ID[,ID]", value_delimiter = ',')]
    metric: Vec<String>,
    /// Split by, such as operator,month
    #[arg(long, value_name = "DIM[,DIM]", value_delimiter = ',')]
    by: Vec<String>,
    /// Only where, such as borough=Camden,Brent; each further one must hold too
    #[arg(long = "where", value_name = "DIM=VALUE[,VALUE]", num_args = 1.., value_parser = arguments::filter)]
    filters: Vec<(String, Vec<String>)>,
    /// Days, months or years, both ends included, such as 2018-06..2018-09; all days that returns report unless given
    #[arg(long, value_parser = arguments::asked_period)]
    period: Option<Period>,
    /// As of a data version, the end of a day, or a time; as of the newest unless given
    #[arg(long, value_name = "VERSION|DATE", value_parser = as_of::read)]
    as_of: Option<AsOf>,
    /// Say how the denominator of each rate came about, what amounts rest on that not all sessions tell, and which rows were left out
    #[arg(long)]
    ledger: bool,
    /// How to print the answer; xlsx and parquet are files, so send them to one: --format xlsx > figures.xlsx
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Aligned, to read; rounded
    Table,
    /// With coverage and provenance
    Json,
    /// For spreadsheets
    Csv,
    /// A workbook with the figures and what they are made of
    Xlsx,
    /// A table with coverage and provenance in its metadata
    Parquet,
}

impl Query {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let metrics: Vec<&str> = self.metric.iter().map(|id| id.trim()).collect();
        let by: Vec<&str> = self.by.iter().map(|id| id.trim()).collect();
        let query = kerbwatt_model::Query::of(&metrics, &by, &self.filters, self.period)?.with_ledger(self.ledger);
        let hub = Hub::open_for_reading(&self.data).await?;
        let as_of = self.as_of.as_ref().map(|asked| as_of::version(&hub, asked)).transpose()?;
        let answer = hub.answer(&query.as_of(as_of), Viewer::LocalOwner).await?;
        match self.format {
            Format::Table => output.text(&in_words(&answer, hub.data_version().await?)),
            Format::Csv => output.text(&kerbwatt_server::csv_of(&answer)),
            Format::Json => output.line(&as_json(&answer)?),
            Format::Xlsx => file(Form::Xlsx, &answer, output)?,
            Format::Parquet => file(Form::Parquet, &answer, output)?,
        }
        Ok(Done::Well)
    }
}

/// Bytes are for a file: a terminal would show them as noise.
fn file(form: Form, answer: &Answer, output: &mut Output) -> Result<(), Failure> {
    if std::io::stdout().is_terminal() {
        return Err(Failure::new(
            "a file is not printed to a terminal",
            "Send it to a file: … --format xlsx > figures.xlsx",
        ));
    }
    let bytes = form.bytes(answer).map_err(|error| {
        Failure::new(error.to_string(), "This is a defect of Kerbwatt: please report it with this message.")
    })?;
    output.bytes(&bytes);
    Ok(())
}

fn as_json(answer: &Answer) -> Result<String, Failure> {
    serde_json::to_string(answer).map_err(|error| {
        let what = format!("the answer cannot be written as JSON: {error}");
        Failure::new(what, "This is a defect of Kerbwatt: please report it with this message.")
    })
}

fn in_words(answer: &Answer, newest: i64) -> String {
    let rows = if answer.rows.is_empty() { "(no rows)\n" } else { "" };
    let ledger = answer.ledger.as_ref().map(ledger_in_words).unwrap_or_default();
    format!("{}{rows}\n{ledger}{}\n", table::of(answer), trust(&answer.coverage, &answer.provenance, newest))
}

/// The ledger of the whole answer; those of single rows are in the other forms.
fn ledger_in_words(ledger: &Ledger) -> String {
    let mut text = String::new();
    for rate in &ledger.rates {
        let is_divided = rate.lines.iter().any(|line| line.role == LineRole::Denominator);
        text.push_str(&match is_divided {
            true => format!("denominator of {}:\n", rate.metric),
            false => format!("what {} rests on:\n", rate.metric),
        });
        for line in &rate.lines {
            let sign = match line.role {
                LineRole::Start => ' ',
                LineRole::Minus => '−',
                LineRole::Left | LineRole::Denominator => '=',
            };
            text.push_str(&format!("  {sign} {:>18} {}: {}\n", decimal(line.amount, 1), line.unit, line.label));
        }
    }
    for left in &ledger.left_out {
        let (rows, energy) = (some_rows(left.rows), decimal(left.energy_kwh, 1));
        text.push_str(&format!("left out:   {rows}, {energy} kWh: {}\n", left.words));
    }
    for repaired in &ledger.repaired {
        text.push_str(&repaired_in_words(repaired));
    }
    if text.is_empty() { text } else { text + "\n" }
}

fn some_rows(rows: u64) -> String {
    format!("{} {}", count(rows), if rows == 1 { "row" } else { "rows" })
}

/// How far figures can be trusted, and where they come from: two lines, and one between where a return was repaired.
pub(super) fn trust(coverage: &Coverage, provenance: &Provenance, newest: i64) -> String {
    format!("{}\n{}{}", reported(coverage), repaired(&provenance.returns), source(provenance, newest))
}

fn reported(coverage: &Coverage) -> String {
    let share = coverage.share.map_or_else(
        || "unknown, because no charge point is registered".to_owned(),
        |share| {
            format!(
                "{} of the days of registered charge points ({} of {}), {} of {}",
                percent(share),
                decimal(coverage.reported_evse_days, 0),
                decimal(coverage.registered_evse_days, 0),
                count(coverage.operators_reported as u64),
                some(coverage.operators_registered, "operator", "operators"),
            )
        },
    );
    let unregistered = match coverage.operators_unregistered {
        0 => String::new(),
        others => format!("; and {} without a register", some(others, "operator", "operators")),
    };
    let points = |number| some(number, "charge point", "charge points");
    format!(
        "reported:   {share}{unregistered}; {} not in the register, {} in no borough",
        points(coverage.unregistered_evses),
        points(coverage.evses_outside_areas)
    )
}

/// That returns behind the figures were repaired; nothing where none was.
fn repaired(returns: &Returns) -> String {
    if returns.repaired == 0 {
        return String::new();
    }
    let kinds: Vec<String> = returns
        .repairs
        .iter()
        .map(|one| format!("{} ({}, {})", one.title, some(one.returns, "return", "returns"), rows_if_noted(one.rows)))
        .collect();
    format!(
        "repaired:   {} of {} behind the figures: {}\n",
        count(returns.repaired as u64),
        some(returns.count, "return", "returns"),
        kinds.join("; ")
    )
}

/// One return that was repaired, and where to see it.
fn repaired_in_words(one: &RepairedReturn) -> String {
    let covers = one.from.zip(one.to).map(|(from, to)| format!(", {from} to {to}")).unwrap_or_default();
    let repairs: Vec<String> =
        one.repairs.iter().map(|made| format!("{}, {}", made.title, rows_if_noted(made.rows))).collect();
    format!(
        "repaired:   return {} of {}{covers}: {} (kerbwatt history {})\n",
        one.submission,
        one.operator_name,
        repairs.join("; "),
        one.submission
    )
}

fn rows_if_noted(rows: Option<u64>) -> String {
    rows.map_or_else(|| "rows not noted".to_owned(), some_rows)
}

fn source(provenance: &Provenance, newest: i64) -> String {
    let period = provenance.period.map_or_else(|| "no data".to_owned(), |period| period.to_string());
    let definitions: Vec<String> =
        provenance.metrics.iter().map(|metric| format!("{} v{}", metric.id, metric.version)).collect();
    let sample = if provenance.sample { "; all of it INVENTED (sample)" } else { "" };
    let suppressed =
        if provenance.suppressed > 0 { format!("; {} held back", provenance.suppressed) } else { String::new() };
    let number = provenance.data_version;
    let newer = if newest > number { format!(" (NOT THE NEWEST, which is {newest})") } else { String::new() };
    format!(
        "from:       {period}; data version {number} of {}{newer}; {}{suppressed}{sample}",
        provenance.as_of.strftime("%Y-%m-%d %H:%M UTC"),
        definitions.join(", ")
    )
}
