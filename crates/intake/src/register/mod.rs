//! From the bytes of a register to entries.

mod connectors;

use std::collections::HashMap;

use jiff::civil::Date;
use kerbwatt_model::{CurrentType, PowerBand, RegisterEntry, Siting};

use crate::checks::{Rule, Tally};
use crate::fields::{self, Order};
use crate::formats::{self, Row, Source};
use crate::profiles::{Field, Kind, Profile, Recognised, Times, recognise};
use crate::repairs::coordinates;
use crate::{Refusal, RegisterReturn, Rejected, Repair, RepairKind};
use connectors::Strongest;

/// Reads and checks a register, a file of any kind that holds one table, or a [`crate::PartOf`] one; `profile` names the layout, which is recognised by the header when none is given.
///
/// # Errors
/// [`Refusal`] when the file as a whole cannot be one.
pub fn read_register<S: Source + ?Sized>(
    source: &S,
    file_name: &str,
    profile: Option<&str>,
) -> Result<RegisterReturn, Refusal> {
    read_register_with(source, file_name, profile, &[], &[])
}

/// The same with the operator's own profiles, newest first, which win over shipped ones that fit as well; and with those of the
/// repairs asked for applied that the file proves.
///
/// # Errors
/// [`Refusal`] when the file as a whole cannot be a register.
pub fn read_register_with<S: Source + ?Sized>(
    source: &S,
    _file_name: &str,
    profile: Option<&str>,
    own: &[Profile],
    repairs: &[RepairKind],
) -> Result<RegisterReturn, Refusal> {
    read(&source, profile, own, repairs)
}

fn read(
    source: &dyn Source,
    profile: Option<&str>,
    own: &[Profile],
    repairs: &[RepairKind],
) -> Result<RegisterReturn, Refusal> {
    let opened = formats::open(source, source.part())?;
    let layout = recognise(opened.head(), Kind::Register, profile, own)?;
    let table = opened.into_table(layout.body, layout.dialect);
    let reader = Reader { layout: &layout, strongest: Strongest::of(&layout) };
    let (mut entries, mut rejected, mut tally) = (Vec::new(), Vec::new(), Tally::default());
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut rows_read = 0;
    table.for_each_row(|row, record| {
        rows_read += 1;
        let read = reader.read(row, record).and_then(|entry| {
            let key = entry.evse.clone().unwrap_or_else(|| entry.device.clone());
            match seen.insert(key.clone(), row) {
                None => Ok(entry),
                Some(first) => {
                    seen.insert(key.clone(), first);
                    Err(reader.rejected(
                        Rule::DuplicateEntry,
                        row,
                        reader.id_field(),
                        &format!("{key} (also in row {first})"),
                    ))
                }
            }
        });
        match read {
            Ok(entry) => entries.push(entry),
            Err((rule, row)) => {
                tally.count(&rule.check(), || row.example());
                rejected.push(row);
            }
        }
    })?;
    if rows_read == 0 {
        return Err(Refusal::NoRows);
    }
    let column = layout.header_of(Field::Latitude);
    let (found, moved) = coordinates::find(&entries, &column);
    let is_asked = |repair: &Repair| repair.provable && repairs.contains(&repair.kind);
    let (applied, proposed): (Vec<Repair>, Vec<Repair>) = found.into_iter().partition(is_asked);
    if !applied.is_empty() {
        coordinates::apply(&mut entries, &moved);
    }
    Ok(RegisterReturn {
        profile: layout.described(),
        zone: layout.profile.zone(),
        entries,
        rejected,
        findings: tally.findings(),
        rows_read,
        repairs: proposed,
        applied,
    })
}

struct Reader<'l> {
    layout: &'l Recognised,
    strongest: Strongest,
}

/// Texts that stand for nothing.
const NOTHING: [&str; 9] =
    ["", "*no owner", "unknown", "n/a", "none", "null", "-", "0000-00-00 00:00:00", "non concerné"];

