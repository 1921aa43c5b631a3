import type { Feature } from 'geojson';
import type { Background, BrowseAnswer } from './api';
import type { Balance, BBox, Hits, Page, Parcel, ParcelFacts, Park, ParkShape } from './feed';
import { feedsOf, type Features, type LayerId } from './collection';
import { fetchAfterGiven, type Fetch } from './given';
import type { From } from './large';
import type { ParkEvent } from './live';
import type { DeskParcel } from './orders';

/**
 * Why a feed gave nothing: `away` nobody answered, or 502–504 (worth another try); `missing` 404; `refused`
 * another 4xx; `broken` a 5xx or a body that is not what the feed promises.
 */
export type Failure = 'away' | 'missing' | 'refused' | 'broken';

export class FeedError extends Error {
  constructor(
    readonly failure: Failure,
    readonly status: number,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = 'FeedError';
  }
}

export type { Fetch };

/** A request unanswered for so long counts as `away`, in ms. */
const TIMEOUT_MS = 20_000;
/** A park's features come in pages of this many: the feed's maximum. */
const PAGE_LIMIT = 10_000;

function failureOf(status: number): Failure {
  if (status === 404) return 'missing';
  if (status >= 502 && status <= 504) return 'away';
  return status >= 500 ? 'broken' : 'refused';
}

/** Some features of a park: what chooses them, and in which order they come. */
export interface ItemsQuery {
  filter?: string | null;
  sortby?: string;
  bbox?: BBox | null;
  limit: number;
}

/** A page of them. `next`: where the page after it is; `matched`: how many there are on all pages, if it is known. */
export interface ParcelPage {
  parcels: Parcel[];
  next: string | null;
  matched: number | null;
}

/** The feeds of docs/feeds.md. Every method rejects with FeedError, or with the signal's AbortError. */
export class Client {
  constructor(
    private readonly fetch: Fetch = fetchAfterGiven,
    private readonly base = '',
  ) {}

  async parks(signal?: AbortSignal): Promise<Park[]> {
    return (await this.json<{ parks: Park[] }>('/api/parks', signal)).parks;
  }

  park(code: string, signal?: AbortSignal): Promise<Park> {
    return this.json(`/api/parks/${encodeURIComponent(code)}`, signal);
  }

  /** What can be shown under the park's map. */
  async backgrounds(park: string, signal?: AbortSignal): Promise<Background[]> {
    const path = `/api/parks/${encodeURIComponent(park)}/backgrounds`;
    return (await this.json<{ backgrounds: Background[] }>(path, signal)).backgrounds;
  }

  async parcels(park: string, signal?: AbortSignal): Promise<Parcel[]> {
    const path = `/api/parks/${encodeURIComponent(park)}/parcels.geojson`;
    return (await this.json<Page<Parcel>>(path, signal)).features;
  }

  facts(park: string, id: string, signal?: AbortSignal): Promise<ParcelFacts> {
    return this.json(`/api/parks/${encodeURIComponent(park)}/parcels/${encodeURIComponent(id)}`, signal);
  }

  /** The land balance now, or as it was at an instant: by the public's statuses, or with `desk` by those of members. */
  balance(park: string, signal?: AbortSignal, at?: string, desk = false): Promise<Balance> {
    const of = desk ? 'desk/balance' : 'balance';
    return this.json(`/api/parks/${encodeURIComponent(park)}/${of}${asOf(at)}`, signal);
  }

  parkShapes(signal?: AbortSignal): Promise<ParkShape[]> {
    return this.items('parks', null, signal);
  }

  /** The public parcels as they were at an instant. */
  parcelsAt(park: string, at: string, signal?: AbortSignal): Promise<Parcel[]> {
    return this.items('parcels', park, signal, at);
  }

  /**
   * Every parcel, public or not, with what a planner's command must name; or, with nothing to name, as at an
   * instant. Needs a sign-in.
   */
  async deskParcels(park: string, signal?: AbortSignal, at?: string): Promise<Parcel[]> {
    const path = `/api/parks/${encodeURIComponent(park)}/desk.geojson${asOf(at)}`;
    return (await this.json<Page<Parcel>>(path, signal)).features;
  }

