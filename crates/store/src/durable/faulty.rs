//! A disk for tests that fails when it is told to, and knows what a power loss would leave.
//!
//! It works on a real folder, so that everything else sees what it did. Beside that it keeps what was flushed: of each file
//! the content, of each folder the names. Whatever was there when it was made counts as flushed.
#![expect(clippy::unwrap_used, reason = "a failing test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use tempfile::TempDir;

use super::{Disk, Input, Output, Readers, RealDisk};

/// What goes wrong when something is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process dies in the step with this number: a write is cut in half, and nothing after it happens.
    Dies(usize),
    /// The flush with this number of a step fails; what was not flushed before is lost, whatever later flushes say.
    SyncFails(usize),
    /// There is room for so many more bytes.
    Full(usize),
}

/// What goes wrong when something is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadFault {
    /// The disk does not give what is at this byte and beyond.
    Fails(u64),
    /// Every read gives one byte only, and every other one is interrupted.
    Short,
    /// This byte comes with a wrong bit.
    Flips(u64),
}

/// What a power loss leaves of what was not flushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PowerLoss {
    /// Nothing.
    Clean,
    /// Names, but no content: files that are empty or old.
    KeepsNames,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Folder,
    File(usize),
}

type Names = BTreeMap<PathBuf, Node>;

/// See the module. Clones are the same disk.
#[derive(Debug, Clone)]
pub(crate) struct FaultyDisk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    root: PathBuf,
    names: Names,
    flushed_names: Names,
    flushed: BTreeMap<usize, Vec<u8>>,
    lost: BTreeSet<usize>,
    files: usize,
    steps: usize,
    fault: Option<Fault>,
    is_dead: bool,
    read_fault: Option<ReadFault>,
}

impl FaultyDisk {
    /// A disk in good order.
    pub(crate) fn on(root: &Path) -> Self {
        let mut state = State {
            root: root.to_owned(),
            names: Names::new(),
            flushed_names: Names::new(),
            flushed: BTreeMap::new(),
            lost: BTreeSet::new(),
            files: 0,
            steps: 0,
            fault: None,
            is_dead: false,
            read_fault: None,
        };
        state.find(root);
        state.flushed_names = state.names.clone();
        Self(Arc::new(Mutex::new(state)))
    }

    /// From here on this goes wrong; steps are counted from here, and a process that died lives again.
    pub(crate) fn arm(&self, fault: Option<Fault>) {
        let mut state = self.state();
        (state.steps, state.fault, state.is_dead) = (0, fault, false);
    }

    /// From here on this goes wrong with reading.
    pub(crate) fn arm_reading(&self, fault: Option<ReadFault>) {
        self.state().read_fault = fault;
    }

    /// Steps since the disk was armed.
    pub(crate) fn steps(&self) -> usize {
        self.state().steps
    }

    /// The folder as it is when the power comes back.
    pub(crate) fn after(&self, loss: PowerLoss) -> TempDir {
        let state = self.state();
        let names = if loss == PowerLoss::Clean { &state.flushed_names } else { &state.names };
        let dir = TempDir::new().unwrap();
        // In this order a folder comes before what is in it; what is in a folder that is gone is gone.
        for (path, node) in names {
            let copy = dir.path().join(path.strip_prefix(&state.root).unwrap());
            match node {
                _ if !copy.parent().unwrap().is_dir() => {}
                Node::Folder => fs::create_dir(&copy).unwrap(),
                Node::File(file) => fs::write(&copy, state.flushed.get(file).map_or(&[][..], Vec::as_slice)).unwrap(),
            }
        }
        dir
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn find(&mut self, dir: &Path) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.names.insert(path.clone(), Node::Folder);
                self.find(&path);
            } else {
                let file = self.name_file(&path);
                self.flushed.insert(file, fs::read(&path).unwrap());
            }
        }
    }

    fn name_file(&mut self, path: &Path) -> usize {
        self.files += 1;
        self.names.insert(path.to_owned(), Node::File(self.files));
        self.files
    }

    /// Counts a step; an error when it is not to happen.
    fn step(&mut self, is_sync: bool) -> io::Result<()> {
        let number = self.steps;
        self.steps += 1;
        self.is_dead |= self.fault == Some(Fault::Dies(number));
        if self.is_dead {
            return Err(io::Error::other("the process died"));
        }
        if is_sync && self.fault == Some(Fault::SyncFails(number)) {
            return Err(io::Error::other("the disk failed to flush"));
        }
        Ok(())
    }

    /// How many of so many bytes there is room for.
    fn take_room(&mut self, bytes: usize) -> io::Result<usize> {
        let Some(Fault::Full(room)) = self.fault else { return Ok(bytes) };
        if room == 0 && bytes > 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = bytes.min(room);
        self.fault = Some(Fault::Full(room - taken));
        Ok(taken)
    }

    fn sync_file(&mut self, file: usize) -> io::Result<()> {
        if let Err(error) = self.step(true) {
            self.lost.insert(file);
            return Err(error);
        }
        let path = self.names.iter().find(|(_, node)| **node == Node::File(file)).map(|(path, _)| path);
        if let Some(path) = path.filter(|_| !self.lost.contains(&file)) {
            self.flushed.insert(file, fs::read(path)?);
        }
        Ok(())
    }
}

