//! Which columns are the start and the end of sessions.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::moments::{Form, Look, Shown, look, seconds};
use super::sheet::Sheet;
use super::vocabulary::Meaning as M;
use super::words::Said;
use super::zones::{self, Clock};
use super::{Guess, agreed};
use crate::profiles::{Field, Times};

/// Start and end of the sessions, as far as columns show them.
pub(super) struct Found {
    pub(super) guesses: Vec<Guess>,
    pub(super) times: Option<Times>,
    pub(super) doubts: Vec<String>,
    /// Start of each row, seconds.
    pub(super) starts: Vec<Option<i64>>,
    /// Length of each row by its end, seconds; none in each where there is no end.
    pub(super) spans: Vec<Option<f64>>,
    /// IANA zone that the headers name.
    pub(super) zone: Option<String>,
    /// The header is in another language, so that the clocks may be in another zone.
    pub(super) is_foreign: bool,
}

/// A column, or a date and a clock, that could be a moment of the session.
struct Candidate {
    day: usize,
    clock: Option<usize>,
    look: Look,
    /// How much the headers say that it is the start, 0 to 1.
    start: f64,
    /// How much the headers say that it is the end.
    end: f64,
    day_first: Vec<Option<i64>>,
    month_first: Vec<Option<i64>>,
}

impl Candidate {
    fn seconds(&self, times: Times) -> &[Option<i64>] {
        if times == Times::MonthFirst { &self.month_first } else { &self.day_first }
    }

    fn uses(&self, other: &Self) -> bool {
        self.day == other.day || (self.clock.is_some() && self.clock == other.clock)
    }
}

/// Sessions longer than this say that two columns do not belong together.
const LONGEST_S: i64 = 30 * 86_400;

/// How alike two candidates must score for the choice to be open.
const CLOSE: f64 = 0.08;

/// Finds start and end.
pub(super) fn find(sheet: &Sheet) -> Found {
    let candidates = candidates(sheet);
    let mut best: Option<(f64, usize, Option<usize>)> = None;
    for (at, start) in candidates.iter().enumerate() {
        let alone = (start.start * 1.5, at, None);
        let pairs = candidates.iter().enumerate().filter(|(_, end)| end.day != start.day || end.clock != start.clock);
        let scored = pairs.filter_map(|(other, end)| Some((score(start, end)?, at, Some(other))));
        for option in scored.chain((start.start > 0.0 || sheet.header_rows == 0).then_some(alone)) {
            if best.as_ref().is_none_or(|(score, ..)| option.0 > *score) {
                best = Some(option);
            }
        }
    }
    let Some((_, start, end)) = best else { return nothing(sheet) };
    chosen(sheet, &candidates, &candidates[start], end.map(|end| &candidates[end]))
}

fn nothing(sheet: &Sheet) -> Found {
    let (starts, spans) = (vec![None; sheet.rows], vec![None; sheet.rows]);
    Found { guesses: Vec::new(), times: None, doubts: Vec::new(), starts, spans, zone: None, is_foreign: false }
}

/// How well two candidates are start and end: what the headers say, and how many sessions then end after they start.
fn score(start: &Candidate, end: &Candidate) -> Option<f64> {
    let (times, _) = together(start, Some(end))?;
    let fits = fits(start.seconds(times), end.seconds(times))?;
    let is_beside = |candidate: &Candidate| candidate.clock.is_some_and(|clock| clock == candidate.day + 1);
    let beside = [start, end].into_iter().filter(|candidate| is_beside(candidate)).count();
    let shares_day = if start.uses(end) { 0.3 } else { 0.0 };
    Some(start.start + end.end + fits + 0.02 * f64::from(u8::try_from(beside).unwrap_or(0)) - shares_day)
}

/// Share of the rows with both that end at or after their start, and not too long after; none where there is no such row, or
/// where start and end are the same in most.
fn fits(starts: &[Option<i64>], ends: &[Option<i64>]) -> Option<f64> {
    let both: Vec<i64> = starts.iter().zip(ends).filter_map(|(start, end)| Some((*end)? - (*start)?)).collect();
    let fitting = both.iter().filter(|span| (0..=LONGEST_S).contains(*span)).count();
    let long = both.iter().filter(|span| **span > 30).count();
    (2 * long > both.len()).then(|| super::ratio(fitting, both.len()))
}

