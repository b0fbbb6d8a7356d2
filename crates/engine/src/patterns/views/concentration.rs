//! How few charge points or sites make up how much of the energy.

use kerbwatt_model::{Additive, Dimension, Query, Viewer};
use serde::Serialize;

use super::source::{MemberSums, Source};
use super::table::{PatternTable, pattern, trust};
use crate::patterns::statistics::concentration::{concentration, top_share};
use crate::{Coverage, Engine, EngineError, Provenance, Snapshot};

/// Members that are named.
const NAMED: usize = 10;

/// How energy is spread over charge points or sites that were reported on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Concentration {
    /// `evse` or `location`.
    pub by: &'static str,
    /// Id of the metric that is spread.
    pub metric: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// All of it.
    pub total: f64,
    /// Charge points or sites reported on, those without use included.
    pub members: usize,
    /// Of these, with use.
    pub members_in_use: usize,
    /// Gini coefficient: 0 where all have the same, near 1 where one has all; none without use.
    pub gini: Option<f64>,
    /// The fewest that together have half; none without use.
    pub half: Option<Half>,
    /// Shares of the busiest 1, 5, 10 and 20 in 100, at least one member each; empty without use.
    pub top: Vec<TopShare>,
    /// Lorenz curve, from (0, 0) to (1, 1), at most 101 points; empty without use.
    pub curve: Vec<CurvePoint>,
    /// The ten busiest.
    pub largest: Vec<LargestMember>,
    /// Coverage of the whole period.
    pub coverage: Coverage,
    /// Where it comes from.
    pub provenance: Provenance,
}
pattern!(Concentration, "concentration");

/// The fewest that together have half.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Half {
    /// How many.
    pub members: usize,
    /// As a share of all, 0 to 1.
    pub share_of_members: f64,
}

/// What the busiest have.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TopShare {
    /// The busiest share of members, 0 to 1.
    pub share_of_members: f64,
    /// Their share of use, 0 to 1.
    pub share_of_use: f64,
}

/// A point of the Lorenz curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Share of members, from the least used, 0 to 1.
    pub members: f64,
    /// Their share of use, 0 to 1.
    pub r#use: f64,
}

/// One of the busiest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LargestMember {
    /// Id.
    pub id: String,
    /// Name of the site.
    pub name: String,
    /// Its use.
    pub value: f64,
    /// As a share of all, 0 to 1.
    pub share: f64,
}

impl Concentration {
    pub(super) fn as_table(&self) -> PatternTable {
        let rows = self.curve.iter().map(|point| vec![Some(point.members).into(), Some(point.r#use).into()]);
        PatternTable { columns: vec!["share_of_members", "share_of_use"], rows: rows.collect() }
    }
}

impl Engine {
    /// How energy is spread over the charge points (`Dimension::Evse`) or sites (`Dimension::Location`) that pass the filters.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn concentration(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        by: Dimension,
        viewer: Viewer,
    ) -> Result<Concentration, EngineError> {
        let source = Source { engine: self, snapshot, query, viewer };
        let answer = source.answer_ids(&["energy_kwh"], &[], query.period).await?;
        let mut members = match source.period() {
            Some(period) => source.by_member(by, &period).await?,
            None => Vec::new(),
        };
        members.retain(MemberSums::is_known);
        let metrics = answer.provenance.metrics.clone();
        let (coverage, provenance) = trust(answer, &metrics);
        Ok(of_members(&members, by, coverage, provenance))
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of members are far below 2^53")]
fn of_members(members: &[MemberSums], by: Dimension, coverage: Coverage, provenance: Provenance) -> Concentration {
    let values: Vec<f64> = members.iter().map(|member| member.sums.of(Additive::EnergyKwh)).collect();
    let found = concentration(&values);
    // An empty sum is minus zero.
    let total = values.iter().sum::<f64>() + 0.0;
    let top = [0.01, 0.05, 0.1, 0.2].into_iter().filter_map(|share_of_members| {
        Some(TopShare { share_of_members, share_of_use: top_share(&values, share_of_members)? })
    });
    let mut order: Vec<usize> = (0..members.len()).filter(|at| values[*at] > 0.0).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let named = |at: &usize| LargestMember {
        id: members[*at].id.to_string(),
        name: members[*at].name.to_string(),
        value: values[*at],
        share: values[*at] / total,
    };
    Concentration {
        by: by.id(),
        metric: "energy_kwh",
        unit: "kWh",
        total,
        members: members.len(),
        members_in_use: order.len(),
        gini: found.gini,
        half: found.half.map(|half| Half { members: half, share_of_members: half as f64 / members.len() as f64 }),
        top: top.collect(),
        curve: found.curve.iter().map(|(members, r#use)| CurvePoint { members: *members, r#use: *r#use }).collect(),
        largest: order.iter().take(NAMED).map(named).collect(),
        coverage,
        provenance,
    }
}
