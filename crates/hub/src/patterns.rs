//! Patterns, trends and findings: handed on to the engine.

use kerbwatt_engine::{Archetypes, Calendar, Concentration, Findings, Measure, Trend, TypicalDay, Unused};
use kerbwatt_model::{Dimension, Query, Viewer};

use crate::{Hub, HubError};

impl Hub {
    /// The typical day of what passes the question's filters in its period.
    ///
    /// # Errors
    /// As [`Hub::answer`]; so it is for all patterns.
    pub async fn typical_day(&self, query: &Query, measure: &Measure, viewer: Viewer) -> Result<TypicalDay, HubError> {
        let current = self.at(query.as_of).await?;
        Ok(self.engine.typical_day(&current.snapshot, query, measure, viewer).await?)
    }

    /// A metric day by day.
    ///
    /// # Errors
    /// As [`Hub::answer`].
    pub async fn calendar(&self, query: &Query, measure: &Measure, viewer: Viewer) -> Result<Calendar, HubError> {
        let current = self.at(query.as_of).await?;
        Ok(self.engine.calendar(&current.snapshot, query, measure, viewer).await?)
    }

    /// A metric over time: decomposition, changes of level, growth like for like, seasons.
    ///
    /// # Errors
    /// As [`Hub::answer`].
    pub async fn trend(&self, query: &Query, measure: &Measure, viewer: Viewer) -> Result<Trend, HubError> {
        let current = self.at(query.as_of).await?;
        Ok(self.engine.trend(&current.snapshot, query, measure, viewer).await?)
    }

    /// The kinds of use of charge points or sites; at most `limit` are listed.
    ///
    /// # Errors
    /// As [`Hub::answer`].
    pub async fn archetypes(
        &self,
        query: &Query,
        by: Dimension,
        limit: usize,
        viewer: Viewer,
    ) -> Result<Archetypes, HubError> {
        let current = self.at(query.as_of).await?;
        Ok(self.engine.archetypes(&current.snapshot, query, by, limit, viewer).await?)
    }

    /// How energy is spread over charge points or sites.
    ///
    /// # Errors
    /// As [`Hub::answer`].
    pub async fn concentration(&self, query: &Query, by: Dimension, viewer: Viewer) -> Result<Concentration, HubError> {
        let current = self.at(query.as_of).await?;
        Ok(self.engine.concentration(&current.snapshot, query, by, viewer).await?)
    }

    /// Charge points without use for at least `min_days` reported days; at most `limit` are listed.
    ///
    /// # Errors
    /// As [`Hub::answer`].
    pub async fn unused(&self, query: &Query, min_days: u32, limit: usize, viewer: Viewer) -> Result<Unused, HubError> {
        let current = self.at(query.as_of).await?;
        Ok(self.engine.unused(&current.snapshot, query, min_days, limit, viewer).await?)
    }

    /// What the figures say, in two to four sentences.
    ///
    /// # Errors
    /// As [`Hub::answer`].
    pub async fn findings(&self, query: &Query, viewer: Viewer) -> Result<Findings, HubError> {
        let current = self.at(query.as_of).await?;
        Ok(self.engine.findings(&current.snapshot, query, viewer).await?)
    }
}
