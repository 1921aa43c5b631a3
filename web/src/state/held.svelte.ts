import { boxOf } from '../core/bbox';
import type { Client, ItemsQuery } from '../core/client';
import type { BBox, LonLat, Parcel } from '../core/feed';
import { among, quoted, type From } from '../core/large';
import { isDesk } from '../core/orders';

/** So many parcels are asked for in one request by their codes: an address has room for 16 KiB. */
const AT_ONCE = 100;
/** Of so many parcels, the ones asked for last, a reading anew asks again. */
const KEPT = 200;
/** So many parcels around a place are enough to draw a line among. */
const AROUND = 2_000;

/** Which park is read, and how. */
export interface Ground {
  park: string;
  from: From;
  signal: AbortSignal;
}

/** The parcels of a large park that the page has asked for, exact to the last corner, by their ids. */
export class Held {
  parcels = $state.raw<ReadonlyMap<string, Parcel>>(new Map());
  private readonly asked = new Map<string, Promise<void>>();
  /** How often all was put away: what was asked for before is of another park or moment. */
  private turn = 0;

  constructor(
    private readonly client: Client,
    private readonly ground: () => Ground | null,
  ) {}

  /** Another park is open, or another moment is shown. */
  forget(): void {
    this.turn++;
    this.asked.clear();
    this.parcels = new Map();
  }

  /** Holds parcels that came with an answer. */
  put(parcels: readonly Parcel[]): void {
    if (parcels.length === 0) return;
    const next = new Map(this.parcels);
    for (const parcel of parcels) {
      next.delete(parcel.id);
      next.set(parcel.id, parcel);
    }
    this.parcels = next;
  }

  /** Asks for parcels that are not held; one that the reader may not see, or that is gone, stays away. */
  async know(ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => !this.parcels.has(id));
    await Promise.all(missing.map((id) => this.once(id, async (ground) => [await this.one(ground, id)])));
  }

  /** Asks for parcels by their codes. */
  async knowCodes(codes: readonly string[]): Promise<void> {
    const known = new Set([...this.parcels.values()].map(({ properties }) => properties.code));
    const missing = [...new Set(codes)].filter((code) => code !== '' && !known.has(code));
    await Promise.all(
      partsOf(missing).map((part) =>
        this.once(part.join(), (ground) =>
          this.page(ground, { filter: among('code', part), limit: AT_ONCE }),
        ),
      ),
    );
  }

  /** Asks which parcel lies at a place, and holds it; null: none, or the server doesn't say. */
  async at([lon, lat]: LonLat): Promise<string | null> {
    const ground = this.ground();
    if (!ground) return null;
    const { turn } = this;
    const filter = `S_INTERSECTS(geometry, POINT(${lon.toFixed(9)} ${lat.toFixed(9)}))`;
    const found = await this.page(ground, { filter, limit: 1 }).catch(() => []);
    if (turn !== this.turn) return null;
    this.put(found);
    return found[0]?.id ?? null;
  }

  /** Asks for the parcels in a box, as many as a line is drawn among. */
  knowIn(bbox: BBox): Promise<void> {
    return this.once(bbox.join(), (ground) => this.page(ground, { bbox, limit: AROUND }));
  }

  /** The rights on parcels that are held. */
  rightsOn(ids: readonly string[]): string[] {
    const parcels = ids.map((id) => this.parcels.get(id));
    return parcels.flatMap((parcel) => (isDesk(parcel) && parcel.properties.allotment) || []);
  }

  /** Asks for all parcels of rights: what is done to a right is done to all its ground. */
  async knowRights(rights: readonly string[]): Promise<void> {
    await Promise.all(
      [...new Set(rights)].map((right) =>
        this.once(`right ${right}`, (ground) =>
          this.page(ground, { filter: `allotment = ${quoted(right)}`, limit: AROUND }),
        ),
      ),
    );
  }

  /** Reads anew what is held, and forgets what is gone; of much, the part that was asked for last. */
  async refresh(): Promise<void> {
    const old = [...this.parcels.values()].slice(-KEPT);
    const turn = ++this.turn;
    this.asked.clear();
    const now = await this.read(new Map(old.map(({ id, properties }) => [id, properties.code])));
    if (turn !== this.turn) return;
    const known = new Set(old.map(({ id }) => id));
    const meanwhile = [...this.parcels].slice(-KEPT).filter(([id]) => !known.has(id));
    this.parcels = new Map([...now, ...meanwhile]);
  }

  /**
   * Reads parcels that others changed, by id with their codes, of which null means gone. Gives the ground on which
   * something may look otherwise now; null: it can't be told.
   */
  async renew(changed: ReadonlyMap<string, string | null>): Promise<BBox[] | null> {
    const before = this.parcels;
    const { turn } = this;
    const now = await this.read(changed);
    if (turn !== this.turn) return null;
    const next = new Map(this.parcels);
    for (const id of changed.keys()) next.delete(id);
    for (const [id, parcel] of now) next.set(id, parcel);
    this.parcels = next;
    // what is gone lay under what was made of it
    const made = [...now.keys()].some((id) => !before.has(id));
    if (![...changed.keys()].every((id) => now.has(id) || before.has(id) || made)) return null;
    const touched = [...changed.keys()].flatMap((id) => [before.get(id), now.get(id)]);
    return touched.flatMap((parcel) => {
      const box = parcel && boxOf(parcel.geometry);
      return box ? [box] : [];
    });
  }

  /** Reads parcels by their codes, those whose code is another now by their ids. Those that are gone are left out. */
  private async read(wanted: ReadonlyMap<string, string | null>): Promise<Map<string, Parcel>> {
    const ground = this.ground();
    const found = new Map<string, Parcel>();
    if (!ground) return found;
    const codes = [...wanted.values()].filter((code) => code !== null);
    const parts = partsOf(codes).map((part) => ({ filter: among('code', part), limit: AT_ONCE }));
    const pages = await Promise.all(parts.map((query) => this.page(ground, query)));
    for (const parcel of pages.flat()) if (wanted.has(parcel.id)) found.set(parcel.id, parcel);
    const others = [...wanted].filter(([id, code]) => code !== null && !found.has(id));
    for (const parcel of await Promise.all(others.map(([id]) => this.one(ground, id))))
      if (parcel) found.set(parcel.id, parcel);
    return found;
  }

  private one({ park, from, signal }: Ground, id: string): Promise<Parcel | null> {
    return this.client.parcelOf(park, id, from, signal);
  }

  private async page({ park, from, signal }: Ground, query: ItemsQuery): Promise<Parcel[]> {
    return (await this.client.parcelPage(park, from, query, signal)).parcels;
  }

  /**
   * Holds what a work reads. What is asked for twice is asked once; what failed, or gave nothing, may be asked again:
   * the page goes on with what it holds.
   */
  private once(name: string, read: (ground: Ground) => Promise<readonly (Parcel | null)[]>): Promise<void> {
    const before = this.asked.get(name);
    const ground = this.ground();
    if (before || !ground) return before ?? Promise.resolve();
    const { turn } = this;
    const now = read(ground)
      .then((parcels) => {
        if (turn === this.turn) this.put(parcels.filter((parcel) => parcel !== null));
      })
      .catch(() => {})
      .finally(() => {
        if (this.asked.get(name) === now) this.asked.delete(name);
      });
    this.asked.set(name, now);
    return now;
  }
}

const partsOf = (codes: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(codes.length / AT_ONCE) }, (_, i) =>
    codes.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );
