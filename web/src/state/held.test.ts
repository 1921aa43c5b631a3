import { describe, expect, it, vi } from 'vitest';
import { Client } from '../core/client';
import type { From } from '../core/large';
import { Held } from './held.svelte';
import { Listing } from './listing.svelte';

const feature = (n: number, more: object = {}) => ({
  type: 'Feature',
  id: `id-${n}`,
  properties: { code: `P${n}`, ...more },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [n, 1],
        [n + 1, 1],
        [n + 1, 2],
        [n, 1],
      ],
    ],
  },
});
type Some = ReturnType<typeof feature>;

/** A large park of some parcels; `paths` is what was asked, decoded. */
function park(parcels: () => readonly Some[], from: From = {}) {
  const paths: string[] = [];
  const client = new Client((address) => {
    const url = new URL(address, 'http://page.invalid');
    paths.push(decodeURIComponent(`${url.pathname}${url.search}`.replaceAll('+', ' ')));
    const id = /\/items\/([^/?]+)$/.exec(url.pathname.replace('/items/parcels', '/items'))?.[1];
    const found = parcels().find((each) => each.id === id);
    if (id) return Promise.resolve(found ? Response.json(found) : new Response('{}', { status: 404 }));
    const filter = url.searchParams.get('filter');
    const codes = /code IN \((.*)\)/.exec(filter ?? '')?.[1]?.match(/\w+/g);
    const right = /allotment = '(.*)'/.exec(filter ?? '')?.[1];
    const some = parcels().filter(
      ({ properties }) =>
        (!codes || codes.includes(properties.code)) &&
        (!right || (properties as { allotment?: string }).allotment === right),
    );
    const at = Number(url.searchParams.get('cursor') ?? 0);
    const limit = Number(url.searchParams.get('limit'));
    url.searchParams.set('cursor', String(at + limit));
    const links = at + limit < some.length ? [{ rel: 'next', href: `${url.pathname}${url.search}` }] : [];
    return Promise.resolve(
      Response.json({
        features: some.slice(at, at + limit),
        links,
        ...(at === 0 && { numberMatched: some.length }),
      }),
    );
  });
  const { signal } = new AbortController();
  return { paths, client, held: new Held(client, () => ({ park: 'big', from, signal })) };
}

describe('the parcels that are held of a large park', () => {
  it('are asked for once, by id, and those that are gone stay away', async () => {
    const { held, paths } = park(() => [feature(1)]);
    await Promise.all([held.know(['id-1', 'id-9']), held.know(['id-1'])]);
    await held.know(['id-1']);
    expect([...held.parcels.keys()]).toEqual(['id-1']);
    expect(paths).toEqual([
      '/ogc/collections/parcels/items/id-1?f=json',
      '/ogc/collections/parcels/items/id-9?f=json',
    ]);
  });

  it('are asked for by many codes at once, as members see them, as of a moment', async () => {
    const all = Array.from({ length: 150 }, (_, i) => feature(i));
    const { held, paths } = park(() => all, { desk: true, at: '2026-01-01T00:00:00Z' });
    await held.knowCodes(all.map(({ properties }) => properties.code));
    expect(held.parcels.size).toBe(150);
    expect(paths).toHaveLength(2);
    expect(paths[0]).toMatch(/^\/api\/parks\/big\/items\/parcels\?.*datetime=2026-01-01T00:00:00Z/);
    await held.knowCodes(['P3']);
    expect(paths).toHaveLength(2);
  });

  it('come with all ground of their rights', async () => {
    const held1 = feature(1, { allotment: 'r', version: 1 });
    const { held } = park(() => [held1, feature(2, { allotment: 'r', version: 1 }), feature(3)], {
      desk: true,
    });
    await held.know(['id-1']);
    await held.knowRights(held.rightsOn(['id-1']));
    expect([...held.parcels.keys()].sort()).toEqual(['id-1', 'id-2']);
  });

  it('are renewed with the ground that changed; it is not told where something is gone that was not held', async () => {
    let now: Some[] = [feature(1, { status: 'available' }), feature(5)];
    const { held } = park(() => now);
    await held.know(['id-1']);
    now = [feature(1, { status: 'held' }), feature(5)];
    expect(await held.renew(new Map([['id-1', 'P1']]))).toEqual([
      [1, 1, 2, 2],
      [1, 1, 2, 2],
    ]);
    expect(held.parcels.get('id-1')?.properties.status).toBe('held');
    expect(await held.renew(new Map([['id-5', 'P5']]))).toEqual([[5, 1, 6, 2]]);
    expect(await held.renew(new Map([['id-7', null]]))).toBeNull();
    now = [];
    expect(await held.renew(new Map([['id-5', null]]))).toEqual([[5, 1, 6, 2]]);
    expect([...held.parcels.keys()]).toEqual(['id-1']);
  });

  it('are read anew without an empty moment, and by their id where their code was corrected', async () => {
    let now: Some[] = [feature(1), feature(2)];
    const { held } = park(() => now);
    await held.know(['id-1', 'id-2']);
    now = [feature(1, { code: 'Q1' })];
    const reading = held.refresh();
    expect(held.parcels.size).toBe(2);
    await reading;
    expect([...held.parcels.values()].map(({ properties }) => properties.code)).toEqual(['Q1']);
  });

  it('of another park never come in late', async () => {
    const { held } = park(() => [feature(1)]);
    const asked = held.know(['id-1']);
    held.forget();
    await asked;
    expect(held.parcels.size).toBe(0);
  });
});

