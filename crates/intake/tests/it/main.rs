//! Intake on whole files.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod conservation;
mod containers;
mod damage;
mod layouts;
mod made;
mod real_files;
mod refusals;
mod workbooks;

use kerbwatt_intake::{Declared, NoRegister, Refusal, SessionReturn, Source, read_sessions};
use kerbwatt_model::{OperatorId, Period};

fn read_as(bytes: &[u8], profile: Option<&str>, period: Option<&str>) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let period = period.map(|period| Period::parse(period).unwrap());
    let declared = Declared { file_name: "f.csv", profile, period, operator: &operator, hub_key: &[7; 32] };
    read_sessions(bytes, &declared, &NoRegister)
}

fn read(bytes: &[u8]) -> Result<SessionReturn, Refusal> {
    read_as(bytes, None, None)
}

fn read_source(source: &dyn Source) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let declared = Declared { file_name: "f", profile: None, period: None, operator: &operator, hub_key: &[7; 32] };
    read_sessions(source, &declared, &NoRegister)
}
