//! Whatever goes wrong at whatever step of keeping a file: it is there whole or not at all, and can be handed in again.
#![expect(clippy::unwrap_used, reason = "a failing test")]

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::seal::CHUNK;
use super::{Vault, VaultDamageKind, VaultError, VaultKey};
use crate::Digest;
use crate::durable::faulty::{Fault, FaultyDisk, PowerLoss, ReadFault};

const BEFORE: &[u8] = b"there before";

/// A vault that holds [`BEFORE`], on a disk that can be made to fail.
struct Fixture {
    dir: TempDir,
    disk: FaultyDisk,
    key: VaultKey,
    vault: Vault,
}

fn fixture() -> Fixture {
    let dir = TempDir::new().unwrap();
    let (disk, key) = (FaultyDisk::on(dir.path()), VaultKey::random().unwrap());
    let vault = Vault::on(Arc::new(disk.clone()), dir.path(), Some(key.clone()));
    vault.put(BEFORE).unwrap();
    disk.arm(None);
    Fixture { dir, disk, key, vault }
}

/// More than a chunk, so that its writing has a middle.
fn bytes() -> Vec<u8> {
    b"0123456789abcdef".repeat(CHUNK / 16 + 1)
}

impl Fixture {
    /// What a new process finds in the folder: all that was there before, and the file whole or not at all.
    fn check(&self, dir: &Path, must_be_there: bool, case: &str) {
        let vault = Vault::at(dir, Some(self.key.clone()));
        vault.sweep_temporary().unwrap();
        assert_eq!(vault.verify().unwrap(), [], "{case}");
        assert_eq!(vault.get(&Digest::of(BEFORE)).unwrap(), BEFORE, "{case}");
        let digest = Digest::of(&bytes());
        assert!(vault.contains(&digest) || !must_be_there, "{case}: what was acknowledged is gone");
        if vault.contains(&digest) {
            assert!(vault.get(&digest).unwrap() == bytes(), "{case}");
        }
    }

    fn check_all_worlds(&self, must_be_there: bool, case: &str) {
        self.check(self.disk.after(PowerLoss::Clean).path(), must_be_there, case);
        self.check(self.disk.after(PowerLoss::KeepsNames).path(), must_be_there, case);
        self.check(self.dir.path(), must_be_there, case);
    }

    /// Puts with a fault; then the same folder, and what a power loss makes of it, must be in order and take the file.
    fn put_with(&self, fault: Fault) -> Result<Digest, VaultError> {
        let case = format!("{fault:?}");
        self.disk.arm(Some(fault));
        let put = self.vault.put(&bytes());
        for loss in [PowerLoss::Clean, PowerLoss::KeepsNames] {
            let world = self.disk.after(loss);
            self.check(world.path(), put.is_ok(), &case);
            Vault::at(world.path(), Some(self.key.clone())).put(&bytes()).unwrap();
            self.check(world.path(), true, &case);
        }
        self.disk.arm(None);
        self.check(self.dir.path(), put.is_ok(), &case);
        // What the first attempt left, flushed or not, must not mislead the second.
        self.vault.put(&bytes()).unwrap();
        self.check_all_worlds(true, &format!("{case}, then put again"));
        put
    }
}

/// Steps of a put on which nothing goes wrong.
fn steps() -> usize {
    let fixture = fixture();
    fixture.vault.put(&bytes()).unwrap();
    let steps = fixture.disk.steps();
    assert!(steps > 8, "{steps}");
    fixture.check_all_worlds(true, "nothing goes wrong");
    steps
}

#[test]
fn after_a_death_at_any_step_the_file_is_whole_or_absent_also_when_the_power_goes() {
    for step in 0..steps() {
        let put = fixture().put_with(Fault::Dies(step));
        assert!(matches!(put, Err(VaultError::Io { .. })), "step {step}: {put:?}");
    }
}

#[test]
fn nothing_is_acknowledged_when_any_flush_fails() {
    let failed = (0..steps()).filter(|step| fixture().put_with(Fault::SyncFails(*step)).is_err()).count();
    assert_eq!(failed, 3, "the file, its name, and the name of the folder that it is in");
}

