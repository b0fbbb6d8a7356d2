//! The dimension table: every version of every EVSE, with all that figures can be split by.

use std::ops::RangeInclusive;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray,
};
use hashbrown::{HashMap, HashSet};
use kerbwatt_model::{CurrentType, Dimension, PowerBand, Siting, Zone};

use crate::EngineError;
use crate::schema::{EVSES, LABELS, evses_schema, labels_schema};

/// One version of one EVSE. A change of power, operator or place makes a new version; the old keeps its past.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Unique; the ledger's register version, or minus the EVSE's number for one that is not registered.
    pub version: i32,
    /// The ledger's number of the EVSE.
    pub evse: i32,
    /// Operator id.
    pub operator: Arc<str>,
    /// `operator:uid`.
    pub evse_id: Arc<str>,
    /// `operator:device`.
    pub device: Arc<str>,
    /// `operator:location`.
    pub location: Arc<str>,
    /// Name of the location.
    pub location_name: Arc<str>,
    /// Power band.
    pub band: PowerBand,
    /// Kind of current.
    pub current: Option<CurrentType>,
    /// Siting.
    pub siting: Siting,
    /// Codes of the areas it stands in: borough, ward, MSOA, LSOA, cell.
    pub areas: [Option<Arc<str>>; 5],
    /// Rated power, kW.
    pub rated_kw: Option<f64>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Whether the register holds it.
    pub registered: bool,
    /// First day on which this version holds, as days since 1970.
    pub valid_first: i32,
    /// Last day on which this version holds.
    pub valid_last: i32,
    /// First day in service.
    pub live_first: i32,
    /// Last day in service.
    pub live_last: i32,
    /// IANA zone of its clock.
    pub zone: Arc<str>,
    /// Borough or body that owns it, as registered.
    pub owner_borough: Option<Arc<str>>,
    /// Scheme that paid for it, as registered.
    pub funding_scheme: Option<Arc<str>>,
}

impl Member {
    /// Whether it is in service, in this version, on a day.
    #[must_use]
    pub fn is_live(&self, day: i32) -> bool {
        self.is_valid(day) && self.live_first <= day && day <= self.live_last
    }

    /// Its days in service, in this version, from one day to another.
    #[must_use]
    pub fn live_days(&self, from: i32, to: i32) -> RangeInclusive<i32> {
        from.max(self.live_first).max(self.valid_first)..=to.min(self.live_last).min(self.valid_last)
    }

    /// Whether this version holds on a day.
    #[must_use]
    pub fn is_valid(&self, day: i32) -> bool {
        self.valid_first <= day && day <= self.valid_last
    }

    /// Its value of a dimension that is not time.
    #[must_use]
    pub fn value(&self, dimension: Dimension) -> Option<&str> {
        match dimension {
            Dimension::Area(kind) => self.areas[kind as usize].as_deref(),
            Dimension::Operator => Some(&self.operator),
            Dimension::Location => Some(&self.location),
            Dimension::Device => Some(&self.device),
            Dimension::Evse => Some(&self.evse_id),
            Dimension::PowerBand => Some(self.band.id()),
            Dimension::Current => self.current.map(CurrentType::id),
            Dimension::Siting => Some(self.siting.id()),
            Dimension::OwnerBorough => self.owner_borough.as_deref(),
            Dimension::FundingScheme => self.funding_scheme.as_deref(),
            _ => None,
        }
    }

    /// As [`Member::value`], without a copy where there is the text already.
    pub(crate) fn shared(&self, dimension: Dimension) -> Option<Arc<str>> {
        match dimension {
            Dimension::Area(kind) => self.areas[kind as usize].clone(),
            Dimension::Operator => Some(Arc::clone(&self.operator)),
            Dimension::Location => Some(Arc::clone(&self.location)),
            Dimension::Device => Some(Arc::clone(&self.device)),
            Dimension::Evse => Some(Arc::clone(&self.evse_id)),
            Dimension::OwnerBorough => self.owner_borough.clone(),
            Dimension::FundingScheme => self.funding_scheme.clone(),
            other => self.value(other).map(Arc::from),
        }
    }
}

/// All members of a snapshot, by version.
#[derive(Debug, Default)]
pub struct Members {
    all: Vec<Member>,
    /// Version of each, side by side: questions of all of them look at little else.
    versions: Vec<i32>,
    /// Indexes of those that are not registered, or stand in no borough.
    outside: Vec<usize>,
    /// Indexes of members, by EVSE.
    order: Vec<usize>,
    /// Where those of each EVSE begin, by its number; and where the last ones end.
    begins: Vec<usize>,
    /// Zones that members are in.
    zones: Vec<(Arc<str>, Zone)>,
    /// Index of the first member of each cell: those with the same borough, operator, zone, band, siting and current.
    cells: Vec<usize>,
    /// Number of the cell of each member.
    cell_of: Vec<u32>,
}

