//! What returns received before say of the clocks of a return: the same sessions, at other times.
//!
//! Whoever holds earlier returns compares ([`Overlap::of`]), hands the counts in with the file ([`crate::Declared::overlap`]) and
//! keeps them with it: so the file proves later what it proved then, whatever has been accepted or withdrawn in the meantime.
//!
//! An earlier return may be wrong itself. One of local clocks can be wrong in one way only that is known to happen, UTC labelled as
//! local, and then the return that is right is an hour *later*, which proves nothing here. One that gives instants can be local time
//! labelled as UTC, and then the return that is right looks as if on UTC: so such a return proves nothing by itself, and only
//! supports what the file shows of its own. Nor does a return of summer alone: an earlier one on the clocks of a zone further east
//! shows the same there, and differs in winter only.

use std::collections::HashMap;

use jiff::Timestamp;
use kerbwatt_model::Zone;
use serde::{Deserialize, Serialize};

use super::Verdict;

/// A session, as far as its times are compared with those of another return.
#[derive(Debug, Clone, Copy)]
pub struct TimedSession<'a> {
    /// The operator's own id; none where it is made of what the row says.
    pub id: Option<&'a str>,
    /// Number of the EVSE, the same in all returns; none where it is not known.
    pub evse: Option<i32>,
    /// Plug-in.
    pub plug_in: Timestamp,
    /// Plug-out.
    pub plug_out: Timestamp,
    /// Energy, kWh.
    pub energy_kwh: f64,
    /// Whether the layout of its return has local clocks of the same zone.
    pub is_local: bool,
}

impl TimedSession<'_> {
    fn length_s(&self) -> i64 {
        self.plug_out.as_second() - self.plug_in.as_second()
    }

    /// EVSE, energy and length, for sessions that delivered something.
    fn content(&self) -> Option<(i32, u64, i64)> {
        (self.energy_kwh > 0.0).then_some((self.evse?, self.energy_kwh.to_bits(), self.length_s()))
    }
}

/// Sessions of a return that earlier returns hold too, by how far apart they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Overlap {
    /// In earlier returns of local clocks.
    pub with_local: Compared,
    /// In earlier returns that give instants.
    pub with_instants: Compared,
    /// Sessions of the return that start while local time is UTC.
    pub in_winter: u64,
}

/// Counts of sessions that two returns hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Compared {
    /// Later in the earlier return by exactly what local time is ahead of UTC, where that is not zero.
    pub as_utc: u64,
    /// At the same instant, where local time is ahead of UTC.
    pub same_in_summer: u64,
    /// At the same instant, where local time is UTC.
    pub same_in_winter: u64,
    /// Anything else.
    pub other: u64,
}

/// Times agree within this, seconds: one of them may be cut to minutes.
const ROUNDING_S: i64 = 59;
/// The same session is not further apart than this, seconds: no zone is further from UTC.
const FURTHEST_S: i64 = 15 * 3600;
/// Sessions this near to a change of the clocks say nothing, seconds.
const NEAR_CHANGE_S: i64 = 3 * 3600;
/// Sessions in summer that must be an hour apart, and in winter at the same instant where the return has any.
const SUMMER: u64 = 20;
const WINTER: u64 = 5;
/// Of so many sessions one may be anything else: corrected since.
const OTHER: u64 = 20;

impl Overlap {
    /// Compares the sessions of a return, read as its layout says, with those of earlier ones.
    #[must_use]
    pub fn of(sessions: &[TimedSession<'_>], earlier: &[TimedSession<'_>], zone: &Zone) -> Self {
        let by_id = unique(earlier, |session| session.id);
        let by_content = by_content(earlier);
        let own_ids = unique(sessions, |session| session.id);
        let mut overlap = Self::default();
        for session in sessions {
            overlap.in_winter += u64::from(zone.offset_s(session.plug_in.as_second()) == 0);
            let named = session.id.filter(|id| own_ids.get(id).is_some_and(Option::is_some));
            let known = match named.and_then(|id| by_id.get(id)) {
                Some(known) => known.filter(|other| is_same(session, other)),
                None => same_content(session, &by_content),
            };
            if let Some(other) = known {
                let counts = if other.is_local { &mut overlap.with_local } else { &mut overlap.with_instants };
                counts.add(session.plug_in.as_second(), other.plug_in.as_second(), zone);
            }
        }
        overlap
    }

