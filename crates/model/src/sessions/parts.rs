//! Sessions on their way from one table to another, by parts.

use super::{CONNECTOR, Columns, DEVICE, DRIVER, EVSE, KINDS, NONE, beside};
use crate::{Names, Session};

/// Gathers sessions, and gives them away part by part, for a table that takes them in with [`Sessions::append`].
#[derive(Debug, Default)]
pub struct Gathering {
    names: [Names; KINDS],
    /// How many names parts brought.
    given: [usize; KINDS],
    columns: Columns,
    waiting: [Waiting; DRIVER],
    /// By the number of an EVSE, the names that stood beside it last: they mostly do again.
    beside: [Vec<u32>; DRIVER],
}

/// Names of one kind that are not numbered yet: looked up one after the other they do not wait for each other's memory, as they do
/// in the midst of the reading of a row.
#[derive(Debug, Default)]
struct Waiting {
    texts: String,
    /// Where each ends; [`NONE`] where there is none.
    ends: Vec<u32>,
}

impl Waiting {
    fn push(&mut self, name: Option<&str>) {
        self.texts.push_str(name.unwrap_or_default());
        self.ends.push(name.map_or(NONE, |_| u32::try_from(self.texts.len()).unwrap_or(NONE)));
    }

    /// The names in order; none where there is none.
    fn texts(&self) -> impl Iterator<Item = Option<&str>> {
        let mut begin = 0;
        self.ends.iter().map(move |end| {
            let end = (*end != NONE).then_some(*end as usize)?;
            self.texts.get(std::mem::replace(&mut begin, end)..end)
        })
    }

    fn numbers(&self, names: &mut Names) -> Vec<u32> {
        let mut known = names.numbers(self.texts().flatten()).into_iter();
        self.ends.iter().map(|end| if *end == NONE { NONE } else { known.next().unwrap_or(NONE) }).collect()
    }

    /// The same, where each stands beside an EVSE.
    fn numbers_beside(&self, evses: &[u32], last: &mut Vec<u32>, names: &mut Names) -> impl Iterator<Item = u32> {
        let number = move |(text, evse): (Option<&str>, &u32)| {
            let (Some(text), at) = (text, *evse as usize) else { return NONE };
            if at >= last.len() {
                last.resize(at + 1, NONE);
            }
            last[at] = names.number_like(text, last[at]);
            last[at]
        };
        self.texts().zip(evses).map(number)
    }

    fn clear(&mut self) {
        self.texts.clear();
        self.ends.clear();
    }
}

impl Gathering {
    /// No session.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The number here of a driver, by pseudonym.
    pub fn number_driver(&mut self, pseudonym: &str) -> u32 {
        self.names[DRIVER].number(pseudonym)
    }

    /// Takes a session in, but for its driver.
    pub fn push(&mut self, session: &Session<'_>) {
        let [device, connector, _] = beside(session);
        let names = [Some(session.evse), device, connector];
        self.waiting.iter_mut().zip(names).for_each(|(waiting, name)| waiting.push(name));
        self.columns.push(session);
    }

    /// Gives all sessions away, with the number of the driver of each. Names stay here under their numbers; the part brings those
    /// that no part brought before.
    pub fn take_part(&mut self, drivers: impl Iterator<Item = Option<u32>>) -> Part {
        let mut columns = std::mem::take(&mut self.columns);
        columns.evses = self.waiting[EVSE].numbers(&mut self.names[EVSE]);
        for kind in [DEVICE, CONNECTOR] {
            let names = &mut self.names[kind];
            let numbers = self.waiting[kind].numbers_beside(&columns.evses, &mut self.beside[kind], names);
            columns.beside[kind - DEVICE].extend(numbers);
        }
        self.waiting.iter_mut().for_each(Waiting::clear);
        columns.beside[DRIVER - DEVICE].extend(drivers.map(|driver| driver.unwrap_or(NONE)));
        let new_names = std::array::from_fn(|kind| {
            let known = std::mem::replace(&mut self.given[kind], self.names[kind].len());
            self.names[kind].iter().skip(known).map(Into::into).collect()
        });
        Part { columns, new_names }
    }
}

/// Sessions on their way into a table.
#[derive(Debug)]
pub struct Part {
    pub(super) columns: Columns,
    new_names: [Vec<Box<str>>; KINDS],
}

impl Part {
    /// How many sessions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.row.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.row.is_empty()
    }

    /// The id of a session.
    #[must_use]
    pub fn id(&self, at: usize) -> &str {
        self.columns.id(at)
    }

    /// Row of a session in its file.
    #[must_use]
    pub fn row(&self, at: usize) -> u64 {
        u64::from(self.columns.row[at])
    }

    /// Energy of a session, kWh.
    #[must_use]
    pub fn energy_kwh(&self, at: usize) -> f64 {
        self.columns.energy_kwh.get(at).unwrap_or_default()
    }
}

/// What the numbers of names in one table are in another.
#[derive(Debug, Default)]
pub struct Renames(pub(super) [Renamed; KINDS]);

#[derive(Debug, Default)]
pub(super) struct Renamed {
    names: Vec<Box<str>>,
    numbers: Vec<u32>,
}

impl Renames {
    /// Learns the names that a part brings.
    pub fn learn(&mut self, part: &Part) {
        for (known, new) in self.0.iter_mut().zip(&part.new_names) {
            known.names.extend(new.iter().cloned());
            known.numbers.resize(known.names.len(), NONE);
        }
    }

    /// A session of a part from which the names were learnt.
    ///
    /// # Panics
    /// When there is none at that position, as indexing does.
    #[must_use]
    pub fn view<'s>(&'s self, part: &'s Part, at: usize) -> Session<'s> {
        let text = |kind: usize, number: u32| self.0[kind].names.get(number as usize).map_or("", |name| &**name);
        part.columns.at(at, text)
    }
}

impl Renamed {
    /// The number there of a number here. A name that no session has is not taken over.
    pub(super) fn number(&mut self, theirs: u32, names: &mut Names) -> u32 {
        let Some(known) = usize::try_from(theirs).ok().filter(|at| *at < self.numbers.len()) else { return NONE };
        if self.numbers[known] == NONE {
            self.numbers[known] = names.number(&self.names[known]);
        }
        self.numbers[known]
    }
}
