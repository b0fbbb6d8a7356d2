//! Repairs: what is systematically wrong with a file, proposed with the evidence for it.
//!
//! A repair is never made on suspicion. It is *provable* when what it claims explains nearly every contradiction of the file,
//! makes no new one, and independent kinds of evidence agree; only then can it be applied, and only if the caller asks for it
//! ([`crate::Declared::repairs`]). Everything else is a finding. The same bytes and declaration give the same repairs.

pub(crate) mod amounts;
mod bounds;
mod civil_days;
pub(crate) mod clock_nights;
pub(crate) mod coordinates;
mod day_month;
mod durations;
pub(crate) mod earlier;
pub(crate) mod facts;
mod order;
mod overlaps;
pub(crate) mod plan;
mod week;
pub(crate) mod witness;
mod zone;

use std::collections::HashSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub(crate) use civil_days::{DAY_S, swapped_date};
pub(crate) use earlier::Overlap;
pub(crate) use facts::{Fact, Facts};
pub(crate) use plan::{Pick, Plan, Reading};
pub(crate) use witness::Witnesses;
pub(crate) use zone::as_utc as zone_as_utc;

use kerbwatt_model::{Period, Zone};

/// What a repair puts right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairKind {
    /// An export tool exchanged day and month wherever the day was 12 or less.
    DayMonthSwap,
    /// Clocks are on UTC, although the layout says local time.
    MislabelledZone,
    /// Energy is in watt-hours in a column of kilowatt-hours.
    EnergyUnit,
    /// Durations are in seconds or hours in a column of minutes.
    DurationUnit,
    /// Commas are decimal commas, although the layout says otherwise.
    DecimalComma,
    /// Latitude and longitude are exchanged, or one lost its sign.
    Coordinates,
}

impl RepairKind {
    /// All kinds, in the order in which they are applied.
    pub const ALL: [Self; 6] = [
        Self::DecimalComma,
        Self::DayMonthSwap,
        Self::DurationUnit,
        Self::EnergyUnit,
        Self::MislabelledZone,
        Self::Coordinates,
    ];

    /// Id, as in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::DayMonthSwap => "day_month_swap",
            Self::MislabelledZone => "mislabelled_zone",
            Self::EnergyUnit => "energy_unit",
            Self::DurationUnit => "duration_unit",
            Self::DecimalComma => "decimal_comma",
            Self::Coordinates => "coordinates",
        }
    }

    /// The kind of an id.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::DayMonthSwap => "Day and month exchanged where the day is 12 or less",
            Self::MislabelledZone => "Clocks on UTC labelled as local",
            Self::EnergyUnit => "Watt-hours in a column of kilowatt-hours",
            Self::DurationUnit => "Durations in another unit than the column says",
            Self::DecimalComma => "Decimal commas not declared",
            Self::Coordinates => "Latitude and longitude exchanged, or a sign lost",
        }
    }
}

/// A repair: proposed, or applied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repair {
    /// What it puts right.
    pub kind: RepairKind,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What was found, in words for an analyst.
    pub says: String,
    /// Rows whose values change.
    pub rows: u64,
    /// Rows that the repair leaves as they are and flags, because it makes no sense of them.
    pub unresolved: u64,
    /// What speaks for it.
    pub evidence: Evidence,
    /// Whether it is proved; one that is not is a finding and cannot be applied.
    pub provable: bool,
    /// The first rows that change, at most five.
    pub examples: Vec<RepairExample>,
    /// Sessions by local day of plug-in read both ways, days in order; empty where the repair changes no day.
    pub by_day: Vec<DayCount>,
    /// The whole file read both ways.
    pub headline: Headlines,
}

/// Contradictions with and without a repair, and what they amount to.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Evidence {
    /// Contradictions in the file as read.
    pub before: Measures,
    /// Contradictions with the repair.
    pub after: Measures,
    /// Each independent kind of evidence, and whether it speaks for the repair.
    pub kinds: Vec<EvidenceKind>,
}

/// One independent kind of evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceKind {
    /// Id: `period`, `order`, `stays`, `week`, `power`, `text`, `clock`, `second_column`, `earlier_return` or `place`.
    pub id: &'static str,
    /// Whether it speaks for the repair.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub says: String,
}

/// Whether a kind of evidence speaks for a repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// For it.
    Agrees,
    /// Neither.
    Silent,
    /// Against it: then the repair is not proved.
    Against,
}

/// Rows that contradict themselves, each other or the declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Measures {
    /// Rows that start outside the declared period; 0 when none is declared.
    pub outside_period: u64,
    /// Rows that start in months far from those of the rows whose date has one reading only.
    pub outside_months: u64,
    /// Sessions that begin while another is plugged in at the same EVSE.
    pub overlaps: u64,
    /// Rows out of order: how many would have to go for the rest to follow each other day by day, in the order of event numbers
    /// or else of the file. 0 where neither follows time.
    pub steps_back: u64,
    /// Rows that end before they start.
    pub end_before_start: u64,
    /// Stays of over twenty days.
    pub month_long: u64,
    /// Rows with more than 500 kW mean power or more than 1,000 kWh.
    pub implausible_power: u64,
    /// Rows with an hour that the local clock never showed.
    pub missing_hours: u64,
    /// Rows whose duration is not that between start and end.
    pub contradicts_duration: u64,
    /// Numbers that cannot be read.
    pub unreadable: u64,
}

