//! How a denominator came about: everything there was, what was taken off and why, and what was divided by.

use kerbwatt_model::{Additive, Dimension, Metric, Period, Query, Rule, Total};
use serde::Serialize;

use crate::assemble::{Pieces, amount};
use crate::congestion::SiteTime;
use crate::facts::float;
use crate::groups::Groups;
use crate::per_session::Drivers;
use crate::sums::{Key, Sums};
use crate::{Engine, EngineError, RepairedReturn, Snapshot};

/// How the denominators of an answer came about.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Ledger {
    /// One for each rate that was asked for, and for each amount that not all sessions tell.
    pub rates: Vec<RateLedger>,
    /// Rows that are not in the figures, and why.
    pub left_out: Vec<LeftOut>,
    /// Returns behind the figures in which a repair was made.
    pub repaired: Vec<RepairedReturn>,
}

/// How the denominator of one rate came about, or what an amount rests on that not all sessions tell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RateLedger {
    /// Id of the metric.
    pub metric: &'static str,
    /// The steps, in order, with the amounts of the whole answer.
    pub lines: Vec<Line>,
    /// Amounts of each row of the answer, in the order of the steps.
    pub rows: Vec<Vec<f64>>,
}

/// What a line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineRole {
    /// Where it begins.
    Start,
    /// Is taken off.
    Minus,
    /// What is left.
    Left,
    /// What the rate is divided by: what is left, in the unit of the rate.
    Denominator,
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Line {
    /// Id.
    pub id: &'static str,
    /// What it is, in words.
    pub label: &'static str,
    /// What it does.
    pub role: LineRole,
    /// Unit of the amount.
    pub unit: &'static str,
    /// How much; what is taken off is not negative.
    pub amount: f64,
}

/// Rows that are not in the figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// Id of the reason.
    pub reason: &'static str,
    /// What they are and how far the count reaches, in words.
    pub words: String,
    /// How many.
    pub rows: u64,
    /// Their energy, kWh.
    pub energy_kwh: f64,
}

impl Ledger {
    pub(crate) fn reorder(&mut self, order: &[usize]) {
        for rate in &mut self.rates {
            rate.rows = order.iter().map(|row| std::mem::take(&mut rate.rows[*row])).collect();
        }
    }

    pub(crate) fn truncate(&mut self, rows: usize) {
        self.rates.iter_mut().for_each(|rate| rate.rows.truncate(rows));
    }
}

/// Whether a metric has a denominator, or counts only sessions that say something about it.
pub(crate) fn has(metric: &Metric) -> bool {
    matches!(
        metric.rule,
        Rule::Ratio { .. } | Rule::Congestion | Rule::TopShare(_) | Rule::Total(Total { known: Some(_), .. })
    )
}

/// The ledger of some rates, from what was found for the whole and by row.
pub(crate) fn of(
    rates: &[&'static Metric],
    whole: &Pieces<'_>,
    pieces: &Pieces<'_>,
    keys: &[Key],
    left_out: Vec<LeftOut>,
) -> Ledger {
    let rate = |metric: &&'static Metric| RateLedger {
        metric: metric.id,
        lines: lines(&metric.rule, whole, &vec![0]),
        rows: keys
            .iter()
            .map(|key| lines(&metric.rule, pieces, key).iter().map(|line| line.amount).collect())
            .collect(),
    };
    Ledger { rates: rates.iter().map(rate).collect(), left_out, repaired: Vec::new() }
}

fn lines(rule: &Rule, pieces: &Pieces<'_>, key: &Key) -> Vec<Line> {
    let none = Sums::default();
    let sums = pieces.sums.get(key).unwrap_or(&none);
    match rule {
        Rule::Ratio { below, .. } => of_total(below, sums),
        Rule::Total(Total { known: Some((_, known)), .. }) => of_known(*known, sums),
        Rule::Congestion => of_sites(pieces.sites.get(key).copied().unwrap_or_default()),
        Rule::TopShare(_) => of_drivers(pieces.drivers.get(key).copied().unwrap_or_default()),
        _ => Vec::new(),
    }
}

