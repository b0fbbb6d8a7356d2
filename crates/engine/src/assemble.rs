//! From sums to figures: the formulas of the catalogue, each divided once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kerbwatt_model::{CurrentType, Dimension, DimensionKind, Metric, PowerBand, Query, Siting};

use crate::groups::{Groups, places_of, times_of};
use crate::stock::InUse;
use crate::sums::{ByKey, Key, Sums};
use crate::{Column, ColumnKind, Row, Snapshot, Value, bucket};

/// Everything that was found out for a question, by key.
#[derive(Default)]
pub(crate) struct Pieces {
    pub(crate) sums: ByKey,
    pub(crate) live: HashMap<Key, i64>,
    pub(crate) in_use: HashMap<Key, InUse>,
    pub(crate) medians: HashMap<Key, (f64, f64)>,
    pub(crate) peaks: HashMap<Key, i64>,
}

impl Pieces {
    /// Keys with anything to say, and the one key of a question without dimensions.
    fn keys(&self, query: &Query) -> BTreeSet<Key> {
        let mut keys: BTreeSet<Key> = self.sums.keys().cloned().collect();
        keys.extend(self.live.keys().cloned());
        keys.extend(self.peaks.keys().cloned());
        if query.by.is_empty() {
            keys.insert(vec![0]);
        }
        keys
    }
}

/// Columns of a question's answer.
pub(crate) fn columns(query: &Query) -> Vec<Column> {
    let mut columns = Vec::new();
    for dimension in &query.by {
        let column = |name: String, kind| Column { name, kind, label: dimension.name().to_owned(), unit: None };
        columns.push(column(dimension.id().to_owned(), ColumnKind::Dimension));
        if has_name(*dimension) {
            columns.push(column(format!("{}_name", dimension.id()), ColumnKind::Name));
        }
    }
    columns.extend(query.metrics.iter().map(|metric| Column {
        name: metric.id.to_owned(),
        kind: ColumnKind::Metric,
        label: metric.name.to_owned(),
        unit: Some(metric.unit),
    }));
    columns
}

/// Time reads as it is, and so does a device, which has no name but its id.
fn has_name(dimension: Dimension) -> bool {
    dimension.kind() != DimensionKind::Time && dimension != Dimension::Device
}

/// Rows of a question's answer, ordered by the dimensions.
pub(crate) fn rows(snapshot: &Snapshot, query: &Query, groups: &Groups, pieces: &Pieces) -> Vec<Row> {
    let mut ordered: BTreeMap<Vec<Order>, Row> = BTreeMap::new();
    for key in pieces.keys(query) {
        let (order, mut row) = place(snapshot, query, groups, &key);
        row.extend(query.metrics.iter().map(|metric| figure(metric, &key, pieces)));
        ordered.insert(order, row);
    }
    ordered.into_values().collect()
}

/// How a row sorts: values by number or text, none last.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Number(i32),
    Text(String),
    None,
}

fn place(snapshot: &Snapshot, query: &Query, groups: &Groups, key: &Key) -> (Vec<Order>, Row) {
    let (places, times) = (places_of(&query.by), times_of(&query.by));
    let mut order = Vec::new();
    let mut row = Vec::new();
    for dimension in &query.by {
        if let Some(at) = times.iter().position(|time| time == dimension) {
            let bucket = key[1 + at];
            order.push(Order::Number(bucket));
            row.push(if bucket::is_number(*dimension) {
                Value::Integer(bucket.into())
            } else {
                Value::Text(bucket::text(*dimension, bucket))
            });
            continue;
        }
        let at = places.iter().position(|place| place == dimension).unwrap_or(0);
        let group = usize::try_from(key[0]).ok().and_then(|group| groups.values.get(group));
        let value = group.and_then(|values| values[at].as_deref());
        order.push(value.map_or(Order::None, |value| Order::Text(value.to_owned())));
        row.push(value.map_or(Value::Null, |value| Value::Text(value.to_owned())));
        if has_name(*dimension) {
            row.push(value.map_or(Value::Null, |value| Value::Text(name(snapshot, *dimension, value))));
        }
    }
    (order, row)
}

fn name(snapshot: &Snapshot, dimension: Dimension, value: &str) -> String {
    let fixed = match dimension {
        Dimension::PowerBand => PowerBand::ALL.into_iter().find(|band| band.id() == value).map(PowerBand::name),
        Dimension::Siting => Siting::of_id(value).map(Siting::name),
        Dimension::Current => match value {
            _ if value == CurrentType::Ac1.id() => Some("AC, one phase"),
            _ if value == CurrentType::Ac3.id() => Some("AC, three phases"),
            _ => Some("DC"),
        },
        _ => snapshot.labels.name(dimension, value),
    };
    fixed.unwrap_or(value).to_owned()
}

/// One figure.
fn figure(metric: &Metric, key: &Key, pieces: &Pieces) -> Value {
    let none = Sums::default();
    let sums = pieces.sums.get(key).unwrap_or(&none);
    // Nothing reported is not zero.
    let is_known = sums.available_s() > 0.0 || sums.sessions() > 0.0 || sums.plugged_s() > 0.0;
    let known = |value: f64| if is_known { Value::Number(value) } else { Value::Null };
    let count = |value: f64| if is_known { whole(value) } else { Value::Null };
    let ratio = |above: f64, below: f64| if below > 0.0 { Value::Number(above / below) } else { Value::Null };
    let evse_days = sums.available_s() / 86_400.0;
    match metric.id {
        "sessions" => count(sums.sessions()),
        "failed_starts" => count(sums.failed_starts()),
        "energy_kwh" => known(sums.energy_kwh()),
        "plugged_hours" => known(sums.plugged_s() / 3600.0),
        "utilisation_time" => ratio(sums.plugged_s(), sums.available_s()),
        "utilisation_energy" => ratio(sums.rated_energy_kwh(), sums.capacity_kwh()),
        "sessions_per_evse_day" => ratio(sums.sessions(), evse_days),
        "kwh_per_evse_day" => ratio(sums.energy_kwh(), evse_days),
        "energy_per_session" => ratio(sums.started_kwh(), sums.sessions()),
        "duration_per_session" => ratio(sums.started_s() / 60.0, sums.sessions()),
        "failed_start_rate" => ratio(sums.failed_starts(), sums.sessions()),
        "coverage" => ratio(sums.reported_registered_days(), sums.registered_days()),
        "evse_days" => whole(sums.live_days()),
        "energy_per_session_median" => pieces.medians.get(key).map_or(Value::Null, |(kwh, _)| Value::Number(*kwh)),
        "duration_per_session_median" => pieces.medians.get(key).map_or(Value::Null, |(_, min)| Value::Number(*min)),
        "evses" => Value::Integer(pieces.live.get(key).copied().unwrap_or(0)),
        "evses_in_use" if is_known => Value::Integer(pieces.in_use.get(key).map_or(0, |count| count.used)),
        "evses_unused" if sums.available_s() > 0.0 => {
            Value::Integer(pieces.in_use.get(key).map_or(0, |count| count.unused))
        }
        "peak_concurrency" if is_known => Value::Integer(pieces.peaks.get(key).copied().unwrap_or(0)),
        _ => Value::Null,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "counts, whole and far below 2^53")]
fn whole(value: f64) -> Value {
    Value::Integer(value.round() as i64)
}