/// One row that a repair changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepairExample {
    /// Row in the file; the first row below the header is 1.
    pub row: u64,
    /// Header of the column.
    pub column: String,
    /// As read without the repair.
    pub before: String,
    /// With it.
    pub after: String,
}

/// Sessions that start on a local day, read both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DayCount {
    /// The day.
    pub day: Date,
    /// Without the repair.
    pub before: u64,
    /// With it.
    pub after: u64,
}

/// A file read both ways.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Headlines {
    /// Without the repair.
    pub before: Headline,
    /// With it.
    pub after: Headline,
}

/// Figures of a file at a glance: rows with start, end and energy of which the end is not before the start. The hub counts those that
/// pass all checks instead, where the repair can be applied.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Headline {
    /// Sessions.
    pub sessions: u64,
    /// Their energy, kWh.
    pub energy_kwh: f64,
    /// First local day on which one starts.
    pub first_day: Option<Date>,
    /// Last local day on which one starts.
    pub last_day: Option<Date>,
}

/// What is known of a file besides its facts.
pub(crate) struct Setting<'a> {
    pub(crate) period: Option<Period>,
    pub(crate) zone: &'a Zone,
    /// Dates were read from civil text, so that day and month can have been exchanged.
    pub(crate) is_civil: bool,
    /// The end is computed from the duration.
    pub(crate) end_is_derived: bool,
    /// Durations are numbers in a column of minutes.
    pub(crate) durations_are_minutes: bool,
    /// Energy and mean power that no session can have: the limits in force, but no less than the usual ones.
    pub(crate) most_kwh: f64,
    pub(crate) most_kw: f64,
    /// Repairs to apply.
    pub(crate) wanted: &'a [RepairKind],
    /// Headers of the columns of times, energy and durations.
    pub(crate) columns: Columns,
    /// How its times compare with those of the same sessions in earlier returns.
    pub(crate) overlap: Option<&'a Overlap>,
    /// What commas may mean that are not read as decimal ones.
    pub(crate) commas: UnclearCommas,
}

/// Commas that may be decimal ones although they are not read so.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct UnclearCommas {
    /// Energies that can be read in no other way.
    pub(crate) unreadable: u64,
    /// Whether a duration has one.
    pub(crate) in_durations: bool,
}

/// Headers, for examples.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    pub(crate) start: String,
    pub(crate) end: String,
    pub(crate) energy: String,
    pub(crate) duration: String,
}

/// What was found, and how to read the file.
#[derive(Default)]
pub(crate) struct Examined {
    pub(crate) plan: Plan,
    pub(crate) proposed: Vec<Repair>,
    pub(crate) applied: Vec<Repair>,
    /// Rows whose day and month may be exchanged, which nothing proves.
    pub(crate) doubtful: HashSet<u32>,
}

impl Examined {
    /// Whether nothing was looked for or found.
    pub(crate) fn is_blank(&self) -> bool {
        self.proposed.is_empty() && self.applied.is_empty()
    }

    /// Files a repair as applied or proposed; says whether it is to be applied.
    pub(crate) fn file(&mut self, repair: Repair, wanted: &[RepairKind]) -> bool {
        let is_applied = repair.provable && wanted.contains(&repair.kind);
        if is_applied {
            self.applied.push(repair);
        } else {
            self.proposed.push(repair);
        }
        is_applied
    }
}

/// Looks for repairs in the facts of a file. Facts change as repairs are applied: what is proposed later is found in the
/// file as it is read by then.
pub(crate) fn examine(
    facts: &mut Facts,
    witnesses: &Witnesses,
    setting: &Setting<'_>,
    mut so_far: Examined,
) -> Examined {
    if setting.is_civil {
        let found = day_month::find(facts, setting);
        so_far.doubtful = day_month::doubtful(facts, found.as_ref());
        if let Some(found) = found
            && so_far.file(found.repair, setting.wanted)
        {
            found.swap.apply(facts);
            so_far.plan.swap = Some(found.swap);
        }
    }
    if let Some((repair, factor)) = durations::duration_unit(facts, setting)
        && so_far.file(repair, setting.wanted)
    {
        durations::stretch(facts, factor);
        so_far.plan.duration_factor = factor;
    }
    // Until it is decided what their commas mean, nothing can be said of the unit of energies.
    let has_unclear_commas = so_far.proposed.iter().any(|repair| repair.kind == RepairKind::DecimalComma);
    if !has_unclear_commas
        && let Some(repair) = amounts::energy_unit(facts, setting)
        && so_far.file(repair, setting.wanted)
    {
        so_far.plan.is_energy_in_wh = true;
    }
    if setting.is_civil {
        if let Some(repair) = zone::find(facts, setting, witnesses)
            && so_far.file(repair, setting.wanted)
        {
            so_far.plan.is_utc = true;
        } else {
            so_far.plan.picks = clock_nights::settle(facts, setting.zone, setting.end_is_derived);
        }
    }
    so_far
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_by_their_id() {
        for kind in RepairKind::ALL {
            assert_eq!(RepairKind::of_id(kind.id()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).ok(), Some(format!("\"{}\"", kind.id())));
        }
        assert_eq!(RepairKind::of_id("guess"), None);
    }
}
