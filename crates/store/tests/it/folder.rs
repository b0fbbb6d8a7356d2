use std::fs;

use kerbwatt_store::{DataFolder, Digest, FolderError, KeyError, KeySource, VaultKey};
use tempfile::TempDir;

use crate::other_process::{self, Other};

#[test]
fn a_new_folder_gets_its_parts_and_can_be_read() {
    let dir = TempDir::new().unwrap();
    let root = dir.path().join("below/data");
    let folder = DataFolder::open_for_writing(&root, "kerbwatt test").unwrap();
    assert!(folder.is_writer());
    assert!(folder.vault_dir().is_dir() && folder.lake_dir().is_dir());
    assert_eq!(folder.ledger_file(), root.join("ledger.sqlite"));
    let reader = DataFolder::open_for_reading(&root).unwrap();
    assert!(!reader.is_writer());
    assert_eq!(reader.root(), root);
}

#[test]
fn a_second_writer_is_told_who_has_the_folder() {
    let dir = TempDir::new().unwrap();
    let first = DataFolder::open_for_writing(dir.path(), "kerbwatt serve\nx").unwrap();
    let error = DataFolder::open_for_writing(dir.path(), "kerbwatt submit").unwrap_err();
    let message = error.to_string();
    assert!(message.contains("kerbwatt serve x") && message.contains(&std::process::id().to_string()), "{message}");
    drop(first);
    DataFolder::open_for_writing(dir.path(), "kerbwatt submit").unwrap();
}

#[test]
fn another_process_holds_a_folder() {
    let Some(dir) = other_process::folder() else { return };
    let _folder = DataFolder::open_for_writing(&dir, "kerbwatt serve").unwrap();
    other_process::say("held");
    other_process::wait_for_the_end();
}

#[test]
fn a_folder_is_free_again_when_the_process_that_had_it_was_killed() {
    let dir = TempDir::new().unwrap();
    let mut other = Other::start("folder::another_process_holds_a_folder", dir.path());
    assert_eq!(other.hear(), "held");
    let error = DataFolder::open_for_writing(dir.path(), "kerbwatt submit").unwrap_err();
    assert!(matches!(&error, FolderError::InUse { holder, .. } if holder.ends_with("(kerbwatt serve)")), "{error}");
    DataFolder::open_for_reading(dir.path()).unwrap();
    other.kill();
    DataFolder::open_for_writing(dir.path(), "kerbwatt submit").unwrap();
}

#[test]
fn a_folder_of_a_newer_version_is_refused_for_both() {
    let dir = TempDir::new().unwrap();
    drop(DataFolder::open_for_writing(dir.path(), "x").unwrap());
    fs::write(dir.path().join("FORMAT"), "kerbwatt 99\n").unwrap();
    let newer = |result: Result<DataFolder, FolderError>| matches!(result, Err(FolderError::Newer { found: 99, .. }));
    assert!(newer(DataFolder::open_for_writing(dir.path(), "x")));
    assert!(newer(DataFolder::open_for_reading(dir.path())));
    fs::write(dir.path().join("FORMAT"), "something").unwrap();
    assert!(matches!(DataFolder::open_for_reading(dir.path()), Err(FolderError::UnknownFormat { .. })));
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
    let error = DataFolder::open_for_writing(dir.path(), "x").unwrap_err();
    assert!(matches!(&error, FolderError::Foreign { entry, .. } if entry == "thesis.txt"));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    let file = dir.path().join("thesis.txt");
    assert!(matches!(DataFolder::open_for_writing(&file, "x"), Err(FolderError::NotADirectory { .. })));
    assert!(matches!(DataFolder::open_for_reading(&file), Err(FolderError::NotADirectory { .. })));
}

#[test]
fn reading_makes_no_folder() {
    let dir = TempDir::new().unwrap();
    let missing = dir.path().join("missing");
    assert!(matches!(DataFolder::open_for_reading(&missing), Err(FolderError::Missing { .. })));
    assert!(!missing.exists());
}

#[test]
fn a_folder_whose_making_was_interrupted_is_finished() {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("vault")).unwrap();
    fs::write(dir.path().join("FORMAT.new"), "kerb").unwrap();
    DataFolder::open_for_writing(dir.path(), "x").unwrap();
    DataFolder::open_for_reading(dir.path()).unwrap();
}

const KEY_ONE: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const KEY_TWO: &str = "2222222222222222222222222222222222222222222222222222222222222222";

fn given(hex: &str) -> KeySource {
    KeySource::Given(VaultKey::parse(hex).unwrap(), "KERBWATT_VAULT_KEY")
}

