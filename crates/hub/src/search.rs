//! The way in by name.

use kerbwatt_model::{AreaKind, Dimension};

use crate::hub::Current;
use crate::sites::Sites;
use crate::{Hub, HubError};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundKind {
    /// A borough.
    Borough,
    /// A ward.
    Ward,
    /// A neighbourhood cell.
    Cell,
    /// A site.
    Site,
    /// An EVSE.
    Evse,
    /// An operator.
    Operator,
}

impl FoundKind {
    /// Id in answers.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Borough => "borough",
            Self::Ward => "ward",
            Self::Cell => "cell",
            Self::Site => "site",
            Self::Evse => "evse",
            Self::Operator => "operator",
        }
    }
}

/// A thing whose name, id, address or postcode fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Code or id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Where it is or whose.
    pub detail: Option<String>,
}

/// How well a text fits; smaller is better.
fn fit(wanted: &str, texts: &[&str]) -> Option<u8> {
    let of = |text: &str| {
        let text = text.to_lowercase();
        if text == wanted {
            Some(0)
        } else if text.starts_with(wanted) {
            Some(1)
        } else if text.split([' ', ',', '-', ':', '*', '/']).any(|word| word.starts_with(wanted)) {
            Some(2)
        } else {
            text.contains(wanted).then_some(3)
        }
    };
    texts.iter().filter_map(|text| of(text)).min()
}

impl Hub {
    /// What fits a text, best first: names before addresses, areas before sites before EVSEs. As of a data version, or of the
    /// newest.
    ///
    /// # Errors
    /// Store errors.
    pub async fn search(&self, text: &str, limit: usize, as_of: Option<i64>) -> Result<Vec<Found>, HubError> {
        let wanted = text.trim().to_lowercase();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let current = self.at(as_of).await?;
        let mut found = areas(&current, &wanted);
        found.extend(places_to_charge(self.sites_of(&current)?, &wanted));
        found.sort_by(|(a, x), (b, y)| (a, x.kind, &x.name, &x.id).cmp(&(b, y.kind, &y.name, &y.id)));
        Ok(found.into_iter().take(limit).map(|(_, found)| found).collect())
    }
}

fn areas(current: &Current, wanted: &str) -> Vec<(u8, Found)> {
    let mut found = Vec::new();
    let name_of = |code: &str| current.places.area(AreaKind::Borough, code).map(|area| area.name);
    for (kind, shown) in [(AreaKind::Borough, FoundKind::Borough), (AreaKind::Ward, FoundKind::Ward)] {
        for area in current.places.areas(kind) {
            if let Some(rank) = fit(wanted, &[&area.name, &area.code]) {
                let detail = area.parent.as_deref().and_then(name_of);
                found.push((rank, Found { kind: shown, id: area.code, name: area.name, detail }));
            }
        }
    }
    for (id, name) in current.snapshot.labels.all(Dimension::Operator) {
        if let Some(rank) = fit(wanted, &[name, id]) {
            found.push((
                rank,
                Found { kind: FoundKind::Operator, id: id.to_owned(), name: name.to_owned(), detail: None },
            ));
        }
    }
    found
}

fn places_to_charge(sites: &Sites, wanted: &str) -> Vec<(u8, Found)> {
    let mut found = Vec::new();
    for site in sites.sites.values() {
        let address = site.address.as_deref().unwrap_or_default();
        let postcode = site.postcode.as_deref().unwrap_or_default();
        let rank =
            fit(wanted, &[&site.name, postcode]).or_else(|| fit(wanted, &[address, &site.location]).map(|r| r + 4));
        if let Some(rank) = rank {
            let place = site.borough.as_ref().map(|(_, name)| name.clone());
            let detail = [Some(site.operator_name.clone()), place].into_iter().flatten().collect::<Vec<_>>().join(", ");
            let (id, name) = (site.location.clone(), site.name.clone());
            found.push((rank, Found { kind: FoundKind::Site, id, name, detail: Some(detail) }));
        }
    }
    for (id, (evse, location)) in &sites.evses {
        if let Some(rank) = fit(wanted, &[crate::members::uid(id), &evse.device, id]) {
            let detail = sites.sites.get(location).map(|site| site.name.clone());
            let name = crate::members::uid(id).to_owned();
            found.push((rank, Found { kind: FoundKind::Evse, id: id.clone(), name, detail }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_fits_better_than_its_beginning_and_that_better_than_a_word_in_it() {
        assert_eq!(fit("camden", &["Camden"]), Some(0));
        assert_eq!(fit("cam", &["Camden"]), Some(1));
        assert_eq!(fit("town", &["Camden Town"]), Some(2));
        assert_eq!(fit("mde", &["Camden"]), Some(3));
        assert_eq!(fit("leeds", &["Camden"]), None);
    }
}
