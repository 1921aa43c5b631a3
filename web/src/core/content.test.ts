import { describe, expect, it } from 'vitest';
import { Client } from './client';
import { readContent, readLayers } from './content';

/** A server that answers some paths with a status instead of features. */
function server(statuses: Record<string, number>): Client {
  return new Client(async (url) => {
    const status = Object.entries(statuses).find(([part]) => url.includes(part))?.[1] ?? 200;
    if (status === 0) throw new TypeError('refused');
    return new Response(JSON.stringify({ features: [{ id: url }], rows: [] }), { status });
  });
}

const read = (client: Client) => readContent(client, 'p', new AbortController().signal);

describe('reading a park', () => {
  it('brings everything', async () => {
    const content = await read(server({}));
    expect(content.missing).toEqual([]);
    for (const part of [content.parcels, content.zones, content.plan]) expect(part).toHaveLength(1);
    expect(content.networks).toHaveLength(2); // the lines and the nodes
  });

  it('reads what is not public too, for those who may see it', async () => {
    const content = await readContent(server({}), 'p', new AbortController().signal, { desk: true });
    const { parcels, zones, plan, networks } = content;
    expect([parcels, zones, plan, networks].map(([one]) => one?.id)).toEqual([
      '/api/parks/p/desk.geojson',
      '/api/parks/p/desk/zones.geojson',
      '/api/parks/p/desk/plan-units.geojson',
      '/api/parks/p/desk/networks.geojson',
    ]);
  });

  it('does without zones, plan or networks that the server can’t give, and names them', async () => {
    const content = await read(server({ '/zones/': 500, '/networks/': 404 }));
    expect(content.missing.toSorted()).toEqual(['web.layer.zones', 'web.layers.pipes']);
    expect(content.zones).toEqual([]);
    expect(content.plan).toHaveLength(1);
  });

  it.each<[Parameters<typeof readContent>[3], string]>([
    [{}, '/api/parks/p/parcels.geojson'],
    [{ desk: true }, '/api/parks/p/desk.geojson'],
    [{ at: '2026-11-22T15:59:59Z' }, '/ogc/collections/parcels/items'],
    [
      { desk: true, at: '2026-11-22T15:59:59Z' },
      '/api/parks/p/desk.geojson?datetime=2026-11-22T15%3A59%3A59Z',
    ],
  ])('asks for parcels as %j sees them', async (from, path) => {
    const content = await readContent(server({}), 'p', new AbortController().signal, from);
    expect(content.parcels[0]?.id).toContain(path);
  });

  it.each([
    ['parcels are refused', { 'parcels.geojson': 404 }, 'missing'],
    ['the balance fails', { '/balance': 500 }, 'broken'],
    ['the server goes away half-way', { '/zones/': 0 }, 'away'],
  ])('fails where %s', async (_, statuses, failure) => {
    await expect(read(server(statuses))).rejects.toMatchObject({ failure });
  });
});

describe('the layers of a large park', () => {
  const paths: string[] = [];
  const client = new Client((url) => {
    paths.push(url);
    const numberMatched = url.includes('/zones/') ? 2_001 : 1_000;
    return Promise.resolve(Response.json({ features: [{ id: url }], numberMatched }));
  });

  it('are read where they are few; of the others their number alone', async () => {
    const { zones, plan, networks, tiled } = await readLayers(client, 'p', new AbortController().signal);
    expect([...(tiled ?? [])]).toEqual([['zones', 2_001]]);
    expect([zones.length, plan.length, networks.length]).toEqual([0, 1, 2]);
    const ofZones = paths.filter((path) => path.includes('/zones/'));
    expect(ofZones).toEqual(['/ogc/collections/zones/items?f=json&limit=1&park=p']);
  });

  it('are counted as they come where the server doesn’t say how many, as of a past day', async () => {
    const silent = new Client((url) => {
      const { pathname, searchParams } = new URL(url, 'http://page.invalid');
      const there = pathname.includes('/zones/') ? 5_000 : pathname.includes('/network') ? 1_500 : 3;
      const n = Math.min(there, Number(searchParams.get('limit')));
      return Promise.resolve(Response.json({ features: Array.from({ length: n }, (_, id) => ({ id })) }));
    });
    const from = { at: '2026-11-22T15:59:59Z' };
    const { zones, plan, tiled } = await readLayers(silent, 'p', new AbortController().signal, from);
    expect([...(tiled ?? [])]).toEqual([
      ['zones', 2_001],
      ['networks', 3_000],
    ]);
    expect([zones.length, plan.length]).toEqual([0, 3]);
  });
});
