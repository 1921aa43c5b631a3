import { createContext } from 'svelte';
import { retrying, type Waiting } from '../core/retry';

/** The connection to the server: work goes over it until it succeeds, and the page can show the wait. */
export class Connection {
  private waiting = $state.raw<Waiting | null>(null);
  /** The wait for the live events, where their connection is down. */
  live = $state.raw<Waiting | null>(null);
  /** The latest wait for a server that is away; null while it answers. */
  readonly away = $derived.by(() => this.waiting ?? this.live);
  /** Connects to the live events at once. */
  redial: () => void = () => {};
  private readonly skips = new Set<() => void>();

  constructor(private readonly onBack: () => void) {}

  /** Runs work until the server answers. Rejects with any other failure, or when the signal is aborted. */
  async reach<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let skip: (() => void) | null = null;
    try {
      const result = await retrying(work, {
        ...(signal && { signal }),
        onWait: (waiting, now) => {
          if (skip) this.skips.delete(skip);
          skip = now;
          this.skips.add(now);
          this.waiting = waiting;
        },
      });
      if (skip) this.onBack();
      return result;
    } finally {
      if (skip) this.skips.delete(skip);
      if (this.skips.size === 0) this.waiting = null;
    }
  }

  /** Ends every wait at once. */
  retryNow(): void {
    for (const skip of this.skips) skip();
    this.redial();
  }
}

export const [useConnection, provideConnection] = createContext<Connection>();