describe('the list of a large park', () => {
  const all = Array.from({ length: 450 }, (_, i) => feature(i));

  it('comes page by page, with how many there are', async () => {
    const { client, paths } = park(() => all);
    const taken: string[] = [];
    const list = new Listing(client, (parcels) => taken.push(...parcels.map(({ id }) => id)));
    await list.ask({ park: 'big', from: {}, query: { sortby: '-code' } });
    expect([list.rows.length, list.total]).toEqual([200, 450]);
    await list.more();
    await list.more();
    expect(list.rows.length).toBe(450);
    await list.more();
    expect(paths).toHaveLength(3);
    expect(taken).toHaveLength(450);
  });

  it('keeps as many rows as were shown when a change brings it up to date', async () => {
    const { client, paths } = park(() => all);
    const list = new Listing(client, () => {});
    const wish = { park: 'big', from: {}, query: {} };
    await list.ask(wish);
    await list.more();
    await list.ask(wish);
    expect(list.rows.length).toBe(400);
    expect(paths.at(-1)).toContain('limit=400');
  });

  const sorted = (sortby: string) => ({ park: 'big', from: {}, query: { sortby } });

  it('never shows the rows of another wish as those of the last, nor old ones beside new', async () => {
    const { client, paths } = park(() => all);
    const list = new Listing(client, () => {});
    await list.ask(sorted('code'));
    // the list's end comes near while it is sorted anew, and a change comes in
    const sorting = list.ask(sorted('-code'));
    const anew = list.ask(sorted('-code'));
    void list.more();
    await Promise.all([sorting, anew]);
    await vi.waitFor(() => expect(list.rows.length).toBe(400));
    expect(paths.slice(1).every((path) => path.includes('sortby=-code'))).toBe(true);
  });

  it('goes on where its end comes near, or more changes come, while it is brought up to date', async () => {
    const { client, paths } = park(() => all);
    const list = new Listing(client, () => {});
    await list.ask(sorted('code'));
    const renewing = list.ask(sorted('code'));
    void list.ask(sorted('code'));
    void list.ask(sorted('code'));
    void list.more();
    await renewing;
    // once more for all that came meanwhile, and the next page
    expect(paths).toHaveLength(4);
    expect(list.rows.length).toBe(400);
  });

  it('shows nothing of the last wish where another fails', async () => {
    let fails = false;
    const { client } = park(() => {
      if (fails) throw new Error('no');
      return all;
    });
    const list = new Listing(client, () => {});
    await list.ask(sorted('code'));
    fails = true;
    await list.ask(sorted('-code'));
    expect([list.broken, list.busy, list.rows.length, list.hasMore]).toEqual([true, false, 0, false]);
    fails = false;
    await list.ask(sorted('-code'));
    expect([list.broken, list.rows.length]).toEqual([false, 200]);
  });

  it('says so where the server gives nothing', async () => {
    const list = new Listing(
      new Client(() => Promise.resolve(new Response('{}', { status: 500 }))),
      () => {},
    );
    await list.ask({ park: 'big', from: {}, query: {} });
    expect([list.broken, list.busy, list.rows.length]).toEqual([true, false, 0]);
  });
});
