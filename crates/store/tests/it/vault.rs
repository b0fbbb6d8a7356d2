use std::fs;

use kerbwatt_store::{Digest, Vault, VaultDamageKind, VaultError};
use tempfile::TempDir;

fn vault() -> (TempDir, Vault) {
    let dir = TempDir::new().unwrap();
    let vault = Vault::open(dir.path());
    (dir, vault)
}

#[test]
fn bytes_come_back_as_they_were_put_in() {
    let (dir, vault) = vault();
    for bytes in [&b""[..], b"one", &[0, 255, 13, 10]] {
        let digest = vault.put(bytes).unwrap();
        assert_eq!(digest, Digest::of(bytes));
        assert_eq!(vault.get(&digest).unwrap(), bytes);
        assert!(vault.contains(&digest));
        let name = digest.to_string();
        assert_eq!(vault.path(&digest), dir.path().join(&name[..2]).join(&name));
    }
    assert!(vault.verify().unwrap().is_empty());
}

#[test]
fn the_same_bytes_are_kept_once() {
    let (_dir, vault) = vault();
    let digest = vault.put(b"again").unwrap();
    let written = fs::metadata(vault.path(&digest)).unwrap().modified().unwrap();
    assert_eq!(vault.put(b"again").unwrap(), digest);
    assert_eq!(fs::metadata(vault.path(&digest)).unwrap().modified().unwrap(), written);
}

#[test]
fn a_damaged_file_is_reported_refused_and_mended_by_the_same_bytes() {
    let (_dir, vault) = vault();
    let digest = vault.put(b"whole").unwrap();
    fs::write(vault.path(&digest), b"whol").unwrap();
    assert!(matches!(vault.get(&digest), Err(VaultError::Damaged { found, .. }) if found == Digest::of(b"whol")));
    let damages = vault.verify().unwrap();
    assert_eq!(damages.len(), 1);
    assert_eq!(damages[0].kind, VaultDamageKind::Changed(Digest::of(b"whol")));
    vault.put(b"whole").unwrap();
    assert_eq!(vault.get(&digest).unwrap(), b"whole");
}

#[test]
fn a_missing_file_is_told_by_its_digest() {
    let (_dir, vault) = vault();
    let digest = Digest::of(b"never");
    let error = vault.get(&digest).unwrap_err();
    assert!(matches!(error, VaultError::Missing { .. }));
    assert!(error.to_string().contains(&digest.to_string()));
}

#[test]
fn files_that_the_vault_did_not_make_are_reported() {
    let (dir, vault) = vault();
    let digest = vault.put(b"x").unwrap();
    fs::write(dir.path().join("notes.txt"), b"mine").unwrap();
    let misplaced = dir.path().join("00");
    fs::create_dir(&misplaced).unwrap();
    fs::copy(vault.path(&digest), misplaced.join(digest.to_string())).unwrap();
    let kinds: Vec<_> = vault.verify().unwrap().into_iter().map(|damage| damage.kind).collect();
    assert_eq!(kinds, [VaultDamageKind::Foreign, VaultDamageKind::Foreign]);
}

#[test]
fn what_a_crash_left_half_written_is_no_damage_and_swept() {
    let (dir, vault) = vault();
    fs::write(dir.path().join("incoming-4711-0"), b"half").unwrap();
    assert!(vault.verify().unwrap().is_empty());
    assert_eq!(vault.sweep_temporary().unwrap(), 1);
    assert_eq!(vault.sweep_temporary().unwrap(), 0);
}

#[test]
fn many_threads_may_put_the_same_bytes_at_once() {
    let (_dir, vault) = vault();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..20_u8).for_each(|n| assert!(vault.put(&[n]).is_ok())));
        }
    });
    assert!(vault.verify().unwrap().is_empty());
    assert_eq!(vault.sweep_temporary().unwrap(), 0);
}
