import { createContext } from 'svelte';
import { FeedError, type Client } from '../core/client';
import type { ParcelFacts } from '../core/feed';
import type { Connection } from '../state/connection.svelte';
import type { Land } from '../state/land.svelte';

export type FactsState = 'none' | 'reading' | 'ready' | 'broken';

/** The facts of the parcel that is open: the latest wish counts. */
export class FactsReader {
  facts = $state.raw<ParcelFacts | null>(null);
  state = $state<FactsState>('none');
  private reading = new AbortController();

  constructor(
    private readonly client: Client,
    private readonly connection: Connection,
    private readonly land: Land,
  ) {}

  drop(): void {
    this.reading.abort();
    this.facts = null;
    this.state = 'none';
  }

  /** What is shown stays until the answer is there; a parcel that isn't public has no facts to read. */
  async read(id: string): Promise<void> {
    const park = this.land.park?.code;
    if (!park || this.land.past) return;
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    this.state = 'reading';
    try {
      const facts = await this.connection.reach(() => this.client.facts(park, id, signal), signal);
      if (signal.aborted) return;
      this.facts = facts;
      this.state = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      const hidden = error instanceof FeedError && error.failure === 'missing';
      this.state = hidden ? 'none' : 'broken';
    }
  }
}

export const [useFacts, provideFacts] = createContext<FactsReader>();
