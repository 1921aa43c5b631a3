import { createContext, untrack } from 'svelte';
import { decided, readQueue, readMine, type Waiting } from '../core/queue';
import type { Notice } from '../kit/notice.svelte';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';

/** Places of one's own that ended are shown for so long, in ms. */
const SHOWN_MS = 30 * 86_400_000;

/** The queues for parcels, kept in step with the park's changes: that of the open parcel, and one's own places. */
export class Queues {
  /** The queue for the parcel that is open. */
  open = $state.raw<readonly Waiting[]>([]);
  mine = $state.raw<readonly Waiting[]>([]);
  private readFor: string | null = null;
  private reading = new AbortController();

  constructor(
    private readonly use: {
      land: Land;
      notice: Notice;
      selection: Selection;
      session: Session;
      words: Words;
    },
  ) {}

  /** Keeps itself read while a component lives. Call while it starts. */
  follow(): void {
    const { use } = this;
    const park = $derived(use.land.may.see && !use.land.past ? use.land.park?.code : undefined);
    const parcel = $derived(use.selection.parcel);
    $effect(() => {
      void use.land.seq;
      const id = parcel;
      this.reading.abort();
      this.reading = new AbortController();
      const { signal } = this.reading;
      if (park) untrack(() => void this.read(park, id, signal));
      else this.open = this.mine = [];
    });
  }

  private async read(park: string, parcel: string | null, signal: AbortSignal): Promise<void> {
    const { wire } = this.use.session;
    if (this.open.length > 0 && parcel !== this.open[0]?.parcel.id) this.open = [];
    try {
      const since = new Date(Date.now() - SHOWN_MS).toISOString();
      const [mine, open] = await Promise.all([
        readMine(wire, park, since, signal),
        parcel === null ? [] : readQueue(wire, park, parcel, signal),
      ]);
      if (signal.aborted) return;
      const news = this.readFor === park ? decided(this.mine, mine) : [];
      this.readFor = park;
      this.mine = mine;
      this.open = open;
      this.tell(news);
    } catch {
      // what is shown stays; the next change reads anew
    }
  }

  private tell(news: readonly Waiting[]): void {
    const { use } = this;
    const [first] = news;
    if (!first) return;
    const project = use.words.name(first.project) ?? first.project.code;
    const key = first.state === 'served' ? 'web.queue.served' : 'web.queue.passed';
    use.notice.tell(use.words.t(key, { project, code: first.parcel.code }));
  }
}

export const [useQueues, provideQueues] = createContext<Queues>();
