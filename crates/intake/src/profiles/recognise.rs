//! Recognising a layout by its header: the dialect, the header row and the profile that fit best together.

use std::collections::BTreeMap;

use super::{Field, Kind, Profile, profiles};
use crate::formats::csv::{Candidate, Dialect, TopRow, candidates, likeliest};
use crate::{ColumnUse, ProfileMatch, Refusal};

/// A layout that fits a file.
pub(crate) struct Recognised {
    pub(crate) profile: &'static Profile,
    pub(crate) dialect: Dialect,
    /// Headers, in order.
    pub(crate) header: Vec<String>,
    /// Column of each field.
    pub(crate) columns: BTreeMap<Field, usize>,
    /// Where the rows begin, in bytes of the text.
    pub(crate) body: usize,
}

impl Recognised {
    /// What is said about the layout.
    pub(crate) fn described(&self) -> ProfileMatch {
        let field_of = |at: usize| self.columns.iter().find(|(_, column)| **column == at).map(|(field, _)| field.id());
        let is_known = |(at, name): (usize, &String)| {
            field_of(at).is_some() || self.profile.ignored.iter().any(|ignored| same(ignored, name))
        };
        let named: Vec<_> = self.header.iter().enumerate().filter(|(_, name)| !name.is_empty()).collect();
        let known = named.iter().filter(|column| is_known(**column)).count();
        let columns = self.header.iter().enumerate();
        ProfileMatch {
            name: self.profile.name.clone(),
            confidence: ratio(known, named.len()),
            columns: columns.map(|(at, name)| ColumnUse { column: name.clone(), field: field_of(at) }).collect(),
        }
    }

    /// Whether a lone comma is a decimal comma: where fields are not divided by commas, unless the profile says otherwise.
    pub(crate) fn comma_is_decimal(&self) -> bool {
        self.dialect.delimiter != b',' && !self.profile.comma_groups
    }

    /// Header of the column of a field; the field's id where there is none.
    pub(crate) fn header_of(&self, field: Field) -> String {
        let column = self.columns.get(&field).and_then(|at| self.header.get(*at));
        column.cloned().unwrap_or_else(|| field.id())
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of columns")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Headers are compared without blanks around and without case.
fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Finds the layout of a text, or uses the profile named.
pub(crate) fn recognise(text: &str, wanted: Kind, named: Option<&str>) -> Result<Recognised, Refusal> {
    let tried = candidates(text);
    if let Some(name) = named {
        let known = || profiles().iter().map(|profile| profile.name.clone()).collect();
        let profile = profiles().iter().find(|profile| profile.name == name);
        let profile = profile.ok_or_else(|| Refusal::UnknownProfile { name: name.to_owned(), known: known() })?;
        let found = best(&tried, std::slice::from_ref(profile));
        return found.map_or_else(|| Err(does_not_fit(profile, &tried)), |found| of_kind(found, wanted));
    }
    match best(&tried, profiles()) {
        Some(found) => of_kind(found, wanted),
        None => Err(unknown(&tried, wanted)),
    }
}

fn of_kind(found: Recognised, wanted: Kind) -> Result<Recognised, Refusal> {
    let is = found.profile.kind;
    if is == wanted { Ok(found) } else { Err(Refusal::WrongKind { wanted, is, profile: found.profile.name.clone() }) }
}

/// The profile with the largest share of known columns; of two equal, the one that uses more of them.
fn best(tried: &[Candidate], profiles: &'static [Profile]) -> Option<Recognised> {
    let mut found: Option<(f64, usize, Recognised)> = None;
    for candidate in tried {
        for row in &candidate.top {
            for profile in profiles {
                let Some(recognised) = fit(profile, candidate.dialect, row) else { continue };
                let (share, used) = (recognised.described().confidence, recognised.columns.len());
                if found.as_ref().is_none_or(|(best, most, _)| (share, used) > (*best, *most)) {
                    found = Some((share, used, recognised));
                }
            }
        }
    }
    found.map(|(_, _, recognised)| recognised)
}

fn fit(profile: &'static Profile, dialect: Dialect, row: &TopRow) -> Option<Recognised> {
    let column_of = |header: &String| row.fields.iter().position(|name| same(name, header));
    let columns: BTreeMap<Field, usize> =
        profile.columns.iter().filter_map(|(field, header)| column_of(header).map(|at| (*field, at))).collect();
    let is_whole = profile.required.iter().all(|field| columns.contains_key(field));
    is_whole.then(|| Recognised { profile, dialect, header: row.fields.clone(), columns, body: row.next })
}

fn missing(profile: &Profile, header: &[String]) -> Vec<String> {
    let headers = profile.required.iter().filter_map(|field| profile.columns.get(field));
    headers.filter(|wanted| !header.iter().any(|name| same(name, wanted))).cloned().collect()
}

fn does_not_fit(profile: &Profile, tried: &[Candidate]) -> Refusal {
    let header = likeliest(tried).map(|row| row.fields.clone()).unwrap_or_default();
    Refusal::ProfileDoesNotFit { name: profile.name.clone(), missing: missing(profile, &header) }
}

fn unknown(tried: &[Candidate], wanted: Kind) -> Refusal {
    let header = likeliest(tried).map(|row| row.fields.clone()).unwrap_or_default();
    let nearest = profiles()
        .iter()
        .filter(|profile| profile.kind == wanted)
        .map(|profile| (profile, missing(profile, &header)))
        .filter(|(profile, missing)| missing.len() < profile.required.len())
        .min_by_key(|(_, missing)| missing.len())
        .map(|(profile, missing)| (profile.name.clone(), missing));
    Refusal::UnknownLayout { header, nearest }
}
