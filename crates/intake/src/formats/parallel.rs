//! Work on the blocks of a file in several threads. What comes of them is handed on in the order of the file, so that the result
//! does not depend on how many threads there are.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::blocks::{Block, Blocks, Cut};
use crate::refusal::Refusal;

/// Most threads: beyond it, handing on in order is what takes the time.
const MOST_THREADS: usize = 8;
/// Blocks on their way for each thread: what must be held in memory.
const ON_THE_WAY: usize = 3;

/// What is done with each block.
pub(crate) struct Work<'w, S, T> {
    /// What a thread keeps from one of its blocks to the next.
    pub(crate) begin: &'w (dyn Fn() -> S + Sync),
    /// What becomes of a block.
    pub(crate) each: &'w (dyn Fn(&mut S, &Block) -> T + Sync),
    /// Takes it, in the order of the file, with the number of the thread that it comes from.
    pub(crate) take: &'w mut dyn FnMut(usize, T),
}

/// Works on all blocks; gives what each thread kept.
pub(super) fn work<S: Send, T: Send>(blocks: &mut Blocks<'_>, work: Work<'_, S, T>) -> Result<Vec<S>, Refusal> {
    let Some(first) = blocks.next()? else { return Ok(Vec::new()) };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let second = blocks.next()?;
    if second.is_none() || threads == 1 {
        return alone([Some(first), second], blocks, work);
    }
    let (jobs, waiting) = channel::<(usize, Cut)>();
    let (done, results) = channel();
    let waiting = Mutex::new(waiting);
    thread::scope(|scope| {
        let (begin, each, waiting) = (work.begin, work.each, &waiting);
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                let done: Sender<(usize, Done<T>)> = done.clone();
                scope.spawn(move || {
                    let mut kept = begin();
                    while let Some((at, cut)) = next(waiting) {
                        let read = cut.block().map(|block| {
                            let read = each(&mut kept, &block);
                            (read, block.into_room())
                        });
                        if done.send((at, Done { thread, read })).is_err() {
                            break;
                        }
                    }
                    kept
                })
            })
            .collect();
        drop(done);
        let mut given = Given { results, ready: BTreeMap::new(), handed_on: 0 };
        let handed = given.hand_out([Some(first), second], blocks, jobs, threads * ON_THE_WAY, work.take);
        let kept =
            running.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        let kept = kept.collect();
        handed.map(|()| kept)
    })
}

fn next(waiting: &Mutex<Receiver<(usize, Cut)>>) -> Option<(usize, Cut)> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Without threads: for small files.
fn alone<S, T>(
    first: [Option<Cut>; 2],
    blocks: &mut Blocks<'_>,
    Work { begin, each, take }: Work<'_, S, T>,
) -> Result<Vec<S>, Refusal> {
    let mut kept = begin();
    for cut in first.into_iter().flatten() {
        take(0, each(&mut kept, &cut.block()?));
    }
    while let Some(cut) = blocks.next()? {
        take(0, each(&mut kept, &cut.block()?));
    }
    Ok(vec![kept])
}

/// What a thread made of a block, and the block's room.
struct Done<T> {
    thread: usize,
    read: Result<(T, Vec<u8>), Refusal>,
}

/// What the threads gave.
struct Given<T> {
    results: Receiver<(usize, Done<T>)>,
    /// Results that came before their turn.
    ready: BTreeMap<usize, Done<T>>,
    handed_on: usize,
}

impl<T> Given<T> {
    /// Gives blocks to the threads, at most `most` ahead of what was taken, and hands on what comes back.
    fn hand_out(
        &mut self,
        first: [Option<Cut>; 2],
        blocks: &mut Blocks<'_>,
        jobs: Sender<(usize, Cut)>,
        most: usize,
        take: &mut dyn FnMut(usize, T),
    ) -> Result<(), Refusal> {
        let mut count = 0;
        let mut first = first.into_iter().flatten();
        loop {
            let cut = match first.next() {
                Some(cut) => Some(cut),
                None => blocks.next()?,
            };
            let Some(cut) = cut else { break };
            if jobs.send((count, cut)).is_err() {
                break; // every thread is gone: joining them tells why
            }
            count += 1;
            while count - self.handed_on >= most && self.receive(blocks, take)? {}
        }
        drop(jobs);
        while self.handed_on < count && self.receive(blocks, take)? {}
        Ok(())
    }

    /// Waits for a result; none comes when every thread has ended.
    fn receive(&mut self, blocks: &mut Blocks<'_>, take: &mut dyn FnMut(usize, T)) -> Result<bool, Refusal> {
        let Ok((at, done)) = self.results.recv() else { return Ok(false) };
        self.ready.insert(at, done);
        while let Some(Done { thread, read }) = self.ready.remove(&self.handed_on) {
            self.handed_on += 1;
            let (read, room) = read?;
            blocks.reuse(room);
            take(thread, read);
        }
        Ok(true)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::Cursor;

    use super::super::csv::Dialect;
    use super::*;

    #[test]
    fn what_comes_of_blocks_is_handed_on_in_the_order_of_the_file() {
        let text: String = (1..=400_000).map(|row| format!("{row},x\n")).collect();
        let dialect = Dialect { delimiter: b',', terminator: b'\n' };
        let mut blocks = Blocks::of(Box::new(Cursor::new(text)), dialect, 1 << 20);
        let mut rows = Vec::new();
        let numbers = |kept: &mut usize, block: &Block| {
            let mut found = Vec::new();
            block.for_each_row(|number, row| {
                found.push((number, row.get(0).unwrap().to_owned()));
            });
            *kept += found.len();
            found
        };
        let mut take = |_, found| rows.extend(found);
        let kept = work(&mut blocks, Work { begin: &|| 0, each: &numbers, take: &mut take }).unwrap();
        assert_eq!(kept.iter().sum::<usize>(), 400_000);
        assert!((1..).zip(&rows).all(|(row, found)| (row, row.to_string()) == *found));
    }
}
