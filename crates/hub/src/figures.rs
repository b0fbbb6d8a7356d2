//! Figures: handed on to the one door.

use kerbwatt_engine::{Answer, BucketReported, Comparisons, SessionRow};
use kerbwatt_model::{Period, Query, Viewer};

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
