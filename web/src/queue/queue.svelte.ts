import { untrack } from 'svelte';
import { decided, readLine, readMine, type Waiting } from '../core/queue';
import type { Desk } from '../state/desk.svelte';

/** Places of one's own that ended are shown for so long, in ms. */
const SHOWN_MS = 30 * 86_400_000;

/** The lines for parcels, kept in step with the park's changes: that of the open parcel, and one's own places. */
export class Lines {
  /** The line for the parcel that is open. */
  open = $state.raw<readonly Waiting[]>([]);
  mine = $state.raw<readonly Waiting[]>([]);
  private readFor: string | null = null;
  private reading = new AbortController();

  constructor(private readonly desk: Desk) {}

  /** Keeps itself read while a component lives. Call while it starts. */
  follow(): void {
    const { desk } = this;
    const park = $derived(desk.planner.may.see && !desk.planner.past ? desk.park?.code : undefined);
    const parcel = $derived(desk.selected?.of === 'parcel' ? desk.selected.id : null);
    $effect(() => {
      void desk.others.seq;
      const id = parcel;
      this.reading.abort();
      this.reading = new AbortController();
      const { signal } = this.reading;
      if (park) untrack(() => void this.read(park, id, signal));
      else this.open = this.mine = [];
    });
  }

  private async read(park: string, parcel: string | null, signal: AbortSignal): Promise<void> {
    const { wire } = this.desk.planner;
    if (this.open.length > 0 && parcel !== this.open[0]?.parcel.id) this.open = [];
    try {
      const since = new Date(Date.now() - SHOWN_MS).toISOString();
      const [mine, open] = await Promise.all([
        readMine(wire, park, since, signal),
        parcel === null ? [] : readLine(wire, park, parcel, signal),
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
    const { desk } = this;
    const [first] = news;
    if (!first) return;
    const project = desk.name(first.project) ?? first.project.code;
    const key = first.state === 'served' ? 'web.queue.served' : 'web.queue.passed';
    desk.tell(desk.t(key, { project, code: first.parcel.code }));
  }
}
