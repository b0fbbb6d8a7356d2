//! A second process, made of one of these tests: `run` is the test there and does nothing without the variable.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

const VARIABLE: &str = "KERBWATT_STORE_TEST_FOLDER";
const MARK: &str = "said: ";

/// The folder to work in, when this is the second process.
pub(crate) fn folder() -> Option<PathBuf> {
    std::env::var_os(VARIABLE).map(PathBuf::from)
}

/// Tells the first process something.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "\n{MARK}{text}").unwrap();
    out.flush().unwrap();
}

/// Waits to be killed, or for the first process to end.
pub(crate) fn wait_for_the_end() {
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
}

/// The second process; killed when dropped.
pub(crate) struct Other {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Other {
    /// Starts the named test of this binary as a process.
    pub(crate) fn start(test: &str, folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(VARIABLE, folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// What it says next.
    pub(crate) fn hear(&mut self) -> String {
        loop {
            let line = self.lines.next().unwrap().unwrap();
            if let Some(said) = line.strip_prefix(MARK) {
                return said.to_owned();
            }
        }
    }

    /// Kills it, without a chance to tidy up, and returns what it had said in the meantime.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let rest = self.lines.by_ref().map_while(Result::ok);
        rest.filter_map(|line| line.strip_prefix(MARK).map(str::to_owned)).collect()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
