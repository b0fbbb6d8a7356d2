import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../api/client';
import { newAmong, Queue } from './queue.svelte';
import { revision } from './revision.svelte';
import { upload } from './upload';

vi.mock('./upload', async (load) => ({ ...(await load<typeof import('./upload')>()), upload: vi.fn() }));

const sender = { operator: 'gb-abc', operatorName: null, period: null };
const file = (name: string): File => new File(['a'], name);
const refused = (code: string): ApiError => new ApiError(400, 'no', '', code);
const states = (queue: Queue): string[] => queue.list.map((one) => `${one.file.name} ${one.stage}`);

afterEach(() => vi.mocked(upload).mockReset());

describe('the list of files sent', () => {
  test('keeps a file that failed and one that waits when another is added', async () => {
    const queue = new Queue();
    vi.mocked(upload).mockRejectedValueOnce(refused('too_large')).mockRejectedValueOnce(refused('offline'));
    await queue.add([file('a.zip'), file('b.csv'), file('c.csv')], sender, false);
    expect(states(queue)).toEqual(['a.zip failed', 'b.csv failed', 'c.csv waiting']);
    vi.mocked(upload).mockResolvedValue([]);
    await queue.add([file('d.csv')], sender, false);
    expect(states(queue)).toEqual(['d.csv done', 'a.zip failed', 'b.csv failed', 'c.csv done']);
    await queue.run();
    expect(states(queue)).toEqual(['d.csv done', 'a.zip done', 'b.csv done', 'c.csv done']);
  });
  test('is cleared of what was sent, and of another file only by its name', async () => {
    const queue = new Queue();
    vi.mocked(upload).mockResolvedValueOnce([]).mockRejectedValueOnce(refused('too_large'));
    await queue.add([file('a.csv'), file('b.csv')], sender, true);
    queue.clear();
    expect(states(queue)).toEqual(['b.csv failed']);
    queue.leave(queue.list[0]!);
    expect(states(queue)).toEqual([]);
  });
  test('stops before the next file where one has arrived whole, and asks for the list of returns anew', async () => {
    const queue = new Queue();
    const before = revision.now;
    let answer = (): void => undefined;
    vi.mocked(upload).mockImplementationOnce((_path, _file, onprogress) => {
      onprogress(0.5);
      return new Promise((resolve) => {
        answer = () => resolve([]);
        onprogress(1);
      });
    });
    const sent = queue.add([file('a.csv'), file('b.csv')], sender, false);
    expect([states(queue), queue.stoppable]).toEqual([['a.csv checking', 'b.csv waiting'], true]);
    queue.stop();
    expect(queue.stoppable).toBe(false);
    answer();
    await sent;
    expect([states(queue), revision.now - before]).toEqual([['a.csv done', 'b.csv waiting'], 1]);
  });
  test('has nothing to stop while the last file is only checked', () => {
    const queue = new Queue();
    vi.mocked(upload).mockImplementationOnce((_path, _file, onprogress) => (onprogress(1), new Promise(() => undefined)));
    void queue.add([file('a.csv')], sender, false);
    expect([queue.busy, queue.stoppable]).toEqual([true, false]);
  });
  test('asks for the returns anew where sending broke: the hub may have all of it', async () => {
    const before = revision.now;
    vi.mocked(upload).mockRejectedValueOnce(refused('offline'));
    await new Queue().add([file('a.csv')], sender, false);
    expect(revision.now - before).toBe(1);
  });
});

test('the same file is chosen once, another of its name and size beside it', () => {
  const at = (lastModified: number): File => new File(['a'], 'a.csv', { lastModified });
  expect(newAmong([at(1)], [at(1)])).toEqual([]);
  expect(newAmong([at(1)], [at(2)])).toHaveLength(1);
});
