//! Running the binary, and files to hand in.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Done, with nothing on stderr: progress is for terminals.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// Refused: exit code 1, and stderr says what, and what to do.
    #[track_caller]
    pub(crate) fn refused(self, what: &str, advice: &str) -> String {
        assert_eq!(self.code, 1, "{}{}", self.out, self.err);
        let lines: Vec<&str> = self.err.lines().collect();
        assert!(lines.first().is_some_and(|line| line.starts_with("error: ") && line.contains(what)), "{}", self.err);
        assert!(
            lines.get(1).is_some_and(|line| line.starts_with("what to do: ") && line.contains(advice)),
            "{}",
            self.err
        );
        self.out
    }

    /// Wrong usage: exit code 2, and stderr says what is wrong.
    #[track_caller]
    pub(crate) fn misused(self, what: &str) {
        assert_eq!(self.code, 2, "{}{}", self.out, self.err);
        assert!(self.err.contains(what), "{}", self.err);
    }

    #[track_caller]
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
    }
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kerbwatt"));
    command.args(arguments).stdin(Stdio::null());
    command
}

pub(crate) fn run(arguments: &[&str]) -> Ran {
    ran(&mut command(arguments))
}

/// Runs a command that [`command`] began.
pub(crate) fn ran(command: &mut Command) -> Ran {
    Ran::of(&command.output().expect("the binary starts"))
}

/// A folder that goes away with it.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Writes a file and gives its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).expect("a file");
        self.text(name)
    }
}

pub(crate) const HEADER: &str =
    "session_id,evse,device,connector,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver\n";

/// A return in the kerbwatt layout: `rows` sessions of 5 kWh, an hour each, one after the other on ten EVSEs, from
/// 1 January of `year` on.
pub(crate) fn sessions(year: u16, rows: usize) -> String {
    sessions_from(year, 1, rows)
}

/// The same from the first day of a month on; 3,360 rows fill a month.
pub(crate) fn sessions_from(year: u16, month: u16, rows: usize) -> String {
    let mut text = HEADER.to_owned();
    for row in 0..rows {
        let (evse, slot) = (row % 10, row / 10);
        let (days, hour) = (slot / 12, slot % 12 * 2);
        let (month, day) = (days / 28 + usize::from(month), days % 28 + 1);
        let start = format!("{year}-{month:02}-{day:02}T{hour:02}:00:00Z");
        let end = format!("{year}-{month:02}-{day:02}T{:02}:00:00Z", hour + 1);
        text.push_str(&format!("{start}-{row},E{evse},D{evse},1,{start},{end},,5.0,150,card{row}\n"));
    }
    text
}

pub(crate) const REGISTER: &str = "evse,device,location,location_name,address,postcode,latitude,longitude,siting,rated_kw,current,connectors,commissioned,decommissioned\n\
E0,D0,L0,High Street,1 High Street,NW1 1AA,51.5390,-0.1426,on_street,7,ac_1_phase,type2,2020-01-01,\n";

/// Where the real files are; says so where they are not.
pub(crate) fn real_file(name: &str) -> Option<String> {
    let folder = std::env::var_os("KERBWATT_DATA_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = folder.join(name);
    if !path.is_file() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path.display().to_string())
}

/// The first row of an answer to `query`.
#[track_caller]
pub(crate) fn figures(data: &str, metrics: &str, more: &[&str]) -> Value {
    let arguments = [&["query", "--data", data, "--metric", metrics, "--format", "json"], more].concat();
    let answer: Value = serde_json::from_str(&run(&arguments).well()).expect("JSON");
    answer["rows"][0].clone()
}

#[track_caller]
pub(crate) fn close(figure: &Value, expected: f64) {
    let figure = figure.as_f64().expect("a figure");
    assert!((figure - expected).abs() < 1e-6, "{figure} is not {expected}");
}

/// A server that is told to end when the test does.
pub(crate) struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) port: u16,
}

impl Server {
    /// Starts and waits for the line that says it is ready.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child =
            command(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let port = line.trim().strip_prefix("Kerbwatt is ready: http://localhost:").and_then(|port| port.parse().ok());
        let Some(port) = port else {
            let _ = child.kill();
            unreachable!("the first line is {line:?}")
        };
        Self { child, out, port }
    }

    /// Number of its process.
    #[cfg(target_os = "linux")]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The body of an answer with status 200.
    pub(crate) fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        body.to_owned()
    }

    /// Asks it to end, and gives its exit code and what else it printed.
    pub(crate) fn end(mut self, signal: &str) -> (i32, String) {
        let asked = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill starts");
        assert!(asked.success());
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("text");
        (self.child.wait().expect("it ends").code().unwrap_or(-1), rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where the test failed before it asked; otherwise it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