impl Members {
    /// Indexes members.
    #[must_use]
    pub fn new(all: Vec<Member>) -> Self {
        let number = |at: &usize| usize::try_from(all[*at].evse).unwrap_or(0);
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(number);
        let evses = order.last().map_or(0, |at| number(at) + 1);
        let begins = (0..=evses).map(|evse| order.partition_point(|at| number(at) < evse)).collect();
        let mut zones: Vec<(Arc<str>, Zone)> = Vec::new();
        for member in &all {
            if zones.iter().all(|(name, _)| *name != member.zone) {
                let zone = Zone::named(&member.zone).unwrap_or_else(|_| Zone::london());
                zones.push((Arc::clone(&member.zone), zone));
            }
        }
        let (cells, cell_of) = cells_of(&all);
        let versions = all.iter().map(|member| member.version).collect();
        let is_outside = |at: &usize| !all[*at].registered || all[*at].areas[0].is_none();
        let outside = (0..all.len()).filter(is_outside).collect();
        Self { all, versions, outside, order, begins, zones, cells, cell_of }
    }

    /// The version of each.
    pub(crate) fn versions(&self) -> &[i32] {
        &self.versions
    }

    /// Indexes of those that are not registered, or stand in no borough.
    pub(crate) fn outside(&self) -> &[usize] {
        &self.outside
    }

    /// Index of the first member of each cell.
    pub(crate) fn cells(&self) -> &[usize] {
        &self.cells
    }

    /// Number of the cell of each member, by its index.
    pub(crate) fn cell_of(&self) -> &[u32] {
        &self.cell_of
    }

    /// Zones that members are in, each once.
    pub(crate) fn zones(&self) -> &[(Arc<str>, Zone)] {
        &self.zones
    }

    /// Numbers of EVSEs lie below this.
    pub(crate) fn evses(&self) -> usize {
        self.begins.len().saturating_sub(1)
    }

    /// Every member.
    #[must_use]
    #[inline]
    pub fn all(&self) -> &[Member] {
        &self.all
    }

    /// Index of the version of an EVSE that holds on a day; the nearest one where none does.
    #[must_use]
    pub fn version_on(&self, evse: i32, day: i32) -> Option<usize> {
        self.one_on(self.indexes_of(evse), day)
    }

    /// As [`Members::version_on`], of the versions of an EVSE.
    #[inline]
    pub(crate) fn one_on(&self, versions: &[usize], day: i32) -> Option<usize> {
        if let [only] = versions {
            return Some(*only);
        }
        let distance = |at: &usize| {
            let member = &self.all[*at];
            (i64::from(member.valid_first) - i64::from(day)).max(i64::from(day) - i64::from(member.valid_last)).max(0)
        };
        versions.iter().copied().min_by_key(distance)
    }

    /// Versions of one EVSE.
    pub fn versions_of(&self, evse: i32) -> impl Iterator<Item = &Member> {
        self.indexes_of(evse).iter().map(|at| &self.all[*at])
    }

    /// Indexes of the versions of one EVSE.
    #[inline]
    pub(crate) fn indexes_of(&self, evse: i32) -> &[usize] {
        let ends = usize::try_from(evse).ok().and_then(|evse| self.begins.get(evse).zip(self.begins.get(evse + 1)));
        ends.and_then(|(first, last)| self.order.get(*first..*last)).unwrap_or_default()
    }

    pub(crate) fn read(batches: &[RecordBatch]) -> Result<Self, EngineError> {
        let mut all = Vec::new();
        let mut seen = Interned::default();
        for batch in batches {
            read_batch(batch, &mut seen, &mut all)?;
        }
        Ok(Self::new(all))
    }
}

fn cells_of(all: &[Member]) -> (Vec<usize>, Vec<u32>) {
    let mut numbers = HashMap::new();
    let mut cells = Vec::new();
    let cell_of = all.iter().enumerate().map(|(at, member)| {
        let (borough, operator, zone) = (&member.areas[0], &member.operator, &member.zone);
        let cell = (borough, operator, zone, member.band, member.siting, member.current);
        *numbers.entry(cell).or_insert_with(|| {
            cells.push(at);
            u32::try_from(cells.len() - 1).unwrap_or(u32::MAX)
        })
    });
    let cell_of = cell_of.collect();
    (cells, cell_of)
}

