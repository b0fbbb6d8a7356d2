//! `kerbwatt decide` and `kerbwatt undo`.

use std::path::PathBuf;

use clap::Args;
use kerbwatt_hub::{Hub, HubError, RepairKind, SubmissionDetail, Verdict};
use kerbwatt_model::Period;
use serde_json::{Value, json};

use super::{Done, history, must_exist, now, open_for_writing, some};
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Bars;
use crate::{arguments, input};

/// Decide about a return: accept, withdraw, repair, layout, months
#[derive(Debug, Args)]
pub(crate) struct Decide {
    /// Number of the submission
    #[arg(value_parser = arguments::submission)]
    submission: i64,
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    what: What,
    /// With --accept: also where it says that there was nothing and the figures hold sessions of that time, which stay in them
    #[arg(long)]
    over_sessions: bool,
    /// Why, for the history
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Print the submission as one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// Its sessions count
    #[arg(long)]
    accept: bool,
    /// Its sessions count no more
    #[arg(long)]
    withdraw: bool,
    /// Read it with a repair that it proves, such as day_month_swap
    #[arg(long, value_name = "REPAIR", value_parser = repair)]
    apply: Option<RepairKind>,
    /// Read it as it is, although it seems to prove a repair
    #[arg(long, value_name = "REPAIR", value_parser = repair)]
    decline: Option<RepairKind>,
    /// Read it in the layout of a TOML file, which is the operator's own from now on
    #[arg(long, value_name = "FILE.toml")]
    layout: Option<PathBuf>,
    /// The days, months or years that it covers, such as 2018-06..2018-09, in place of those declared; `none` where nobody knows
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    period: Option<Declared>,
    /// Record what it is read as today, where this version reads its file otherwise than the one that recorded it
    #[arg(long)]
    read_anew: bool,
}

/// A period, or that none is declared.
#[derive(Debug, Clone, Copy)]
struct Declared(Option<Period>);

fn period(text: &str) -> Result<Declared, String> {
    if text == "none" {
        return Ok(Declared(None));
    }
    arguments::period(text).map(|period| Declared(Some(period)))
}

fn repair(id: &str) -> Result<RepairKind, String> {
    let known = || RepairKind::ALL.map(RepairKind::id).join(", ");
    RepairKind::of_id(id).ok_or_else(|| format!("choose from {}", known()))
}

impl What {
    fn verdict(&self, over_sessions: bool) -> Result<Verdict, Failure> {
        if let Some(path) = &self.layout {
            let layout = input::layout(path.to_str())?.profile()?;
            let profile = layout.ok_or_else(|| {
                Failure::new(format!("{} is no file of a layout", path.display()), "Name a TOML file.")
            })?;
            return Ok(Verdict::ConfirmLayout(Box::new(profile)));
        }
        Ok(match (self.apply, self.decline) {
            (Some(kind), _) => Verdict::ApplyRepair(kind),
            (_, Some(kind)) => Verdict::DeclineRepair(kind),
            _ if self.period.is_some() => Verdict::Declare(self.period.and_then(|Declared(period)| period)),
            _ if self.withdraw => Verdict::Withdraw,
            _ if self.read_anew => Verdict::ReadAnew,
            _ => Verdict::Accept { over_sessions },
        })
    }
}

impl Decide {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let verdict = self.what.verdict(self.over_sessions)?;
        must_exist(&self.data).await?;
        let hub = open_for_writing(&self.data, "kerbwatt decide").await?;
        hub.decide(self.submission, &verdict, &self.note, now()).await?;
        finish(&hub, self.submission, self.json, output).await
    }
}

/// Take a decision back: about a return, or a repair of a register
#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// Number of the submission
    #[arg(required_unless_present = "register", conflicts_with = "register", value_parser = arguments::submission)]
    submission: Option<i64>,
    /// Number of a register's import, as `kerbwatt versions` shows it: its repairs are taken back
    #[arg(long, value_name = "NUMBER", conflicts_with = "decision")]
    register: Option<i64>,
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Number of the decision, as `kerbwatt history` shows it; the newest that can be taken back unless given
    #[arg(long, value_name = "NUMBER")]
    decision: Option<i64>,
    /// Print the submission as one JSON object; of a register, what became of it
    #[arg(long)]
    json: bool,
}

impl Undo {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        must_exist(&self.data).await?;
        let hub = open_for_writing(&self.data, "kerbwatt undo").await?;
        if let Some(import) = self.register {
            return self.of_register(&hub, import, output).await;
        }
        let submission = self.submission.unwrap_or_default();
        hub.undo(submission, self.decision, now())?;
        finish(&hub, submission, self.json, output).await
    }

    async fn of_register(&self, hub: &Hub, import: i64, output: &mut Output) -> Result<Done, Failure> {
        let change = hub.undo_register_repairs(import, now())?;
        let bars = Bars::new();
        let published = hub.publish(&bars, now()).await.map_err(HubError::after_recording)?;
        bars.clear();
        let version = published.data_version;
        if self.json {
            let object =
                json!({ "import": import, "undone": true, "changed": change.changed, "data_version": version });
            output.line(&object.to_string());
            return Ok(Done::Well);
        }
        let points =
            some(usize::try_from(change.changed).unwrap_or(usize::MAX), "charge point is", "charge points are");
        output.line(&format!("The repair of import {import} is taken back: {points} as the file says."));
        let state = if published.changed { "Figures now use it" } else { "Figures are as before" };
        output.line(&format!("{state}: data version {version}."));
        Ok(Done::Well)
    }
}

/// Brings figures up to date with what was decided, and says what is so now.
async fn finish(hub: &Hub, submission: i64, as_json: bool, output: &mut Output) -> Result<Done, Failure> {
    let bars = Bars::new();
    hub.compare_again(submission).await.map_err(HubError::after_recording)?;
    let published = hub.publish(&bars, now()).await.map_err(HubError::after_recording)?;
    bars.clear();
    let detail = hub.submission(submission).await?;
    if as_json {
        let mut object = history::json(&detail);
        object["data_version"] = json!(published.data_version);
        output.line(&object.to_string());
        return Ok(Done::Well);
    }
    output.line(&history::words(&detail));
    output.line(&figures(&detail, published.changed, published.data_version));
    Ok(Done::Well)
}

fn figures(detail: &SubmissionDetail, changed: bool, data_version: i64) -> String {
    let what = if changed { "Figures changed" } else { "Figures are as before" };
    let open: Vec<&str> = detail
        .repairs
        .iter()
        .filter(|(repair, state)| *state == "open" && repair["provable"] == Value::Bool(true))
        .filter_map(|(repair, _)| repair["kind"].as_str())
        .collect();
    let next = if open.is_empty() { String::new() } else { format!(" To be decided: {}.", open.join(", ")) };
    format!("{what}: data version {data_version}.{next}")
}
