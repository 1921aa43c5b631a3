import { FeedError } from './client';

/** Waits between tries, in ms; the last repeats. A page that is open all day must come back soon without hammering. */
export const delays = [1_000, 2_000, 4_000, 8_000, 15_000];

export function delayMs(attempt: number): number {
  return delays[Math.min(attempt, delays.length - 1)] ?? 0;
}

export interface Waiting {
  /** How many tries have failed, from 1. */
  failed: number;
  /** When the next one starts, on the clock of `Date.now()`. */
  until: number;
}

export interface RetryOptions {
  signal?: AbortSignal;
  /** Told before each wait; call `now` to skip the rest of it. */
  onWait: (waiting: Waiting, now: () => void) => void;
}

/**
 * Runs `work` until it succeeds, trying again only where the server was away. Rejects with anything else, or on
 * abort.
 */
export async function retrying<T>(work: () => Promise<T>, { signal, onWait }: RetryOptions): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof FeedError) || error.failure !== 'away') throw error;
    }
    await pause(delayMs(attempt), signal, (now) =>
      onWait({ failed: attempt + 1, until: Date.now() + delayMs(attempt) }, now),
    );
  }
}

function pause(
  ms: number,
  signal: AbortSignal | undefined,
  started: (now: () => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve();
    };
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', stop, { once: true });
    started(done);
  });
}
