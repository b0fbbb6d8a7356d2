//! The key of the vault: given by the deployment, and refused when it is another one.

use crate::program::{Folder, command, figures, ran, run, sessions};

const KEY: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const OTHER: &str = "0202020202020202020202020202020202020202020202020202020202020202";

#[test]
fn a_key_is_given_in_a_variable_or_a_file_and_is_not_kept_in_the_folder() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 20)));
    let key_file = folder.file("key", format!("{KEY}\n"));
    let submit = ["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"];
    ran(command(&submit).env("KERBWATT_VAULT_KEY", KEY)).well();
    ran(command(&["verify", "--data", &data]).env("KERBWATT_VAULT_KEY_FILE", &key_file)).well();
    assert!(!folder.path("data/vault.key").exists());
    let both = ran(command(&submit).env("KERBWATT_VAULT_KEY", KEY).env("KERBWATT_VAULT_KEY_FILE", &key_file));
    both.refused("both set", "Unset one of them");
}

#[test]
fn a_wrong_key_is_refused_with_the_id_of_the_right_one_and_changes_nothing() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 20)));
    let next = folder.file("s.csv", sessions(2025, 20));
    let submit = |file| command(&["submit", file, "--data", &data, "--operator", "gb-abc", "--accept"]);
    ran(submit(&file).env("KERBWATT_VAULT_KEY", KEY)).well();
    let id = std::fs::read_to_string(folder.path("data/KEY-ID")).expect("the id of the key");
    let before = crate::damage::files(&folder.path("data"));
    for arguments in [vec!["submit", &next, "--operator", "gb-abc", "--accept"], vec!["verify"], vec!["rebuild"]] {
        let arguments = [&arguments[..], &["--data", &data]].concat();
        ran(command(&arguments).env("KERBWATT_VAULT_KEY", OTHER)).refused(id.trim(), "Give the key");
        run(&arguments).refused("no key was given", "Set KERBWATT_VAULT_KEY");
        let short = ran(command(&arguments).env("KERBWATT_VAULT_KEY", &KEY[1..]));
        assert!(!short.err.contains(&KEY[1..]));
        short.refused("holds no key", "64 hexadecimal digits");
    }
    assert_eq!(crate::damage::files(&folder.path("data")), before);
    ran(command(&["verify", "--data", &data]).env("KERBWATT_VAULT_KEY", KEY)).well();
}

#[test]
fn without_a_key_one_is_made_and_nothing_needs_to_be_set() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 20)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    assert!(folder.path("data/vault.key").exists());
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 20);
    std::fs::rename(folder.path("data/vault.key"), folder.path("elsewhere")).expect("it is moved");
    run(&["verify", "--data", &data]).refused("no key was given", "put vault.key back");
    ran(command(&["verify", "--data", &data]).env("KERBWATT_VAULT_KEY_FILE", folder.path("elsewhere"))).well();
}