impl Reader<'_> {
    fn read(&self, row: u64, record: &Row<'_>) -> Result<RegisterEntry, (Rule, Rejected)> {
        if record.holds_beyond(self.layout.width) {
            let value = format!("{} cells, {} headers", record.len(), self.layout.width);
            let (rule, rejected) = self.rejected(Rule::TooManyCells, row, self.id_field(), &value);
            return Err((rule, Rejected { column: "".into(), ..rejected }));
        }
        let evse = self.id(record, Field::Evse);
        let missing = || self.rejected(Rule::MissingId, row, self.id_field(), "");
        let device = self.id(record, Field::Device).or_else(|| evse.clone()).ok_or_else(missing)?;
        let place = self.coordinates(row, record)?;
        let band =
            self.text(record, Field::Band).map(|text| self.layout.profile.meaning(Field::Band, &text).to_owned());
        let name = self.text(record, Field::LocationName);
        let address = self.text(record, Field::Address).or_else(|| self.joined(record, &[Field::Street, Field::Town]));
        let from_connectors = self.strongest.of_row(record);
        let rated_kw = self.rated_kw(row, record)?.or(from_connectors.rated_kw);
        Ok(RegisterEntry {
            // A site without an id of its own is known by its name, and where that is missing by its device.
            location: self.text(record, Field::Location).or_else(|| name.clone()).unwrap_or_else(|| device.clone()),
            location_name: name.unwrap_or_else(|| device.clone()),
            address,
            postcode: self.text(record, Field::Postcode),
            latitude: place.map(|(latitude, _)| latitude),
            longitude: place.map(|(_, longitude)| longitude),
            siting: self.siting(record),
            rated_kw,
            band: band.map_or_else(|| PowerBand::of(rated_kw), |id| band_of(&id)),
            current: self.current(record).or(from_connectors.current),
            connectors: self.connectors(record).unwrap_or(from_connectors.standards),
            commissioned: self.day(row, record, Field::Commissioned)?,
            decommissioned: self.day(row, record, Field::Decommissioned)?,
            owner_borough: self.text(record, Field::OwnerBorough),
            funding_scheme: self.text(record, Field::FundingScheme),
            row,
            evse,
            device,
        })
    }

    fn id_field(&self) -> Field {
        if self.layout.columns.contains_key(&Field::Evse) { Field::Evse } else { Field::Device }
    }

    fn rejected(&self, rule: Rule, row: u64, field: Field, value: &str) -> (Rule, Rejected) {
        let check = rule.check();
        let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(120).collect();
        let (column, value) = (self.layout.header_of(field).into(), value.into());
        (rule, Rejected { row, rule: check.id, column, value, energy_kwh: 0.0, advice: check.advice })
    }

    fn text(&self, record: &Row<'_>, field: Field) -> Option<String> {
        let cell = match self.layout.columns.get(&field) {
            Some(at) => record.get(*at)?,
            None => self.layout.profile.constants.get(&field)?,
        };
        let text = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        (!NOTHING.contains(&text.to_lowercase().as_str())).then_some(text)
    }

    /// An id, without the prefix that the profile names.
    fn id(&self, record: &Row<'_>, field: Field) -> Option<String> {
        let text = self.text(record, field)?;
        let bare = self.layout.profile.id_prefix.as_ref().and_then(|prefix| text.strip_prefix(prefix.as_str()));
        Some(bare.map_or_else(|| text.clone(), str::to_owned))
    }

    fn joined(&self, record: &Row<'_>, fields: &[Field]) -> Option<String> {
        let parts: Vec<String> = fields.iter().filter_map(|field| self.text(record, *field)).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    fn number(&self, row: u64, record: &Row<'_>, field: Field) -> Result<Option<f64>, (Rule, Rejected)> {
        let Some(text) = self.text(record, field) else { return Ok(None) };
        let read = fields::number(&text, self.layout.comma_is_decimal());
        read.map(Some).ok_or_else(|| self.rejected(Rule::UnreadableValue, row, field, &text))
    }

    /// Latitude and longitude, degrees; none where either is missing or both are zero.
    fn coordinates(&self, row: u64, record: &Row<'_>) -> Result<Option<(f64, f64)>, (Rule, Rejected)> {
        let Some((latitude, longitude)) = self.degrees(row, record)? else { return Ok(None) };
        if latitude == 0.0 && longitude == 0.0 {
            return Ok(None);
        }
        if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
            return Err(self.rejected(
                Rule::UnreadableValue,
                row,
                Field::Latitude,
                &format!("{latitude}, {longitude}"),
            ));
        }
        Ok(Some((latitude, longitude)))
    }

    /// Latitude and longitude as they stand, in two cells or, longitude first, in one.
    fn degrees(&self, row: u64, record: &Row<'_>) -> Result<Option<(f64, f64)>, (Rule, Rejected)> {
        let latitude = self.number(row, record, Field::Latitude)?;
        let longitude = self.number(row, record, Field::Longitude)?;
        let Some(text) = self.text(record, Field::Coordinates) else { return Ok(latitude.zip(longitude)) };
        let mut numbers = text.trim_matches(['[', ']', '(', ')']).split(',').map(|part| part.trim().parse::<f64>());
        match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(longitude)), Some(Ok(latitude)), None) => Ok(Some((latitude, longitude))),
            _ => Err(self.rejected(Rule::UnreadableValue, row, Field::Coordinates, &text)),
        }
    }

    /// Rated power in kW, where the profile says so from watts.
    fn rated_kw(&self, row: u64, record: &Row<'_>) -> Result<Option<f64>, (Rule, Rejected)> {
        let read = self.number(row, record, Field::RatedKw)?;
        let is_watts = |power: f64| self.layout.profile.watts_from.is_some_and(|from| power >= from);
        Ok(read.map(|power| if is_watts(power) { power / 1000.0 } else { power }))
    }

    fn day(&self, row: u64, record: &Row<'_>, field: Field) -> Result<Option<Date>, (Rule, Rejected)> {
        let Some(text) = self.text(record, field) else { return Ok(None) };
        let day = text.split([' ', 'T']).next().unwrap_or_default();
        let is_month_first = self.layout.profile.times == Some(Times::MonthFirst);
        let read = fields::date(day, if is_month_first { Order::MonthFirst } else { Order::DayFirst });
        read.map(Some).ok_or_else(|| self.rejected(Rule::UnreadableValue, row, field, &text))
    }

    fn siting(&self, record: &Row<'_>) -> Siting {
        let text = self.text(record, Field::Siting).unwrap_or_default();
        Siting::of_id(self.layout.profile.meaning(Field::Siting, &text)).unwrap_or(Siting::Unknown)
    }

    fn current(&self, record: &Row<'_>) -> Option<CurrentType> {
        let text = self.text(record, Field::Current)?;
        [CurrentType::Ac1, CurrentType::Ac3, CurrentType::Dc].into_iter().find(|current| current.id() == text)
    }

    fn connectors(&self, record: &Row<'_>) -> Option<Vec<String>> {
        Some(self.text(record, Field::Connectors)?.split(' ').map(str::to_owned).collect())
    }
}

fn band_of(id: &str) -> PowerBand {
    PowerBand::ALL.into_iter().find(|band| band.id() == id).unwrap_or(PowerBand::Unknown)
}
