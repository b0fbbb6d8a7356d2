//! JSON piece by piece: values are found by their brackets and quotation marks, and only as much is held as is asked for.

use std::io::Read;
use std::ops::Range;

use memchr::{memchr_iter, memchr2};

use super::damaged;
use crate::formats::stream::refusal_of;
use crate::refusal::Refusal;

/// Bytes read at a time.
const CHUNK: usize = 128 << 10;
/// Longest key, bytes.
const LONGEST_KEY: usize = 64 << 10;
/// Brackets within brackets beyond which nobody follows.
const DEEPEST: usize = 10_000;

/// A value that was looked for.
pub(super) enum Value {
    /// Its place in what is held, until more is asked for.
    Whole(Range<usize>),
    /// It is longer than asked for. Nothing of it is taken.
    Longer,
}

/// Reads JSON.
pub(super) struct Scanner<R> {
    text: R,
    held: Vec<u8>,
    /// What of it is still to be read.
    begin: usize,
    is_ended: bool,
    /// Line in which what is held begins.
    line: usize,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(text: R) -> Self {
        Self { text, held: Vec::new(), begin: 0, is_ended: false, line: 1 }
    }

    /// What is held of a value.
    pub(super) fn text(&self, value: Range<usize>) -> Result<&str, Refusal> {
        let bytes = self.held.get(value).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|error| self.wrong(&error.to_string()))
    }

    /// The first byte of what follows, which is not taken; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Refusal> {
        loop {
            let rest = &self.held[self.begin..];
            match rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
                Some(blanks) => {
                    self.begin += blanks;
                    return Ok(self.held.get(self.begin).copied());
                }
                None => self.begin = self.held.len(),
            }
            if !self.more(CHUNK)? {
                return Ok(None);
            }
        }
    }

    /// Takes the byte that was looked at.
    pub(super) fn take(&mut self) {
        self.begin += 1;
    }

    /// Takes a byte that must follow.
    pub(super) fn expect(&mut self, wanted: u8) -> Result<(), Refusal> {
        match self.peek()? {
            Some(byte) if byte == wanted => {
                self.take();
                Ok(())
            }
            Some(_) => Err(self.wrong(&format!("expected `{}`", char::from(wanted)))),
            None => Err(self.cut_off()),
        }
    }

    /// After an item of a list or an object: whether another follows. Takes the comma, or the bracket that ends it.
    pub(super) fn goes_on(&mut self, end: u8) -> Result<bool, Refusal> {
        match self.peek()? {
            Some(b',') => {
                self.take();
                match self.peek()? {
                    Some(byte) if byte == end => Err(self.wrong("trailing comma")),
                    _ => Ok(true),
                }
            }
            Some(byte) if byte == end => {
                self.take();
                Ok(false)
            }
            Some(_) => Err(self.wrong(&format!("expected `,` or `{}`", char::from(end)))),
            None => Err(self.cut_off()),
        }
    }

    /// Whether a list or an object whose first bracket is taken has no items; takes the bracket that ends it.
    pub(super) fn is_empty(&mut self, end: u8) -> Result<bool, Refusal> {
        let is_empty = self.peek()? == Some(end);
        if is_empty {
            self.take();
        }
        Ok(is_empty)
    }

    /// Takes a key and its colon; gives it as it is written, with its quotation marks.
    pub(super) fn key(&mut self) -> Result<String, Refusal> {
        if self.peek()? != Some(b'"') {
            return Err(self.wrong("key must be a string"));
        }
        let Value::Whole(key) = self.value(LONGEST_KEY)? else { return Err(self.wrong("a key without end")) };
        let key = self.text(key)?.to_owned();
        self.expect(b':')?;
        Ok(key)
    }

    /// Takes the next value, if it is no longer than so many bytes.
    pub(super) fn value(&mut self, longest: usize) -> Result<Value, Refusal> {
        let Some(first) = self.peek()? else { return Err(self.cut_off()) };
        let (mut nesting, mut seen) = (Nesting::of(first), 0);
        loop {
            let rest = &self.held[self.begin + seen..];
            match nesting.end(rest).map_err(|reason| self.wrong(reason))? {
                Some(end) if seen + end <= longest => {
                    let from = self.begin;
                    self.begin += seen + end;
                    return Ok(Value::Whole(from..self.begin));
                }
                Some(_) => return Ok(Value::Longer),
                None => seen += rest.len(),
            }
            if seen > longest {
                return Ok(Value::Longer);
            }
            // Twice as much each time, so that little is moved.
            if !self.more(seen.max(CHUNK))? {
                return self.ends_with_text(&nesting, seen);
            }
        }
    }

    /// A number or a word is a value although the text ends with it.
    fn ends_with_text(&mut self, nesting: &Nesting, seen: usize) -> Result<Value, Refusal> {
        if !nesting.is_bare {
            return Err(self.cut_off());
        }
        let from = self.begin;
        self.begin += seen;
        Ok(Value::Whole(from..self.begin))
    }

    /// Takes the next value, however long it is.
    pub(super) fn skip(&mut self) -> Result<(), Refusal> {
        let Some(first) = self.peek()? else { return Err(self.cut_off()) };
        let mut nesting = Nesting::of(first);
        loop {
            if let Some(end) = nesting.end(&self.held[self.begin..]).map_err(|reason| self.wrong(reason))? {
                self.begin += end;
                return Ok(());
            }
            self.begin = self.held.len();
            if !self.more(CHUNK)? {
                return if nesting.is_bare { Ok(()) } else { Err(self.cut_off()) };
            }
        }
    }

    /// What stands in an outline for a value of which only the beginning is held.
    pub(super) fn instead(&self) -> &'static str {
        let rest = self.held.get(self.begin..).unwrap_or_default();
        let first_within = rest.iter().skip(1).find(|byte| !byte.is_ascii_whitespace());
        match (rest.first(), first_within) {
            (Some(b'['), Some(b'{')) => "[{}]",
            (Some(b'['), _) => "[0]",
            (Some(b'{'), _) => "{}",
            _ => "null",
        }
    }

    /// Reads more behind what is held; whether there was more.
    fn more(&mut self, wanted: usize) -> Result<bool, Refusal> {
        if self.is_ended {
            return Ok(false);
        }
        self.line += memchr_iter(b'\n', &self.held[..self.begin]).count();
        self.held.drain(..self.begin);
        self.begin = 0;
        let before = self.held.len();
        let read = self.text.by_ref().take(wanted as u64).read_to_end(&mut self.held);
        read.map_err(|error| refusal_of(&error))?;
        self.is_ended = self.held.len() - before < wanted;
        Ok(self.held.len() > before)
    }

    pub(super) fn wrong(&self, reason: &str) -> Refusal {
        let line = self.line + memchr_iter(b'\n', &self.held[..self.begin]).count();
        damaged(&format!("{reason} at line {line}"))
    }

    fn cut_off(&self) -> Refusal {
        self.wrong("it ends within a value")
    }
}

