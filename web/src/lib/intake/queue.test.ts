import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../api/client';
import { newAmong, Queue } from './queue.svelte';
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
});

test('the same file is chosen once, another of its name and size beside it', () => {
  const at = (lastModified: number): File => new File(['a'], 'a.csv', { lastModified });
  expect(newAmong([at(1)], [at(1)])).toEqual([]);
  expect(newAmong([at(1)], [at(2)])).toHaveLength(1);
});
