//! `kerbwatt demo`

use std::process::ExitCode;

use super::{sample, serve};
use crate::arguments::DemoArguments;
use crate::failure::Failure;

pub(crate) async fn run(arguments: DemoArguments) -> Result<ExitCode, Failure> {
    let listener = serve::listen(arguments.port).await?;
    sample::make(&arguments.data, arguments.size).await?;
    serve::serve(&arguments.data, listener).await
}
