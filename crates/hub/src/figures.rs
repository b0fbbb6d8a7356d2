//! Figures: handed on to the one door.

use kerbwatt_engine::{Answer, SessionRow};
use kerbwatt_model::{Query, Viewer};

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

    /// Calls `take` with each canonical session row that passes the filters and starts in the period.
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
        Ok(self.engine.each_session(&current.snapshot, query, viewer, take)?)
    }
}
