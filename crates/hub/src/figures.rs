//! Figures: handed on to the one door.

use std::collections::HashMap;

use kerbwatt_engine::{Answer, BucketReported, Comparisons, SessionRow};
use kerbwatt_intake::{KnownEvse, Register as _, Thresholds, flags_of_register};
use kerbwatt_model::{Flag, Period, Query, Session, Stay, Viewer, Zone, day_number};
use kerbwatt_store::Submission;

use crate::register::Registers;
use crate::{Hub, HubError};

impl Hub {
    /// Answers a question as of the data version that it names, or of the newest.
    ///
    /// # Errors
    /// [`HubError::Engine`] when a filter's value is unknown or the lake cannot be read; store errors.
    pub async fn answer(&self, query: &Query, viewer: Viewer) -> Result<Answer, HubError> {
        let current = self.at(query.as_of).await?;
        let mut answer = self.engine.answer(&current.snapshot, query, viewer).await?;
        if let (Some(ledger), Some(period)) = (&mut answer.ledger, answer.provenance.period) {
            ledger.left_out.splice(0..0, self.left_out(query, &period, &current.snapshot)?);
        }
        Ok(answer)
    }

    /// Calls `take` with each canonical session row that passes the filters and starts in the period. Flags that hang on the register
    /// are those of the register as it is now.
    ///
    /// # Errors
    /// As [`Hub::answer`].
    pub async fn each_session(
        &self,
        query: &Query,
        viewer: Viewer,
        take: &mut (dyn FnMut(SessionRow) + Send),
    ) -> Result<(), HubError> {
        let current = self.at(query.as_of).await?;
        let mut by_register = ByRegister::of(self)?;
        let mut flagged = |row: SessionRow| {
            let flags = (row.flags & !Flag::OF_REGISTER) | by_register.flags(&row);
            take(SessionRow { flags, ..row });
        };
        Ok(self.engine.each_session(&current.snapshot, query, viewer, &mut flagged)?)
    }

    /// Whether the figures of each place of a question may be compared between two periods, now and before.
    ///
    /// # Errors
    /// As [`Hub::answer`].
    pub async fn comparisons(
        &self,
        query: &Query,
        periods: (&Period, &Period),
        viewer: Viewer,
    ) -> Result<Comparisons, HubError> {
        let current = self.at(query.as_of).await?;
        Ok(self.engine.comparisons(&current.snapshot, query, periods, viewer).await?)
    }

    /// How much of each part of the calendar was reported; none where the question is not split by one alone.
    ///
    /// # Errors
    /// As [`Hub::answer`].
    pub async fn reported_by_bucket(
        &self,
        query: &Query,
        viewer: Viewer,
    ) -> Result<Option<Vec<BucketReported>>, HubError> {
        let current = self.at(query.as_of).await?;
        Ok(self.engine.reported_by_bucket(&current.snapshot, query, viewer).await?)
    }
}

/// What the register says of sessions now.
struct ByRegister {
    registers: Registers,
    /// By operator and its own id of the EVSE.
    devices: HashMap<(String, String), String>,
    known: HashMap<(String, String), Option<KnownEvse>>,
    /// By submission.
    thresholds: HashMap<i64, Thresholds>,
    zones: HashMap<String, Zone>,
}

impl ByRegister {
    fn of(hub: &Hub) -> Result<Self, HubError> {
        let limits = |one: Submission| (one.id, Thresholds::of_record(&one.limits));
        Ok(Self {
            registers: hub.registers()?,
            devices: hub.ledger.evses()?.into_iter().map(|evse| ((evse.operator, evse.uid), evse.device)).collect(),
            known: HashMap::new(),
            thresholds: hub.ledger.submissions()?.into_iter().map(limits).collect(),
            zones: HashMap::new(),
        })
    }

    /// Bits of the flags that a row has by the register.
    fn flags(&mut self, row: &SessionRow) -> i32 {
        let register = self.registers.of_operator(&row.operator);
        let key = (row.operator.clone(), row.evse.clone());
        let device = self.devices.get(&key).map_or(row.evse.as_str(), String::as_str);
        let known = self.known.entry(key).or_insert_with(|| register.evse(&row.evse, device));
        let named = || Zone::named(&row.zone).unwrap_or_else(|_| Zone::london());
        let day = self.zones.entry(row.zone.clone()).or_insert_with(named).day(row.stay.plug_in);
        let thresholds = self.thresholds.entry(row.submission).or_default();
        let Stay { plug_in, plug_out, charging_end, energy_kwh } = row.stay;
        let session = Session { plug_in, plug_out, charging_end, energy_kwh, ..Session::empty() };
        flags_of_register(&session, known.as_ref(), register.is_empty(), thresholds, day_number(day))
    }
}
