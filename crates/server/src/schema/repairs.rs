//! Repairs and layouts, as intake writes them.
#![expect(dead_code, reason = "shapes to document, never made")]

use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Object, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// A repair of a file with its evidence, and what was decided about it.
#[derive(ToSchema)]
pub(crate) struct DecidedRepair {
    /// `day_month_swap`, `mislabelled_zone`, `energy_unit`, `duration_unit`, `decimal_comma` or `coordinates`.
    kind: String,
    /// What it is, in a few words.
    title: String,
    /// What was found, in words for an analyst.
    says: String,
    /// Rows whose values change.
    rows: u64,
    /// Rows that it leaves as they are and flags.
    unresolved: u64,
    /// What speaks for it.
    evidence: Evidence,
    /// Whether it is proved; one that is not is a finding and cannot be applied.
    provable: bool,
    /// The first rows that change, at most five.
    examples: Vec<RepairExample>,
    /// Sessions by local day of plug-in, read both ways; empty where it changes no day.
    by_day: Vec<DayCount>,
    /// The whole file read both ways.
    headline: Headlines,
    /// What was decided.
    state: RepairState,
}

/// What was decided about a repair.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum RepairState {
    Open,
    Applied,
    Declined,
}

/// Contradictions with and without a repair.
#[derive(ToSchema)]
pub(crate) struct Evidence {
    /// In the file as read.
    before: Measures,
    /// With the repair.
    after: Measures,
    /// Each independent kind of evidence.
    kinds: Vec<EvidenceKind>,
}

/// One independent kind of evidence.
#[derive(ToSchema)]
pub(crate) struct EvidenceKind {
    /// `period`, `order`, `stays`, `week`, `power`, `text`, `clock`, `second_column`, `earlier_return` or `place`.
    id: String,
    /// Whether it speaks for the repair.
    verdict: EvidenceVerdict,
    /// Why, in a sentence.
    says: String,
}

/// Whether evidence speaks for a repair.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum EvidenceVerdict {
    Agrees,
    Silent,
    Against,
}

/// Rows that contradict themselves, each other or the declaration.
#[derive(ToSchema)]
pub(crate) struct Measures {
    /// Rows that start outside the declared period.
    outside_period: u64,
    /// Rows that start in months far from all others.
    outside_months: u64,
    /// Sessions that begin while another is plugged in at the same EVSE.
    overlaps: u64,
    /// Rows out of order.
    steps_back: u64,
    /// Rows that end before they start.
    end_before_start: u64,
    /// Stays of over twenty days.
    month_long: u64,
    /// Rows with more than 500 kW mean power or more than 1,000 kWh.
    implausible_power: u64,
    /// Rows with an hour that the local clock never showed.
    missing_hours: u64,
    /// Rows whose duration is not that between start and end.
    contradicts_duration: u64,
    /// Numbers that cannot be read.
    unreadable: u64,
}

/// One row that a repair changes.
#[derive(ToSchema)]
pub(crate) struct RepairExample {
    /// Row in the file.
    row: u64,
    /// Header of the column.
    column: String,
    /// Without the repair.
    before: String,
    /// With it.
    after: String,
}

/// Sessions of a local day, read both ways.
#[derive(ToSchema)]
pub(crate) struct DayCount {
    /// The day.
    day: String,
    /// Without the repair.
    before: u64,
    /// With it.
    after: u64,
}

/// A file read both ways.
#[derive(ToSchema)]
pub(crate) struct Headlines {
    /// Without the repair.
    before: Headline,
    /// With it.
    after: Headline,
}

/// Figures of a file at a glance.
#[derive(ToSchema)]
pub(crate) struct Headline {
    /// Sessions.
    sessions: u64,
    /// Their energy, kWh.
    energy_kwh: f64,
    /// First local day on which one starts.
    first_day: Option<String>,
    /// Last local day on which one starts.
    last_day: Option<String>,
}

/// A field that a column can feed.
#[derive(ToSchema)]
pub(crate) struct Field {
    /// Id.
    id: String,
    /// Name, in a few words.
    title: String,
    /// What belongs into it, in a sentence.
    help: String,
    /// Whether a layout needs it.
    needed: FieldNeeded,
    /// For `one_of`: the group of which a layout needs one.
    group: Option<String>,
}

/// Whether a layout needs a field.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum FieldNeeded {
    Always,
    OneOf,
    Optional,
}

/// Where a check begins to find something.
#[derive(ToSchema)]
pub(crate) struct Threshold {
    /// Name.
    name: String,
    /// Value.
    value: f64,
    /// Unit of the value; 1 for a ratio.
    unit: String,
}

/// A layout: which columns feed which fields, and how they are written. The same as the TOML file of a profile, as JSON; what is
/// not said has its usual value.
pub(crate) struct Layout;

impl PartialSchema for Layout {
    fn schema() -> RefOr<Schema> {
        let headers = ArrayBuilder::new().items(text("A header as in files")).build();
        let by_field = ObjectBuilder::new()
            .description(Some("Headers by the id of the field that the column feeds"))
            .additional_properties(Some(AdditionalProperties::RefOr(RefOr::T(headers.clone().into()))));
        let about = "Which columns feed which fields, and how they are written: a profile's TOML file as JSON. What is not \
                     said has its usual value.";
        ObjectBuilder::new()
            .description(Some(about))
            .property("name", text("Name"))
            .property("title", text("What it is, in a few words"))
            .property("kind", one_of(&["sessions", "register"]))
            .property("zone", text("IANA zone of its clocks, or UTC"))
            .property("times", one_of(&TIMES))
            .property("energy", one_of(&["kwh", "wh"]))
            .property("fee", one_of(&["pence", "pounds"]))
            .property("vat_percent", maybe(Type::Number))
            .property("duration", one_of(&["minutes", "seconds", "hours", "clock"]))
            .property("comma_decimal", maybe(Type::Boolean))
            .property("header_rows", maybe(Type::Integer))
            .property("columns", by_field)
            .property("ignored", headers)
            .required("kind")
            .required("zone")
            .required("columns")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

impl ToSchema for Layout {}

const TIMES: [&str; 10] = [
    "day_first",
    "month_first",
    "year_first",
    "rfc3339",
    "epoch",
    "epoch_ms",
    "rfc2822",
    "java_script",
    "mixed",
    "serial",
];

fn text(about: &str) -> Object {
    ObjectBuilder::new().schema_type(Type::String).description(Some(about)).build()
}

fn one_of(choices: &[&str]) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(choices.to_vec())).build()
}

fn maybe(kind: Type) -> Object {
    ObjectBuilder::new().schema_type(SchemaType::from_iter([kind, Type::Null])).build()
}