/// How the moments of both are written, and what they show of it; none where they are written in different ways.
fn together(start: &Candidate, end: Option<&Candidate>) -> Option<(Times, Shown)> {
    let shown = end.map_or(start.look.shown, |end| start.look.shown.and(end.look.shown));
    let times = match (start.look.form, end.map_or(start.look.form, |end| end.look.form)) {
        (Form::Instant(a), Form::Instant(b)) => (a == b).then_some(a)?,
        (Form::Serial, Form::Serial) => Times::Serial,
        (Form::Instant(_) | Form::Serial, _) | (_, Form::Instant(_) | Form::Serial) => return None,
        _ if shown.year_first == shown.all => Times::YearFirst,
        _ if shown.needs_no_order() => Times::DayFirst,
        _ if shown.day_first > 0
            && shown.month_first * 20 > shown.day_first
            && shown.day_first * 20 > shown.month_first =>
        {
            Times::Mixed
        }
        _ if shown.month_first > shown.day_first => Times::MonthFirst,
        _ if shown.day_first > 0 => Times::DayFirst,
        _ => likelier(start, end),
    };
    Some((times, shown))
}

/// The order in which the rows make more sense, where no date shows it: by sessions that end after they start, then by rows that
/// follow each other in time.
fn likelier(start: &Candidate, end: Option<&Candidate>) -> Times {
    let sense = |times: Times| {
        let starts = start.seconds(times);
        let fitting = end.map_or(0.0, |end| fits(starts, end.seconds(times)).unwrap_or(0.0));
        let read: Vec<i64> = starts.iter().flatten().copied().collect();
        let back = read.windows(2).filter(|pair| pair[1] < pair[0]).count();
        let steps = back.min(read.len().saturating_sub(1) - back);
        (fitting, std::cmp::Reverse(steps))
    };
    if sense(Times::MonthFirst) > sense(Times::DayFirst) { Times::MonthFirst } else { Times::DayFirst }
}

fn candidates(sheet: &Sheet) -> Vec<Candidate> {
    let looks: Vec<(usize, Look)> = sheet.filled().map(|(at, column)| (at, look(column))).collect();
    let of_form = |wanted: fn(&Look) -> bool| looks.iter().filter(move |(_, look)| wanted(look)).copied();
    let whole = of_form(|look| matches!(look.form, Form::Instant(_) | Form::Civil | Form::Serial))
        .map(|(at, look)| (at, None, look));
    let days = of_form(|look| look.form == Form::Day || (look.form == Form::Civil && look.is_midnight));
    let clocks: Vec<usize> = of_form(|look| look.form == Form::Clock).map(|(at, _)| at).take(8).collect();
    let split = days.take(8).flat_map(|(day, look)| clocks.iter().map(move |clock| (day, Some(*clock), look)));
    let all: Vec<_> = whole.take(16).chain(split).collect();
    all.into_iter().map(|(day, clock, look)| candidate(sheet, day, clock, look)).collect()
}

fn candidate(sheet: &Sheet, day: usize, clock: Option<usize>, look: Look) -> Candidate {
    let said = &sheet.columns[day].said;
    let (start, end) = match clock.map(|at| &sheet.columns[at].said) {
        None => (start_said(said), end_said(said)),
        Some(clock) => (both(start_said(said), start_said(clock)), both(end_said(said), end_said(clock))),
    };
    let read = |times| seconds(sheet, day, clock, times);
    let (day_first, month_first) = match look.form {
        Form::Instant(times) => (read(times), Vec::new()),
        Form::Serial => (read(Times::Serial), Vec::new()),
        _ => (read(Times::DayFirst), read(Times::MonthFirst)),
    };
    Candidate { day, clock, look, start, end, day_first, month_first }
}

/// What a date and a clock say together: both must at least not say something else.
fn both(day: f64, clock: f64) -> f64 {
    if day.min(clock) < 0.5 { 0.0 } else { day.max(clock) - 0.05 }
}

const OTHER_MOMENTS: [M; 5] = [M::Record, M::Idle, M::Battery, M::Money, M::Meter];

/// Whether a header says that it is a date or a time, but not which. A time of parking alone is mostly how long it was.
fn is_moment(said: &Said) -> bool {
    said.says_any(&[M::Day, M::Clock, M::Stamp]) && !said.says(M::Parked)
}

fn start_said(said: &Said) -> f64 {
    let is_moment = is_moment(said);
    match () {
        () if said.says_any(&OTHER_MOMENTS) || said.says(M::End) => 0.0,
        () if said.says(M::Start) && said.says(M::Charging) => 0.9,
        () if said.says(M::Start) => 1.0,
        () if said.says(M::Plugged) => 0.95,
        () if is_moment && said.is_understood() => 0.5,
        () => 0.0,
    }
}

