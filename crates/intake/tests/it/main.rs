//! Intake on whole files.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod conservation;
mod layouts;
mod real_files;
mod refusals;

use kerbwatt_intake::{Declared, NoRegister, Refusal, SessionReturn, read_sessions};
use kerbwatt_model::{OperatorId, Period};

fn read_as(bytes: &[u8], profile: Option<&str>, period: Option<&str>) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let period = period.map(|period| Period::parse(period).unwrap());
    let (file_name, hub_key) = ("f.csv", &[7; 32]);
    let declared = Declared { file_name, profile, own: &[], propose: false, period, operator: &operator, hub_key };
    read_sessions(bytes, &declared, &NoRegister)
}

fn read(bytes: &[u8]) -> Result<SessionReturn, Refusal> {
    read_as(bytes, None, None)
}
