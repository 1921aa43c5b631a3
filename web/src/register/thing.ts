import { feedsOf, type CollectionId } from '../core/collection';
import { compareCodes } from '../core/code';
import type { Geometry } from 'geojson';
import { kinds, priceKinds, type Grade, type Hits, type Kind } from '../core/feed';
import { among } from '../core/large';
import { Refusal, type Wire } from '../core/wire';
import type { Found } from './listing.svelte';

/** One of them as planners see it: its facts by name, and the version that a command names. */
export interface Thing {
  collection: Collection;
  park: string;
  id: string;
  code: string;
  version: number;
  facts: Record<string, unknown>;
  geometry: Geometry;
}

/** How a fact is written: as text, a number of so many decimals, a day, one of some values, or an object of its own. */
export interface Fact {
  name: string;
  as: 'text' | 'use' | 'day' | 'zone' | 'services' | 'conditions' | readonly string[] | { decimals: number };
  /** Must be given. */
  due?: true;
  /** Is given at the making; changes afterwards, if ever, by a kind of its own. */
  once?: true;
}

const publication: Fact = { name: 'publication', as: ['internal', 'public'] };
const grades: Grade[] = ['expressway', 'trunk', 'main', 'branch', 'lane', 'node'];

/**
 * What stands on the ground and can be made, edited and retired by a record (docs/changes.md): its facts, in the order
 * of its form.
 */
const forms = {
  parcels: [
    { name: 'code', as: 'text', due: true },
    { name: 'legal_m2', as: { decimals: 4 }, once: true },
    { name: 'bank_status', as: ['available', 'reserve'], once: true },
    { ...publication, once: true },
    { name: 'zone', as: 'zone' },
    { name: 'land_use', as: 'use' },
    { name: 'price_cny_per_m2', as: { decimals: 2 } },
    { name: 'price_kind', as: priceKinds },
    { name: 'price_document', as: 'text' },
    { name: 'price_on', as: 'day' },
    { name: 'cadastral_no', as: 'text' },
    { name: 'estate_unit_no', as: 'text' },
    { name: 'services', as: 'services' },
    { name: 'price_told', as: ['figure', 'none'] },
    { name: 'services_told', as: ['band', 'figure', 'word', 'none'] },
  ],
  'plan-units': [
    { name: 'code', as: 'text', due: true, once: true },
    { name: 'land_use', as: 'use', due: true },
    { name: 'edition', as: 'text', due: true },
    { name: 'effective_from', as: 'day', due: true },
    publication,
    { name: 'conditions', as: 'conditions' },
  ],
  networks: [
    { name: 'code', as: 'text', due: true, once: true },
    { name: 'kind', as: kinds, due: true },
    { name: 'grade', as: grades, due: true },
    { name: 'capacity', as: { decimals: 4 } },
    { name: 'unit', as: 'text' },
    { name: 'name_zh', as: 'text' },
    { name: 'name_en', as: 'text' },
    { name: 'width_m', as: { decimals: 2 } },
    { name: 'capacity_told', as: ['none', 'figure'] },
    { name: 'headroom_told', as: ['band', 'word', 'figure', 'none'] },
    publication,
  ],
} satisfies Partial<Record<CollectionId, readonly Fact[]>>;

export type Collection = keyof typeof forms;
export const collections = Object.keys(forms) as Collection[];
export const factsOf: Record<Collection, readonly Fact[]> = forms;

/** The grades that a kind has: a road no node, all else no road's. */
export const gradesOf = (kind: Kind | ''): readonly Grade[] =>
  kind === 'road' ? grades.filter((grade) => grade !== 'node') : ['trunk', 'branch', 'node'];

/** What a capacity of a kind is counted in. */
export const unitsOf: Partial<Record<Kind, readonly string[]>> = {
  substation: ['kVA', 'MVA'],
  power: ['kVA', 'MVA'],
  steam: ['t/h'],
  water: ['m3/d'],
  sewer: ['m3/d'],
  gas: ['m3/h'],
  nitrogen: ['m3/h'],
};

interface Item {
  id: string;
  geometry: Geometry;
  properties: Record<string, unknown>;
}
interface Feed {
  features: Item[];
  numberMatched?: number;
}

const thingOf = (collection: Collection, park: string, { id, geometry, properties }: Item): Thing => ({
  collection,
  park,
  id,
  code: String(properties.code),
  version: Number(properties.version),
  facts: properties,
  geometry,
});

/** What an order about things answers: what it made or changed, or a proposal. */
interface Answer {
  objects?: { id: string }[];
  parcels?: { id: string }[];
}

/** So many parcels are found by words: as many as the search gives. */
const SEARCHED = 100;

const feedsFor = (collection: Collection): readonly string[] =>
  collection === 'parcels' ? ['parcels'] : feedsOf(collection);

const recordsOf = (park: string): string => `/api/parks/${encodeURIComponent(park)}/records`;

/** Reads and writes things of a park. Every method rejects as Wire does. */
export class Ground {
  constructor(private readonly wire: Wire) {}

