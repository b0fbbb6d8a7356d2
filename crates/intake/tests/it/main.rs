//! Intake on whole files.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "tests")]

mod check_page;
mod clocks;
mod conservation;
mod containers;
mod damage;
mod durations;
mod entries;
mod fees;
mod fuzzed;
mod invented;
mod known_layouts;
mod layouts;
mod limits;
mod made;
mod mending;
mod notations;
mod odd_layouts;
mod outside_area;
mod privacy;
mod proposals;
mod real_files;
mod refusals;
mod repairs;
mod swapped;
mod unclear_order;
mod workbooks;

use kerbwatt_intake::{
    Declared, NoRegister, Profile, Refusal, RepairKind, SessionReturn, Source, Thresholds, read_sessions,
};
use kerbwatt_model::{OperatorId, Period};

fn read_with<S: Source + ?Sized>(
    source: &S,
    profile: Option<&str>,
    period: Option<&str>,
    repairs: &[RepairKind],
) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let period = period.map(|period| Period::parse(period).unwrap());
    let (file_name, hub_key, operator) = ("f.csv", &[7; 32], &operator);
    let thresholds = Thresholds::default();
    let declared = Declared {
        file_name,
        profile,
        own: &[],
        propose: false,
        period,
        operator,
        hub_key,
        repairs,
        thresholds,
        overlap: None,
    };
    read_sessions(source, &declared, &NoRegister)
}

/// Reads a file with a layout of its operator's own.
fn read_by(bytes: &[u8], layout: Profile, operator: &OperatorId) -> SessionReturn {
    let (profile, own) = (Some(layout.name.clone()), [layout]);
    let declared = Declared {
        file_name: "f.csv",
        profile: profile.as_deref(),
        own: &own,
        propose: false,
        period: None,
        operator,
        hub_key: &[7; 32],
        repairs: &[],
        thresholds: Thresholds::default(),
        overlap: None,
    };
    read_sessions(bytes, &declared, &NoRegister).unwrap()
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

fn read_source(source: &dyn Source) -> Result<SessionReturn, Refusal> {
    read_with(source, None, None, &[])
}
