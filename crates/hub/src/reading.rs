//! Reading a return's file: with which layout, which repairs and which limits.

use std::collections::BTreeMap;
use std::sync::Arc;

use kerbwatt_intake::{
    Declared, NoRegister, Overlap, Profile, Refusal, Register, RepairKind, Thresholds, read_sessions,
};
use kerbwatt_model::{OperatorId, Period};
use kerbwatt_store::Submission;
use serde::{Deserialize, Serialize};

use crate::both_ways::tell_both_ways;
use crate::receive::refused;
use crate::record::{Details, defect, difference, totals_of};
use crate::register::Registers;
use crate::report::{Read, Report};
use crate::source::Kept;
use crate::{Hub, HubError, KnownLayout, NewReturn};

/// Profile of a return that says that there is nothing to report.
pub(crate) const NOTHING_TO_REPORT: &str = "nothing-to-report";

/// Profile of a return that is read as proposed, until somebody confirms it.
pub(crate) const PROPOSED: &str = "proposed";

/// How a file is read: part of the record, so that it is read the same way ever after.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct How {
    /// Name of the profile; recognised when none is given.
    pub(crate) profile: Option<String>,
    /// The profile itself, as TOML, where it is none of those shipped.
    pub(crate) layout: Option<String>,
    /// Ids of the repairs to apply.
    pub(crate) repairs: Vec<String>,
    /// Period declared.
    #[serde(default)]
    pub(crate) declared: Option<Period>,
    /// Where the checks begin to find something, by name of the limit: those in force when the return was received.
    #[serde(default)]
    pub(crate) limits: BTreeMap<String, f64>,
    /// What returns received before it said of its clocks then; none where they said nothing.
    #[serde(default)]
    pub(crate) overlap: Option<Overlap>,
}

impl How {
    /// As a file that is handed in says, within limits.
    pub(crate) fn of_new(file: &NewReturn, thresholds: Thresholds) -> Self {
        Self {
            profile: file.profile.clone(),
            layout: file.layout.clone(),
            repairs: Vec::new(),
            declared: file.period,
            limits: thresholds.with(&file.limits).to_record(),
            overlap: None,
        }
    }

    pub(crate) fn of(submission: &Submission) -> Self {
        Self {
            profile: Some(submission.profile.clone()).filter(|name| !name.is_empty()),
            layout: submission.layout.clone(),
            repairs: submission.repairs.clone(),
            declared: submission.declared,
            limits: submission.limits.clone(),
            overlap: submission.overlap_json.as_ref().and_then(|text| serde_json::from_str(text).ok()),
        }
    }

    /// The same in a layout of the operator's own.
    pub(crate) fn in_layout(self, layout: &Profile, file_name: &str) -> Result<Self, HubError> {
        let unusable = |error| refused(file_name, Refusal::UnusableProfile { error });
        let overlap = self.overlap.filter(|_| self.has_clocks_of(layout));
        layout.check().map_err(unusable)?;
        let toml = layout.to_toml().map_err(unusable)?;
        Ok(Self { profile: Some(layout.name.clone()), layout: Some(toml), overlap, ..self })
    }
}

/// What was so before a decision, for taking it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Before {
    pub(crate) state: String,
    pub(crate) how: How,
}

/// Reads and checks a return; writes nothing and needs no data folder. Repairs are proposed, or applied where `repair` is set
/// and the file proves them.
///
/// # Errors
/// [`HubError::Refused`] when the file is refused as a whole.
pub fn check(file: &NewReturn) -> Result<Report, HubError> {
    let how = How::of_new(file, Thresholds::default());
    let read_as = |how: &How| read(file, how, &[], &[0; 32], &NoRegister);
    match read_as(&how) {
        Ok(mut read) => {
            if read.has_two_ways() {
                tell_both_ways(&mut read, &how, read_as)?;
            }
            Ok(read.report)
        }
        Err(HubError::Refused { refusal: Refusal::NoRows | Refusal::Empty, .. }) if file.period.is_some() => {
            Ok(Read::nothing(file.period).report)
        }
        Err(error) => Err(error),
    }
}

fn read(
    file: &NewReturn,
    how: &How,
    own: &[Profile],
    hub_key: &[u8; 32],
    register: &dyn Register,
) -> Result<Read, HubError> {
    if how.profile.as_deref() == Some(NOTHING_TO_REPORT) {
        return Ok(Read::nothing(how.declared));
    }
    with_declared(file, how, own, hub_key, |declared| read_sessions(file, declared, register))
        .map(|read| Read::of(read, how.declared, Thresholds::of_record(&how.limits)))
}

