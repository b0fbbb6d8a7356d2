import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, getJson } from './client';

afterEach(() => vi.unstubAllGlobals());

function serve(...replies: Response[]): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(async () => replies.shift() ?? new Response(null, { status: 500 }));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

const signal = new AbortController().signal;
const json = (body: unknown, status = 200, etag?: string): Response =>
  new Response(JSON.stringify(body), { status, headers: etag ? { ETag: etag } : {} });

test('an unchanged answer is asked for by its ETag and kept', async () => {
  const fetch = serve(json({ a: 1 }, 200, '"v7"'), new Response(null, { status: 304 }));
  const first = await getJson('/kept', signal);
  const second = await getJson('/kept', signal);
  expect(second).toBe(first);
  expect(fetch.mock.calls[1]?.[1]).toMatchObject({ headers: { 'If-None-Match': '"v7"' } });
});

test('a refusal carries the server’s words and advice', async () => {
  serve(json({ error: { code: 'unknown_metric', message: 'There is no metric “foo”.', advice: 'Choose one.' } }, 400));
  const error: unknown = await getJson('/refused', signal).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 400, message: 'There is no metric “foo”.', advice: 'Choose one.', code: 'unknown_metric' });
});

test('an answer that is no envelope still tells what to do', async () => {
  serve(new Response('<html>', { status: 502 }));
  await expect(getJson('/broken', signal)).rejects.toMatchObject({ status: 502, message: 'The server could not answer (HTTP 502).' });
});

test('a server that is gone is named as such', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('failed'))));
  await expect(getJson('/gone', signal)).rejects.toMatchObject({ status: 0, code: 'offline' });
});
