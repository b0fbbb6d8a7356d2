//! Standard output: results only, and quiet when the reader has gone.

use std::io::{self, BufWriter, Stdout, Write as _};

use crate::failure::Failure;

/// Standard output. A write that fails does not end the work in hand, such as publishing what was recorded; the failure is
/// told at the end. A reader who has gone, as in `kerbwatt … | head`, is no failure.
pub(crate) struct Output {
    writer: BufWriter<Stdout>,
    failed: Option<io::Error>,
}

impl Output {
    /// Of this process.
    pub(crate) fn stdout() -> Self {
        Self { writer: BufWriter::new(io::stdout()), failed: None }
    }

    /// Writes a text as it is.
    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Writes bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.writer.write_all(bytes).err();
        }
    }

    /// Writes a line.
    pub(crate) fn line(&mut self, line: &str) {
        self.text(line);
        self.text("\n");
    }

    /// Hands on what was written so far: it is now known to the reader.
    pub(crate) fn flush(&mut self) {
        if self.failed.is_none() {
            self.failed = self.writer.flush().err();
        }
    }

    /// Hands on the rest.
    ///
    /// # Errors
    /// When something could not be written and the reader has not just gone.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.flush();
        let failed = self.failed.take();
        // Else the drop of a writer that failed would try once more.
        drop(self.writer.into_parts());
        match failed {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(
                format!("the output could not be written: {error}"),
                "The command itself was done. See that there is room where the output goes, and ask again.",
            )),
            _ => Ok(()),
        }
    }
}