  async all(collection: Collection, park: string): Promise<Thing[]> {
    const file = collection === 'parcels' ? 'desk.geojson' : `desk/${collection}.geojson`;
    const { features } = await this.wire.ask<Feed>(`/api/parks/${encodeURIComponent(park)}/${file}`);
    return features
      .map((item) => thingOf(collection, park, item))
      .sort((a, b) => compareCodes(a.code, b.code));
  }

  /** Those that words find, by code, feed after feed: a page of them from the place `from` on. */
  async some(
    collection: Collection,
    park: string,
    { words, from, limit }: { words: string; from: number; limit: number },
  ): Promise<Found<Thing>> {
    const q = words.trim();
    const rows: Thing[] = [];
    let [all, skip] = [0, from];
    for (const feed of feedsFor(collection)) {
      const room = limit - rows.length;
      const page = await this.page(feed, park, q, skip, Math.max(1, room));
      const matched = page.numberMatched ?? page.features.length;
      rows.push(...page.features.slice(0, room).map((item) => thingOf(collection, park, item)));
      all += matched;
      skip = Math.max(0, skip - matched);
    }
    const next = from + rows.length;
    const total = q === '' ? all : (await this.some(collection, park, { words: '', from: 0, limit: 1 })).all;
    return { rows, all, total, next: rows.length > 0 && next < all ? next : null };
  }

  /** The parcels that the search finds by an index: to look through or to sort a million takes minutes. */
  async searched(park: string, q: string, total: number): Promise<Found<Thing>> {
    const query = new URLSearchParams({ q, park, limit: String(SEARCHED) });
    const { hits } = q === '' ? { hits: [] } : await this.wire.ask<Hits>(`/api/search?${query}`);
    const codes = hits.flatMap(({ kind, code }) => (kind === 'parcel' ? code : []));
    const filter = new URLSearchParams({ f: 'json', filter: among('code', codes), limit: String(SEARCHED) });
    const path = `/api/parks/${encodeURIComponent(park)}/items/parcels?${filter}`;
    const { features } = codes.length > 0 ? await this.wire.ask<Feed>(path) : { features: [] };
    const rows = features
      .map((item) => thingOf('parcels', park, item))
      .sort((a, b) => compareCodes(a.code, b.code));
    return { rows, all: rows.length, total, next: null };
  }

  private page(feed: string, park: string, q: string, offset: number, limit: number): Promise<Feed> {
    const query = new URLSearchParams({ f: 'json', sortby: 'code', limit: String(limit) });
    if (q !== '') query.set('q', q);
    if (offset > 0) query.set('offset', String(offset));
    return this.wire.ask(`/api/parks/${encodeURIComponent(park)}/items/${feed}?${query}`);
  }

  /** It as it is now; null: it was retired, or there is none. */
  async read({ collection, park, id }: Pick<Thing, 'collection' | 'park' | 'id'>): Promise<Thing | null> {
    for (const feed of feedsFor(collection)) {
      const path = `/api/parks/${encodeURIComponent(park)}/items/${feed}/${encodeURIComponent(id)}?f=json`;
      try {
        return thingOf(collection, park, await this.wire.ask<Item>(path));
      } catch (error) {
        if (!(error instanceof Refusal && error.problem.status === 404)) throw error;
      }
    }
    return null;
  }

  /** Makes one; its id. */
  async create(
    collection: Collection,
    park: string,
    made: { facts: object; geometry: Geometry },
    reason: string,
    key: string,
  ): Promise<string> {
    return this.order(park, { kind: 'create', reason, object: { collection, ...made } }, key);
  }

  edit(
    thing: Thing,
    change: { facts?: object; geometry?: Geometry },
    reason: string,
    key: string,
  ): Promise<string> {
    const { collection, id, version } = thing;
    const on =
      collection === 'parcels'
        ? { parcels: [{ id, version }], object: change }
        : { object: { collection, id, version, ...change } };
    return this.order(thing.park, { kind: 'edit', reason, ...on }, key);
  }

  /** Asks a second person to agree that it ends. */
  async retire({ collection, park, id, version }: Thing, reason: string, key: string): Promise<void> {
    const on =
      collection === 'parcels' ? { parcels: [{ id, version }] } : { object: { collection, id, version } };
    await this.send(park, { kind: 'retire', reason, ...on }, key);
  }

  private async order(park: string, body: object, key: string): Promise<string> {
    const { objects, parcels } = await this.send(park, body, key);
    return (objects?.[0] ?? parcels?.[0])?.id ?? '';
  }

  private send(park: string, body: object, key: string): Promise<Answer> {
    return this.wire.ask(recordsOf(park), { method: 'POST', body, headers: { 'Idempotency-Key': key } });
  }
}

export function findThings(things: readonly Thing[], words: string): Thing[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return things.filter(({ code, facts }) => {
    const text = [code, facts.name_zh, facts.name_en, facts.tenant_zh, facts.tenant_en]
      .join('\n')
      .toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
