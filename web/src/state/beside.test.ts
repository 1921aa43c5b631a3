import { describe, expect, it } from 'vitest';
import { Client } from '../core/client';
import { Beside } from './beside.svelte';

interface Some {
  id: string;
  properties: { code: string; name_zh?: string };
}

/** A large park with some zones and nodes; `paths` is what was asked, decoded. */
function park(zones: () => readonly Some[], nodes: readonly Some[] = []) {
  const paths: string[] = [];
  const client = new Client((address) => {
    const url = new URL(address, 'http://page.invalid');
    paths.push(decodeURIComponent(`${url.pathname}${url.search}`.replaceAll('+', ' ')));
    const [, feed = '', id] = /collections\/([^/]+)\/items\/?(.*)$/.exec(url.pathname) ?? [];
    const all = feed === 'zones' ? zones() : feed === 'network-nodes' ? nodes : [];
    if (id) {
      const found = all.find((each) => each.id === id);
      return Promise.resolve(found ? Response.json(found) : new Response('{}', { status: 404 }));
    }
    const codes = /code IN \((.*)\)/.exec(url.searchParams.get('filter') ?? '')?.[1]?.match(/\w+/g);
    const features = all.filter(({ properties }) => !codes || codes.includes(properties.code));
    return Promise.resolve(Response.json({ features }));
  });
  const { signal } = new AbortController();
  return { paths, beside: new Beside(client, () => ({ park: 'big', from: {}, signal })) };
}
const zone = (code: string, name_zh = code): Some => ({ id: `id-${code}`, properties: { code, name_zh } });

describe('what a page asked for of layers that tiles draw', () => {
  it('is asked for once, by id, in each feed of its layer', async () => {
    const { beside, paths } = park(() => [], [zone('N1')]);
    await Promise.all([beside.know('networks', 'id-N1'), beside.know('networks', 'id-N1')]);
    await beside.know('networks', 'id-N1');
    expect([...beside.things.networks.keys()]).toEqual(['id-N1']);
    expect(paths.map((path) => path.split('?')[0])).toEqual([
      '/ogc/collections/networks/items/id-N1',
      '/ogc/collections/network-nodes/items/id-N1',
    ]);
    await beside.know('networks', 'id-N1', ['network-nodes']);
    expect(paths).toHaveLength(2);
  });

  it('is asked for by codes, and never again by a code that nothing has', async () => {
    const { beside, paths } = park(() => [zone('Z1')]);
    await beside.knowCodes('zones', ['Z1', 'P7', '']);
    await beside.knowCodes('zones', ['Z1', 'P7']);
    expect(paths).toHaveLength(1);
    expect(paths[0]).toContain("filter=code IN ('Z1','P7')");
    expect([...beside.things.zones.values()].map(({ properties }) => properties.code)).toEqual(['Z1']);
  });

  it('is read anew where others changed it, and forgotten where it is gone', async () => {
    let now = [zone('Z1', '旧'), zone('Z2')];
    const { beside } = park(() => now);
    await beside.knowCodes('zones', ['Z1', 'Z2']);
    now = [zone('Z1', '新')];
    await beside.renew(['zones']);
    expect([...beside.things.zones.values()].map(({ properties }) => properties.name_zh)).toEqual(['新']);
  });

  it('may be asked for again by a code that nothing had in the park that was left', async () => {
    let now: Some[] = [];
    const { beside } = park(() => now);
    const late = beside.knowCodes('zones', ['Z1']);
    beside.forget();
    await late;
    now = [zone('Z1')];
    await beside.knowCodes('zones', ['Z1']);
    expect([...beside.things.zones.keys()]).toEqual(['id-Z1']);
  });
});
