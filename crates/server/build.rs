//! Sees that the folder of the web app exists, so that the server compiles before the web app is built.

use std::path::Path;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=../../web/dist");
    std::fs::create_dir_all(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist"))
}
