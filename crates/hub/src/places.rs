//! Areas of the hub: the built-in boroughs and what was imported.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use kerbwatt_model::{Area, AreaKind};
use kerbwatt_places::{Places, read_geojson};
use kerbwatt_store::{Ledger, PlacesRecord, Vault};

use crate::london::built_in;
use crate::{Hub, HubError};

/// What importing boundaries did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacesImported {
    /// Kind of area.
    pub level: AreaKind,
    /// Areas read.
    pub areas: usize,
}

/// An area and what stands in it.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaView {
    /// Kind.
    pub level: AreaKind,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Areas that it lies in, widest first.
    pub parents: Vec<Area>,
    /// West, south, east, north, in degrees.
    pub bbox: [f64; 4],
    /// EVSEs in service on the last day with data.
    pub evses: usize,
    /// Locations of these.
    pub locations: usize,
}

/// Reads the areas that a hub uses: those imported, and the built-in boroughs where none are.
pub(crate) fn load(ledger: &Ledger, vault: &Vault) -> Result<Places, HubError> {
    of(&ledger.places()?, vault)
}

/// Reads the areas of files of boundaries, and the built-in boroughs where none are among them.
pub(crate) fn of(records: &[PlacesRecord], vault: &Vault) -> Result<Places, HubError> {
    let mut outlines = Vec::new();
    for record in records {
        let kind = AreaKind::of_id(&record.level)
            .ok_or_else(|| HubError::Defect(format!("the ledger names the unknown level “{}”", record.level)))?;
        let bytes = vault.get(&record.digest)?;
        let read = read_geojson(&bytes, kind, &record.code_field, &record.name_field);
        outlines.extend(read.map_err(|error| HubError::Places { file: record.file_name.clone(), error })?);
    }
    if !records.iter().any(|record| record.level == AreaKind::Borough.id()) {
        outlines.extend(built_in()?);
    }
    Ok(Places::new(outlines))
}

/// The areas that were read last, with the record of what they were read from.
pub(crate) type KnownAreas = Mutex<Option<(Vec<PlacesRecord>, Arc<Places>)>>;

impl Hub {
    /// The areas as the ledger names them now, also where figures do not show them yet; read again only when they changed.
    pub(crate) fn areas(&self) -> Result<Arc<Places>, HubError> {
        let records = self.ledger.places()?;
        let mut known = self.known_areas.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, areas)) = known.as_ref().filter(|(read_from, _)| *read_from == records) {
            return Ok(Arc::clone(areas));
        }
        let areas = Arc::new(load(&self.ledger, &self.vault)?);
        *known = Some((records, Arc::clone(&areas)));
        Ok(areas)
    }

    /// Imports the areas of one kind; they replace those of that kind. Figures show them after [`Hub::publish`].
    ///
    /// # Errors
    /// [`HubError::Places`] when the file is refused; store errors.
    pub async fn import_places(
        &self,
        file_name: &str,
        bytes: &[u8],
        level: AreaKind,
        code_field: &str,
        name_field: &str,
        at: Timestamp,
    ) -> Result<PlacesImported, HubError> {
        self.must_write()?;
        if level == AreaKind::Cell {
            return Err(HubError::ComputedLevel(level.id().to_owned()));
        }
        let outlines = read_geojson(bytes, level, code_field, name_field)
            .map_err(|error| HubError::Places { file: file_name.to_owned(), error })?;
        let digest = self.vault.put(bytes)?;
        self.ledger.put_places(level.id(), file_name, &digest, code_field, name_field, at)?;
        Ok(PlacesImported { level, areas: outlines.len() })
    }

    /// Outlines of a kind of area as a GeoJSON FeatureCollection with `code`, `name`, `parent`; `within` keeps those of a borough.
    /// As of a data version, or of the newest.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] for an unknown borough; store errors.
    pub async fn areas_geojson(
        &self,
        level: AreaKind,
        within: Option<&str>,
        as_of: Option<i64>,
    ) -> Result<String, HubError> {
        let current = self.at(as_of).await?;
        if let Some(code) = within.filter(|code| current.places.area(AreaKind::Borough, code).is_none()) {
            return Err(HubError::NoSuch { what: "borough", id: code.to_owned() });
        }
        Ok(current.places.geojson(level, within))
    }

    /// One area, as of a data version or of the newest.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is none of that code; store errors.
    pub async fn area(&self, level: AreaKind, code: &str, as_of: Option<i64>) -> Result<AreaView, HubError> {
        let current = self.at(as_of).await?;
        let missing = || HubError::NoSuch { what: level.id(), id: code.to_owned() };
        let outline = current.places.outline(level, code).ok_or_else(missing)?;
        let parent = outline.area.parent.as_deref().and_then(|code| current.places.area(AreaKind::Borough, code));
        let (evses, locations) = current.stock_in(level, code);
        Ok(AreaView {
            level,
            code: outline.area.code,
            name: outline.area.name,
            parents: parent.into_iter().collect(),
            bbox: outline.bbox,
            evses,
            locations,
        })
    }
}