/// Strings shared between members: operators, areas and zones repeat thousands of times.
#[derive(Default)]
struct Interned(HashSet<Arc<str>>);

impl Interned {
    fn get(&mut self, text: &str) -> Arc<str> {
        Arc::clone(self.0.get_or_insert_with(text, |text| Arc::from(text)))
    }
}

pub(crate) fn column<'b, T: Array + 'static>(
    batch: &'b RecordBatch,
    table: &'static str,
    name: &str,
) -> Result<&'b T, EngineError> {
    batch
        .column_by_name(name)
        .and_then(|column| column.as_any().downcast_ref())
        .ok_or_else(|| EngineError::Column { table, column: name.to_owned() })
}

fn read_batch(batch: &RecordBatch, seen: &mut Interned, all: &mut Vec<Member>) -> Result<(), EngineError> {
    let text = |name: &str| column::<StringArray>(batch, EVSES, name);
    let number = |name: &str| column::<Float64Array>(batch, EVSES, name);
    let day = |name: &str| column::<Date32Array>(batch, EVSES, name);
    let (version, evse) = (column::<Int32Array>(batch, EVSES, "version")?, column::<Int32Array>(batch, EVSES, "evse")?);
    let ids = ["operator", "evse_id", "device", "location", "location_name", "zone"].map(text);
    let [operator, evse_id, device, location, location_name, zone] = ids;
    let (operator, evse_id, device, location, location_name, zone) =
        (operator?, evse_id?, device?, location?, location_name?, zone?);
    let (band, current, siting) = (text("band")?, text("current")?, text("siting")?);
    let (owner, funding) = (text("owner_borough")?, text("funding_scheme")?);
    let areas = ["borough", "ward", "msoa", "lsoa", "cell"].map(text).into_iter().collect::<Result<Vec<_>, _>>()?;
    let (rated_kw, latitude, longitude) = (number("rated_kw")?, number("latitude")?, number("longitude")?);
    let registered = column::<BooleanArray>(batch, EVSES, "registered")?;
    let (valid_first, valid_last) = (day("valid_first")?, day("valid_last")?);
    let (live_first, live_last) = (day("live_first")?, day("live_last")?);
    let maybe = |numbers: &Float64Array, row| numbers.is_valid(row).then(|| numbers.value(row));
    for row in 0..batch.num_rows() {
        all.push(Member {
            version: version.value(row),
            evse: evse.value(row),
            operator: seen.get(operator.value(row)),
            evse_id: evse_id.value(row).into(),
            device: seen.get(device.value(row)),
            location: seen.get(location.value(row)),
            location_name: seen.get(location_name.value(row)),
            band: band_of(band.value(row)),
            current: current.is_valid(row).then(|| current_of(current.value(row))).flatten(),
            siting: Siting::of_id(siting.value(row)).unwrap_or(Siting::Unknown),
            areas: std::array::from_fn(|kind| areas[kind].is_valid(row).then(|| seen.get(areas[kind].value(row)))),
            rated_kw: maybe(rated_kw, row),
            latitude: maybe(latitude, row),
            longitude: maybe(longitude, row),
            registered: registered.value(row),
            valid_first: valid_first.value(row),
            valid_last: valid_last.value(row),
            live_first: live_first.value(row),
            live_last: live_last.value(row),
            zone: seen.get(zone.value(row)),
            owner_borough: owner.is_valid(row).then(|| seen.get(owner.value(row))),
            funding_scheme: funding.is_valid(row).then(|| seen.get(funding.value(row))),
        });
    }
    Ok(())
}

fn band_of(id: &str) -> PowerBand {
    PowerBand::ALL.into_iter().find(|band| band.id() == id).unwrap_or(PowerBand::Unknown)
}

fn current_of(id: &str) -> Option<CurrentType> {
    [CurrentType::Ac1, CurrentType::Ac3, CurrentType::Dc].into_iter().find(|current| current.id() == id)
}

