//! Limits of checks: what is in force for the hub and for an operator, and changing it.
//!
//! What is set for an operator goes before what is set for the hub, and that before the usual value. Each return records the
//! limits that it was received with and keeps them, however often it is read or decided anew: so a change never moves a row of
//! a return that is there already.

use jiff::Timestamp;
use kerbwatt_intake::{LIMITS, Limit, Limits, Thresholds};
use kerbwatt_model::OperatorId;
use kerbwatt_store::{ChangedBy, LimitChange};

use crate::{Hub, HubError};

/// A limit and the value in force.
#[derive(Debug, Clone)]
pub struct LimitInForce {
    /// The limit.
    pub limit: &'static Limit,
    /// The value in force.
    pub value: f64,
    /// For whom it was set.
    pub set_for: SetFor,
    /// When it was set, by whom and why; none for a usual value.
    pub change: Option<ChangedLimit>,
}

/// For whom a limit was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetFor {
    /// Nobody: it is as usual.
    Nobody,
    /// All operators of the hub.
    Hub,
    /// The operator asked about.
    Operator,
}

impl SetFor {
    /// Id in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Hub => "hub",
            Self::Operator => "operator",
        }
    }
}

/// A change of a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedLimit {
    /// Whose returns it is about; none where it is about those of all.
    pub operator: Option<String>,
    /// Name of the limit.
    pub name: String,
    /// What it was set to; none where it is no longer set.
    pub value: Option<f64>,
    /// What was set before; none where nothing was.
    pub before: Option<f64>,
    /// When.
    pub at: Timestamp,
    /// Who changed it, in their own words; may be empty.
    pub who: String,
    /// Why; may be empty.
    pub note: String,
}

impl From<LimitChange> for ChangedLimit {
    fn from(change: LimitChange) -> Self {
        let LimitChange { operator, name, value, before, at, who, note, .. } = change;
        Self { operator, name, value, before, at, who, note }
    }
}

impl Hub {
    /// Every limit with the value in force for an operator, or for operators of whom nothing is set.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such operator; store errors.
    pub fn limits(&self, operator: Option<&OperatorId>) -> Result<Vec<LimitInForce>, HubError> {
        self.must_know(operator)?;
        let set = self.ledger.limits()?;
        let of = |name: &str, whose: Option<&str>| {
            set.iter().find(|change| change.name == name && change.operator.as_deref() == whose)
        };
        let in_force = |limit: &'static Limit| {
            let own = operator.and_then(|operator| of(limit.name, Some(operator.as_str())));
            let (set_for, change) = match (own, of(limit.name, None)) {
                (Some(own), _) => (SetFor::Operator, Some(own)),
                (None, Some(hub)) => (SetFor::Hub, Some(hub)),
                (None, None) => (SetFor::Nobody, None),
            };
            let value = change.and_then(|change| change.value).unwrap_or_else(|| limit.usual());
            LimitInForce { limit, value, set_for, change: change.cloned().map(ChangedLimit::from) }
        };
        Ok(LIMITS.iter().map(in_force).collect())
    }

    /// Sets limits for an operator, or for all of whom nothing else is set, and returns how many of them that changed. They hold
    /// for returns received from then on.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such operator; store errors.
    pub fn set_limits(
        &self,
        operator: Option<&OperatorId>,
        limits: &Limits,
        by: (&str, &str),
        at: Timestamp,
    ) -> Result<usize, HubError> {
        self.change(operator, &limits.iter().map(|(name, value)| (name, Some(value))).collect::<Vec<_>>(), by, at)
    }

    /// Takes back what was set for an operator, or for all, and returns how many limits that changed.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such operator; store errors.
    pub fn reset_limits(
        &self,
        operator: Option<&OperatorId>,
        limits: &[&'static Limit],
        by: (&str, &str),
        at: Timestamp,
    ) -> Result<usize, HubError> {
        self.change(operator, &limits.iter().map(|limit| (limit.name, None)).collect::<Vec<_>>(), by, at)
    }

    fn change(
        &self,
        operator: Option<&OperatorId>,
        changes: &[(&str, Option<f64>)],
        (who, note): (&str, &str),
        at: Timestamp,
    ) -> Result<usize, HubError> {
        self.must_write()?;
        self.must_know(operator)?;
        let by = ChangedBy { who, note, at };
        Ok(self.ledger.change_limits(operator.map(OperatorId::as_str), changes, by)?)
    }

    /// Every change of limits, newest first: of an operator's and of the hub's, or of all where none is named.
    ///
    /// # Errors
    /// Store errors.
    pub fn limit_changes(&self, operator: Option<&OperatorId>) -> Result<Vec<ChangedLimit>, HubError> {
        let is_meant = |change: &LimitChange| match (&change.operator, operator) {
            (Some(whose), Some(operator)) => whose == operator.as_str(),
            _ => true,
        };
        Ok(self.ledger.limit_changes()?.into_iter().filter(is_meant).map(ChangedLimit::from).collect())
    }

    /// What holds for a return that an operator hands in now; the operator need not be known yet.
    pub(crate) fn thresholds(&self, operator: &OperatorId) -> Result<Thresholds, HubError> {
        let mut record = Thresholds::default().to_record();
        let set = self.ledger.limits()?;
        for whose in [None, Some(operator.as_str())] {
            let of = set.iter().filter(|change| change.operator.as_deref() == whose);
            record.extend(of.filter_map(|change| Some((change.name.clone(), change.value?))));
        }
        Ok(Thresholds::of_record(&record))
    }

    fn must_know(&self, operator: Option<&OperatorId>) -> Result<(), HubError> {
        let Some(operator) = operator else { return Ok(()) };
        let is_known = self.ledger.operators()?.iter().any(|known| known.id == operator.as_str());
        if is_known { Ok(()) } else { Err(HubError::NoSuch { what: "operator", id: operator.to_string() }) }
    }
}
