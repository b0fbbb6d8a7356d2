//! What the hub's own types look like as JSON, for the OpenAPI document. They are written as they are; a test compares every
//! reply with these shapes.
#![expect(dead_code, reason = "shapes to document, never made")]

mod asked;
mod comparison;
mod findings;
mod patterns;
mod repairs;
mod returns;
mod trend;

use std::collections::BTreeMap;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

pub(crate) use asked::{AskedDecision, AskedDraft, AskedNothing, AskedUndo, FileBytes};
pub(crate) use comparison::{BucketReported, Comparison};
pub(crate) use findings::{Findings, Unused};
pub(crate) use patterns::{Archetypes, Calendar, Concentration, TypicalDay};
pub(crate) use repairs::{DecidedRepair, Field, Layout, Threshold};
use returns::{RepairedReturn, Returns};
pub(crate) use trend::Trend;

/// Figures, with all that is needed to trust and repeat them.
#[derive(ToSchema)]
pub(crate) struct Answer {
    /// Each dimension with its name where it has one, then the metrics.
    columns: Vec<Column>,
    /// Rows, each a map from column name to cell. Ratios are 0 to 1.
    rows: Vec<BTreeMap<String, Cell>>,
    /// Coverage of the whole answer.
    coverage: Coverage,
    /// Provenance of the whole answer.
    provenance: Provenance,
    /// How the denominators came about; null where not asked for.
    ledger: Option<Ledger>,
}

/// How the denominators of an answer came about.
#[derive(ToSchema)]
pub(crate) struct Ledger {
    /// One for each rate that was asked for.
    rates: Vec<RateLedger>,
    /// Rows that are not in the figures, and why.
    left_out: Vec<LeftOut>,
    /// Returns behind the figures in which a repair was made.
    repaired: Vec<RepairedReturn>,
}

/// How the denominator of one rate came about.
#[derive(ToSchema)]
pub(crate) struct RateLedger {
    /// Id of the metric.
    metric: String,
    /// The steps, in order, with the amounts of the whole answer.
    lines: Vec<LedgerLine>,
    /// Amounts of each row of the answer, in the order of the steps.
    rows: Vec<Vec<f64>>,
}

/// A step of a ledger.
#[derive(ToSchema)]
pub(crate) struct LedgerLine {
    /// Id.
    id: String,
    /// What it is, in words.
    label: String,
    /// What it does.
    role: LineRole,
    /// Unit of the amount.
    unit: String,
    /// How much; what is taken off is not negative.
    amount: f64,
}

/// What a step of a ledger does: begin, take off, say what is left, say what is divided by.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum LineRole {
    Start,
    Minus,
    Left,
    Denominator,
}

/// Rows that are not in the figures.
#[derive(ToSchema)]
pub(crate) struct LeftOut {
    /// Id of the reason.
    reason: String,
    /// What they are and how far the count reaches, in words.
    words: String,
    /// How many.
    rows: u64,
    /// Their energy, kWh.
    energy_kwh: f64,
}

/// A figure, a code or a name; null where there is no figure, which is not zero.
pub(crate) struct Cell;

impl PartialSchema for Cell {
    fn schema() -> RefOr<Schema> {
        let kinds = SchemaType::from_iter([Type::Number, Type::String, Type::Null]);
        let about = "A figure, a code or a name; null where there is no figure, which is not zero.";
        ObjectBuilder::new().schema_type(kinds).description(Some(about)).into()
    }
}

impl ToSchema for Cell {}

/// A column of an answer.
#[derive(ToSchema)]
pub(crate) struct Column {
    /// Key in rows.
    name: String,
    /// What it holds.
    kind: ColumnKind,
    /// Heading.
    label: String,
    /// Unit of a figure.
    unit: Option<String>,
}

/// What a column holds.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ColumnKind {
    Dimension,
    Name,
    Metric,
}

/// How much of the registered time the operators reported on.
#[derive(ToSchema)]
pub(crate) struct Coverage {
    /// Days of registered charge points.
    registered_evse_days: f64,
    /// Of these, days that an accepted return covers.
    reported_evse_days: f64,
    /// 0 to 1; null where nothing is registered.
    share: Option<f64>,
    /// Operators with a registered charge point live in the period.
    operators_registered: u64,
    /// Of these, with at least one day reported.
    operators_reported: u64,
    /// Operators without a registered charge point of which there are returns: no share of theirs can be told.
    operators_unregistered: u64,
    /// Charge points seen in returns that the register does not hold.
    unregistered_evses: u64,
    /// Charge points that stand in no borough.
    evses_outside_areas: u64,
}

