import type { Building, Letting, Unit } from '../core/api';
import { Refusal, wordsOf } from '../core/wire';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { Opened } from './opened.svelte';
import type { Session } from '../state/session.svelte';
import { sayOf } from './text';

/** What is asked of units, as typed. */
export interface UnitFilter {
  free_by: string;
  min_m2: string;
  min_clear_height_m: string;
}

export const noFilter: UnitFilter = { free_by: '', min_m2: '', min_clear_height_m: '' };

/** The query of a filter; what is typed and no number asks nothing. */
export function queryOf(filter: UnitFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, typed] of Object.entries(filter) as [keyof UnitFilter, unknown][]) {
    const text = String(typed ?? '').trim();
    if (text === '' || (name !== 'free_by' && !(Number(text) > 0))) continue;
    query.set(name, text);
  }
  return query;
}

/** The workshops of the open park: what was read, and what is changed. */
export class Workshops {
  buildings = $state.raw<readonly Building[] | null>(null);
  units = $state.raw<readonly Unit[]>([]);
  more = $state(false);
  filter = $state<UnitFilter>({ ...noFilter });
  /** The unit whose lettings are open. */
  unit = $state<string | null>(null);
  lettings = $state.raw<readonly Letting[]>([]);
  /** A form of a letting is open: what went wrong is told there. */
  letting = $state(false);
  busy = $state(false);
  problem = $state<string | null>(null);
  /** The key of a change that was sent and not answered, by what was sent: sent again it is made once. */
  private sent: { text: string; key: string } | null = null;

  constructor(private readonly use: { land: Land; opened: Opened; session: Session; words: Words }) {}

  get path(): string {
    return `/api/parks/${encodeURIComponent(this.use.land.park?.code ?? '')}`;
  }

  async read(signal?: AbortSignal): Promise<void> {
    const { wire } = this.use.session;
    const options = signal ? { signal } : {};
    try {
      const [{ buildings }, { units, more }] = await Promise.all([
        wire.ask<{ buildings: Building[] }>(`${this.path}/buildings`, options),
        wire.ask<{ units: Unit[]; more: boolean }>(`${this.path}/units?${queryOf(this.filter)}`, options),
      ]);
      if (signal?.aborted) return;
      this.buildings = buildings;
      this.units = units;
      this.more = more;
    } catch (error) {
      if (!signal?.aborted) this.problem = this.say(error);
    }
  }

  async open(unit: string | null): Promise<void> {
    this.unit = unit;
    this.lettings = [];
    if (unit === null) return;
    await this.attempt(async () => {
      const path = `${this.path}/units/${unit}/lettings`;
      this.lettings = (await this.use.session.wire.ask<{ lettings: Letting[] }>(path)).lettings;
    });
  }

  /** Makes something, once; what is read is read anew. Whether it was made. */
  async make(path: string, body: object): Promise<boolean> {
    return this.attempt(async () => {
      const text = path + JSON.stringify(body);
      if (this.sent?.text !== text) this.sent = { text, key: crypto.randomUUID() };
      try {
        const headers = { 'Idempotency-Key': this.sent.key };
        await this.use.session.wire.ask(this.path + path, { method: 'POST', body, headers });
        this.sent = null;
      } catch (error) {
        if (error instanceof Refusal) this.sent = null;
        throw error;
      }
      await this.anew();
    });
  }

  /** Changes a building or unit as it was seen. */
  async change(path: string, revision: number, body: object): Promise<boolean> {
    return this.attempt(async () => {
      const headers = { 'If-Match': `"${revision}"` };
      await this.use.session.wire.ask(this.path + path, { method: 'PATCH', body, headers });
      await this.anew();
    });
  }

  private async anew(): Promise<void> {
    this.use.opened.changes++;
    await this.read();
    if (this.unit !== null) {
      const path = `${this.path}/units/${this.unit}/lettings`;
      this.lettings = (await this.use.session.wire.ask<{ lettings: Letting[] }>(path)).lettings;
    }
  }

  private say(error: unknown): string {
    return error instanceof Refusal ? wordsOf(error) : sayOf(this.use.words.lang, 'building.silence');
  }

  private async attempt(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = this.say(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
