//! `kerbwatt check`

use std::io::{self, Write as _};
use std::process::ExitCode;

use kerbwatt_hub::NewReturn;
use kerbwatt_model::OperatorId;

use super::read;
use crate::arguments::CheckArguments;
use crate::failure::{self, Failure};
use crate::report::{self, Json};

pub(crate) fn run(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let mut code = ExitCode::SUCCESS;
    for path in &arguments.files {
        // One file's trouble does not keep the others from being checked.
        match check(path, arguments) {
            Ok(()) => {}
            Err(failure) => code = failure::report(&failure),
        }
    }
    Ok(code)
}

fn check(path: &std::path::Path, arguments: &CheckArguments) -> Result<(), Failure> {
    let (file_name, bytes) = read(path)?;
    // Nothing is kept, so it does not matter whose it is.
    let operator = OperatorId::parse("zz-check")
        .map_err(|error| Failure::of("a defect of Kerbwatt", &error, "Please report it."))?;
    let profile = arguments.profile.clone();
    let file = NewReturn { file_name, bytes, operator, profile, period: arguments.period, accept: false };
    let found = kerbwatt_hub::check(&file)?;
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &Json::of(&file.file_name, &found, None))?;
        writeln!(out)?;
    } else {
        report::write(&mut out, &file.file_name, &found)?;
        writeln!(out, "  Nothing was written. To hand it in: kerbwatt submit FILE --data DIR --operator ID --accept")?;
    }
    Ok(())
}