#[test]
fn a_full_disk_refuses_the_file_keeps_the_others_and_gets_its_room_back() {
    let needed = bytes().len() + 1000;
    for room in [0, 1, 2, 20, 33, 34, 500, CHUNK, CHUNK + 40, CHUNK + 49, CHUNK + 70] {
        let fixture = fixture();
        fixture.disk.arm(Some(Fault::Full(room)));
        let error = fixture.vault.put(&bytes()).unwrap_err();
        assert!(matches!(&error, VaultError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull));
        let left = fs::read_dir(fixture.dir.path()).unwrap().filter(|e| e.as_ref().unwrap().path().is_file()).count();
        assert_eq!(left, 0, "room for {room} bytes");
        fixture.put_with(Fault::Full(needed)).unwrap();
    }
}

#[test]
fn a_death_while_a_file_is_handed_in_again_loses_nothing() {
    for step in 0.. {
        let fixture = fixture();
        fixture.vault.put(&bytes()).unwrap();
        fixture.disk.arm(Some(Fault::Dies(step)));
        let again = fixture.vault.put_reader(&mut &bytes()[..]);
        fixture.check_all_worlds(true, &format!("step {step}"));
        if again.is_ok() {
            return;
        }
    }
}

#[test]
fn a_death_while_plain_files_are_encrypted_loses_nothing() {
    for step in 0.. {
        let fixture = fixture();
        let path = fixture.vault.path(&Digest::of(&bytes()));
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes()).unwrap();
        let disk = FaultyDisk::on(fixture.dir.path());
        let vault = Vault::on(Arc::new(disk.clone()), fixture.dir.path(), Some(fixture.key.clone()));
        disk.arm(Some(Fault::Dies(step)));
        let taken_over = vault.encrypt_plain();
        for loss in [PowerLoss::Clean, PowerLoss::KeepsNames] {
            fixture.check(disk.after(loss).path(), true, &format!("step {step}"));
        }
        fixture.check(fixture.dir.path(), true, &format!("step {step}"));
        disk.arm(None);
        vault.encrypt_plain().unwrap();
        let world = disk.after(PowerLoss::Clean);
        assert!(Vault::at(world.path(), Some(fixture.key.clone())).open(&Digest::of(&bytes())).unwrap().is_encrypted());
        if taken_over.is_ok() {
            return;
        }
    }
}

#[test]
fn a_disk_that_gives_little_at_a_time_gives_the_same() {
    let fixture = fixture();
    let short = b"short reads".repeat(1000);
    let digest = fixture.vault.put(&short).unwrap();
    fixture.disk.arm_reading(Some(ReadFault::Short));
    assert_eq!(fixture.vault.get(&digest).unwrap(), short);
    assert_eq!(fixture.vault.verify().unwrap(), []);
}

#[test]
fn a_disk_that_does_not_read_or_reads_wrong_is_told_and_never_believed() {
    let fixture = fixture();
    let digest = fixture.vault.put(&bytes()).unwrap();
    let size = fs::metadata(fixture.vault.path(&digest)).unwrap().len();
    for at in [0, 8, 9, 20, 32, 1000, CHUNK as u64, 32 + CHUNK as u64 + 16, size - 60, size - 1] {
        fixture.disk.arm_reading(Some(ReadFault::Fails(at)));
        assert!(matches!(fixture.vault.get(&digest), Err(VaultError::Io { .. })), "{at}");
        let damages = fixture.vault.verify().unwrap();
        assert!(damages.iter().any(|damage| matches!(damage.kind, VaultDamageKind::Unreadable(_))), "{at}");
        fixture.disk.arm_reading(Some(ReadFault::Flips(at)));
        let wrong = fixture.vault.get(&digest);
        assert!(matches!(wrong, Err(VaultError::Damaged { .. } | VaultError::OtherKey { .. })), "{at}: {wrong:?}");
    }
    fixture.disk.arm_reading(None);
    fixture.check_all_worlds(true, "read wrong before");
}

/// Gives some bytes and then fails.
struct Broken(usize);

impl Read for Broken {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.min(out.len()) {
            0 => Err(io::Error::other("the connection was closed")),
            count => {
                self.0 -= count;
                Ok(count)
            }
        }
    }
}

#[test]
fn a_source_that_breaks_off_leaves_nothing() {
    for len in [0, 10, CHUNK, CHUNK + 10] {
        let fixture = fixture();
        let error = fixture.vault.put_reader(&mut Broken(len)).unwrap_err();
        assert!(matches!(&error, VaultError::Source(_)) && error.to_string().contains("connection was closed"));
        assert_eq!(fixture.vault.sweep_temporary().unwrap(), 0);
        fixture.check_all_worlds(false, "broken off");
    }
}
