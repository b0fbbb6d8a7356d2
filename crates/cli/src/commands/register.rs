//! `kerbwatt register import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kerbwatt_hub::{Finding, Hub, HubError, NewRegister, RegisterImported, RepairKind};
use kerbwatt_model::OperatorId;

use super::check::write;
use super::{Done, now, open_for_real_data};
use crate::failure::Failure;
use crate::number::{count, percent};
use crate::output::Output;
use crate::progress::Bars;
use crate::{arguments, input, report};

/// The register of charge points
#[derive(Debug, Subcommand)]
pub(crate) enum Register {
    /// Import an operator's charge points; those that changed keep their past
    Import(Import),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The register
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Data folder; made where it is missing
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Whose charge points they are, such as gb-dcc; may be left out where the data folder knows one operator only
    #[arg(long, value_name = "ID", value_parser = arguments::operator)]
    operator: Option<OperatorId>,
    /// Name of the operator on screens
    #[arg(long, value_name = "NAME")]
    operator_name: Option<String>,
    /// Layout of the file: a name, or a TOML file; recognised by the header unless given
    #[arg(long, value_name = "NAME|FILE.toml")]
    profile: Option<String>,
    /// Where no layout fits, write the one that its columns suggest to a TOML file, to correct it by hand
    #[arg(long, value_name = "FILE.toml")]
    save_profile: Option<PathBuf>,
    /// Put right what the file proves to be wrong with its coordinates: exchanged, or without their sign
    #[arg(long, value_name = "REPAIR", value_parser = ["coordinates"])]
    apply: Option<String>,
}

impl Register {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let Self::Import(import) = self;
        import.run(output).await
    }
}

impl Import {
    async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let (file, bytes) = input::read(&self.file)?;
        let bars = Bars::new();
        let hub = open_for_real_data(&self.data, "kerbwatt register import").await?;
        let operator = match &self.operator {
            Some(operator) => operator.clone(),
            None => only_operator(&hub).await?,
        };
        let repairs: Vec<RepairKind> = self.apply.iter().filter_map(|id| RepairKind::of_id(id)).collect();
        let given = input::layout(self.profile.as_deref())?;
        let layout = given.profile()?;
        let new = NewRegister {
            file_name: &file,
            bytes: &bytes,
            operator: &operator,
            profile: given.name.as_deref(),
            layout: layout.as_ref(),
            repairs: &repairs,
        };
        let imported = match hub.import_as(&new, now()).await {
            Ok(imported) => imported,
            Err(error) => return Err(self.unknown(&file, error, output)?),
        };
        if let Some(name) = &self.operator_name {
            hub.name_operator(&operator, name)?;
        }
        let published = hub.publish(&bars, now()).await?;
        bars.clear();
        output.line(&in_words(&file, &imported));
        let state = if published.changed { "Figures now use it" } else { "Figures are as before" };
        output.line(&format!("{state}: data version {}.", published.data_version));
        Ok(Done::Well)
    }
}

impl Import {
    /// A register that cannot be imported. Where nobody knows its layout, a proposal is where a person begins.
    fn unknown(&self, file: &str, error: HubError, output: &mut Output) -> Result<Failure, Failure> {
        let Some(proposal) = error.proposal() else { return Ok(error.into()) };
        output.line(&report::proposed_words(file, proposal));
        output.flush();
        if let Some(path) = &self.save_profile {
            let text = proposal.profile.to_toml();
            let text = text.map_err(|error| Failure::new(error.to_string(), "Report this as a defect."))?;
            write(path, &text)?;
        }
        let advice =
            "Run it again with --save-profile layout.toml, correct that file, and run it with --profile layout.toml.";
        Ok(Failure::new(error.to_string(), advice))
    }
}

/// The operator of a data folder that knows one only.
async fn only_operator(hub: &Hub) -> Result<OperatorId, Failure> {
    let known = hub.catalogue().await?.operators;
    let unclear = |why| {
        let what = format!("whose charge points these are is not clear: the data folder knows {why}");
        Failure::new(what, "Add --operator, such as --operator gb-dcc.")
    };
    match known.as_slice() {
        [(id, _)] => Ok(OperatorId::parse(id)?),
        [] => Err(unclear("no operator yet")),
        _ => Err(unclear("several operators")),
    }
}

fn in_words(file: &str, imported: &RegisterImported) -> String {
    let profile = &imported.profile;
    let mut lines = vec![
        file.to_owned(),
        format!("  layout       {} (knows {} of the columns)", profile.name, percent(profile.confidence)),
        format!("  rows read    {:>8}", count(imported.rows_read)),
        format!("  new          {:>8}", count(imported.added)),
        format!("  changed      {:>8}", count(imported.changed)),
        format!("  as before    {:>8}", count(imported.unchanged)),
        format!("  left out     {:>8}", count(imported.rejected.len() as u64)),
    ];
    lines.extend(imported.findings.iter().map(finding));
    lines.extend(imported.applied.iter().flat_map(|one| report::repair(one, true)));
    if !imported.applied.is_empty() {
        lines.push(format!("            To take it back: kerbwatt undo --register {}.", imported.import));
    }
    lines.extend(imported.repairs.iter().flat_map(|one| report::repair(one, false)));
    if imported.repairs.iter().any(|one| one.provable) {
        lines.push("            To have it applied, import the file again with --apply coordinates.".to_owned());
    }
    lines.extend(
        imported
            .rejected
            .iter()
            .take(5)
            .map(|row| format!("  row {}, {}: “{}” – {}", row.row, row.column, row.value, row.advice)),
    );
    lines.join("\n")
}

fn finding(finding: &Finding) -> String {
    format!("  {:>8}  {} [{}]\n            {}", count(finding.count), finding.title, finding.rule, finding.advice)
}
