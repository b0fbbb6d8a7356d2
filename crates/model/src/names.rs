//! Names that recur: each kept once, and known by its number.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;
use hashbrown::hash_table::{Entry, HashTable};

/// Distinct texts, numbered in the order in which they were first seen.
///
/// A file of a million rows looks up four million, and what that takes is the waiting for memory: so short texts, as ids are, stand
/// in the table itself, and only long ones are compared where they are kept.
#[derive(Debug, Clone)]
pub struct Names {
    texts: String,
    ends: Vec<usize>,
    numbers: HashTable<Known>,
    hasher: DefaultHashBuilder,
}

/// A text in the table.
#[derive(Debug, Clone, Copy)]
struct Known {
    key: Key,
    number: u32,
}

/// Texts that are looked up together.
const AHEAD: usize = 128;

/// Longest text that is its own key, bytes.
const SHORT: usize = 16;

/// Half of it, bytes.
const HALF: usize = SHORT / 2;

/// The first and the last bytes of a text, which may be the same ones; of less than half a key, the text and zeros. With the
/// length, the whole of a short text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    bytes: [u8; SHORT],
    length: u32,
}

impl Key {
    fn of(text: &str) -> Self {
        let (text, mut bytes) = (text.as_bytes(), [0; SHORT]);
        match (text.first_chunk::<HALF>(), text.last_chunk::<HALF>()) {
            (Some(first), Some(last)) => {
                bytes[..HALF].copy_from_slice(first);
                bytes[HALF..].copy_from_slice(last);
            }
            _ => bytes.iter_mut().zip(text).for_each(|(to, from)| *to = *from),
        }
        Self { bytes, length: u32::try_from(text.len()).unwrap_or(u32::MAX) }
    }

    fn is_whole(self) -> bool {
        self.length as usize <= SHORT
    }

    fn hash(self, text: &str, hasher: &DefaultHashBuilder) -> u64 {
        if self.is_whole() { hasher.hash_one(u128::from_le_bytes(self.bytes)) } else { hasher.hash_one(text) }
    }
}

impl Default for Names {
    fn default() -> Self {
        Self { texts: String::new(), ends: vec![0], numbers: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }
}

impl Names {
    /// The number of a text, which is taken in where it is new.
    pub fn number(&mut self, text: &str) -> u32 {
        let key = Key::of(text);
        self.number_of(text, key, key.hash(text, &self.hasher))
    }

    /// The numbers of many texts. The memory of some is asked for before the first of them is looked up: the waiting of one is that
    /// of all.
    pub fn numbers<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(texts.size_hint().0);
        let (mut texts, mut ahead) = (texts, Vec::with_capacity(AHEAD));
        loop {
            ahead.extend(texts.by_ref().take(AHEAD).map(|text| {
                let key = Key::of(text);
                (text, key, key.hash(text, &self.hasher))
            }));
            if ahead.is_empty() {
                return numbers;
            }
            let mut touched = 0;
            for (.., hash) in &ahead {
                self.numbers.find(*hash, |known| {
                    touched ^= known.number;
                    true
                });
            }
            std::hint::black_box(touched);
            numbers.extend(ahead.drain(..).map(|(text, key, hash)| self.number_of(text, key, hash)));
        }
    }

    fn number_of(&mut self, text: &str, key: Key, hash: u64) -> u32 {
        let (texts, ends, hasher) = (&self.texts, &self.ends, &self.hasher);
        let of = |known: &Known| between(texts, ends, known.number);
        let is_same = |known: &Known| known.key == key && (key.is_whole() || of(known) == text);
        let rehash = |known: &Known| known.key.hash(of(known), hasher);
        match self.numbers.entry(hash, is_same, rehash) {
            Entry::Occupied(known) => known.get().number,
            Entry::Vacant(free) => {
                let number = u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX);
                free.insert(Known { key, number });
                self.texts.push_str(text);
                self.ends.push(self.texts.len());
                number
            }
        }
    }

    /// The number of a text that may well be `likely`.
    pub(crate) fn number_like(&mut self, text: &str, likely: u32) -> u32 {
        if self.text(likely) == text && (likely as usize) < self.len() { likely } else { self.number(text) }
    }

    /// Whether a text has a number.
    #[must_use]
    pub fn knows(&self, text: &str) -> bool {
        let key = Key::of(text);
        let is_same = |known: &Known| known.key == key && (key.is_whole() || self.text(known.number) == text);
        self.numbers.find(key.hash(text, &self.hasher), is_same).is_some()
    }

    /// The text of a number; empty for a number that was never given.
    #[inline]
    #[must_use]
    pub fn text(&self, number: u32) -> &str {
        between(&self.texts, &self.ends, number)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All texts, by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.ends.windows(2).map(|ends| &self.texts[ends[0]..ends[1]])
    }
}

/// The same texts under the same numbers: how they are found again is no part of it.
impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        self.texts == other.texts && self.ends == other.ends
    }
}

#[inline]
fn between<'t>(texts: &'t str, ends: &[usize], number: u32) -> &'t str {
    let at = number as usize;
    ends.get(at).zip(ends.get(at + 1)).and_then(|(first, last)| texts.get(*first..*last)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_number_and_others_get_the_next() {
        let mut names = Names::default();
        let given: Vec<u32> = (0..2_000).map(|at| names.number(&format!("n{}", at % 1_000))).collect();
        assert!(given.iter().zip(0..).all(|(number, at)| *number == at % 1_000));
        assert_eq!((names.len(), names.text(7), names.text(1_000)), (1_000, "n7", ""));
        assert_eq!(names.iter().nth(999), Some("n999"));
    }

    #[test]
    fn many_texts_get_the_numbers_that_they_get_one_by_one() {
        let texts: Vec<String> = (0..1_000).map(|at| format!("a name of some length {}", at * 7 % 400)).collect();
        let (mut many, mut single) = (Names::default(), Names::default());
        let expected: Vec<u32> = texts.iter().map(|text| single.number(text)).collect();
        assert_eq!(many.numbers(texts.iter().map(String::as_str)), expected);
        assert_eq!(many, single);
    }

    #[test]
    fn texts_are_told_apart_by_all_of_their_bytes() {
        let mut names = Names::default();
        let long = |middle: &str| format!("12345678{middle}12345678");
        let given = ["", "a", "a\0", "1234567812345678", &long("x"), &long("y"), &long("xx"), "é"];
        let numbers: Vec<u32> = given.iter().map(|text| names.number(text)).collect();
        assert_eq!(numbers, (0..8).collect::<Vec<_>>());
        assert!(given.iter().all(|text| names.knows(text)) && !names.knows("b") && !names.knows(&long("z")));
        assert_eq!(names.number(&long("y")), 5);
    }
}
