//! `kerbwatt limits`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kerbwatt_hub::{ChangedLimit, Hub, Limit, LimitInForce, Limits as Set, SetFor};
use kerbwatt_model::OperatorId;
use serde_json::{Value, json};

use super::{Done, must_exist, now, open_for_writing, some};
use crate::failure::Failure;
use crate::output::Output;
use crate::{arguments, number, table};

/// Where the checks begin to find something: show it, or change it with `set` and `reset`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Limits {
    #[command(subcommand)]
    action: Option<Action>,
    /// Data folder
    #[arg(long, value_name = "DIR", required = true)]
    data: Option<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Set limits, for returns received from now on
    Set(SetThem),
    /// Take back what was set, for returns received from now on
    Reset(ResetThem),
}

/// Whose limits, and how to print them.
#[derive(Debug, Args)]
struct Shown {
    /// Operator whose limits they are, such as gb-dcc; those of the hub unless given
    #[arg(long, value_name = "ID", value_parser = arguments::operator)]
    operator: Option<OperatorId>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct SetThem {
    /// Limits and their values, such as long_stay_min=4320
    #[arg(required = true, value_name = "NAME=VALUE", value_parser = arguments::limit)]
    limits: Vec<(&'static str, f64)>,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
struct ResetThem {
    /// Names of limits
    #[arg(required = true, value_name = "NAME", value_parser = named)]
    limits: Vec<&'static Limit>,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
struct Change {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    shown: Shown,
    /// Who changes it, for the history
    #[arg(long, value_name = "NAME", default_value = "")]
    by: String,
    /// Why, for the history
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

fn named(name: &str) -> Result<&'static Limit, String> {
    Limit::named(name).map_err(|error| error.to_string())
}

impl Limits {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        match (self.action, self.data) {
            (Some(Action::Set(set)), _) => {
                let mut limits = Set::default();
                for (name, value) in set.limits {
                    limits.set(name, value).map_err(|error| Failure::new(error.to_string(), "Give another value."))?;
                }
                let change = |hub: &Hub, c: &Change| hub.set_limits(c.shown.operator.as_ref(), &limits, c.by(), now());
                set.change.run(output, change).await
            }
            (Some(Action::Reset(reset)), _) => {
                let limits = reset.limits;
                let change =
                    |hub: &Hub, c: &Change| hub.reset_limits(c.shown.operator.as_ref(), &limits, c.by(), now());
                reset.change.run(output, change).await
            }
            // Without an action the command line asks for a folder.
            (None, data) => show(&Hub::open_for_reading(&data.unwrap_or_default()).await?, &self.shown, output),
        }
    }
}

impl Change {
    fn by(&self) -> (&str, &str) {
        (&self.by, &self.note)
    }

    async fn run(
        &self,
        output: &mut Output,
        change: impl FnOnce(&Hub, &Self) -> Result<usize, kerbwatt_hub::HubError>,
    ) -> Result<Done, Failure> {
        must_exist(&self.data).await?;
        let hub = open_for_writing(&self.data, "kerbwatt limits").await?;
        let changed = change(&hub, self)?;
        let done = show(&hub, &self.shown, output)?;
        if !self.shown.json {
            output.line(&if changed == 0 {
                "Nothing changed: it was so already.".to_owned()
            } else {
                format!(
                    "{} changed, for returns received from now on. Those that are there keep what they were checked with.",
                    some(changed, "limit", "limits")
                )
            });
        }
        Ok(done)
    }
}

fn show(hub: &Hub, shown: &Shown, output: &mut Output) -> Result<Done, Failure> {
    let limits = hub.limits(shown.operator.as_ref())?;
    if shown.json {
        let changes = hub.limit_changes(shown.operator.as_ref())?;
        let object = json!({
            "operator": shown.operator,
            "limits": limits.iter().map(in_force).collect::<Vec<_>>(),
            "changes": changes.iter().map(changed).collect::<Vec<_>>(),
        });
        output.line(&object.to_string());
        return Ok(Done::Well);
    }
    let heading = ["name", "in force", "unit", "set for", "usual", "from", "to", "what"].map(str::to_owned).to_vec();
    let rows = std::iter::once(heading).chain(limits.iter().map(|one| row(one, shown.operator.as_ref())));
    let text = table::aligned(&rows.collect::<Vec<_>>(), &[false, true, false, false, true, true, true, false]);
    output.line(text.trim_end());
    Ok(Done::Well)
}

fn row(one: &LimitInForce, operator: Option<&OperatorId>) -> Vec<String> {
    let set_for = match one.set_for {
        SetFor::Nobody => "",
        SetFor::Hub => "hub",
        SetFor::Operator => operator.map_or("", OperatorId::as_str),
    };
    let figure = |value| number::decimal(value, 3);
    let limit = one.limit;
    vec![
        limit.name.to_owned(),
        figure(one.value),
        if limit.unit == "1" { String::new() } else { limit.unit.to_owned() },
        set_for.to_owned(),
        figure(limit.usual()),
        figure(limit.least),
        figure(limit.most),
        limit.title.to_owned(),
    ]
}

fn in_force(one: &LimitInForce) -> Value {
    let limit = one.limit;
    json!({
        "name": limit.name, "value": one.value, "unit": limit.unit, "set_for": one.set_for.id(), "usual": limit.usual(),
        "least": limit.least, "most": limit.most, "check": limit.check, "title": limit.title,
        "changed_at": one.change.as_ref().map(|change| change.at),
    })
}

fn changed(change: &ChangedLimit) -> Value {
    json!({
        "operator": change.operator, "name": change.name, "value": change.value, "before": change.before, "at": change.at,
        "by": change.who, "note": change.note,
    })
}
