//! The returns behind figures, and the repairs that were made in them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use kerbwatt_model::{Dimension, Period};
use serde::Serialize;

use crate::{Labels, Snapshot};

/// A return whose rows are in the figures of a data version.
#[derive(Debug, Clone, PartialEq)]
pub struct Return {
    /// Its number.
    pub submission: i64,
    /// The operator's id.
    pub operator: String,
    /// The days that it covers.
    pub covers: Option<Period>,
    /// The repairs that were made in it.
    pub repairs: Vec<RepairMade>,
}

/// A repair that was made in a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepairMade {
    /// Id of the repair.
    pub repair: String,
    /// What it put right, in a few words.
    pub title: String,
    /// Rows whose values it changed; none where they were not noted.
    pub rows: Option<u64>,
}

/// How many returns are behind figures, and how many of them were repaired.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Returns {
    /// Accepted returns that cover some of the period, of operators with a charge point that passes the filters.
    pub count: usize,
    /// Of these, returns in which a repair was made.
    pub repaired: usize,
    /// The repairs, by id.
    pub repairs: Vec<RepairSum>,
}

/// What one repair did to the returns behind figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepairSum {
    /// Id of the repair.
    pub repair: String,
    /// What it put right, in a few words.
    pub title: String,
    /// Returns in which it was made.
    pub returns: usize,
    /// Rows of these whose values it changed; none where some of them were not noted.
    pub rows: Option<u64>,
}

/// A return behind figures in which a repair was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepairedReturn {
    /// Its number.
    pub submission: i64,
    /// The operator's id.
    pub operator: String,
    /// The operator's name; its id where it has none.
    pub operator_name: String,
    /// First day that it covers.
    pub from: Option<Date>,
    /// Last day that it covers.
    pub to: Option<Date>,
    /// The repairs that were made in it.
    pub repairs: Vec<RepairMade>,
}

/// Ids of operators.
pub(crate) type Operators = HashSet<Arc<str>>;

/// The returns of some operators that cover some of a period. Which of their rows pass further filters, their sessions would have to
/// be read for.
fn behind<'s>(
    snapshot: &'s Snapshot,
    operators: &'s Operators,
    period: &'s Period,
) -> impl Iterator<Item = &'s Return> {
    let covers = |one: &Return| one.covers.is_some_and(|own| own.meets(period));
    snapshot.returns.iter().filter(move |one| covers(one) && operators.contains(one.operator.as_str()))
}

/// The returns behind figures, counted.
pub(crate) fn counted(snapshot: &Snapshot, operators: &Operators, period: &Period) -> Returns {
    let mut counted = Returns::default();
    let mut repairs: BTreeMap<&str, RepairSum> = BTreeMap::new();
    for one in behind(snapshot, operators, period) {
        counted.count += 1;
        counted.repaired += usize::from(!one.repairs.is_empty());
        for RepairMade { repair, title, rows } in &one.repairs {
            let (repair_id, title) = (repair.clone(), title.clone());
            let none = RepairSum { repair: repair_id, title, returns: 0, rows: Some(0) };
            let sum = repairs.entry(repair).or_insert(none);
            sum.returns += 1;
            sum.rows = sum.rows.zip(*rows).map(|(all, more)| all + more);
        }
    }
    counted.repairs = repairs.into_values().collect();
    counted
}

/// Those of the returns behind figures in which a repair was made, by number.
pub(crate) fn repaired(snapshot: &Snapshot, operators: &Operators, period: &Period) -> Vec<RepairedReturn> {
    let name = |labels: &Labels, id: &str| labels.name(Dimension::Operator, id).unwrap_or(id).to_owned();
    let repaired = behind(snapshot, operators, period).filter(|one| !one.repairs.is_empty());
    repaired
        .map(|one| RepairedReturn {
            submission: one.submission,
            operator: one.operator.clone(),
            operator_name: name(&snapshot.labels, &one.operator),
            from: one.covers.map(|covers| covers.first),
            to: one.covers.map(|covers| covers.last),
            repairs: one.repairs.clone(),
        })
        .collect()
}
