//! What is around rows, of objects that are too long to be held: walked once, with all that is long in them left out.

use std::cell::OnceCell;
use std::io::Read;

use serde_json::value::RawValue;

use super::rows::{Within, fields, is_page, within};
use super::scan::{Scanner, Value};
use super::walk::Walk;
use super::{damaged, too_long};
use crate::formats::decode::Text;
use crate::refusal::Refusal;

/// Values up to which an outline has them as they are, bytes.
const SHORT: usize = 64 << 10;

/// Where the rows of an object are.
#[derive(Debug, PartialEq)]
pub(super) enum Way {
    /// It has none.
    Nowhere,
    /// In the field with this number, or in a field of that field.
    To(Vec<usize>),
}

/// A text that can be walked any number of times, and the ways to the rows of its long objects.
pub(super) struct Outlines<'s> {
    text: Text<'s>,
    longest: usize,
    /// Of each long object in the order of the text, once one was met.
    ways: OnceCell<Vec<Way>>,
}

impl<'s> Outlines<'s> {
    /// No object of more than `longest` bytes is held.
    pub(super) fn new(text: Text<'s>, longest: usize) -> Self {
        Self { text, longest, ways: OnceCell::new() }
    }

    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// All rows from the first.
    pub(super) fn walk(&self) -> Result<Walk<'_, 's>, Refusal> {
        Ok(Walk::new(self.text.open()?, self))
    }

    /// Where the rows of a long object are.
    pub(super) fn way(&self, number: usize) -> Result<&Way, Refusal> {
        let ways = match self.ways.get() {
            Some(ways) => ways,
            None => {
                let found = self.find()?;
                self.ways.get_or_init(|| found)
            }
        };
        ways.get(number).ok_or_else(|| damaged("it is not the same when it is read again"))
    }

    fn find(&self) -> Result<Vec<Way>, Refusal> {
        let mut scanner = Scanner::new(self.text.open()?);
        let (mut ways, mut roots) = (Vec::new(), 0);
        while let Some(first) = scanner.peek()? {
            roots += 1;
            if first == b'[' {
                scanner.take();
                self.find_in_list(&mut scanner, &mut ways)?;
            } else if let Some(outline) = self.outline(&mut scanner)? {
                let is_alone = roots == 1 && scanner.peek()?.is_none();
                ways.push(way_in(&outline, is_alone)?);
            }
        }
        Ok(ways)
    }

    /// Of the items of a list, which are pages if the first is one.
    fn find_in_list(&self, scanner: &mut Scanner<impl Read>, ways: &mut Vec<Way>) -> Result<(), Refusal> {
        let (mut goes_on, mut is_first) = (!scanner.is_empty(b']')?, true);
        while goes_on {
            if let Some(outline) = self.outline(scanner)? {
                if is_first && !is_page(&outline)? {
                    return Err(too_long());
                }
                ways.push(way_in(&outline, false)?);
            }
            is_first = false;
            goes_on = scanner.goes_on(b']')?;
        }
        Ok(())
    }

    /// Takes a value; gives the outline of a long object.
    fn outline(&self, scanner: &mut Scanner<impl Read>) -> Result<Option<String>, Refusal> {
        if scanner.peek()? != Some(b'{') {
            scanner.skip()?;
            return Ok(None);
        }
        let Value::Longer = scanner.value(self.longest)? else { return Ok(None) };
        let mut outline = String::new();
        self.draw(scanner, true, &mut outline)?;
        Ok(Some(outline))
    }

    fn draw(&self, scanner: &mut Scanner<impl Read>, is_outermost: bool, outline: &mut String) -> Result<(), Refusal> {
        scanner.expect(b'{')?;
        outline.push('{');
        let mut goes_on = !scanner.is_empty(b'}')?;
        while goes_on {
            outline.push_str(&scanner.key()?);
            outline.push(':');
            match scanner.value(SHORT.min(self.longest))? {
                Value::Whole(value) => outline.push_str(scanner.text(value)?),
                Value::Longer if is_outermost && scanner.peek()? == Some(b'{') => self.draw(scanner, false, outline)?,
                Value::Longer => {
                    outline.push_str(scanner.instead());
                    scanner.skip()?;
                }
            }
            goes_on = scanner.goes_on(b'}')?;
            outline.push_str(if goes_on { "," } else { "}" });
            if outline.len() > self.longest.max(SHORT) {
                return Err(too_long());
            }
        }
        if outline.ends_with('{') {
            outline.push('}');
        }
        Ok(())
    }
}

/// Where in a long object its rows are, by its outline.
fn way_in(outline: &str, is_alone: bool) -> Result<Way, Refusal> {
    let outer = fields(outline)?;
    let found = match within(&outer, is_alone)? {
        Within::Nothing => return Ok(Way::Nowhere),
        // What is too long to be held is too long for a row.
        Within::Itself => return Err(too_long()),
        Within::One(found) | Within::List(found) => found,
    };
    let place = |fields: &[(String, &RawValue)]| fields.iter().position(|(_, value)| std::ptr::eq(value.get(), found));
    if let Some(at) = place(&outer) {
        return Ok(Way::To(vec![at]));
    }
    for (at, (_, value)) in outer.iter().enumerate().filter(|(_, (_, value))| value.get().starts_with('{')) {
        if let Some(below) = place(&fields(value.get())?) {
            return Ok(Way::To(vec![at, below]));
        }
    }
    Err(damaged("its rows are nowhere"))
}