const EVSE_MINUTES: &str = "EVSE-minutes";

fn line(id: &'static str, label: &'static str, role: LineRole, unit: &'static str, amount: f64) -> Line {
    Line { id, label, role, unit, amount }
}

fn of_total(below: &Total, sums: &Sums) -> Vec<Line> {
    use LineRole::{Denominator, Minus, Start};
    let divided = amount(below, sums).unwrap_or(0.0);
    let of = |sum| sums.of(sum);
    match below.of {
        Additive::AvailableS | Additive::CapacityKwh | Additive::EndsAvailableS => of_time(below, sums),
        Additive::PoweredSessions => vec![
            line("started", "Sessions started", Start, "sessions", of(Additive::Sessions)),
            line("no_length", "Without length, so without power", Minus, "sessions", of(Additive::Sessions) - divided),
            line("denominator", "Divided by", Denominator, "sessions", divided),
        ],
        Additive::FeeKwh => vec![
            line("started", "Energy of sessions started", Start, "kWh", of(Additive::StartedKwh)),
            line("no_fee", "Of sessions without a fee", Minus, "kWh", of(Additive::StartedKwh) - divided),
            line("denominator", "Divided by", Denominator, "kWh", divided),
        ],
        Additive::RegisteredDays => vec![
            line("live", "Days of live charge points", Start, "EVSE-days", of(Additive::LiveDays)),
            line("unregistered", "Not in the register", Minus, "EVSE-days", of(Additive::LiveDays) - divided),
            line("denominator", "Divided by", Denominator, "EVSE-days", divided),
        ],
        _ => vec![
            line("started", "Sessions started", Start, "sessions", of(Additive::Sessions)),
            line("denominator", "Divided by", Denominator, "sessions", divided),
        ],
    }
}

/// What an amount rests on that not all sessions say something about.
fn of_known(known: Additive, sums: &Sums) -> Vec<Line> {
    use LineRole::{Left, Minus, Start};
    let of = |sum| sums.of(sum);
    let hours = |sum| of(sum) / 3600.0;
    if known == Additive::EndedS {
        let (all, counted) = (hours(Additive::PluggedS), hours(Additive::EndedS));
        return vec![
            line("plugged", "Hours plugged in", Start, "h", all),
            line("no_charging_end", "Of sessions whose end of charging is not reported", Minus, "h", all - counted),
            line("left", "Counted: plugged in, with the end of charging", Left, "h", counted),
        ];
    }
    let (all, counted) = (of(Additive::Sessions), of(known));
    vec![
        line("started", "Sessions started", Start, "sessions", all),
        line("no_fee", "Without a fee", Minus, "sessions", all - counted),
        line("left", "Counted: with a fee", Left, "sessions", counted),
    ]
}

