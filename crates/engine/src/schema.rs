//! The tables of the lake that the engine reads, besides the sessions themselves.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use kerbwatt_model::Additive;
use kerbwatt_store::{SESSIONS, TableSpec};

/// One row for each version of each EVSE: the dimension table.
pub const EVSES: &str = "evses";
/// Names of codes and ids.
pub const LABELS: &str = "labels";
/// Rollup tables, smallest key first.
pub const ROLLUPS: [&str; 5] = ["cube_month", "cube_day", "cube_month_how", "cube_day_how", "evse_month"];
/// Every table of the lake.
pub const ALL_TABLES: [&str; 8] =
    [SESSIONS, EVSES, LABELS, "cube_month", "cube_day", "cube_month_how", "cube_day_how", "evse_month"];

/// Which columns the tables have, in short: a data version whose tables have others was made by another version of Kerbwatt and
/// cannot be read.
#[must_use]
pub fn format() -> String {
    let columns = |table: &&'static str| {
        let fields = spec(table).schema;
        let of = |field: &Arc<Field>| format!("{}:{}:{}", field.name(), field.data_type(), field.is_nullable());
        format!("{table}({})", fields.fields().iter().map(of).collect::<Vec<_>>().join(","))
    };
    let all: Vec<String> = ALL_TABLES.iter().map(columns).collect();
    kerbwatt_store::Digest::of(all.join(";").as_bytes()).to_string().chars().take(16).collect()
}

/// Columns that add up, from sessions.
pub(crate) const FACTS: &[Additive] = Additive::ALL.split_at(Additive::OF_SESSIONS).0;

/// Columns that add up, from the register and the returns' periods.
pub(crate) const CAPACITY: &[Additive] = Additive::ALL.split_at(Additive::OF_SESSIONS).1;

/// The additive columns of a rollup, in the order of [`crate::sums::Sums`].
pub(crate) fn additive(table: &str) -> impl Iterator<Item = Additive> + use<> {
    let capacity = if is_by_hour_of_week(table) { &[][..] } else { CAPACITY };
    FACTS.iter().chain(capacity).copied()
}

/// Whether a rollup is by hour of the week too; then it keeps no capacity.
pub(crate) fn is_by_hour_of_week(table: &str) -> bool {
    table.ends_with("_how")
}

fn numeric(sum: Additive) -> Field {
    Field::new(sum.id(), if sum.is_whole() { DataType::Int64 } else { DataType::Float64 }, false)
}

/// Data columns of a rollup, without the partition columns.
pub(crate) fn rollup_data_schema(table: &str) -> SchemaRef {
    let mut fields = vec![Field::new("version", DataType::Int32, false), Field::new("day", DataType::Date32, false)];
    if is_by_hour_of_week(table) {
        fields.push(Field::new("how", DataType::Int32, false));
    }
    fields.extend(additive(table).map(numeric));
    Arc::new(Schema::new(fields))
}

/// A rollup table: partitioned by operator and month, so that a return refreshes only what it touches.
#[must_use]
pub fn rollup_spec(table: &'static str) -> TableSpec {
    let mut fields: Vec<Arc<Field>> = rollup_data_schema(table).fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new("p_operator", DataType::Utf8, false)));
    fields.push(Arc::new(Field::new("p_month", DataType::Utf8, false)));
    TableSpec { name: table, schema: Arc::new(Schema::new(fields)), partitions: &["p_operator", "p_month"] }
}

pub(crate) fn evses_schema() -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let day = |name: &str| Field::new(name, DataType::Date32, false);
    let mut fields = vec![
        Field::new("version", DataType::Int32, false),
        Field::new("evse", DataType::Int32, false),
        text("operator", false),
        text("evse_id", false),
        text("device", false),
        text("location", false),
        text("location_name", false),
        text("band", false),
        text("current", true),
        text("siting", false),
    ];
    fields.extend(["borough", "ward", "msoa", "lsoa", "cell"].map(|name| text(name, true)));
    fields.extend(["rated_kw", "latitude", "longitude"].map(|name| Field::new(name, DataType::Float64, true)));
    fields.push(Field::new("registered", DataType::Boolean, false));
    fields.extend(["valid_first", "valid_last", "live_first", "live_last"].map(day));
    fields.push(text("zone", false));
    fields.extend(["owner_borough", "funding_scheme"].map(|name| text(name, true)));
    Arc::new(Schema::new(fields))
}

pub(crate) fn labels_schema() -> SchemaRef {
    Arc::new(Schema::new(["dimension", "id", "name"].map(|name| Field::new(name, DataType::Utf8, false)).to_vec()))
}

/// The specification of any table of the lake but the sessions.
#[must_use]
pub fn spec(table: &'static str) -> TableSpec {
    match table {
        EVSES => TableSpec { name: EVSES, schema: evses_schema(), partitions: &[] },
        LABELS => TableSpec { name: LABELS, schema: labels_schema(), partitions: &[] },
        SESSIONS => kerbwatt_store::sessions_spec(),
        rollup => rollup_spec(rollup),
    }
}
