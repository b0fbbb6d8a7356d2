//! Rows one after another, while the text is walked: one list, one object with a list in it, or several objects one after another.
//!
//! An object that fits into memory is looked at as a whole. A longer one cannot be a row, so that it must be something around rows:
//! what it is shows at its end only, and so it is walked once before, see [`super::outline`].

use std::collections::VecDeque;
use std::io::Read;
use std::ops::Range;

use super::outline::{Outlines, Way};
use super::rows::{holds_others, is_page, object};
use super::scan::{Scanner, Value};
use super::too_long;
use crate::refusal::Refusal;

/// What is open around the next row.
enum Level {
    /// A list of rows, or of pages.
    List { is_begun: bool, has_pages: bool },
    /// An object, whose rows were given.
    Rest,
}

/// The rows of a text.
pub(super) struct Walk<'o, 's> {
    scanner: Scanner<Box<dyn Read + 's>>,
    levels: Vec<Level>,
    /// Values that are not within another, so far.
    roots: usize,
    /// What was read last, and where in it there are rows that were not given yet.
    page: String,
    ready: VecDeque<Range<usize>>,
    outlines: &'o Outlines<'s>,
    /// Objects longer than can be held, so far.
    long: usize,
}

impl<'o, 's> Walk<'o, 's> {
    pub(super) fn new(text: Box<dyn Read + 's>, outlines: &'o Outlines<'s>) -> Self {
        let (scanner, page) = (Scanner::new(text), String::new());
        Self { scanner, levels: Vec::new(), roots: 0, page, ready: VecDeque::new(), outlines, long: 0 }
    }

    /// The next row; none behind the last.
    pub(super) fn next(&mut self) -> Result<Option<&str>, Refusal> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Ok(self.page.get(row));
            }
            let goes_on = match self.levels.last_mut() {
                None => self.root()?,
                Some(Level::List { is_begun, has_pages }) => {
                    let (is_first, has_pages) = (!std::mem::replace(is_begun, true), *has_pages);
                    self.item(is_first, has_pages)?
                }
                Some(Level::Rest) => self.rest()?,
            };
            if !goes_on {
                return Ok(None);
            }
        }
    }

    /// A value that is not within another; whether there was one.
    fn root(&mut self) -> Result<bool, Refusal> {
        let Some(first) = self.scanner.peek()? else { return Ok(false) };
        self.roots += 1;
        match first {
            b'[' => {
                self.scanner.take();
                self.levels.push(Level::List { is_begun: false, has_pages: false });
            }
            b'{' => self.object(self.roots == 1)?,
            _ => {
                self.row()?;
                return object(&self.page, false, &mut Vec::new()).map(|()| true);
            }
        }
        Ok(true)
    }

    /// The next item of the innermost list, or its end.
    fn item(&mut self, is_first: bool, has_pages: bool) -> Result<bool, Refusal> {
        let goes_on = if is_first { !self.scanner.is_empty(b']')? } else { self.scanner.goes_on(b']')? };
        if !goes_on {
            self.levels.pop();
            return Ok(true);
        }
        if self.scanner.peek()? != Some(b'{') {
            return Err(holds_others(is_first));
        }
        if is_first {
            return self.first_item();
        }
        let read = if has_pages { self.object(false) } else { self.row() };
        read.map(|()| true)
    }

    /// The first item of a list says whether all of them are pages.
    fn first_item(&mut self) -> Result<bool, Refusal> {
        let is_held = self.held()?;
        let are_pages = !is_held || is_page(&self.page)?;
        if let Some(Level::List { has_pages, .. }) = self.levels.last_mut() {
            *has_pages = are_pages;
        }
        match (is_held, are_pages) {
            (false, _) => self.long_object()?,
            (true, true) => self.held_object(false)?,
            (true, false) => self.ready.push_back(0..self.page.len()),
        }
        Ok(true)
    }

    /// A row as it is.
    fn row(&mut self) -> Result<(), Refusal> {
        if !self.held()? {
            return Err(too_long());
        }
        self.ready.push_back(0..self.page.len());
        Ok(())
    }

    /// An object that is a row or holds some; `may_be_alone` says whether it is all there is where nothing follows.
    fn object(&mut self, may_be_alone: bool) -> Result<(), Refusal> {
        if !self.held()? {
            return self.long_object();
        }
        let is_alone = may_be_alone && self.scanner.peek()?.is_none();
        self.held_object(is_alone)
    }

    /// An object that is held.
    fn held_object(&mut self, is_alone: bool) -> Result<(), Refusal> {
        let mut rows = Vec::new();
        object(&self.page, is_alone, &mut rows)?;
        let begin = self.page.as_ptr().addr();
        let place = |row: &&str| {
            let from = row.as_ptr().addr() - begin;
            from..from + row.len()
        };
        self.ready = rows.iter().map(place).collect();
        Ok(())
    }

    /// An object that is too long to be held: goes to where its rows are.
    fn long_object(&mut self) -> Result<(), Refusal> {
        // One within another has no outline: pages are not put into pages.
        if self.levels.iter().any(|level| matches!(level, Level::Rest)) {
            return Err(too_long());
        }
        let way = self.outlines.way(self.long)?;
        self.long += 1;
        let Way::To(fields) = way else { return self.scanner.skip() };
        for field in fields {
            self.enter(*field)?;
        }
        if self.scanner.peek()? != Some(b'[') {
            return self.row();
        }
        self.scanner.take();
        self.levels.push(Level::List { is_begun: false, has_pages: false });
        Ok(())
    }

    /// Goes into an object, up to the value of a field.
    fn enter(&mut self, field: usize) -> Result<(), Refusal> {
        self.scanner.expect(b'{')?;
        self.levels.push(Level::Rest);
        for _ in 0..field {
            self.scanner.key()?;
            self.scanner.skip()?;
            self.scanner.expect(b',')?;
        }
        self.scanner.key().map(|_| ())
    }

    /// What of an object stands behind its rows.
    fn rest(&mut self) -> Result<bool, Refusal> {
        while self.scanner.goes_on(b'}')? {
            self.scanner.key()?;
            self.scanner.skip()?;
        }
        self.levels.pop();
        Ok(true)
    }

    /// Holds the next value, unless it is too long.
    fn held(&mut self) -> Result<bool, Refusal> {
        self.page.clear();
        let Value::Whole(value) = self.scanner.value(self.outlines.longest())? else { return Ok(false) };
        self.page.push_str(self.scanner.text(value)?);
        Ok(true)
    }
}
