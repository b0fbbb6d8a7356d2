//! Recognising a layout by its header: the dialect, the header row and the profile that fit best together.

use std::collections::{BTreeMap, BTreeSet};

use super::dates::misread;
use super::header::{Header, is_place, without_number};
use super::places::read_by_place;
use super::propose::{names_shown, propose_text};
use super::{Field, Kind, Profile, Proposal, ProposedColumn, needs, profiles};
use crate::fields;
use crate::formats::csv::{Candidate, Dialect, MOST_COLUMNS, TopRow, candidates, is_too_wide, likeliest};
use crate::{ColumnUse, Declared, ProfileMatch, Refusal};

/// Begins headers of columns that we add to rows given back for mending: they say nothing when the rows come again.
pub const OUR_OWN: &str = "kerbwatt_";

/// A layout that fits a file.
pub(crate) struct Recognised {
    pub(crate) profile: Profile,
    pub(crate) dialect: Dialect,
    /// Headers, in order.
    pub(crate) header: Vec<String>,
    /// Column of each field.
    pub(crate) columns: BTreeMap<Field, usize>,
    /// Where the rows begin, in bytes of the text.
    pub(crate) body: usize,
    /// Cells that a row may fill: what stands in one behind them belongs to no column, so that the row may be shifted.
    pub(crate) width: usize,
    /// What the layout was proposed from, where no profile knows it.
    pub(crate) proposed: Option<Box<Proposal>>,
}

impl Recognised {
    /// What is said about the layout.
    pub(crate) fn described(&self) -> ProfileMatch {
        if let Some(proposal) = &self.proposed {
            return proposed(proposal);
        }
        let field_of = |at: usize| self.columns.iter().find(|(_, column)| **column == at).map(|(field, _)| field.id());
        let column = |(at, name): (usize, &String)| {
            let field = field_of(at);
            let is_known = field.is_some() || self.ignores(name);
            ColumnUse { column: name.clone(), field, confidence: f64::from(u8::from(is_known)), why: None }
        };
        ProfileMatch {
            name: self.profile.name.clone(),
            confidence: self.known_share(),
            columns: self.header.iter().enumerate().map(column).collect(),
        }
    }

    /// Share of the columns with a name that the profile knows, 0 to 1. Without a header all are known by their place.
    fn known_share(&self) -> f64 {
        let is_fed = |at: usize| self.columns.values().any(|column| *column == at);
        let has_name = |at: usize, name: &str| {
            self.profile.header_rows == 0 || is_fed(at) || !(name.is_empty() || is_place(name, at))
        };
        let named: Vec<_> = self.header.iter().enumerate().filter(|(at, name)| has_name(*at, name)).collect();
        let known = named.iter().filter(|(at, name)| is_fed(*at) || self.ignores(name)).count();
        ratio(known, named.len())
    }

    /// Whether the file has a column for each field that the profile reads from one, and all that it leaves aside.
    fn has_all_that_it_names(&self) -> bool {
        let is_there = |ignored: &String| self.header.iter().any(|name| same(ignored, name));
        self.profile.columns.keys().all(|field| self.columns.contains_key(field))
            && self.profile.ignored.iter().all(is_there)
    }

    fn ignores(&self, header: &str) -> bool {
        let is = |ignored: &String| same(ignored, header) || same(ignored, without_number(header));
        header.starts_with(OUR_OWN) || self.profile.ignored.iter().any(is)
    }

    /// Whether a lone comma is a decimal comma: where fields are not divided by commas, unless the profile says otherwise.
    pub(crate) fn comma_is_decimal(&self) -> bool {
        self.profile.comma_decimal.unwrap_or(self.dialect.delimiter != b',')
    }

    /// Header of the column of a field; the field's id where there is none.
    pub(crate) fn header_of(&self, field: Field) -> String {
        let column = self.columns.get(&field).and_then(|at| self.header.get(*at));
        column.cloned().unwrap_or_else(|| field.id())
    }

    /// Whether a column or a constant feeds a field.
    pub(crate) fn feeds(&self, field: Field) -> bool {
        self.columns.contains_key(&field) || self.profile.constants.contains_key(&field)
    }

    /// Columns that a row must have a cell for.
    pub(crate) fn needed(&self) -> impl Iterator<Item = usize> {
        let groups = needs(self.profile.kind).iter();
        let first = |group: &&[Field]| group.iter().copied().find(|field| self.feeds(*field));
        let fields = self.profile.required.iter().copied().chain(groups.filter_map(move |(group, _)| first(group)));
        fields.filter_map(|field| self.columns.get(&field).copied())
    }