fn end_said(said: &Said) -> f64 {
    let is_moment = is_moment(said);
    match () {
        () if said.says_any(&OTHER_MOMENTS) || (said.says(M::Start) && !said.says(M::End)) => 0.0,
        () if said.says(M::End) && said.says(M::Charging) && !said.says(M::Session) => 0.8,
        () if said.says(M::End) => 1.0,
        () if is_moment && said.is_understood() => 0.5,
        () => 0.0,
    }
}

fn chosen(sheet: &Sheet, all: &[Candidate], start: &Candidate, end: Option<&Candidate>) -> Found {
    let Some((times, shown)) = together(start, end) else { return nothing(sheet) };
    let starts = start.seconds(times).to_vec();
    let ends = end.map(|end| end.seconds(times));
    let fitting = ends.map(|ends| fits(&starts, ends).unwrap_or(0.0));
    let mut doubts = doubts_of_order(times, shown);
    doubts.extend(doubt_of_years(shown, &starts));
    doubts.extend(ends.and_then(|ends| doubt_of_serials(times, &starts, ends)));
    doubts.extend(doubt_of_half_days(sheet, times, [Some(start), end]));
    let others = |by: fn(&Candidate) -> f64, of: &Candidate| {
        let is_rival = |other: &&Candidate| !other.uses(of) && by(other) > 0.5 && by(other) >= by(of) - CLOSE;
        all.iter().find(|other| is_rival(other)).map(|other| sheet.columns[other.day].header.clone())
    };
    let mut guesses = Vec::new();
    let mut add = |candidate: &Candidate, field: Field, said: f64, rival: Option<String>| {
        let read =
            super::ratio(candidate.seconds(times).iter().flatten().count(), sheet.columns[candidate.day].filled());
        let shows = read * fitting.unwrap_or(1.0);
        let confidence = agreed(said, shows).min(if rival.is_some() { 0.7 } else { 1.0 });
        if let Some(rival) = rival {
            doubts.push(format!("“{rival}” could be meant as well as “{}”.", sheet.columns[candidate.day].header));
        }
        let why = why(candidate, field, said, shows, times);
        guesses.push(Guess { field, column: candidate.day, said, confidence, why: why.clone() });
        if let (Some(column), Some(field)) = (candidate.clock, field.time_of_day()) {
            guesses.push(Guess { field, column, said, confidence, why });
        }
    };
    add(start, Field::PlugIn, start.start, others(|other| other.start, start));
    if let Some(end) = end {
        add(end, Field::PlugOut, end.end, others(|other| other.end, end));
        if start.uses(end) {
            doubts.push(
                "One date serves start and end, so that sessions past midnight seem to end before they start.".into(),
            );
        }
    }
    let used = |at: &usize| guesses.iter().any(|guess| guess.column == *at);
    let said = |guess: &&Guess| &sheet.columns[guess.column].said;
    let is_foreign = guesses.iter().any(|guess| said(&guess).is_foreign);
    let zone = times.are_civil().then(|| clock(sheet, start, end));
    let zone = zone.and_then(|clock| {
        doubts.extend(clock.doubt);
        clock.zone
    });
    if let Some(column) = charging_end(all, &used, sheet, times, &starts) {
        guesses.push(column);
    }
    let span = |(start, end): (&Option<i64>, &Option<i64>)| Some(super::float((*end)? - (*start)?));
    let spans = ends.map_or_else(|| vec![None; sheet.rows], |ends| starts.iter().zip(ends).map(span).collect());
    Found { guesses, times: Some(times), doubts, starts, spans, zone, is_foreign }
}

/// The clock that the headers of start and end name.
fn clock(sheet: &Sheet, start: &Candidate, end: Option<&Candidate>) -> Clock {
    let headers = |candidate: &Candidate| -> Vec<&str> {
        let columns = std::iter::once(candidate.day).chain(candidate.clock);
        columns.map(|at| sheet.columns[at].header.as_str()).collect()
    };
    zones::of_headers(&headers(start), &end.map(headers).unwrap_or_default())
}

/// Another end, that of charging.
fn charging_end(
    all: &[Candidate],
    is_used: &dyn Fn(&usize) -> bool,
    sheet: &Sheet,
    times: Times,
    starts: &[Option<i64>],
) -> Option<Guess> {
    let is_end_of_charging = |said: &Said| {
        said.says(M::End) && said.says(M::Charging) && !said.says(M::Parked) && !said.says_any(&OTHER_MOMENTS)
    };
    let found = all.iter().find(|other| {
        let is_alike =
            together(other, None).is_some_and(|(own, _)| own == times || times.are_civil() && own.are_civil());
        other.clock.is_none() && !is_used(&other.day) && is_alike && is_end_of_charging(&sheet.columns[other.day].said)
    })?;
    let fits = fits(starts, found.seconds(times)).unwrap_or(0.0);
    let why = "the header says end of charging, and it is after the start".to_owned();
    let confidence = agreed(1.0, fits);
    Some(Guess { field: Field::ChargingEnd, column: found.day, said: 1.0, confidence, why })
}

