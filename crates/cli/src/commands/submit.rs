//! `kerbwatt submit`

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use kerbwatt_hub::{Hub, NewReturn, Submitted};

use super::read;
use crate::arguments::SubmitArguments;
use crate::bars::Bars;
use crate::failure::{self, Failure};
use crate::report::{self, Json};

pub(crate) async fn run(arguments: SubmitArguments) -> Result<ExitCode, Failure> {
    // What cannot be read is said before a data folder is made for it.
    if let [only] = arguments.files.as_slice() {
        read(only)?;
    }
    let hub = Hub::open_for_writing(&arguments.data, "kerbwatt submit").await?;
    let mut code = ExitCode::SUCCESS;
    for path in &arguments.files {
        match submit(&hub, path, &arguments).await {
            Ok(()) => {}
            Err(failure) => code = failure::report(&failure),
        }
    }
    if let Some(name) = &arguments.operator_name {
        hub.name_operator(&arguments.operator, name)?;
    }
    let bars = Bars::new();
    let published = hub.publish(&bars, Timestamp::now()).await?;
    bars.clear();
    if !arguments.json {
        let mut out = io::stdout().lock();
        if published.changed {
            writeln!(out, "Figures are up to date: data version {}.", published.data_version)?;
        } else {
            writeln!(out, "Figures are unchanged.")?;
        }
    }
    Ok(code)
}

async fn submit(hub: &Hub, path: &Path, arguments: &SubmitArguments) -> Result<(), Failure> {
    let (file_name, bytes) = read(path)?;
    let file = NewReturn {
        file_name,
        bytes,
        operator: arguments.operator.clone(),
        profile: arguments.profile.clone(),
        period: arguments.period,
        accept: arguments.accept,
    };
    let submitted = hub.submit(&file, Timestamp::now()).await?;
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &Json::of(&file.file_name, &submitted.report, Some(&submitted)))?;
        writeln!(out)?;
        return Ok(out.flush()?);
    }
    report::write(&mut out, &file.file_name, &submitted.report)?;
    writeln!(out, "  {}", outcome(&submitted))?;
    // Whoever reads this may rely on it from here on.
    Ok(out.flush()?)
}

fn outcome(submitted: &Submitted) -> String {
    let number = submitted.submission;
    let day = submitted.received_at.strftime("%-d %b %Y");
    match (submitted.repeated, submitted.accepted) {
        (true, true) => format!("This file is here already, as submission {number} of {day}: nothing is counted twice."),
        (true, false) => {
            format!("This file is here already, as submission {number} of {day}, not yet accepted: add --accept to accept it.")
        }
        (false, true) => format!("Recorded and accepted as submission {number}."),
        (false, false) => {
            format!("Recorded as submission {number}. Figures do not show it yet: submit it again with --accept to accept it.")
        }
    }
}
