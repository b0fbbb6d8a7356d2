//! From figures to sentences: pure, so that every situation can be tried.

use kerbwatt_model::Period;

use super::figures::Figures;
use super::words::{count, day, percent, period, some};
use super::{Sentence, SentenceKind};
use crate::patterns::views::{Growth, LikeForLike, StepChange};

/// Below this share of covered charge-point days every view says so.
const THIN: f64 = 0.9;
/// Below this one, totals say nothing of the whole.
const VERY_THIN: f64 = 0.5;
/// A smaller change than this is none to speak of.
const SMALL: f64 = 0.01;
/// Use is told to be in few hands when at most this share of charge points has half of it.
const FEW: f64 = 0.2;
/// A step is told when it changes the level by at least this share: smaller ones are sure, and of no use to anybody.
const LARGE: f64 = 0.1;
/// Of fewer sessions percentages say more than there is.
const FEW_SESSIONS: f64 = 30.0;
const MOST: usize = 4;

/// What figures say.
pub(super) fn sentences(figures: &Figures) -> Vec<Sentence> {
    let Some(size) = size(figures) else { return vec![nothing(figures)] };
    let change = change(figures);
    let trust: Vec<Sentence> = thin(figures).into_iter().chain(invented(figures)).collect();
    let room = MOST - 1 - usize::from(change.is_some()) - trust.len();
    let unusual = [step(figures), unused(figures), half(figures)].into_iter().flatten().take(room);
    std::iter::once(size).chain(change).chain(unusual).chain(trust).collect()
}

fn sentence(kind: SentenceKind, basis: &[&'static str], text: String) -> Sentence {
    Sentence { kind, text, basis: basis.to_vec() }
}

/// Where there is nothing to tell: why.
fn nothing(figures: &Figures) -> Sentence {
    let text = match &figures.period {
        None => "There is no data yet.".to_owned(),
        Some(asked) if figures.coverage.registered_evse_days > 0.0 || figures.evses > 0.0 => {
            format!("There is no return for the charge points here {}; that is not the same as no use.", period(asked))
        }
        Some(asked) => format!("No charge point is known to have been in service here {}.", period(asked)),
    };
    sentence(SentenceKind::Trust, &["coverage"], text)
}

/// How much there is; none where nothing was reported.
fn size(figures: &Figures) -> Option<Sentence> {
    let (asked, sessions) = (figures.period.as_ref()?, figures.sessions?);
    let when = period(asked);
    let points = if figures.evses == 1.0 { "the charge point was" } else { "charge points were" };
    let text = match figures.utilisation {
        _ if sessions == 0.0 => format!("No charging session was reported {when}."),
        Some(share) => {
            format!(
                "{} {} reported {when}; {points} used {} of the time.",
                some(sessions, "charging session"),
                were(sessions),
                percent(share)
            )
        }
        None => format!("{} {} reported {when}.", some(sessions, "charging session"), were(sessions)),
    };
    Some(sentence(SentenceKind::Size, &["sessions", "utilisation_time"], text))
}

fn were(number: f64) -> &'static str {
    if number == 1.0 { "was" } else { "were" }
}

/// `rose 11%`, `fell 3%`, `stayed about the same`
fn moved(change: f64) -> String {
    if change.abs() < SMALL {
        return "stayed about the same".to_owned();
    }
    format!("{} {}", if change > 0.0 { "rose" } else { "fell" }, percent(change.abs()))
}

/// What changed on the year before, and whether like for like.
fn change(figures: &Figures) -> Option<Sentence> {
    // Nothing in use now or then is no ground for percentages.
    let about = |text: String| Some(sentence(SentenceKind::Change, &["sessions", "like_for_like"], text));
    let Some(growth) = &figures.growth else {
        return about(
            "Returns do not cover all of the same days a year before, so that there is nothing to compare with."
                .to_owned(),
        );
    };
    let near = if growth.comparison.is_near() { "nearly " } else { "" };
    let before = &format!("{near}the same days a year before");
    let sessions = subject(figures, growth);
    if let Some(why) = growth.comparison.why_not() {
        return about(match growth.like_for_like.and_then(|same| Some((same, same.change?))) {
            Some((same, change)) => format!(
                "{sessions} at {} with returns for both periods {} on {before}; totals are not compared, because {why}.",
                the(&same),
                moved(change),
            ),
            None => format!("{sessions} are not compared with {before}: {why}."),
        });
    }
    let Some(change) = growth.change else {
        return about(format!("No session was reported for {before}."));
    };
    let same = same_points(growth, change);
    if growth.before < FEW_SESSIONS && growth.now != growth.before {
        let way = if change > 0.0 { "rose" } else { "fell" };
        return about(format!(
            "{sessions} {way} to {} from {} on {before}{same}.",
            count(growth.now),
            count(growth.before)
        ));
    }
    about(format!("{sessions} {} on {before}{same}.", moved(change)))
}

/// `Sessions`, or `From April 2019 to March 2020 sessions` where only the last year of the period is compared.
fn subject(figures: &Figures, growth: &Growth) -> String {
    let compared = Period { first: growth.from, last: growth.to };
    if figures.period == Some(compared) {
        return "Sessions".to_owned();
    }
    let when = period(&compared);
    let mut letters = when.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{} sessions", letters.as_str())
}

