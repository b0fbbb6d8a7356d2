//! The corpus of the fuzz target, replayed: each file, cut short in many places and with bytes changed, in bounded time.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::entry;

#[test]
fn the_corpus_is_read_or_refused_whole_cut_and_changed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/geojson");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!((10..=80).contains(&files.len()));
    for path in files {
        let (bytes, began) = (fs::read(&path).unwrap(), Instant::now());
        entry::geojson(&bytes);
        (0..30).for_each(|at| entry::geojson(&bytes[..bytes.len() * at / 30]));
        for turn in 0..60 {
            let mut changed = bytes.clone();
            let at = (turn * 7919 + turn * turn * 31) % bytes.len();
            changed[at] ^= [0x01, 0x04, 0x20, 0x80][turn % 4];
            entry::geojson(&changed);
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{} took {:?}", path.display(), began.elapsed());
    }
}
