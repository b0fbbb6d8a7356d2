//! From sums to figures: the formulas of the catalogue, each divided once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kerbwatt_model::{
    Additive, CurrentType, Dimension, Distinct, Format, Metric, PowerBand, Query, Rule, Siting, Stock, Total,
};

use crate::congestion::SiteTime;
use crate::groups::{Groups, places_of, times_of};
use crate::in_use::InUse;
use crate::per_session::{Drivers, Medians};
use crate::since::Unused;
use crate::stock::Live;
use crate::sums::{ByKey, Key, Sums};
use crate::{Column, ColumnKind, Row, Snapshot, Value, bucket};

/// Everything that was found out for a question, by key.
#[derive(Default)]
pub(crate) struct Pieces<'s> {
    pub(crate) sums: ByKey,
    pub(crate) live: HashMap<Key, Live<'s>>,
    pub(crate) in_use: HashMap<Key, InUse>,
    pub(crate) medians: HashMap<Key, Medians>,
    pub(crate) peaks: HashMap<Key, i64>,
    pub(crate) sites: HashMap<Key, SiteTime>,
    pub(crate) drivers: HashMap<Key, Drivers>,
    pub(crate) unused: HashMap<i32, Unused>,
}

impl Pieces<'_> {
    /// Keys with anything to say, and the one key of a question without dimensions.
    pub(crate) fn keys(&self, query: &Query) -> BTreeSet<Key> {
        let mut keys: BTreeSet<Key> = self.sums.keys().cloned().collect();
        keys.extend(self.live.keys().cloned());
        keys.extend(self.peaks.keys().cloned());
        keys.extend(self.sites.keys().cloned());
        keys.extend(self.unused.keys().map(|group| vec![*group]));
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

/// Time reads as it is, and so does a device, which has no name but its id, and what a register names.
fn has_name(dimension: Dimension) -> bool {
    !dimension.is_time() && !matches!(dimension, Dimension::Device | Dimension::OwnerBorough | Dimension::FundingScheme)
}

/// Rows of a question's answer with their keys, ordered by the dimensions.
pub(crate) fn rows(snapshot: &Snapshot, query: &Query, groups: &Groups, pieces: &Pieces<'_>) -> Vec<(Key, Row)> {
    let mut ordered: BTreeMap<Vec<Order>, (Key, Row)> = BTreeMap::new();
    for key in pieces.keys(query) {
        let (order, mut row) = place(snapshot, query, groups, &key);
        row.extend(query.metrics.iter().map(|metric| figure(metric, &key, pieces)));
        ordered.insert(order, (key, row));
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
            if let Some(bin) = bucket::bin(*dimension, bucket) {
                row.push(Value::Text(bin.name.to_owned()));
            }
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

/// One figure. Each rule has its own way, and only totals and ratios lead to sums.
fn figure(metric: &Metric, key: &Key, pieces: &Pieces<'_>) -> Value {
    let none = Sums::default();
    let sums = pieces.sums.get(key).unwrap_or(&none);
    // Nothing reported is not zero.
    let is_known = is_known(sums);
    // A session that lasts into a month without a return says nothing of what started in it.
    let has_starts = is_reported(sums) || sums.of(Additive::Sessions) > 0.0;
    let maybe = |value: Option<f64>| value.map_or(Value::Null, |value| number(metric, value));
    match metric.rule {
        // What is live is known from the register, reported or not.
        Rule::Total(total) if total.of.is_by_start() => maybe(amount(&total, sums).filter(|_| has_starts)),
        Rule::Total(total) if is_known || total.of == Additive::LiveDays => maybe(amount(&total, sums)),
        Rule::Ratio { above, below } => maybe(ratio(amount(&above, sums), amount(&below, sums))),
        Rule::Stock(stock) => pieces.live.get(key).map_or_else(|| nothing(stock), |live| live.of(stock)),
        Rule::Distinct(Distinct::EvsesInUse) if has_starts => {
            count(pieces.in_use.get(key).map_or(0, |count| count.used))
        }
        Rule::Distinct(Distinct::EvsesUnused) if is_reported(sums) => {
            count(pieces.in_use.get(key).map_or(0, |count| count.unused))
        }
        Rule::Distinct(Distinct::Drivers) if has_starts => {
            match pieces.drivers.get(key).map(|drivers| drivers.distinct) {
                // There were sessions, and nobody knows whose.
                Some(0) => Value::Null,
                found => count(found.unwrap_or(0)),
            }
        }
        Rule::Median(what) => maybe(pieces.medians.get(key).and_then(|medians| medians.of(what))),
        Rule::Peak if is_known => count(pieces.peaks.get(key).copied().unwrap_or(0)),
        Rule::Congestion => maybe(pieces.sites.get(key).and_then(SiteTime::share)),
        Rule::SinceUse(which) => maybe(pieces.unused.get(&key[0]).and_then(|unused| unused.of(which))),
        Rule::TopShare(users) => maybe(pieces.drivers.get(key).and_then(|drivers| drivers.share(users))),
        Rule::Total(_) | Rule::Distinct(_) | Rule::Peak | Rule::Status => Value::Null,
    }
}

/// Whether a return covers any of it.
fn is_reported(sums: &Sums) -> bool {
    sums.of(Additive::AvailableS) > 0.0
}

/// Whether anything is known of it.
fn is_known(sums: &Sums) -> bool {
    is_reported(sums) || [Additive::Sessions, Additive::PluggedS].into_iter().any(|sum| sums.of(sum) > 0.0)
}

/// A sum in the unit of a metric; none where there are sessions and none of them says anything about it.
pub(crate) fn amount(total: &Total, sums: &Sums) -> Option<f64> {
    let is_unknown = total.known.is_some_and(|(all, known)| sums.of(all) > 0.0 && sums.of(known) <= 0.0);
    let less = total.less.map_or(0.0, |less| sums.of(less));
    (!is_unknown).then(|| (sums.of(total.of) - less) / total.per)
}

fn ratio(above: Option<f64>, below: Option<f64>) -> Option<f64> {
    let below = below.filter(|below| *below > 0.0)?;
    Some(above? / below)
}

fn nothing(stock: Stock) -> Value {
    if stock == Stock::RatedKw { Value::Number(0.0) } else { Value::Integer(0) }
}

fn count(things: i64) -> Value {
    Value::Integer(things)
}

#[expect(clippy::cast_possible_truncation, reason = "counts, whole and far below 2^53")]
fn number(metric: &Metric, value: f64) -> Value {
    if metric.format == Format::Integer { Value::Integer(value.round() as i64) } else { Value::Number(value) }
}