/// `the charge point`, `the 1,102 charge points`
fn the(same: &LikeForLike) -> String {
    if same.evses == 1 {
        "the 1 charge point".to_owned()
    } else {
        format!("the {}", some(float(same.evses), "charge point"))
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of charge points")]
fn float(count: usize) -> f64 {
    count as f64
}

/// What the same charge points did beside a total change.
fn same_points(growth: &Growth, change: f64) -> String {
    let all_same =
        growth.like_for_like.is_some_and(|same| same.evses == growth.evses_now && same.evses == growth.evses_before);
    if all_same {
        return if growth.evses_now == 1 { String::new() } else { ", at the same charge points".to_owned() };
    }
    let numbers = numbers(growth);
    let Some(same) = growth.like_for_like else {
        return format!("{numbers}; no charge point was reported on throughout both periods");
    };
    match same.change.map(|change| (same, change)) {
        None => format!("{numbers}; at {} reported on throughout both periods there was no use before", the(&same)),
        Some((same, own)) if change >= SMALL && own < SMALL => {
            let own = if own.abs() < SMALL {
                "they stayed about the same".to_owned()
            } else {
                format!("they {}", moved(own))
            };
            format!(
                "{numbers}: all of the rise is at other charge points, and at {} reported on throughout both periods {own}",
                the(&same)
            )
        }
        Some((same, own)) => {
            format!("{numbers}; at {} reported on throughout both periods they {}", the(&same), moved(own))
        }
    }
}

/// How many charge points stand behind a change, where not as many as before; and where that is much, what one of them did.
fn numbers(growth: &Growth) -> String {
    let per_day = growth.comparison.point_days_ratio().filter(|ratio| *ratio > 0.0);
    if let Some((points, ratio)) = growth.comparison.points().zip(per_day)
        && growth.before > 0.0
    {
        let own = moved(growth.now / growth.before / ratio - 1.0);
        return format!(", with {points} (per charge-point day they {own})");
    }
    if growth.evses_now == growth.evses_before {
        return String::new();
    }
    format!(
        ", with {} reported on instead of {}",
        some(float(growth.evses_now), "charge point"),
        count(float(growth.evses_before))
    )
}

/// The largest change of level.
fn step(figures: &Figures) -> Option<Sentence> {
    let size = |step: &&StepChange| step.change_share.map_or(0.0, f64::abs);
    let largest = figures.steps.iter().max_by(|a, b| size(a).total_cmp(&size(b))).filter(|step| size(step) >= LARGE)?;
    let way = if largest.change > 0.0 { "rose" } else { "fell" };
    let (before, after) = (percent(largest.before.max(0.0)), percent(largest.after.max(0.0)));
    if before == after {
        return None;
    }
    let when = if largest.earliest == largest.latest {
        format!("on {}", day(largest.day))
    } else {
        format!("around {} (between {} and {})", day(largest.day), day(largest.earliest), day(largest.latest))
    };
    let text = format!(
        "The time that a charge point is used {way} from {before} to {after} {when}; so clear a step comes by chance at most once in 100 such series."
    );
    Some(sentence(SentenceKind::Unusual, &["utilisation_time", "steps"], text))
}

/// Charge points without a session.
fn unused(figures: &Figures) -> Option<Sentence> {
    let unused = figures.unused.filter(|unused| *unused > 0.0 && figures.evses > 1.0)?;
    let text = format!("{} had no session on any day that was reported.", some(unused, "charge point"));
    Some(sentence(SentenceKind::Unusual, &["evses_unused"], text))
}

/// Use in few hands.
fn half(figures: &Figures) -> Option<Sentence> {
    let (all, half) = figures.half.filter(|(all, half)| *all > 4 && float(*half) <= FEW * float(*all))?;
    let text = if half == 1 {
        format!("One charge point of {} delivered half of the energy or more.", count(float(all)))
    } else {
        format!("{} of {} charge points delivered half of the energy.", count(float(half)), count(float(all)))
    };
    Some(sentence(SentenceKind::Unusual, &["energy_kwh", "concentration"], text))
}

/// How far the figures can be trusted, where that is not far.
fn thin(figures: &Figures) -> Option<Sentence> {
    let about = |text: String| Some(sentence(SentenceKind::Trust, &["coverage"], text));
    let coverage = &figures.coverage;
    let Some(share) = coverage.share else {
        return about(
            "None of these charge points is in the register, so it is not known what share of use was reported."
                .to_owned(),
        );
    };
    let silent = coverage.operators_registered.saturating_sub(coverage.operators_reported);
    let who = match silent {
        0 => String::new(),
        silent => format!(", and there is no return from {}", some(float(silent), "operator")),
    };
    let beside = match coverage.operators_unregistered {
        0 => String::new(),
        1 => "; 1 operator without a register is in the totals, of which no share can be told".to_owned(),
        many => format!("; {many} operators without a register are in the totals, of which no share can be told"),
    };
    if share == 0.0 && !beside.is_empty() {
        return about(format!("There is no return from {} in the register{beside}.", some(float(silent), "operator")));
    }
    if share < VERY_THIN {
        return about(format!(
            "Returns cover {}{} of registered charge-point days{who}: totals say little about all charge points here{beside}.",
            if share < 0.01 { "" } else { "only " },
            percent(share)
        ));
    }
    if share < THIN || silent > 0 {
        return about(format!(
            "Returns cover {} of registered charge-point days{who}; what is missing is not in the totals{beside}.",
            percent(share)
        ));
    }
    let days = figures.missing_days;
    (days > 0).then(|| {
        let text = format!(
            "For {} there is no return at all; what is missing is not in the totals.",
            some(float(days), "day")
        );
        sentence(SentenceKind::Trust, &["coverage"], text)
    })
}

fn invented(figures: &Figures) -> Option<Sentence> {
    let text = "All of this is invented sample data.".to_owned();
    figures.sample.then(|| sentence(SentenceKind::Trust, &["sample"], text))
}