/// Does something with a file and what is declared of it.
pub(crate) fn with_declared<T>(
    file: &NewReturn,
    how: &How,
    own: &[Profile],
    hub_key: &[u8; 32],
    work: impl FnOnce(&Declared<'_>) -> Result<T, Refusal>,
) -> Result<T, HubError> {
    let refused = |refusal| refused(&file.shown_name(), refusal);
    let given = how.layout.as_ref().map(|text| {
        let name = how.profile.as_deref().unwrap_or("own");
        Profile::from_toml(name, text).map_err(|error| refused(Refusal::UnusableProfile { error }))
    });
    let given: Option<Profile> = given.transpose()?;
    let named = given.as_ref().map(|profile| profile.name.as_str()).or(how.profile.as_deref());
    let repairs: Vec<RepairKind> = how.repairs.iter().filter_map(|id| RepairKind::of_id(id)).collect();
    let declared = Declared {
        file_name: &file.file_name,
        profile: named,
        own: given.as_ref().map_or(own, std::slice::from_ref),
        propose: named.is_none(),
        period: how.declared,
        received: file.received,
        operator: &file.operator,
        hub_key,
        repairs: &repairs,
        thresholds: Thresholds::of_record(&how.limits),
        overlap: how.overlap.as_ref(),
    };
    work(&declared).map_err(refused)
}

impl Hub {
    pub(crate) fn read(
        &self,
        file: &NewReturn,
        how: &How,
        own: &[Profile],
        register: &dyn Register,
    ) -> Result<Read, HubError> {
        read(file, how, own, &self.settings.hub_key, register)
    }

    /// Says of each repair what a file that was read comes to with it and without it.
    pub(crate) fn tell_both_ways(&self, read: &mut Read, file: &NewReturn, how: &How) -> Result<(), HubError> {
        if !read.has_two_ways() {
            return Ok(());
        }
        let own = self.own_layouts(&file.operator)?;
        let registers = self.registers()?;
        let register = registers.of_operator(file.operator.as_str());
        tell_both_ways(read, how, |how| self.read(file, how, &own, register))
    }

    /// Reads a recorded return again from the vault: the same bytes give the same rows.
    pub(crate) fn read_recorded(&self, submission: &Submission, registers: &Registers) -> Result<Read, HubError> {
        let read = self.read_as(submission, &How::of(submission), registers)?;
        if let Some(difference) = difference(&submission.totals, &totals_of(&read.report.totals)) {
            let file = submission.file_name.clone();
            return Err(HubError::Changed { submission: submission.id, file, difference });
        }
        Ok(read)
    }

    /// Reads a recorded return from the vault in a way of one's own.
    pub(crate) fn read_as(&self, submission: &Submission, how: &How, registers: &Registers) -> Result<Read, HubError> {
        let file = self.kept(submission)?;
        self.read(&file, how, &[], registers.of_operator(&submission.operator))
    }

    /// Does something with the bytes of a recorded return and what is declared of it.
    pub(crate) fn with_declared<T>(
        &self,
        submission: &Submission,
        work: impl FnOnce(&NewReturn, &Declared<'_>) -> Result<T, Refusal>,
    ) -> Result<T, HubError> {
        let file = self.kept(submission)?;
        let how = How::of(submission);
        with_declared(&file, &how, &[], &self.settings.hub_key, |declared| work(&file, declared))
    }

    /// A recorded return as it was handed in.
    pub(crate) fn kept(&self, submission: &Submission) -> Result<NewReturn, HubError> {
        let defect = |error: kerbwatt_model::IdError| HubError::Defect(error.to_string());
        let operator = OperatorId::parse(&submission.operator).map_err(defect)?;
        let bytes = Arc::new(Kept::of(&self.vault, submission.digest)?);
        let file = NewReturn::of(&submission.file_name, bytes, operator);
        Ok(NewReturn { part: submission.part.clone(), received: Some(submission.received_at), ..file })
    }

    /// The profiles of an operator's own, the newest first.
    pub(crate) fn own_layouts(&self, operator: &OperatorId) -> Result<Vec<Profile>, HubError> {
        let is_own = |known: &KnownLayout| known.own.as_ref().is_some_and(|(owner, ..)| owner == operator.as_str());
        Ok(self.layouts()?.into_iter().filter(is_own).map(|known| known.profile).collect())
    }

    /// What the record holds of a reading besides counts and findings.
    pub(crate) fn details(&self, submission: i64) -> Result<Details, HubError> {
        let (_, details) = self.ledger.findings_and_details(submission)?.unwrap_or_default();
        serde_json::from_str(&details).map_err(defect)
    }
}
