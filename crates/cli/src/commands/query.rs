//! `kerbwatt query`

use std::io::{self, Write};
use std::process::ExitCode;

use kerbwatt_hub::{Answer, ColumnKind, Hub, Value};
use kerbwatt_model::{Query, Viewer};

use crate::arguments::{QueryArguments, QueryFormat};
use crate::failure::Failure;

pub(crate) async fn run(arguments: QueryArguments) -> Result<ExitCode, Failure> {
    let metrics: Vec<&str> = arguments.metric.iter().map(String::as_str).collect();
    let by: Vec<&str> = arguments.by.iter().map(String::as_str).collect();
    let query = Query::of(&metrics, &by, &arguments.filters, arguments.period)?;
    let hub = Hub::open_for_reading(&arguments.data).await?;
    let answer = hub.answer(&query, Viewer::LocalOwner).await?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        QueryFormat::Table => write_table(&mut out, &answer)?,
        QueryFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &answer)?;
            writeln!(out)?;
        }
        QueryFormat::Csv => out.write_all(kerbwatt_server::csv_of(&answer).as_bytes())?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn write_table(out: &mut dyn Write, answer: &Answer) -> io::Result<()> {
    let heading = |column: &kerbwatt_hub::Column| match column.unit {
        Some(unit) => format!("{} ({unit})", column.name),
        None => column.name.clone(),
    };
    let mut lines: Vec<Vec<String>> = vec![answer.columns.iter().map(heading).collect()];
    lines.extend(answer.rows.iter().map(|row| row.iter().map(cell).collect()));
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..answer.columns.len()).map(width).collect();
    for line in &lines {
        let cells = line.iter().zip(&widths).zip(&answer.columns).map(|((text, width), column)| {
            if column.kind == ColumnKind::Metric { format!("{text:>width$}") } else { format!("{text:<width$}") }
        });
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    if answer.rows.is_empty() {
        writeln!(out, "(no rows)")?;
    }
    let coverage = &answer.coverage;
    let share = coverage.share.map_or_else(|| "none registered".to_owned(), |share| format!("{:.1}%", share * 100.0));
    let provenance = &answer.provenance;
    let period = provenance.period.map_or_else(|| "no data".to_owned(), |period| period.to_string());
    let sample = if provenance.sample { ", sample data" } else { "" };
    writeln!(out, "\ncoverage {share}; {period}; data version {}{sample}", provenance.data_version)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Integer(whole) => whole.to_string(),
        Value::Number(number) => format!("{number:.4}"),
        Value::Text(text) => text.clone(),
    }
}