    /// Whether most starts among the first rows can be read as the profile says dates are written.
    fn reads(&self, rows: &[TopRow]) -> bool {
        let (Some(times), Some(day)) = (self.profile.times, self.columns.get(&Field::PlugIn)) else { return true };
        let clock = self.columns.get(&Field::PlugInTime);
        let cell = |row: &TopRow, at: usize| row.fields.get(at).cloned().unwrap_or_default();
        let starts = rows.iter().map(|row| (cell(row, *day), clock.map(|at| cell(row, *at))));
        let starts: Vec<_> = starts.filter(|(day, _)| !day.is_empty()).collect();
        let read = starts.iter().filter(|(day, clock)| fields::moment(times, day, clock.as_deref()).is_some()).count();
        2 * read >= starts.len()
    }
}

fn proposed(proposal: &Proposal) -> ProfileMatch {
    let column = |column: &ProposedColumn| ColumnUse {
        column: column.column.clone(),
        field: column.field.clone(),
        confidence: column.confidence,
        why: Some(column.why.clone()),
    };
    ProfileMatch {
        name: proposal.profile.name.clone(),
        confidence: proposal.confidence,
        columns: proposal.columns.iter().map(column).collect(),
    }
}

/// The layout of a return: recognised, or where the declaration says so and it is certain, proposed.
pub(crate) fn recognise_return(text: &str, declared: &Declared<'_>) -> Result<Recognised, Refusal> {
    let refusal = match recognise(text, Kind::Sessions, declared.profile, declared.own) {
        Err(Refusal::UnknownLayout { header, nearest, .. }) if declared.propose => (header, nearest),
        Ok(found) => return misread(text, &found, declared).map_or(Ok(found), Err),
        other => return other,
    };
    let (proposal, layout) = propose_text(text, Kind::Sessions, None);
    let (header, nearest) = refusal;
    let refused = || Refusal::UnknownLayout { header, nearest, proposal: Some(Box::new(proposal.clone())) };
    layout.filter(|_| proposal.certain).ok_or_else(refused)
}

#[expect(clippy::cast_precision_loss, reason = "counts of columns")]
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What of a header counts: not case, and neither blanks, underscores nor hyphens, so that `CP ID`, `CP_ID` and `cpid` are one.
pub(crate) fn folded(header: &str) -> String {
    letters(header).collect()
}

fn letters(header: &str) -> impl Iterator<Item = char> {
    let counts = |letter: &char| !letter.is_whitespace() && !matches!(letter, '_' | '-' | '\u{feff}');
    let plain = header.chars().filter(counts).map(|letter| if letter == '’' { '\'' } else { letter });
    plain.flat_map(char::to_lowercase)
}

fn same(a: &str, b: &str) -> bool {
    letters(a).eq(letters(b))
}

/// Finds the layout of a text, or uses the profile named: among the operator's own profiles (newest first), then among those
/// that are shipped.
pub(crate) fn recognise(text: &str, wanted: Kind, named: Option<&str>, own: &[Profile]) -> Result<Recognised, Refusal> {
    let tried = candidates(text);
    if is_too_wide(&tried) {
        return Err(Refusal::TooLarge { what: format!("a table of more than {MOST_COLUMNS} columns") });
    }
    let all = || own.iter().chain(profiles());
    if let Some(name) = named {
        let known = || all().map(|profile| profile.name.clone()).collect();
        let profile = all().find(|profile| profile.name == name);
        let profile = profile.ok_or_else(|| Refusal::UnknownProfile { name: name.to_owned(), known: known() })?;
        profile.check().map_err(|error| Refusal::UnusableProfile { error })?;
        let found = best(&tried, &[profile]).map(|(_, found)| found);
        return found.map_or_else(|| Err(does_not_fit(profile, &tried)), |found| of_kind(found, wanted));
    }
    let is_usable = |profile: &&Profile| profile.check().is_ok();
    let resembling: Vec<(&Profile, (Rank, Recognised))> =
        own.iter().filter(is_usable).filter_map(|profile| Some((profile, resembling(&tried, profile)?))).collect();
    let usable: Vec<&Profile> = resembling.iter().map(|(profile, _)| *profile).chain(profiles()).collect();
    match best_own(wanted, resembling.into_iter().map(|(_, found)| found))
        .or_else(|| best(&tried, &usable).map(|(_, found)| found))
    {
        Some(found) => of_kind(found, wanted),
        None => Err(unknown(&tried, wanted, &all().filter(is_usable).collect::<Vec<_>>())),
    }
}

/// Share of a file's columns that an operator's own profile must know.
const KNOWN_AT_LEAST: f64 = 0.5;

