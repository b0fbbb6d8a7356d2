//! Intake on whole files.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod conservation;
mod invented;
mod known_layouts;
mod layouts;
mod odd_layouts;
mod proposals;
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
    let (file_name, hub_key, operator) = ("f.csv", &[7; 32], &operator);
    let declared = Declared { file_name, profile, own: &[], propose: false, period, operator, hub_key, repairs };
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