fn why(candidate: &Candidate, field: Field, said: f64, shows: f64, times: Times) -> String {
    let what = if field == Field::PlugIn { "start" } else { "end" };
    let header = match said {
        said if said > 0.6 => format!("the header says {what}"),
        said if said > 0.0 => "the header says date or time".to_owned(),
        _ => "the header says nothing".to_owned(),
    };
    let form = match (candidate.look.form, times) {
        (Form::Instant(_), _) => "instants",
        (Form::Serial, _) => "dates as spreadsheets count days",
        (_, Times::YearFirst) => "dates with the year first",
        (_, Times::MonthFirst) => "dates with the month first",
        (_, Times::Mixed) => "dates in two orders",
        _ => "dates with the day first",
    };
    let percent = shows * 100.0;
    format!("{header}; {percent:.0} % of the values are {form} that make sense as the {what}")
}

/// Why the order of day and month is not certain.
fn doubts_of_order(times: Times, shown: Shown) -> Vec<String> {
    let mut doubts = Vec::new();
    if shown.needs_no_order() {
        return doubts;
    }
    let (for_it, against) = match times {
        Times::DayFirst => (shown.day_first, shown.month_first),
        Times::MonthFirst => (shown.month_first, shown.day_first),
        Times::Mixed => {
            doubts.push("Some dates have the day first and others the month.".to_owned());
            return doubts;
        }
        _ => return doubts,
    };
    if for_it < 2.max(shown.all / 200) {
        doubts.push("No date shows whether the day or the month comes first.".to_owned());
    } else if against > 0 {
        doubts.push(format!("{against} dates contradict the order of day and month that {for_it} others show."));
    }
    doubts
}

/// Whether the clocks could be of twelve hours without am and pm: none shows an hour of the afternoon, nor midnight.
fn doubt_of_half_days(sheet: &Sheet, times: Times, moments: [Option<&Candidate>; 2]) -> Option<String> {
    const FEW: usize = 20;
    let mut hours = BTreeSet::new();
    let mut count = 0;
    for moment in moments.into_iter().flatten().filter(|_| times.are_civil()) {
        let clock = &sheet.columns[moment.clock.unwrap_or(moment.day)];
        let is_half = |cell: &String| cell.trim_end_matches('.').to_ascii_lowercase().ends_with('m');
        if clock.cells.iter().any(is_half) {
            return None;
        }
        let read = moment.seconds(times).iter().flatten();
        hours.extend(read.clone().map(|at| at.rem_euclid(86_400) / 3600));
        count += read.count();
    }
    let is_half = count >= FEW && hours.iter().all(|hour| (1..=12).contains(hour));
    is_half.then(|| {
        "No time is before 1:00 or after 12:59: the clock may show twelve hours without saying which half of the day.".to_owned()
    })
}

/// Whether numbers taken for days could be readings of a meter: then sessions seem to last for days.
fn doubt_of_serials(times: Times, starts: &[Option<i64>], ends: &[Option<i64>]) -> Option<String> {
    let spans = starts.iter().zip(ends).filter_map(|(start, end)| Some(super::float((*end)? - (*start)?)));
    let usual_s = super::median(spans).filter(|_| times == Times::Serial)?;
    (usual_s > 1.5 * 86_400.0)
        .then(|| "The numbers taken for dates could be something else: sessions would last for days.".into())
}

/// Whether years of two digits could stand first: then the days of the month hardly change, and the years do.
fn doubt_of_years(shown: Shown, starts: &[Option<i64>]) -> Option<String> {
    if shown.short_year == 0 {
        return None;
    }
    let days = starts.iter().flatten().filter_map(|at| Timestamp::from_second(*at).ok());
    let days: Vec<Date> = days.map(|at| TimeZone::UTC.to_datetime(at).date()).collect();
    let different = |part: fn(&Date) -> i16| days.iter().map(part).collect::<BTreeSet<_>>().len();
    let (years, in_month) = (different(|day| day.year()), different(|day| i16::from(day.day())));
    let is_clear = years <= 3 && in_month >= 6;
    (!is_clear).then(|| "Years have two digits, so that the year could also come first.".to_owned())
}