/// A file in an operator's own profile, where it is like those that the profile was saved for: it knows at least half of the columns, or all that it names
/// are there. A few names that are the same, such as those of start, end and energy, make no layout: their units and clocks may be
/// others, and somebody is to look at them.
fn resembling(tried: &[Candidate], profile: &Profile) -> Option<(Rank, Recognised)> {
    let is_like = |(reads, share, _): &Rank, found: &Recognised| match profile.header_rows {
        // Nothing but places and values speak for it: each column must be known, and the rows be read.
        0 => *reads && *share >= 1.0 && found.has_all_that_it_names(),
        _ => *share >= KNOWN_AT_LEAST || found.has_all_that_it_names(),
    };
    best(tried, &[profile]).filter(|(rank, found)| is_like(rank, found))
}

fn of_kind(found: Recognised, wanted: Kind) -> Result<Recognised, Refusal> {
    let is = found.profile.kind;
    if is == wanted { Ok(found) } else { Err(Refusal::WrongKind { wanted, is, profile: found.profile.name.clone() }) }
}

/// Of a file in an operator's own profiles, that of the profile which can read the dates and knows the largest share of columns; of two
/// equal, the one that comes first. Whoever saved a layout meant it for such files, also where another one uses more of their columns.
fn best_own(wanted: Kind, resembling: impl Iterator<Item = (Rank, Recognised)>) -> Option<Recognised> {
    let fitting = resembling.filter(|((reads, ..), found)| *reads && found.profile.kind == wanted);
    let first_of_best = |found: (Rank, Recognised), next: (Rank, Recognised)| {
        if next.0.1 > found.0.1 { next } else { found }
    };
    fitting.reduce(first_of_best).map(|(_, found)| found)
}

/// Whether dates can be read, the share of the columns that is known, and how many are used.
type Rank = (bool, f64, usize);

/// The profile that can read the dates and knows the largest share of columns; of two equal, the one that uses more of them, and
/// then the one that comes first.
fn best(tried: &[Candidate], profiles: &[&Profile]) -> Option<(Rank, Recognised)> {
    let mut found: Option<(Rank, Recognised)> = None;
    let heights: BTreeSet<u8> = profiles.iter().map(|profile| profile.header_rows).collect();
    for candidate in tried {
        let headers: BTreeMap<u8, Vec<Header<'_>>> =
            heights.iter().map(|rows| (*rows, Header::each(candidate, usize::from(*rows)))).collect();
        for profile in profiles {
            for header in headers.get(&profile.header_rows).into_iter().flatten() {
                let Some(recognised) = fit(profile, candidate.dialect, header) else { continue };
                let reads = if header.is_none {
                    read_by_place(&recognised, header.below)
                } else {
                    recognised.reads(header.below)
                };
                let rank = (reads, recognised.known_share(), recognised.columns.len());
                if found.as_ref().is_none_or(|(best, _)| rank > *best) {
                    found = Some((rank, recognised));
                }
            }
        }
    }
    found
}

/// The layout if a profile fits a header.
fn fit(profile: &Profile, dialect: Dialect, header: &Header<'_>) -> Option<Recognised> {
    let column_of =
        |wanted: &String| header.folded.iter().position(|name| !name.is_empty() && letters(wanted).eq(name.chars()));
    let find = |field: &Field| profile.columns.get(field)?.0.iter().find_map(column_of);
    let is_fed = |field: &Field| profile.constants.contains_key(field) || find(field).is_some();
    let is_whole = profile.required.iter().all(|field| find(field).is_some())
        && needs(profile.kind).iter().all(|(group, _)| group.iter().any(is_fed));
    let columns: BTreeMap<Field, usize> =
        profile.columns.keys().filter_map(|field| Some((*field, find(field)?))).collect();
    is_whole.then(|| Recognised {
        profile: profile.clone(),
        dialect,
        header: header.names.clone(),
        body: header.body,
        width: width(&header.names, header.below.iter().map(|row| row.fields.as_slice())).max(last_used(&columns)),
        columns,
        proposed: None,
    })
}

/// Columns up to the last with a name; all of them where at least half of the rows fill one behind it. `rows` are the first of them.
fn width<'r>(names: &[String], rows: impl Iterator<Item = &'r [String]>) -> usize {
    let has_name = |(at, name): (usize, &String)| !name.is_empty() && !is_place(name, at);
    let named = names.iter().enumerate().rposition(has_name).map_or(0, |last| last + 1);
    let (mut all, mut filling) = (0, 0);
    for cells in rows.filter(|cells| cells.len() > 1 && cells.len() <= names.len()) {
        all += 1;
        filling += usize::from(cells.iter().skip(named).any(|cell| !cell.is_empty()));
    }
    if filling > 0 && 2 * filling >= all { names.len() } else { named }
}