/// The `evses` table of the lake.
///
/// # Errors
/// [`EngineError::Lake`] when the columns do not fit together, which would be a defect.
pub fn members_batch(members: &[Member]) -> Result<RecordBatch, EngineError> {
    let text = |get: fn(&Member) -> &str| Arc::new(StringArray::from_iter_values(members.iter().map(get))) as ArrayRef;
    let number =
        |get: fn(&Member) -> Option<f64>| Arc::new(Float64Array::from_iter(members.iter().map(get))) as ArrayRef;
    let day = |get: fn(&Member) -> i32| Arc::new(Date32Array::from_iter_values(members.iter().map(get))) as ArrayRef;
    let int = |get: fn(&Member) -> i32| Arc::new(Int32Array::from_iter_values(members.iter().map(get))) as ArrayRef;
    let mut columns = vec![
        int(|m| m.version),
        int(|m| m.evse),
        text(|m| &m.operator),
        text(|m| &m.evse_id),
        text(|m| &m.device),
        text(|m| &m.location),
        text(|m| &m.location_name),
        text(|m| m.band.id()),
        Arc::new(StringArray::from_iter(members.iter().map(|m| m.current.map(CurrentType::id)))) as ArrayRef,
        text(|m| m.siting.id()),
    ];
    for kind in 0..5 {
        columns.push(Arc::new(StringArray::from_iter(members.iter().map(|m| m.areas[kind].as_deref()))));
    }
    columns.extend([number(|m| m.rated_kw), number(|m| m.latitude), number(|m| m.longitude)]);
    columns.push(Arc::new(BooleanArray::from_iter(members.iter().map(|m| Some(m.registered)))));
    columns.extend([day(|m| m.valid_first), day(|m| m.valid_last), day(|m| m.live_first), day(|m| m.live_last)]);
    columns.push(text(|m| &m.zone));
    let maybe =
        |get: fn(&Member) -> Option<&str>| Arc::new(StringArray::from_iter(members.iter().map(get))) as ArrayRef;
    columns.extend([maybe(|m| m.owner_borough.as_deref()), maybe(|m| m.funding_scheme.as_deref())]);
    Ok(RecordBatch::try_new(evses_schema(), columns)?)
}

/// Names of codes and ids, by dimension.
#[derive(Debug, Default)]
pub struct Labels(HashMap<(&'static str, String), String>);

impl Labels {
    /// The name of a value, where it has one.
    #[must_use]
    pub fn name(&self, dimension: Dimension, id: &str) -> Option<&str> {
        self.0.get(&(dimension.id(), id.to_owned())).map(String::as_str)
    }

    /// The ids whose name is `name`, whatever the case.
    #[must_use]
    pub fn ids_named(&self, dimension: Dimension, name: &str) -> Vec<&str> {
        let wanted = name.trim().to_lowercase();
        let named =
            self.0.iter().filter(|((kind, _), label)| *kind == dimension.id() && label.to_lowercase() == wanted);
        named.map(|((_, id), _)| id.as_str()).collect()
    }

    /// Every id and name of a dimension, by name.
    #[must_use]
    pub fn all(&self, dimension: Dimension) -> Vec<(&str, &str)> {
        let mut all: Vec<(&str, &str)> = self
            .0
            .iter()
            .filter(|((kind, _), _)| *kind == dimension.id())
            .map(|((_, id), name)| (id.as_str(), name.as_str()))
            .collect();
        all.sort_by(|a, b| a.1.cmp(b.1).then(a.0.cmp(b.0)));
        all
    }

    pub(crate) fn read(batches: &[RecordBatch]) -> Result<Self, EngineError> {
        let mut names = HashMap::new();
        for batch in batches {
            let [dimension, id, name] =
                ["dimension", "id", "name"].map(|name| column::<StringArray>(batch, LABELS, name));
            let (dimension, id, name) = (dimension?, id?, name?);
            for row in 0..batch.num_rows() {
                if let Some(known) = Dimension::of_id(dimension.value(row)) {
                    names.insert((known.id(), id.value(row).to_owned()), name.value(row).to_owned());
                }
            }
        }
        Ok(Self(names))
    }
}

impl PartialEq<[(Dimension, String, String)]> for Labels {
    fn eq(&self, other: &[(Dimension, String, String)]) -> bool {
        self.0.len() == other.len() && other.iter().all(|(dimension, id, name)| self.name(*dimension, id) == Some(name))
    }
}

/// The `labels` table of the lake, from (dimension, id, name).
///
/// # Errors
/// [`EngineError::Lake`] when the columns do not fit together, which would be a defect.
pub fn labels_batch(labels: &[(Dimension, String, String)]) -> Result<RecordBatch, EngineError> {
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(labels.iter().map(|(dimension, _, _)| dimension.id()))),
        Arc::new(StringArray::from_iter_values(labels.iter().map(|(_, id, _)| id))),
        Arc::new(StringArray::from_iter_values(labels.iter().map(|(_, _, name)| name))),
    ];
    Ok(RecordBatch::try_new(labels_schema(), columns)?)
}
