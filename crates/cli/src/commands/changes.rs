//! `kerbwatt changes`.

use std::path::PathBuf;

use clap::Args;
use kerbwatt_hub::{Changes as Found, Hub};
use kerbwatt_model::{AsOf, Metric, Period, Query, Viewer};
use serde_json::{Value, json};

use super::versions;
use super::{Done, some};
use crate::failure::Failure;
use crate::number::decimal;
use crate::output::Output;
use crate::{arguments, as_of};

/// What changed between two data versions, and what that did to figures
#[derive(Debug, Args)]
pub(crate) struct Changes {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The older data version: its number, or a day or time as of which it was the newest
    #[arg(long, value_name = "VERSION|DATE", value_parser = as_of::read)]
    from: AsOf,
    /// The newer data version, likewise; the newest unless given
    #[arg(long, value_name = "VERSION|DATE", value_parser = as_of::read)]
    to: Option<AsOf>,
    /// Figures, such as sessions,energy_kwh
    #[arg(long, required = true, value_name = "ID[,ID]", value_delimiter = ',')]
    metric: Vec<String>,
    /// Only where, such as borough=Camden,Brent; each further one must hold too
    #[arg(long = "where", value_name = "DIM=VALUE[,VALUE]", num_args = 1.., value_parser = arguments::filter)]
    filters: Vec<(String, Vec<String>)>,
    /// Days of the figures, both ends included, such as 2018-06..2018-09; all that either version has unless given
    #[arg(long, value_parser = arguments::asked_period)]
    period: Option<Period>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Changes {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let metrics: Vec<&str> = self.metric.iter().map(|id| id.trim()).collect();
        let query = Query::of(&metrics, &[], &self.filters, self.period)?;
        let hub = Hub::open_for_reading(&self.data).await?;
        let from = as_of::version(&hub, &self.from)?;
        let to = match &self.to {
            Some(to) => as_of::version(&hub, to)?,
            None => hub.data_version().await?,
        };
        let found = hub.changes(from, to, &query, Viewer::LocalOwner).await?;
        if self.json {
            output.line(&as_json(&found, &query).to_string());
        } else {
            words(&found, &query).iter().for_each(|line| output.line(line));
        }
        Ok(Done::Well)
    }
}

fn figures<'q>(found: &Found, query: &'q Query) -> Vec<(&'q Metric, [Option<f64>; 3])> {
    let of = |(metric, difference): (&'q &'static Metric, &Option<f64>)| {
        let figure = |answer: &Option<kerbwatt_hub::Answer>| answer.as_ref()?.figure(metric.id);
        (*metric, [figure(&found.before), figure(&found.after), *difference])
    };
    query.metrics.iter().zip(&found.difference).map(of).collect()
}

fn as_json(found: &Found, query: &Query) -> Value {
    let figures = figures(found, query).into_iter().map(|(metric, [before, after, difference])| {
        json!({ "metric": metric.id, "unit": metric.unit, "before": before, "after": after, "difference": difference })
    });
    let steps = found.steps.iter().map(|step| {
        let effects = query.metrics.iter().zip(&step.figures).zip(&step.effects);
        let effects = effects
            .map(|((metric, figure), effect)| json!({ "metric": metric.id, "figure": figure, "effect": effect }));
        json!({ "version": versions::as_json(&step.version), "effects": effects.collect::<Vec<_>>() })
    });
    json!({
        "from": versions::as_json(&found.from),
        "to": versions::as_json(&found.to),
        "period": found.period.map(|period| period.to_string()),
        "figures": figures.collect::<Vec<_>>(),
        "steps": steps.collect::<Vec<_>>(),
        "before": found.before,
        "after": found.after,
    })
}

fn words(found: &Found, query: &Query) -> Vec<String> {
    let at = |version: &kerbwatt_hub::VersionView| version.made_at.strftime("%Y-%m-%d %H:%M UTC");
    let (from, to) = (&found.from, &found.to);
    let mut lines =
        vec![format!("from version {} of {} to version {} of {}", from.number, at(from), to.number, at(to))];
    let period = found.period.map_or_else(|| "no data".to_owned(), |period| period.to_string());
    for (metric, [before, after, difference]) in figures(found, query) {
        let (before, after) = (number(before, ""), number(after, ""));
        let (name, unit, difference) = (metric.id, metric.unit, number(difference, "+"));
        lines.push(format!("{name}: {before} before, {after} now: {difference} {unit} ({period})"));
    }
    lines.push(format!("{} on the way, newest first:", some(found.steps.len(), "version", "versions")));
    for step in &found.steps {
        lines.extend(versions::words(&step.version));
        let effects = query.metrics.iter().zip(&step.effects);
        let effects: Vec<String> =
            effects.map(|(metric, effect)| format!("{} {}", metric.id, number(*effect, "+"))).collect();
        lines.push(format!("  effect: {}", effects.join(", ")));
    }
    lines
}

/// No figure is a dash; a difference has its sign.
fn number(value: Option<f64>, plus: &str) -> String {
    value
        .map_or_else(|| "–".to_owned(), |value| format!("{}{}", if value > 0.0 { plus } else { "" }, decimal(value, 3)))
}
