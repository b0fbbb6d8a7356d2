//! The corpus of the fuzz targets, replayed: each file, cut short in many places and with bytes changed, in bounded time and memory.
//! The corpus grows by what fuzzing finds: see `fuzz/README.md`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::{entries, made};

/// Set in the process that replays: the name of the target.
const REPLAY: &str = "KERBWATT_REPLAY";
/// Address space of that process, KiB.
#[cfg(target_os = "linux")]
const MEMORY_KIB: u64 = 1 << 20;
/// For one input, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Places at which a file is cut, and at which a byte is changed.
const CUTS: usize = 12;
const CHANGES: usize = 20;

type Entry = fn(&[u8]);

const TARGETS: [(&str, Entry); 7] = [
    ("delimited", entries::delimited),
    ("workbook", entries::workbook),
    ("json", entries::json),
    ("packed", entries::packed),
    ("fields", entries::fields),
    ("profile", entries::profile),
    ("register", entries::register),
];

fn corpus(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn run(entry: Entry, bytes: &[u8], what: &str) {
    let began = Instant::now();
    entry(bytes);
    assert!(began.elapsed() < PATIENCE, "{what} took {:?}", began.elapsed());
}

/// A file, the file cut short, and the file with bytes changed; always the same ones.
fn replay(entry: Entry, path: &Path) {
    let (bytes, name) = (fs::read(path).unwrap(), path.display());
    run(entry, &bytes, &format!("{name}"));
    for cut in (0..CUTS).map(|at| bytes.len() * at / CUTS) {
        run(entry, &bytes[..cut], &format!("{name} cut at {cut}"));
    }
    let mut dice = 0x9E37_79B9_7F4A_7C15u64;
    let mut changed = bytes.clone();
    for _ in 0..CHANGES.min(bytes.len()) {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = usize::try_from(dice >> 33).unwrap() % bytes.len();
        changed[at] ^= [0x01, 0x04, 0x20, 0x80, 0xFF][usize::try_from(dice >> 20 & 0xFF).unwrap() % 5];
        run(entry, &changed, &format!("{name} with byte {at} changed"));
        if dice & 1 == 0 {
            changed.copy_from_slice(&bytes);
        }
    }
}

/// Packed seeds are made here, not by hand. Set the variable to write them anew.
#[test]
fn packed_seeds_are_made_and_there() {
    let seeds = [
        ("workbook", "made.xlsx", made::workbook(&[made::sheet("June"), made::sheet("July")], false)),
        ("packed", "made.zip", made::zip(&[("a.csv", made::csv(",", "\n").as_bytes()), ("b/c.txt", b"other")])),
        ("packed", "stored.zip", made::zip_by(zip::CompressionMethod::Stored, &[("a.csv", b"id,kwh\n1,2\n")])),
        ("packed", "made.csv.gz", made::gzip(made::csv(";", "\r\n").as_bytes())),
        ("packed", "zip_in_zip.zip", made::zip(&[("inner.zip", &made::zip(&[("a.csv", b"id,kwh\n1,2\n")]))])),
        ("packed", "zeros.gz", made::gzip(&vec![0; 3 << 20])),
    ];
    for (target, name, bytes) in seeds {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target).join(name);
        if std::env::var_os("KERBWATT_UPDATE").is_some() {
            fs::write(&path, bytes).unwrap();
        }
        assert!(path.is_file(), "{}: run the tests with KERBWATT_UPDATE=1", path.display());
    }
}

/// Replays the target that the environment names, and nothing where it names none.
#[test]
fn a_target_is_replayed() {
    let Ok(name) = std::env::var(REPLAY) else { return };
    let (_, entry) = TARGETS.into_iter().find(|(target, _)| *target == name).unwrap();
    corpus(&name).iter().for_each(|path| replay(entry, path));
}

/// In a process of its own, so that what the others take is not counted.
#[cfg(target_os = "linux")]
#[test]
fn the_corpus_of_every_target_is_read_or_refused_within_a_gibibyte() {
    for (target, _) in TARGETS {
        let limited =
            format!("ulimit -v {MEMORY_KIB} && exec \"$0\" --exact fuzzed::a_target_is_replayed --test-threads=1");
        let own = std::env::current_exe().unwrap();
        let mut command = std::process::Command::new("sh");
        let output = command.arg("-c").arg(limited).arg(own).env(REPLAY, target).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("1 passed"), "{target}: {said}");
    }
}

#[test]
fn every_target_has_a_corpus_of_small_files() {
    for (target, _) in TARGETS {
        let files = corpus(target);
        assert!((10..=80).contains(&files.len()), "{target}: {}", files.len());
        for file in files {
            assert!(fs::metadata(&file).unwrap().len() < 8 << 10, "{}", file.display());
        }
    }
}
