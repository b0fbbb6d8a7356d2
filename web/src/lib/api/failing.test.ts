import { expect, test, vi } from 'vitest';
import { Failing, mayPass } from './failing';

test('all that failed are tried again, and none that is no longer wanted', () => {
  const failing = new Failing();
  const [a, b, gone] = [{ retry: vi.fn() }, { retry: vi.fn() }, { retry: vi.fn() }];
  for (const one of [a, b, gone]) failing.add(one);
  failing.delete(gone);
  failing.retryAll();
  expect([a, b, gone].map(({ retry }) => retry.mock.calls.length)).toEqual([1, 1, 0]);
});

test('one that is tried again may leave meanwhile', () => {
  const failing = new Failing();
  const one = { retry: vi.fn(() => failing.delete(one)) };
  failing.add(one);
  failing.retryAll();
  failing.retryAll();
  expect(one.retry).toHaveBeenCalledTimes(1);
});

test('only what may pass by itself is tried again', () => {
  expect([mayPass({ code: 'offline', status: 0 }), mayPass({ code: 'http', status: 502 }), mayPass({ code: 'not_found', status: 404 }), mayPass({ code: 'internal', status: 0 })]).toEqual([true, true, false, false]);
});