/// Columns up to the last that is used: a layout may know one without a name by its place.
pub(super) fn last_used(columns: &BTreeMap<Field, usize>) -> usize {
    columns.values().max().map_or(0, |last| last + 1)
}

/// Headers that a profile needs and a file does not have.
fn missing(profile: &Profile, header: &[String]) -> Vec<String> {
    let is_there = |name: &String| header.iter().any(|known| same(known, name));
    let first = |field: &Field| profile.columns.get(field).and_then(|headers| headers.0.first()).cloned();
    let has = |field: &Field| profile.columns.get(field).is_some_and(|headers| headers.0.iter().any(is_there));
    let of_required = profile.required.iter().filter(|field| !has(field)).filter_map(first);
    let mut missing: Vec<String> = of_required.collect();
    for (group, _) in needs(profile.kind) {
        let is_fed = |field: &Field| has(field) || profile.constants.contains_key(field);
        let name = group.iter().find_map(first);
        if let Some(name) = name.filter(|name| !group.iter().any(is_fed) && !missing.contains(name)) {
            missing.push(name);
        }
    }
    missing
}

fn does_not_fit(profile: &Profile, tried: &[Candidate]) -> Refusal {
    let header = likeliest(tried).map(|row| row.fields.clone()).unwrap_or_default();
    Refusal::ProfileDoesNotFit { name: profile.name.clone(), missing: missing(profile, &header) }
}

