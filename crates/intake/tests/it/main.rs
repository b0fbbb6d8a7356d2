//! Intake on whole files.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "tests")]

mod archives;
mod check_page;
mod clocks;
mod commas;
mod conservation;
mod containers;
mod damage;
mod date_orders;
mod doubtful_dates;
mod durations;
mod entries;
mod fees;
mod future;
mod fuzzed;
mod headers;
mod invented;
mod known_layouts;
mod layouts;
mod limits;
mod long_json;
mod made;
mod mending;
mod minutes;
mod notations;
mod ocpi;
mod odd_layouts;
mod outside_area;
mod privacy;
mod proposals;
mod real_files;
mod refusals;
mod repairs;
mod shifted;
mod swapped;
mod totals;
mod unclear_order;
mod workbooks;

use std::collections::BTreeSet;

use kerbwatt_intake::{
    Declared, NoRegister, OriginalRows, Profile, Refusal, RepairKind, SessionReturn, Source, Thresholds, original_rows,
    read_sessions,
};
use kerbwatt_model::{OperatorId, Period};

/// What most tests declare: nothing but whose file it is.
fn declared(operator: &OperatorId) -> Declared<'_> {
    Declared {
        file_name: "f.csv",
        profile: None,
        own: &[],
        propose: false,
        period: None,
        received: None,
        operator,
        hub_key: &[7; 32],
        repairs: &[],
        thresholds: Thresholds::default(),
        overlap: None,
    }
}

/// Rows of a file as they are given back to be mended.
fn rows_to_mend(bytes: &[u8], wanted: &BTreeSet<u64>) -> OriginalRows {
    let operator = OperatorId::parse("gb-tst").unwrap();
    original_rows(bytes, &declared(&operator), wanted).unwrap()
}

fn read_with<S: Source + ?Sized>(
    source: &S,
    profile: Option<&str>,
    period: Option<&str>,
    repairs: &[RepairKind],
) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let period = period.map(|period| Period::parse(period).unwrap());
    let declared = Declared { profile, period, repairs, ..declared(&operator) };
    read_sessions(source, &declared, &NoRegister)
}

/// Reads a file with a layout of its operator's own.
fn read_by(bytes: &[u8], layout: Profile, operator: &OperatorId) -> SessionReturn {
    let (profile, own) = (Some(layout.name.clone()), [layout]);
    let declared = Declared { profile: profile.as_deref(), own: &own, ..declared(operator) };
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