fn names(dir: &std::path::Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_key_is_made_where_none_is_given_and_only_its_owner_reads_it() {
    let dir = TempDir::new().unwrap();
    let open = || DataFolder::open_for_writing_with(dir.path(), "x", &KeySource::InFolder).unwrap();
    let digest = open().vault().put(b"x").unwrap();
    assert_eq!(open().vault().get(&digest).unwrap(), b"x");
    let reader = DataFolder::open_for_reading_with(dir.path(), &KeySource::InFolder).unwrap();
    assert_eq!(reader.vault().get(&digest).unwrap(), b"x");
    assert_eq!(names(dir.path()), ["FORMAT", "KEY-ID", "LOCK", "lake", "vault", "vault.key"]);
    let key = VaultKey::parse(&fs::read_to_string(dir.path().join("vault.key")).unwrap()).unwrap();
    assert_eq!(fs::read_to_string(dir.path().join("KEY-ID")).unwrap(), format!("{}\n", key.id()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(dir.path().join("vault.key")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_key_that_is_given_is_not_kept_in_the_folder() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("secret");
    fs::write(&file, format!("{KEY_ONE}\n")).unwrap();
    let root = dir.path().join("data");
    let digest = DataFolder::open_for_writing_with(&root, "x", &given(KEY_ONE)).unwrap().vault().put(b"x").unwrap();
    let folder = DataFolder::open_for_writing_with(&root, "x", &KeySource::File(file)).unwrap();
    assert_eq!(folder.vault().get(&digest).unwrap(), b"x");
    assert!(!names(&root).contains(&"vault.key".to_owned()));
}

#[test]
fn another_key_or_none_is_refused_before_anything_is_written() {
    let dir = TempDir::new().unwrap();
    drop(DataFolder::open_for_writing_with(dir.path(), "x", &given(KEY_ONE)).unwrap());
    fs::remove_file(dir.path().join("LOCK")).unwrap();
    let before = names(dir.path());
    let wanted = VaultKey::parse(KEY_ONE).unwrap().id().to_string();
    for (source, said) in
        [(given(KEY_TWO), "KERBWATT_VAULT_KEY holds the key"), (KeySource::InFolder, "no key was given")]
    {
        let writing = DataFolder::open_for_writing_with(dir.path(), "x", &source).unwrap_err();
        let reading = DataFolder::open_for_reading_with(dir.path(), &source).unwrap_err();
        for error in [writing, reading] {
            assert!(matches!(error, FolderError::Key(KeyError::Other { .. } | KeyError::Missing { .. })));
            let message = error.to_string();
            assert!(message.contains(&wanted) && message.contains(said), "{message}");
            assert!(!message.contains(KEY_ONE) && !message.contains(KEY_TWO), "{message}");
        }
    }
    assert_eq!(names(dir.path()), before);
}

#[test]
fn a_key_that_cannot_be_used_makes_no_folder() {
    let dir = TempDir::new().unwrap();
    let (missing, short) = (dir.path().join("none"), dir.path().join("short"));
    fs::write(&short, &KEY_ONE[1..]).unwrap();
    let root = dir.path().join("data");
    let endless = ["/dev/zero"].map(std::path::PathBuf::from).into_iter().filter(|path| path.exists());
    for path in [missing, short].into_iter().chain(endless) {
        let error = DataFolder::open_for_writing_with(&root, "x", &KeySource::File(path.clone())).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(&path.display().to_string()) && !message.contains(&KEY_ONE[1..]), "{message}");
        assert!(!root.exists());
    }
}

#[test]
fn a_folder_that_lost_the_id_of_its_key_still_refuses_another() {
    let dir = TempDir::new().unwrap();
    DataFolder::open_for_writing_with(dir.path(), "x", &given(KEY_ONE)).unwrap().vault().put(b"x").unwrap();
    fs::remove_file(dir.path().join("KEY-ID")).unwrap();
    let error = DataFolder::open_for_writing_with(dir.path(), "x", &given(KEY_TWO)).unwrap_err();
    assert!(matches!(error, FolderError::Key(KeyError::Other { .. })), "{error}");
    DataFolder::open_for_writing_with(dir.path(), "x", &given(KEY_ONE)).unwrap();
    assert!(dir.path().join("KEY-ID").exists());
    fs::write(dir.path().join("KEY-ID"), "?").unwrap();
    let error = DataFolder::open_for_reading_with(dir.path(), &given(KEY_ONE)).unwrap_err();
    assert!(matches!(error, FolderError::Key(KeyError::UnknownId { .. })), "{error}");
}

#[test]
fn a_folder_of_the_first_version_is_read_as_it_is_and_encrypted_by_its_first_writer() {
    let dir = TempDir::new().unwrap();
    let digest = Digest::of(b"from before");
    let shard = dir.path().join("vault").join(&digest.to_string()[..2]);
    fs::create_dir_all(&shard).unwrap();
    fs::create_dir(dir.path().join("lake")).unwrap();
    fs::write(shard.join(digest.to_string()), b"from before").unwrap();
    fs::write(dir.path().join("FORMAT"), "kerbwatt 1\n").unwrap();
    let reader = DataFolder::open_for_reading_with(dir.path(), &KeySource::InFolder).unwrap();
    assert_eq!(reader.vault().get(&digest).unwrap(), b"from before");
    assert_eq!(names(dir.path()), ["FORMAT", "lake", "vault"]);
    let writer = DataFolder::open_for_writing_with(dir.path(), "x", &given(KEY_ONE)).unwrap();
    assert!(writer.vault().open(&digest).unwrap().is_encrypted());
    assert_eq!(writer.vault().get(&digest).unwrap(), b"from before");
    assert_eq!(fs::read_to_string(dir.path().join("FORMAT")).unwrap(), "kerbwatt 2\n");
}
