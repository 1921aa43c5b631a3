import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FeedError } from './client';
import { delayMs, retrying } from './retry';

const away = (): FeedError => new FeedError('away', 0, 'no answer');

describe('trying again', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('waits longer each time, up to the last delay, until the work succeeds', async () => {
    const waits: number[] = [];
    let tries = 0;
    const done = retrying(() => (++tries < 8 ? Promise.reject(away()) : Promise.resolve('here')), {
      onWait: ({ until }) => waits.push(until - Date.now()),
    });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(await done).toBe('here');
    expect(waits).toEqual([1000, 2000, 4000, 8000, 15000, 15000, 15000]);
    expect(delayMs(99)).toBe(15_000);
  });

  it('skips the rest of a wait on request', async () => {
    let tries = 0;
    const done = retrying(() => (++tries < 2 ? Promise.reject(away()) : Promise.resolve(tries)), {
      onWait: (_, now) => queueMicrotask(now),
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(await done).toBe(2);
  });

  it('gives up at once on anything but an absent server', async () => {
    const onWait = vi.fn();
    const missing = new FeedError('missing', 404, 'no such park');
    await expect(retrying(() => Promise.reject(missing), { onWait })).rejects.toBe(missing);
    expect(onWait).not.toHaveBeenCalled();
  });

  it('stops waiting when it is aborted', async () => {
    const stop = new AbortController();
    const done = retrying(() => Promise.reject(away()), { signal: stop.signal, onWait: () => stop.abort() });
    await expect(done).rejects.toMatchObject({ name: 'AbortError' });
    expect(vi.getTimerCount()).toBe(0);
  });
});
