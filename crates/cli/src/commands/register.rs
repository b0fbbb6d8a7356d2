//! `kerbwatt register import`

use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::Timestamp;
use kerbwatt_hub::Hub;
use kerbwatt_model::OperatorId;

use super::read;
use crate::arguments::RegisterArguments;
use crate::bars::Bars;
use crate::failure::Failure;
use crate::report::{grouped, write_finding};

pub(crate) async fn run(arguments: RegisterArguments) -> Result<ExitCode, Failure> {
    let (file_name, bytes) = read(&arguments.file)?;
    let hub = Hub::open_for_writing(&arguments.data, "kerbwatt register import").await?;
    let operator = match arguments.operator {
        Some(operator) => operator,
        None => only_operator(&hub).await?,
    };
    let profile = arguments.profile.as_deref();
    let imported = hub.import_register(&file_name, &bytes, &operator, profile, Timestamp::now()).await?;
    if let Some(name) = &arguments.operator_name {
        hub.name_operator(&operator, name)?;
    }
    let bars = Bars::new();
    let published = hub.publish(&bars, Timestamp::now()).await?;
    bars.clear();
    let mut out = io::stdout().lock();
    writeln!(out, "{file_name}")?;
    writeln!(out, "  layout        {}", imported.profile.name)?;
    let rejected = imported.rejected.len() as u64;
    for (what, count) in [
        ("rows read", imported.rows_read),
        ("new", imported.added),
        ("changed", imported.changed),
        ("unchanged", imported.unchanged),
        ("left out", rejected),
    ] {
        writeln!(out, "  {what:<13} {:>9}", grouped(count))?;
    }
    for finding in &imported.findings {
        write_finding(&mut out, finding)?;
    }
    writeln!(out, "Charge points of {operator} are registered; data version {}.", published.data_version)?;
    Ok(ExitCode::SUCCESS)
}

/// The operator of a data folder that knows one only.
async fn only_operator(hub: &Hub) -> Result<OperatorId, Failure> {
    let known = hub.catalogue().await?.operators;
    let wrong = |why: &str| Failure::of("the operator is not clear", &why, "Add --operator, such as --operator gb-dcc.");
    match known.as_slice() {
        [(id, _)] => OperatorId::parse(id).map_err(|error| wrong(&error.to_string())),
        [] => Err(wrong("the data folder knows none yet")),
        _ => Err(wrong("the data folder knows several")),
    }
}
