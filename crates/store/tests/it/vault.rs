use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use kerbwatt_store::{Digest, Vault, VaultDamageKind, VaultError, VaultKey};
use tempfile::TempDir;

use crate::other_process::{self, Other};

const MIB: usize = 1 << 20;

fn vault() -> (TempDir, Vault) {
    let dir = TempDir::new().unwrap();
    let vault = Vault::at(dir.path(), Some(VaultKey::random().unwrap()));
    (dir, vault)
}

/// A file as the first version kept it.
fn put_plain(vault: &Vault, bytes: &[u8]) -> Digest {
    let digest = Digest::of(bytes);
    let path = vault.path(&digest);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
    digest
}

/// Bytes without a pattern that a chunk could share with another.
fn content(len: usize) -> Vec<u8> {
    (0..len as u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

fn damage(vault: &Vault) -> Option<VaultDamageKind> {
    let damages = vault.verify().unwrap();
    assert!(damages.len() <= 1, "{damages:?}");
    damages.into_iter().next().map(|damage| damage.kind)
}

fn holds(path: &Path, marked: &[u8]) -> bool {
    fs::read(path).unwrap().windows(marked.len()).any(|window| window == marked)
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
fn a_file_shows_nothing_of_its_content_on_disk() {
    let (dir, vault) = vault();
    let marked = b"CARD-0123456789";
    let digest = vault.put(&marked.repeat(100)).unwrap();
    assert!(!holds(&vault.path(&digest), marked));
    assert_eq!(vault.len(&digest).unwrap(), 1500);
    let other = vault.put(b"the same key, another file").unwrap();
    let nonce = |digest| fs::read(vault.path(digest)).unwrap()[13..32].to_vec();
    assert_ne!(nonce(&digest), nonce(&other));
    drop(dir);
}

#[test]
fn content_of_any_length_comes_back_whole_and_in_pieces() {
    let (_dir, vault) = vault();
    for len in [0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 17] {
        let bytes = content(len);
        let digest = vault.put_reader(&mut &bytes[..]).unwrap();
        assert_eq!(digest, Digest::of(&bytes));
        assert!(vault.get(&digest).unwrap() == bytes, "{len} bytes");
        let mut file = vault.open(&digest).unwrap();
        assert!(file.len() == len as u64 && file.is_empty() == (len == 0) && file.is_encrypted());
        for at in [0, 1, len / 2, MIB - 3, MIB, len.saturating_sub(5)].into_iter().filter(|at| *at <= len) {
            file.seek(SeekFrom::Start(at as u64)).unwrap();
            let mut piece = Vec::new();
            file.by_ref().take(10).read_to_end(&mut piece).unwrap();
            assert_eq!(piece, bytes[at..len.min(at + 10)], "{at} of {len}");
        }
        assert_eq!(file.seek(SeekFrom::End(3)).unwrap(), len as u64 + 3);
        assert_eq!(file.read(&mut [0; 8]).unwrap(), 0);
        assert!(file.seek(SeekFrom::Current(-(len as i64) - 4)).is_err());
    }
    assert_eq!(damage(&vault), None);
}

#[test]
fn every_change_of_an_encrypted_file_is_noticed_and_mended_by_the_same_bytes() {
    let (_dir, vault) = vault();
    let bytes = content(2 * MIB + 100);
    let digest = vault.put(&bytes).unwrap();
    let path = vault.path(&digest);
    let whole = fs::read(&path).unwrap();
    let sealed = MIB + 16;
    let flipped = |at: usize| {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        changed
    };
    let swapped =
        [&whole[..32], &whole[32 + sealed..32 + 2 * sealed], &whole[32..32 + sealed], &whole[32 + 2 * sealed..]];
    let without_a_chunk = [&whole[..32 + sealed], &whole[32 + 2 * sealed..]];
    let mut changes = vec![swapped.concat(), without_a_chunk.concat(), [&whole[..], b"x"].concat(), Vec::new()];
    changes.extend([0, 7, 13, 31, 32, 40, 32 + sealed, 32 + 2 * sealed + 5, whole.len() - 1].map(flipped));
    let ends = [1, 31, 32, 33, 79, 80, 90, 32 + sealed, 32 + sealed + 48, whole.len() - 1, whole.len() - 48];
    changes.extend(ends.map(|end| whole[..end].to_vec()));
    for (number, changed) in changes.into_iter().enumerate() {
        fs::write(&path, changed).unwrap();
        assert!(matches!(vault.get(&digest), Err(VaultError::Damaged { .. })), "change {number}");
        assert!(damage(&vault).is_some(), "change {number}");
    }
    vault.put(&bytes).unwrap();
    assert!(vault.get(&digest).unwrap() == bytes);
    assert_eq!(damage(&vault), None);
}

#[test]
fn no_byte_of_a_changed_chunk_is_given_out() {
    let (_dir, vault) = vault();
    let bytes = content(2 * MIB);
    let digest = vault.put(&bytes).unwrap();
    let mut changed = fs::read(vault.path(&digest)).unwrap();
    changed[32 + MIB + 16] ^= 1;
    fs::write(vault.path(&digest), changed).unwrap();
    let mut given = Vec::new();
    let error = vault.open(&digest).unwrap().read_to_end(&mut given).unwrap_err();
    assert!(given == bytes[..MIB]);
    assert!(error.to_string().contains("restore it from a backup"), "{error}");
}

#[test]
fn one_file_under_the_name_of_another_is_noticed_when_it_is_opened() {
    let (_dir, vault) = vault();
    let (one, two) = (vault.put(b"one").unwrap(), vault.put(b"two").unwrap());
    fs::copy(vault.path(&one), vault.path(&two)).unwrap();
    let error = vault.open(&two).unwrap_err();
    assert!(matches!(error, VaultError::Damaged { damage: VaultDamageKind::Misnamed(found), .. } if found == one));
}

#[test]
fn another_key_opens_nothing_and_the_message_names_the_right_one() {
    let dir = TempDir::new().unwrap();
    let key = VaultKey::random().unwrap();
    let digest = Vault::at(dir.path(), Some(key.clone())).put(b"x").unwrap();
    for other in [None, Some(VaultKey::random().unwrap())] {
        let vault = Vault::at(dir.path(), other);
        let error = vault.get(&digest).unwrap_err();
        assert!(matches!(error, VaultError::OtherKey { wanted, .. } if wanted == key.id()), "{error}");
        assert!(error.to_string().contains(&key.id().to_string()));
        assert_eq!(damage(&vault), Some(VaultDamageKind::OtherKey(key.id())));
    }
    assert!(matches!(Vault::at(dir.path(), None).put(b"y"), Err(VaultError::NoKey)));
}

#[test]
fn files_kept_in_the_clear_are_read_checked_and_taken_over() {
    let (dir, vault) = vault();
    let digest = put_plain(&vault, b"from before");
    let damaged = put_plain(&vault, b"damaged since");
    fs::write(vault.path(&damaged), b"damaged sincf").unwrap();
    assert_eq!(Vault::at(dir.path(), None).get(&digest).unwrap(), b"from before");
    assert_eq!(vault.len(&digest).unwrap(), 11);
    let mut file = vault.open(&digest).unwrap();
    file.seek(SeekFrom::End(-6)).unwrap();
    assert_eq!(std::io::read_to_string(&mut file).unwrap(), "before");
    assert!(!file.is_encrypted());
    let found = Digest::of(b"damaged sincf");
    let error = vault.get(&damaged).unwrap_err();
    assert!(matches!(error, VaultError::Damaged { damage: VaultDamageKind::Changed(f), .. } if f == found));
    assert_eq!(vault.encrypt_plain().unwrap(), 1);
    assert_eq!(vault.encrypt_plain().unwrap(), 0);
    assert!(vault.open(&digest).unwrap().is_encrypted() && !holds(&vault.path(&digest), b"before"));
    assert_eq!(vault.get(&digest).unwrap(), b"from before");
    assert_eq!(damage(&vault), Some(VaultDamageKind::Changed(found)));
    vault.put(b"damaged since").unwrap();
    assert_eq!(damage(&vault), None);
}

#[test]
fn a_file_kept_in_the_clear_is_encrypted_when_it_is_handed_in_again() {
    let (_dir, vault) = vault();
    let digest = put_plain(&vault, b"again");
    assert_eq!(vault.put(b"again").unwrap(), digest);
    assert!(vault.open(&digest).unwrap().is_encrypted());
}

/// A source of zeros, so that only the vault's own memory counts.
#[test]
fn another_process_keeps_and_reads_a_large_file() {
    let Some(dir) = other_process::folder() else { return };
    let vault = Vault::at(&dir, Some(VaultKey::random().unwrap()));
    vault.put_reader(&mut std::io::repeat(1).take(MIB as u64)).unwrap();
    let before = most_memory_kib();
    let digest = vault.put_reader(&mut std::io::repeat(0).take(100 * MIB as u64)).unwrap();
    let read = std::io::copy(&mut vault.open(&digest).unwrap(), &mut std::io::sink()).unwrap();
    assert!(vault.verify().unwrap().is_empty());
    let arrived = vault.arrive(&mut std::io::repeat(0).take(100 * MIB as u64)).unwrap();
    assert_eq!(std::io::copy(&mut arrived.open().unwrap(), &mut std::io::sink()).unwrap(), read);
    other_process::say(&format!("{read} {}", most_memory_kib() - before));
}

fn most_memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[expect(clippy::print_stdout, reason = "tests say what they skip")]
fn a_large_file_passes_through_little_memory() {
    if !Path::new("/proc/self/status").exists() {
        println!("skipped: this system does not say how much memory a process used");
        return;
    }
    let dir = TempDir::new().unwrap();
    let mut other = Other::start("vault::another_process_keeps_and_reads_a_large_file", dir.path());
    let heard = other.hear();
    let (read, more_kib) = heard.split_once(' ').unwrap();
    assert_eq!(read, (100 * MIB).to_string());
    assert!(more_kib.parse::<u64>().unwrap() < 16 * 1024, "{more_kib} KiB more");
}

#[test]
fn what_arrives_is_read_as_often_as_wanted_and_is_gone_with_it() {
    let (dir, vault) = vault();
    let sent = content(2 * MIB + 77);
    let arrived = Vault::at(dir.path(), None).arrive(&mut sent.as_slice()).unwrap();
    assert_eq!(arrived.len(), sent.len() as u64);
    let (mut one, mut two) = (arrived.open().unwrap(), arrived.open().unwrap());
    let (mut first, mut second) = (vec![0; 100], Vec::new());
    one.read_exact(&mut first).unwrap();
    two.read_to_end(&mut second).unwrap();
    assert!(first == sent[..100] && second == sent);
    one.seek(SeekFrom::Start(MIB as u64)).unwrap();
    one.read_exact(&mut first).unwrap();
    assert_eq!(first, sent[MIB..MIB + 100]);
    assert_eq!(vault.put_reader(&mut arrived.open().unwrap()).unwrap(), Digest::of(&sent));
    drop((one, two, arrived));
    assert!(vault.verify().unwrap().is_empty());
    assert_eq!(vault.sweep_temporary().unwrap(), 0);
}

/// The process is never ended in an orderly way while it holds the file, so that no name of it may be there for others either.
#[test]
#[cfg(target_os = "linux")]
fn what_arrives_has_no_name_and_shows_nothing_of_its_content_on_disk() {
    let (dir, vault) = vault();
    let marked = b"RFID 04-A2-55-marked";
    let arrived = vault.arrive(&mut marked.repeat(1_000).as_slice()).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    let open = fs::read_dir("/proc/self/fd").unwrap().map(|entry| entry.unwrap().path());
    let in_vault = |file: &std::path::PathBuf| fs::read_link(file).is_ok_and(|target| target.starts_with(dir.path()));
    let held: Vec<_> = open.filter(in_vault).collect();
    assert_eq!(held.len(), 1);
    assert!(fs::metadata(&held[0]).unwrap().len() > arrived.len());
    assert!(!holds(&held[0], marked));
}

#[test]
fn a_source_that_ends_early_leaves_nothing() {
    struct Half(u8);
    impl std::io::Read for Half {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            if self.0 > 3 { Err(std::io::ErrorKind::ConnectionReset.into()) } else { Ok(out.len()) }
        }
    }
    let (dir, vault) = vault();
    let error = vault.arrive(&mut Half(0)).err().unwrap();
    assert!(matches!(error, VaultError::Source(source) if source.kind() == std::io::ErrorKind::ConnectionReset));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
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
