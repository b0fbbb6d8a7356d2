//! Figures: handed on to the one door.

use std::collections::HashMap;

use kerbwatt_engine::{Answer, BucketReported, Comparisons, SessionRow};
use kerbwatt_intake::{KnownEvse, Register as _, Thresholds, flags_of_register};
use kerbwatt_model::{Flag, Period, Query, Session, Stay, Viewer, Zone, day_number};
use kerbwatt_store::Submission;

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
    by_operator: HashMap<String, OperatorPoints>,
    /// By submission.
    thresholds: HashMap<i64, Thresholds>,
    zones: HashMap<String, Zone>,
}

/// The charge points of one operator.
struct OperatorPoints {
    register_is_empty: bool,
    /// What the register knows, by the operator's own id of the EVSE.
    known: HashMap<String, Option<KnownEvse>>,
}

impl ByRegister {
    fn of(hub: &Hub) -> Result<Self, HubError> {
        let registers = hub.registers()?;
        let mut by_operator: HashMap<String, OperatorPoints> = HashMap::new();
        for evse in hub.ledger.evses()? {
            let register = registers.of_operator(&evse.operator);
            let known = register.evse(&evse.uid, &evse.device);
            let none = || OperatorPoints { register_is_empty: register.is_empty(), known: HashMap::new() };
            by_operator.entry(evse.operator).or_insert_with(none).known.insert(evse.uid, known);
        }
        let limits = |one: Submission| (one.id, Thresholds::of_record(&one.limits));
        let thresholds = hub.ledger.submissions()?.into_iter().map(limits).collect();
        Ok(Self { by_operator, thresholds, zones: HashMap::new() })
    }

    /// Bits of the flags that a row has by the register; none of a charge point that the ledger does not number.
    fn flags(&mut self, row: &SessionRow) -> i32 {
        let Some(points) = self.by_operator.get(&row.operator) else { return 0 };
        let known = points.known.get(&row.evse).and_then(Option::as_ref);
        let named = || Zone::named(&row.zone).unwrap_or_else(|_| Zone::london());
        let day = self.zones.entry(row.zone.clone()).or_insert_with(named).day(row.stay.plug_in);
        let thresholds = self.thresholds.entry(row.submission).or_default();
        let Stay { plug_in, plug_out, charging_end, energy_kwh } = row.stay;
        let session = Session { plug_in, plug_out, charging_end, energy_kwh, ..Session::empty() };
        flags_of_register(&session, known, points.register_is_empty, thresholds, day_number(day))
    }
}