  /** One of them, found by its code; null where it is gone. */
  async deskParcel(park: string, id: string, code: string, signal?: AbortSignal): Promise<DeskParcel | null> {
    const path = `/api/parks/${encodeURIComponent(park)}/desk.geojson?${new URLSearchParams({ code })}`;
    const { features } = await this.json<Page<DeskParcel>>(path, signal);
    return features.find((parcel) => parcel.id === id) ?? null;
  }

  /** One public parcel; null where it is gone, or not public. */
  async parcel(id: string, signal?: AbortSignal): Promise<Parcel | null> {
    try {
      return await this.json<Parcel>(
        `/ogc/collections/parcels/items/${encodeURIComponent(id)}?f=json`,
        signal,
      );
    } catch (error) {
      if (error instanceof FeedError && error.failure === 'missing') return null;
      throw error;
    }
  }

  /** The first page of some of a park's parcels, as the public or planners see them. */
  parcelPage(park: string, from: From, query: ItemsQuery, signal?: AbortSignal): Promise<ParcelPage> {
    return this.nextParcels(somePath('parcels', park, from, query), signal);
  }

  /** A page of parcels where one is said to be. */
  async nextParcels(path: string, signal?: AbortSignal): Promise<ParcelPage> {
    const page = await this.json<Page<Parcel> & { numberMatched?: number }>(path, signal);
    return { parcels: page.features, next: nextPath(page, path), matched: page.numberMatched ?? null };
  }

  /** One parcel, as the public or planners see it; null where there is none. */
  parcelOf(park: string, id: string, from: From, signal?: AbortSignal): Promise<Parcel | null> {
    return this.one<Parcel>('parcels', park, id, from, signal);
  }

  private async one<F>(
    feed: string,
    park: string,
    id: string,
    from: From,
    signal?: AbortSignal,
  ): Promise<F | null> {
    const query = new URLSearchParams({ f: 'json', ...(from.at && { datetime: from.at }) });
    try {
      return await this.json<F>(`${itemsPath(feed, park, from)}/${encodeURIComponent(id)}?${query}`, signal);
    } catch (error) {
      if (error instanceof FeedError && error.failure === 'missing') return null;
      throw error;
    }
  }

  /**
   * How many features a layer has, as the public or planners see them. Of a feed whose number the server doesn't say,
   * as of a past moment, no more than `most` + 1 are counted.
   */
  async layerCount(
    id: LayerId,
    park: string,
    from: From,
    most: number,
    signal?: AbortSignal,
  ): Promise<number> {
    const counts = feedsOf(id).map(async (feed) => {
      const first = (limit: number): string => somePath(feed, park, from, { limit });
      const { numberMatched } = await this.json<{ numberMatched?: number }>(first(1), signal);
      return numberMatched ?? (await this.json<Page<Feature>>(first(most + 1), signal)).features.length;
    });
    return (await Promise.all(counts)).reduce((sum, n) => sum + n, 0);
  }

  /** Some features of a layer, as the public or planners see them: of each of its feeds the first page. */
  async layerItems<Id extends LayerId>(
    id: Id,
    park: string,
    from: From,
    query: ItemsQuery,
    signal?: AbortSignal,
  ): Promise<Features[Id][]> {
    const pages = feedsOf(id).map((feed) =>
      this.json<Page<Features[Id]>>(somePath(feed, park, from, query), signal),
    );
    return (await Promise.all(pages)).flatMap(({ features }) => features);
  }

  /** One feature of a layer, as the public or planners see it, looked for in `feeds` in turn; null: there is none. */
  async layerItem<Id extends LayerId>(
    feeds: readonly string[],
    park: string,
    id: string,
    from: From,
    signal?: AbortSignal,
  ): Promise<Features[Id] | null> {
    for (const feed of feeds) {
      const found = await this.one<Features[Id]>(feed, park, id, from, signal);
      if (found) return found;
    }
    return null;
  }

  /** A layer whole: as the public see it, or for members with `desk` all of it; now or as at an instant. */
  async layer<Id extends LayerId>(
    id: Id,
    park: string,
    { desk = false, at }: { desk?: boolean; at?: string | undefined } = {},
    signal?: AbortSignal,
  ): Promise<Features[Id][]> {
    if (!desk) {
      const read = feedsOf(id).map((feed) => this.items<Features[Id]>(feed, park, signal, at));
      return (await Promise.all(read)).flat();
    }
    const path = `/api/parks/${encodeURIComponent(park)}/desk/${id}.geojson${asOf(at)}`;
    return (await this.json<Page<Features[Id]>>(path, signal)).features;
  }