fn unknown(tried: &[Candidate], wanted: Kind, usable: &[&Profile]) -> Refusal {
    let header = likeliest(tried).map(|row| row.fields.clone()).unwrap_or_default();
    let nearest = usable
        .iter()
        .filter(|profile| profile.kind == wanted)
        .map(|profile| (profile, missing(profile, &header)))
        // One that names some of the columns and fits all the same is not near: too little of the file is known to it.
        .filter(|(_, missing)| !missing.is_empty())
        .filter(|(profile, missing)| missing.len() < self::missing(profile, &[]).len())
        .min_by_key(|(_, missing)| missing.len())
        .map(|(profile, missing)| (profile.name.clone(), missing));
    Refusal::UnknownLayout { header: names_shown(tried), nearest, proposal: None }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn own(name: &str, more: &str) -> Profile {
        let text = format!("kind='sessions'\nzone='UTC'\n{more}\n");
        Profile::from_toml(name, &text).unwrap()
    }

    fn found(text: &str, own: &[Profile]) -> String {
        recognise(text, Kind::Sessions, None, own)
            .map_or_else(|refusal| refusal.code().to_owned(), |it| it.profile.name)
    }

    #[test]
    fn headers_are_the_same_whatever_their_case_blanks_and_hyphens() {
        for header in ["CP ID", "CP_ID", "cp-id", " CPID ", "\u{feff}cp  id"] {
            assert_eq!(folded(header), "cpid", "{header}");
        }
        assert_ne!(folded("Energy (Wh)"), folded("Energy (kWh)"));
    }

    #[test]
    fn an_operators_own_profile_wins_over_a_shipped_one_and_the_newer_over_the_older() {
        let text = "evse,plug_in,plug_out,energy_kwh\nE1,2024-03-01T08:15:00Z,2024-03-01T09:15:00Z,7\n";
        let columns =
            "times='rfc3339'\n[columns]\nevse='evse'\nplug_in='plug_in'\nplug_out='plug_out'\nenergy='energy_kwh'";
        assert_eq!(found(text, &[]), "kerbwatt");
        assert_eq!(found(text, &[own("newer", columns), own("older", columns)]), "newer");
        let fewer = columns.replace("plug_out='plug_out'", "duration='d'");
        assert_eq!(found(text, &[own("misses", &fewer)]), "kerbwatt");
    }

    #[test]
    fn an_own_profile_that_sets_a_column_aside_wins_over_those_that_read_it() {
        let text = "evse,plug_in,plug_out,energy_kwh,fee_pence\nE1,2024-03-01T08:15:00Z,2024-03-01T09:15:00Z,7,320\n";
        let columns = "[columns]\nevse='evse'\nplug_in='plug_in'\nplug_out='plug_out'\nenergy='energy_kwh'";
        let aside = own("aside", &format!("times='rfc3339'\nignored=['fee_pence']\n{columns}"));
        let before = own("before", &format!("times='rfc3339'\n{columns}\nfee='fee_pence'"));
        assert_eq!(found(text, std::slice::from_ref(&aside)), "aside");
        assert_eq!(found(text, &[aside.clone(), before]), "aside", "the newer one");
        let unread = own("unread", &format!("times='month_first'\n{columns}\nfee='fee_pence'"));
        assert_eq!(found(text, std::slice::from_ref(&unread)), "kerbwatt", "it reads no date");
        assert_eq!(found(text, &[unread, aside]), "aside");
    }

    #[test]
    fn a_file_of_another_layout_is_not_taken_for_an_own_one_by_a_few_names() {
        let columns = "[columns]\nevse='CP'\nplug_in='Start'\nplug_out='End'\nenergy='kWh'\nfee='Cost'";
        let own = own("own", &format!("times='day_first'\nignored=['Site','Card']\n{columns}"));
        let file = |header: &str, more: &str| {
            format!(
                "{header}\n1,01/03/2024 08:00,01/03/2024 09:00,7{more}\n2,02/03/2024 08:00,02/03/2024 09:00,7{more}\n"
            )
        };
        let of = |header: &str, more: &str| found(&file(header, more), std::slice::from_ref(&own));
        assert_eq!(of("CP,Start,End,kWh", ""), "own", "all of the file is known");
        assert_eq!(of("CP,Start,End,kWh,Tariff,Meter", ",a,b"), "own", "most of it is");
        // Four names of twelve: whose kWh and whose clocks these are, nobody knows.
        let other = "CP,Start,End,kWh,Tariff,Meter,Zone,Bay,Model,Firmware,Reason,Tenant";
        assert_eq!(of(other, ",a,b,c,d,e,f,g,h"), "unknown_layout");
        let with_all = "CP,Start,End,kWh,Cost,Site,Card,Tariff,Meter,Zone,Bay,Model,Firmware,Reason,Tenant";
        assert_eq!(of(with_all, ",3,b,c,d,e,f,g,h,i,j,k"), "own", "all that it names is there");
        // It is not named as the nearest, of which nothing would be missing.
        let text = file(other, ",a,b,c,d,e,f,g,h");
        let refusal = recognise(&text, Kind::Sessions, None, std::slice::from_ref(&own)).err().unwrap();
        assert!(
            !matches!(&refusal, Refusal::UnknownLayout { nearest: Some((name, _)), .. } if name == "own"),
            "{refusal}"
        );
        assert!(
            recognise(&text, Kind::Sessions, Some("own"), std::slice::from_ref(&own)).is_ok(),
            "whoever names it means it"
        );
    }

    #[test]
    fn of_two_profiles_the_one_that_can_read_the_dates_is_taken() {
        let columns = "[columns]\nevse='e'\nplug_in='from'\nplug_out='to'\nenergy='kwh'";
        let both = [
            own("day", &format!("times='day_first'\n{columns}")),
            own("month", &format!("times='month_first'\n{columns}")),
        ];
        let file = |day: &str| format!("e,from,to,kwh\n1,{day} 08:00,{day} 09:00,7\n2,{day} 08:00,{day} 09:00,7\n");
        assert_eq!(found(&file("25/12/2018"), &both), "day");
        assert_eq!(found(&file("12/25/2018"), &both), "month");
    }

    #[test]
    fn a_header_of_two_rows_is_joined() {
        let profile = own(
            "two",
            "times='day_first'\nheader_rows=2\n[columns]\nevse='Unit'\nplug_in='Start date'\nplug_in_time='Start time'\n\
             plug_out='End date'\nplug_out_time='End time'\nenergy='kWh'",
        );
        let text = "Unit,Start,,End,,kWh\n,date,time,date,time,\nA,1/2/2024,08:00,1/2/2024,09:00,7\n";
        let layout =
            recognise(text, Kind::Sessions, None, &[profile]).unwrap_or_else(|refusal| unreachable!("{refusal}"));
        assert_eq!(layout.header, ["Unit", "Start date", "Start time", "End date", "End time", "kWh"]);
        assert!(text[layout.body..].starts_with("A,"));
    }

    #[test]
    fn an_own_profile_that_cannot_be_used_is_refused_when_named() {
        let mut broken =
            own("mine", "times='rfc3339'\n[columns]\nevse='e'\nplug_in='from'\nplug_out='to'\nenergy='kwh'");
        broken.zone = "Nowhere".to_owned();
        let refusal = recognise("e,from\n", Kind::Sessions, Some("mine"), &[broken]).err().unwrap();
        assert_eq!(refusal.code(), "unusable_profile");
        assert!(refusal.to_string().contains("Nowhere"));
    }
}