/// Live, less closed, less unreported, less unknown.
fn of_time(below: &Total, sums: &Sums) -> Vec<Line> {
    use LineRole::{Denominator, Left, Minus, Start};
    let minutes = |sum| sums.of(sum) / 60.0;
    let (live, reported) = (minutes(Additive::LiveS), minutes(Additive::AvailableS));
    let mut lines = vec![
        line("live", "Live charge points × minutes", Start, EVSE_MINUTES, live),
        line("closed", "Closed (opening hours are not in version 1: none is taken off)", Minus, EVSE_MINUTES, 0.0),
        line("unreported", "Not covered by an accepted return", Minus, EVSE_MINUTES, live - reported),
    ];
    let mut left = reported;
    let mut take = |id, label, amount: f64| {
        left -= amount;
        lines.push(line(id, label, Minus, EVSE_MINUTES, amount));
    };
    match below.of {
        Additive::CapacityKwh => take("unknown_power", "Rated power unknown", reported - minutes(Additive::RatedS)),
        Additive::EndsAvailableS => {
            let unsaid = reported - minutes(Additive::EndsAvailableS);
            take("no_charging_ends", "In months in which the operator reports no end of charging", unsaid);
            let unknown = minutes(Additive::UnendedS);
            take("unknown_charging_end", "Plugged in by sessions whose end of charging is unknown", unknown);
        }
        _ => {}
    }
    let unit = match below.of {
        Additive::CapacityKwh => "kWh at rated power",
        _ if below.per >= 86_400.0 => "EVSE-days",
        // Time by time: the minutes themselves are what is divided by.
        _ => {
            lines.push(line("denominator", "Divided by", Denominator, EVSE_MINUTES, left));
            return lines;
        }
    };
    lines.push(line("left", "Counted", Left, EVSE_MINUTES, left));
    lines.push(line("denominator", "Divided by", Denominator, unit, amount(below, sums).unwrap_or(0.0)));
    lines
}

fn of_sites(time: SiteTime) -> Vec<Line> {
    use LineRole::{Denominator, Minus, Start};
    let minutes = |seconds| float(seconds) / 60.0;
    let unit = "site-minutes";
    vec![
        line("live", "Sites with a live charge point × minutes", Start, unit, minutes(time.live_s)),
        line("closed", "Closed (opening hours are not in version 1: none is taken off)", Minus, unit, 0.0),
        line("unreported", "Not covered by an accepted return", Minus, unit, minutes(time.live_s - time.open_s)),
        line("denominator", "Divided by", Denominator, unit, minutes(time.open_s)),
    ]
}

fn of_drivers(drivers: Drivers) -> Vec<Line> {
    use LineRole::{Denominator, Minus, Start};
    vec![
        line("started", "Energy of sessions started", Start, "kWh", drivers.all_kwh),
        line("no_driver", "Of sessions without a driver", Minus, "kWh", drivers.all_kwh - drivers.known_kwh),
        line("denominator", "Divided by", Denominator, "kWh", drivers.known_kwh),
    ]
}

/// Sessions in the lake that an area of the question cannot hold, because their charge points stand in none of that kind.
pub(crate) async fn left_out(
    engine: &Engine,
    snapshot: &Snapshot,
    query: &Query,
    period: &Period,
) -> Result<Vec<LeftOut>, EngineError> {
    let mut all = Vec::new();
    let areas = query.filters.iter().map(|filter| filter.dimension).filter(|d| matches!(d, Dimension::Area(_)));
    for area in areas {
        let others = query.filters.iter().filter(|filter| !matches!(filter.dimension, Dimension::Area(_))).cloned();
        let wider = Query { metrics: Vec::new(), by: vec![area], filters: others.collect(), ..query.clone() };
        let groups = Groups::build(snapshot, &wider, &[area], |member| vec![member.value(area).map(|_| "".into())])?;
        let sums = &[Additive::Sessions, Additive::StartedKwh];
        let found = engine.sums(snapshot, &wider, &groups, period, sums).await?;
        let outside = |key: &Key| usize::try_from(key[0]).is_ok_and(|group| groups.values[group][0].is_none());
        let mut sum = Sums::default();
        found.iter().filter(|(key, _)| outside(key)).for_each(|(_, sums)| sum += sums);
        if sum.of(Additive::Sessions) > 0.0 {
            let name = area.name().to_lowercase();
            all.push(LeftOut {
                reason: "outside_areas",
                words: format!(
                    "Sessions at charge points that stand in no {name}: not in the register, or without a place in it"
                ),
                rows: whole(sum.of(Additive::Sessions)),
                energy_kwh: sum.of(Additive::StartedKwh),
            });
        }
    }
    Ok(all)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, whole and not negative")]
fn whole(count: f64) -> u64 {
    count.round() as u64
}