    /// Whether it says anything worth keeping.
    #[must_use]
    pub fn says_anything(&self) -> bool {
        self.proof() != Verdict::Silent || self.hint() != Verdict::Silent
    }

    /// Whether it speaks for clocks on UTC, as proof or not.
    #[must_use]
    pub fn speaks_for_utc(&self) -> bool {
        self.proof() == Verdict::Agrees || self.hint() == Verdict::Agrees
    }

    /// What returns of local clocks say: for UTC, it is proved.
    pub(super) fn proof(&self) -> Verdict {
        match self.with_local.verdict(self.in_winter) {
            Verdict::Agrees if self.with_local.same_in_winter < WINTER => Verdict::Silent,
            said => said,
        }
    }

    /// What returns say that give instants, or local clocks where they prove nothing: for UTC, it is likely.
    pub(super) fn hint(&self) -> Verdict {
        if self.proof() == Verdict::Silent { self.unproved().0 } else { self.with_instants.verdict(self.in_winter) }
    }

    /// What it says, proof or not, and the sessions by which it does.
    pub(super) fn says(&self) -> (Verdict, Compared) {
        match self.proof() {
            Verdict::Silent => self.unproved(),
            proof => (proof, self.with_local),
        }
    }

    /// What is said where nothing is proved: by returns that give instants, or else by those of local clocks.
    fn unproved(&self) -> (Verdict, Compared) {
        let said = |counts: Compared| (counts.verdict(self.in_winter), counts);
        let (instants, local) = (said(self.with_instants), said(self.with_local));
        if instants.0 == Verdict::Silent && local.0 != Verdict::Silent { local } else { instants }
    }
}

impl Compared {
    fn add(&mut self, at: i64, earlier: i64, zone: &Zone) {
        let ahead = zone.offset_s(earlier);
        if zone.offset_s(earlier - NEAR_CHANGE_S) != ahead || zone.offset_s(earlier + NEAR_CHANGE_S) != ahead {
            return;
        }
        let later = earlier - at;
        if later.abs() <= ROUNDING_S {
            *(if ahead == 0 { &mut self.same_in_winter } else { &mut self.same_in_summer }) += 1;
        } else if ahead != 0 && (later - ahead).abs() <= ROUNDING_S {
            self.as_utc += 1;
        } else {
            self.other += 1;
        }
    }

    fn verdict(&self, in_winter: u64) -> Verdict {
        let is_winter_right = in_winter == 0 || self.same_in_winter >= WINTER;
        let is_other_rare = self.other * OTHER <= self.as_utc + self.same_in_winter;
        if self.as_utc >= SUMMER && self.same_in_summer == 0 && is_winter_right && is_other_rare {
            Verdict::Agrees
        } else if self.same_in_summer >= WINTER && self.same_in_summer > self.as_utc {
            Verdict::Against
        } else {
            Verdict::Silent
        }
    }
}

/// By key, with none where two sessions have it.
fn unique<'s, 'a, K: std::hash::Hash + Eq>(
    sessions: &'s [TimedSession<'a>],
    key: impl Fn(&TimedSession<'a>) -> Option<K>,
) -> HashMap<K, Option<&'s TimedSession<'a>>> {
    let mut known = HashMap::new();
    for session in sessions {
        if let Some(key) = key(session) {
            known.entry(key).and_modify(|one| *one = None).or_insert(Some(session));
        }
    }
    known
}

type ByContent<'s, 'a> = HashMap<(i32, u64, i64), Vec<&'s TimedSession<'a>>>;

fn by_content<'s, 'a>(sessions: &'s [TimedSession<'a>]) -> ByContent<'s, 'a> {
    let mut known: ByContent<'s, 'a> = HashMap::new();
    for session in sessions {
        if let Some(content) = session.content() {
            known.entry(content).or_default().push(session);
        }
    }
    known
}

/// The one session near by at the same EVSE with the same energy and length.
fn same_content<'s, 'a>(session: &TimedSession<'_>, known: &ByContent<'s, 'a>) -> Option<&'s TimedSession<'a>> {
    let mut near = known.get(&session.content()?)?.iter().filter(|other| is_near(session, other));
    near.next().copied().filter(|_| near.next().is_none())
}

fn is_near(a: &TimedSession<'_>, b: &TimedSession<'_>) -> bool {
    (a.plug_in.as_second() - b.plug_in.as_second()).abs() <= FURTHEST_S
}

