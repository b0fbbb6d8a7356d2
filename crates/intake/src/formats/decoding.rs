//! Text in other encodings than UTF-8, decoded while it is read.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use super::stream::stop;
use crate::refusal::Refusal;

/// Bytes read at a time.
const RAW: usize = 128 << 10;

/// Decodes while reading; stops at the first character that is none.
pub(super) struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    name: &'static str,
    raw: Vec<u8>,
    /// What of `raw` is still to be decoded.
    pending: std::ops::Range<usize>,
    text: Vec<u8>,
    /// What of `text` is still to be given.
    ready: std::ops::Range<usize>,
    /// Position in the file behind what is decoded.
    at: usize,
    is_ended: bool,
}

impl<R: Read> Decoding<R> {
    /// `at` is the position in the file of the first byte of `inner`.
    pub(super) fn new(inner: R, decoder: Decoder, name: &'static str, at: usize) -> Self {
        let (raw, text) = (vec![0; RAW], vec![0; 2 * RAW]);
        Self { inner, decoder, name, raw, pending: 0..0, text, ready: 0..0, at, is_ended: false }
    }

    /// Decodes some more.
    fn fill(&mut self) -> io::Result<()> {
        let mut is_last = false;
        if self.pending.is_empty() {
            self.pending = 0..self.inner.read(&mut self.raw)?;
            is_last = self.pending.is_empty();
        }
        let raw = &self.raw[self.pending.clone()];
        let (result, used, written) = self.decoder.decode_to_utf8_without_replacement(raw, &mut self.text, is_last);
        self.pending.start += used;
        self.at += used;
        self.ready = 0..written;
        if let DecoderResult::Malformed(length, after) = result {
            let byte = self.at.saturating_sub(usize::from(length) + usize::from(after));
            return Err(stop(Refusal::WrongEncoding { encoding: self.name, byte }));
        }
        self.is_ended = is_last && result == DecoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.is_ended {
            self.fill()?;
        }
        let count = self.ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.text[self.ready.start..self.ready.start + count]);
        self.ready.start += count;
        Ok(count)
    }
}
