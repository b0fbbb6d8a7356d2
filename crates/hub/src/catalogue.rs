//! What there is to ask about.

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_model::{AreaKind, Dimension, Period, PowerBand};

use crate::{Hub, HubError};

/// What there is to ask about; the metrics are in [`kerbwatt_model::CATALOGUE`].
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueView {
    /// Id and name of each operator, by name.
    pub operators: Vec<(String, String)>,
    /// Power bands that occur, weakest first.
    pub bands: Vec<PowerBand>,
    /// Kinds of area and how many areas of each, widest first.
    pub levels: Vec<(AreaKind, usize)>,
    /// First day with data.
    pub first_day: Option<Date>,
    /// Last day with data.
    pub last_day: Option<Date>,
    /// Data version.
    pub data_version: i64,
    /// When it was made; none before any data.
    pub made_at: Option<Timestamp>,
    /// Newest data version.
    pub newest_version: i64,
    /// Whether all data is invented.
    pub sample: bool,
    /// Name of the hub.
    pub hub_name: String,
    /// IANA zone of the hub.
    pub zone: String,
    /// Period to begin with: the last twelve whole months, or what there is of them.
    pub default_period: Option<Period>,
}

impl Hub {
    /// What there is to ask about in the newest data version.
    ///
    /// # Errors
    /// Store errors.
    pub async fn catalogue(&self) -> Result<CatalogueView, HubError> {
        self.catalogue_at(None).await
    }

    /// What there is to ask about as of a data version, or of the newest.
    ///
    /// # Errors
    /// Store errors.
    pub async fn catalogue_at(&self, as_of: Option<i64>) -> Result<CatalogueView, HubError> {
        let current = self.at(as_of).await?;
        let newest_version = self.data_version().await?.max(current.snapshot.data_version);
        let (snapshot, settings) = (&current.snapshot, self.settings());
        let operators: Vec<(String, String)> = snapshot
            .labels
            .all(Dimension::Operator)
            .into_iter()
            .map(|(id, name)| (id.to_owned(), name.to_owned()))
            .collect();
        let occurs = |band: &PowerBand| snapshot.members.all().iter().any(|member| member.band == *band);
        let kinds = current.places.kinds();
        Ok(CatalogueView {
            operators,
            bands: PowerBand::ALL.into_iter().filter(occurs).collect(),
            levels: kinds.into_iter().map(|kind| (kind, current.places.areas(kind).len())).collect(),
            first_day: snapshot.days.map(|(first, _)| first),
            last_day: snapshot.days.map(|(_, last)| last),
            data_version: snapshot.data_version,
            made_at: Some(snapshot.made_at).filter(|_| snapshot.data_version > 0),
            newest_version,
            sample: settings.sample,
            hub_name: settings.hub_name,
            zone: settings.zone,
            default_period: snapshot.days.and_then(default_period),
        })
    }
}

/// The last twelve whole months with data; all days where there is no whole month.
fn default_period((first, last): (Date, Date)) -> Option<Period> {
    let end = if last == last.last_of_month() { last } else { last.first_of_month().yesterday().ok()? };
    let start = end.first_of_month().checked_sub(jiff::Span::new().months(11)).ok()?;
    Period::new(start.max(first), end).or_else(|_| Period::new(first, last)).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_first_view_is_of_the_last_twelve_whole_months_with_data() {
        let text = |first, last| default_period((first, last)).map(|period| period.to_string());
        assert_eq!(text(date(2020, 1, 1), date(2024, 12, 31)).as_deref(), Some("2024-01-01..2024-12-31"));
        assert_eq!(text(date(2018, 6, 6), date(2018, 9, 6)).as_deref(), Some("2018-06-06..2018-08-31"));
        assert_eq!(text(date(2018, 6, 6), date(2018, 6, 16)).as_deref(), Some("2018-06-06..2018-06-16"));
    }
}