/// Whether sessions under one id are the same one, not a number that is used again.
fn is_same(a: &TimedSession<'_>, b: &TimedSession<'_>) -> bool {
    let is_as_long = (a.length_s() - b.length_s()).abs() <= 2 * ROUNDING_S;
    is_near(a, b) && is_as_long && (a.energy_kwh - b.energy_kwh).abs() <= 0.011
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap_or_default()
    }

    /// A session every 29 hours of 2018, moved by what `by` says.
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn sessions(ids: &[String], by: impl Fn(i64) -> i64, is_local: bool) -> Vec<TimedSession<'_>> {
        let rows = (0_i64..).zip(ids).map(|(row, id)| {
            let start = 1_514_800_000 + row * 29 * 3600;
            let from = start + by(start);
            TimedSession {
                id: Some(id.as_str()).filter(|id| !id.is_empty()),
                evse: i32::try_from(row % 7).ok(),
                plug_in: at(from),
                plug_out: at(from + 3600 + row % 11 * 60),
                energy_kwh: 5.0 + (row % 17) as f64,
                is_local,
            }
        });
        rows.collect()
    }

    fn ids(named: bool) -> Vec<String> {
        (0..300).map(|row| if named { format!("s{row}") } else { String::new() }).collect()
    }

    /// Clocks on UTC read as local: an hour early in summer.
    fn as_utc(start: i64) -> i64 {
        -Zone::london().offset_s(start)
    }

    #[test]
    fn sessions_an_hour_early_in_summer_prove_utc_by_id_or_by_what_they_say() {
        let zone = Zone::london();
        for named in [true, false] {
            let ids = ids(named);
            let (new, old) = (sessions(&ids, as_utc, true), sessions(&ids, |_| 0, true));
            let overlap = Overlap::of(&new, &old, &zone);
            assert_eq!(overlap.proof(), Verdict::Agrees, "{named}: {overlap:?}");
            let right = Overlap::of(&old, &old, &zone);
            assert_eq!(right.proof(), Verdict::Against, "{right:?}");
        }
    }

    #[test]
    fn a_right_return_after_one_on_utc_proves_nothing_of_itself() {
        let (ids, zone) = (ids(true), Zone::london());
        let wrong_before = Overlap::of(&sessions(&ids, |_| 0, true), &sessions(&ids, as_utc, true), &zone);
        assert_eq!(wrong_before.proof(), Verdict::Silent, "{wrong_before:?}");
    }

    #[test]
    fn a_return_of_summer_alone_makes_it_likely_and_no_more_for_the_earlier_one_may_be_on_a_clock_further_east() {
        let (ids, zone) = (ids(true), Zone::london());
        let (right, east) = (sessions(&ids, |_| 0, true), sessions(&ids, |_| 3600, true));
        let is_summer = |session: &TimedSession<'_>| zone.offset_s(session.plug_in.as_second()) != 0;
        let summer: Vec<TimedSession<'_>> = right.into_iter().filter(is_summer).collect();
        assert!(summer.len() > 100);
        let overlap = Overlap::of(&summer, &east, &zone);
        assert_eq!((overlap.proof(), overlap.hint()), (Verdict::Silent, Verdict::Agrees), "{overlap:?}");
        assert_eq!(overlap.says(), (Verdict::Agrees, overlap.with_local));
    }

    #[test]
    fn a_return_of_instants_makes_it_likely_and_no_more() {
        let (ids, zone) = (ids(true), Zone::london());
        // Local time that was sent as UTC before: the same picture as a new return on UTC.
        let before = sessions(&ids, |start| zone.offset_s(start), false);
        let overlap = Overlap::of(&sessions(&ids, |_| 0, true), &before, &zone);
        assert_eq!((overlap.proof(), overlap.hint()), (Verdict::Silent, Verdict::Agrees));
    }

    #[test]
    fn too_few_other_differences_and_ids_used_again_prove_nothing() {
        let (all, zone) = (ids(true), Zone::london());
        let summer = 80..95;
        let few = Overlap::of(&sessions(&all, as_utc, true), &sessions(&all, |_| 0, true)[summer], &zone);
        assert!(!few.says_anything(), "{few:?}");
        let always = Overlap::of(&sessions(&all, |_| -3600, true), &sessions(&all, |_| 0, true), &zone);
        assert!(!always.says_anything(), "an hour early all year is another fault: {always:?}");
        let used_again = Overlap::of(&sessions(&all, as_utc, true), &sessions(&all, |_| 40 * 86_400, true), &zone);
        assert!(!used_again.says_anything(), "{used_again:?}");
    }
}