impl Disk for FaultyDisk {
    fn create(&self, path: &Path, readers: Readers) -> io::Result<Box<dyn Output>> {
        let mut state = self.state();
        state.step(false)?;
        state.take_room(1)?; // its name needs room, too
        drop(RealDisk.create(path, readers)?);
        let file = state.name_file(path);
        Ok(Box::new(FaultyOutput { disk: self.clone(), file, output: File::options().write(true).open(path)? }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Input>> {
        let fault = self.state().read_fault;
        Ok(Box::new(FaultyInput { input: File::open(path)?, fault, at: 0, calls: 0 }))
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        match state.names.get(path) {
            Some(Node::File(file)) => {
                let file = *file;
                state.sync_file(file)
            }
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step(true)?;
        let is_in = |path: &PathBuf| path.parent() == Some(dir);
        state.flushed_names.retain(|path, _| !is_in(path));
        let now: Names = state.names.iter().filter(|(path, _)| is_in(path)).map(|(p, n)| (p.clone(), *n)).collect();
        state.flushed_names.extend(now);
        Ok(())
    }

    fn make_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step(false)?;
        state.take_room(1)?;
        RealDisk.make_dir(dir)?;
        state.names.insert(dir.to_owned(), Node::Folder);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step(false)?;
        RealDisk.rename(from, to)?;
        if let Some(node) = state.names.remove(from) {
            state.names.insert(to.to_owned(), node);
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step(false)?;
        RealDisk.remove(path)?;
        state.names.remove(path);
        Ok(())
    }
}

struct FaultyOutput {
    disk: FaultyDisk,
    file: usize,
    output: File,
}

impl Write for FaultyOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.disk.state();
        let was_dead = state.is_dead;
        if let Err(error) = state.step(false) {
            if !was_dead {
                self.output.write_all(&bytes[..bytes.len() / 2])?;
            }
            return Err(error);
        }
        let taken = state.take_room(bytes.len())?;
        self.output.write_all(&bytes[..taken])?;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for FaultyOutput {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.state().sync_file(self.file)
    }
}

struct FaultyInput {
    input: File,
    fault: Option<ReadFault>,
    at: u64,
    calls: usize,
}

impl Read for FaultyInput {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        let out = match self.fault {
            Some(ReadFault::Short) if self.calls.is_multiple_of(2) => return Err(io::ErrorKind::Interrupted.into()),
            Some(ReadFault::Short) if !out.is_empty() => &mut out[..1],
            _ => out,
        };
        let read = self.input.read(out)?;
        let given = self.at..self.at + read as u64;
        match self.fault {
            Some(ReadFault::Fails(at)) if given.end > at => return Err(io::Error::other("a bad sector")),
            Some(ReadFault::Flips(at)) if given.contains(&at) => out[usize::try_from(at - given.start).unwrap()] ^= 4,
            _ => {}
        }
        self.at = given.end;
        Ok(read)
    }
}

impl Seek for FaultyInput {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.input.seek(to)?;
        Ok(self.at)
    }
}

impl Input for FaultyInput {}
