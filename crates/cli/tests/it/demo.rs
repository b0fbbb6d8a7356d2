//! The sample and real data do not mix.

use crate::program::{Folder, run, sessions};

#[test]
fn a_sample_is_not_made_in_a_folder_of_real_returns() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 20)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc"]).well();
    run(&["demo", "--data", &data, "--port", "0"]).refused("must not be mixed", "Use another data folder");
}
