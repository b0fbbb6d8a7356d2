//! Intake on whole files.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod conservation;
mod layouts;
mod real_files;
mod refusals;
mod repairs;
mod swapped;

use kerbwatt_intake::{Declared, NoRegister, Refusal, RepairKind, SessionReturn, read_sessions};
use kerbwatt_model::{OperatorId, Period};

fn read_with(
    bytes: &[u8],
    profile: Option<&str>,
    period: Option<&str>,
    repairs: &[RepairKind],
) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let period = period.map(|period| Period::parse(period).unwrap());
    let declared = Declared { file_name: "f.csv", profile, period, operator: &operator, hub_key: &[7; 32], repairs };
    read_sessions(bytes, &declared, &NoRegister)
}

fn read_as(bytes: &[u8], profile: Option<&str>, period: Option<&str>) -> Result<SessionReturn, Refusal> {
    read_with(bytes, profile, period, &[])
}

fn read_repaired(bytes: &[u8], period: Option<&str>, repairs: &[RepairKind]) -> Result<SessionReturn, Refusal> {
    read_with(bytes, None, period, repairs)
}

fn read(bytes: &[u8]) -> Result<SessionReturn, Refusal> {
    read_as(bytes, None, None)
}