/// Where figures come from.
#[derive(ToSchema)]
pub(crate) struct Provenance {
    /// Data version.
    data_version: i64,
    /// When it was made, in UTC.
    #[schema(format = DateTime)]
    as_of: String,
    /// First day answered; null where there is no data at all.
    from: Option<String>,
    /// Last day answered; null where there is no data at all.
    to: Option<String>,
    /// Filters, all of which held.
    filters: Vec<Filter>,
    /// Definitions that were used.
    metrics: Vec<Definition>,
    /// Table that answered the sums.
    route: String,
    /// Figures held back.
    suppressed: u64,
    /// Whether the data is invented.
    sample: bool,
    /// The returns behind the figures, and the repairs that were made in them.
    returns: Returns,
}

/// What was kept.
#[derive(ToSchema)]
pub(crate) struct Filter {
    /// Dimension.
    dimension: String,
    /// Any of these values.
    values: Vec<String>,
}

/// A definition that was used.
#[derive(ToSchema)]
pub(crate) struct Definition {
    /// Id of the metric.
    id: String,
    /// Version of its definition.
    version: u32,
}

/// A metric of the catalogue.
#[derive(ToSchema)]
pub(crate) struct Metric {
    /// Id, stable.
    id: String,
    /// Name.
    name: String,
    /// Name where space is short.
    short_name: String,
    /// Unit of the value in answers.
    unit: String,
    /// Unit as said on screens.
    unit_label: String,
    /// How it is shown.
    format: MetricFormat,
    /// What it says, in plain words.
    sentence: String,
    /// Formula.
    formula: String,
    /// What is left out or assumed.
    exclusions: Vec<String>,
    /// Where the definition comes from.
    source: String,
    /// Version of the definition.
    version: u32,
    /// How parts combine.
    combine: Combine,
    /// The same in words.
    combine_words: String,
    /// Which way is good.
    good_direction: Direction,
    /// What this hub lacks to give it; null where nothing.
    needs: Option<String>,
    /// Whether it is given within one operator only: split by operator, or filtered to one.
    within_operator: bool,
    /// Ids of the dimensions that it can be split by.
    dimensions: Vec<String>,
    /// The others, and why not.
    refused: Vec<RefusedDimensions>,
}

/// Dimensions that a metric cannot be split by.
#[derive(ToSchema)]
pub(crate) struct RefusedDimensions {
    /// Their ids.
    dimensions: Vec<String>,
    /// Why not.
    reason: String,
    /// What to ask instead.
    instead: String,
}

/// A factor from energy to what it stands for.
#[derive(ToSchema)]
pub(crate) struct Factor {
    /// Id.
    id: String,
    /// Value.
    value: f64,
    /// Unit of the value.
    unit: String,
    /// What it is.
    about: String,
    /// Where it comes from.
    source: String,
    /// Year it is of.
    year: u16,
}

/// How a metric is shown.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum MetricFormat {
    Integer,
    Decimal,
    Percent,
    Hours,
    Kwh,
    Minutes,
    Pounds,
}

/// How the parts of a metric combine.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum Combine {
    Sum,
    RatioOfSums,
    Distinct,
    Quantile,
    Maximum,
    Stock,
    Share,
}

/// Which way is good.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum Direction {
    Up,
    Down,
    None,
}

/// Outlines of areas: a GeoJSON FeatureCollection.
#[derive(ToSchema)]
pub(crate) struct Outlines {
    /// `FeatureCollection`.
    r#type: String,
    /// Areas.
    features: Vec<Outline>,
}

/// The outline of an area: a GeoJSON feature.
#[derive(ToSchema)]
pub(crate) struct Outline {
    /// `Feature`.
    r#type: String,
    /// MultiPolygon in degrees, WGS84.
    #[schema(value_type = Object)]
    geometry: (),
    /// What area it is.
    properties: AreaProperties,
}

/// What area an outline is of.
#[derive(ToSchema)]
pub(crate) struct AreaProperties {
    /// Code.
    code: String,
    /// Name.
    name: String,
    /// Code of the borough it lies in.
    parent: Option<String>,
}

/// What one check found in a file.
#[derive(ToSchema)]
pub(crate) struct Finding {
    /// Id of the check.
    rule: String,
    /// How grave.
    severity: Severity,
    /// What it is, in a few words.
    title: String,
    /// Rows concerned.
    count: u64,
    /// What to do.
    advice: String,
    /// Whether it keeps the return from being accepted unseen.
    holds: bool,
    /// The limits that it was found by; none for a check without one.
    limits: Vec<Threshold>,
    /// The first rows concerned.
    examples: Vec<Example>,
}

/// How grave a finding is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Severity {
    Error,
    Warning,
    Info,
}

/// One row that a finding is about.
#[derive(ToSchema)]
pub(crate) struct Example {
    /// Row in the file; 0 when it is about the file as a whole.
    row: u64,
    /// Header of the column.
    column: String,
    /// What stands there, or what was computed.
    value: String,
}

/// Energy in kWh by the fate of the rows that carried it.
#[derive(ToSchema)]
pub(crate) struct EnergySplit {
    /// Of all rows.
    read: f64,
    /// Of accepted rows.
    accepted: f64,
    /// Of quarantined rows.
    quarantined: f64,
    /// Of duplicates.
    duplicates: f64,
}