/// Where a value ends, found while it comes in pieces.
struct Nesting {
    /// The brackets that end what is open.
    open: Vec<u8>,
    is_in_text: bool,
    /// The byte before was a backslash that stands for itself.
    is_escaped: bool,
    /// A number or a word, which has no end of its own.
    is_bare: bool,
    is_begun: bool,
}

impl Nesting {
    fn of(first: u8) -> Self {
        let is_bare = !matches!(first, b'{' | b'[' | b'"');
        Self { open: Vec::new(), is_in_text: false, is_escaped: false, is_bare, is_begun: false }
    }

    /// Behind the last byte of the value, if that is among these; they follow those given before.
    fn end(&mut self, bytes: &[u8]) -> Result<Option<usize>, &'static str> {
        if self.is_bare {
            return self.end_of_bare(bytes);
        }
        let mut at = 0;
        while at < bytes.len() {
            if self.is_in_text {
                match self.end_of_text(bytes, at) {
                    Some(end) => at = end,
                    None => return Ok(None),
                }
            } else {
                let is_mark = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
                let Some(mark) = bytes[at..].iter().position(is_mark) else { return Ok(None) };
                self.hear(bytes[at + mark])?;
                at += mark + 1;
            }
            if !self.is_in_text && self.open.is_empty() && self.is_begun {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    fn end_of_bare(&mut self, bytes: &[u8]) -> Result<Option<usize>, &'static str> {
        let is_other = |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'-' | b'.');
        match bytes.iter().position(is_other) {
            Some(0) if !self.is_begun => Err("expected value"),
            end => {
                self.is_begun |= !bytes.is_empty();
                Ok(end)
            }
        }
    }

    /// A byte outside of texts.
    fn hear(&mut self, byte: u8) -> Result<(), &'static str> {
        self.is_begun = true;
        match byte {
            b'"' => self.is_in_text = true,
            b'{' => self.open.push(b'}'),
            b'[' => self.open.push(b']'),
            b'}' | b']' if self.open.pop() != Some(byte) => return Err("brackets that do not match"),
            _ => {}
        }
        if self.open.len() > DEEPEST { Err("recursion limit exceeded") } else { Ok(()) }
    }

    /// Behind the text that goes on at `at`.
    fn end_of_text(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        loop {
            if std::mem::take(&mut self.is_escaped) {
                at += 1;
            }
            at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
            if bytes[at] == b'"' {
                self.is_in_text = false;
                return Some(at + 1);
            }
            at += 1;
            self.is_escaped = true;
            if at >= bytes.len() {
                return None;
            }
        }
    }
}