  /** What free land is filtered by, as the reader may see it, now or as it was at an instant. */
  measures(park: string, at?: string, signal?: AbortSignal): Promise<BrowseAnswer> {
    return this.json(`/api/parks/${encodeURIComponent(park)}/measures${asOf(at)}`, signal);
  }

  /** Events of a park after a cursor, oldest first; to members with who and why. */
  async events(park: string, after: number, limit: number, signal?: AbortSignal): Promise<ParkEvent[]> {
    const query = new URLSearchParams({ after: String(after), limit: String(limit) });
    const path = `/api/parks/${encodeURIComponent(park)}/events?${query}`;
    return (await this.json<{ events: ParkEvent[] }>(path, signal)).events;
  }

  /** What is called so in a park, or with null in every park, as the reader may see it. */
  search(q: string, park: string | null, signal?: AbortSignal): Promise<Hits> {
    const query = new URLSearchParams({ q, limit: '20' });
    if (park) query.set('park', park);
    return this.json(`/api/search?${query}`, signal);
  }

  /** Walks a collection's `next` links to the end. */
  private async items<F extends Feature>(
    collection: string,
    park: string | null,
    signal?: AbortSignal,
    at?: string,
  ): Promise<F[]> {
    const query = new URLSearchParams({ f: 'json', limit: String(PAGE_LIMIT) });
    if (park) query.set('park', park);
    if (at) query.set('datetime', at);
    let path: string | null = `/ogc/collections/${collection}/items?${query}`;
    const all: F[] = [];
    while (path) {
      const page: Page<F> = await this.json(path, signal);
      all.push(...page.features);
      path = nextPath(page, path);
    }
    return all;
  }

  private async json<T>(path: string, signal?: AbortSignal): Promise<T> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    let response: Response;
    try {
      response = await this.fetch(this.base + path, {
        headers: { Accept: 'application/json, application/geo+json' },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new FeedError('away', 0, `${path}: no answer`, { cause });
    }
    if (!response.ok)
      throw new FeedError(failureOf(response.status), response.status, await problemOf(response, path));
    try {
      return (await response.json()) as T;
    } catch (cause) {
      signal?.throwIfAborted();
      throw new FeedError('broken', response.status, `${path}: the answer is not JSON`, { cause });
    }
  }
}

/** Where a park's features are read one by one and in pages. */
const itemsPath = (feed: string, park: string, { desk }: From): string =>
  desk ? `/api/parks/${encodeURIComponent(park)}/items/${feed}` : `/ogc/collections/${feed}/items`;

/** The address of the first page of some of a park's features. */
function somePath(feed: string, park: string, from: From, query: ItemsQuery): string {
  const asked = new URLSearchParams({ f: 'json', limit: String(query.limit) });
  if (!from.desk) asked.set('park', park);
  if (from.at) asked.set('datetime', from.at);
  if (query.filter) asked.set('filter', query.filter);
  if (query.sortby) asked.set('sortby', query.sortby);
  if (query.bbox) asked.set('bbox', query.bbox.map((degrees) => degrees.toFixed(7)).join(','));
  return `${itemsPath(feed, park, from)}?${asked}`;
}

/** The query for an instant; "" for now. */
const asOf = (at: string | undefined): string => (at ? `?${new URLSearchParams({ datetime: at })}` : '');

/** The next page's path on this origin: the server may print its public name, which the page must not leave for. */
function nextPath(page: Page<Feature>, current: string): string | null {
  const href = page.links?.find((link) => link.rel === 'next')?.href;
  if (!href) return null;
  const url = new URL(href, new URL(current, 'http://page.invalid'));
  return url.pathname + url.search;
}

async function problemOf(response: Response, path: string): Promise<string> {
  try {
    const problem = (await response.json()) as { detail?: string; title?: string };
    return problem.detail ?? problem.title ?? `${path}: ${response.status}`;
  } catch {
    return `${path}: ${response.status}`;
  }
}
