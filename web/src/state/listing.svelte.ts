import type { Client, ItemsQuery } from '../core/client';
import type { Parcel } from '../core/feed';
import type { From } from '../core/large';

/** So many rows come at once. */
const PAGE = 200;
/** So many are read anew at once, where more were shown before a change. */
const ANEW = 1_000;

/** What a list asks for. */
export interface Wish {
  park: string;
  from: From;
  query: Omit<ItemsQuery, 'limit'>;
}

/** A list of some of a large park's parcels, which the server chooses and sorts, page by page. */
export class Listing {
  rows = $state.raw<readonly Parcel[]>([]);
  /** How many there are on all pages; null: the server doesn't count so many. */
  total = $state<number | null>(null);
  busy = $state(false);
  broken = $state(false);
  private next = $state.raw<string | null>(null);
  private reading = new AbortController();
  private underWay = false;
  /** What follows what is being read: the same brought up to date once more, and the page after the last. */
  private due: Wish | null = null;
  private wantsMore = false;
  /** What is asked for, and of what the rows are. */
  private wish = '';
  private of = '';

  constructor(
    private readonly client: Client,
    /** Called with the parcels of each page. */
    private readonly take: (parcels: readonly Parcel[]) => void,
  ) {}

  readonly hasMore = $derived.by(() => this.next !== null);

  /** Lists what is wished; the same wish again brings up to date what is listed. */
  async ask(asked: Wish): Promise<void> {
    const { park, from, query } = asked;
    const wish = JSON.stringify([park, from, query]);
    const again = wish === this.of && !this.broken;
    if (again && this.underWay && wish === this.wish) {
      this.due = asked;
      return;
    }
    this.wish = wish;
    const limit = again ? Math.min(ANEW, Math.max(PAGE, this.rows.length)) : PAGE;
    await this.read(
      (signal) => this.client.parcelPage(park, from, { ...query, limit }, signal),
      () => [],
      again,
    );
  }

  /** Reads the page after the last. */
  async more(): Promise<void> {
    const { next } = this;
    // what is being read comes first: it may be of another wish, or newer
    this.wantsMore = this.underWay;
    if (next === null || this.underWay) return;
    await this.read(
      (signal) => this.client.nextParcels(next, signal),
      () => this.rows,
      false,
    );
  }

  /** Forgets what is listed. */
  clear(): void {
    this.stop();
    this.wish = '';
    this.empty();
    this.underWay = this.busy = this.broken = false;
  }

  private empty(): void {
    this.of = '';
    this.rows = [];
    this.next = this.total = null;
  }

  private stop(): void {
    this.reading.abort();
    this.due = null;
    this.wantsMore = false;
  }

  private async read(
    page: (signal: AbortSignal) => ReturnType<Client['nextParcels']>,
    before: () => readonly Parcel[],
    quietly: boolean,
  ): Promise<void> {
    this.stop();
    this.reading = new AbortController();
    const { signal } = this.reading;
    this.underWay = true;
    this.busy = !quietly;
    try {
      const { parcels, next, matched } = await page(signal);
      if (signal.aborted) return;
      this.take(parcels);
      const rows = before();
      this.of = this.wish;
      this.rows = [...rows, ...parcels];
      this.next = next;
      if (rows.length === 0) this.total = matched ?? (next === null ? parcels.length : null);
      this.broken = false;
    } catch {
      if (signal.aborted) return;
      this.broken = true;
      if (this.wish !== this.of) this.empty();
    }
    this.underWay = this.busy = false;
    const { due, wantsMore } = this;
    if (due && !this.broken) await this.ask(due);
    if (wantsMore) await this.more();
  }
}
